// Package sitetest is the one suite that every implementation of [actions.Site] must
// pass: an account of the embedded directory and a WordPress, whether it is the fake or
// a real one.
package sitetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// Rig is a site without temporary admins, and a way to see and to do there what
// Latchkey doesn't.
type Rig struct {
	Site actions.Site
	// Logins are the logins of all users of the site, in any order.
	Logins func(t *testing.T) []string
	// Owner is the ID of an admin who isn't a temporary one.
	Owner func(t *testing.T) string
	// Add adds a user by hand, with an address of their own.
	Add func(t *testing.T, user actions.SiteUser)
	// SignsIn reports whether a password lets a user in; nil for a site that takes none.
	SignsIn func(t *testing.T, login, password string) bool
	// Write has a user write something, and Inherited is how much of that is by now who
	// gets the content of the deleted; nil for a site without content.
	Write     func(t *testing.T, login string)
	Inherited func(t *testing.T) int
}

// The passwords are of the form that Latchkey generates.
const (
	first  = "kV7-mQ2x-Tz9w-Hc4n-Rb8y"
	second = "Wp3-jN6s-Dg5v-Xf2k-Lt7q"
)

// temp is a temporary admin as Latchkey makes it.
func temp(rest string) actions.SiteUser {
	login := actions.AdminPrefix + rest
	return actions.SiteUser{Login: login, Name: "Temporary support admin", Email: login + "@latchkey.invalid"}
}

var jane = temp("k3m9p2x7qa")

// Run runs the suite: open makes a rig for each of its tests.
func Run(t *testing.T, open func(t *testing.T) Rig) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Rig)
	}{
		{"Checked", checked},
		{"Nobody", nobody},
		{"Made", made},
		{"MadeTwice", madeTwice},
		{"MadeOfWhoIsNoAdmin", madeOfWhoIsNoAdmin},
		{"NotMadeOfSomebodyElse", notMadeOfSomebodyElse},
		{"MadeAgain", madeAgain},
		{"MadeAtOnce", madeAtOnce},
		{"Deleted", deleted},
		{"DeletedTwice", deletedTwice},
		{"DeletesNobodyElse", deletesNobodyElse},
		{"Inherited", inherited},
		{"OthersAreNotFound", othersAreNotFound},
		{"Temporary", temporary},
		{"TemporaryOfMany", temporaryOfMany},
		{"OddLogins", oddLogins},
		{"Cancelled", cancelled},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

// logins are those of all users, sorted.
func (r Rig) logins(t *testing.T) []string {
	t.Helper()
	return slices.Sorted(slices.Values(r.Logins(t)))
}

// makes has the site make a user.
func (r Rig) makes(t *testing.T, user actions.SiteUser, password string) actions.SiteUser {
	t.Helper()
	got, err := r.Site.Make(t.Context(), user, password)
	if err != nil {
		t.Fatalf("making %s: %v", user.Login, err)
	}
	if got.Login != user.Login || got.ID == "" || !got.Admin {
		t.Fatalf("it made %+v of %+v", got, user)
	}
	return got
}

// deletes has the site delete a user.
func (r Rig) deletes(t *testing.T, login string) {
	t.Helper()
	if err := r.Site.Delete(t.Context(), login); err != nil {
		t.Fatalf("deleting %s: %v", login, err)
	}
}

// finds looks for a user, and expects that it is there, or that it isn't.
func (r Rig) finds(t *testing.T, login, id string, want bool) actions.SiteUser {
	t.Helper()
	got, found, err := r.Site.Look(t.Context(), login, id)
	if err != nil || found != want {
		t.Errorf("looking for %q, %q: %+v, %t, %v", login, id, got, found, err)
	}
	return got
}

// wantLogins expects that these, and only these, are there.
func (r Rig) wantLogins(t *testing.T, want []string, more ...string) {
	t.Helper()
	want = slices.Sorted(slices.Values(slices.Concat(want, more)))
	if got := r.logins(t); !slices.Equal(got, want) {
		t.Errorf("there are %q, want %q", got, want)
	}
}

// wantSignsIn expects that a password lets a user in, or doesn't.
func (r Rig) wantSignsIn(t *testing.T, login, password string, want bool) {
	t.Helper()
	if r.SignsIn != nil && r.SignsIn(t, login, password) != want {
		t.Errorf("the password lets %s in: %t", login, !want)
	}
}

func checked(t *testing.T, r Rig) {
	before := r.logins(t)
	for range 2 {
		if err := r.Site.Check(t.Context()); err != nil {
			t.Errorf("it can't be used: %v", err)
		}
	}
	r.wantLogins(t, before)
}

func nobody(t *testing.T, r Rig) {
	before := r.logins(t)
	for _, id := range []string{"", "0", "-1", "999999", "nonsense", "1/../2", jane.Login} {
		r.finds(t, jane.Login, id, false)
		r.finds(t, "", id, false)
	}
	r.deletes(t, jane.Login)
	r.wantLogins(t, before)
}

func made(t *testing.T, r Rig) {
	before := r.logins(t)
	got := r.makes(t, jane, first)
	if got.Name != jane.Name || got.Email != jane.Email {
		t.Errorf("it made %+v", got)
	}
	r.wantLogins(t, before, jane.Login)
	r.wantSignsIn(t, jane.Login, first, true)
	r.wantSignsIn(t, jane.Login, second, false)
	for _, by := range [][2]string{{jane.Login, ""}, {jane.Login, got.ID}, {"", got.ID}, {temp("other").Login, got.ID}} {
		if found := r.finds(t, by[0], by[1], true); found != got {
			t.Errorf("looked for by %q, it is %+v, want %+v", by, found, got)
		}
	}
}

// madeTwice: the answer to the first may have got lost, and what it made is the same.
func madeTwice(t *testing.T, r Rig) {
	before := r.logins(t)
	one, two := r.makes(t, jane, first), r.makes(t, jane, second)
	if one.ID != two.ID {
		t.Errorf("it made %+v and %+v", one, two)
	}
	r.wantLogins(t, before, jane.Login)
	r.wantSignsIn(t, jane.Login, second, true)
	r.wantSignsIn(t, jane.Login, first, false)
}

func madeOfWhoIsNoAdmin(t *testing.T, r Rig) {
	before := r.logins(t)
	r.Add(t, jane)
	if got := r.finds(t, jane.Login, "", true); got.Admin {
		t.Errorf("%+v is an admin already", got)
	}
	r.makes(t, jane, first)
	if got := r.finds(t, jane.Login, "", true); !got.Admin {
		t.Errorf("%+v is no admin", got)
	}
	r.wantLogins(t, before, jane.Login)
	r.wantSignsIn(t, jane.Login, first, true)
}

// notMadeOfSomebodyElse: who made a user of that login could still get in by what they
// know of it, so it gets no role and no password. It may go all the same.
func notMadeOfSomebodyElse(t *testing.T, r Rig) {
	before := r.logins(t)
	theirs := jane
	theirs.Email = "mallory@acme.example"
	r.Add(t, theirs)
	for range 2 {
		if got, err := r.Site.Make(t.Context(), jane, first); actions.CodeOf(err) != actions.Conflict || got.Login != "" {
			t.Errorf("it made %+v: %v", got, err)
		}
	}
	if got := r.finds(t, jane.Login, "", true); got.Admin || got.Email != theirs.Email {
		t.Errorf("it is %+v by now", got)
	}
	r.wantSignsIn(t, jane.Login, first, false)
	r.deletes(t, jane.Login)
	r.wantLogins(t, before)
}

func madeAgain(t *testing.T, r Rig) {
	before := r.logins(t)
	r.makes(t, jane, first)
	r.deletes(t, jane.Login)
	r.makes(t, jane, second)
	r.wantLogins(t, before, jane.Login)
	r.wantSignsIn(t, jane.Login, first, false)
	r.deletes(t, jane.Login)
	r.wantLogins(t, before)
}

// madeAtOnce: as many as a target is asked at once, each gets its own, and one login
// that is made twice at once is all gone once it is deleted.
func madeAtOnce(t *testing.T, r Rig) {
	before := r.logins(t)
	var making sync.WaitGroup
	var logins []string
	for i := range actions.SiteCalls {
		user := temp(fmt.Sprint("atonce", i%(actions.SiteCalls-1)))
		if !slices.Contains(logins, user.Login) {
			logins = append(logins, user.Login)
		}
		making.Go(func() {
			if _, err := r.Site.Make(t.Context(), user, first); err != nil {
				t.Errorf("making %s: %v", user.Login, err)
			}
		})
	}
	making.Wait()
	for _, login := range logins {
		if got := r.finds(t, login, "", true); !got.Admin {
			t.Errorf("%+v is no admin", got)
		}
		r.deletes(t, login)
		r.finds(t, login, "", false)
	}
	r.wantLogins(t, before)
}

func deleted(t *testing.T, r Rig) {
	before := r.logins(t)
	got := r.makes(t, jane, first)
	r.deletes(t, jane.Login)
	r.finds(t, jane.Login, got.ID, false)
	r.finds(t, "", got.ID, false)
	r.wantLogins(t, before)
	r.wantSignsIn(t, jane.Login, first, false)
}

func deletedTwice(t *testing.T, r Rig) {
	before := r.logins(t)
	r.makes(t, jane, first)
	r.deletes(t, jane.Login)
	r.deletes(t, jane.Login)
	r.wantLogins(t, before)
}

// deletesNobodyElse: not who is called nearly so, and not who only mentions it.
func deletesNobodyElse(t *testing.T, r Rig) {
	before := r.logins(t)
	longer, shorter := temp("k3m9p2x7qa2"), temp("k3m9p2x7q")
	r.makes(t, longer, first)
	r.makes(t, shorter, first)
	about := actions.SiteUser{Login: "tester", Name: "Made " + jane.Login, Email: jane.Login + "@acme.example"}
	r.Add(t, about)
	r.finds(t, jane.Login, "", false)
	r.deletes(t, jane.Login)
	r.wantLogins(t, before, longer.Login, shorter.Login, about.Login)
	r.makes(t, jane, first)
	r.deletes(t, jane.Login)
	r.wantLogins(t, before, longer.Login, shorter.Login, about.Login)
	r.wantSignsIn(t, longer.Login, first, true)
}

// inherited: what a deleted user wrote isn't lost.
func inherited(t *testing.T, r Rig) {
	r.makes(t, jane, first)
	if r.Write == nil {
		r.deletes(t, jane.Login)
		return
	}
	before := r.Inherited(t)
	r.Write(t, jane.Login)
	r.Write(t, jane.Login)
	if got := r.Inherited(t); got != before {
		t.Errorf("before anybody is deleted, %d of it is inherited, want %d", got, before)
	}
	r.deletes(t, jane.Login)
	if got := r.Inherited(t); got != before+2 {
		t.Errorf("%d of it is inherited, want %d", got, before+2)
	}
}

// othersAreNotFound: an ID finds temporary admins only.
func othersAreNotFound(t *testing.T, r Rig) {
	id := r.Owner(t)
	r.finds(t, jane.Login, id, false)
	r.finds(t, "", id, false)
	r.finds(t, "", "", false)
}

func temporary(t *testing.T, r Rig) {
	r.wantTemporary(t)
	by := r.makes(t, jane, first)
	stray := temp("stray")
	r.Add(t, stray)
	r.Add(t, actions.SiteUser{Login: "not-" + jane.Login, Name: jane.Login, Email: "not-" + jane.Login + "@acme.example"})
	got := r.wantTemporary(t, jane.Login, stray.Login)
	if got[0] != by || got[1].Admin {
		t.Errorf("it lists %+v, made was %+v", got, by)
	}
	r.deletes(t, stray.Login) // somebody else made it, and its login says that it may go
	r.wantTemporary(t, jane.Login)
}

// many are more than fit on one page of a list.
const many = 55

func temporaryOfMany(t *testing.T, r Rig) {
	var logins []string
	for i := range many {
		user := temp(fmt.Sprintf("many%03d", i))
		r.Add(t, user)
		logins = append(logins, user.Login)
	}
	r.wantTemporary(t, logins...)
	r.finds(t, logins[many-1], "", true)
}

// oddLogins: who adds a user by hand chooses any login that the site takes, and it is
// found and deleted like any other.
func oddLogins(t *testing.T, r Rig) {
	before := r.logins(t)
	var odd []string
	for i, rest := range []string{"x@acme.example", "@", "two words", "a.b_c-d", "@support-temp-@"} {
		user := temp(rest)
		user.Email = fmt.Sprintf("odd%d@other.example", i)
		odd = append(odd, user.Login)
		r.Add(t, user)
	}
	r.wantTemporary(t, odd...)
	for i, login := range odd {
		got := r.finds(t, login, "", true)
		if got.Login != login {
			t.Errorf("looking for %q found %+v", login, got)
		}
		r.deletes(t, login)
		r.finds(t, login, got.ID, false)
		r.wantLogins(t, before, odd[i+1:]...)
	}
}

// wantTemporary expects that these are the temporary admins, and returns them by their
// logins.
func (r Rig) wantTemporary(t *testing.T, want ...string) []actions.SiteUser {
	t.Helper()
	users, err := r.Site.Temporary(t.Context())
	slices.SortFunc(users, func(a, b actions.SiteUser) int { return cmp.Compare(a.Login, b.Login) })
	var got []string
	for _, user := range users {
		got = append(got, user.Login)
	}
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("it lists %s, want %s: %v", strings.Join(got, " "), strings.Join(want, " "), err)
	}
	return users
}

// cancelled: nobody waits any more, so nothing is done.
func cancelled(t *testing.T, r Rig) {
	r.makes(t, jane, first)
	before := r.logins(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, making := r.Site.Make(ctx, temp("other"), first)
	_, _, looking := r.Site.Look(ctx, jane.Login, "")
	_, listing := r.Site.Temporary(ctx)
	for call, err := range map[string]error{
		"Check": r.Site.Check(ctx), "Make": making, "Look": looking, "Delete": r.Site.Delete(ctx, jane.Login), "Temporary": listing,
	} {
		if err == nil {
			t.Errorf("%s went on for somebody who stopped waiting", call)
		}
	}
	r.wantLogins(t, before)
}
