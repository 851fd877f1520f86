package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"net"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of a target.
const (
	targetNameLimit = 60  // characters
	targetURLLimit  = 300 // characters
)

// AddTarget adds a target once it has looked that Latchkey may do there all that it
// needs ([Site.Check]); its password is sealed. One that is there by that name, and is
// the same site or account, gets the new password, user and heir instead. It is a row of
// the audit.
//
// Errors: Forbidden; Invalid for a target that can't be one; Conflict for a name that
// another has, and for a site or an account that another is; Unavailable, or what Check
// says, when the target can't be used.
func (a *Actions) AddTarget(ctx context.Context, call Call, n NewTarget) (AddedTarget, error) {
	if !May(call.Actor.Roles, ActTargetAdd) {
		return AddedTarget{}, a.Refuse(ctx, call, ActTargetAdd)
	}
	wanted, err := a.newTarget(call.Actor.ID, n)
	if err != nil {
		return AddedTarget{}, err
	}
	t, err := a.addedAs(ctx, wanted)
	if err != nil {
		return AddedTarget{}, err
	}
	site, err := a.openSite(t.Target, n.Password)
	if err != nil {
		return AddedTarget{}, err
	}
	if err := site.Check(ctx); err != nil {
		return AddedTarget{}, err
	}
	sealed, err := a.Keys.Seal(SealTarget, t.ID, []byte(n.Password))
	if err != nil {
		return AddedTarget{}, err
	}
	entry := t.entry(wanted.At, ActTargetAdd, ActDone)
	if t.Replaced {
		entry.Detail += "; its access was replaced"
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		if err := a.keepTarget(ctx, tx, t, sealed); err != nil {
			return err
		}
		return a.record(ctx, tx, call, entry)
	})
	if err != nil {
		return AddedTarget{}, err
	}
	return t, nil
}

// newTarget checks and completes what is to be added. Errors: Invalid.
func (a *Actions) newTarget(actor string, n NewTarget) (Target, error) {
	t := Target{
		ID: rand.Text(), Name: strings.TrimSpace(n.Name), Kind: n.Kind, URL: strings.TrimRight(strings.TrimSpace(n.URL), "/"),
		User: strings.TrimSpace(n.User), Reassign: strings.TrimSpace(n.Reassign), Account: strings.TrimSpace(n.Account),
		At: Instant(a.Now()), By: actor,
	}
	if t.Kind == "" {
		t.Kind = TargetWordPress
		if t.URL == "" && t.Account != "" {
			t.Kind = TargetDirectory
		}
	}
	odd := func(r rune) bool { return !unicode.IsPrint(r) }
	switch {
	case t.Name == "" || utf8.RuneCountInString(t.Name) > targetNameLimit || !utf8.ValidString(t.Name) || strings.ContainsFunc(t.Name, odd):
		return t, Errorf(Invalid, "A target is called by 1 to %d printable characters, such as \"Acme shop\". Please choose such a name.", targetNameLimit)
	case t.Kind == TargetDirectory:
		return t, t.checkAccount(n.Password)
	case t.Kind == TargetWordPress:
		t.Reassign = cmp.Or(t.Reassign, t.User)
		return t, t.checkWordPress(n.Password)
	}
	return t, Errorf(Invalid, "A target is a WordPress site or an account of the directory. Please give the address of the one, or the ID of the other.")
}

// checkAccount looks at a target of the directory.
func (t Target) checkAccount(password string) error {
	switch {
	case t.Account == "":
		return Errorf(Invalid, "Please give the ID of the account whose temporary admins are made.")
	case t.URL != "" || t.User != "" || t.Reassign != "" || password != "":
		return Errorf(Invalid, "An account of the directory has no address, no user and no password of its own. Please leave them out.")
	}
	return checkLine("account", t.Account, targetURLLimit, false)
}

// checkWordPress looks at a target that is a WordPress site.
func (t Target) checkWordPress(password string) error {
	switch {
	case t.Account != "":
		return Errorf(Invalid, "A WordPress site has no account of the directory. Please leave it out.")
	case t.User == "":
		return Errorf(Invalid, "Please give the login of the WordPress user whose application password Latchkey uses.")
	case strings.TrimSpace(password) == "":
		return Errorf(Invalid, "Please give the application password of that user: in WordPress under Users, Profile, Application Passwords.")
	}
	for _, text := range []string{t.User, t.Reassign, password} {
		if err := checkLine("login or password", text, targetURLLimit, false); err != nil {
			return err
		}
	}
	return CheckTargetURL(t.URL)
}

// CheckTargetURL looks at the address of a site: https, and http only on this very
// machine, without what would be somebody's password or belongs behind it. Errors:
// Invalid.
func CheckTargetURL(address string) error {
	wrong := Errorf(Invalid, "The address of the site must be one such as https://shop.example, with nothing behind it, and at most %d characters long. Please check it.", targetURLLimit)
	u, err := url.Parse(address)
	switch {
	case err != nil || len(address) > targetURLLimit || u.Hostname() == "":
		return wrong
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "" || strings.Contains(address, "#"):
		return wrong
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return Errorf(Invalid, "The site must be reached by https: by http everybody on the way could read the password. Only a site on this very machine may use http. Please give its https:// address.")
	}
	return wrong
}

// loopback reports whether a host is this very machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// entry is a row of the audit about a target, without its password.
func (t Target) entry(at time.Time, act Act, outcome AuditOutcome) AuditEntry {
	what := "the account " + t.Account
	if t.Kind == TargetWordPress {
		what = t.URL + ", as " + t.User
	}
	return AuditEntry{At: at, Act: act, Outcome: outcome, Detail: t.Name + ": " + string(t.Kind) + ", " + what}
}

// TestTarget looks whether Latchkey may still do there all that it needs. Errors: as
// of [Actions.AddTarget]; NotFound.
func (a *Actions) TestTarget(ctx context.Context, call Call, name string) (Target, error) {
	if !May(call.Actor.Roles, ActTargetTest) {
		return Target{}, a.Refuse(ctx, call, ActTargetTest)
	}
	t, err := a.targetCalled(ctx, name)
	if err != nil {
		return Target{}, err
	}
	outcome := ActDone
	failed := a.checkSite(ctx, t)
	if failed != nil {
		outcome = ActFailed
	}
	entry := t.entry(Instant(a.Now()), ActTargetTest, outcome)
	err = a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
	return t, cmp.Or(err, failed)
}

// checkSite opens a target and looks whether it can be used.
func (a *Actions) checkSite(ctx context.Context, t Target) error {
	site, err := a.site(ctx, t)
	if err != nil {
		return err
	}
	return site.Check(ctx)
}

// targetCalled is a target by its name. Errors: NotFound, Unavailable.
func (a *Actions) targetCalled(ctx context.Context, name string) (Target, error) {
	t, found, err := a.Store.TargetByName(ctx, strings.TrimSpace(name))
	if err == nil && !found {
		err = Errorf(NotFound, "There is no target %q. All that there are: latchkey targets list", strings.TrimSpace(name))
	}
	return t, err
}

// Targets lists the targets by name. Errors: Unavailable.
func (a *Actions) Targets(ctx context.Context) ([]Target, error) { return a.Store.Targets(ctx) }
