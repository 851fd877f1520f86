package slackfake_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// saying is a message with blocks.
func saying(t *testing.T, text string, blocks ...args) slackfake.Message {
	t.Helper()
	m := slackfake.Message{Text: text}
	for _, block := range blocks {
		m.Blocks = append(m.Blocks, json.RawMessage(encoded(t, block)))
	}
	return m
}

func markup(text string) args { return args{"type": "mrkdwn", "text": text} }

// TestMentions are what is read as one, wherever it stands, and nothing that
// only looks so.
func TestMentions(t *testing.T) {
	for name, row := range map[string]struct {
		message slackfake.Message
		want    string
	}{
		"Text":        {saying(t, "<@U1>, <@W2|noor> and <@U1>: <!subteam^S1>, <!subteam^S2|@l2>, <!here>, <!channel|channel>"), "U1 W2 S1 S2 here channel"},
		"Escaped":     {saying(t, "&lt;@U1&gt; &lt;!channel&gt; @here &lt;!subteam^S1&gt;"), ""},
		"Links":       {saying(t, "<https://a.example|@here> <mailto:a@b.example|U1> <#C1|support> <!date^1^{date}|x>"), ""},
		"Nested":      {saying(t, "<<!here>>"), "here"},
		"NotAnID":     {saying(t, "<@u1> <!subteam^> <!all> <@U1"), ""},
		"Section":     {saying(t, "", args{"type": "section", "text": markup("<@U1>"), "fields": []any{markup("<!subteam^S1>")}}), "U1 S1"},
		"PlainText":   {saying(t, "", args{"type": "section", "text": plain("<@U1> <!channel>")}, args{"type": "header", "text": plain("<!here>")}), ""},
		"Context":     {saying(t, "", args{"type": "context", "elements": []any{markup("<!everyone>")}}), "everyone"},
		"Boxes":       {saying(t, "", actions(args{"type": "checkboxes", "options": []any{args{"text": markup("<@U1>"), "value": "v", "description": markup("<@U2>")}}})), "U1 U2"},
		"ButtonValue": {saying(t, "", actions(with(button("b"), "value", "<@U1>"))), ""},
		"RichText": {saying(t, "", rich("rich_text_section", piece("user", "user_id", "U1"), piece("usergroup", "usergroup_id", "S1"), piece("broadcast", "range", "here"),
			piece("text", "text", "<@U2> <!channel>"))), "U1 S1 here"},
		"Markdown": {saying(t, "", args{"type": "markdown", "text": "ask <@U2>"}), "U2"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.Join(row.message.Mentions().Names(), " "); got != row.want {
				t.Errorf("it mentions %q, not %q", got, row.want)
			}
		})
	}
}

// TestNotified are those who are in the channel and are called.
func TestNotified(t *testing.T) {
	s := workspace(slackfake.Config{})
	s.AddMember(slackfake.Member{ID: "U5", Away: true})
	s.AddGroup(slackfake.Group{ID: "S1", Handle: "support-melbourne", Users: []string{"U2", "U3", "U5"}})
	for text, row := range map[string]struct{ channel, want string }{
		"<!subteam^S1>":        {"C1", "U2 U5"},
		"<!subteam^S1> ":       {"C3", "U2"},
		"<!subteam^S9>":        {"C1", ""},
		"<@U1> <@U4> <@U9>":    {"C1", "U1"},
		"<@U1>":                {"C3", ""},
		"<!here>":              {"C1", "U1 U2"},
		"<!channel>":           {"C1", "U1 U2 U5"},
		"hello":                {slackfake.DirectMessage("U1"), "U1"},
		"&lt;!subteam^S1&gt;":  {"C1", ""},
		"<!everyone> in no C9": {"C9", ""},
	} {
		if got := strings.Join(s.Notified(row.channel, slackfake.Message{Text: text}), " "); got != row.want {
			t.Errorf("%q in %s tells %q, not %q", text, row.channel, got, row.want)
		}
	}
}

func TestGroups(t *testing.T) {
	s := workspace(slackfake.Config{})
	s.AddGroup(slackfake.Group{ID: "S1", Handle: "l2", Users: []string{"U1"}})
	s.SetGroup("S1", "U1", "U2")
	s.SetGroup("S2")
	groups := s.View("U1").Groups
	if len(groups) != 2 || groups[0].Handle != "l2" || len(groups[0].Users) != 2 || groups[1].Handle != "S2" {
		t.Errorf("the groups are %+v", groups)
	}
	s.RemoveGroup("S1")
	if said := ask(t, s, "usergroups.users.list", args{"usergroup": "S1"}); said.Error != "no_such_subteam" || len(s.View("U1").Groups) != 1 {
		t.Errorf("a group that was removed: %+v", said)
	}
}
