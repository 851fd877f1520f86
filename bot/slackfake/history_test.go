package slackfake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// keyed posts a message with metadata.
func keyed(t *testing.T, s *slackfake.Slack, id, text string) (ts string) {
	t.Helper()
	_, ts, err := client(s, s.Token()).PostMessageContext(t.Context(), "C1", slack.MsgOptionText(text, false),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "key", EventPayload: map[string]any{"id": id}}))
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// TestHistory: the newest come first, with what the app keeps with them; what one
// person sees and what stands in a thread isn't among them.
func TestHistory(t *testing.T) {
	s := workspace(slackfake.Config{})
	first := keyed(t, s, "1", "one")
	second := keyed(t, s, "2", "two")
	c := client(s, s.Token())
	if _, err := c.PostEphemeralContext(t.Context(), "C1", "U1", slack.MsgOptionText("only you", false)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.PostMessageContext(t.Context(), "C1", slack.MsgOptionText("a reply", false), slack.MsgOptionTS(first)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := c.UpdateMessageContext(t.Context(), "C1", second, slack.MsgOptionText("two, edited", false)); err != nil {
		t.Fatal(err)
	}
	history := func(limit int, metadata bool) []slack.Message {
		got, err := c.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: limit, IncludeAllMetadata: metadata})
		if err != nil {
			t.Fatal(err)
		}
		return got.Messages
	}
	got := history(100, true)
	if len(got) != 2 || got[0].Text != "two, edited" || got[0].Timestamp != second || got[0].Metadata.EventPayload["id"] != "2" || got[1].Metadata.EventPayload["id"] != "1" {
		t.Errorf("the history is %+v", got)
	}
	if got = history(1, false); len(got) != 1 || got[0].Metadata.EventType != "" {
		t.Errorf("without metadata it is %+v", got)
	}
	for want, call := range map[string]args{
		"channel_not_found": {"channel": "C0NONE"}, "not_in_channel": {"channel": "C0ABSENT"}, "invalid_limit": {"channel": "C1", "limit": 1000},
	} {
		s.AddChannel(slackfake.Channel{ID: "C0ABSENT", AppAbsent: true})
		if said := ask(t, s, "conversations.history", call); said.Error != want {
			t.Errorf("%v: %+v", call, said)
		}
	}
	if said := ask(t, s, "chat.postMessage", args{"channel": "C1", "text": "t", "metadata": args{"event_type": "x"}}); said.Error != "invalid_metadata_format" {
		t.Errorf("metadata without a payload: %+v", said)
	}
}

// TestLateFailure: the message is there, and whoever posted it doesn't know.
func TestLateFailure(t *testing.T) {
	s := workspace(slackfake.Config{})
	s.Fail("chat.postMessage", slackfake.Failure{Down: true, Late: true, Times: 2})
	for i, down := range []bool{true, true, false} {
		_, _, err := client(s, s.Token()).PostMessageContext(t.Context(), "C1", slack.MsgOptionText("hello", false))
		if (err != nil) != down || s.Calls("chat.postMessage") != i+1 {
			t.Errorf("call %d: %v", i+1, err)
		}
	}
	got, err := client(s, s.Token()).GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "C1"})
	if err != nil || len(got.Messages) != 3 {
		t.Errorf("%d messages stand there, %v", len(got.Messages), err)
	}
}

func TestPresenceAndZone(t *testing.T) {
	winter := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	s := workspace(slackfake.Config{Now: func() time.Time { return winter }})
	s.AddMember(slackfake.Member{ID: "U5", Zone: "Australia/Melbourne"})
	presence := func(user string) string {
		got, err := client(s, s.Token()).GetUserPresenceContext(t.Context(), user)
		if err != nil {
			return err.Error()
		}
		return got.Presence
	}
	s.SetPresence("U0NOBODY", true)
	if presence("U5") != "active" || presence("U0NOBODY") != "user_not_found" {
		t.Errorf("they are %s and %s", presence("U5"), presence("U0NOBODY"))
	}
	s.SetPresence("U5", false)
	user, err := client(s, s.Token()).GetUserInfoContext(t.Context(), "U5")
	if presence("U5") != "away" || err != nil || user.TZ != "Australia/Melbourne" || user.TZOffset != 11*3600 {
		t.Errorf("they are %s, %+v, %v", presence("U5"), user, err)
	}
}

// TestInitialValues: what stands in an input at first is sent unless somebody
// changes it, and what is chosen at first must be among the options.
func TestInitialValues(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	app, to := installed(t, s)
	option := func(value string) args { return args{"text": plain("Choose " + value), "value": value} }
	both := []any{option("one"), option("two")}
	form := func(chosen string) args {
		return aModal(
			with(inputOf("text", args{"type": "plain_text_input", "multiline": true, "initial_value": "as it was"}), "optional", true),
			inputOf("radio", args{"type": "radio_buttons", "options": both, "initial_option": option(chosen)}),
			with(inputOf("boxes", args{"type": "checkboxes", "options": both, "initial_options": []any{option("two")}}), "optional", true),
		)
	}
	for _, step := range []struct {
		values            map[string]map[string]string
		text, radio, both string
	}{
		{nil, "as it was", "one", "two"},
		{values("text", "changed", "radio", "two", "boxes", "one,two"), "changed", "two", "one two"},
		{values("boxes", ""), "as it was", "one", ""},
	} {
		c := slackfake.Submission{User: "U1", View: open(t, s, form("one")), Values: step.values}
		if answer, err := to.Submit(t.Context(), c); err != nil || answer.Failed != "" {
			t.Fatal(answer, err)
		}
		in := app.last().View.State.Values
		var ticked []string
		for _, o := range in["boxes"]["value"].Several {
			ticked = append(ticked, o.Value)
		}
		if text, radio := *in["text"]["value"].Value, in["radio"]["value"].Selected.Value; text != step.text || radio != step.radio || strings.Join(ticked, " ") != step.both {
			t.Errorf("sent %q, %q and %q", text, radio, ticked)
		}
	}
	c := slackfake.Submission{User: "U1", View: open(t, s, form("one")), Values: values("boxes", "three")}
	if answer, err := to.Submit(t.Context(), c); err != nil || answer.Failed != "invalid_input" {
		t.Errorf("a box that isn't there is ticked: %+v, %v", answer, err)
	}
	if said := ask(t, s, "views.open", args{"trigger_id": trigger(s, "U1"), "view": form("three")}); said.Error != "invalid_arguments" {
		t.Errorf("what is chosen at first isn't among the options: %+v", said)
	}
}
