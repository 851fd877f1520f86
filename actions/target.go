package actions

import (
	"context"
	"errors"
	"time"
)

// TargetKind says what system a target is.
type TargetKind string

// The kinds of target.
const (
	TargetWordPress TargetKind = "wordpress" // by its REST API (the package actions/wordpress)
	TargetDirectory TargetKind = "directory" // an account of the embedded directory
)

// Target is a site that we manage, on which temporary admins are made. Its
// password lies sealed (SealTarget) by its ID and is shown nowhere.
type Target struct {
	ID   string
	Name string // what people call it, such as "Acme shop": 1 to 60 characters
	Kind TargetKind
	// Of WordPress: the address of the site, https but on loopback; the login whose
	// application password Latchkey has; and the login that gets the content of a
	// deleted user.
	URL      string
	User     string
	Reassign string
	// Of the directory: the account whose admin is made.
	Account string
	At      time.Time
	By      string // who added it
}

// SiteUser is a user of a site.
type SiteUser struct {
	ID    string // the site's own
	Login string
	Name  string
	Email string
	Admin bool // may do everything there
}

// Site is an opened [Target]: what Latchkey asks of it. Each call takes at most
// SiteLimit, whatever the site does, and logs nothing of what it sends.
//
// Errors: Unavailable when the site doesn't answer as it should: what was asked
// may have happened or not, unless the cause is ErrTurnedAway: then it
// didn't (401, 403, 429 in the words of the site itself, a certificate that doesn't
// verify, a redirect of what changes nothing; none is followed). Conflict for a login or an e-mail
// address that the site refuses. Each is a sentence that says what to do; one that
// says when to come back has a cause of *[LaterError].
type Site interface {
	// Check looks whether Latchkey may do here all that it needs, and changes
	// nothing: who it is there, that it may list, create and delete users, that the
	// user who gets content is there, and whether the site can delete at all (a
	// WordPress multisite can't).
	Check(ctx context.Context) error
	// Make makes an administrator. The same login again makes no second one: it gets
	// this password and this role, if its e-mail address is the user's; one with another
	// address is somebody else's, and stays as it is: Conflict.
	Make(ctx context.Context, user SiteUser, password string) (SiteUser, error)
	// Look returns the user of a login, or else of an ID, when that isn't "", whose
	// login still begins with AdminPrefix; found is false without one.
	Look(ctx context.Context, login, id string) (user SiteUser, found bool, err error)
	// Delete deletes the user of that login, and of no other, and gives its content to
	// the configured user. Nobody of that login is no error.
	Delete(ctx context.Context, login string) error
	// Temporary returns every user whose login begins with AdminPrefix, in whatever case.
	Temporary(ctx context.Context) ([]SiteUser, error)
}

// The bounds of a site's calls.
const (
	// SiteLimit is how long one call may take.
	SiteLimit = 8 * time.Second
	// SiteCalls is how many calls are under way at once at most, for each target and
	// process. Deletions are so many at once at most for each target, by all processes
	// together.
	SiteCalls = 4
)

// LaterError is the cause of the error of a site that says when to come back.
type LaterError struct{ After time.Duration }

func (e *LaterError) Error() string { return "it asks to come back in " + e.After.String() }

// Later is how long a site asked to wait, 0 when it didn't.
func Later(err error) time.Duration {
	later := new(LaterError)
	if errors.As(err, &later) {
		return later.After
	}
	return 0
}

// NewTarget is a target that somebody adds.
type NewTarget struct {
	Name, URL, User, Reassign, Account string
	Kind                               TargetKind // "": WordPress with a URL, the directory with an account
	Password                           string     // the application password
}
