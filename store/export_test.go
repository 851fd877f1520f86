package store

import (
	"context"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// Asked is a query that was asked, with its plan.
type Asked struct {
	Query string
	Plan  []string
}

// recorder notes every query that a snapshot asks, with its plan.
type recorder struct {
	queryer
	explain string
	asked   []Asked
}

// SelectContext explains the query, and asks it.
func (r *recorder) SelectContext(ctx context.Context, dest any, query string, args ...any) error {
	asked := Asked{Query: query}
	if r.explain == sqlite.name {
		var steps []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		if err := r.queryer.SelectContext(ctx, &steps, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
			return err
		}
		for _, step := range steps {
			asked.Plan = append(asked.Plan, step.Detail)
		}
	} else if err := r.queryer.SelectContext(ctx, &asked.Plan, "EXPLAIN "+query, args...); err != nil {
		return err
	}
	r.asked = append(r.asked, asked)
	return r.queryer.SelectContext(ctx, dest, query, args...)
}

// Ask takes a snapshot and returns with it the queries that this took.
func (s *Store) Ask(ctx context.Context, query actions.Query) (actions.Snapshot, []Asked, error) {
	var found actions.Snapshot
	asked, err := s.record(ctx, func(q queryer) (err error) { found, err = takeSnapshot(ctx, q, query); return err })
	return found, asked, err
}

// AskMore reads in every other way and returns, by the way, the queries that
// this took.
func (s *Store) AskMore(ctx context.Context, userID, identifier, actor string, at time.Time) (map[string][]Asked, error) {
	asked := map[string][]Asked{}
	since := map[string]time.Time{userID: at.Add(-time.Hour), actor: at.Add(-time.Hour)}
	for name, read := range map[string]func(queryer) error{
		"Watches":   func(q queryer) error { _, err := watches(ctx, q, everyOpen); return err },
		"WatchesOf": func(q queryer) error { _, err := watchesOf(ctx, q, actor); return err },
		"Looks":     func(q queryer) error { _, err := looks(ctx, q, actor, 10); return err },
		"Lease": func(q queryer) error {
			_, err := anyDue(ctx, q, at, []actions.OutgoingKind{actions.OutgoingWatchEnded, "another"})
			return err
		},
		"UsersByID":          func(q queryer) error { return new(named).byID(ctx, q, []string{userID, actor}) },
		"UsersByName":        func(q queryer) error { return new(named).byName(ctx, q, []string{identifier, actor}) },
		"AttemptsSince":      func(q queryer) error { _, err := attemptsSince(ctx, q, userID, at.Add(-time.Hour), at); return err },
		"Tried":              func(q queryer) error { _, err := whoTried(ctx, q, s.dialect.moments, since, at); return err },
		"Operation":          func(q queryer) error { _, err := operations(ctx, q, `id = $1`, userID); return err },
		"UnderWay":           func(q queryer) error { _, err := underWayFor(ctx, q, "", userID, actions.ActUnlock); return err },
		"Abandoned":          func(q queryer) error { _, err := abandoned(ctx, q, at, 10); return err },
		"OperationsOf":       func(q queryer) error { _, err := operationsOf(ctx, q, userID, at, 10); return err },
		"WritingActs":        func(q queryer) error { _, err := writingActs(ctx, q, actor, at); return err },
		"LookedAt":           func(q queryer) error { _, err := lookedAt(ctx, q, actor, at); return err },
		"ApprovalOf":         func(q queryer) error { _, _, err := approvalOf(ctx, q, userID); return err },
		"OpenApprovals":      func(q queryer) error { _, err := openApprovals(ctx, q, 10); return err },
		"HeldBy":             func(q queryer) error { _, err := heldBy(ctx, q, actor, at, 10); return err },
		"Held":               func(q queryer) error { _, _, err := held(ctx, q, userID, actor, "", at); return err },
		"CountVerifications": func(q queryer) error { _, err := countVerifications(ctx, q, userID, at); return err },
		"LinkByID":           func(q queryer) error { _, _, err := linkByID(ctx, q, "", userID); return err },
		"MailsOf":            func(q queryer) error { _, err := mailsOf(ctx, q, userID); return err },
		"MailFor":            func(q queryer) error { _, _, err := mailFor(ctx, q, userID); return err },
		"Brake":              func(q queryer) error { _, _, err := newestBrake(ctx, q, actor); return err },
		"Changes":            func(q queryer) error { _, err := changesAfter(ctx, q, 7, 10); return err },
		"EmailFree":          func(q queryer) error { return emailFree(ctx, q, "free@acme.example", userID) },
		"Admins":             func(q queryer) error { _, err := admins(ctx, q, []string{userID, actor}); return err },
		"SecretByID":         func(q queryer) error { _, _, err := secretByID(ctx, q, "", userID); return err },
		"SecretsBy":          func(q queryer) error { _, err := secretsBy(ctx, q, actor, 10); return err },
		"SecretsOver":        func(q queryer) error { _, err := secretsOver(ctx, q, at, 10); return err },
		"SecretOf":           func(q queryer) error { _, _, err := secretOf(ctx, q, "", userID); return err },
		"MadeSince":          func(q queryer) error { _, err := madeSince(ctx, q, actor, at); return err },
		"RequestByID":        func(q queryer) error { _, _, err := requestByID(ctx, q, "", userID); return err },
		"RequestsBy":         func(q queryer) error { _, err := requestsBy(ctx, q, actor, 10); return err },
		"RequestsOver":       func(q queryer) error { _, err := requestsOver(ctx, q, at, 10); return err },
		"HandoutsOver":       func(q queryer) error { _, err := handoutsOver(ctx, q, at, 10); return err },
		"SealedByID":         func(q queryer) error { _, _, err := sealedByID(ctx, q, actions.SealSecret, userID); return err },
		"SealedBefore":       func(q queryer) error { _, err := sealedBefore(ctx, q, "", "k", 10); return err },
		"SealedElsewhere":    func(q queryer) error { _, err := sealedElsewhere(ctx, q, "k"); return err },
		"StillNamed":         func(q queryer) error { _, err := stillNamed(ctx, q, "k", at); return err },
		"KeysKept":           func(q queryer) error { _, err := keysKept(ctx, q); return err },
		"CaseByID":           func(q queryer) error { _, _, err := caseByID(ctx, q, "", userID); return err },
		"OpenCase":           func(q queryer) error { _, _, err := openCase(ctx, q, "", identifier); return err },
		"EventsOf":           func(q queryer) error { _, err := eventsOf(ctx, q, userID); return err },
		"FollowersOf":        func(q queryer) error { _, err := followersOf(ctx, q, userID); return err },
		"CasesDue":           func(q queryer) error { _, err := casesDue(ctx, q, at, 10); return err },
		"CaseList":           func(q queryer) error { _, err := caseList(ctx, q, escalation.Filter{}, 10, 0); return err },
		"CaseCountMine":      func(q queryer) error { _, err := caseCount(ctx, q, escalation.Filter{Mine: actor}, 10); return err },
		"CaseListMine":       func(q queryer) error { _, err := caseList(ctx, q, escalation.Filter{Mine: actor}, 10, 0); return err },
		"CaseListOwn":        func(q queryer) error { _, err := caseList(ctx, q, escalation.Filter{Own: actor}, 10, 0); return err },
		"CaseListUnclaimed": func(q queryer) error {
			_, err := caseList(ctx, q, escalation.Filter{Unclaimed: true}, 10, 0)
			return err
		},
		"CaseListOverdue": func(q queryer) error { _, err := caseList(ctx, q, escalation.Filter{Overdue: at}, 10, 0); return err },
		"CaseAt": func(q queryer) error {
			_, _, err := caseAt(ctx, q, actions.Posted{Channel: actor, TS: "1"})
			return err
		},
		"ResolvedLately": func(q queryer) error { _, _, err := resolvedLately(ctx, q, identifier, at); return err },
		"OpenedSince":    func(q queryer) error { _, err := openedSince(ctx, q, actor, at); return err },
		"EachCase": func(q queryer) error {
			_, err := caseFrom(ctx, q, escalation.Case{At: at}, at.Add(time.Hour))
			return err
		},
		"Listed": func(q queryer) error { _, err := listed(ctx, q, identifier); return err },
		"EachSuppression": func(q queryer) error {
			_, err := listedAfter(ctx, q, actions.Suppression{Address: identifier})
			return err
		},
		"Delisted":       func(q queryer) error { _, err := delisted(ctx, q, actions.Change{Email: identifier}); return err },
		"Spellings":      func(q queryer) error { _, err := spellings(ctx, q, identifier); return err },
		"AdminByID":      func(q queryer) error { _, _, err := adminByID(ctx, q, "", userID); return err },
		"AdminOfRequest": func(q queryer) error { _, _, err := adminOfRequest(ctx, q, "", userID); return err },
		"AdminAt":        func(q queryer) error { _, _, err := adminAt(ctx, q, userID, identifier); return err },
		"AdminsLeased":   func(q queryer) error { _, err := adminsLeased(ctx, q, userID, at); return err },
		"AdminsLeft":     func(q queryer) error { _, err := adminsLeft(ctx, q, "", userID); return err },
		"AdminsDue":      func(q queryer) error { _, err := adminsDue(ctx, q, at, 10); return err },
		"AdminList":      func(q queryer) error { _, err := adminList(ctx, q, actions.AdminFilter{}, 10); return err },
		"AdminListOpen":  func(q queryer) error { _, err := adminList(ctx, q, actions.AdminFilter{Open: true}, 10); return err },
		"AdminListStray": func(q queryer) error {
			_, err := adminList(ctx, q, actions.AdminFilter{State: actions.AdminStray}, 10)
			return err
		},
		"AdminListTicket": func(q queryer) error { _, err := adminList(ctx, q, actions.AdminFilter{Ticket: "#1"}, 10); return err },
		"AdminListTarget": func(q queryer) error {
			_, err := adminList(ctx, q, actions.AdminFilter{Target: userID}, 10)
			return err
		},
		"AdminListActor": func(q queryer) error { _, err := adminList(ctx, q, actions.AdminFilter{Actor: actor}, 10); return err },
		"AdminListAll": func(q queryer) error {
			f := actions.AdminFilter{Open: true, Ticket: "#1", Target: userID, Actor: actor, State: actions.AdminInUse}
			_, err := adminList(ctx, q, f, 10)
			return err
		},
		"AdminCount":   func(q queryer) error { _, err := adminCount(ctx, q, actions.AdminFilter{Open: true}); return err },
		"TempAdmins":   func(q queryer) error { _, err := adminsOfAccount(ctx, q, "acc"); return err },
		"TargetByID":   func(q queryer) error { _, _, err := targetBy(ctx, q, "", "id", userID); return err },
		"TargetByName": func(q queryer) error { _, _, err := targetBy(ctx, q, "", "name_key", userID); return err },
		"NameFree": func(q queryer) error {
			return nameFree(ctx, q, actions.User{ID: userID, Username: "free", Email: "free@acme.example"})
		},
		"FailedAlike":   func(q queryer) error { _, err := failedAlikeAt(ctx, q, at); return err },
		"OpenIncidents": func(q queryer) error { _, err := openIncidents(ctx, q); return err },
		"IncidentByID":  func(q queryer) error { _, err := incidents(ctx, q, `id = $1`, userID); return err },
		"IncidentsIn":   func(q queryer) error { _, err := incidentsIn(ctx, q, at.Add(-time.Hour), at, 10); return err },
		"IncidentSpan": func(q queryer) error {
			_, _, err := incidentSpan(ctx, q, s.dialect.texts, actions.WrongPassword, at.Add(-time.Hour), at)
			return err
		},
		"IncidentCustomers": func(q queryer) error {
			_, err := incidentCustomers(ctx, q, s.dialect.texts, actions.UnknownUsername, at.Add(-time.Hour), at, 100)
			return err
		},
		"IncidentTraces": func(q queryer) error {
			_, err := incidentTraces(ctx, q, s.dialect.texts, actions.WrongPassword, []string{customerUser(userID)}, at.Add(-time.Hour), at)
			return err
		},
		"SharedAccount": func(q queryer) error {
			_, _, _, err := sharedAccount(ctx, q, s.dialect.texts, []string{userID})
			return err
		},
		"CustomerStates": func(q queryer) error {
			_, err := customerStates(ctx, q, s.dialect.texts, []string{userID, actor}, stateTimes{at.Add(-time.Hour), at, at})
			return err
		},
		"BulkItems": func(q queryer) error { _, err := bulkItems(ctx, q, userID, 0, 10, actions.BulkWaiting); return err },
		"BulkTally": func(q queryer) error { _, err := bulkTally(ctx, q, userID); return err },
		"Applied": func(q queryer) error {
			c := actions.Change{Kind: actions.ChangeUnlocked, UserID: userID, At: at, Locks: []actions.LockKind{actions.LockAttempts}}
			_, err := appliedTo(ctx, q, c)
			return err
		},
	} {
		var err error
		if asked[name], err = s.record(ctx, read); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return asked, nil
}

// AskWatches returns the queries that a check of the watches takes that finds
// nothing to tell. It panics when that needs anything else.
func (s *Store) AskWatches(ctx context.Context, now time.Time) ([]Asked, error) {
	return s.record(ctx, func(q queryer) error {
		quiet := &quietWatches{q: q, moments: s.dialect.moments}
		a := &actions.Actions{Store: quiet, Directory: quiet, Now: func() time.Time { return now }}
		return a.CheckWatches(ctx)
	})
}

// quietWatches is all that a check of the watches may need.
type quietWatches struct {
	actions.Store
	actions.Directory
	q       queryer
	moments string
}

// Watches reads as [Store.Watches] does.
func (w *quietWatches) Watches(ctx context.Context) ([]actions.Watch, error) {
	return watches(ctx, w.q, everyOpen)
}

// Tried reads as [Store.Tried] does.
func (w *quietWatches) Tried(ctx context.Context, since map[string]time.Time, until time.Time) (map[string]bool, error) {
	return whoTried(ctx, w.q, w.moments, since, until)
}

// record notes the queries of one transaction.
func (s *Store) record(ctx context.Context, read func(queryer) error) ([]Asked, error) {
	begun, err := s.read.BeginTxx(ctx, s.dialect.snapshot)
	if err != nil {
		return nil, err
	}
	defer func() { _ = begun.Rollback() }() // it only read
	if s.ddl != nil {
		// A table of a few pages is rightly read as a whole. What counts is that an
		// index would serve.
		if _, err := begun.ExecContext(ctx, "SET LOCAL enable_seqscan = off"); err != nil {
			return nil, err
		}
	}
	r := &recorder{queryer: begun, explain: s.dialect.name}
	err = read(r)
	return r.asked, err
}
