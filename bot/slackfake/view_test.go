package slackfake_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

func TestViewIsWhatOneMemberSees(t *testing.T) {
	s := workspace(slackfake.Config{TeamName: "Acme"})
	var places []string
	for _, c := range s.View("U1").Conversations {
		places = append(places, c.ID+" "+c.Kind)
	}
	if want := []string{"D1 im", "C1 channel", "C2 channel", "C4 private"}; !slices.Equal(places, want) {
		t.Errorf("U1 sees %q, not %q", places, want)
	}
	v := s.View("U2")
	if v.Me != "U2" || v.Team != "Acme" || v.App != s.Bot() || v.Conversations[0].With != s.Bot() {
		t.Errorf("U2 sees %+v", v)
	}
	if p := v.People[0]; p.Name != "Ava Reyes" || p.Title != "Support agent" || p.Bot || !v.People[len(v.People)-1].Bot {
		t.Errorf("U2 meets %+v", v.People)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(encoded(t, v), &fields); err != nil || string(fields["modals"]) != "[]" || string(fields["home"]) != "null" {
		t.Errorf("as JSON: %s, %v", encoded(t, v), err)
	}
}

// TestChangesWakeWhoWaits: the channel closes at the next change, and at once
// for a version that is past.
func TestChangesWakeWhoWaits(t *testing.T) {
	s := workspace(slackfake.Config{})
	seen := s.Version()
	changed := s.Changed(seen)
	select {
	case <-changed:
		t.Fatal("nothing has changed yet")
	default:
	}
	say(t, s, "hello")
	<-changed
	<-s.Changed(seen)
	if v := s.View("U1").Version; v <= seen || v != s.Version() {
		t.Errorf("version %d after %d", v, seen)
	}
}

// TestConversationsInfo says what a conversation is, and whether the app is in
// it.
func TestConversationsInfo(t *testing.T) {
	s := workspace(slackfake.Config{})
	for id, want := range map[string]string{
		"C1": "support channel true", "C2": "random channel false", "C3": "leads private true", "D1": " im true",
	} {
		said := ask(t, s, "conversations.info", args{"channel": id})
		var c struct {
			Name    string
			IM      bool `json:"is_im"`
			Private bool `json:"is_private"`
			Member  bool `json:"is_member"`
		}
		if err := json.Unmarshal(said.Channel, &c); err != nil {
			t.Fatalf("%+v: %v", said, err)
		}
		kind := map[[2]bool]string{{false, false}: "channel", {false, true}: "private", {true, false}: "im"}[[2]bool{c.IM, c.Private}]
		if got := fmt.Sprintf("%s %s %t", c.Name, kind, c.Member || c.IM); got != want {
			t.Errorf("%s is %q, not %q", id, got, want)
		}
	}
}

// TestMessagesAreUpdatedAndDeleted: an update is marked, a deletion leaves
// nothing.
func TestMessagesAreUpdatedAndDeleted(t *testing.T) {
	s := workspace(slackfake.Config{})
	ts := ask(t, s, "chat.postMessage", args{"channel": "U1", "text": "old"}).TS
	dm := slackfake.DirectMessage("U1")
	if said := ask(t, s, "conversations.open", args{"users": "U1"}); !said.OK || string(said.Channel) != `{"id":"`+dm+`"}` {
		t.Errorf("conversations.open: %+v", said)
	}
	if said := ask(t, s, "chat.update", args{"channel": dm, "ts": ts, "text": "new"}); !said.OK {
		t.Fatal(said)
	}
	if shown := newest(t, s, "U1", dm); shown.Text != "new" || !shown.Edited || shown.TS != ts {
		t.Errorf("it shows %+v", shown)
	}
	if said := ask(t, s, "chat.delete", args{"channel": dm, "ts": ts}); !said.OK || len(messagesIn(t, s, "U1", dm)) > 0 {
		t.Errorf("it is still there: %+v", said)
	}
}

// TestEphemeralMessagesAreForgotten: for one member, as by a reload.
func TestEphemeralMessagesAreForgotten(t *testing.T) {
	s := workspace(slackfake.Config{})
	for _, user := range []string{"U1", "U2"} {
		if said := ask(t, s, "chat.postEphemeral", args{"channel": "C1", "user": user, "text": "for " + user}); !said.OK {
			t.Fatal(said)
		}
	}
	say(t, s, "for all")
	s.ForgetEphemeral("U1")
	if shown := messagesIn(t, s, "U1", "C1"); len(shown) != 1 || shown[0].Text != "for all" {
		t.Errorf("U1 sees %+v", shown)
	}
	if shown := messagesIn(t, s, "U2", "C1"); len(shown) != 2 {
		t.Errorf("U2 sees %+v", shown)
	}
}

// TestSayRefuses what nobody can write.
func TestSayRefuses(t *testing.T) {
	s := workspace(slackfake.Config{})
	for why, try := range map[string][4]string{
		"elsewhere":  {"U1", "C3", "", "hello"},
		"nowhere":    {"U1", "C9", "", "hello"},
		"nothing":    {"U1", "C1", "", " \n"},
		"no thread":  {"U1", "C1", "1.000001", "hello"},
		"not theirs": {"U1", slackfake.DirectMessage("U2"), "", "hello"},
	} {
		if _, err := s.Say(try[0], try[1], try[2], try[3]); err == nil {
			t.Errorf("%s: it is written", why)
		}
	}
}

// TestTyped is how Slack keeps what somebody types.
func TestTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"a < b && c > d":          "a &lt; b &amp;&amp; c &gt; d",
		"jane.doe+1@acme.example": "<mailto:jane.doe+1@acme.example|jane.doe+1@acme.example>",
		"ask <@U1> in <#C1>, now": "ask <@U1> in <#C1>, now",
		"<!channel> wake up":      "<!channel> wake up",
		"<http://a.example|here>": "&lt;http://a.example|here&gt;",
	} {
		if got := slackfake.Typed(typed); got != want {
			t.Errorf("%q is kept as %q, not %q", typed, got, want)
		}
	}
}

// TestVisibleReadsEveryBlock: what stands in any kind of block can be read, and
// every button is found.
func TestVisibleReadsEveryBlock(t *testing.T) {
	blocks := []any{
		args{"type": "header", "text": plain("Title")},
		with(args{"type": "section", "text": plain("text"), "fields": []any{plain("left"), plain("right")}}, "accessory", with(button("one"), "value", "1")),
		notes(plain("small"), args{"type": "image", "image_url": "u", "alt_text": "a face"}),
		actions(with(button("two"), "value", "2")),
		args{"type": "rich_text", "elements": []any{
			args{"type": "rich_text_section", "elements": []any{piece("text", "text", "so "), piece("emoji", "name", "wave"), with(piece("link", "url", "u"), "text", " link")}},
			args{"type": "rich_text_preformatted", "elements": []any{piece("text", "text", "to copy")}},
			args{"type": "rich_text_list", "style": "bullet", "elements": []any{args{"type": "rich_text_section", "elements": []any{piece("text", "text", "a point")}}}},
		}},
		args{"type": "markdown", "text": "**strong**"},
		dataTable([]any{args{"type": "raw_text", "text": "When"}, args{"type": "raw_text", "text": "Count"}}, []any{args{"type": "raw_text", "text": "today"}, number}),
		chart(1, args{"type": "bar", "series": []any{args{"name": "failed", "data": []any{args{"label": "Mon", "value": 3}}}}, "axis_config": args{"categories": []any{"Mon"}}}),
		args{"type": "data_visualization", "title": "Share", "chart": args{"type": "pie", "segments": []any{args{"label": "in", "value": 2}}}},
		args{"type": "image", "image_url": "u", "alt_text": "a door", "title": plain("Door")},
		args{"type": "divider"},
	}
	s := workspace(slackfake.Config{})
	if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t", "blocks": blocks}); !said.OK {
		t.Fatal(said)
	}
	m := read(newest(t, s, "U1", "C1"))
	want := "Title\ntext\nleft\nright\nGo\nsmall\na face\nGo\nso wave link\nto copy\na point\n**strong**\nc\nWhen | Count\ntoday | 1\n" +
		"ü\nfailed: Mon 3\nShare\nin 2\nDoor\na door"
	if got := m.Visible(); got != want {
		t.Errorf("it reads\n%s\nnot\n%s", got, want)
	}
	if got := m.Buttons(); !slices.Equal(got, []slackfake.Button{{Label: "Go", Action: "one", Value: "1"}, {Label: "Go", Action: "two", Value: "2"}}) {
		t.Errorf("it has the buttons %v", got)
	}
}
