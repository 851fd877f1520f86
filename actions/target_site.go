package actions

import (
	"context"
	"errors"
	"sync"
	"time"
)

// errShut is a cause of the error of a target that can't be opened: it wasn't asked.
var errShut = errors.New("the target can't be opened")

// shut says why a target can't be opened.
func shut(cause error, format string, args ...any) error {
	e := Errorf(Unavailable, format, args...)
	e.Cause = errors.Join(errShut, cause)
	return e
}

// site opens a target. Its calls wait for one of the [SiteCalls] places that the target
// has in this process, and take at most [SiteLimit] from then on. Errors: Unavailable,
// with the cause errShut when the target can't be opened.
func (a *Actions) site(ctx context.Context, t Target) (Site, error) {
	password, err := a.targetPassword(ctx, t)
	if err != nil {
		return nil, err
	}
	site, err := a.openSite(t, password)
	if err != nil {
		return nil, shut(err, "%s", spoken(t.Name, err))
	}
	return site, nil
}

// targetPassword is what Latchkey proves itself with to a target, "" for one of the
// directory.
func (a *Actions) targetPassword(ctx context.Context, t Target) (string, error) {
	if t.Kind == TargetDirectory {
		return "", nil
	}
	sealed, found, err := a.Store.SealedByID(ctx, SealTarget, t.ID)
	if err != nil {
		return "", err
	}
	if found {
		var password []byte
		if password, err = a.Keys.Unseal(sealed); err == nil {
			return string(password), nil
		}
	}
	return "", shut(nil, "Latchkey can't read the password that it has for %s. Please ask your Latchkey admin to look for the server key that sealed it, or to add the target once more with a new application password.", t.Name)
}

// openSite opens a target with a password, behind its gate. Errors: Unavailable for a
// kind that can't be reached, and of [Actions.Sites].
func (a *Actions) openSite(t Target, password string) (Site, error) {
	open, known := a.Sites[t.Kind]
	if t.Kind == TargetDirectory && !known {
		open, known = a.DirectorySite, true
	}
	if !known {
		return nil, Errorf(Unavailable, "Latchkey can't reach targets of the kind %q here, such as %s. Please tell your Latchkey admin.", t.Kind, t.Name)
	}
	site, err := open(t, password)
	if err != nil {
		return nil, err
	}
	return &gatedSite{site: site, name: t.Name, places: a.gates.of(t.ID)}, nil
}

// gates are the places for calls to each target. The zero value is ready.
type gates struct {
	mu     sync.Mutex
	places map[string]chan struct{} // by the target's ID
}

// of are the places of a target: who calls it puts something in.
func (g *gates) of(target string) chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.places == nil {
		g.places = map[string]chan struct{}{}
	}
	if g.places[target] == nil {
		g.places[target] = make(chan struct{}, SiteCalls)
	}
	return g.places[target]
}

// enter waits for one of the places that a target has in this process, not longer than
// a deletion takes; leave gives it back. Errors: errTargetFull.
func (g *gates) enter(ctx context.Context, target string) (leave func(), err error) {
	places, limit := g.of(target), time.NewTimer(deleteLimit)
	defer limit.Stop()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-limit.C:
		return nil, errTargetFull
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// gatedSite is a site whose calls are bounded in number and in time.
type gatedSite struct {
	site   Site
	name   string
	places chan struct{}
}

// enter waits for a place, and bounds the call; leave gives both back. Errors:
// Unavailable when who asks waits no longer; the site wasn't asked then.
func (g *gatedSite) enter(ctx context.Context) (bounded context.Context, leave func(), err error) {
	select {
	case g.places <- struct{}{}:
	case <-ctx.Done():
		e := Errorf(Unavailable, "Latchkey has too much to do on %s right now, so nothing was done there. Please try again in a minute.", g.name)
		e.Cause = notAskedError{ctx.Err()}
		return nil, nil, e
	}
	bounded, cancel := context.WithTimeout(ctx, SiteLimit)
	return bounded, func() { cancel(); <-g.places }, nil
}

// notAskedError is why a site wasn't even asked.
type notAskedError struct{ error }

func (e notAskedError) Unwrap() []error { return []error{ErrTurnedAway, e.error} }

// Check looks whether Latchkey may do there all that it needs.
func (g *gatedSite) Check(ctx context.Context) error {
	ctx, leave, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return g.site.Check(ctx)
}

// Make makes an administrator.
func (g *gatedSite) Make(ctx context.Context, user SiteUser, password string) (SiteUser, error) {
	ctx, leave, err := g.enter(ctx)
	if err != nil {
		return SiteUser{}, err
	}
	defer leave()
	return g.site.Make(ctx, user, password)
}

// Look returns the user of a login, or of an ID.
func (g *gatedSite) Look(ctx context.Context, login, id string) (SiteUser, bool, error) {
	ctx, leave, err := g.enter(ctx)
	if err != nil {
		return SiteUser{}, false, err
	}
	defer leave()
	return g.site.Look(ctx, login, id)
}

// Delete deletes the user of that login.
func (g *gatedSite) Delete(ctx context.Context, login string) error {
	ctx, leave, err := g.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	return g.site.Delete(ctx, login)
}

// Temporary returns every temporary admin.
func (g *gatedSite) Temporary(ctx context.Context) ([]SiteUser, error) {
	ctx, leave, err := g.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return g.site.Temporary(ctx)
}
