package slackfake_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestRedrawnModalKeepsWhatStandsInIt: an input whose block_id and action_id stay
// keeps what was put in, whatever its initial value is now; another name begins
// anew.
func TestRedrawnModalKeepsWhatStandsInIt(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	content := func(id, initial string) args {
		return inputOf(id, args{"type": "plain_text_input", "multiline": true, "initial_value": initial})
	}
	id := open(t, s, aModal(content("content-0", ""), content("for", "nobody"), content("ticket", "#1"), actions(button("more"))))
	click := slackfake.Click{User: "U1", View: id, Action: "more", Values: values("content-0", "typed", "for", "jane")}
	if _, err := to.Click(t.Context(), click); err != nil {
		t.Fatal(err)
	}
	redrawn := aModal(content("content-1", "generated"), content("for", "somebody"), content("ticket", "#2"), actions(button("more")))
	if said := ask(t, s, "views.update", args{"view_id": id, "view": redrawn}); !said.OK {
		t.Fatal(said)
	}
	if shown := s.View("U1").Modals[0].Values; len(shown) != 1 || shown["for"]["value"] != "jane" {
		t.Errorf("in it stands %v", shown)
	}
	if _, err := to.Submit(t.Context(), slackfake.Submission{User: "U1", View: id}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for block, inputs := range app.last().View.State.Values {
		got[block] = *inputs["value"].Value
	}
	if want := map[string]string{"content-1": "generated", "for": "jane", "ticket": "#2"}; !maps.Equal(got, want) {
		t.Errorf("the app got %v, not %v", got, want)
	}
}

// TestActionIDIsPartOfTheName: the same block with another action_id begins anew,
// and what was dropped doesn't come back.
func TestActionIDIsPartOfTheName(t *testing.T) {
	s := workspace(slackfake.Config{})
	_, to := installed(t, s)
	id := open(t, s, aModal(anInput("i"), actions(button("more"))))
	if _, err := to.Click(t.Context(), slackfake.Click{User: "U1", View: id, Action: "more", Values: values("i", "typed")}); err != nil {
		t.Fatal(err)
	}
	other := with(anInput("i"), "element", args{"type": "plain_text_input", "action_id": "other", "initial_value": "new"})
	for _, input := range []args{other, anInput("i")} {
		if said := ask(t, s, "views.update", args{"view_id": id, "view": aModal(input)}); !said.OK {
			t.Fatal(said)
		}
		if shown := s.View("U1").Modals[0].Values; len(shown) != 0 {
			t.Errorf("in it stands %v", shown)
		}
	}
}

// TestEphemeralInADirectMessage: only the one who is there sees it, and may press
// its buttons.
func TestEphemeralInADirectMessage(t *testing.T) {
	s := workspace(slackfake.Config{})
	app, to := installed(t, s)
	in := slackfake.DirectMessage("U1")
	said := ask(t, s, "chat.postEphemeral", args{
		"channel": in, "user": "U1", "text": "for U1", "blocks": []any{actions(with(button("more"), "value", "s-1"))},
	})
	if !said.OK {
		t.Fatal(said)
	}
	shown := newest(t, s, "U1", in)
	if !shown.Ephemeral || shown.Text != "for U1" {
		t.Errorf("U1 sees %+v", shown)
	}
	if _, err := to.Click(t.Context(), slackfake.Click{User: "U1", Channel: in, Message: shown.TS, Action: "more"}); err != nil {
		t.Fatal(err)
	}
	if p := app.last(); p.Channel.ID != in || p.ResponseURL == "" || p.Actions[0].Value != "s-1" {
		t.Errorf("the app got %+v", p)
	}
	if said := ask(t, s, "chat.postEphemeral", args{"channel": in, "user": "U2", "text": "x"}); said.OK || said.Error != "user_not_in_channel" {
		t.Errorf("for somebody else: %+v", said)
	}
}

func TestLinks(t *testing.T) {
	m := slackfake.Message{}
	for _, block := range []args{
		{"type": "section", "text": args{"type": "mrkdwn", "text": "<https://a.example/?x=1&amp;y=2|a> <@U1> <!date^1^{time}^https://no.example|b> <https://b.example>"}},
		{"type": "section", "text": args{"type": "plain_text", "text": "<https://no.example>"}, "accessory": with(button("x"), "url", "https://c.example")},
		{"type": "rich_text", "elements": []any{args{"type": "rich_text_preformatted", "elements": []any{args{"type": "link", "url": "https://d.example/s/1#2"}}}}},
	} {
		m.Blocks = append(m.Blocks, encoded(t, block))
	}
	if got := m.Links(); !slices.Equal(got, []string{"https://a.example/?x=1&y=2", "https://b.example", "https://c.example", "https://d.example/s/1#2"}) {
		t.Errorf("the links are %q", got)
	}
}
