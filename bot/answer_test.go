package bot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

var (
	errDown   = errors.New("connection refused")
	reference = regexp.MustCompile(`E-[A-Z2-7]{8}`)
)

func TestQuickHandlerAnswersInTheResponse(t *testing.T) {
	o := open(t)
	answer := o.types(agent, "/diagnose", "jane").reads("locked after too many wrong passwords")
	if answer.Message == nil || len(o.slack.Messages(answer.ResponseURL)) > 0 {
		t.Error("the answer came later, though it was quick")
	}
}

// TestClickIsAcknowledgedEmpty: what stands in the body of that, Slack ignores.
func TestClickIsAcknowledgedEmpty(t *testing.T) {
	o := open(t)
	click := o.clicks(agent, "diagnose", "u-jane")
	if click.Status != 200 || len(click.Body) != 0 {
		t.Errorf("a click is acknowledged with %d %q", click.Status, click.Body)
	}
	click.reads("locked after too many wrong passwords")
}

func TestSlowHandlerAnswersByResponseURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.directory.delay = 10 * time.Second
		begin := time.Now()
		answer := o.types(agent, "/diagnose", "jane")
		if took := time.Since(begin); answer.Status != 200 || len(answer.Body) != 0 || took != 2*time.Second {
			t.Errorf("acknowledged with %d %q after %s", answer.Status, answer.Body, took)
		}
		answer.reads("locked after too many wrong passwords")
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("answered after %s", took)
		}
		synctest.Wait()
		if n := len(o.slack.Messages(answer.ResponseURL)); n != 1 {
			t.Errorf("%d messages, want 1", n)
		}
	})
}

func TestHandlerHasALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.directory.delay = time.Hour
		begin := time.Now()
		o.types(agent, "/diagnose", "jane").reads("took too long", "E-")
		if took := time.Since(begin); took != 30*time.Second {
			t.Errorf("answered after %s", took)
		}
	})
}

// TestFrozenDatabaseIsSaidInTime: the database hangs; within three seconds an
// agent reads so, once.
func TestFrozenDatabaseIsSaidInTime(t *testing.T) {
	for name, ask := range map[string]func(o *office) heard{
		"Command": func(o *office) heard { return o.types(agent, "/diagnose", "jane") },
		"Click":   func(o *office) heard { return o.clicks(agent, "diagnose", "u-jane") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.store.freeze()
				begin := time.Now()
				answer := ask(o)
				answer.reads("database doesn't answer").doesntRead("locked")
				if took := time.Since(begin); took >= 3*time.Second {
					t.Errorf("read after %s", took)
				}
				said := reference.FindString(answer.message().Visible())
				if said == "" || !strings.Contains(o.log.String(), said) {
					t.Errorf("reference %q isn't in the log:\n%s", said, o.log)
				}
				close(o.store.thaw) // whatever the handler still comes to is dropped
				pass(time.Minute)
				synctest.Wait()
				if n := len(o.slack.Messages(answer.ResponseURL)); n != 1 {
					t.Errorf("%d messages, want 1", n)
				}
			})
		})
	}
}

// TestFrozenDatabaseTellsNobodyAnything: somebody without a role reads the
// constant sentence, although the refusal can't be recorded.
func TestFrozenDatabaseTellsNobodyAnything(t *testing.T) {
	for name, ask := range map[string]func(o *office) heard{
		"Command": func(o *office) heard { return o.types(nobody, "/diagnose", "jane") },
		"Click":   func(o *office) heard { return o.clicks(nobody, "diagnose", "u-jane") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				usual := ask(o).message().Visible()
				o.store.freeze()
				if frozen := ask(o).message().Visible(); frozen != usual {
					t.Errorf("they read %q, usually %q", frozen, usual)
				}
				close(o.store.thaw)
				pass(time.Minute)
			})
		})
	}
}

func TestDatabaseThatRefusesIsSaidAtOnceAndRecovers(t *testing.T) {
	o := open(t)
	o.store.fails(errDown)
	o.types(agent, "/diagnose", "jane").reads("E-").doesntRead("connection refused", "locked")
	o.store.fails(nil)
	o.types(agent, "/diagnose", "jane").reads("locked")
}

func TestPanicIsASentenceWithAReference(t *testing.T) {
	o := open(t)
	for _, click := range []bool{false, true} {
		o.directory.panics = "jane@acme.example is more than I can take"
		answer := o.types(agent, "/diagnose", "jane@acme.example")
		if click {
			answer = o.clicks(agent, "diagnose", "u-jane")
		}
		answer.reads("Something went wrong inside Latchkey").doesntRead("jane", "panic", "goroutine")
		said := reference.FindString(answer.message().Visible())
		if log := o.log.String(); said == "" || !strings.Contains(log, said) || !strings.Contains(log, "Snapshot") || strings.Contains(log, "more than I can take") {
			t.Errorf("reference %q, log:\n%s", said, log)
		}
	}
	o.directory.panics = nil
	o.types(agent, "/diagnose", "jane").reads("locked")
}

func TestRuntimePanicIsNamed(t *testing.T) {
	o := open(t)
	var none []int
	func() {
		defer func() { o.directory.panics = recover() }()
		_ = none[len(o.t.Name())]
	}()
	o.types(agent, "/diagnose", "jane").reads("E-")
	if !strings.Contains(o.log.String(), "index out of range") {
		t.Errorf("the log doesn't say what happened:\n%s", o.log)
	}
}

func TestDrainWaitsForLateAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		if err := o.bot.Drain(t.Context()); err != nil {
			t.Errorf("nothing is under way: %v", err)
		}
		o.directory.delay = 8 * time.Second
		answer := o.types(agent, "/diagnose", "jane")
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := o.bot.Drain(soon); err == nil || !strings.Contains(err.Error(), "1 answers") {
			t.Errorf("drained too early: %v", err)
		}
		later, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := o.bot.Drain(later); err != nil {
			t.Error(err)
		}
		if n := len(o.slack.Messages(answer.ResponseURL)); n != 1 {
			t.Errorf("%d messages, want 1", n)
		}
	})
}

func TestLateAnswerIsPostedAgainWhenSlackIsBusy(t *testing.T) {
	for name, test := range map[string]struct {
		failure slackfake.Failure
		down    time.Duration
		comes   bool
	}{
		"ServerError": {slackfake.Failure{Down: true}, 200 * time.Millisecond, true},
		"Limited":     {slackfake.Failure{RetryAfter: 2 * time.Second}, time.Second, true},
		"TooLong":     {slackfake.Failure{Down: true}, time.Minute, false},
		"Hanging":     {slackfake.Failure{Delay: time.Hour}, 3 * time.Second, true},
		"HangingLong": {slackfake.Failure{Delay: time.Hour}, time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.slack.Fail("response_url", test.failure)
				click := o.clicks(agent, "diagnose", "u-jane")
				time.AfterFunc(test.down, o.slack.Recover)
				if err := o.bot.Drain(t.Context()); err != nil {
					t.Fatal(err)
				}
				if came := len(o.slack.Messages(click.ResponseURL)) == 1; came != test.comes {
					t.Errorf("the answer came: %t", came)
				}
				if logged := strings.Contains(o.log.String(), "could not be posted"); logged == test.comes || strings.Contains(o.log.String(), "/response/") {
					t.Errorf("log:\n%s", o.log)
				}
				pass(time.Hour) // lets the fake's own delays end
			})
		})
	}
}

func TestResponseURLMustBeSlacks(t *testing.T) {
	own := newResponses("", nil)
	other := newResponses("http://127.0.0.1:4000/api/", nil)
	for address, want := range map[string][2]bool{
		"https://hooks.slack.com/commands/T1/2/3":     {true, true},
		"http://hooks.slack.com/commands/T1/2/3":      {false, false},
		"https://hooks.slack.com:444/commands/T1/2/3": {false, false},
		"https://hooks.slack.com.evil.example/x":      {false, false},
		"https://hooks.slack.com@evil.example/x":      {false, false},
		"https://user@hooks.slack.com/x":              {false, false},
		"https://evil.example/hooks.slack.com":        {false, false},
		"http://127.0.0.1:4000/response/1":            {false, true},
		"https://127.0.0.1:4000/response/1":           {false, false},
		"http://127.0.0.1:4001/response/1":            {false, false},
		"http://169.254.169.254/latest":               {false, false},
		"file:///etc/passwd":                          {false, false},
		"":                                            {false, false},
		"http://%zz":                                  {false, false},
	} {
		if got := [2]bool{own.accepts(address), other.accepts(address)}; got != want {
			t.Errorf("%s: got %v, want %v", address, got, want)
		}
	}
}

func TestAnswerWithNowhereToGoIsDropped(t *testing.T) {
	o := open(t)
	sent := 0
	o.bot.responses.client.Transport = slackfake.Direct(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent++ }))
	form := url.Values{"payload": {`{"type":"block_actions","team":{"id":"T0TEAM"},"user":{"id":"U0AGENT"},"trigger_id":"1",
		"response_url":"https://evil.example/collect","actions":[{"action_id":"diagnose","value":"u-jane"}]}`}}
	answer, err := o.app.Send(t.Context(), o.app.Request("/slack/interactions", aForm, []byte(form.Encode())), "")
	if err != nil || answer.Status != http.StatusOK {
		t.Fatalf("got %v, %v", answer, err)
	}
	if err := o.bot.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if log := o.log.String(); sent > 0 || !strings.Contains(log, "nowhere to go") || strings.Contains(log, "evil") {
		t.Errorf("sent %d times, log:\n%s", sent, log)
	}
}

func TestAnswerFollowsNoRedirect(t *testing.T) {
	o := open(t)
	elsewhere := 0
	o.bot.responses.client.Transport = slackfake.Direct(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "slack.test" {
			elsewhere++
		}
		http.Redirect(w, r, "https://evil.example/collect", http.StatusTemporaryRedirect)
	}))
	o.clicks(agent, "diagnose", "u-jane")
	if err := o.bot.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if elsewhere > 0 || strings.Contains(o.log.String(), "evil") {
		t.Errorf("it was followed %d times, log:\n%s", elsewhere, o.log)
	}
}
