package bot

import (
	"context"
	"sync"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// ticketNote gives what was found and done, ready to paste into a ticket.
func (b *Bot) ticketNote(ctx context.Context, r request) (*reply, error) {
	d, err := b.actions.Again(ctx, r.call, actions.ActTicketNote, r.value)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.TicketNote(d))
}

// share shows a diagnosis, masked, to everybody in a support channel.
func (b *Bot) share(ctx context.Context, r request) (*reply, error) {
	if !b.supports(r.in) {
		return nil, actions.Errorf(actions.Invalid, "A diagnosis is shared in a support channel only. Please ask for it there and share it from there.")
	}
	what := r.in.Channel + " " + r.value
	if !b.shared.first(what, b.now()) {
		return nil, actions.Errorf(actions.Conflict, "That was shared here a moment ago, and once is enough.")
	}
	d, err := b.actions.Again(ctx, r.call, actions.ActShare, r.value)
	if err != nil {
		b.shared.forget(what)
		return nil, err
	}
	return newShared(blocks.Shared(d, r.call.Actor.ID))
}

// shareAgain is when the same may be shared once more: a second click that
// comes sooner was meant as the first.
const shareAgain = 10 * time.Second

// sharedLately is what was shared where in the last seconds.
type sharedLately struct {
	mu sync.Mutex
	at map[string]time.Time
}

// first reports whether something wasn't shared lately, and remembers it.
func (s *sharedLately) first(what string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	for other, at := range s.at {
		if now.Sub(at) >= shareAgain {
			delete(s.at, other)
		}
	}
	_, lately := s.at[what]
	if !lately {
		s.at[what] = now
	}
	return !lately
}

// forget says that it wasn't shared after all.
func (s *sharedLately) forget(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.at, what)
}
