package escalation

import (
	"errors"
	"slices"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// lends puts a temporary admin of a ticket into the store, in use.
func (s *scene) lends(id, ticket string) {
	s.store.state.admins[id] = actions.TempAdmin{
		ID: id, Site: actions.SiteManaged, State: actions.AdminInUse, Target: "target", Login: actions.AdminPrefix + id,
		Actor: ana, Receiver: ana, Ticket: ticket, At: s.now, BegunAt: s.now, ExpiresAt: s.now.AddDate(0, 0, 1), Days: 1,
	}
}

// TestResolveEndsAdmins: with a case the temporary admins of its ticket end, and no
// others (RULES S3.5).
func TestResolveEndsAdmins(t *testing.T) {
	s := stage(t)
	s.has(t, Claimed)
	s.lends("a", "#4711")
	s.lends("b", "#4712")
	if _, err := s.Resolve(t.Context(), s.by(lou), id, NotListed, "It isn't on it."); err != nil {
		t.Fatal(err)
	}
	ended, other := s.store.state.admins["a"], s.store.state.admins["b"]
	if ended.State != actions.AdminEnding || ended.End != actions.AdminResolved || ended.EndedBy != lou || !ended.EndingAt.Equal(s.now) || !ended.Due.Equal(s.now) {
		t.Errorf("the ticket's is %+v", ended)
	}
	if other.State != actions.AdminInUse {
		t.Errorf("another ticket's is %s", other.State)
	}
	if !slices.Contains(s.sent(), "temp_admin UANA a") {
		t.Error("its card isn't redrawn")
	}
	var rows []actions.AuditEntry
	for _, row := range s.store.state.audit {
		if row.Act == actions.ActAdminEnded {
			rows = append(rows, row)
		}
	}
	if len(rows) != 1 || rows[0].Actor != lou || rows[0].Subject != "a" || rows[0].Ticket != "#4711" {
		t.Errorf("the audit has %+v", rows)
	}
}

// TestResolveOrNothing: a case that can't be resolved ends nothing.
func TestResolveOrNothing(t *testing.T) {
	for name, before := range map[string]func(*scene){
		"already resolved": func(s *scene) { s.has(t, Resolved) },
		"no such case":     func(*scene) {},
		"database down":    func(s *scene) { s.has(t, Claimed); s.store.down = errors.New("down") },
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			before(s)
			s.lends("a", "#4711")
			if _, err := s.Resolve(t.Context(), s.by(lou), id, NotListed, "It isn't on it."); err == nil {
				t.Error("it is resolved")
			}
			if got := s.store.state.admins["a"].State; got != actions.AdminInUse {
				t.Errorf("the ticket's temporary admin is %s", got)
			}
		})
	}
}
