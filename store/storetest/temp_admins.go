package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testTempAdmins(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, adminIsWhole) })
	t.Run("Bare", func(t *testing.T) { each(t, adminIsBare) })
	t.Run("Put", func(t *testing.T) { each(t, adminPut) })
	t.Run("OncePerSite", func(t *testing.T) { each(t, adminOncePerSite) })
	t.Run("StartedAtOnce", func(t *testing.T) { each(t, adminStartedAtOnce) })
	t.Run("ChangedAtOnce", func(t *testing.T) { each(t, adminChangedAtOnce) })
	t.Run("LeasedAtOnce", func(t *testing.T) { each(t, adminLeasedAtOnce) })
	t.Run("LeasedOfTarget", func(t *testing.T) { each(t, adminsLeased) })
	t.Run("LeasedSoManyAtOnce", func(t *testing.T) { each(t, adminsLeasedAtOnce) })
	t.Run("LeftOfTarget", func(t *testing.T) { each(t, adminsLeft) })
	t.Run("OnNoTarget", func(t *testing.T) { each(t, adminOnNoTarget) })
	t.Run("TargetRemovedAtOnce", func(t *testing.T) { each(t, adminTargetRemovedAtOnce) })
	t.Run("OfRequest", func(t *testing.T) { each(t, adminOfRequest) })
	t.Run("Due", func(t *testing.T) { each(t, adminsDue) })
	t.Run("List", func(t *testing.T) { each(t, adminList) })
	t.Run("Forgotten", func(t *testing.T) { each(t, adminsForgotten) })
	t.Run("OfAccount", func(t *testing.T) { each(t, adminsOfAccount) })
}

// tempAdmin is one that is in use on a target, asked for at the moment and that much
// later.
func tempAdmin(id, actor string, later time.Duration) actions.TempAdmin {
	at := moment.Add(later)
	return actions.TempAdmin{
		ID: id, Site: actions.SiteManaged, State: actions.AdminInUse, Target: "t1", Login: actions.AdminPrefix + id, RemoteID: "7",
		Actor: actor, Receiver: actor, Approver: "L1", Reason: "The cart is empty.", Ticket: "#4711", Operation: "op-" + id,
		At: at, BegunAt: at.Add(time.Minute), ExpiresAt: at.Add(day), Days: 1, Due: at.Add(time.Hour),
	}
}

// customers is one that a customer is asked for.
func customers(id, actor, request string) actions.TempAdmin {
	return actions.TempAdmin{
		ID: id, Site: actions.SiteCustomer, State: actions.AdminAsked, UserID: "user-1", For: "j•••@acme.example",
		Where: "https://acme.example/wp", Request: request, Actor: actor, Receiver: actor, Ticket: "#12", At: moment, Days: 3,
	}
}

// admins keeps temporary admins, and the targets that they are on.
func (s *site) admins(t testing.TB, admins ...actions.TempAdmin) {
	t.Helper()
	for _, one := range admins {
		if _, there, err := s.TargetByID(t.Context(), one.Target); err == nil && !there && one.Target != "" {
			s.targets(t, target(one.Target, one.Target))
		}
		s.in(t, func(tx actions.Tx) error { return tx.StartAdmin(t.Context(), one) })
	}
}

func (s *site) putAdmin(t testing.TB, a actions.TempAdmin) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.PutAdmin(t.Context(), a) })
}

// admin reads a temporary admin, in both ways.
func (s *site) admin(t testing.TB, id string) (found actions.TempAdmin, there bool) {
	t.Helper()
	found, there, err := s.AdminByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, lockedThere, err := tx.Admin(t.Context(), id)
		same(t, "the temporary admin in a transaction", locked, found)
		same(t, "there in a transaction", lockedThere, there)
		return err
	})
	return found, there
}

// fullAdmin has every field set.
func fullAdmin(id string) actions.TempAdmin {
	return actions.TempAdmin{
		ID: id, Site: actions.SiteManaged, State: actions.AdminEnding, Target: "t1", Login: actions.AdminPrefix + id, RemoteID: "12",
		UserID: "user-1", For: "j•••@acme.example", Where: "https://acme.example/wp", Request: "r1", Actor: "U1", Receiver: "U2",
		Approver: "L1", Reason: "The \"cart\" is empty 🛒.", Ticket: "#4711", Operation: "op-1", At: ago(day), BegunAt: ago(20 * time.Hour),
		ExpiresAt: ago(time.Hour), Days: 7, EndingAt: ago(59 * time.Minute), EndedAt: ago(time.Minute), End: actions.AdminExpired,
		EndedBy: "latchkey", Due: moment, Tries: 4, Trouble: "The site didn't answer.", TroubleSince: ago(50 * time.Minute),
		Told: actions.ToldDay | actions.ToldHour | actions.ToldTrouble | actions.ToldLeads, UnsureUntil: ago(-time.Minute),
		Lease: "l1", LeasedUntil: ago(-30 * time.Second),
	}
}

func adminIsWhole(t *testing.T, s *site) {
	one := fullAdmin("a1")
	s.admins(t, one)
	s.restart(t)
	got, _ := s.admin(t, "a1")
	same(t, "the temporary admin", got, one)
	at, _, err := s.AdminAt(t.Context(), one.Target, one.Login)
	same(t, "the error", err, nil)
	same(t, "the one of that login", at, one)
	for _, id := range []string{"a2", "", "a1\x00", "A1"} {
		if got, found := s.admin(t, id); found {
			t.Errorf("the temporary admin %q: %+v", id, got)
		}
	}
	for _, where := range [][2]string{{"t1", "support-temp-A1"}, {"t2", one.Login}, {"", one.Login}, {"t1", ""}, {"t1\x00", one.Login}} {
		if got, found, err := s.AdminAt(t.Context(), where[0], where[1]); found || err != nil {
			t.Errorf("the one at %q: %+v, %v", where, got, err)
		}
	}
}

// adminIsBare: what isn't there comes back as nothing, and what no database takes as
// a mark in its place.
func adminIsBare(t *testing.T, s *site) {
	one := actions.TempAdmin{ID: "a1", Site: actions.SiteCustomer, State: actions.AdminAsked, Reason: "so\x00\xff", At: moment}
	s.admins(t, one)
	one.Reason = "so\uFFFD\uFFFD"
	got, _ := s.admin(t, "a1")
	same(t, "the temporary admin", got, one)
}

// adminPut: everything changes but what says who it is, and nobody else does.
func adminPut(t *testing.T, s *site) {
	before, other := tempAdmin("a1", "U1", 0), tempAdmin("a2", "U1", 0)
	s.admins(t, before, other)
	changed := fullAdmin("a1")
	changed.Site, changed.Target, changed.Login = actions.SiteCustomer, "t9", "somebody"
	s.putAdmin(t, changed)
	want := fullAdmin("a1")
	want.At = before.At
	got, _ := s.admin(t, "a1")
	same(t, "the temporary admin", got, want)
	s.putAdmin(t, before)
	got, _ = s.admin(t, "a1")
	same(t, "as it was before", got, before)
	got, _ = s.admin(t, "a2")
	same(t, "the other one", got, other)
	err := s.Tx(t.Context(), func(tx actions.Tx) error { return tx.PutAdmin(t.Context(), tempAdmin("a3", "U1", 0)) })
	same(t, "one that isn't there", actions.CodeOf(err), actions.NotFound)
}

// adminOncePerSite: a target has each login once on record, whatever became of it, and
// the transaction that hears so goes on. Those on customers' own sites have none.
func adminOncePerSite(t *testing.T, s *site) {
	gone := tempAdmin("a1", "U1", 0)
	gone.State = actions.AdminGone
	elsewhere, bare := tempAdmin("a2", "U1", 0), customers("c1", "U1", "r1")
	elsewhere.Login, elsewhere.Target = gone.Login, "t2"
	again := bare
	again.ID = "c2"
	s.admins(t, gone, elsewhere, bare, again)
	twin := tempAdmin("a3", "U2", 0)
	twin.Login = gone.Login
	s.in(t, func(tx actions.Tx) error {
		for range 2 {
			same(t, "a second of that login", actions.CodeOf(tx.StartAdmin(t.Context(), twin)), actions.Conflict)
		}
		return tx.StartAdmin(t.Context(), tempAdmin("a4", "U2", 0))
	})
	got, _, err := s.AdminAt(t.Context(), "t1", gone.Login)
	same(t, "the error", err, nil)
	same(t, "who has the login", got, gone)
	same(t, "how many there are", s.value(t, `SELECT count(*) FROM temp_admins`), "5")
	err = s.Tx(t.Context(), func(tx actions.Tx) error { return tx.StartAdmin(t.Context(), customers("a1", "U1", "r9")) })
	if err == nil {
		t.Error("a second of the same ID was kept")
	}
}

// adminStartedAtOnce: of many who find, or make, the same login at once, one keeps it.
func adminStartedAtOnce(t *testing.T, s *site) {
	s.targets(t, target("t1", "Acme"))
	servers := s.servers(t)
	started := timesAtOnce(crowd, func(i int) bool {
		one := tempAdmin(fmt.Sprint("a", i), "U1", 0)
		one.Login = actions.AdminPrefix + "same"
		err := servers[i%len(servers)].Tx(t.Context(), func(tx actions.Tx) error { return tx.StartAdmin(t.Context(), one) })
		if err != nil && actions.CodeOf(err) != actions.Conflict {
			t.Error(err)
		}
		return err == nil
	})
	same(t, "who kept it", started, 1)
	same(t, "how many there are", s.value(t, `SELECT count(*) FROM temp_admins`), "1")
}

// adminChangedAtOnce: of many changes of one that was read under its lock, none is
// lost.
func adminChangedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	one := customers("a1", "U1", "r1")
	s.admins(t, one)
	timesAtOnce(crowd, func(i int) bool {
		servers[i%len(servers)].in(t, func(tx actions.Tx) error {
			find, by := tx.Admin, "a1"
			if i%2 == 0 {
				find, by = tx.AdminOfRequest, "r1"
			}
			a, found, err := find(t.Context(), by)
			if err != nil || !found {
				return fmt.Errorf("found %v: %w", found, err)
			}
			a.Tries++
			return tx.PutAdmin(t.Context(), a)
		})
		return true
	})
	one.Tries = crowd
	got, _ := s.admin(t, "a1")
	same(t, "the temporary admin", got, one)
}

// adminLeasedAtOnce: of many who are about one that is due, one gets its lease.
func adminLeasedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	one := tempAdmin("a1", "U1", -day)
	s.admins(t, one)
	leased := timesAtOnce(crowd, func(i int) (mine bool) {
		servers[i%len(servers)].in(t, func(tx actions.Tx) error {
			a, _, err := tx.Admin(t.Context(), "a1")
			if mine = err == nil && !a.LeasedUntil.After(moment); !mine {
				return err
			}
			a.Lease, a.LeasedUntil = fmt.Sprint("l", i), moment.Add(30*time.Second)
			return tx.PutAdmin(t.Context(), a)
		})
		return mine
	})
	same(t, "who got it", leased, 1)
	same(t, "what is due meanwhile", len(s.due(t, moment, 10)), 0)
	same(t, "what is due when it ran out", s.due(t, moment.Add(30*time.Second), 10), []string{"a1"})
}

func adminOfRequest(t *testing.T, s *site) {
	one, without := customers("a1", "U1", "r1"), customers("a2", "U1", "")
	s.admins(t, one, without)
	for request, want := range map[string]string{"r1": "a1", "r2": "", "": "", "r1\x00": ""} {
		s.in(t, func(tx actions.Tx) error {
			got, found, err := tx.AdminOfRequest(t.Context(), request)
			same(t, "whose request "+request+" is", got.ID, want)
			same(t, "whether it was found", found, want != "")
			return err
		})
	}
}
