package store_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/sitetest"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestSites runs the suite that each site passes on an account of the directory, on
// each database.
func TestSites(t *testing.T) {
	for name, open := range map[string]func(testing.TB, ...storetest.Option) *store.Store{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			sitetest.Run(t, func(t *testing.T) sitetest.Rig { return (&accountSite{Store: open(t)}).rig(t) })
		})
	}
}

// accountSite is an account of the directory, with those who were imported into it.
type accountSite struct {
	*store.Store
	imported []string // the IDs of users
}

// rig is the account with its owner.
func (s *accountSite) rig(t *testing.T) sitetest.Rig {
	t.Helper()
	put(t, s.Store, actions.Account{ID: "acme", Name: "Acme shop", Status: actions.AccountActive})
	s.add(t, "anna", "anna@acme.example", "admin")
	a := &actions.Actions{Directory: s.Store, Store: s.Store, Now: time.Now}
	site, err := a.DirectorySite(actions.Target{ID: "t-1", Name: "Acme shop", Kind: actions.TargetDirectory, Account: "acme"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return sitetest.Rig{
		Site: site, Logins: s.logins, Owner: func(*testing.T) string { return "anna" },
		Add:     func(t *testing.T, u actions.SiteUser) { s.add(t, u.Login, u.Email, "user") },
		SignsIn: s.signsIn,
	}
}

// add imports a user of the account.
func (s *accountSite) add(t *testing.T, login, email, role string) {
	t.Helper()
	put(t, s.Store,
		actions.User{ID: login, Username: login, Status: actions.UserActive, Email: email, HasPassword: true},
		actions.Membership{UserID: login, AccountID: "acme", Role: role, Status: actions.MembershipActive})
	s.imported = append(s.imported, login)
}

// logins are those of the temporary admins, and of who was imported.
func (s *accountSite) logins(t *testing.T) []string {
	t.Helper()
	temporary, err := s.TempAdmins(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	imported, err := s.Users(t.Context(), s.imported, nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, u := range slices.Concat(temporary, imported) {
		if !slices.Contains(all, u.Username) {
			all = append(all, u.Username)
		}
	}
	return all
}

// signsIn reports whether a password lets a user in, by what the product learns from
// the changes.
func (s *accountSite) signsIn(t *testing.T, login, password string) bool {
	t.Helper()
	changes, more, err := s.Changes(t.Context(), 0, 100)
	if err != nil || more {
		t.Fatalf("reading the changes: %v", err)
	}
	hash := ""
	for _, c := range changes {
		if c.Change.UserID == login {
			hash = c.Change.PasswordHash // none of who was deleted
		}
	}
	parts := strings.Split(hash, "$")
	if len(parts) != 6 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || parts[3] != "m=19456,t=2,p=1" {
		t.Fatalf("the hash is %q: %v", hash, err)
	}
	return parts[5] == base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte(password), salt, 2, 19456, 1, 32))
}
