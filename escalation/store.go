package escalation

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Store is what escalations ask of storage. The package store implements it over
// the same transactions as [actions.Store].
type Store interface {
	actions.Store
	NumberReads
	// Cases runs fn in one transaction, committed when fn returns nil, as
	// [actions.Store.Tx] does. It may run fn again.
	Cases(ctx context.Context, fn func(Tx) error) error
	// CaseByID returns a case; found is false without one.
	CaseByID(ctx context.Context, id string) (c Case, found bool, err error)
	// OpenCaseOf returns the case of that key that isn't resolved; found is false
	// without one.
	OpenCaseOf(ctx context.Context, key string) (c Case, found bool, err error)
	// EventsOf returns the events of a case, oldest first.
	EventsOf(ctx context.Context, id string) ([]Event, error)
	// FollowersOf returns the agents who follow a case, in the order in which they
	// began.
	FollowersOf(ctx context.Context, id string) ([]Follower, error)
	// CasesDue returns the IDs of cases whose Due is at or before a moment, the
	// longest due first, at most limit.
	CasesDue(ctx context.Context, at time.Time, limit int) ([]string, error)
	// CaseList returns cases that fit, in the order that the filter asks for, at
	// most limit from offset on.
	CaseList(ctx context.Context, f Filter, limit, offset int) ([]Case, error)
	// CaseCount returns how many cases fit, counting up to limit.
	CaseCount(ctx context.Context, f Filter, limit int) (int, error)
	// CaseAt returns the ID of the case whose card of L2 stands there, in a thread of
	// which somebody wrote; found is false for no card of a case.
	CaseAt(ctx context.Context, place actions.Posted) (id string, found bool, err error)
	// ResolvedLately returns the case of that key that was resolved last, later than
	// since; found is false without one.
	ResolvedLately(ctx context.Context, key string, since time.Time) (c Case, found bool, err error)
	// EachCase calls yield with each case opened at since or later and before until
	// (zero: no bound), oldest first, until it returns an error.
	EachCase(ctx context.Context, since, until time.Time, yield func(Case) error) error
}

// Tx is what the use cases need inside a transaction.
type Tx interface {
	actions.Tx
	// StartCase stores a new case; started is false when an open one has its key.
	StartCase(ctx context.Context, c Case) (started bool, err error)
	// Case returns a case, locked until the transaction ends; found is false without
	// one.
	Case(ctx context.Context, id string) (c Case, found bool, err error)
	// OpenCase returns the case of that key that isn't resolved, locked until the
	// transaction ends; found is false without one.
	OpenCase(ctx context.Context, key string) (c Case, found bool, err error)
	// SaveCase stores what changed of a case that Case or OpenCase returned: all but
	// its ID, Kind, UserID, Address and At. saved is false when it would be open
	// beside another one of its key.
	SaveCase(ctx context.Context, c Case) (saved bool, err error)
	// AddEvent stores an event.
	AddEvent(ctx context.Context, e Event) error
	// Follow stores a follower; fresh is false when they followed it before, and then
	// a thread is kept that was none before.
	Follow(ctx context.Context, f Follower) (fresh bool, err error)
	// EventsOf is that of [Store], as the transaction sees it.
	EventsOf(ctx context.Context, id string) ([]Event, error)
	// FollowersOf is that of [Store], as the transaction sees it.
	FollowersOf(ctx context.Context, id string) ([]Follower, error)
	// OpenedSince counts the cases that somebody opened later than since.
	OpenedSince(ctx context.Context, agent string, since time.Time) (int, error)
}

// Filter chooses cases that aren't resolved. Its zero value fits all of them,
// oldest first.
type Filter struct {
	// Mine is a Slack ID: cases that they follow or claimed. "": anybody's.
	Mine string
	// Own is a Slack ID, too: cases that are theirs to look after, as an agent, or that
	// they claimed, the one whose time runs out first first, those without one last. "":
	// anybody's.
	Own string
	// Unclaimed: open ones alone.
	Unclaimed bool
	// Overdue is a moment: those of which a clock that runs ended at or before it (see
	// [Clock]), as [Report] says it. Zero: any.
	Overdue time.Time
}
