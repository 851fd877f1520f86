package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

func TestAddressesAreReadOutOfAMessage(t *testing.T) {
	many, first := make([]string, 30), make([]string, addressesMost)
	for i := range many {
		many[i] = fmt.Sprintf("user%d@acme.example", i)
	}
	copy(first, many)
	for name, test := range map[string]struct {
		message string
		want    []string
	}{
		"Plain":      {`{"text":"jane@acme.example can't log in"}`, []string{"jane@acme.example"}},
		"Slack's":    {`{"text":"<mailto:jane@acme.example|jane@acme.example>, please"}`, []string{"jane@acme.example"}},
		"Sentence":   {`{"text":"It's (Jane.Doe+x@Mail.acme.example)."}`, []string{"Jane.Doe+x@Mail.acme.example"}},
		"Twice":      {`{"text":"JANE@acme.example or jane@acme.example, bob@acme.example"}`, []string{"JANE@acme.example", "bob@acme.example"}},
		"Label":      {`{"text":"<mailto:jane@acme.example|Jane Doe> can't log in"}`, []string{"jane@acme.example"}},
		"Bold":       {`{"text":"*<mailto:jane@acme.example|jane@acme.example>* is out"}`, []string{"jane@acme.example"}},
		"Marked":     {`{"text":"_a@b.example_ 'c@d.example' *e@f.example* ~g@h.example~ *_i@j.example_*"}`, []string{"a@b.example", "c@d.example", "e@f.example", "g@h.example", "i@j.example"}},
		"Possessive": {`{"text":"o'brien@acme.example's login"}`, []string{"o'brien@acme.example"}},
		"Link":       {`{"text":"<https://crm.example/find?x=1&email=jane@acme.example|open>"}`, []string{"jane@acme.example"}},
		"Mail":       {`{"text":"","files":[{"filetype":"email","from":[{"address":"jane@acme.example","name":"Jane"}],"plain_text":"hello"}]}`, []string{"jane@acme.example"}},
		"Author":     {`{"attachments":[{"author_name":"jane@acme.example","footer":"bob@acme.example"}]}`, []string{"jane@acme.example", "bob@acme.example"}},
		"Mention":    {`{"text":"<@U0AGENT> see <mailto:jane@acme.example|jane@acme.example>"}`, []string{"jane@acme.example"}},
		"Escaped":    {`{"text":"a&amp;b@acme.example"}`, []string{"a&b@acme.example"}},
		"OtherWord":  {`{"text":"jürgen@bücher.example"}`, []string{"jürgen@bücher.example"}},
		"Blocks": {
			`{"text":"","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"jane@acme.example"},"fields":[{"text":"bob@acme.example"}]}]}`,
			[]string{"jane@acme.example", "bob@acme.example"},
		},
		"RichText": {
			`{"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"mailto:jane@acme.example"}]}]}]}`,
			[]string{"jane@acme.example"},
		},
		"Attachment": {`{"attachments":[{"fallback":"x","fields":[{"title":"Requester","value":"jane@acme.example"}]}]}`, []string{"jane@acme.example"}},
		"Hidden":     {`{"text":"hello","user":"jane@acme.example","metadata":{"text":"bob@acme.example"}}`, nil},
		"None":       {`{"text":"@jane and me@ and @acme.example and a@b"}`, nil},
		"NotJSON":    {`jane@acme.example`, nil},
		"Null":       {`null`, nil},
		"Empty":      {``, nil},
		"Many":       {`{"text":"` + strings.Join(many, " ") + `"}`, first},
	} {
		t.Run(name, func(t *testing.T) {
			found, more := addressesIn(json.RawMessage(test.message))
			if diff := cmp.Diff(test.want, found); diff != "" {
				t.Error(diff)
			}
			if more != (name == "Many") {
				t.Errorf("there are more: %t", more)
			}
		})
	}
}

func TestShortcutDiagnosesWhomAMessageNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		talk := o.talk()
		diagnose := func(user, text string) *conversation.Message {
			t.Helper()
			return talk.As(lead).Says(text).As(user).Shortcut("diagnose_message")
		}
		one := diagnose(agent, "jane@acme.example says she can't get in")
		one.Reads("locked after too many wrong passwords", "jane@acme.example").OnlyFor(agent)
		diagnose(agent, "nobody here").Reads("no e-mail address in that message", "/diagnose").OnlyFor(agent)
		diagnose(agent, "who@acme.example and what@acme.example").Reads("Nobody whom the message names is on record").OnlyFor(agent)
		choice := diagnose(agent, "jane@acme.example, sam@one.example and who@acme.example").OnlyFor(agent)
		choice.Reads("Whom does the message name?", "Jane", "Sam One", "1 address in it isn't on record")
		want := []slackfake.Button{
			{Label: "Diagnose", Action: blocks.DiagnoseAction, Value: "u-jane"}, {Label: "Diagnose", Action: blocks.DiagnoseAction, Value: "u-sam-1"},
		}
		if diff := cmp.Diff(want, choice.Buttons()); diff != "" {
			t.Error(diff)
		}
		choice.Click("Diagnose", "u-sam-1").Reads("Sam One").DoesntRead("Jane").OnlyFor(agent)
	})
}

// TestShortcutInAThread is answered there, and so is what is pressed then.
func TestShortcutInAThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := open(t).talk().As(lead).Says("Who can help?")
		answer := first.Reply("jane@acme.example can't get in").As(agent).Shortcut("diagnose_message").Reads("Jane").StandsUnder(first)
		answer.Click("Show history").Reads("Jane").StandsUnder(first).OnlyFor(agent)
	})
}

func TestShortcutIsForThoseWithARole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		said := o.talk().As(lead).Says("jane@acme.example says she can't get in")
		said.As(nobody).Shortcut("diagnose_message").Reads("aren't set up").DoesntRead("Jane").OnlyFor(nobody)
		said.As(agent).Shortcut("unlock_message").Reads("from another version").OnlyFor(agent)
		if asked := o.directory.lookups(); len(asked) > 0 {
			t.Errorf("asked for %+v", asked)
		}
	})
}

// FuzzAddressesIn: whatever a message holds, few addresses come out of it, and
// each of them is one that can be asked for.
func FuzzAddressesIn(f *testing.F) {
	f.Add([]byte(`{"text":"<mailto:jane@acme.example|jane@acme.example> & <@U0AGENT>","blocks":[{"text":{"text":"x@y.z"}}]}`))
	f.Add([]byte(`{"attachments":[{"fields":[{"value":"a@b.c"}]}]}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		found, _ := addressesIn(message)
		if len(found) > addressesMost {
			t.Fatalf("%d addresses", len(found))
		}
		for _, address := range found {
			read, err := readText(address)
			if err != nil {
				t.Fatalf("%q can't be asked for: %v", address, err)
			}
			if one, err := oneIdentifier(read.text); err != nil || one != read.text {
				t.Fatalf("%q is asked for as %q, %v", address, one, err)
			}
		}
	})
}
