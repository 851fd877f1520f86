package actions

import (
	"context"
	"net/url"
	"slices"
	"strings"
)

// AddedTarget is what came of adding a target.
type AddedTarget struct {
	Target
	// Replaced: it was there, and what Latchkey proves itself with there was replaced.
	Replaced bool
}

// addedAs is a target as it is to be kept: a new one, or, when its name is that of one
// which is the same site or account, that one with the new access. Errors: Conflict for
// a name that another has, and for a site or an account that another is.
func (a *Actions) addedAs(ctx context.Context, t Target) (AddedTarget, error) {
	there, named, err := a.Store.TargetByName(ctx, t.Name)
	switch {
	case err != nil:
		return AddedTarget{}, err
	case named && there.sameAs(t):
		there.User, there.Reassign = t.User, t.Reassign
		return AddedTarget{there, true}, nil
	case named:
		return AddedTarget{}, Errorf(Conflict, "There is a target %q already, and it is another site or account. Please choose another name, or remove that one first: latchkey targets remove %q", there.Name, there.Name)
	}
	all, err := a.Store.Targets(ctx)
	if err != nil {
		return AddedTarget{}, err
	}
	if i := slices.IndexFunc(all, t.sameAs); i >= 0 {
		return AddedTarget{}, Errorf(Conflict, "The target %q is that site or account already, so it wasn't added a second time. To replace what Latchkey proves itself with there, please add it once more as %q.", all[i].Name, all[i].Name)
	}
	return AddedTarget{Target: t}, nil
}

// sameAs reports whether two targets are the same site, or the same account.
func (t Target) sameAs(other Target) bool {
	return t.Kind == other.Kind && t.Account == other.Account && siteKey(t.URL) == siteKey(other.URL)
}

// siteKey is what all addresses of a site have in common: its host in lower case, a port
// of its own, and the path.
func siteKey(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host, port := strings.TrimSuffix(Fold(u.Hostname()), "."), u.Port()
	if usual := map[string]string{"http": "80", "https": "443"}; port == usual[strings.ToLower(u.Scheme)] {
		port = ""
	}
	return host + ":" + port + strings.TrimRight(u.Path, "/")
}

// keepTarget stores a target with its password, or the new access of one that is there.
func (a *Actions) keepTarget(ctx context.Context, tx Tx, t AddedTarget, password Sealed) error {
	keep := tx.StartTarget
	if t.Replaced {
		keep = tx.PutTarget
	}
	if err := keep(ctx, t.Target); err != nil || t.Kind == TargetDirectory {
		return err
	}
	if err := tx.DropSealed(ctx, t.ID, SealTarget); err != nil {
		return err
	}
	return tx.PutSealed(ctx, password)
}
