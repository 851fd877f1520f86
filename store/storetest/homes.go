package storetest

import (
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testHomes(t *testing.T) {
	t.Run("Open", func(t *testing.T) { each(t, homesAreOpen) })
	t.Run("Drawn", func(t *testing.T) { each(t, homesAreDrawn) })
	t.Run("HeldBy", func(t *testing.T) { each(t, whomSomebodyHasProven) })
}

// homesAreOpen: who opened their Home, and when.
func homesAreOpen(t *testing.T, s *site) {
	s.opensHomes(t)
	s.restart(t)
	s.in(t, func(tx actions.Tx) error { return tx.CloseHome(t.Context(), "U2") })
	for actor, want := range map[string]bool{"U1": true, "U2": false, "U3": false, "U4": false} {
		s.in(t, func(tx actions.Tx) error {
			got, err := tx.HomeOpen(t.Context(), actor, moment)
			if got != want {
				t.Errorf("%s's Home is open: %t", actor, got)
			}
			return err
		})
	}
}

// opensHomes has an agent, one of L2 and a lead open their Homes.
func (s *site) opensHomes(t *testing.T) {
	t.Helper()
	agent, l2, lead := actions.RolesOf(actions.RoleAgent), actions.RolesOf(actions.RoleL2), actions.RolesOf(actions.RoleLead)
	open := func(actor string, roles actions.Roles, d time.Duration) {
		s.in(t, func(tx actions.Tx) error { return tx.OpenHome(t.Context(), actor, roles, moment.Add(d)) })
	}
	open("U3", lead, 0)
	open("U1", agent, time.Minute)
	open("U2", agent, 0)
	open("U2", l2, 2*time.Minute) // became one of L2
}

// homesAreDrawn: whose Home is redrawn, by when they opened it and what they are. Nothing
// is added for whom it waits untaken, which is as young then as what it will show; for whom
// it is under way, another is.
func homesAreDrawn(t *testing.T, s *site) {
	s.opensHomes(t)
	kinds := []actions.OutgoingKind{actions.OutgoingHome}
	drawn := func(what string, roles actions.Role, d time.Duration, limit int, want ...string) {
		t.Helper()
		later := moment.Add(time.Hour)
		m := actions.Outgoing{ID: "m " + what, Kind: actions.OutgoingHome, At: moment, Due: moment, Request: "r " + what}
		s.in(t, func(tx actions.Tx) error {
			if err := tx.EnqueueHomes(t.Context(), m, actions.Roles(roles), moment.Add(d), limit); err != nil {
				return err
			}
			m.ID, m.At, m.Due, m.Request = m.ID+" again", later, later, "again"
			return tx.EnqueueHomes(t.Context(), m, actions.Roles(roles), moment.Add(d), limit)
		})
		leased, err := s.Lease(t.Context(), moment, time.Minute, 10, kinds)
		if err != nil {
			t.Fatal(err)
		}
		same(t, what, idsOf(leased, func(m actions.Outgoing) string { return m.To }), want)
		for _, got := range leased {
			if got.Ref != got.To || !got.At.Equal(later) || !got.Due.Equal(moment) || got.Request != "again" {
				t.Errorf("%s: the message is %+v", what, got)
			}
			if got.To == "U3" { // to whom it is being shown, it is to be shown once more
				before := s.value(t, `SELECT count(*) FROM outbox`)
				s.in(t, func(tx actions.Tx) error {
					return tx.EnqueueHomes(t.Context(), m, actions.Roles(actions.RoleLead), time.Unix(0, 0), limit)
				})
				if after := s.value(t, `SELECT count(*) FROM outbox`); after == before {
					t.Errorf("%s: what changed while it was under way isn't shown: %s messages", what, after)
				}
			}
		}
		s.exec(t, `DELETE FROM outbox`)
	}
	drawn("all", 0, -time.Second, 10, "U1", "U2", "U3")
	drawn("two of them", 0, -time.Second, 2, "U1", "U2")
	drawn("those opened later", 0, 0, 10, "U1", "U2")
	drawn("L2's", actions.RoleL2, -time.Second, 10, "U2")
	drawn("the leads'", actions.RoleLead, -time.Second, 10, "U3")
	drawn("the leads' opened later", actions.RoleLead, 0, 10, []string{}...)
}

// whomSomebodyHasProven: their own, that hold, the newest first.
func whomSomebodyHasProven(t *testing.T, s *site) {
	held := func(id, actor string, d time.Duration) actions.Verification {
		v := verification(id, actor, "", 0)
		v.State, v.HeldAt = actions.VerificationHolds, moment.Add(d)
		return v
	}
	s.verify(t, held("v1", "U1", 0), held("v2", "U1", time.Minute), held("v3", "U1", 2*time.Minute), held("v4", "U2", time.Hour),
		verification("v5", "U1", "", time.Hour))
	for _, want := range []struct {
		limit int
		ids   []string
	}{{10, []string{"v3", "v2"}}, {1, []string{"v3"}}} {
		found, err := s.HeldBy(t.Context(), "U1", moment, want.limit)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, v := range found {
			ids = append(ids, v.ID)
		}
		same(t, "whom U1 has proven", ids, want.ids)
	}
}
