package actions

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// fakeAdmins is what a fakeStore keeps of temporary admins and their targets.
type fakeAdmins struct {
	admins  map[string]TempAdmin
	targets map[string]Target
}

func newFakeAdmins() fakeAdmins { return fakeAdmins{map[string]TempAdmin{}, map[string]Target{}} }

func (f fakeAdmins) clone() fakeAdmins {
	return fakeAdmins{maps.Clone(f.admins), maps.Clone(f.targets)}
}

// adminsThat are some temporary admins, newest first.
func (f fakeAdmins) adminsThat(match func(TempAdmin) bool) []TempAdmin {
	found := slices.DeleteFunc(slices.Collect(maps.Values(f.admins)), func(t TempAdmin) bool { return !match(t) })
	slices.SortFunc(found, func(a, b TempAdmin) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID)) })
	return found
}

// picks reports whether a filter picks a temporary admin.
func (f AdminFilter) picks(t TempAdmin) bool {
	ends := !t.State.Final() && t.State != AdminEnding && t.State != AdminStray
	return (!f.Open || !t.State.Final()) && (!f.Ends || ends) && (f.Ticket == "" || strings.EqualFold(f.Ticket, t.Ticket)) && (f.Target == "" || f.Target == t.Target) &&
		(f.Actor == "" || f.Actor == t.Actor || f.Actor == t.Receiver) && (f.State == "" || f.State == t.State)
}

func (s *fakeStore) AdminByID(_ context.Context, id string) (TempAdmin, bool, error) {
	t, found := s.current().admins[id]
	return t, found, s.down
}

func (s *fakeStore) AdminAt(_ context.Context, target, login string) (TempAdmin, bool, error) {
	found := s.current().adminsThat(func(t TempAdmin) bool { return t.Target == target && t.Login == login && login != "" })
	if len(found) == 0 {
		return TempAdmin{}, false, s.down
	}
	return found[0], true, s.down
}

func (s *fakeStore) AdminList(_ context.Context, f AdminFilter, limit int) ([]TempAdmin, error) {
	found := s.current().adminsThat(f.picks)
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) AdminCount(_ context.Context, f AdminFilter) (int, error) {
	return len(s.current().adminsThat(f.picks)), s.down
}

func (s *fakeStore) AdminsDue(_ context.Context, now time.Time, limit int) ([]TempAdmin, error) {
	found := s.current().adminsThat(func(t TempAdmin) bool { return !t.Due.IsZero() && !t.Due.After(now) && !t.LeasedUntil.After(now) })
	slices.SortFunc(found, func(a, b TempAdmin) int { return cmp.Or(a.Due.Compare(b.Due), strings.Compare(a.ID, b.ID)) })
	return found[:min(limit, len(found))], s.down
}

func (s *fakeStore) TargetByID(_ context.Context, id string) (Target, bool, error) {
	target, found := s.current().targets[id]
	return target, found, s.down
}

func (s *fakeStore) TargetByName(_ context.Context, name string) (Target, bool, error) {
	for _, target := range s.current().targets {
		if strings.EqualFold(target.Name, name) {
			return target, true, s.down
		}
	}
	return Target{}, false, s.down
}

func (s *fakeStore) Targets(context.Context) ([]Target, error) {
	targets := slices.Collect(maps.Values(s.current().targets))
	slices.SortFunc(targets, func(a, b Target) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return targets, s.down
}

// SecretOf returns the newest secret of an operation's password.
func (s *fakeStore) SecretOf(_ context.Context, operation string) (Secret, bool, error) {
	found := s.secretsThat(1, func(secret Secret) bool { return secret.Operation == operation && operation != "" })
	if len(found) == 0 {
		return Secret{}, false, s.down
	}
	return found[0], true, s.down
}

func (t *fakeTx) StartAdmin(_ context.Context, admin TempAdmin) error {
	if _, there := t.admins[admin.ID]; there {
		return fmt.Errorf("a temporary admin of the ID %s is there already", admin.ID)
	}
	same := t.adminsThat(func(other TempAdmin) bool {
		return admin.Login != "" && other.Target == admin.Target && other.Login == admin.Login
	})
	if _, there := t.targets[admin.Target]; admin.Target != "" && !there {
		return Errorf(NotFound, "The target isn't there any more.")
	}
	if len(same) != 0 {
		return Errorf(Conflict, "The target has another of that login on record.")
	}
	t.admins[admin.ID] = admin
	return nil
}

func (t *fakeTx) Admin(_ context.Context, id string) (TempAdmin, bool, error) {
	admin, found := t.admins[id]
	return admin, found, nil
}

func (t *fakeTx) AdminsLeased(_ context.Context, target string, now time.Time) (int, error) {
	return len(t.adminsThat(func(admin TempAdmin) bool { return admin.Target == target && admin.LeasedUntil.After(now) })), nil
}

func (t *fakeTx) AdminsLeft(_ context.Context, target string) ([]TempAdmin, error) {
	left := t.adminsThat(func(admin TempAdmin) bool { return admin.Target == target && !admin.State.Final() })
	slices.SortFunc(left, func(a, b TempAdmin) int { return strings.Compare(a.ID, b.ID) })
	return left, nil
}

func (t *fakeTx) PutAdmin(_ context.Context, admin TempAdmin) error {
	old, there := t.admins[admin.ID]
	if !there {
		return fmt.Errorf("there is no temporary admin %s", admin.ID)
	}
	admin.Site, admin.Target, admin.Login, admin.At = old.Site, old.Target, old.Login, old.At
	t.admins[admin.ID] = admin
	return nil
}

func (t *fakeTx) AdminOfRequest(_ context.Context, request string) (TempAdmin, bool, error) {
	found := t.adminsThat(func(admin TempAdmin) bool { return admin.Request == request && request != "" })
	if len(found) == 0 {
		return TempAdmin{}, false, nil
	}
	return found[0], true, nil
}

func (t *fakeTx) StartTarget(_ context.Context, target Target) error {
	for _, other := range t.targets {
		if strings.EqualFold(other.Name, target.Name) {
			return Errorf(Conflict, "There is a target of that name.")
		}
	}
	t.targets[target.ID] = target
	return nil
}

func (t *fakeTx) PutTarget(_ context.Context, target Target) error {
	there, found := t.targets[target.ID]
	if !found {
		return Errorf(NotFound, "The target isn't there any more.")
	}
	there.User, there.Reassign = target.User, target.Reassign
	t.targets[target.ID] = there
	return nil
}

func (t *fakeTx) EndTarget(_ context.Context, id string) (bool, error) {
	_, there := t.targets[id]
	delete(t.targets, id)
	return there, nil
}

// hosts gives a desk its staff and a target, "Acme shop", with the site behind it.
func hosts(t testing.TB, options ...option) (*desk, *fakeSite) {
	t.Helper()
	d := office(t, options...)
	d.staffed(t)
	return d, d.site1(t, "Acme shop")
}

// site1 adds a target with the ID "target of" and its name, and the site behind it.
func (d *desk) site1(t testing.TB, name string) *fakeSite {
	t.Helper()
	target := Target{ID: "target of " + name, Name: name, Kind: TargetWordPress, URL: "https://shop.example", User: "latchkey", At: d.now, By: "terminal:ops"}
	sealed, err := d.Keys.Seal(SealTarget, target.ID, []byte(sitePassword))
	must(t, err)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		if err := tx.PutSealed(t.Context(), sealed); err != nil {
			return err
		}
		return tx.StartTarget(t.Context(), target)
	}))
	site := newFakeSite()
	if d.Sites == nil {
		d.Sites = map[TargetKind]func(Target, string) (Site, error){}
		sites := map[string]*fakeSite{}
		d.sites = sites
		d.Sites[TargetWordPress] = func(target Target, password string) (Site, error) {
			if password != sitePassword {
				return nil, Errorf(Internal, "The target got a wrong password.")
			}
			return sites[target.ID], nil
		}
	}
	d.sites[target.ID] = site
	return site
}

// admin is a temporary admin as it lies in the store.
func (d *desk) admin(t testing.TB, id string) TempAdmin {
	t.Helper()
	admin, found := d.store.current().admins[id]
	if !found {
		t.Fatalf("there is no temporary admin %s", id)
	}
	return admin
}

// keepsAdmin puts a temporary admin into the store, in use on the target "Acme shop"
// since a moment ago and for a day, as the change makes it.
func (d *desk) keepsAdmin(t testing.TB, change func(*TempAdmin)) TempAdmin {
	t.Helper()
	now := Instant(d.now)
	admin := TempAdmin{
		ID: fmt.Sprint("ta-", len(d.store.current().admins)+1), Site: SiteManaged, State: AdminInUse, Target: "target of Acme shop",
		Actor: "U1", Receiver: "U2", Approver: "U8", Reason: "the checkout is broken", Ticket: "#4711",
		At: now, BegunAt: now, ExpiresAt: now.Add(aDay), Days: 1,
	}
	admin.Login = AdminPrefix + strings.ReplaceAll(admin.ID, "-", "")
	if change != nil {
		change(&admin)
	}
	must(t, d.store.Tx(t.Context(), func(tx Tx) error { return tx.StartAdmin(t.Context(), admin) }))
	return admin
}

// SecretOf returns the newest secret of an operation's password.
func (t *fakeTx) SecretOf(_ context.Context, operation string) (Secret, bool, error) {
	found := (&fakeStore{state: t.fakeState}).secretsThat(1, func(secret Secret) bool { return secret.Operation == operation && operation != "" })
	if len(found) == 0 {
		return Secret{}, false, nil
	}
	return found[0], true, nil
}
