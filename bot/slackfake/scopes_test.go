package slackfake_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestScopes: what an app wasn't installed for is refused with the scope that it lacks,
// and Slack says which it has, and what time it is there.
func TestScopes(t *testing.T) {
	at := time.Date(2026, 3, 10, 8, 0, 0, 0, time.UTC)
	s := slackfake.Start(slackfake.Config{Scopes: []string{"chat:write", "channels:read"}, Wire: func() time.Time { return at }})
	defer s.Close()
	s.AddMember(slackfake.Member{ID: "U1"})
	s.AddChannel(slackfake.Channel{ID: "C1", Name: "support", Shared: true})
	s.AddChannel(slackfake.Channel{ID: "C2", Name: "l2", Private: true})
	c := client(s, s.Token())
	said, err := c.AuthTestContext(t.Context())
	if err != nil || said.Header.Get("X-OAuth-Scopes") != "chat:write,channels:read" || said.Header.Get("Date") != at.Format(http.TimeFormat) {
		t.Errorf("it says %v, %v", said, err)
	}
	in, err := c.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "C1"})
	if err != nil || !in.IsExtShared || in.IsPrivate || !in.IsMember {
		t.Errorf("the channel is %+v, %v", in, err)
	}
	lacks := func(err error) string {
		var answer slack.SlackErrorResponse
		if !errors.As(err, &answer) || answer.Err != "missing_scope" || !strings.Contains(answer.Provided, "chat:write") {
			t.Errorf("the answer is %v", err)
		}
		return answer.Needed
	}
	_, private := c.GetConversationInfoContext(t.Context(), &slack.GetConversationInfoInput{ChannelID: "C2"})
	_, read := c.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{ChannelID: "C1"})
	_, who := c.GetUserInfoContext(t.Context(), "U1")
	if got := lacks(private) + " " + lacks(read) + " " + lacks(who); got != "groups:read channels:history users:read" {
		t.Errorf("it lacks %s", got)
	}
}
