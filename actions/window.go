package actions

import "net/netip"

// window follows what a run of failures that moves through time holds, network
// by network, so that each run costs only what enters and leaves it: an attack
// of thousands of failures has as many runs.
type window struct {
	seen     map[netip.Prefix]presence
	networks int // with a failure in the run; no address is no network
	foreign  int // failures from a network that isn't the user's own
	entered  int // foreign networks of the run that a success fits to
}

// presence is what a window holds of one network: failures of the run,
// successes that make it the user's own, and successes that may be a takeover.
type presence struct{ failures, own, entries int }

func (w *window) change(network netip.Prefix, by presence, times int) {
	p := w.seen[network]
	w.count(network, p, -1)
	p.failures += times * by.failures
	p.own += times * by.own
	p.entries += times * by.entries
	w.count(network, p, 1)
	w.seen[network] = p
}

// count adds what one network means for the window, or takes it off.
func (w *window) count(network netip.Prefix, p presence, sign int) {
	if p.own == 0 || !network.IsValid() {
		w.foreign += sign * p.failures
	}
	if p.failures == 0 || !network.IsValid() {
		return
	}
	w.networks += sign
	if p.own == 0 && p.entries > 0 {
		w.entered += sign
	}
}

// queue lets attempts enter a window and leave it again, the oldest first.
type queue struct {
	attempts []Attempt // oldest first
	networks []netip.Prefix
	each     presence // what one of them adds to the window
	from, to int      // attempts[from:to] are inside
}

func newQueue(attempts []Attempt, each presence) *queue {
	q := &queue{attempts: attempts, networks: make([]netip.Prefix, len(attempts)), each: each}
	for i, a := range attempts {
		q.networks[i] = a.Network()
	}
	return q
}

// move lets in who enters, and out who leaves by then. Neither may take back
// what it said of an attempt when it is asked again later.
func (q *queue) move(w *window, enters, leaves func(Attempt) bool) {
	for ; q.to < len(q.attempts) && enters(q.attempts[q.to]); q.to++ {
		w.change(q.networks[q.to], q.each, 1)
	}
	for ; q.from < q.to && leaves(q.attempts[q.from]); q.from++ {
		w.change(q.networks[q.from], q.each, -1)
	}
}

// inside returns the attempts that are in the window, oldest first.
func (q *queue) inside() []Attempt { return q.attempts[q.from:q.to] }
