package bot

import (
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// typedSecret is what somebody types behind the command by mistake.
const typedSecret = "Geheim-4711-xyz"

// TestSecretTypedBehindTheCommand: it is refused wherever it was typed, and is
// neither repeated, kept for later, logged nor recorded.
func TestSecretTypedBehindTheCommand(t *testing.T) {
	for name, c := range map[string]slackfake.Command{
		"SupportChannel": {User: agent, Name: "/secret", Text: typedSecret},
		"ForeignChannel": {User: agent, Name: "/secret", Text: typedSecret, Channel: "C0RANDOM"},
		"WithATicket":    {User: agent, Name: "/secret", Text: typedSecret + " #4712", Channel: "C0RANDOM"},
		"BehindTheRoot":  {User: agent, Name: "/latchkey", Text: "secret " + typedSecret, Channel: "C0RANDOM"},
		"BehindRequest":  {User: agent, Name: "/secret", Text: "request " + typedSecret, Channel: "C0RANDOM"},
		"BehindList":     {User: agent, Name: "/secret", Text: "list " + typedSecret},
		"Newcomer":       {User: nobody, Name: "/secret", Text: typedSecret},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			said := o.sends(c)
			if c.User == nobody {
				said.reads("aren't set up to use Latchkey")
			} else {
				said.reads("Nothing confidential is typed behind a command", "please change it").doesntRead("Continue in DM")
			}
			said.doesntRead(typedSecret)
			if len(o.store.parked) > 0 {
				t.Errorf("kept for later: %+v", o.store.parked)
			}
			for _, entry := range o.store.audit {
				if strings.Contains(entry.Detail+entry.Reason+entry.Ticket, typedSecret) {
					t.Errorf("recorded: %+v", entry)
				}
			}
			if strings.Contains(o.log.String(), typedSecret) {
				t.Errorf("logged: %s", o.log.String())
			}
		})
	}
}

// TestSecretElsewhere: in a channel where nothing may be changed the form opens in
// the direct message, and what was kept names no more than the command.
func TestSecretElsewhere(t *testing.T) {
	o := open(t)
	o.sends(slackfake.Command{User: agent, Name: "/secret", Channel: "C0RANDOM"}).reads("Continue in DM")
	if len(o.store.parked) != 1 {
		t.Fatalf("kept for later: %+v", o.store.parked)
	}
}

// TestSecretsAreNotSetUp: without a key, or an address of the pages, no form opens
// into which somebody would write for nothing.
func TestSecretsAreNotSetUp(t *testing.T) {
	for name, without := range map[string]func(*actions.Actions){
		"LATCHKEY_SECRET_KEY": func(a *actions.Actions) { a.Keys = actions.Keyring{} },
		"LATCHKEY_PUBLIC_URL": func(a *actions.Actions) { a.PublicURL = "" },
	} {
		for _, command := range []string{"", "request"} {
			o := open(t, func(c *Config) { without(c.Actions) })
			o.types(agent, "/secret", command).reads("Please ask your Latchkey admin", name)
		}
	}
}
