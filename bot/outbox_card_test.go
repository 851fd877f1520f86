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

// stopped puts a brake of somebody into the database.
func (o *office) stopped(actor, why string) {
	o.store.mu.Lock()
	defer o.store.mu.Unlock()
	o.store.brakes[actor] = actions.Brake{Actor: actor, Why: why, At: time.Now()}
}

// card enqueues an edit of the card that tells the lead about somebody's brake.
func (o *office) card(id, actor string) {
	o.store.mu.Lock()
	defer o.store.mu.Unlock()
	now := time.Now()
	o.store.outbox = append(o.store.outbox, kept{Outgoing: actions.Outgoing{
		ID: id, Kind: actions.OutgoingBrake, To: lead, Ref: actor, At: now, Due: now,
	}})
}

// cards are what stands in the bot's direct message with the lead.
func (o *office) cards() (texts []string) {
	for _, c := range o.slack.View(lead).Conversations {
		if c.ID == slackfake.DirectMessage(lead) {
			for _, m := range c.Messages {
				texts = append(texts, m.Text)
			}
		}
	}
	return texts
}

// running lets the outbox be delivered while the test goes on, in a bubble.
func (o *office) running(during func()) {
	ctx, stop := context.WithCancel(o.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.bot.Run(ctx)
	}()
	during()
	stop()
	<-done
}

// TestCardFollowsItsRecord: one message for each receiver and record, which is
// edited to the newest state.
func TestCardFollowsItsRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.running(func() {
			o.stopped(agent, "61 customers in an hour.")
			o.card("o-1", agent)
			pass(5 * time.Second)
			o.stopped(agent, "20 writing acts in an hour.")
			o.card("o-2", agent)
			pass(5 * time.Second)
			o.stopped(grouped, "62 customers in an hour.")
			o.card("o-3", grouped)
			pass(5 * time.Second)
		})
		cards := o.cards()
		if len(cards) != 2 || !strings.Contains(cards[0], "20 writing acts") || !strings.Contains(cards[1], "62 customers") {
			t.Errorf("the lead reads %q", cards)
		}
		if n := o.slack.Calls("chat.update"); n != 1 {
			t.Errorf("%d edits", n)
		}
	})
}

// TestCardThatWasDeleted is posted anew.
func TestCardThatWasDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		o.stopped(agent, "61 customers in an hour.")
		o.store.places[placeOf(actions.OutgoingBrake, lead, agent)] = actions.Posted{Channel: slackfake.DirectMessage(lead), TS: "1.000001"}
		o.card("o-1", agent)
		o.running(func() { pass(5 * time.Second) })
		if cards := o.cards(); len(cards) != 1 || !o.store.outbox[0].delivered {
			t.Errorf("the lead reads %q, the outbox has %+v", cards, o.store.outbox[0])
		}
	})
}

// TestUnclearDelivery: Slack takes a message and its answer is lost; the message
// is found by its key, and isn't posted twice. What it couldn't take, it isn't
// looked for.
func TestUnclearDelivery(t *testing.T) {
	for name, test := range map[string]struct {
		failures map[string]slackfake.Failure
		posts    int // calls of chat.postMessage
		looks    int // calls of conversations.history
		come     int
	}{
		"Lost":        {map[string]slackfake.Failure{"chat.postMessage": {Down: true, Late: true, Times: 1}}, 1, 1, 1},
		"Silent":      {map[string]slackfake.Failure{"chat.postMessage": {Delay: time.Minute, Late: true, Times: 1}}, 1, 1, 1},
		"HalfWay":     {map[string]slackfake.Failure{"chat.postMessage": {Error: "fatal_error", Late: true, Times: 1}}, 1, 1, 1},
		"NeverCame":   {map[string]slackfake.Failure{"chat.postMessage": {Down: true, Times: 1}}, 2, 1, 1},
		"Limited":     {map[string]slackfake.Failure{"chat.postMessage": {RetryAfter: time.Second, Times: 1}}, 2, 0, 1},
		"Refused":     {map[string]slackfake.Failure{"chat.postMessage": {Error: "token_revoked", Times: 1}}, 2, 0, 1},
		"CannotLook":  {map[string]slackfake.Failure{"chat.postMessage": {Down: true, Times: 1}, "conversations.history": {Error: "missing_scope"}}, 2, 1, 1},
		"LooksAgain":  {map[string]slackfake.Failure{"chat.postMessage": {Down: true, Late: true, Times: 1}, "conversations.history": {Down: true, Times: 2}}, 1, 3, 1},
		"LostAndLost": {map[string]slackfake.Failure{"chat.postMessage": {Down: true, Late: true, Times: 1}, "conversations.history": {Delay: time.Minute, Times: 1}}, 1, 2, 1},
	} {
		for _, kind := range []string{"card", "message"} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					o := open(t)
					for method, failure := range test.failures {
						o.slack.Fail(method, failure)
					}
					told := func() int { return len(o.told()) }
					if kind == "card" {
						o.stopped(agent, "61 customers in an hour.")
						o.card("o-1", agent)
						told = func() int { return len(o.cards()) }
					} else {
						o.ended("w-in", actions.WatchIn, actions.Success)
					}
					o.running(func() { pass(3 * time.Minute) })
					if !o.store.outbox[0].delivered || told() != test.come {
						t.Errorf("%d came, the outbox has %+v", told(), o.store.outbox[0])
					}
					if posts, looks := o.slack.Calls("chat.postMessage"), o.slack.Calls("conversations.history"); posts != test.posts || looks != test.looks {
						t.Errorf("posted %d times and looked %d times, not %d and %d", posts, looks, test.posts, test.looks)
					}
				})
			})
		}
	}
}

// TestOutboxKeepsThePace: a channel gets one message a second, in their order,
// however many wait, and another isn't held up by it, nor by one that Slack is
// slow with.
func TestOutboxKeepsThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		var at []time.Time
		slow := map[string]int{}
		o.slack.Follow(func(h slackfake.Happening) {
			if h.Channel == slackfake.DirectMessage(agent) {
				at = append(at, time.Now())
			}
			slow[h.Channel]++
		})
		for i := range 30 {
			o.ended("w-in"+string(rune('a'+i)), actions.WatchIn, actions.Success)
		}
		o.stopped(agent, "61 customers in an hour.")
		o.card("o-lead", agent)
		o.running(func() { pass(20*time.Second + 500*time.Millisecond) })
		if len(at) < 20 || len(at) > 22 || // the last one was under way when it ended
			slow[slackfake.DirectMessage(lead)] != 1 {
			t.Errorf("%d came in 20 seconds, %v", len(at), slow)
		}
		for i := range at[1:] {
			if gap := at[i+1].Sub(at[i]); gap < deliverPace {
				t.Errorf("two came within %s", gap)
			}
		}
	})
}

// TestDeadLetterSaysWhatToDo: a lead reads what to do, retries with a reason, and
// then it is delivered.
func TestDeadLetterSaysWhatToDo(t *testing.T) {
	for code, advice := range map[string]string{
		"channel_not_found": "invite Latchkey", "not_in_channel": "invite it", "is_archived": "unarchive", "user_disabled": "deactivated",
		"restricted_action": "whoever administers Slack", "messages_tab_disabled": "install the app again",
	} {
		t.Run(code, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := open(t)
				o.ended("w-in", actions.WatchIn, actions.Success)
				o.slack.Fail("chat.postMessage", slackfake.Failure{Error: code})
				o.running(func() { pass(5 * time.Second) })
				call := actions.Call{Actor: actions.Actor{ID: lead, Roles: actions.RolesOf(actions.RoleLead)}}
				dead, err := o.bot.actions.DeadLetters(t.Context(), call)
				if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Why, advice) || !strings.Contains(dead[0].Why, code) {
					t.Fatalf("the lead reads %+v, %v", dead, err)
				}
				o.slack.Recover()
				if err := o.bot.actions.RetryLetter(t.Context(), call, dead[0].ID, "the channel is back"); err != nil {
					t.Fatal(err)
				}
				o.running(func() { pass(5 * time.Second) })
				if n := len(o.told()); n != 1 {
					t.Errorf("%d messages came", n)
				}
				rows := o.store.rows()
				last := rows[len(rows)-1]
				if last.Act != actions.ActRetryLetter || last.Reason != "the channel is back" || last.Actor != lead || last.Outcome != actions.ActDone {
					t.Errorf("the audit has %+v", last)
				}
				if err := o.bot.actions.RetryLetter(t.Context(), call, dead[0].ID, "again"); actions.CodeOf(err) != actions.NotFound {
					t.Errorf("retried what isn't dead: %v", err)
				}
			})
		})
	}
}

// TestDeadLettersAreForLeads: nobody else sees or retries them, and nobody
// without a reason.
func TestDeadLettersAreForLeads(t *testing.T) {
	o := open(t)
	for role, allowed := range map[actions.Role]bool{actions.RoleAgent: false, actions.RoleL2: false, actions.RoleLead: true, actions.RoleAdmin: true} {
		call := actions.Call{Actor: actions.Actor{ID: "U0" + strings.ToUpper(role.String()), Roles: actions.RolesOf(role)}}
		_, err := o.bot.actions.DeadLetters(t.Context(), call)
		if (err == nil) != allowed {
			t.Errorf("%s lists them: %v", role, err)
		}
		want := actions.Forbidden
		if allowed {
			want = actions.Invalid
		}
		if err := o.bot.actions.RetryLetter(t.Context(), call, "o-1", " "); actions.CodeOf(err) != want {
			t.Errorf("%s retries one without a reason: %v", role, err)
		}
	}
}
