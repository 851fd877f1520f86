package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/suppressiontest"
	"github.com/latchkey-bot/latchkey/store"
)

func testSuppressions(t *testing.T) {
	t.Run("Conformance", func(t *testing.T) {
		for name, fresh := range map[string]func(testing.TB) string{"sqlite": SQLiteURL, "postgres": PostgresURL} {
			t.Run(name, func(t *testing.T) {
				suppressiontest.Conformance(t, func(t *testing.T) suppressiontest.Lists { return embedded(t, fresh(t)) })
			})
		}
	})
	t.Run("Listed", func(t *testing.T) { each(t, suppressionsListed) })
	t.Run("Each", func(t *testing.T) { each(t, eachSuppression) })
	t.Run("Delisted", func(t *testing.T) { each(t, suppressionsDelisted) })
	t.Run("DelistedElsewhere", func(t *testing.T) { each(t, suppressionsDelistedElsewhere) })
	t.Run("ListedElsewhereAgain", func(t *testing.T) { each(t, listedElsewhereAgain) })
	t.Run("Spellings", func(t *testing.T) { each(t, spellings) })
	t.Run("NotTheirs", func(t *testing.T) { each(t, delistNotTheirs) })
	t.Run("ImportDoesntUndo", func(t *testing.T) { each(t, importDoesntRelist) })
	t.Run("Kept", func(t *testing.T) { each(t, suppressionsKept) })
	t.Run("KeptBesideTheImport", func(t *testing.T) { each(t, keptBesideImport) })
	t.Run("KeptOff", func(t *testing.T) { each(t, suppressionsKeptOff) })
	t.Run("KeptAtOnce", func(t *testing.T) { each(t, suppressionsKeptAtOnce) })
	t.Run("Dropped", func(t *testing.T) { each(t, suppressionsDropped) })
	t.Run("ManyKept", func(t *testing.T) { each(t, manySuppressionsKept) })
}

// replaceable is a Store that may be replaced.
type replaceable struct{ *store.Store }

// embedded are the embedded lists for the suite that all lists must pass. A file
// doesn't go away: they are silent as a server that isn't there.
func embedded(t *testing.T, url string) suppressiontest.Lists {
	t.Helper()
	s := &site{Store: open(t, url), url: url}
	lists := &replaceable{s.Store}
	return suppressiontest.Lists{
		Suppressions: lists, Several: true,
		Kinds: []actions.SuppressionList{
			actions.ListBounce, actions.ListComplaint, actions.ListUnsubscribe, actions.ListBlock, actions.ListGlobal,
		},
		List: func(t *testing.T, listed ...actions.Suppression) {
			t.Helper()
			bodies := make([]any, len(listed))
			for i, one := range listed {
				bodies[i] = one
			}
			s.put(t, bodies...)
		},
		Customer: func(t *testing.T, address string) string {
			t.Helper()
			user := person("user of "+address, address)
			user.Email = address
			s.put(t, user)
			return user.ID
		},
		Silence: func(t *testing.T) {
			t.Helper()
			nowhere, err := store.Open(t.Context(), "postgres://nobody@127.0.0.1:1/nowhere?sslmode=disable", store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = nowhere.Close() })
			lists.Store = nowhere
		},
	}
}

// on says that an address stands on a list since that long before the moment.
func on(address string, list actions.SuppressionList, d time.Duration) actions.Suppression {
	return actions.Suppression{Address: address, List: list, Since: ago(d), Reason: "so"}
}

// listedJane has the address that these tests are about.
func listedJane() actions.User {
	user := person("user-1", "jane")
	user.Email = "Jane@Acme.example"
	return user
}

func (s *site) listed(t testing.TB, address string) []actions.Suppression {
	t.Helper()
	listed, err := s.Listed(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return listed
}

// diagnosed is what a diagnosis of user-1 knows of lists: names of lists by time.
func (s *site) diagnosed(t testing.TB) (lists []actions.SuppressionList) {
	t.Helper()
	for _, one := range s.changed(t).Suppression {
		lists = append(lists, one.List)
	}
	return lists
}

func (s *site) keep(t testing.TB, source string, seen time.Time, listed ...actions.Suppression) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.KeepListed(t.Context(), source, listed, seen) })
}

func (s *site) drop(t testing.TB, source string, seen time.Time) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.DropListed(t.Context(), source, seen) })
}

// delisting takes an address of user-1 off lists at the moment.
func delisting(id, address string) actions.Change {
	c := changing(id, actions.ChangeDelisted)
	c.Email = address
	return c
}

// suppressionsListed: an address is found however it is written, newest first; what
// another system lists is that system's to say.
func suppressionsListed(t *testing.T, s *site) {
	bounce, block := on("jane@acme.example", actions.ListBounce, 2*day), on("JANE@acme.example", actions.ListBlock, day)
	s.put(t, bounce, block, on("joe@acme.example", actions.ListGlobal, day))
	s.keep(t, "SES", moment, on("jane@acme.example", actions.ListComplaint, 0))
	s.restart(t)
	for address, want := range map[string][]actions.Suppression{
		"Jane@Acme.Example": {block, bounce}, "nobody@acme.example": {}, "": {}, "jane@acme.example\x00": {},
	} {
		same(t, "the lists of "+address, s.listed(t, address), want)
	}
	same(t, "whether it has a name", s.Name() != "", true)
}

// eachSuppression: all that is listed comes once, more than is read at once, up to
// the first error.
func eachSuppression(t *testing.T, s *site) {
	const many = 1100
	bodies := []any{listedJane()}
	for i := range many {
		bodies = append(bodies, on(fmt.Sprintf("a%04d@acme.example", i), []actions.SuppressionList{actions.ListBounce, actions.ListUnsubscribe}[i%2], day))
	}
	two := []any{on("jane@acme.example", actions.ListBounce, day), on("jane@acme.example", actions.ListUnsubscribe, day)}
	s.put(t, append(bodies, two...)...)
	s.keep(t, "SES", moment, on("ses@acme.example", actions.ListBounce, 0))
	s.apply(t, delisting("op-1/delisted", "jane@acme.example"))
	var all []actions.Suppression
	pages := 0
	read := func(yield func([]actions.Suppression) error) error {
		all, pages = nil, 0
		return s.Each(t.Context(), yield)
	}
	err := read(func(page []actions.Suppression) error { all, pages = append(all, page...), pages+1; return nil })
	if err != nil {
		t.Fatal(err)
	}
	want := make([]actions.Suppression, 0, many+1)
	for _, body := range slices.Concat(bodies[1:], two[1:]) {
		want = append(want, body.(actions.Suppression))
	}
	same(t, "what is listed", all, want)
	same(t, "how many pages", pages, 2)
	err = read(func([]actions.Suppression) error { pages++; return errOnPurpose })
	same(t, "whether the error came back", err == errOnPurpose, true) //nolint:errorlint // it comes back as it is
	same(t, "how many pages came before it", pages, 1)
}

// suppressionsDelisted: all that was imported of the address goes, however it is
// written, but the customer's own wish, and what another system lists; the product
// learns of it.
func suppressionsDelisted(t *testing.T, s *site) {
	mine, wish := on("jane@acme.example", actions.ListBounce, day), on("jane@acme.example", actions.ListUnsubscribe, 2*day)
	s.put(t, listedJane(), mine, on("JANE@acme.example", actions.ListBlock, day), wish, on("joe@acme.example", actions.ListBounce, day))
	s.keep(t, "SES", ago(time.Minute), on("jane@acme.example", actions.ListComplaint, day))
	s.apply(t, delisting("op-1/delisted", "JANE@ACME.example"))
	s.restart(t)
	same(t, "what is listed", s.listed(t, "jane@acme.example"), []actions.Suppression{wish})
	same(t, "what a diagnosis knows", s.diagnosed(t), []actions.SuppressionList{actions.ListComplaint, actions.ListUnsubscribe})
	same(t, "whether it shows", s.applied(t, delisting("op-1/delisted", "jane@acme.example")), true)
	same(t, "another address", len(s.listed(t, "joe@acme.example")), 1)
	changes, _, err := s.Changes(t.Context(), 0, 10)
	if err != nil || len(changes) != 1 {
		t.Fatalf("%d changes, error %v", len(changes), err)
	}
	same(t, "the change", changes[0].Change, delisting("op-1/delisted", "JANE@ACME.example"))
	// An address that is on no list is no error.
	if err := s.Delist(t.Context(), delisting("op-2/delisted", "jane@acme.example")); err != nil {
		t.Errorf("the second time: %v", err)
	}
}

// delistNotTheirs: nobody's address goes off lists in another one's name.
func delistNotTheirs(t *testing.T, s *site) {
	bare := person("user-2", "joe")
	s.put(t, listedJane(), bare, on("joe@acme.example", actions.ListBounce, day), on("", actions.ListBounce, day))
	for user, address := range map[string]string{"user-1": "joe@acme.example", "user-2": "joe@acme.example"} {
		for _, email := range []string{address, ""} {
			c := delisting("op-1/delisted", email)
			c.UserID = user
			if err := s.Delist(t.Context(), c); actions.CodeOf(err) != actions.Conflict {
				t.Errorf("%q for %s: %v", email, user, err)
			}
		}
	}
	same(t, "what is listed", s.value(t, `SELECT count(*) FROM suppressions WHERE delisted_at IS NULL`), "2")
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "0")
	same(t, "whether it shows", s.applied(t, delisting("op-1/delisted", "joe@acme.example")), false)
}

// importDoesntRelist: the record that was imported before leaves the address off its
// list, and another one lists it anew.
func importDoesntRelist(t *testing.T, s *site) {
	bounce := on("jane@acme.example", actions.ListBounce, 2*day)
	s.put(t, listedJane(), bounce)
	c := delisting("op-1/delisted", "jane@acme.example")
	s.apply(t, c)
	same(t, "the tally of the same", s.put(t, bounce), actions.Tally{"suppression": {Unchanged: 1}})
	same(t, "whether it is off still", s.applied(t, c), true)
	bounce.Since = ago(-time.Hour)
	same(t, "the tally of another", s.put(t, bounce), actions.Tally{"suppression": {Changed: 1}})
	same(t, "whether it is off still", s.applied(t, c), false)
	same(t, "what is listed", s.listed(t, "jane@acme.example"), []actions.Suppression{bounce})
}

// suppressionsKept: a diagnosis knows what another system lists, as it says so now.
func suppressionsKept(t *testing.T, s *site) {
	s.put(t, listedJane())
	block := on("Jane@acme.example", actions.ListBlock, 2*day)
	s.keep(t, "SES", ago(time.Hour))
	s.keep(t, "SES", ago(time.Hour), on("jane@acme.example", actions.ListBounce, day), block)
	s.restart(t)
	same(t, "what a diagnosis knows", s.diagnosed(t), []actions.SuppressionList{actions.ListBounce, actions.ListBlock})
	block.Since, block.Reason = ago(time.Minute), "because\x00"
	s.keep(t, "SES", moment, block, on("Jane@acme.example", actions.ListBlock, 3*day), block)
	block.Reason = "because\uFFFD"
	same(t, "the newest", s.changed(t).Suppression[0], block)
	same(t, "how many", s.value(t, `SELECT count(*) FROM suppressions`), "2")
}

// keptBesideImport: what was imported wins, before and after.
func keptBesideImport(t *testing.T, s *site) {
	imported, theirs := on("jane@acme.example", actions.ListBounce, 2*day), on("jane@acme.example", actions.ListBounce, day)
	s.put(t, listedJane(), imported)
	s.keep(t, "SES", moment, theirs, on("jane@acme.example", actions.ListBlock, day))
	same(t, "what is listed", s.listed(t, "jane@acme.example"), []actions.Suppression{imported})
	s.drop(t, "SES", moment.Add(day))
	s.drop(t, "", moment.Add(day))
	same(t, "what is listed after theirs went", s.changed(t).Suppression, []actions.Suppression{imported})
	// What another system listed first is the import's, too, and listed anew.
	s.keep(t, "SES", moment, on("jane@acme.example", actions.ListBlock, day))
	s.apply(t, delisting("op-1/delisted", "jane@acme.example"))
	s.delistKept(t, "SES", "jane@acme.example")
	block := on("jane@acme.example", actions.ListBlock, day)
	same(t, "the tally", s.put(t, block), actions.Tally{"suppression": {New: 1}})
	s.keep(t, "SES", moment.Add(day), on("jane@acme.example", actions.ListBlock, 0))
	s.drop(t, "SES", moment.Add(2*day))
	same(t, "what is listed", s.listed(t, "jane@acme.example"), []actions.Suppression{block})
	same(t, "the tally of the same", s.put(t, block), actions.Tally{"suppression": {Unchanged: 1}})
}

// suppressionsKeptOff: a run that began before an address went off its list doesn't
// bring it back, and a later one that still finds it there does.
func suppressionsKeptOff(t *testing.T, s *site) {
	s.put(t, listedJane())
	bounce := on("jane@acme.example", actions.ListBounce, day)
	s.keep(t, "SES", ago(time.Hour), bounce)
	s.delistKept(t, "SES", "jane@acme.example")
	for _, step := range []struct {
		seen time.Time
		off  bool
	}{{ago(time.Minute), true}, {moment, true}, {moment.Add(time.Microsecond), false}, {ago(time.Minute), false}} {
		s.keep(t, "SES", step.seen, bounce)
		same(t, fmt.Sprintf("whether it is off for a run of %s", step.seen), len(s.diagnosed(t)) == 0, step.off)
	}
}

// suppressionsKeptAtOnce: runs that meet leave each row once, seen by the latest.
func suppressionsKeptAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	page := make([]actions.Suppression, 50)
	for i := range page {
		page[i] = on(fmt.Sprintf("a%02d@acme.example", i), actions.ListBounce, day)
	}
	const runs = 8
	timesAtOnce(runs, func(i int) bool {
		mine := slices.Clone(page)
		if i%2 == 0 {
			slices.Reverse(mine)
		}
		servers[i%len(servers)].keep(t, "SES", moment.Add(time.Duration(i)*time.Second), mine...)
		return true
	})
	same(t, "how many", s.value(t, `SELECT count(*) FROM suppressions`), fmt.Sprint(len(page)))
	s.drop(t, "SES", moment.Add((runs-1)*time.Second))
	same(t, "how many the last run saw", s.value(t, `SELECT count(*) FROM suppressions`), fmt.Sprint(len(page)))
	s.drop(t, "SES", moment.Add(runs*time.Second))
	same(t, "how many the next one saw", s.value(t, `SELECT count(*) FROM suppressions`), "0")
}

// suppressionsDropped: what no run has seen since goes, of that system alone.
func suppressionsDropped(t *testing.T, s *site) {
	s.put(t, listedJane(), on("jane@acme.example", actions.ListGlobal, 3*day))
	s.keep(t, "SES", ago(time.Hour), on("jane@acme.example", actions.ListBounce, 2*day), on("jane@acme.example", actions.ListBlock, day))
	s.keep(t, "another", ago(2*time.Hour), on("jane@acme.example", actions.ListComplaint, 0))
	s.keep(t, "SES", moment, on("jane@acme.example", actions.ListBlock, day))
	s.keep(t, "SES", ago(30*time.Minute), on("jane@acme.example", actions.ListBlock, day)) // a run that was slower
	s.drop(t, "SES", ago(time.Hour))
	same(t, "how many a diagnosis knows", len(s.diagnosed(t)), 4)
	s.drop(t, "SES", moment)
	same(t, "what a diagnosis knows", s.diagnosed(t), []actions.SuppressionList{actions.ListComplaint, actions.ListBlock, actions.ListGlobal})
	// Two may list the same: the other one's end doesn't take it away.
	s.keep(t, "another", moment, on("jane@acme.example", actions.ListBlock, day))
	s.drop(t, "SES", moment.Add(day))
	same(t, "what is left", s.diagnosed(t), []actions.SuppressionList{actions.ListComplaint, actions.ListBlock, actions.ListGlobal})
}

// manySuppressionsKept: a page may be of any size.
func manySuppressionsKept(t *testing.T, s *site) {
	page := make([]actions.Suppression, 1001)
	for i := range page {
		page[i] = on(fmt.Sprintf("a%04d@acme.example", i), actions.ListBounce, day)
	}
	for range 2 {
		s.keep(t, "SES", moment, page...)
		same(t, "how many", s.value(t, `SELECT count(DISTINCT seq) FROM suppressions`), "1001")
	}
}
