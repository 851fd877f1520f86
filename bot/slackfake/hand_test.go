package slackfake_test

import (
	"slices"
	"testing"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestArchivedChannel: it can be read, and nobody writes there until it is
// unarchived.
func TestArchivedChannel(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	_, app := installed(t, s)
	own := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "card"}).TS
	writes := map[string]args{
		"chat.postMessage": {"channel": "C1", "text": "t", "thread_ts": own}, "chat.postEphemeral": {"channel": "C1", "user": "U1", "text": "t"},
		"chat.update": {"channel": "C1", "ts": own, "text": "t"}, "chat.delete": {"channel": "C1", "ts": own},
	}
	refusals := map[string]string{"chat.postMessage": "is_archived", "chat.postEphemeral": "is_archived", "chat.update": "is_inactive", "chat.delete": "is_archived"}
	archived := func() bool {
		c, err := client(s, s.Token()).GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "C1"})
		if err != nil {
			t.Fatal(err)
		}
		seen := slices.ContainsFunc(s.View("U1").Conversations, func(c slackfake.Conversation) bool { return c.ID == "C1" && c.Archived })
		if c.IsArchived != seen {
			t.Errorf("the app sees %t, people %t", c.IsArchived, seen)
		}
		return seen
	}
	s.Archive("C1")
	if !archived() {
		t.Error("it isn't archived")
	}
	for method, call := range writes {
		if said := ask(t, s, method, call); said.Error != refusals[method] {
			t.Errorf("%s: %+v", method, said)
		}
	}
	if _, err := s.Say("U1", "C1", own, "hello?"); err == nil {
		t.Error("somebody writes there")
	}
	if _, err := app.Command(t.Context(), slackfake.Command{User: "U1", Channel: "C1", Name: "/x"}); err == nil {
		t.Error("somebody types a command there")
	}
	if said := ask(t, s, "conversations.history", args{"channel": "C1"}); !said.OK {
		t.Errorf("reading it: %+v", said)
	}
	s.Unarchive("C1")
	if archived() {
		t.Error("it is still archived")
	}
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		if said := ask(t, s, method, writes[method]); !said.OK {
			t.Errorf("%s afterwards: %+v", method, said)
		}
	}
}

// TestAppIsRemoved from a channel, and invited again.
func TestAppIsRemoved(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	s.RemoveApp("C1")
	if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t"}); said.Error != "not_in_channel" {
		t.Errorf("without the app: %+v", said)
	}
	s.InviteApp("C1")
	if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t"}); !said.OK {
		t.Errorf("with it: %+v", said)
	}
	defer func() {
		if recover() == nil {
			t.Error("a channel that isn't there is archived")
		}
	}()
	s.Archive("C0NONE")
}

// TestHeldClick reaches the app after its message is gone, as it was when it was
// clicked.
func TestHeldClick(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	got, app := installed(t, s)
	ts := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "card", "blocks": []any{
		args{"type": "section", "text": plain("card"), "accessory": with(button("delist"), "value", "case-1")},
	}}).TS
	click := slackfake.Click{User: "U1", Channel: "C1", Message: ts, Action: "delist"}
	send, err := app.HoldClick(click)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Delete("C1", ts); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Click(t.Context(), click); err == nil || len(got.got) != 0 {
		t.Error("what is gone is clicked")
	}
	if _, err := send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if last := got.last(); last.Actions[0].Value != "case-1" || last.Message == nil || last.Message.TS != ts {
		t.Errorf("the app got %+v", last)
	}
}
