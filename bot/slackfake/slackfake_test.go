package slackfake_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

func client(s *slackfake.Slack, token string) *slack.Client {
	return slack.New(token, slack.OptionAPIURL(s.APIURL()), slack.OptionHTTPClient(&http.Client{Transport: s.Transport()}))
}

func post(t *testing.T, s *slackfake.Slack, address, text string, blocks ...slack.Block) error {
	t.Helper()
	message := &slack.WebhookMessage{Text: text, Blocks: &slack.Blocks{BlockSet: blocks}}
	return slack.PostWebhookCustomHTTPContext(t.Context(), address, &http.Client{Transport: s.Transport()}, message)
}

// address is a fresh response URL.
func address(t *testing.T, s *slackfake.Slack) string {
	t.Helper()
	return s.App("http://app.test", slackfake.Direct(http.NotFoundHandler())).Form(slackfake.Command{}).Get("response_url")
}

func TestWebAPI(t *testing.T) {
	s := slackfake.New(slackfake.Config{})
	s.AddMember(slackfake.Member{ID: "U1", Guest: true})
	s.SetGroup("S1", "U1", "U2")
	api := client(s, s.Token())
	if self, err := api.AuthTestContext(t.Context()); err != nil || self.TeamID != s.Team() || self.UserID != "U0BOT" {
		t.Errorf("auth.test: %+v, %v", self, err)
	}
	if user, err := api.GetUserInfoContext(t.Context(), "U1"); err != nil || user.ID != "U1" || !user.IsRestricted || user.TeamID != s.Team() {
		t.Errorf("users.info: %+v, %v", user, err)
	}
	if users, err := api.GetUserGroupMembersContext(t.Context(), "S1"); err != nil || !slices.Equal(users, []string{"U1", "U2"}) {
		t.Errorf("usergroups.users.list: %v, %v", users, err)
	}
	if s.Calls("users.info") != 1 {
		t.Errorf("users.info was called %d times", s.Calls("users.info"))
	}
}

func TestWebAPIRefuses(t *testing.T) {
	s := slackfake.New(slackfake.Config{})
	api := client(s, s.Token())
	for want, call := range map[string]func() error{
		"invalid_auth":    func() error { _, err := client(s, "xoxb-wrong").AuthTestContext(t.Context()); return err },
		"not_authed":      func() error { _, err := client(s, "").AuthTestContext(t.Context()); return err },
		"user_not_found":  func() error { _, err := api.GetUserInfoContext(t.Context(), "U9"); return err },
		"no_such_subteam": func() error { _, err := api.GetUserGroupMembersContext(t.Context(), "S9"); return err },
	} {
		if err := call(); err == nil || err.Error() != want {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

func TestFailuresAreSwitchedOnAndOff(t *testing.T) {
	s := slackfake.New(slackfake.Config{})
	api := client(s, s.Token())
	call := func() error { _, err := api.AuthTestContext(t.Context()); return err }
	s.Fail(slackfake.Every, slackfake.Failure{RetryAfter: 7 * time.Second})
	var limited *slack.RateLimitedError
	if err := call(); !errors.As(err, &limited) || limited.RetryAfter != 7*time.Second {
		t.Errorf("limited: %v", err)
	}
	s.Fail("auth.test", slackfake.Failure{Down: true})
	var status slack.StatusCodeError
	if err := call(); !errors.As(err, &status) || status.Code != http.StatusServiceUnavailable {
		t.Errorf("down: %v", err)
	}
	s.Fail("auth.test", slackfake.Failure{Error: "fatal_error"})
	if err := call(); err == nil || err.Error() != "fatal_error" {
		t.Errorf("error: %v", err)
	}
	s.Recover()
	if err := call(); err != nil {
		t.Errorf("recovered: %v", err)
	}
}

func TestDelayEndsWithTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := slackfake.New(slackfake.Config{})
		s.Fail(slackfake.Every, slackfake.Failure{Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		if _, err := client(s, s.Token()).AuthTestContext(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(begin))
		}
	})
}

func TestResponseURLTakesFiveMessagesInHalfAnHour(t *testing.T) {
	now := time.Now()
	s := slackfake.New(slackfake.Config{Now: func() time.Time { return now }})
	used, old := address(t, s), address(t, s)
	for range 5 {
		if err := post(t, s, used, "hello"); err != nil {
			t.Fatal(err)
		}
	}
	if err := post(t, s, used, "hello"); err == nil || len(s.Messages(used)) != 5 {
		t.Errorf("a sixth message: %v", err)
	}
	now = now.Add(30 * time.Minute)
	if err := post(t, s, old, "hello"); err != nil {
		t.Errorf("after 30 minutes: %v", err)
	}
	now = now.Add(time.Second)
	if err := post(t, s, old, "hello"); err == nil {
		t.Error("it is taken after more than 30 minutes")
	}
	if err := post(t, s, s.APIURL()+"../response/none", "hello"); err == nil {
		t.Error("an address that nobody was given takes a message")
	}
}

// TestConversationOverLoopback sends a signed command and a click to an app
// that answers one at once and the other later.
func TestConversationOverLoopback(t *testing.T) {
	s := slackfake.Start(slackfake.Config{})
	defer s.Close()
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slack/commands" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"response_type":"ephemeral","text":"now"}`))
			return
		}
		callback, err := slack.InteractionCallbackParse(r)
		if err != nil {
			t.Error(err)
		}
		go func() { _ = slack.PostWebhook(callback.ResponseURL, &slack.WebhookMessage{Text: "later"}) }()
	}))
	defer app.Close()
	to := s.App(app.URL, nil)
	for want, send := range map[string]func() (*slackfake.Answer, error){
		"now": func() (*slackfake.Answer, error) {
			return to.Command(t.Context(), slackfake.Command{User: "U1", Name: "/x"})
		},
		"later": func() (*slackfake.Answer, error) {
			return to.Click(t.Context(), slackfake.Click{User: "U1", Action: "x"})
		},
	} {
		answer, err := send()
		if err != nil {
			t.Fatal(err)
		}
		if message, err := s.Wait(t.Context(), answer); err != nil || message.Text != want {
			t.Errorf("got %+v, %v; want %q", message, err, want)
		}
	}
}

func TestRequestsAreSignedAsSlackSigns(t *testing.T) {
	s := slackfake.New(slackfake.Config{SigningSecret: "secret"})
	body := []byte("a=b")
	r := s.App("http://app.test", nil).Request("/slack/commands", "application/x-www-form-urlencoded", body)
	verifier, err := slack.NewSecretsVerifier(r.Header, "secret")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = verifier.Write(body)
	if err := verifier.Ensure(); err != nil {
		t.Error(err)
	}
}
