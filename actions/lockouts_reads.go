package actions

import (
	"context"
	"time"
)

// Span is a time from one moment until another, which isn't in it.
type Span struct{ From, Until time.Time }

// In reports whether a moment lies in the span.
func (s Span) In(t time.Time) bool { return !t.Before(s.From) && t.Before(s.Until) }

// TriesQuery asks what was tried by those who failed in one of some spans.
type TriesQuery struct {
	Failed []Span // who failed in one of these
	Twice  Span   // or twice or more in this
	// Of users, attempts are read from so long before their first failure in these as Before
	// says; of names that nobody has, from Names on; up to To, all bounds included.
	Before    time.Duration
	Names, To time.Time
	// Account is the ID of an account: only its members are meant; "": everybody, and
	// names that nobody has.
	Account string
}

// Tries are what a user on record tried, or what was tried with a name that nobody has.
type Tries struct {
	UserID string
	Name   string // its key, when nobody has it
	// Attempts that count, oldest first: without staff's (RULES S0.4), at most the newest
	// AttemptLimit failures and as many successes. Of a user with more failures some older
	// ones are among them, each at most TriesQuery.Before older than the next, down to the
	// first after the last success: that is when what goes on began. Of attempts only At,
	// Outcome, IP and Seq are read.
	Attempts []Attempt
}

// LockoutRecords are what else is on record of a user, as far as it says why they were
// locked out and how they got in again.
type LockoutRecords struct {
	Locks    []Lock      // that held in the time asked for, oldest first
	Resets   []time.Time // when they used a reset link, in the order of time
	Helped   []Operation // done for them: Act and EndedAt, in the order of time
	Accounts []string    // IDs of the accounts that they are members of
}

// LockoutReads is how the numbers of lockouts are read.
type LockoutReads interface {
	// AttemptsReach returns when the oldest and the newest attempt on record were made
	// that aren't later than at; zero without any.
	AttemptsReach(ctx context.Context, at time.Time) (oldest, newest time.Time, err error)
	// EachTries calls yield with what was tried, some hundred customers at a time and each
	// customer once, until it returns an error, which comes back as it is.
	EachTries(ctx context.Context, q TriesQuery, yield func([]Tries) error) error
	// LockoutRecords returns the records of users, by ID, from one moment up to another.
	LockoutRecords(ctx context.Context, userIDs []string, from, to time.Time) (map[string]LockoutRecords, error)
	// SuccessesOf returns the successes of users that count, by ID, oldest first, from one
	// moment up to another, of each at most the newest AttemptLimit; only At, Outcome, IP and
	// Seq are read.
	SuccessesOf(ctx context.Context, userIDs []string, from, to time.Time) (map[string][]Attempt, error)
	// MembersOf returns the IDs of an account's members, whatever their state.
	MembersOf(ctx context.Context, accountID string) (map[string]bool, error)
	// AccountsNamed returns the accounts that somebody means: those of that Gateway ID or
	// ID, else those of the domain ("@acme.example") or exactly of that name, without regard
	// to case; at most MatchLimit.
	AccountsNamed(ctx context.Context, named string) ([]Account, error)
	// AccountsByID returns accounts by their IDs; those that aren't there are left out.
	AccountsByID(ctx context.Context, ids []string) (map[string]Account, error)
	// Judged returns the watches whose diagnosis was judged in a span, the newest judgement
	// first.
	Judged(ctx context.Context, in Span) ([]Watch, error)
	// Unopened returns the secrets that ran out in a span, as of now, and that nobody opened,
	// the one that ran out last first, at most limit from offset on.
	Unopened(ctx context.Context, in Span, now time.Time, limit, offset int) ([]Secret, error)
	// DeskNumbers counts what support has open now; Unopened in a span.
	DeskNumbers(ctx context.Context, in Span, now time.Time) (DeskNumbers, error)
}
