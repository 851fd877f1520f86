package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// Outbox holds the messages that must reach somebody later. The package store
// implements it over the table that the use cases write to.
type Outbox interface {
	// Lease hands out at most limit messages of those kinds that are due at now,
	// oldest first, at most one for each receiver and none for one that has a
	// message under way, for as long as hold. One whose receiver isn't free at once
	// says so by its NotBefore, at most a second later. A lease that ran out may be
	// handed out again. Other kinds wait untouched for whoever knows them.
	Lease(ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind) ([]actions.Outgoing, error)
	// Settle writes down what became of messages. It does nothing to one whose lease
	// has gone to somebody else.
	Settle(ctx context.Context, at time.Time, endings ...actions.Ending) error
	// Place returns where the message of a kind for a receiver about a record stands,
	// as Settle was told last.
	Place(ctx context.Context, kind actions.OutgoingKind, to, ref string) (place actions.Posted, found bool, err error)
}

// How messages are delivered.
const (
	deliverEvery = 200 * time.Millisecond // how long a message waits at most
	deliverPace  = time.Second            // between two messages in a channel
	deliverHold  = time.Minute
	deliverMost  = 1000             // messages under way, one for each receiver
	deliverLimit = 30 * time.Second // for one message
	settleLimit  = 10 * time.Second // for writing down what became of them
	deliverFor   = 24 * time.Hour   // then it is a dead letter
	firstRetry   = 2 * time.Second
	lastRetry    = 15 * time.Minute
)

// Run delivers what is in the outbox until ctx ends. Any number of replicas
// may do so at once.
func (b *Bot) Run(ctx context.Context) {
	b.runs.Store(true)
	tick := time.NewTicker(deliverEvery)
	defer tick.Stop()
	round := b.newRound()
	for failed := false; ; {
		err := round.turn(ctx)
		if err != nil && !failed && ctx.Err() == nil { // said once, not each time
			b.log.ErrorContext(ctx, "the outbox can't be emptied, and is tried again and again", "error", err)
		}
		failed = err != nil
		select {
		case <-tick.C:
		case <-ctx.Done():
			if err := round.finish(ctx); err != nil {
				b.log.ErrorContext(ctx, "what became of some messages couldn't be written down, so they are looked for in Slack", "error", err)
			}
			return
		}
	}
}

// Deliver delivers the messages that are due now, one for each receiver. Its
// error is the outbox's; what Slack refuses is tried again later, or becomes a
// dead letter.
func (b *Bot) Deliver(ctx context.Context) error {
	round := b.newRound()
	return errors.Join(round.turn(ctx), round.finish(ctx))
}

// round delivers messages, each by a goroutine of its own: a channel that Slack
// is slow with holds up no other. It leases and settles many at once, since
// each costs the database a transaction.
type round struct {
	bot     *Bot
	ended   chan actions.Ending // never blocks who sends
	under   int                 // messages that were leased and aren't settled
	endings []actions.Ending    // to be settled
}

func (b *Bot) newRound() *round { return &round{bot: b, ended: make(chan actions.Ending, deliverMost)} }

// turn settles what has ended, and begins what can be.
func (r *round) turn(ctx context.Context) error {
	for more := true; more; {
		select {
		case ending := <-r.ended:
			r.endings = append(r.endings, ending)
		default:
			more = false
		}
	}
	if err := r.settle(ctx); err != nil {
		return err
	}
	leased, err := r.bot.outbox.Lease(ctx, r.bot.now(), deliverHold, deliverMost-r.under, delivered)
	for _, m := range leased {
		r.under++
		go func() { r.ended <- r.bot.deliver(ctx, m) }()
	}
	return err
}

// settle writes down what has ended. What can't be written is kept for the next
// time.
func (r *round) settle(ctx context.Context) error {
	if len(r.endings) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	if err := r.bot.outbox.Settle(ctx, r.bot.now(), r.endings...); err != nil {
		return err
	}
	r.under -= len(r.endings)
	r.endings = nil
	return nil
}

// finish waits for what is under way: a message that was begun is ended also
// when ctx ends meanwhile.
func (r *round) finish(ctx context.Context) error {
	for len(r.endings) < r.under {
		r.endings = append(r.endings, <-r.ended)
	}
	return r.settle(ctx)
}

// deliver delivers one message, once its receiver is free, and says how that
// went.
func (b *Bot) deliver(ctx context.Context, m actions.Outgoing) actions.Ending {
	ctx, cancel := context.WithTimeout(actions.WithRequestID(context.WithoutCancel(ctx), m.Request), deliverLimit)
	defer cancel()
	b.rest(ctx, m.NotBefore)
	s := sending{bot: b, m: m, unclear: m.Unclear}
	err := s.noted(ctx, s.send(ctx))
	ending := actions.Ending{Message: m, Unclear: s.unclear, Posted: s.posted}
	if !s.told.IsZero() {
		ending.Free = s.told.Add(deliverPace)
	}
	var limited *slack.RateLimitedError
	switch {
	case err == nil:
		b.log.InfoContext(ctx, "a message was delivered", "message", m.ID, "kind", m.Kind, "to", m.To, "tries", m.Tries)
		return ending
	case errors.Is(err, ErrUndeliverable) || b.now().Sub(m.At) >= deliverFor:
		ending.Buried = true
		b.log.ErrorContext(ctx, "a message became a dead letter", "message", m.ID, "kind", m.Kind, "to", m.To, "error", err)
	case errors.As(err, &limited):
		ending.Due = b.now().Add(max(limited.RetryAfter, firstRetry))
		ending.Free = ending.Due // nothing else goes there before
	default:
		ending.Due = b.now().Add(pauseBefore(m.Tries))
	}
	ending.Why = whyOf(err)
	return ending
}

// rest waits until a moment, which is near.
func (b *Bot) rest(ctx context.Context, until time.Time) {
	wait := until.Sub(b.now())
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(min(wait, deliverPace))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// pauseBefore is how long to wait after so many tries: twice as long each time,
// give or take a quarter.
func pauseBefore(tries int) time.Duration {
	pause := min(firstRetry<<min(max(tries-1, 0), 20), lastRetry)
	return pause - pause/4 + rand.N(pause/2) //nolint:gosec // not a secret
}
