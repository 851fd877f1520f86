package actions

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// sitePassword is what Latchkey proves itself with to the targets of the tests.
const sitePassword = "the application password"

// siteTrouble is what is wrong with a fakeSite.
type siteTrouble string

// The troubles.
const (
	siteDown    siteTrouble = "down"      // nothing is done, and it doesn't answer
	siteSlow    siteTrouble = "slow"      // nothing is done, and it answers when nobody waits any more
	siteLost    siteTrouble = "lost"      // it is done, and the answer gets lost
	siteAway    siteTrouble = "away"      // 401, 403: it turns Latchkey away
	siteBarred  siteTrouble = "barred"    // it is done, and what is in front of it turns Latchkey away
	siteBusy    siteTrouble = "busy"      // 429: it turns Latchkey away and says when to come back
	siteGarbage siteTrouble = "garbage"   // nothing is done, and the answer makes no sense
	siteLies    siteTrouble = "lies"      // it says yes and does nothing
	siteLate    siteTrouble = "late"      // it doesn't answer, and makes the user later: see appear
	siteTaken   siteTrouble = "taken"     // the login or the address is somebody else's
	siteWeak    siteTrouble = "no admin"  // it makes the user, and no administrator
	siteForever             = time.Minute // how long siteSlow takes for who waits without a limit
)

// unsearchable is the name of a user whom a fakeSite finds by the ID only.
const unsearchable = "no search finds them"

// The methods of a site, as a trouble is switched on for them.
const (
	callCheck, callMake, callLook, callDelete, callList = "check", "make", "look", "delete", "list"
)

// fakeSite is a site in memory, safe for concurrent use.
type fakeSite struct {
	mu        sync.Mutex
	users     map[string]SiteUser // by login
	passwords map[string]string   // by login
	late      []SiteUser          // those that appear
	troubles  map[string]siteTrouble
	later     time.Duration // that siteBusy asks for
	calls     []string      // the methods called, in order
	inside    int           // calls under way
	most      int           // how many were at once
	// before, if set, happens at the beginning of each call, outside the lock.
	before func(ctx context.Context, method string)
}

func newFakeSite() *fakeSite {
	return &fakeSite{
		users: map[string]SiteUser{"owner": {ID: "1", Login: "owner", Name: "Owner", Admin: true}}, passwords: map[string]string{},
		troubles: map[string]siteTrouble{}, later: minute,
	}
}

// breaks switches a trouble on, for all methods unless some are named; "" ends it.
func (s *fakeSite) breaks(trouble siteTrouble, methods ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if methods == nil {
		methods = []string{callCheck, callMake, callLook, callDelete, callList}
	}
	for _, method := range methods {
		s.troubles[method] = trouble
	}
}

// has puts a user there that nobody made through Latchkey.
func (s *fakeSite) has(users ...SiteUser) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, user := range users {
		s.users[user.Login] = user
	}
}

// loses deletes a user behind Latchkey's back.
func (s *fakeSite) loses(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.users, login)
}

// appear makes what siteLate was asked to make.
func (s *fakeSite) appear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, user := range s.late {
		s.users[user.Login] = user
	}
	s.late = nil
}

// logins are those of all temporary admins on it.
func (s *fakeSite) logins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.users)), func(login string) bool { return !IsAdminLogin(login) })
}

// password is what a login has.
func (s *fakeSite) password(login string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passwords[login]
}

// called counts the calls of a method.
func (s *fakeSite) called(method string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, call := range s.calls {
		if call == method {
			n++
		}
	}
	return n
}

// enter begins a call; leave ends it. done is false when the site does nothing, and err
// what it answers.
func (s *fakeSite) enter(ctx context.Context, method string) (trouble siteTrouble, done bool, err error) {
	if s.before != nil {
		s.before(ctx, method)
	}
	s.mu.Lock()
	s.calls, s.inside = append(s.calls, method), s.inside+1
	s.most = max(s.most, s.inside)
	trouble = s.troubles[method]
	later := s.later
	s.mu.Unlock()
	unclear := Errorf(Unavailable, "Acme shop doesn't answer. Please see whether it is up.")
	turned := Errorf(Unavailable, "Acme shop doesn't let Latchkey in. Please give Latchkey a new application password there.")
	switch trouble {
	case siteDown, siteGarbage, siteLate:
		return trouble, false, unclear
	case siteSlow:
		limit := time.NewTimer(siteForever)
		defer limit.Stop()
		select {
		case <-ctx.Done():
		case <-limit.C:
		}
		return trouble, false, unclear
	case siteLost:
		return trouble, true, unclear
	case siteAway:
		turned.Cause = ErrTurnedAway
		return trouble, false, turned
	case siteBarred:
		turned.Cause = ErrTurnedAway
		return trouble, true, turned
	case siteBusy:
		turned.Sentence, turned.Cause = "Acme shop has too much to do. Latchkey tries again.", &busyCause{LaterError{later}}
		return trouble, false, turned
	case siteTaken:
		return trouble, false, Errorf(Conflict, "Acme shop has somebody else of that name. Please ask again.")
	case siteLies:
		return trouble, false, nil
	case siteWeak:
	}
	return trouble, true, nil
}

func (s *fakeSite) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
}

// busyCause is the cause of a 429: nothing was done, and later is better.
type busyCause struct{ LaterError }

func (c *busyCause) Unwrap() []error { return []error{ErrTurnedAway, &c.LaterError} }

func (s *fakeSite) Check(ctx context.Context) error {
	defer s.leave()
	_, _, err := s.enter(ctx, callCheck)
	return err
}

func (s *fakeSite) Make(ctx context.Context, user SiteUser, password string) (SiteUser, error) {
	defer s.leave()
	trouble, done, err := s.enter(ctx, callMake)
	s.mu.Lock()
	defer s.mu.Unlock()
	user.ID, user.Admin = "id of "+user.Login, trouble != siteWeak
	switch {
	case done:
		s.users[user.Login], s.passwords[user.Login] = user, password
	case trouble == siteLate:
		s.late = append(s.late, user)
	}
	if err != nil {
		return SiteUser{}, err
	}
	return user, nil
}

func (s *fakeSite) Look(ctx context.Context, login, id string) (SiteUser, bool, error) {
	defer s.leave()
	if _, done, err := s.enter(ctx, callLook); err != nil || !done {
		return SiteUser{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, user := range s.users {
		if user.Login == login && user.Name != unsearchable || id != "" && user.ID == id && IsAdminLogin(user.Login) {
			return user, true, nil
		}
	}
	return SiteUser{}, false, nil
}

func (s *fakeSite) Delete(ctx context.Context, login string) error {
	defer s.leave()
	_, done, err := s.enter(ctx, callDelete)
	s.mu.Lock()
	defer s.mu.Unlock()
	if done {
		delete(s.users, login)
	}
	return err
}

func (s *fakeSite) Temporary(ctx context.Context) ([]SiteUser, error) {
	defer s.leave()
	if _, done, err := s.enter(ctx, callList); err != nil || !done {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []SiteUser
	for _, login := range slices.Sorted(maps.Keys(s.users)) {
		if IsAdminLogin(login) {
			found = append(found, s.users[login])
		}
	}
	return found, nil
}
