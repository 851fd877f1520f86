package actions

import (
	"context"
	"net/netip"
	"time"
)

// Directory is the system that knows users: the embedded one (the package
// store) or a connector to another.
type Directory interface {
	// Abilities says what the directory can do, so that nothing it can't do is
	// offered or concluded.
	Abilities() Abilities
	// Snapshot reads all that diagnosis needs, as of query.At, with a constant
	// number of bounded queries. Nobody found is no error: the snapshot says
	// so. Errors are Unavailable when the directory doesn't answer.
	Snapshot(ctx context.Context, query Query) (Snapshot, error)
	// Users returns those with one of the IDs, in their order, and then those
	// whom one of the identifiers names exactly, in theirs; each once, at most
	// UsersLimit in all. Of ids and of identifiers no more than UsersLimit are
	// read each, and those that name nobody are left out.
	Users(ctx context.Context, ids, identifiers []string) ([]User, error)
	// AttemptsSince returns the attempts of a user later than after and not later
	// than until, newest first, without those that staff made (RULES S0.4). At
	// most AttemptLimit: when there are more, failures are left out first. A user
	// who isn't there has none.
	AttemptsSince(ctx context.Context, userID string, after, until time.Time) ([]Attempt, error)
	// Tried returns which of the users have attempts later than their moment in
	// since and not later than until, by ID, whatever their number with one query.
	// It is a first look before AttemptsSince: it may name users whose attempts
	// don't count, and leaves out nobody who has one that does.
	Tried(ctx context.Context, since map[string]time.Time, until time.Time) (map[string]bool, error)
	// Admins returns the users with an active membership as admin in one of the
	// accounts, in the order of import, each once, at most UsersLimit. Of accounts
	// no more than UsersLimit are read.
	Admins(ctx context.Context, accountIDs []string) ([]User, error)
	// TempAdmins returns the users of an account whose user name begins with AdminPrefix.
	TempAdmins(ctx context.Context, accountID string) ([]User, error)
	// Apply makes a change. The same change again (by its ID) has no second
	// effect. Errors: NotFound when the user isn't there, Conflict when the new
	// contact or user name is somebody else's, Unavailable when the directory
	// doesn't answer or can't do that.
	Apply(ctx context.Context, change Change) error
	// Applied reads the state back: whether the directory shows what the change
	// was to bring about (RULES S0.9).
	Applied(ctx context.Context, change Change) (bool, error)
}

// Abilities are what a directory can do.
type Abilities struct {
	// TellsUnknownUser: it can tell a wrong password from an unknown user.
	TellsUnknownUser bool
	// Changes are the kinds of change that it can make.
	Changes []ChangeKind
	// HoldsResets: it can keep a reset that somebody asks for by themselves from a
	// contact that changed in the last 24 h.
	HoldsResets bool
}

// Query asks for a user, an account or a domain at a moment.
type Query struct {
	Identifier string // trimmed; user name, e-mail, mobile, user ID, Gateway ID, @domain
	UserID     string // set instead: exactly this user, chosen among several matches
	At         time.Time
}

// The bounds of a snapshot.
const (
	MatchLimit     = 25   // users offered when several fit, accounts of a domain
	AttemptLimit   = 5000 // attempts of a user that are read, and successes
	UsersLimit     = 100  // users that are read by their names at once
	RecordLimit    = 500  // locks, codes, deliveries of an address, reset links, memberships
	NearLimit      = 5000 // unknown names, and users' names, compared with a name
	NearShown      = 5    // near names that are suggested
	FailedUsersMax = 50   // failed users listed for an account
	// AttemptWindow is how far back attempts are read: a network is a user's
	// own for 30 days, and bursts look back one.
	AttemptWindow = 31 * 24 * time.Hour
	// RecentWindow is what "recent" means: later than at − 7 days.
	RecentWindow = 7 * 24 * time.Hour
	// MaxNameDistance is how many edits a near name is away at most.
	MaxNameDistance = 2
)

// Snapshot is what a directory knows about an identifier at a moment. Records
// whose time is after At are not in it.
//
// Users holds those who fit, who tried last first, then in the order of
// import; with exactly one, the fields of the user's section are filled, with
// none those of the nobody's section, with several neither.
type Snapshot struct {
	Identifier string
	At         time.Time
	Users      []User

	// NewestAttempt is the time of the newest attempt the directory has, from
	// anybody: how fresh the records are. Zero without any.
	NewestAttempt time.Time
	StaffNetworks []netip.Prefix

	// Of the user.

	Places []Place
	Locks  []Lock
	// Attempts of the last AttemptWindow, newest first, staff's among them, at
	// most AttemptLimit; Cut says that there are more.
	Attempts []Attempt
	Cut      bool
	// Successes, newest first: those of the last AttemptWindow (at most
	// AttemptLimit) and some of the newest before.
	Successes []Attempt
	// Sightings are the oldest attempts with each device that a recent success
	// near a code came from.
	Sightings   []Attempt
	Codes       []LoginCode   // newest first
	Mails       []Delivery    // to the user's e-mail address, newest first
	Texts       []Delivery    // to the user's mobile, newest first
	ResetLinks  []ResetLink   // newest first
	Suppression []Suppression // of the user's e-mail address
	// NearMisses are recent attempts of nobody that ended unknown_username with
	// a name near this user's, newest first.
	NearMisses []Attempt
	Alike      AlikeCounts
	// Incidents are those that haven't ended; the directory leaves them out.
	Incidents []Incident
	Support   []AuditEntry // what support did for the user in the last 24 h, newest first

	// Of nobody.

	// Typed are recent attempts with the identifier that ended
	// unknown_username, newest first, staff's among them.
	Typed []Attempt
	// NearUsers are users with a name near the identifier, nearest first.
	NearUsers []User
	// Accounts are those the identifier names by Gateway ID or @domain.
	Accounts []AccountSnapshot
}

// AlikeCounts counts other customers with the same outcome as the user's last
// attempt.
type AlikeCounts struct {
	Outcome  Outcome // "" when nothing was counted
	LastHour int     // in the hour before At
	Before   [7]int  // in the same hour of each of the 7 days before
}

// AccountSnapshot is an account with those of its users who failed in the 24 h
// before the moment.
type AccountSnapshot struct {
	Account Account
	Members int
	Failed  []FailedUser // who failed last comes first; at most FailedUsersMax
	Cut     bool         // there are more
}

// FailedUser is a user who failed in the last day.
type FailedUser struct {
	User     User
	Last     Attempt   // the newest failure
	Failures int       // in the last day
	InSince  time.Time // when they got in after Last; zero: not yet
}
