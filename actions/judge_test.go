package actions

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// situations is how many random situations a property is tried on.
const situations = 1500

// everySituation tries a property on random situations.
func everySituation(t *testing.T, property func(t *testing.T, c chance, s *scene)) {
	t.Helper()
	c := newChance(7)
	for i := range situations {
		s := c.scene()
		if property(t, c, s); t.Failed() {
			t.Fatalf("situation %d: %+v", i, s.Snapshot)
		}
	}
}

// same checks that both scenes have the same causes with the same grades.
func same(t *testing.T, a, b *scene) {
	t.Helper()
	if diff := cmp.Diff(causesOf(a.judge()), causesOf(b.judge())); diff != "" {
		t.Error(diff)
	}
}

func TestFindingsAreSound(t *testing.T) {
	found := map[string]bool{}
	everySituation(t, func(t *testing.T, _ chance, s *scene) {
		d := s.judge()
		sound(t, d)
		if len(d.Findings) == 0 {
			t.Error("nothing was found, not even that nothing is known")
		}
		for _, cause := range causesOf(d) {
			found[cause] = true
		}
	})
	for _, c := range causes {
		if c.find != nil && !found[string(c.id)+" proven"] && !found[string(c.id)+" indicated"] && !found[string(c.id)+" unknown"] {
			t.Errorf("no situation has the cause %s: the properties aren't tried on it", c.id)
		}
	}
}

// Judging doesn't change the snapshot, which others may hold.
func TestJudgingChangesNothing(t *testing.T) {
	everySituation(t, func(t *testing.T, _ chance, s *scene) {
		before := s.moved(0)
		s.judge()
		if !reflect.DeepEqual(before.Snapshot, s.Snapshot) {
			t.Error("the snapshot was changed")
		}
	})
}

// The one rule that looks at a calendar counts 3 months back. Four years have
// the same months, the leap day with them, as long as 1900 and 2100 are far:
// times move by whole multiples of them.
func TestFindingsMoveWithTime(t *testing.T) {
	const fourYears = 1461 * aDay
	everySituation(t, func(t *testing.T, c chance, s *scene) {
		same(t, s, s.moved(time.Duration(c.IntN(30)-20)*fourYears))
	})
}

// Without that rule times move by any distance.
func TestFindingsMoveByAnyTime(t *testing.T) {
	everySituation(t, func(t *testing.T, c chance, s *scene) {
		s.rules.IdleMonths = 0
		same(t, s, s.moved(time.Duration(c.Int64N(int64(40*365*aDay)))-20*365*aDay))
	})
}

func TestFindingsDoNotDependOnNames(t *testing.T) {
	everySituation(t, func(t *testing.T, c chance, s *scene) {
		letters := []byte("abcdefghijklmnopqrstuvwxyz")
		c.Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
		same(t, s, s.renamed(string(letters), byte(c.IntN(256))))
	})
}

func TestFindingsDoNotDependOnOrder(t *testing.T) {
	everySituation(t, func(t *testing.T, c chance, s *scene) { same(t, s, s.shuffled(c)) })
}

func TestStaffNeverCounts(t *testing.T) {
	everySituation(t, func(t *testing.T, c chance, s *scene) {
		with := s.moved(0)
		for range 1 + c.IntN(30) {
			tried(c.ago(), c.outcome(), from(staff), on("laptop"))(with)
			mistyped(c.ago(), "jane.dow", from(staff))(with)
		}
		with.sort()
		same(t, s, with)
	})
}

// The future is hidden: what comes later changes nothing now.
func TestTheFutureDoesNotCount(t *testing.T) {
	everySituation(t, func(t *testing.T, c chance, s *scene) {
		with := s.moved(0)
		later := -tick - time.Duration(c.IntN(100))*minute
		all(tried(later, c.outcome(), from(c.ip())), lockedFor(LockManual, later), mailed(later, DeliveryCode, Bounced),
			texted(later, DeliveryCode, Failed), coded(later, ChannelSMS), linked(later), suppressed(later, ListGlobal),
			mistyped(later, "jane.dow"))(with)
		with.sort()
		same(t, s, with)
	})
}

// What findBursts takes shortcuts to, tried the long way: every run there is.
func TestBurstsTheLongWay(t *testing.T) {
	everySituation(t, func(t *testing.T, _ chance, s *scene) {
		prepared := newSituation(s.Snapshot, s.rules, s.abilities)
		anyBurst, foreign, takeover := false, false, false
		failures := burstFailures(prepared)
		for first := range failures {
			for last := first; last < len(failures); last++ {
				run := failures[first : last+1]
				if !fits(run) {
					continue
				}
				anyBurst = true
				foreign = foreign || slices.ContainsFunc(run, func(a Attempt) bool { return !ownAt(prepared, run[0].At, a) })
				takeover = takeover || takenOver(prepared, run)
			}
		}
		found := prepared.bursts
		if anyBurst != (found.any != nil) || foreign != (found.foreign != nil) || takeover != (found.takeover != nil) {
			t.Errorf("any %t, foreign %t, takeover %t; found %+v", anyBurst, foreign, takeover, found)
		}
		if takeover && !found.entry.isNewestInto(prepared, found.takeover.failures) {
			t.Errorf("the success of the takeover is %+v", found.entry)
		}
	})
}

func fits(run []Attempt) bool {
	span, networks := run[len(run)-1].At.Sub(run[0].At), networksOf(run)
	return len(run) >= 20 && span <= 10*minute || len(run) >= 10 && countNetworks(networks) >= 5 && span <= hour
}

func ownAt(s *situation, at time.Time, a Attempt) bool {
	return a.Network().IsValid() && slices.ContainsFunc(s.Successes, func(success Attempt) bool {
		return success.Network() == a.Network() && !success.At.After(at) && at.Sub(success.At) <= 30*aDay
	})
}

func takenOver(s *situation, run []Attempt) bool {
	return slices.ContainsFunc(s.Successes, func(success Attempt) bool { return enters(s, run, success) })
}

// enters reports whether the success comes from a foreign network of the run,
// in its time.
func enters(s *situation, run []Attempt, success Attempt) bool {
	first, last := run[0], run[len(run)-1]
	return success.Compare(first) > 0 && success.At.Sub(last.At) <= 10*minute && success.Network().IsValid() &&
		!ownAt(s, first.At, success) && slices.ContainsFunc(run, func(a Attempt) bool { return a.Network() == success.Network() })
}

// isNewestInto reports whether it is the newest success that enters by the run.
func (a *Attempt) isNewestInto(s *situation, run []Attempt) bool {
	i := slices.IndexFunc(s.Successes, func(success Attempt) bool { return enters(s, run, success) })
	return a != nil && i >= 0 && s.Successes[i] == *a
}
