package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// delistKept takes an address off what is kept of a system, at the moment.
func (s *site) delistKept(t testing.TB, source, address string) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.DelistKept(t.Context(), source, address, moment) })
}

// suppressionsDelistedElsewhere: what a system was seen to list no more, however it is
// written there, a diagnosis doesn't know any more; all else it does.
func suppressionsDelistedElsewhere(t *testing.T, s *site) {
	s.put(t, listedJane(), on("jane@acme.example", actions.ListGlobal, 5*day))
	s.keep(t, "SES", ago(time.Minute), on("jane@acme.example", actions.ListBounce, 4*day), on("JANE@acme.example", actions.ListBlock, 3*day),
		on("jane@acme.example", actions.ListUnsubscribe, 2*day), on("joe@acme.example", actions.ListBounce, day))
	s.keep(t, "another", ago(time.Minute), on("jane@acme.example", actions.ListComplaint, day))
	s.delistKept(t, "", "jane@acme.example")
	s.delistKept(t, "nobody", "jane@acme.example")
	same(t, "how many a diagnosis knows", len(s.diagnosed(t)), 5)
	s.delistKept(t, "SES", "Jane@Acme.example")
	same(t, "what a diagnosis knows", s.diagnosed(t), []actions.SuppressionList{actions.ListComplaint, actions.ListUnsubscribe, actions.ListGlobal})
	same(t, "what is off", s.value(t, `SELECT count(*) FROM suppressions WHERE delisted_at IS NOT NULL`), "2")
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "0")
}

// listedElsewhereAgain: what was imported and went off its list is known again when
// another system lists it still, or later; it isn't the directory's for that, and
// stays as long as that system lists it.
func listedElsewhereAgain(t *testing.T, s *site) {
	imported, theirs := on("jane@acme.example", actions.ListBounce, 2*day), on("jane@acme.example", actions.ListBounce, day)
	s.put(t, listedJane(), imported)
	s.keep(t, "SES", ago(time.Hour), theirs)
	same(t, "what a diagnosis knows at first", s.changed(t).Suppression, []actions.Suppression{imported})
	c := delisting("op-1/delisted", "jane@acme.example")
	s.apply(t, c)
	same(t, "what it knows while they list it still", s.changed(t).Suppression, []actions.Suppression{theirs})
	s.delistKept(t, "SES", "jane@acme.example")
	s.keep(t, "SES", ago(time.Second), theirs)
	same(t, "what it knows when they don't", s.changed(t).Suppression, []actions.Suppression(nil))
	s.keep(t, "SES", moment.Add(time.Hour), theirs)
	same(t, "what it knows when they do later", s.changed(t).Suppression, []actions.Suppression{theirs})
	same(t, "whether it is off the directory's", s.applied(t, c), true)
	same(t, "the tally of the same record", s.put(t, imported), actions.Tally{"suppression": {Unchanged: 1}})
	s.drop(t, "SES", moment.Add(2*time.Hour))
	same(t, "what it knows in the end", s.changed(t).Suppression, []actions.Suppression(nil))
	same(t, "the tally of the same record in the end", s.put(t, imported), actions.Tally{"suppression": {Unchanged: 1}})
}

// spellings: an address is asked for as it is written anywhere, off its list or on it.
func spellings(t *testing.T, s *site) {
	s.put(t, listedJane(), on("JANE@acme.example", actions.ListBounce, day), on("joe@acme.example", actions.ListBounce, day))
	s.keep(t, "SES", ago(time.Hour), on("Jane@ACME.example", actions.ListBounce, day), on("Jane@ACME.example", actions.ListBlock, day))
	s.delistKept(t, "SES", "jane@acme.example")
	for address, want := range map[string][]string{
		"jane@acme.example": {"JANE@acme.example", "Jane@ACME.example"}, "nobody@acme.example": nil, "": nil, "jane@acme.example\x00": nil,
	} {
		written, err := s.Spellings(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the spellings of "+address, written, want)
	}
	many := make([]actions.Suppression, 11)
	for i := range many {
		many[i] = on(strings.ToUpper("jane@acme.example"[:i])+"jane@acme.example"[i:], actions.ListGlobal, day)
	}
	s.keep(t, "SES", moment, many...)
	written, err := s.Spellings(t.Context(), "jane@acme.example")
	same(t, "how many are looked at", len(written), 10)
	same(t, "the error", err, nil)
}
