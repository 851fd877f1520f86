package actions

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lends puts a temporary admin on "Acme shop", in use for a day from now on.
func (d *desk) lends(t testing.TB, site *fakeSite, changes ...func(*TempAdmin)) TempAdmin {
	t.Helper()
	admin := d.keepsAdmin(t, func(a *TempAdmin) {
		for _, change := range changes {
			change(a)
		}
		a.RemoteID = "id of " + a.Login
		if a.Due.IsZero() {
			a.Due = nextDue(*a)
		}
	})
	site.has(SiteUser{ID: admin.RemoteID, Login: admin.Login, Name: "Temporary support admin", Admin: true})
	return admin
}

// forDays has it live for so many days.
func forDays(days int) func(*TempAdmin) {
	return func(t *TempAdmin) { t.Days, t.ExpiresAt = days, t.BegunAt.Add(time.Duration(days)*aDay) }
}

// toGo has it be one that is to go since now.
func toGo(t *TempAdmin) {
	t.State, t.End, t.EndedBy, t.EndingAt, t.Due = AdminEnding, AdminRevoked, "U1", t.At, t.At
}

func (d *desk) sweeps(t testing.TB) {
	t.Helper()
	must(t, d.SweepAdmins(t.Context()))
}

// saidOf takes what is under way and tells of temporary admins: kinds, receivers, news.
func (d *desk) saidOf() []string {
	var said []string
	for _, m := range d.store.state.outbox {
		_, news := m.Record()
		said = append(said, strings.TrimSpace(fmt.Sprint(m.Kind, " to ", m.To, " ", news)))
	}
	d.store.state.outbox = nil
	slices.Sort(said)
	return slices.Compact(said)
}

// wantSaid checks what is under way, in any order, each once.
func (d *desk) wantSaid(t testing.TB, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := d.saidOf(); !slices.Equal(got, want) {
		t.Errorf("%q is told, want %q", got, want)
	}
}

// story is what the audit says of a temporary admin: acts with actors.
func (d *desk) story(id string) []string {
	var acts []string
	for _, row := range d.store.state.audit {
		if row.Subject == id {
			acts = append(acts, string(row.Act)+" by "+row.Actor)
		}
	}
	return acts
}

// wantState checks the state of a temporary admin, and why it ended.
func (d *desk) wantState(t testing.TB, id string, state AdminState, end AdminEnd) {
	t.Helper()
	if got := d.admin(t, id); got.State != state || got.End != end {
		t.Errorf("it is %s, %q, want %s, %q", got.State, got.End, state, end)
	}
}
