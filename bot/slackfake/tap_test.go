package slackfake_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// What a tap hears is all of the body, which Slack reads all the same.
func TestTap(t *testing.T) {
	s := slackfake.New(slackfake.Config{})
	var heard []string
	s.Tap(func(body []byte) { heard = append(heard, string(body)) })
	const body = "channel=C0NOWHERE&text=hello&metadata=unseen"
	r := httptest.NewRequest(http.MethodPost, "/api/chat.postMessage", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+s.Token())
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, r)
	if len(heard) != 1 || heard[0] != body {
		t.Errorf("heard %q", heard)
	}
	if !strings.Contains(answer.Body.String(), "channel_not_found") {
		t.Errorf("the body didn't arrive: %s", answer.Body)
	}
}
