package escalation

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// fakeDirectory knows customers by their ID.
type fakeDirectory struct {
	actions.Directory // what no test here uses
	customers         map[string]actions.Snapshot
	down              error
}

// Abilities are those to unlock, and to take off lists.
func (d *fakeDirectory) Abilities() actions.Abilities {
	return actions.Abilities{TellsUnknownUser: true, Changes: []actions.ChangeKind{actions.ChangeUnlocked, actions.ChangeDelisted}}
}

func (d *fakeDirectory) Snapshot(_ context.Context, query actions.Query) (actions.Snapshot, error) {
	snapshot := d.customers[query.UserID]
	snapshot.Identifier, snapshot.At = query.Identifier, query.At
	return snapshot, d.down
}

func (d *fakeDirectory) Users(_ context.Context, ids, identifiers []string) (found []actions.User, err error) {
	for _, snapshot := range d.customers {
		user := snapshot.Users[0]
		if slices.Contains(ids, user.ID) || slices.ContainsFunc(identifiers, user.Answers) {
			found = append(found, user)
		}
	}
	return found, d.down
}

// fakeLists is a system that holds mail back from some addresses.
type fakeLists struct {
	actions.Suppressions // what no test here uses
	name                 string
	listed               map[string][]actions.Suppression
	deaf                 bool // it says yes, and does nothing
	asked                int  // how often, about an address
	down                 error
}

func (l *fakeLists) Name() string { return l.name }

func (l *fakeLists) Listed(_ context.Context, address string) ([]actions.Suppression, error) {
	l.asked++
	return l.listed[address], l.down
}

// address is jane's.
const address = "jane@acme.example"

// knows gives the desk a directory with jane, as the changes make her, and with a
// system that lists nobody.
func (s *scene) knows(t testing.TB, changes ...func(*actions.Snapshot)) (*fakeDirectory, *fakeLists) {
	t.Helper()
	jane := actions.Snapshot{
		NewestAttempt: s.now.Add(-time.Minute),
		Users: []actions.User{{
			ID: "u-1", Username: "jane.doe", Status: actions.UserActive, Email: address, Mobile: "+61 400 000 123", FirstName: "Jane",
			HasPassword: true, LoginMethods: []string{"password"}, CreatedAt: s.now.AddDate(-1, 0, 0), LastLoginAt: s.now.AddDate(0, 0, -20), Locale: "de-AT",
		}},
		Places: []actions.Place{place("acc-1", "Acme", "GW-1001")},
	}
	for _, change := range changes {
		change(&jane)
	}
	directory := &fakeDirectory{customers: map[string]actions.Snapshot{"u-1": jane}}
	lists := &fakeLists{name: "Amazon SES", listed: map[string][]actions.Suppression{}}
	s.Actions.Directory, s.Actions.Rules = directory, actions.Rules{LockAfter: 3, IdleMonths: 3}
	s.Actions.Lists = []actions.Suppressions{lists}
	return directory, lists
}

// place is jane's place in an active account.
func place(id, name string, gateways ...string) actions.Place {
	return actions.Place{
		Membership: actions.Membership{UserID: "u-1", AccountID: id, Role: "member", Status: actions.MembershipActive},
		Account:    actions.Account{ID: id, Name: name, Status: actions.AccountActive, GatewayIDs: gateways},
	}
}

// locked is a customer whose wrong passwords locked them.
func locked(s *actions.Snapshot) {
	s.Locks = []actions.Lock{{ID: "lock-1", UserID: "u-1", Kind: actions.LockAttempts, At: noon.Add(-time.Hour)}}
}

// bounced is a customer whose last mail bounced.
func bounced(s *actions.Snapshot) {
	s.Mails = []actions.Delivery{{
		ID: "mail-1", Address: address, Kind: actions.DeliveryPasswordReset, Status: actions.Bounced, At: noon.Add(-time.Hour), UserID: "u-1",
		Detail: "550 jane@acme.example unknown here",
	}}
}

// withoutEmail is a customer without an address on file (RULES S4.11).
func withoutEmail(s *actions.Snapshot) { s.Users[0].Email = "" }
