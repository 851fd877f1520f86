package bot

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// TestContinueInDM: what was answered in the wrong channel goes on in the
// direct message, with nothing to type again.
func TestContinueInDM(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		ava := talk.As(agent).In("C0RANDOM")
		answer := ava.Command("/diagnose jane")
		if want := (slackfake.Button{Label: "Continue in DM", Action: blocks.ContinueAction, Value: "diagnose u-jane"}); !slices.Contains(answer.Buttons(), want) {
			t.Errorf("the buttons are %+v", answer.Buttons())
		}
		here := answer.Click("Continue in DM")
		there := ava.ExpectDM("Jane", "locked after too many wrong passwords")
		there.HasButtons("Verify the caller", "Escalate", "Tell me when they're in", "Show history", "Copy ticket note")
		here.Reads("The answer is in our direct message", "<@"+o.slack.Bot()+">").DoesntRead("Jane", "locked").OnlyFor(agent)
	})
}

// TestContinueWithNothing: a value that the bot never made does nothing, and
// says so.
func TestContinueWithNothing(t *testing.T) {
	for name, test := range map[string]struct{ value, says string }{
		"Nothing":    {"", "from another version"},
		"Itself":     {"continue", "from another version"},
		"ItselfOnce": {"continue diagnose u-jane", "from another version"},
		"NoAct":      {"frobnicate u-jane", "from another version"},
		"NotKept":    {"parked nothing", "Please send it again"},
		"Nobody":     {"diagnose ", "names nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.talk().As(agent).In("C0RANDOM").ClickGone(blocks.ContinueAction, test.value).Reads(test.says).DoesntRead("E-").OnlyFor(agent)
				if acts := o.store.acts(); len(acts) > 0 {
					t.Errorf("the audit has %v", acts)
				}
			})
		})
	}
}

// TestContinueWithWhatWasTyped: a command that may not be carried out here is
// kept, with all that was typed, for whoever typed it and for once.
func TestContinueWithWhatWasTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.bot.rule = func(act actions.Act) (actions.Rule, bool) {
			return actions.Rule{Roles: actions.Roles(actions.RoleAgent), Writes: act == actions.ActDiagnose}, true
		}
		talk := o.talk()
		ava := talk.As(agent).In("C0RANDOM")
		offer := func() (answer *conversation.Message, value string) {
			t.Helper()
			answer = ava.Command("/diagnose jane@acme.example #4711").Reads("works only in <#C0SUPPORT>").OnlyFor(agent)
			value = answer.HasButtons("Continue in DM").Buttons()[0].Value
			if strings.Contains(value, "jane") {
				t.Errorf("the button carries %q", value)
			}
			return answer, value
		}
		offered, value := offer()
		if len(o.directory.lookups()) > 0 {
			t.Error("it was done all the same")
		}
		talk.As(lead).In("C0RANDOM").ClickGone(blocks.ContinueAction, value).Reads("Please send it again")
		here := offered.Click("Continue in DM")
		ava.ExpectDM("Jane", "locked", "jane@acme.example")
		here.Reads("The answer is in our direct message").DoesntRead("jane", "Jane")
		if rows := o.store.rows(); len(rows) != 1 || rows[0].Ticket != "#4711" || rows[0].Actor != agent {
			t.Errorf("the audit has %+v", rows)
		}
		offered.Click("Continue in DM").Reads("Please send it again")
		old, _ := offer()
		pass(31 * time.Minute)
		old.Click("Continue in DM").Reads("Please send it again")
		if acts := o.store.acts(); len(acts) != 1 {
			t.Errorf("the audit has %v", acts)
		}
	})
}
