package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// kindNames are the wire names of the kinds of the samples, in their order.
var kindNames = []string{
	"account", "user", "membership", "lock", "attempt", "code", "delivery", "reset_link", "suppression", "staff_network",
}

func testTally(t *testing.T) {
	t.Run("EveryKind", func(t *testing.T) { each(t, tallyOfKinds) })
	t.Run("Mixed", func(t *testing.T) { each(t, tallyMixed) })
}

// everyKind is the tally of one record of every kind.
func everyKind(n actions.Count) actions.Tally {
	tally := actions.Tally{}
	for _, kind := range kindNames {
		tally[kind] = n
	}
	return tally
}

func tallyOfKinds(t *testing.T, s *site) {
	same(t, "the first import", s.put(t, samples()...), everyKind(actions.Count{New: 1}))
	same(t, "the same again", s.put(t, samples()...), everyKind(actions.Count{Unchanged: 1}))
	same(t, "a changed import", s.put(t, changedSamples()...), everyKind(actions.Count{Changed: 1}))
	same(t, "the changed one again", s.put(t, changedSamples()...), everyKind(actions.Count{Unchanged: 1}))
}

// tallyMixed holds numbers apart within one batch, below and above what is
// worth another way of storing.
func tallyMixed(t *testing.T, s *site) {
	for _, n := range []int{3, 300} {
		var first, second []any
		for i := range n {
			users := fmt.Sprintf("user-%d-%d", n, i)
			attempts := fmt.Sprintf("at-%d-%d", n, i)
			at := ago(time.Duration(i+1) * time.Minute)
			first = append(first, person(users, "a"), try(attempts, "user-1", at, actions.WrongPassword))
			second = append(second, person("new-"+users, "a"), try("new-"+attempts, "user-1", at, actions.WrongPassword))
			name, outcome := "a", actions.WrongPassword
			if i%3 == 0 {
				name, outcome = "b", actions.LockedOut
			}
			second = append(second, person(users, name), try(attempts, "user-1", at, outcome))
		}
		s.put(t, first...)
		want := actions.Count{New: n, Changed: n / 3, Unchanged: n - n/3}
		same(t, fmt.Sprintf("a batch of %d new among as many old ones", n), s.put(t, second...), actions.Tally{"user": want, "attempt": want})
	}
}
