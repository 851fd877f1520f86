package slackfake_test

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// reply posts a message into a thread, or into the channel when there is none,
// and returns its TS and where it came to stand.
func reply(t *testing.T, s *slackfake.Slack, thread, text string, options ...slack.MsgOption) (ts, stands string) {
	t.Helper()
	all := append([]slack.MsgOption{slack.MsgOptionText(text, false)}, options...)
	if thread != "" {
		all = append(all, slack.MsgOptionTS(thread))
	}
	_, ts, posted, err := client(s, s.Token()).PostMessageWithResponseContext(t.Context(), "C1", all...)
	if err != nil {
		t.Fatal(err)
	}
	return ts, posted.ThreadTimestamp
}

// thread reads a thread: its texts, joined.
func thread(t *testing.T, s *slackfake.Slack, p slack.GetConversationRepliesParameters) (texts string, messages []slack.Message, cursor string) {
	t.Helper()
	p.ChannelID = "C1"
	messages, more, cursor, err := client(s, s.Token()).GetConversationRepliesContext(t.Context(), &p)
	if err != nil {
		t.Fatal(err)
	}
	if more != (cursor != "") {
		t.Errorf("has_more is %t with the cursor %q", more, cursor)
	}
	var all []string
	for _, m := range messages {
		all = append(all, m.Text)
	}
	return strings.Join(all, ","), messages, cursor
}

func TestReplies(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	first, _ := reply(t, s, "", "card")
	second, stands := reply(t, s, first, "one", slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "key", EventPayload: map[string]any{"id": "7"}}))
	if stands != first {
		t.Errorf("the reply stands in %q", stands)
	}
	if _, err := s.Say("U1", "C1", second, "two, under a reply"); err != nil {
		t.Fatal(err)
	}
	if _, err := client(s, s.Token()).PostEphemeralContext(t.Context(), "C1", "U1", slack.MsgOptionText("only you", false), slack.MsgOptionTS(first)); err != nil {
		t.Fatal(err)
	}
	texts, all, _ := thread(t, s, slack.GetConversationRepliesParameters{Timestamp: first, IncludeAllMetadata: true})
	if texts != "card,one,two, under a reply" || all[1].Metadata.EventPayload["id"] != "7" {
		t.Errorf("the thread is %s, %+v", texts, all[1].Metadata)
	}
	if all[0].ThreadTimestamp != first || all[0].ReplyCount != 2 || all[1].ThreadTimestamp != first || all[1].ParentUserId != s.Bot() {
		t.Errorf("it begins with %+v, then %+v", all[0].Msg, all[1].Msg)
	}
	if texts, all, _ = thread(t, s, slack.GetConversationRepliesParameters{Timestamp: second}); texts != "one" || all[0].Metadata.EventType != "" {
		t.Errorf("a reply comes with %s", texts)
	}
}

// TestRepliesInPages: two at a time, then between times.
func TestRepliesInPages(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	first, _ := reply(t, s, "", "0")
	stamps := []string{first}
	for _, text := range []string{"1", "2", "3"} {
		ts, _ := reply(t, s, first, text)
		stamps = append(stamps, ts)
	}
	texts, _, cursor := thread(t, s, slack.GetConversationRepliesParameters{Timestamp: first, Limit: 3})
	rest, _, end := thread(t, s, slack.GetConversationRepliesParameters{Timestamp: first, Limit: 3, Cursor: cursor})
	if texts != "0,1,2" || rest != "3" || end != "" {
		t.Errorf("the pages are %s and %s, then %q", texts, rest, end)
	}
	between := slack.GetConversationRepliesParameters{Timestamp: first, Oldest: stamps[1], Latest: stamps[3]}
	if texts, _, _ = thread(t, s, between); texts != "2" {
		t.Errorf("between is %s", texts)
	}
	between.Inclusive = true
	if texts, _, _ = thread(t, s, between); texts != "1,2,3" {
		t.Errorf("between, inclusive, is %s", texts)
	}
	for want, call := range map[string]args{
		"thread_not_found": {"channel": "C1", "ts": "1.000001"}, "channel_not_found": {"channel": "C9", "ts": first},
		"not_in_channel": {"channel": "C2", "ts": first}, "invalid_limit": {"channel": "C1", "ts": first, "limit": 1000},
		"invalid_cursor": {"channel": "C1", "ts": first, "cursor": "bmV4dF90czow"}, "invalid_arguments": {"channel": "C1"},
	} {
		if said := ask(t, s, "conversations.replies", call); said.Error != want {
			t.Errorf("%v: %+v", call, said)
		}
	}
	if said := ask(t, s, "conversations.replies", args{"channel": "C1", "ts": first, "cursor": "%"}); said.Error != "invalid_cursor" {
		t.Errorf("a broken cursor: %+v", said)
	}
}

// TestHistoryInPages has no replies in it but those that were sent to the
// channel, too.
func TestHistoryInPages(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	first, _ := reply(t, s, "", "card")
	reply(t, s, first, "hidden")
	reply(t, s, first, "for all", slack.MsgOptionBroadcast())
	reply(t, s, "", "last")
	c, texts, p := client(s, s.Token()), []string{}, slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 2}
	for range 3 {
		page, err := c.GetConversationHistoryContext(t.Context(), &p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page.Messages {
			texts = append(texts, m.Text+m.SubType)
		}
		if p.Cursor = page.ResponseMetaData.NextCursor; p.Cursor == "" {
			break
		}
	}
	if got := strings.Join(texts, ","); got != "last,for allthread_broadcast,card" {
		t.Errorf("the history is %s", got)
	}
}

// TestRepliesToWhatWasDeleted: a thread goes on below a tombstone; a reply to what
// left nothing comes to stand in the channel, and says so.
func TestRepliesToWhatWasDeleted(t *testing.T) {
	s := workspace(slackfake.Config{Unlimited: true})
	first, _ := reply(t, s, "", "card")
	alone, _ := reply(t, s, "", "alone")
	reply(t, s, first, "one")
	for _, ts := range []string{first, alone} {
		if err := s.Delete("C1", ts); err != nil {
			t.Fatal(err)
		}
		if said := ask(t, s, "chat.update", args{"channel": "C1", "ts": ts, "text": "t"}); said.Error != "message_not_found" {
			t.Errorf("an update of it: %+v", said)
		}
		if err := s.Delete("C1", ts); err == nil {
			t.Error("it is deleted twice")
		}
	}
	if _, stands := reply(t, s, first, "two"); stands != first {
		t.Errorf("a reply below a tombstone stands in %q", stands)
	}
	texts, all, _ := thread(t, s, slack.GetConversationRepliesParameters{Timestamp: first})
	if texts != "This message was deleted.,one,two" || all[0].SubType != "tombstone" || all[0].User != slackfake.Slackbot {
		t.Errorf("the thread is %s, and begins with %+v", texts, all[0].Msg)
	}
	if _, stands := reply(t, s, alone, "homeless"); stands != "" {
		t.Errorf("a reply to nothing stands in %q", stands)
	}
	if shown := newest(t, s, "U1", "C1"); shown.Text != "homeless" || shown.Thread != "" {
		t.Errorf("everybody sees %+v", shown)
	}
	if said := ask(t, s, "conversations.replies", args{"channel": "C1", "ts": alone}); said.Error != "thread_not_found" {
		t.Errorf("the thread of nothing: %+v", said)
	}
	if s.Delete("C9", first) == nil || s.Delete("C1", "1.000001") == nil {
		t.Error("what isn't there is deleted")
	}
}

func TestPermalinks(t *testing.T) {
	s := workspace(slackfake.Config{Address: "https://acme.slack.example/", Unlimited: true})
	first, _ := reply(t, s, "", "card")
	second, _ := reply(t, s, first, "one")
	c := client(s, s.Token())
	bare := func(ts string) string { return strings.Replace(ts, ".", "", 1) }
	for ts, want := range map[string]string{
		first:  "https://acme.slack.example/archives/C1/p" + bare(first),
		second: "https://acme.slack.example/archives/C1/p" + bare(second) + "?thread_ts=" + first + "&cid=C1",
	} {
		got, err := c.GetPermalinkContext(t.Context(), &slack.PermalinkParameters{Channel: "C1", Ts: ts})
		if err != nil || got != want || s.Permalink("C1", ts) != want {
			t.Errorf("%s: %q, %v", want, got, err)
		}
	}
	for want, call := range map[string]args{
		"channel_not_found": {"channel": "C4", "message_ts": first}, "message_not_found": {"channel": "C1", "message_ts": "1.2"}, "invalid_arguments": {"channel": "C1"},
	} {
		if said := ask(t, s, "chat.getPermalink", call); said.Error != want {
			t.Errorf("%v: %+v", call, said)
		}
	}
	who, err := c.AuthTestContext(t.Context())
	if err != nil || who.URL != "https://acme.slack.example/" || s.Permalink("C9", first) != "" {
		t.Errorf("the workspace is %+v, %v", who, err)
	}
}
