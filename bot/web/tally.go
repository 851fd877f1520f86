package web

import (
	"net/netip"
	"sync"
	"time"
)

// addressesAtOnce is how many addresses a tally knows. When there are more, the
// tokens themselves have to do: they can't be guessed, and customers aren't
// turned away for what others do.
const addressesAtOnce = 100_000

// tally counts what came from an address, from one minute or so to the next.
type tally struct {
	limit int
	span  time.Duration

	mu    sync.Mutex
	end   time.Time // of the span that is counted
	count map[netip.Prefix]int
}

func newTally(limit int, span time.Duration) *tally {
	return &tally{limit: limit, span: span, count: map[netip.Prefix]int{}}
}

// full reports whether an address has had enough.
func (t *tally) full(address netip.Addr) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn()
	return t.count[network(address)] >= t.limit
}

// note counts one more.
func (t *tally) note(address netip.Addr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn()
	from := network(address)
	if !from.IsValid() {
		return
	}
	if _, known := t.count[from]; known || len(t.count) < addressesAtOnce {
		t.count[from]++
	}
}

// turn begins the next span when the one before is over.
func (t *tally) turn() {
	if now := time.Now(); now.After(t.end) {
		t.end = now.Add(t.span)
		clear(t.count)
	}
}

// network is what one person has: an address, and in IPv6 the 64 bits before
// those that everybody chooses for themselves. It isn't valid for the zero Addr.
func network(address netip.Addr) netip.Prefix {
	bits := 64
	if address.Is4() {
		bits = 32
	}
	from, _ := address.Prefix(bits) // of the zero Addr it is the zero Prefix
	return from
}
