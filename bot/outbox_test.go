package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// ended puts a watch of Jane into the database that ended this way, and the
// message that tells the agent so into the outbox.
func (o *office) ended(id string, state actions.WatchState, outcome actions.Outcome) {
	at := time.Now().Add(-time.Minute)
	o.store.mu.Lock()
	defer o.store.mu.Unlock()
	o.store.watches = append(o.store.watches, actions.Watch{
		ID: id, UserID: "u-jane", Actor: agent, Cause: actions.CauseLockedAttempts, Grade: actions.Proven,
		StartedAt: at.Add(-time.Minute), Until: at.Add(29 * time.Minute), State: state, EndedAt: at, AttemptAt: at, Outcome: outcome,
	})
	o.store.outbox = append(o.store.outbox, kept{Outgoing: actions.Outgoing{
		ID: "o-" + id, Kind: actions.OutgoingWatchEnded, To: agent, Ref: id, At: at, Due: at,
	}})
}

// told is what stands in the bot's direct message with the agent.
func (o *office) told() []slackfake.Shown {
	for _, c := range o.slack.View(agent).Conversations {
		if c.ID == slackfake.DirectMessage(agent) {
			return c.Messages
		}
	}
	return nil
}

func TestOutboxTellsTheAgent(t *testing.T) {
	o := open(t)
	o.ended("w-in", actions.WatchIn, actions.Success)
	if err := o.bot.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := o.told()
	if len(told) != 1 || !strings.Contains(told[0].Text, "Jane") || !strings.Contains(told[0].Text, "in at") {
		t.Fatalf("the agent was told %+v", told)
	}
	if row := o.store.outbox[0]; !row.delivered || row.Tries != 1 {
		t.Errorf("the outbox has %+v", row)
	}
	if err := o.bot.Deliver(t.Context()); err != nil || len(o.told()) != 1 {
		t.Errorf("told again: %v, %+v", err, o.told())
	}
}

// TestOutboxTriesAgain: Slack is busy, down, or refuses the token for a while;
// the message comes once it recovers, and once.
func TestOutboxTriesAgain(t *testing.T) {
	for name, failure := range map[string]slackfake.Failure{
		"Down":         {Down: true},
		"Limited":      {RetryAfter: 90 * time.Second},
		"TokenRevoked": {Error: "token_revoked"},
		"Fatal":        {Error: "fatal_error"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.ended("w-in", actions.WatchIn, actions.Success)
				o.slack.Fail("chat.postMessage", failure)
				ctx, stop := context.WithCancel(t.Context())
				go o.bot.Run(ctx)
				pass(80 * time.Second)
				if tries := o.slack.Calls("chat.postMessage"); failure.RetryAfter > 0 && tries != 1 || tries == 0 || tries > 8 {
					t.Errorf("tried %d times in 80 seconds", tries)
				}
				o.slack.Recover()
				pass(3 * time.Minute)
				if n := len(o.told()); n != 1 {
					t.Errorf("%d messages came", n)
				}
				stop()
				synctest.Wait()
			})
		})
	}
}

// TestDeadLetters: what Slack never takes isn't tried for ever, and is kept
// with the reason, which holds nothing of the customer's.
func TestDeadLetters(t *testing.T) {
	for name, test := range map[string]struct {
		failure slackfake.Failure
		change  func(*office)
		tries   [2]int // at least and at most
		why     string
	}{
		"Refused": {failure: slackfake.Failure{Error: "channel_not_found"}, tries: [2]int{1, 1}, why: "channel_not_found"},
		"Never":   {failure: slackfake.Failure{Down: true}, tries: [2]int{50, 200}, why: "503"},
		"Gone":    {change: func(o *office) { o.store.outbox[0].Ref = "w-gone" }, why: "any more"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.ended("w-in", actions.WatchIn, actions.Success)
				if test.change != nil {
					test.change(o)
				}
				o.slack.Fail("chat.postMessage", test.failure)
				ctx, stop := context.WithCancel(t.Context())
				go o.bot.Run(ctx)
				pass(deliverFor + time.Hour)
				stop()
				synctest.Wait()
				row := o.store.outbox[0]
				if !strings.Contains(row.buried, test.why) || strings.Contains(row.buried, "jane") || strings.Contains(row.buried, "http") {
					t.Errorf("kept as %q", row.buried)
				}
				if tries := o.slack.Calls("chat.postMessage"); tries < test.tries[0] || tries > test.tries[1] {
					t.Errorf("tried %d times, want %v", tries, test.tries)
				}
				if !strings.Contains(o.log.String(), "dead letter") {
					t.Errorf("log:\n%s", o.log)
				}
			})
		})
	}
}

// TestOutboxLeavesOtherKinds: what only a newer version can say waits for that,
// and holds up nothing else.
func TestOutboxLeavesOtherKinds(t *testing.T) {
	o := open(t)
	o.ended("w-in", actions.WatchIn, actions.Success)
	o.store.outbox[0].Kind = "case_opened"
	o.ended("w-failed", actions.WatchFailed, actions.WrongPassword)
	if err := o.bot.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if row := o.store.outbox[0]; !row.waits() || row.Tries != 0 || len(o.told()) != 1 || !o.store.outbox[1].delivered {
		t.Errorf("the outbox has %+v, and the agent was told %+v", row, o.told())
	}
}

// TestOutboxDrawsWhatItTakes: every kind that is delivered can be drawn.
func TestOutboxDrawsWhatItTakes(t *testing.T) {
	o := open(t)
	for _, kind := range delivered {
		if kind == actions.OutgoingHome { // it is no message
			continue
		}
		s := sending{bot: o.bot, m: actions.Outgoing{Kind: kind, Ref: "gone/1"}}
		_, err := s.render(t.Context())
		if err == nil || strings.Contains(err.Error(), "unknown to this version") {
			t.Errorf("%s of a record that is gone: %v", kind, err)
		}
	}
}

// TestOutboxOutlivesAPanic: a message that can't be drawn holds up no other.
func TestOutboxOutlivesAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.ended("w-in", actions.WatchIn, actions.Success)
		o.ended("w-failed", actions.WatchFailed, actions.WrongPassword)
		o.store.outbox[0].To = lead
		o.directory.panics = "jane@acme.example is more than I can take"
		_ = o.bot.Deliver(t.Context())
		o.directory.panics = nil
		for _, row := range o.store.outbox {
			if strings.Contains(row.retried, "jane") || !strings.Contains(row.retried, "panic") {
				t.Errorf("the outbox says %q", row.retried)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		go o.bot.Run(ctx)
		pass(time.Minute)
		stop()
		synctest.Wait()
		if n := len(o.told()); n != 1 {
			t.Errorf("%d messages came", n)
		}
	})
}

// TestOutboxWaitsForTheDatabase: it goes on when the database is back, and
// doesn't fill the log meanwhile.
func TestOutboxWaitsForTheDatabase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.ended("w-in", actions.WatchIn, actions.Success)
		o.store.fails(errDown)
		ctx, stop := context.WithCancel(t.Context())
		go o.bot.Run(ctx)
		pass(10 * time.Second)
		synctest.Wait()
		o.store.fails(nil)
		pass(10 * time.Second)
		stop()
		synctest.Wait()
		if n := len(o.told()); n != 1 || strings.Count(o.log.String(), "can't be emptied") != 1 {
			t.Errorf("%d messages came, log:\n%s", n, o.log)
		}
	})
}
