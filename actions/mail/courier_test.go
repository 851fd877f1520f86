package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
)

// box is an outbox in memory, with the rules of the real one for letters: what is
// leased is handed to nobody else.
type box struct {
	mu      sync.Mutex
	waiting []actions.Outgoing
	leased  map[string]bool
	ended   map[string]string // how, by message
	dues    []time.Duration   // what retries waited
	kinds   []actions.OutgoingKind
	holds   time.Duration
	fails   error
}

func (b *box) Lease(_ context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind) ([]actions.Outgoing, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kinds, b.holds = kinds, hold
	if b.fails != nil {
		return nil, b.fails
	}
	var got, kept []actions.Outgoing
	for _, m := range b.waiting {
		if len(got) == limit || m.Due.After(now) {
			kept = append(kept, m)
			continue
		}
		m.Tries++
		b.leased[m.ID] = true
		got = append(got, m)
	}
	b.waiting = kept
	return got, nil
}

// end ends a lease.
func (b *box) end(m actions.Outgoing, how string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.leased, m.ID)
	if how != "" {
		b.ended[m.ID] = how
	}
	return nil
}

func (b *box) Delivered(_ context.Context, m actions.Outgoing, _ time.Time) error {
	return b.end(m, "delivered")
}

func (b *box) Retry(_ context.Context, m actions.Outgoing, due time.Time, why string) error {
	b.mu.Lock()
	b.dues = append(b.dues, time.Until(due))
	m.Due = due
	b.waiting = append(b.waiting, m)
	b.mu.Unlock()
	return b.end(m, "")
}

func (b *box) Bury(_ context.Context, m actions.Outgoing, _ time.Time, why string) error {
	return b.end(m, "buried: "+why)
}

// pen sends, as it is told.
type pen struct {
	mu    sync.Mutex
	send  func(ctx context.Context, id string, try int) error
	tries map[string]int
	given []string
}

func (p *pen) SendMail(ctx context.Context, id string) error {
	p.mu.Lock()
	p.tries[id]++
	try := p.tries[id]
	p.mu.Unlock()
	return p.send(ctx, id, try)
}

func (p *pen) MailGivenUp(_ context.Context, id, why string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.given = append(p.given, id+": "+why)
	return nil
}

// round is a courier with n letters, in a bubble with its own clock.
func round(n int, send func(ctx context.Context, id string, try int) error) (*mail.Courier, *box, *pen, *bytes.Buffer) {
	b := &box{leased: map[string]bool{}, ended: map[string]string{}}
	for i := range n {
		id := fmt.Sprint(i)
		b.waiting = append(b.waiting, actions.Outgoing{ID: "o" + id, Kind: actions.OutgoingMail, To: "email", Ref: id, At: time.Now(), Due: time.Now()})
	}
	p, log := &pen{send: send, tries: map[string]int{}}, &bytes.Buffer{}
	return &mail.Courier{Outbox: b, Actions: p, Log: slog.New(slog.NewTextHandler(log, nil))}, b, p, log
}

// running runs a courier in a bubble for a time and then stops it.
func running(t *testing.T, c *mail.Courier, span time.Duration) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), span)
	defer stop()
	c.Run(ctx)
}

func TestCourierSendsSeveralAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		c, b, p, _ := round(40, func(context.Context, string, int) error {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			<-time.After(100 * time.Millisecond)
			mu.Lock()
			now--
			mu.Unlock()
			return nil
		})
		running(t, c, 2*time.Second)
		if most != 4 || len(b.ended) != 40 || len(p.tries) != 40 {
			t.Errorf("%d at once, %d ended, %d sent", most, len(b.ended), len(p.tries))
		}
		if len(b.kinds) != 1 || b.kinds[0] != actions.OutgoingMail || b.holds < 4*time.Minute {
			t.Errorf("it leases %v for %v", b.kinds, b.holds)
		}
	})
}

func TestCourierTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b, _, _ := round(1, func(_ context.Context, _ string, try int) error {
			if try < 12 {
				return &actions.SendError{Sentence: "down"}
			}
			return nil
		})
		running(t, c, 3*time.Hour)
		if b.ended["o0"] != "delivered" || len(b.dues) != 11 {
			t.Fatalf("it ended %q after %v", b.ended["o0"], b.dues)
		}
		if first, last := b.dues[0], b.dues[10]; first < 1500*time.Millisecond || first > 2500*time.Millisecond || last < 11*time.Minute || last > 19*time.Minute {
			t.Errorf("it waited %v first and %v last", first, last)
		}
	})
}

func TestCourierWaitsAsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b, _, _ := round(1, func(_ context.Context, _ string, try int) error {
			return map[int]error{1: &actions.SendError{After: 90 * time.Second}, 2: &actions.SendError{After: 100 * time.Hour}}[try]
		})
		running(t, c, 2*time.Hour)
		if len(b.dues) != 2 || b.dues[0] != 90*time.Second || b.dues[1] != time.Hour {
			t.Errorf("it waited %v", b.dues)
		}
	})
}

func TestCourierEnds(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"Refused": {&actions.SendError{Refused: true, Sentence: "no such mailbox"}, "buried: no such mailbox"},
		"Unclear": {&actions.SendError{Unclear: true}, "delivered"},
		"Gone":    {actions.Errorf(actions.NotFound, "no such mail"), "buried: the message isn't there any more"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				courier, b, p, _ := round(1, func(context.Context, string, int) error { return c.err })
				running(t, courier, time.Hour)
				if b.ended["o0"] != c.want || p.tries["0"] != 1 || len(p.given) != 0 {
					t.Errorf("it ended %q after %d tries, given up: %v", b.ended["o0"], p.tries["0"], p.given)
				}
			})
		})
	}
}

func TestCourierGivesUpAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b, p, _ := round(1, func(context.Context, string, int) error {
			return &actions.SendError{Sentence: "The mail server is down."}
		})
		begun := time.Now()
		running(t, c, 30*time.Hour)
		if b.ended["o0"] != "buried: The mail server is down." || len(p.given) != 1 || p.given[0] != "0: The mail server is down." {
			t.Errorf("it ended %q, given up: %v", b.ended["o0"], p.given)
		}
		if n := p.tries["0"]; n < 90 || n > 140 {
			t.Errorf("it was tried %d times since %v", n, begun)
		}
	})
}

func TestCourierFinishesWhatItBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b, _, _ := round(1, func(ctx context.Context, _ string, _ int) error {
			<-time.After(30 * time.Second)
			return ctx.Err()
		})
		running(t, c, time.Second)
		if b.ended["o0"] != "delivered" {
			t.Errorf("it ended %q", b.ended["o0"])
		}
	})
}

func TestCourierSurvives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b, _, log := round(2, func(_ context.Context, id string, try int) error {
			if id == "0" && try == 1 {
				panic("canary " + canaryLink)
			}
			if id == "1" && try == 1 {
				return errors.New("canary")
			}
			return nil
		})
		b.fails = errors.New("the database is away")
		go func() {
			<-time.After(10500 * time.Millisecond)
			b.mu.Lock()
			defer b.mu.Unlock()
			b.fails = nil
		}()
		running(t, c, time.Minute)
		if b.ended["o0"] != "delivered" || b.ended["o1"] != "delivered" {
			t.Errorf("they ended %v", b.ended)
		}
		if n := strings.Count(log.String(), "the database is away"); n != 1 {
			t.Errorf("it is said %d times", n)
		}
		if strings.Contains(log.String(), "canaryToken") {
			t.Error("the log shows what a panic says")
		}
	})
}

func TestDeliver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, b, _, _ := round(6, func(context.Context, string, int) error { return nil })
		for _, want := range []int{4, 2, 0} {
			if n, err := c.Deliver(t.Context()); n != want || err != nil {
				t.Errorf("%d were sent, not %d: %v", n, want, err)
			}
		}
		if len(b.ended) != 6 {
			t.Errorf("%d ended", len(b.ended))
		}
	})
}
