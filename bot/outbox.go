package bot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// Outbox holds the messages that must reach somebody later. The package store
// implements it over the table that the use cases write to.
type Outbox interface {
	// Lease hands out at most limit messages of those kinds that are due at now,
	// oldest first, at most one for each receiver and none for one that has a
	// message under way, for as long as hold. A lease that ran out may be handed
	// out again. Other kinds wait untouched for whoever knows them.
	Lease(ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind) ([]actions.Outgoing, error)
	// Delivered ends a message. This and what follows do nothing once the lease
	// has gone to somebody else.
	Delivered(ctx context.Context, m actions.Outgoing, at time.Time) error
	// Retry hands a message out again from due on; why is for leads.
	Retry(ctx context.Context, m actions.Outgoing, due time.Time, why string) error
	// Bury keeps a message that can't be delivered as a dead letter.
	Bury(ctx context.Context, m actions.Outgoing, at time.Time, why string) error
}

// delivered are the kinds of messages that are delivered here; see render.
var delivered = []actions.OutgoingKind{actions.OutgoingWatchEnded}

// How messages are delivered.
const (
	deliverEvery  = time.Second // how long a message waits at most
	deliverHold   = time.Minute
	deliverBatch  = 32 // receivers in a round
	deliverAtOnce = 8
	deliverLimit  = 30 * time.Second // for one message
	settleLimit   = 10 * time.Second // for writing down what became of it
	deliverFor    = 24 * time.Hour   // then it is a dead letter
	firstRetry    = 2 * time.Second
	lastRetry     = 15 * time.Minute
)

// Run delivers what is in the outbox until ctx ends. Any number of replicas
// may do so at once.
func (b *Bot) Run(ctx context.Context) {
	tick := time.NewTicker(deliverEvery)
	defer tick.Stop()
	for failed := false; ; {
		err := b.Deliver(ctx)
		if err != nil && !failed && ctx.Err() == nil { // said once, not each second
			b.log.ErrorContext(ctx, "the outbox can't be emptied, and is tried again each second", "error", err)
		}
		failed = err != nil
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Deliver delivers one round of messages that are due: one for each receiver,
// since Slack takes one a second in a channel. Its error is the outbox's; what
// Slack refuses is tried again later, or becomes a dead letter.
func (b *Bot) Deliver(ctx context.Context) error {
	leased, err := b.outbox.Lease(ctx, b.now(), deliverHold, deliverBatch, delivered)
	if err != nil {
		return err
	}
	var all errgroup.Group
	all.SetLimit(deliverAtOnce)
	for _, m := range leased {
		all.Go(func() error { return b.deliver(ctx, m) })
	}
	return all.Wait()
}

// deliver delivers one message and writes down how that went. A message that
// was begun is ended also when ctx ends meanwhile.
func (b *Bot) deliver(ctx context.Context, m actions.Outgoing) error {
	ctx = context.WithoutCancel(ctx)
	sending, cancel := context.WithTimeout(ctx, deliverLimit)
	sent := b.send(sending, m)
	cancel()
	ctx, cancel = context.WithTimeout(ctx, settleLimit)
	defer cancel()
	if sent == nil {
		return b.outbox.Delivered(ctx, m, b.now())
	}
	if errors.Is(sent, ErrUndeliverable) || b.now().Sub(m.At) >= deliverFor {
		b.log.ErrorContext(ctx, "a message became a dead letter", "message", m.ID, "kind", m.Kind, "to", m.To, "error", sent)
		return b.outbox.Bury(ctx, m, b.now(), sent.Error())
	}
	return b.outbox.Retry(ctx, m, b.now().Add(nextTry(m.Tries, sent)), sent.Error())
}

// send renders a message from the records and posts it. A panic is a failure
// like any other.
func (b *Bot) send(ctx context.Context, m actions.Outgoing) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
		}
	}()
	message, err := b.render(ctx, m)
	if err != nil {
		return err
	}
	if isMember(m.To) {
		return b.postDM(ctx, m.To, message)
	}
	return b.workspace.Post(ctx, m.To, message)
}

// isMember reports whether a Slack ID is somebody's, and not a channel's.
func isMember(id string) bool { return id != "" && (id[0] == 'U' || id[0] == 'W') }

// render draws a message whole from the database: the outbox itself holds no
// content.
func (b *Bot) render(ctx context.Context, m actions.Outgoing) (blocks.Message, error) {
	switch m.Kind {
	case actions.OutgoingWatchEnded:
		report, err := b.actions.WatchReport(ctx, m.Ref)
		if actions.CodeOf(err) == actions.NotFound {
			return blocks.Message{}, fmt.Errorf("%w: %w", ErrUndeliverable, err)
		}
		return blocks.WatchEnded(report), err
	}
	return blocks.Message{}, fmt.Errorf("%w: its kind %q is unknown to this version", ErrUndeliverable, m.Kind)
}

// nextTry is how long to wait before the next try: as long as Slack says,
// or twice as long each time, give or take a quarter.
func nextTry(tries int, err error) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return max(limited.RetryAfter, firstRetry)
	}
	pause := min(firstRetry<<min(max(tries-1, 0), 20), lastRetry)
	return pause - pause/4 + rand.N(pause/2) //nolint:gosec // not a secret
}
