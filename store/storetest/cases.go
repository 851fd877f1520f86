package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

func testCases(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, caseIsWhole) })
	t.Run("Bare", func(t *testing.T) { each(t, caseIsBare) })
	t.Run("Saved", func(t *testing.T) { each(t, caseSaved) })
	t.Run("OneOpen", func(t *testing.T) { each(t, caseOneOpen) })
	t.Run("ReopenedBesideNewer", func(t *testing.T) { each(t, caseReopenedBesideNewer) })
	t.Run("RolledBack", func(t *testing.T) { each(t, caseRolledBack) })
	t.Run("OpenedAtOnce", func(t *testing.T) { each(t, casesOpenedAtOnce) })
	t.Run("ClaimedAtOnce", func(t *testing.T) { each(t, caseClaimedAtOnce) })
	t.Run("ReopenedAtOnce", func(t *testing.T) { each(t, casesReopenedAtOnce) })
	t.Run("ChangedAtOnce", func(t *testing.T) { each(t, caseChangedAtOnce) })
	t.Run("Events", func(t *testing.T) { each(t, caseEvents) })
	t.Run("Followers", func(t *testing.T) { each(t, caseFollowers) })
	t.Run("FollowedAtOnce", func(t *testing.T) { each(t, caseFollowedAtOnce) })
	t.Run("At", func(t *testing.T) { each(t, caseAt) })
	t.Run("Forgotten", func(t *testing.T) { each(t, casesForgotten) })
	t.Run("Due", func(t *testing.T) { each(t, casesDue) })
	t.Run("List", func(t *testing.T) { each(t, caseList) })
	t.Run("Own", func(t *testing.T) { each(t, ownCases) })
	t.Run("ResolvedLately", func(t *testing.T) { each(t, caseResolvedLately) })
	t.Run("OpenedSince", func(t *testing.T) { each(t, casesOpenedSince) })
	t.Run("Each", func(t *testing.T) { each(t, eachCase) })
}

// escalated is an open case about an address of its own, opened at the moment and
// that much later.
func escalated(id, agent string, later time.Duration) escalation.Case {
	at := moment.Add(later)
	return escalation.Case{
		ID: id, Kind: escalation.Blocklist, Priority: escalation.Normal, State: escalation.Open, Agent: agent, UserID: "user-" + id,
		Address: id + "@acme.example", Gateway: "GW-1", Reason: "No mail arrives.", Ticket: "#4711", Channel: "C-L2",
		First: escalation.Clock{Limit: 2 * time.Hour, Since: at, EndsAt: at.Add(2 * time.Hour)}, Events: 1, At: at, ChangedAt: at,
	}
}

// fullCase has every field set.
func fullCase(id string) escalation.Case {
	return escalation.Case{
		ID: id, Kind: escalation.Delivery, Priority: escalation.Urgent, State: escalation.WaitingCustomer, Agent: "U1", UserID: "user-1",
		Address: "Jane@Acme.example", Gateway: "GW-1", Reason: "Nothing\narrives.", Ticket: "#4711", Channel: "C-L2",
		Facts: escalation.Facts{
			Person:   &actions.Person{ID: "user-1", Username: "j•••", Status: actions.UserActive},
			Findings: []actions.Finding{{Cause: "lock", Summary: "Locked.", Evidence: []actions.Evidence{{At: ago(day), Source: "lock", Text: "so"}}}},
			Lists:    []actions.Listing{{Source: "a list", Entries: []actions.Suppression{sampleSuppression}, Silent: true}},
			LastMail: &escalation.Mail{Kind: actions.DeliveryCode, Status: actions.Bounced, At: ago(day), Detail: "550 <no> such"},
			Before:   "BEFORE",
		},
		ClaimedBy: "U2", ClaimedAt: moment.Add(time.Minute), Offered: true, HeardAt: moment.Add(2 * time.Minute),
		Outcome: escalation.ListedKept, Note: "It stays.", ResolvedBy: "U3", ResolvedAt: moment.Add(3 * time.Minute), Delisting: "OP",
		Unreached: "The channel was archived.",
		First: escalation.Clock{
			Limit: time.Hour, Used: 7 * time.Microsecond, Since: moment, Sent: escalation.HalfTime, EndsAt: moment.Add(time.Hour),
		},
		Resolution: escalation.Clock{
			Limit: 800 * day, Used: 3 * time.Hour, Since: moment.Add(time.Second), Sent: escalation.ToTheLeads, EndsAt: moment.Add(9 * time.Hour),
		},
		Events: 12, At: moment, ChangedAt: moment.Add(4 * time.Minute), Due: moment.Add(5 * time.Minute),
	}
}

// onCases runs a transaction over cases.
func (s *site) onCases(t testing.TB, fn func(escalation.Tx) error) {
	t.Helper()
	if err := s.Cases(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// opens stores a new case, and reports whether none of its key was open.
func (s *site) opens(t testing.TB, c escalation.Case) (started bool) {
	t.Helper()
	s.onCases(t, func(tx escalation.Tx) (err error) { started, err = tx.StartCase(t.Context(), c); return err })
	return started
}

// cases opens cases, each of another key.
func (s *site) cases(t testing.TB, cases ...escalation.Case) {
	t.Helper()
	for _, c := range cases {
		same(t, "whether "+c.ID+" was opened", s.opens(t, c), true)
	}
}

func (s *site) save(t testing.TB, c escalation.Case) (saved bool) {
	t.Helper()
	s.onCases(t, func(tx escalation.Tx) (err error) { saved, err = tx.SaveCase(t.Context(), c); return err })
	return saved
}

// escalation reads a case, in both ways.
func (s *site) escalation(t testing.TB, id string) (found escalation.Case, there bool) {
	t.Helper()
	found, there, err := s.CaseByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.onCases(t, func(tx escalation.Tx) error {
		locked, lockedThere, err := tx.Case(t.Context(), id)
		same(t, "the case in a transaction", locked, found)
		same(t, "there in a transaction", lockedThere, there)
		return err
	})
	return found, there
}

// openOf is the ID of the open case of a key, "" without one, read in both ways.
func (s *site) openOf(t testing.TB, key string) (id string) {
	t.Helper()
	seen, there, err := s.OpenCaseOf(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	s.onCases(t, func(tx escalation.Tx) error {
		c, found, err := tx.OpenCase(t.Context(), key)
		same(t, "whether it was found", found, c.ID != "")
		same(t, "the case in a transaction", c, seen)
		same(t, "there in a transaction", found, there)
		id = c.ID
		return err
	})
	return id
}

func caseIsWhole(t *testing.T, s *site) {
	one := fullCase("c1")
	s.cases(t, one)
	s.restart(t)
	got, _ := s.escalation(t, "c1")
	same(t, "the case", got, one)
	same(t, "the open case", s.openOf(t, one.Key()), "c1")
	for _, id := range []string{"c2", "", "c1\x00", "C1"} {
		if got, found := s.escalation(t, id); found {
			t.Errorf("the case %q: %+v", id, got)
		}
	}
	other := escalated("c1", "U2", 0)
	if err := s.Cases(t.Context(), func(tx escalation.Tx) error { _, err := tx.StartCase(t.Context(), other); return err }); err == nil {
		t.Error("a second case of the same ID was kept")
	}
}

// caseIsBare: what isn't there comes back as nothing, and what a database can't
// store as a sign of it.
func caseIsBare(t *testing.T, s *site) {
	one := escalation.Case{
		ID: "c1", Kind: escalation.Account, Priority: escalation.Normal, State: escalation.Open, Agent: "U1", UserID: "user\x00",
		Reason: "It's\x00\xff", At: moment, ChangedAt: moment,
	}
	s.cases(t, one)
	one.UserID, one.Reason = "user\uFFFD", "It's\uFFFD\uFFFD"
	got, _ := s.escalation(t, "c1")
	same(t, "the case", got, one)
	same(t, "the open case", s.openOf(t, one.Key()), "c1")
}

// caseSaved: everything that changes is stored, and what can't change stays.
func caseSaved(t *testing.T, s *site) {
	before := escalated("c1", "U1", -time.Hour)
	s.cases(t, before, escalated("c2", "U1", 0))
	after := fullCase("c1")
	same(t, "whether it was saved", s.save(t, after), true)
	s.restart(t)
	got, _ := s.escalation(t, "c1")
	after.Kind, after.UserID, after.Address, after.At = before.Kind, before.UserID, before.Address, before.At
	same(t, "the case", got, after)
	same(t, "the open case", s.openOf(t, before.Key()), "c1")
	other, _ := s.escalation(t, "c2")
	same(t, "another one", other, escalated("c2", "U1", 0))
	same(t, "whether one that isn't there was saved", s.save(t, fullCase("c3")), false)
}

// closed is a case as it is once it was resolved, that much after the moment.
func closed(c escalation.Case, later time.Duration) escalation.Case {
	c.State, c.ResolvedAt, c.ResolvedBy, c.Outcome = escalation.Resolved, moment.Add(later), "U9", escalation.NotListed
	c.First.EndsAt, c.First.Since = time.Time{}, time.Time{}
	return c
}

// caseOneOpen: of a kind and an address, however it is written, one is open at a
// time; the same of another kind is another case, and so is a user's without an
// address.
func caseOneOpen(t *testing.T, s *site) {
	first := escalated("c1", "U1", 0)
	again, delivery, account, same2 := first, first, first, first
	again.ID, again.Address, again.UserID = "c2", "C1@ACME.example", ""
	delivery.ID, delivery.Kind = "c3", escalation.Delivery
	account.ID, account.Kind, account.Address = "c4", escalation.Account, ""
	same2.ID, same2.Kind, same2.Address = "c5", escalation.Account, ""
	for _, step := range []struct {
		c    escalation.Case
		want bool
	}{{first, true}, {again, false}, {delivery, true}, {account, true}, {same2, false}} {
		same(t, "whether "+step.c.ID+" was opened", s.opens(t, step.c), step.want)
	}
	same(t, "whether it was saved", s.save(t, closed(first, time.Minute)), true)
	same(t, "the open case", s.openOf(t, first.Key()), "")
	same(t, "whether the next was opened", s.opens(t, again), true)
	same(t, "the open case", s.openOf(t, first.Key()), "c2")
	same(t, "how many there are", s.value(t, `SELECT count(*) FROM cases`), "4")
}

// caseReopenedBesideNewer: the transaction that hears of the newer one goes on.
func caseReopenedBesideNewer(t *testing.T, s *site) {
	old, newer := escalated("c1", "U1", 0), escalated("c2", "U2", 0)
	newer.Address = old.Address
	resolved := closed(old, time.Minute)
	s.cases(t, old)
	s.save(t, resolved)
	s.cases(t, newer)
	s.onCases(t, func(tx escalation.Tx) error {
		for range 2 {
			saved, err := tx.SaveCase(t.Context(), old)
			same(t, "whether it was saved", saved, false)
			if err != nil {
				return err
			}
		}
		if err := tx.AddEvent(t.Context(), event("c1", 1, escalation.EventOpened)); err != nil {
			return err
		}
		other, _, err := tx.OpenCase(t.Context(), old.Key())
		same(t, "the open case", other.ID, "c2")
		return err
	})
	got, _ := s.escalation(t, "c1")
	same(t, "the case", got, resolved)
	same(t, "how many events were kept", s.value(t, `SELECT count(*) FROM case_events`), "1")
	s.save(t, closed(newer, 2*time.Minute))
	same(t, "whether it was saved with no other open", s.save(t, old), true)
}

// caseRolledBack: what was saved goes with its transaction.
func caseRolledBack(t *testing.T, s *site) {
	before := escalated("c1", "U1", 0)
	s.cases(t, before)
	err := s.Cases(t.Context(), func(tx escalation.Tx) error {
		if saved, err := tx.SaveCase(t.Context(), fullCase("c1")); err != nil || !saved {
			t.Errorf("saved %v, error %v", saved, err)
		}
		if _, err := tx.StartCase(t.Context(), escalated("c2", "U1", 0)); err != nil {
			t.Error(err)
		}
		return errOnPurpose
	})
	same(t, "the error", err == errOnPurpose, true) //nolint:errorlint // it comes back as it is
	got, _ := s.escalation(t, "c1")
	same(t, "the case", got, before)
	_, found := s.escalation(t, "c2")
	same(t, "whether the other is there", found, false)
}

// casesOpenedAtOnce: of many who escalate the same at once, one opens a case, and
// all others find that one.
func casesOpenedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	key := escalated("same", "", 0).Key()
	opened := timesAtOnce(crowd, func(i int) (started bool) {
		c := escalated(fmt.Sprint("c", i), fmt.Sprint("U", i), 0)
		c.Address = "Same@Acme.example"
		servers[i%len(servers)].onCases(t, func(tx escalation.Tx) (err error) {
			if started, err = tx.StartCase(t.Context(), c); err != nil || started {
				return err
			}
			_, found, err := tx.OpenCase(t.Context(), key)
			same(t, "whether the open one was found", found, true)
			return err
		})
		return started
	})
	same(t, "who opened it", opened, 1)
	same(t, "how many there are", s.value(t, `SELECT count(*) FROM cases`), "1")
}

// caseClaimedAtOnce: of many who claim a case at once one does, and all others read
// who was faster.
func caseClaimedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	s.cases(t, escalated("c1", "U1", 0))
	claimed := timesAtOnce(crowd, func(i int) (mine bool) {
		servers[i%len(servers)].onCases(t, func(tx escalation.Tx) error {
			c, _, err := tx.Case(t.Context(), "c1")
			if mine = err == nil && c.State == escalation.Open; !mine {
				same(t, "whether it says who was faster", c.ClaimedBy != "", true)
				return err
			}
			c.State, c.ClaimedBy = escalation.Claimed, fmt.Sprint("L", i)
			_, err = tx.SaveCase(t.Context(), c)
			return err
		})
		return mine
	})
	same(t, "who claimed it", claimed, 1)
}

// casesReopenedAtOnce: of resolved cases about the same, and new ones, one is open.
func casesReopenedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	const resolved = 6
	for i := range resolved {
		c := escalated(fmt.Sprint("c", i), "U1", 0)
		c.Address = "same@acme.example"
		s.cases(t, c)
		s.save(t, closed(c, time.Minute))
	}
	opened := timesAtOnce(2*resolved, func(i int) (done bool) {
		servers[i%len(servers)].onCases(t, func(tx escalation.Tx) error {
			if i >= resolved {
				c := escalated(fmt.Sprint("c", i), "U1", 0)
				c.Address = "same@acme.example"
				started, err := tx.StartCase(t.Context(), c)
				done = started
				return err
			}
			c, _, err := tx.Case(t.Context(), fmt.Sprint("c", i))
			if err != nil {
				return err
			}
			c.State = escalation.Open
			done, err = tx.SaveCase(t.Context(), c)
			return err
		})
		return done
	})
	same(t, "how many were opened", opened, 1)
	same(t, "how many are open", s.value(t, `SELECT count(*) FROM cases WHERE state <> 'resolved'`), "1")
}

// caseChangedAtOnce: of many changes of one case none is lost, and each event has
// its own number.
func caseChangedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	one := escalated("c1", "U1", 0)
	one.Events = 0
	s.cases(t, one)
	timesAtOnce(crowd, func(i int) bool {
		servers[i%len(servers)].onCases(t, func(tx escalation.Tx) error {
			find, by := tx.Case, "c1"
			if i%2 == 0 {
				find, by = tx.OpenCase, one.Key()
			}
			c, found, err := find(t.Context(), by)
			if err != nil || !found {
				return fmt.Errorf("found %v: %w", found, err)
			}
			c.Events++
			if _, err := tx.SaveCase(t.Context(), c); err != nil {
				return err
			}
			return tx.AddEvent(t.Context(), event("c1", c.Events, escalation.EventHeard))
		})
		return true
	})
	got, _ := s.escalation(t, "c1")
	same(t, "how many events it has", got.Events, crowd)
	same(t, "how many there are", len(s.events(t, "c1")), crowd)
}
