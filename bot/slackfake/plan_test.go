package slackfake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// impatient is a client that waits five seconds.
func impatient(s *slackfake.Slack) *slack.Client {
	return slack.New(s.Token(), slack.OptionAPIURL(s.APIURL()), slack.OptionHTTPClient(&http.Client{Transport: s.Transport(), Timeout: 5 * time.Second}))
}

// TestTroubles: of each it is known whether the message is there, and that
// whoever posted it can't know.
func TestTroubles(t *testing.T) {
	for i, trouble := range slackfake.Troubles(10 * time.Second) {
		synctest.Test(t, func(t *testing.T) {
			s := workspace(slackfake.Config{Unlimited: true})
			trouble.Times = 1
			s.Fail("chat.postMessage", trouble)
			_, _, err := impatient(s).PostMessageContext(t.Context(), "C1", slack.MsgOptionText("hello", false))
			if err == nil {
				t.Errorf("trouble %d is none", i)
			}
			var limited *slack.RateLimitedError
			switch {
			case trouble.RetryAfter > 0 && !errors.As(err, &limited):
				t.Errorf("it answers %v", err)
			case trouble.Cut && !errors.Is(err, io.ErrUnexpectedEOF):
				t.Errorf("cut, it answers %v", err)
			case trouble.Hang > 0 && !errors.Is(err, context.DeadlineExceeded):
				t.Errorf("hanging, it answers %v", err)
			}
			if there := len(messagesIn(t, s, "U1", "C1")) == 1; there != trouble.Late {
				t.Errorf("after %+v the message is there: %t", trouble, there)
			}
			if _, _, err := impatient(s).PostMessageContext(t.Context(), "C1", slack.MsgOptionText("hello", false)); err != nil {
				t.Errorf("the next one: %v", err)
			}
		})
	}
}

// TestConnectionIsCut over loopback, too.
func TestConnectionIsCut(t *testing.T) {
	s := slackfake.Start(slackfake.Config{})
	defer s.Close()
	s.Fail("auth.test", slackfake.Failure{Cut: true, Times: 1})
	c := slack.New(s.Token(), slack.OptionAPIURL(s.APIURL()))
	if _, err := c.AuthTestContext(t.Context()); !errors.Is(err, io.EOF) {
		t.Errorf("it answers %v", err)
	}
	if _, err := c.AuthTestContext(t.Context()); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

// TestPlan: a method fails by its own plan, others by the one for all; the same
// seed fails the same calls, about as many as it should.
func TestPlan(t *testing.T) {
	fails := func(seed uint64) (pattern string) {
		s := workspace(slackfake.Config{Unlimited: true})
		c := client(s, s.Token())
		s.FailSometimes("auth.test", slackfake.Randomly(seed, 0.3, slackfake.Failure{Status: 500}, slackfake.Failure{Down: true}))
		s.FailSometimes(slackfake.Every, func(n int) slackfake.Failure { return slackfake.Failure{Down: n == 1} })
		for range 200 {
			if _, err := c.AuthTestContext(t.Context()); err == nil {
				pattern += "."
			} else {
				pattern += "x"
			}
		}
		for i, down := range []bool{false, true, false} {
			if _, err := c.GetUserInfoContext(t.Context(), "U1"); (err != nil) != down {
				t.Errorf("call %d of another method: %v", i, err)
			}
		}
		s.Recover()
		for range 20 {
			if _, err := c.AuthTestContext(t.Context()); err != nil {
				t.Fatalf("recovered: %v", err)
			}
		}
		return pattern
	}
	one := fails(1)
	if one != fails(1) || one == fails(2) {
		t.Error("the seed doesn't make the plan")
	}
	failed := 0
	for _, c := range one {
		if c == 'x' {
			failed++
		}
	}
	if failed < 40 || failed > 80 {
		t.Errorf("%d of 200 fail", failed)
	}
}

// TestResponseURLFailsLate: the person reads it, and the app doesn't know.
func TestResponseURLFailsLate(t *testing.T) {
	s := workspace(slackfake.Config{})
	_, app := installed(t, s)
	answer, err := app.Command(t.Context(), slackfake.Command{User: "U1", Channel: "C1", Name: "/x"})
	if err != nil {
		t.Fatal(err)
	}
	s.Fail("response_url", slackfake.Failure{Status: http.StatusBadGateway, Late: true, Times: 1})
	if status := respond(t, s, answer.ResponseURL, `{"text":"hello"}`); status != http.StatusBadGateway {
		t.Errorf("it answers %d", status)
	}
	if shown := newest(t, s, "U1", "C1"); shown.Text != "hello" {
		t.Errorf("they read %+v", shown)
	}
}
