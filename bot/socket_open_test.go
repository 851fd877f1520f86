package bot

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestSocketSwitchedOff: one more is tried, and refused; the process ends with a
// sentence.
func TestSocketSwitchedOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := unconnected(t)
		ended := make(chan error, 1)
		go func() { ended <- w.socket.Run(t.Context()) }()
		w.connects()
		before := w.slack.Calls("apps.connections.open")
		w.slack.SwitchSocketMode(false)
		if err := <-ended; !errors.Is(err, ErrSocketModeOff) {
			t.Errorf("it ended with %v", err)
		}
		if tried := w.slack.Calls("apps.connections.open") - before; tried == 0 {
			t.Error("it didn't try once more")
		}
	})
}

// TestSocketSwitchedOver: an admin who switches it off and on again is no reason to
// end.
func TestSocketSwitchedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		w.slack.SwitchSocketMode(false)
		w.slack.SwitchSocketMode(true)
		pass(5 * time.Second)
		w.once(w.types(agent, "/diagnose", "jane").reads("locked").Answer)
	})
}

// TestSocketOpenRefused: what no waiting mends ends the process with a sentence.
func TestSocketOpenRefused(t *testing.T) {
	for _, code := range []string{"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope", "no_permission"} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := unconnected(t)
				w.slack.Fail("apps.connections.open", slackfake.Failure{Error: code})
				err := w.socket.Run(t.Context())
				if !errors.Is(err, ErrAppTokenRefused) || !strings.Contains(err.Error(), code) {
					t.Errorf("it ended with %v", err)
				}
				if strings.Contains(err.Error()+w.log.String(), w.slack.AppToken()) {
					t.Error("the token is in what was said")
				}
			})
		})
	}
}

// TestSocketWrongToken: the bot's token, and one that is none.
func TestSocketWrongToken(t *testing.T) {
	for name, token := range map[string]func(*wired) string{
		"Bots": func(w *wired) string { return w.slack.Token() }, "None": func(*wired) string { return "xapp-other" },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := unconnected(t)
				socket := w.bot.Socket(token(w), w.slack.APIURL())
				if err := socket.Run(t.Context()); !errors.Is(err, ErrAppTokenRefused) {
					t.Errorf("it ended with %v", err)
				}
			})
		})
	}
}

// TestSocketOpenFails: what may pass is tried again, ever more slowly, and when
// Slack says when, not before.
func TestSocketOpenFails(t *testing.T) {
	for name, test := range map[string]struct {
		fails    slackfake.Failure
		at, most int           // tries of both connections in the first ten minutes
		by       time.Duration // it is up again
	}{
		"ServerError": {slackfake.Failure{Status: 500}, 20, 50, time.Minute},
		"Down":        {slackfake.Failure{Down: true}, 20, 50, time.Minute},
		"Internal":    {slackfake.Failure{Error: "internal_error"}, 20, 50, time.Minute},
		"Unknown":     {slackfake.Failure{Error: "something_new"}, 20, 50, time.Minute},
		"Limited":     {slackfake.Failure{RetryAfter: 2 * time.Minute}, 8, 12, 2 * time.Minute},
		"Hangs":       {slackfake.Failure{Hang: time.Hour}, 18, 50, time.Minute + webTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := unconnected(t)
				w.slack.Fail("apps.connections.open", test.fails)
				w.run()
				pass(10 * time.Minute)
				if n := w.slack.Calls("apps.connections.open"); n < test.at || n > test.most {
					t.Errorf("%d tries in ten minutes", n)
				}
				if w.socket.Check(t.Context()) == nil {
					t.Error("it is ready without a connection")
				}
				w.slack.Recover()
				pass(test.by + time.Second)
				if err := w.socket.Check(t.Context()); err != nil {
					t.Errorf("it isn't ready again: %v", err)
				}
			})
		})
	}
}

// TestSocketTooMany: Slack takes ten connections; one more is tried for, slowly.
func TestSocketTooMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := wire(t)
		for range 5 {
			other := *w
			other.ended = make(chan error, 1)
			other.socket = w.bot.Socket(w.slack.AppToken(), w.slack.APIURL())
			other.socket.dialer.NetDialContext = w.slack.Dial
			other.run()
		}
		pass(10 * time.Minute)
		if n := len(w.slack.Connections()); n != 10 {
			t.Errorf("%d connections are open", n)
		}
		if n := w.slack.Calls("apps.connections.open"); n > 60 {
			t.Errorf("%d tries", n)
		}
	})
}

// TestSocketAddresses: an address is taken only when it is encrypted, or when the
// API itself isn't.
func TestSocketAddresses(t *testing.T) {
	o := open(t)
	for _, test := range []struct {
		api, address string
		ok           bool
	}{
		{"https://slack.com/api/", "wss://wss-primary.slack.com/link/?ticket=1", true},
		{"", "wss://wss-primary.slack.com/link/?ticket=1", true},
		{"https://slack.com/api/", "ws://wss-primary.slack.com/link/", false},
		{"https://slack.com/api/", "https://slack.com/link/", false},
		{"https://slack.com/api/", "wss://user:pw@slack.com/link/", false},
		{"https://slack.com/api/", "", false},
		{"https://slack.com/api/", "wss://", false},
		{"http://127.0.0.1:1/api/", "ws://127.0.0.1:1/link/", true},
	} {
		if got := o.bot.Socket("xapp-1", test.api).accepts(test.address); got != test.ok {
			t.Errorf("with %s, %s is taken: %t", test.api, test.address, got)
		}
	}
}

func TestPauseToOpen(t *testing.T) {
	for failures, want := range []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
		longest, shortest := pauseToOpen(failures, 0), pauseToOpen(failures, 0.999)
		if longest != want || shortest > longest || (failures > 0 && shortest < max(want/2, time.Second)) {
			t.Errorf("after %d failures from %s to %s", failures, shortest, longest)
		}
	}
	if p := pauseToOpen(1<<40, 0); p != time.Minute {
		t.Errorf("after very many failures %s", p)
	}
}
