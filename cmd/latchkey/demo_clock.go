package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// wish is that time passes.
type wish struct {
	by   time.Duration
	done chan error
}

// clockwork moves the demo's clock on, one leap after the other, and has happen what
// is due meanwhile: in order, each at its moment, as if somebody had waited.
type clockwork struct {
	clock  *sandbox.Clock
	house  *house
	bot    *bot.Bot
	wire   *countedOutbox
	log    *slog.Logger
	wishes chan wish
}

// clockwork makes it, over the bot of the demo.
func (d *demo) clockwork(b *bot.Bot, log *slog.Logger) *clockwork {
	return &clockwork{clock: d.clock, house: d.house, bot: b, wire: d.wire, log: log, wishes: make(chan wish)}
}

// ask asks for a leap and returns once it is made.
func (w *clockwork) ask(ctx context.Context, by time.Duration) error {
	one := wish{by, make(chan error, 1)}
	select {
	case w.wishes <- one:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-one.done:
		return err
	case <-ctx.Done(): // it is made all the same
		return ctx.Err()
	}
}

// run makes leaps until ctx ends.
func (w *clockwork) run(ctx context.Context) {
	for {
		select {
		case wish := <-w.wishes:
			err := w.jump(ctx, wish.by)
			if err != nil && ctx.Err() == nil {
				w.log.WarnContext(ctx, "not all that was due happened when the demo's clock was moved on", "error", err)
			}
			wish.done <- err
		case <-ctx.Done():
			return
		}
	}
}

// The stops of a leap: so many at even distances, none shorter than an hour, and one
// wherever something is due to happen with a temporary admin, up to a bound.
const (
	stopsEven = 8
	stopsMost = 100
)

// jump lets so much time pass. What is under way ends before each step, so that
// nothing is thought to be late, or given up, that only the clock overtook.
func (w *clockwork) jump(ctx context.Context, by time.Duration) error {
	if err := w.settle(ctx); err != nil {
		return err
	}
	until, stride := w.clock.Now().Add(by), max(by/stopsEven, time.Hour)
	for range stopsMost {
		now := w.clock.Now()
		next := now.Add(stride)
		if until.Before(next) {
			next = until
		}
		next, err := w.due(ctx, now, next)
		if err != nil {
			return err
		}
		w.clock.GoOn(next.Sub(now))
		if err := w.chores(ctx); err != nil {
			return err
		}
		if !w.clock.Now().Before(until) {
			return nil
		}
	}
	w.clock.GoOn(max(until.Sub(w.clock.Now()), 0))
	return w.chores(ctx)
}

// due is the first moment after now at which something is due with a temporary
// admin, or until.
func (w *clockwork) due(ctx context.Context, now, until time.Time) (time.Time, error) {
	all, err := w.house.store.AdminList(ctx, actions.AdminFilter{Open: true}, stopsMost)
	for _, t := range all {
		if t.Due.After(now) && t.Due.Before(until) {
			until = t.Due
		}
	}
	return until, err
}

// chores does what the cron table has, now, and has it told.
func (w *clockwork) chores(ctx context.Context) error {
	for _, j := range w.house.jobs() {
		w.house.attempt(ctx, j, w.log)
	}
	return w.settle(ctx)
}

// settleLimit is how long what is under way may take to end.
const settleLimit = 10 * time.Second

// settle waits until all answers are given, and messages and letters sent.
func (w *clockwork) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	if err := w.bot.Drain(ctx); err != nil {
		return err
	}
	letters, err := w.house.courier(w.log).Deliver(ctx)
	if err != nil {
		return err
	}
	for letters > 0 {
		if letters, err = w.house.courier(w.log).Deliver(ctx); err != nil {
			return err
		}
	}
	return w.deliver(ctx)
}

// deliver has everything told that waits, a message after the other in each channel.
func (w *clockwork) deliver(ctx context.Context) error {
	for told := int64(-1); told != w.wire.told.Load(); w.clock.GoOn(deliverySpace) {
		told = w.wire.told.Load()
		if err := w.bot.Deliver(ctx); err != nil {
			return err
		}
		if err := w.idle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// idle waits until nothing is under way that others have taken from the outbox.
func (w *clockwork) idle(ctx context.Context) error {
	if w.wire.under.Load() == 0 {
		return nil
	}
	poll := time.NewTicker(settlePoll)
	defer poll.Stop()
	for w.wire.under.Load() > 0 {
		select {
		case <-poll.C:
		case <-ctx.Done():
			return errors.New("some messages were still under way")
		}
	}
	return nil
}

// settlePoll is how often it is looked whether all is told.
const settlePoll = 2 * time.Millisecond

// deliverySpace is the time between two messages in a channel, and a little more.
const deliverySpace = 1100 * time.Millisecond

// countedOutbox is an outbox that knows how much of it is under way.
type countedOutbox struct {
	outbox
	under atomic.Int64 // leased, and nothing has become of it yet
	told  atomic.Int64 // how many something has become of
}

// Lease hands messages out, and counts them.
func (w *countedOutbox) Lease(ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind) ([]actions.Outgoing, error) {
	leased, err := w.outbox.Lease(ctx, now, hold, limit, kinds)
	w.under.Add(int64(len(leased)))
	return leased, err
}

// Settle ends messages.
func (w *countedOutbox) Settle(ctx context.Context, at time.Time, endings ...actions.Ending) error {
	return w.ended(len(endings), w.outbox.Settle(ctx, at, endings...))
}

// Delivered ends a letter, as what follows.
func (w *countedOutbox) Delivered(ctx context.Context, m actions.Outgoing, at time.Time) error {
	return w.ended(1, w.outbox.Delivered(ctx, m, at))
}

// Retry lets a letter wait.
func (w *countedOutbox) Retry(ctx context.Context, m actions.Outgoing, due time.Time, why string) error {
	return w.ended(1, w.outbox.Retry(ctx, m, due, why))
}

// Bury gives a letter up.
func (w *countedOutbox) Bury(ctx context.Context, m actions.Outgoing, at time.Time, why string) error {
	return w.ended(1, w.outbox.Bury(ctx, m, at, why))
}

// ended counts what became of messages, once that is written down.
func (w *countedOutbox) ended(n int, err error) error {
	if err == nil {
		w.under.Add(-int64(n))
		w.told.Add(int64(n))
	}
	return err
}
