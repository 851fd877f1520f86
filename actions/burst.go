package actions

import (
	"net/netip"
	"slices"
	"time"
)

// The measures of a burst (CAUSES.md, "Words").
const (
	burstWindow   = 24 * time.Hour
	denseCount    = 20
	denseSpan     = 10 * time.Minute
	spreadCount   = 10
	spreadNets    = 5
	spreadSpan    = time.Hour
	ownNetworkFor = 30 * 24 * time.Hour
	takeoverAfter = 10 * time.Minute
)

// bursts is what the failures of the last 24 hours amount to.
type bursts struct {
	any      *burst   // the widest run that is a burst
	foreign  *burst   // the widest that is foreign
	takeover *burst   // the widest foreign one with a success that fits
	entry    *Attempt // that success
}

// burst is a run of failures.
type burst struct {
	failures []Attempt // oldest first
	foreign  int       // how many came from a network that wasn't the user's own
}

// measure says what makes a run of failures a burst.
type measure struct {
	count, networks int // at least
	span            time.Duration
}

var measures = []measure{
	{count: denseCount, span: denseSpan},
	{count: spreadCount, networks: spreadNets, span: spreadSpan},
}

// burstOutcomes are the outcomes that count towards a burst.
var burstOutcomes = []Outcome{WrongPassword, LockedOut, MFAFailed, CodeWrong}

// findBursts looks at every run that fits. A part of a run that fits counts
// only if it fits itself, but whatever it shows (a foreign failure, a success
// from one of its foreign networks) the longest run from the same first
// failure shows too, and what is the user's own is judged at that first
// failure: so one run per first failure and measure is enough.
func findBursts(s *situation) bursts {
	successes := slices.Clone(s.Successes)
	slices.Reverse(successes)
	found := burstsAmong(burstFailures(s), successes)
	if found.takeover != nil {
		found.entry = entryOf(s.Successes, found.takeover.failures)
	}
	return found
}

// burstsAmong looks at every run of failures of the outcomes that count, with the
// successes that tell the user's own networks; both have the oldest first.
func burstsAmong(failures, successes []Attempt) bursts {
	return burstsBegun(failures, successes, len(failures))
}

// burstsBegun is burstsAmong of those runs alone that begin with one of the first so many
// failures.
func burstsBegun(failures, successes []Attempt, begins int) bursts {
	var found bursts
	if len(failures) < spreadCount {
		return found
	}
	for _, m := range measures {
		found.slide(m, failures, successes, begins)
	}
	return found
}

// burstFailures returns the failures of the last 24 hours, oldest first.
func burstFailures(s *situation) []Attempt {
	var failures []Attempt
	for _, a := range s.attempts {
		if !a.At.Before(s.At.Add(-burstWindow)) && slices.Contains(burstOutcomes, a.Outcome) {
			failures = append(failures, a)
		}
	}
	slices.Reverse(failures)
	return failures
}

// slide judges, for each of the first so many failures, the longest run that begins with
// it and fits the measure. Both lists have the oldest first.
func (b *bursts) slide(m measure, failures, successes []Attempt, begins int) {
	w := window{seen: map[netip.Prefix]presence{}}
	run := newQueue(failures, presence{failures: 1})
	own := newQueue(successes, presence{own: 1})
	entries := newQueue(successes, presence{entries: 1})
	for _, first := range failures[:begins] {
		begun := first.At
		run.move(&w,
			func(a Attempt) bool { return a.At.Sub(begun) <= m.span },
			func(a Attempt) bool { return a.Compare(first) < 0 })
		own.move(&w,
			func(a Attempt) bool { return !a.At.After(begun) },
			func(a Attempt) bool { return a.At.Before(begun.Add(-ownNetworkFor)) })
		latest := failures[run.to-1].At.Add(takeoverAfter)
		entries.move(&w,
			func(a Attempt) bool { return !a.At.After(latest) },
			func(a Attempt) bool { return a.Compare(first) <= 0 })
		if len(run.inside()) >= m.count && w.networks >= m.networks {
			b.take(burst{failures: run.inside(), foreign: w.foreign}, w.entered > 0)
		}
	}
}

// take takes a burst into account.
func (b *bursts) take(this burst, entered bool) {
	b.any = wider(b.any, &this)
	if this.foreign > 0 {
		b.foreign = wider(b.foreign, &this)
	}
	if entered {
		b.takeover = wider(b.takeover, &this)
	}
}

// wider returns the burst with more failures, the first of equals.
func wider(a, b *burst) *burst {
	if a == nil || len(b.failures) > len(a.failures) {
		return b
	}
	return a
}

// entryOf returns the newest success (they come newest first) from one of the
// run's foreign networks after its first failure and at most 10 minutes after
// its last.
func entryOf(successes, run []Attempt) *Attempt {
	first, latest := run[0], run[len(run)-1].At.Add(takeoverAfter)
	own := map[netip.Prefix]bool{}
	for _, success := range successes {
		if !success.At.After(first.At) && !success.At.Before(first.At.Add(-ownNetworkFor)) {
			own[success.Network()] = true
		}
	}
	tried := networksOf(run)
	for i, success := range successes {
		network := success.Network()
		if success.Compare(first) > 0 && !success.At.After(latest) && network.IsValid() && tried[network] > 0 && !own[network] {
			return &successes[i]
		}
	}
	return nil
}
