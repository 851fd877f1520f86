package actions

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
)

// DirectorySite opens a target that is an account of the directory, as is done for those
// without an entry in [Actions.Sites]. It has no password. Errors: Unavailable when the directory can't
// make temporary admins.
func (a *Actions) DirectorySite(t Target, _ string) (Site, error) {
	abilities := a.Directory.Abilities()
	if !abilities.Can(ChangeAdminMade) || !abilities.Can(ChangeAdminDeleted) {
		return nil, Errorf(Unavailable, "This directory can't make temporary admins from here, so %s can't be a target. Please make them in the system that owns the login.", t.Name)
	}
	return directorySite{a, t}, nil
}

// directorySite is an account of the directory. Its temporary admins are users whose
// ID and user name are the login, with a membership as admin.
type directorySite struct {
	a      *Actions
	target Target
}

// Check looks whether the account is there.
func (s directorySite) Check(ctx context.Context) error {
	admins, err := s.a.Directory.Admins(ctx, []string{s.target.Account})
	if err != nil {
		return err
	}
	if len(admins) == 0 {
		return Errorf(Invalid, "The account %s isn't in the directory, or nobody is an active admin of it. Please look at its ID.", s.target.Account)
	}
	return nil
}

// Make makes the user with its membership. Each call is a change of its own, so that
// the last password counts. Who has another e-mail address was made by somebody else.
func (s directorySite) Make(ctx context.Context, user SiteUser, password string) (SiteUser, error) {
	there, err := s.find(ctx, user.Login, "")
	switch {
	case err != nil:
		return SiteUser{}, err
	case there != nil && there.Email != user.Email:
		return SiteUser{}, Errorf(Conflict, "The login %s is taken on %s, by a user whom Latchkey didn't make, so it wasn't given the role. Please try again: it gets another login.", user.Login, s.target.Name)
	}
	now := Instant(s.a.Now())
	change := Change{
		ID: "admin-made-" + rand.Text(), Kind: ChangeAdminMade, UserID: user.Login, At: now,
		PasswordHash: hashPassword([]byte(password)),
		User: &User{
			ID: user.Login, Username: user.Login, Status: UserActive, Email: user.Email, FirstName: user.Name, HasPassword: true,
			LoginMethods: []string{"password"}, CreatedAt: now,
		},
		Memberships: []Membership{{UserID: user.Login, AccountID: s.target.Account, Role: adminRole, Status: MembershipActive}},
	}
	if err := s.a.Directory.Apply(ctx, change); err != nil {
		return SiteUser{}, err
	}
	return SiteUser{ID: user.Login, Login: user.Login, Name: user.Name, Email: user.Email, Admin: true}, nil
}

// adminRole is the role of a membership that may do everything.
const adminRole = "admin"

// Look returns the user of that login, or else of that ID.
func (s directorySite) Look(ctx context.Context, login, id string) (SiteUser, bool, error) {
	found, err := s.find(ctx, login, id)
	if err != nil || found == nil {
		return SiteUser{}, false, err
	}
	user := siteUser(*found)
	user.Admin, err = s.admin(ctx, *found)
	return user, true, err
}

// find returns the user of that login, whatever accounts they are in, or else of that
// ID; nil without one.
func (s directorySite) find(ctx context.Context, login, id string) (*User, error) {
	ids := slices.DeleteFunc([]string{login, id}, func(id string) bool { return id == "" })
	users, err := s.a.Directory.Users(ctx, ids, []string{login})
	if err != nil {
		return nil, err
	}
	users = slices.DeleteFunc(users, func(u User) bool { return !strings.HasPrefix(u.Username, AdminPrefix) })
	i := slices.IndexFunc(users, func(u User) bool { return u.Username == login })
	if i < 0 && id != "" {
		i = slices.IndexFunc(users, func(u User) bool { return u.ID == id })
	}
	if i < 0 {
		return nil, nil
	}
	return &users[i], nil
}

// siteUser is a user of the directory as one of a site.
func siteUser(u User) SiteUser {
	return SiteUser{ID: u.ID, Login: u.Username, Name: u.Name(), Email: u.Email}
}

// admin reports whether a user may do everything in the account.
func (s directorySite) admin(ctx context.Context, u User) (bool, error) {
	if u.Status != UserActive {
		return false, nil
	}
	snapshot, err := s.a.Directory.Snapshot(ctx, Query{UserID: u.ID, At: Instant(s.a.Now())})
	return err == nil && slices.ContainsFunc(snapshot.Places, func(p Place) bool {
		return p.AccountID == s.target.Account && p.Role == adminRole && p.Status == MembershipActive
	}), err
}

// Delete deletes the user of that login. Each call is a change of its own: one that was
// brought back is deleted again.
func (s directorySite) Delete(ctx context.Context, login string) error {
	found, err := s.find(ctx, login, "")
	if err != nil || found == nil {
		return err
	}
	change := Change{ID: "admin-deleted-" + rand.Text(), Kind: ChangeAdminDeleted, UserID: found.ID, At: Instant(s.a.Now())}
	if err := s.a.Directory.Apply(ctx, change); CodeOf(err) != NotFound {
		return err
	}
	return nil
}

// Temporary returns every temporary admin of the account.
func (s directorySite) Temporary(ctx context.Context) ([]SiteUser, error) {
	users, err := s.a.Directory.TempAdmins(ctx, s.target.Account)
	if err != nil {
		return nil, err
	}
	var found []SiteUser
	for _, u := range users {
		user := siteUser(u)
		if user.Admin, err = s.admin(ctx, u); err != nil {
			return nil, err
		}
		found = append(found, user)
	}
	return found, nil
}
