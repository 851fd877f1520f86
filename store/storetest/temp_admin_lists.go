package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func adminIDs(admins []actions.TempAdmin) []string {
	return idsOf(admins, func(a actions.TempAdmin) string { return a.ID })
}

// due reads whose time has come.
func (s *site) due(t testing.TB, now time.Time, limit int) []string {
	t.Helper()
	due, err := s.AdminsDue(t.Context(), now, limit)
	if err != nil {
		t.Fatal(err)
	}
	return adminIDs(due)
}

// adminsDue: those whose time has come and whom nobody is about, what is due first
// first, whatever their state.
func adminsDue(t *testing.T, s *site) {
	for id, due := range map[string]time.Time{
		"late": ago(time.Hour), "now": moment, "next": moment.Add(time.Microsecond), "never": {}, "later": ago(time.Minute),
		"leased": ago(2 * time.Hour), "free": ago(3 * time.Hour), "let-go": ago(4 * time.Hour),
	} {
		a := tempAdmin(id, "U1", -day)
		a.Due = due
		switch id {
		case "leased":
			a.Lease, a.LeasedUntil = "l1", moment.Add(time.Microsecond)
		case "free":
			a.Lease, a.LeasedUntil = "l1", moment
		case "let-go":
			a.Lease, a.State = "l1", actions.AdminStray
		}
		s.admins(t, a)
	}
	for _, step := range []struct {
		at    time.Time
		limit int
		want  []string
	}{
		{moment, 10, []string{"let-go", "free", "late", "later", "now"}}, {moment, 2, []string{"let-go", "free"}},
		{moment.Add(time.Microsecond), 10, []string{"let-go", "free", "leased", "late", "later", "now", "next"}},
		{ago(2 * day), 10, []string{}}, {moment, 0, []string{}},
	} {
		same(t, "what is due", s.due(t, step.at, step.limit), step.want)
	}
	due, err := s.AdminsDue(t.Context(), moment, 1)
	same(t, "the error", err, nil)
	whole, _ := s.admin(t, "let-go")
	same(t, "the one that is due", due[0], whole)
}

// adminList: each filter alone, and all together.
func adminList(t *testing.T, s *site) {
	for i, row := range []struct {
		state                           actions.AdminState
		target, actor, receiver, ticket string
	}{
		{actions.AdminInUse, "t1", "U1", "U1", "#Ab-1"}, {actions.AdminGone, "t1", "U1", "U2", "#ab-1"},
		{actions.AdminEnding, "t2", "U2", "U1", "#AB-1"}, {actions.AdminStray, "t2", "", "", ""},
		{actions.AdminRefused, "t1", "U2", "U3", "#2"}, {actions.AdminAsked, "", "U2", "U2", "#2"},
	} {
		a := tempAdmin(fmt.Sprint("a", i), row.actor, time.Duration(i/2)*time.Minute) // two of each moment
		a.State, a.Target, a.Receiver, a.Ticket = row.state, row.target, row.receiver, row.ticket
		s.admins(t, a)
	}
	for _, step := range []struct {
		name   string
		filter actions.AdminFilter
		want   []string
	}{
		{"all", actions.AdminFilter{}, []string{"a5", "a4", "a3", "a2", "a1", "a0"}},
		{"open", actions.AdminFilter{Open: true}, []string{"a5", "a3", "a2", "a0"}},
		{"of a ticket", actions.AdminFilter{Ticket: "#AB-1"}, []string{"a2", "a1", "a0"}},
		{"of a ticket in lower case", actions.AdminFilter{Ticket: "#ab-1"}, []string{"a2", "a1", "a0"}},
		{"that a solved ticket ends", actions.AdminFilter{Ends: true, Ticket: "#AB-1"}, []string{"a0"}},
		{"that end with anything", actions.AdminFilter{Ends: true}, []string{"a5", "a0"}},
		{"open of a ticket", actions.AdminFilter{Open: true, Ticket: "#AB-1"}, []string{"a2", "a0"}},
		{"of a target", actions.AdminFilter{Target: "t1"}, []string{"a4", "a1", "a0"}},
		{"open of a target", actions.AdminFilter{Open: true, Target: "t1"}, []string{"a0"}},
		{"somebody's, and those who get in, once each", actions.AdminFilter{Actor: "U1"}, []string{"a2", "a1", "a0"}},
		{"open of somebody", actions.AdminFilter{Open: true, Actor: "U2"}, []string{"a5", "a2"}},
		{"whom they let in", actions.AdminFilter{Actor: "U3"}, []string{"a4"}},
		{"strays", actions.AdminFilter{State: actions.AdminStray}, []string{"a3"}},
		{"gone", actions.AdminFilter{State: actions.AdminGone}, []string{"a1"}},
		{"gone and open", actions.AdminFilter{Open: true, State: actions.AdminGone}, []string{}},
		{"everything", actions.AdminFilter{Open: true, Ticket: "#AB-1", Target: "t2", Actor: "U2", State: actions.AdminEnding}, []string{"a2"}},
		{"all but one", actions.AdminFilter{Open: true, Ticket: "#AB-1", Target: "t2", Actor: "U3", State: actions.AdminEnding}, []string{}},
		{"of nothing", actions.AdminFilter{Ticket: "#\x00' OR ''='"}, []string{}},
	} {
		found, err := s.AdminList(t.Context(), step.filter, 10)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		same(t, step.name, adminIDs(found), step.want)
		n, err := s.AdminCount(t.Context(), step.filter)
		same(t, step.name+", counted", n, len(step.want))
		same(t, step.name+", the error", err, nil)
		for _, a := range found {
			whole, _ := s.admin(t, a.ID)
			same(t, "the one of the list", a, whole)
		}
	}
	newest, err := s.AdminList(t.Context(), actions.AdminFilter{Open: true}, 2)
	same(t, "the error", err, nil)
	same(t, "the newest", adminIDs(newest), []string{"a5", "a3"})
}

// adminsForgotten: those that ended before the moment go, with what may lie sealed of
// them and where their cards stand; those at it, and open ones however old, stay.
func adminsForgotten(t *testing.T, s *site) {
	limit := ago(400 * day)
	before := limit.Add(-time.Microsecond)
	for id, row := range map[string]struct {
		state         actions.AdminState
		ending, ended time.Time
	}{
		"old": {actions.AdminGone, before, before}, "edge": {actions.AdminGone, before, limit}, "refused": {actions.AdminRefused, before, time.Time{}},
		"asked": {actions.AdminRefused, time.Time{}, time.Time{}}, "open": {actions.AdminEnding, before, time.Time{}},
		"stray": {actions.AdminStray, before, before},
	} {
		a := tempAdmin(id, "U1", -900*day)
		a.State, a.EndingAt, a.EndedAt = row.state, row.ending, row.ended
		s.admins(t, a)
		s.seal(t, sealed(actions.SealAdmin, a.Operation, "test"))
		when := limit
		if id == "old" {
			when = before
		}
		for _, kind := range []actions.OutgoingKind{actions.OutgoingAdmin, actions.OutgoingAdminLeads} {
			s.postedAs(t, kind, "U1", id, actions.Posted{Channel: "C", TS: id + string(kind)}, when)
		}
	}
	forget := func(keep actions.Keep) map[string]string {
		s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), keep) })
		counts := map[string]string{}
		for _, table := range []string{"temp_admins", "secret_bodies", "places"} {
			counts[table] = s.value(t, `SELECT count(*) FROM `+table)
		}
		return counts
	}
	all := map[string]string{"temp_admins": "6", "secret_bodies": "6", "places": "12"}
	same(t, "with the zero time", forget(actions.Keep{}), all)
	same(t, "everything else", forget(actions.Keep{Runs: moment, Done: moment, Requests: moment, Cases: moment}), all)
	same(t, "what is over", forget(actions.Keep{Admins: limit}), map[string]string{"temp_admins": "3", "secret_bodies": "3", "places": "10"})
	for id, kept := range map[string]bool{"old": false, "refused": false, "asked": false, "edge": true, "open": true, "stray": true} {
		_, found := s.admin(t, id)
		same(t, "whether "+id+" is there", found, kept)
		_, found = s.sealed(t, actions.SealAdmin, "op-"+id)
		same(t, "whether its password is", found, kept)
	}
}

// adminsOfAccount: every user of the account whom only temporary admins are called
// like, and nobody of another account.
func adminsOfAccount(t *testing.T, s *site) {
	bodies := []any{actions.Account{ID: "acc-1"}, actions.Account{ID: "acc-2"}}
	for id, name := range map[string]string{
		"u1": "support-temp-abc", "u2": "support-temp-", "u3": "Support-Temp-abd", "u4": "support-temp", "u5": "support-temp.abc",
		"u6": "xsupport-temp-abc", "u7": "support-temq-abc", "u8": "support-temp-zzz🔑",
	} {
		bodies = append(bodies, person(id, name), actions.Membership{UserID: id, AccountID: "acc-1", Role: "member", Status: actions.MembershipDeactivated})
	}
	bodies = append(bodies, person("v1", "support-temp-other"), person("v2", "support-temp-none"),
		actions.Membership{UserID: "v1", AccountID: "acc-2"}, actions.Membership{UserID: "u1", AccountID: "acc-2"})
	s.put(t, bodies...)
	for account, want := range map[string]map[string]bool{
		"acc-1": {"u1": true, "u2": true, "u8": true}, "acc-2": {"v1": true, "u1": true}, "acc-3": {}, "acc-1\x00": {}, "": {},
	} {
		found, err := s.TempAdmins(t.Context(), account)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for _, user := range found {
			got[user.ID] = true
		}
		same(t, "the temporary admins of "+account, got, want)
		same(t, "each once", len(found), len(want))
	}
}
