package escalation

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// fakeAdmins is what a fakeStore keeps of temporary admins.
type fakeAdmins struct{ admins map[string]actions.TempAdmin }

func (f fakeAdmins) clone() fakeAdmins { return fakeAdmins{maps.Clone(f.admins)} }

// AdminList returns those of a ticket, newest first; those that its end ends, if that is
// asked for.
func (s *fakeStore) AdminList(_ context.Context, f actions.AdminFilter, limit int) ([]actions.TempAdmin, error) {
	found := slices.SortedFunc(maps.Values(s.state.admins), func(a, b actions.TempAdmin) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID))
	})
	over := []actions.AdminState{actions.AdminGone, actions.AdminRefused, actions.AdminEnding, actions.AdminStray}
	found = slices.DeleteFunc(found, func(t actions.TempAdmin) bool {
		return !strings.EqualFold(t.Ticket, f.Ticket) || f.Ends && slices.Contains(over, t.State)
	})
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) TargetByID(_ context.Context, id string) (actions.Target, bool, error) {
	return actions.Target{ID: id, Name: "Acme shop"}, true, s.down
}

func (t *fakeTx) Admin(_ context.Context, id string) (actions.TempAdmin, bool, error) {
	admin, found := t.admins[id]
	return admin, found, nil
}

func (t *fakeTx) PutAdmin(_ context.Context, admin actions.TempAdmin) error {
	t.admins[admin.ID] = admin
	return nil
}
