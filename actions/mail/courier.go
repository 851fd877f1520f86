package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Outbox holds the letters that wait. The package store implements it over the
// table that the use cases write to.
type Outbox interface {
	// Lease hands out at most limit messages of those kinds that are due at now, for
	// as long as hold. Letters don't wait for each other (see
	// [actions.OutgoingKind.Together]).
	Lease(ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind) ([]actions.Outgoing, error)
	// Delivered ends a message. This and what follows do nothing once the lease
	// has gone to somebody else.
	Delivered(ctx context.Context, m actions.Outgoing, at time.Time) error
	// Retry hands a message out again from due on; why is for leads.
	Retry(ctx context.Context, m actions.Outgoing, due time.Time, why string) error
	// Bury keeps a message that can't be delivered as a dead letter.
	Bury(ctx context.Context, m actions.Outgoing, at time.Time, why string) error
}

// Sender makes and sends one message. [actions.Actions] is one.
type Sender interface {
	// SendMail sends the message with that ID and writes down how that went. An
	// [*actions.SendError] that is Refused or Unclear is written down already, and
	// NotFound is for one that is gone; any other error asks for another try.
	SendMail(ctx context.Context, id string) error
	// MailGivenUp writes down that a message wasn't sent in a day, and why. It may
	// be told twice.
	MailGivenUp(ctx context.Context, id, why string) error
}

// Courier takes letters from the outbox and has them sent, several at once.
type Courier struct {
	Outbox  Outbox
	Actions Sender
	Log     *slog.Logger
	Now     func() time.Time // nil: the system's clock
}

// How letters are sent.
const (
	sendEvery   = time.Second // how long a letter waits at most
	sendAtOnce  = 4
	sendLimit   = 3 * time.Minute // for one letter: hello and sending take a minute each
	settleLimit = 10 * time.Second
	sendHold    = 5 * time.Minute // longer than sendLimit and settleLimit
	sendFor     = 24 * time.Hour  // then it is a dead letter
	firstRetry  = 2 * time.Second
	lastRetry   = 15 * time.Minute
	longestWait = time.Hour // that another side may ask for
)

// Run has letters sent until ctx ends, and returns when those that were begun are
// done. Any number of replicas may do so at once.
func (c *Courier) Run(ctx context.Context) {
	tick := time.NewTicker(sendEvery)
	defer tick.Stop()
	var busy sync.WaitGroup
	defer busy.Wait()
	free, done, failed := sendAtOnce, make(chan struct{}, sendAtOnce), false
	for {
		begun, err := c.begin(ctx, free, &busy, done)
		if err != nil && !failed && ctx.Err() == nil { // said once, not each second
			c.Log.ErrorContext(ctx, "letters can't be taken from the outbox, and it is tried again each second", "error", err)
		}
		free, failed = free-begun, err != nil
		select {
		case <-tick.C:
		case <-done: // there may be more that waits for a hand
			free++
		case <-ctx.Done():
			return
		}
	}
}

// begin leases as many letters as there are hands free, and has them sent.
func (c *Courier) begin(ctx context.Context, free int, busy *sync.WaitGroup, done chan<- struct{}) (int, error) {
	if free == 0 {
		return 0, nil
	}
	letters, err := c.Outbox.Lease(ctx, c.now(), sendHold, free, []actions.OutgoingKind{actions.OutgoingMail})
	for _, m := range letters {
		busy.Go(func() {
			if err := c.deliver(ctx, m); err != nil {
				c.Log.ErrorContext(ctx, "what became of a letter can't be written down", "message", m.ID, "error", err)
			}
			done <- struct{}{}
		})
	}
	return len(letters), err
}

// Deliver has one round of letters sent that are due and returns when they are
// done: how many. Its error is the outbox's.
func (c *Courier) Deliver(ctx context.Context) (int, error) {
	var busy sync.WaitGroup
	begun, err := c.begin(ctx, sendAtOnce, &busy, make(chan struct{}, sendAtOnce))
	busy.Wait()
	return begun, err
}

// now is the time.
func (c *Courier) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// deliver has one letter sent and writes down how that went. A letter that was
// begun is ended also when ctx ends meanwhile.
func (c *Courier) deliver(ctx context.Context, m actions.Outgoing) error {
	ctx = actions.WithRequestID(context.WithoutCancel(ctx), m.Request)
	sending, cancel := context.WithTimeout(ctx, sendLimit)
	err := c.send(sending, m)
	cancel()
	ctx, cancel = context.WithTimeout(ctx, settleLimit)
	defer cancel()
	var sent *actions.SendError
	switch known := errors.As(err, &sent); {
	case err == nil, known && sent.Unclear: // the message itself says so; another try could double it
		c.Log.InfoContext(ctx, "a letter was sent", "message", m.ID, "mail", m.Ref, "tries", m.Tries)
		return c.Outbox.Delivered(ctx, m, c.now())
	case known && sent.Refused: // a lead may have it tried again, once what stands in the way is put right
		return c.Outbox.Bury(ctx, m, c.now(), sent.Sentence)
	case actions.CodeOf(err) == actions.NotFound:
		return c.Outbox.Bury(ctx, m, c.now(), "the message isn't there any more")
	case c.now().Sub(m.At) >= sendFor:
		return c.giveUp(ctx, m, err)
	}
	return c.Outbox.Retry(ctx, m, c.now().Add(nextTry(m.Tries, sent)), why(err))
}

// send has a letter sent. A panic is a failure like any other.
func (c *Courier) send(ctx context.Context, m actions.Outgoing) (err error) {
	defer func() {
		if v := recover(); v != nil {
			c.Log.ErrorContext(ctx, "sending a letter went wrong", "message", m.ID, "stack", string(debug.Stack()))
			err = fmt.Errorf("sending a letter panicked: %T", v) // not v: it may hold what the letter says
		}
	}()
	return c.Actions.SendMail(ctx, m.Ref)
}

// giveUp makes a dead letter of one that was tried for a day.
func (c *Courier) giveUp(ctx context.Context, m actions.Outgoing, err error) error {
	c.Log.ErrorContext(ctx, "a letter became a dead letter", "message", m.ID, "mail", m.Ref, "error", err)
	if err := c.Actions.MailGivenUp(ctx, m.Ref, why(err)); err != nil {
		return err // its lease runs out, and it is given up then
	}
	return c.Outbox.Bury(ctx, m, c.now(), why(err))
}

// why says to leads why a letter wasn't sent.
func why(err error) string {
	var sent *actions.SendError
	var ours *actions.Error
	switch {
	case errors.As(err, &sent):
		return sent.Sentence
	case errors.As(err, &ours):
		return ours.Sentence
	}
	return "Latchkey itself failed; its log says how."
}

// nextTry is how long to wait before the next try: twice as long each time, give
// or take a quarter, and at least as long as the other side asked for.
func nextTry(tries int, sent *actions.SendError) time.Duration {
	pause := min(firstRetry<<min(max(tries-1, 0), 20), lastRetry)
	pause = pause - pause/4 + rand.N(pause/2) //nolint:gosec // not a secret
	if sent != nil {
		pause = max(pause, min(sent.After, longestWait))
	}
	return pause
}
