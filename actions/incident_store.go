package actions

import (
	"context"
	"time"
)

// IncidentCustomer is somebody who failed in an incident: a user, or a name that nobody
// has.
type IncidentCustomer struct {
	Who    string // what their attempts are filed under
	Name   string // of nobody: what they typed, folded; "" for a user
	UserID string
	At     time.Time // when they failed so last
}

// IncidentTrace is how a customer of an incident failed: from where and with what.
type IncidentTrace struct {
	Who     string // as of IncidentCustomer
	Attempt Attempt
}

// CustomerState is what keeps a user out, in short: for counting. What is done for
// them is decided over all of their records.
type CustomerState struct {
	UserID  string
	Barred  bool      // protected, or not active: nobody unlocks them together with others
	Success time.Time // the newest; zero for none
	Wrong   int       // wrong passwords in the time asked for, at most WrongCounted
	Told    bool      // in that time, that they are locked
	Locks   []Lock    // that are open, or ended since the moment asked for
}

// The bounds of what is read of an incident.
const (
	IncidentMost = 10_000 // customers of an incident that are told apart, who failed last first
	WrongCounted = 50
)

// BulkTally counts the customers of a bulk unlock by what became of them.
type BulkTally struct{ Waiting, Done, LeftOut, Failed int }

// IncidentReads is how incidents, and who is in them, are read.
type IncidentReads interface {
	// FailedAlike counts, for each outcome of failure that 10 or more customers had in
	// the hour before at, how many those were, and how many in the same hour of each of
	// the 7 days before.
	FailedAlike(ctx context.Context, at time.Time) ([]AlikeCounts, error)
	// OpenIncidents returns the incidents that haven't ended, oldest first.
	OpenIncidents(ctx context.Context) ([]Incident, error)
	// IncidentByID returns an incident, and NotFound without one.
	IncidentByID(ctx context.Context, id string) (Incident, error)
	// IncidentsIn returns the incidents that began before until and go on, or were seen
	// last not before from, newest first, at most limit: one that was closed later was
	// over by then.
	IncidentsIn(ctx context.Context, from, until time.Time, limit int) ([]Incident, error)
	// IncidentSpan returns when somebody first had an outcome, not before since and not after until,
	// and how many customers had it, each user once under whatever name they tried; zero for
	// nobody. Of more than IncidentMost names it counts the names.
	IncidentSpan(ctx context.Context, outcome Outcome, since, until time.Time) (first time.Time, customers int, err error)
	// IncidentCustomers returns who had an outcome in that time, each user once, who
	// had it last first, at most limit.
	IncidentCustomers(ctx context.Context, outcome Outcome, since, until time.Time, limit int) ([]IncidentCustomer, error)
	// IncidentTraces returns how customers had an outcome in that time last, each once.
	// Of whom that was staff's, there is none (RULES S0.4).
	IncidentTraces(ctx context.Context, outcome Outcome, who []string, since, until time.Time) ([]IncidentTrace, error)
	// SharedAccount returns the account that most of the users are members of, and how
	// many of them are; found is false when none is in any.
	SharedAccount(ctx context.Context, users []string) (account Account, members int, found bool, err error)
	// CustomerStates returns what keeps users out now, with how they failed not before since and
	// not after until; who isn't on record is left out.
	CustomerStates(ctx context.Context, users []string, since, until, now time.Time) ([]CustomerState, error)
	// BulkItems returns the customers of a bulk unlock behind a number, in order, with
	// one of the states or, without any, all; at most limit.
	BulkItems(ctx context.Context, operation string, after, limit int, states ...BulkState) ([]BulkItem, error)
	// BulkTally counts them by state.
	BulkTally(ctx context.Context, operation string) (BulkTally, error)
}

// IncidentTx is how incidents, and the customers of a bulk unlock, are kept.
type IncidentTx interface {
	// StartIncident stores a new incident; started is false when one of the same
	// outcome hasn't ended.
	StartIncident(ctx context.Context, i Incident) (started bool, err error)
	// MoveIncident stores all of an incident but its outcome and its beginning, unless
	// it has ended or was seen later than i was; moved is false then.
	MoveIncident(ctx context.Context, i Incident) (moved bool, err error)
	// StartBulk stores the customers of a bulk unlock.
	StartBulk(ctx context.Context, items []BulkItem) error
	// SettleItem stores what became of a customer of a bulk unlock, Operation and
	// UserID of item; settled is false when that is stored already.
	SettleItem(ctx context.Context, item BulkItem) (settled bool, err error)
	// EndBulk forgets the customers of a bulk unlock of whom nothing became: it is over,
	// and it unlocks nobody any more.
	EndBulk(ctx context.Context, operation string) error
	// BulkTally counts the customers of a bulk unlock by state.
	BulkTally(ctx context.Context, operation string) (BulkTally, error)
}
