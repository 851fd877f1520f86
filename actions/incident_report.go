package actions

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// IncidentReport returns an incident for its card. Errors: NotFound, Unavailable.
func (a *Actions) IncidentReport(ctx context.Context, id string) (IncidentReport, error) {
	incident, err := a.Store.IncidentByID(ctx, id)
	if err != nil {
		return IncidentReport{}, err
	}
	crowd, err := a.crowdOf(ctx, incident)
	if err != nil {
		return IncidentReport{}, err
	}
	r := IncidentReport{Incident: incident, Now: Instant(a.Now()), Zone: a.zone()}
	named := crowd.customers[:min(len(crowd.customers), IncidentPeople)]
	if r.People, err = a.peopleIn(ctx, named); err != nil {
		return IncidentReport{}, err
	}
	r.More = max(0, max(incident.Customers, len(crowd.customers))-len(named))
	if r.Unlock, err = a.lastUnlockOf(ctx, id); err != nil {
		return IncidentReport{}, err
	}
	r.Locked, err = a.lockedNow(ctx, crowd, r.Unlock)
	return r, err
}

// lockedNow counts who could be unlocked at once, without those whom the last bulk unlock
// looked at and left out.
func (a *Actions) lockedNow(ctx context.Context, c incidentCrowd, last *OperationReport) (int, error) {
	out := map[string]bool{}
	if last != nil {
		items, err := a.Store.BulkItems(ctx, last.Operation.ID, 0, IncidentMost, BulkLeftOut)
		if err != nil {
			return 0, err
		}
		for _, item := range items {
			out[item.UserID] = true
		}
	}
	n := 0
	for _, customer := range c.locked() {
		if !out[customer.UserID] {
			n++
		}
	}
	return n, nil
}

// lastUnlockOf is the bulk unlock of an incident that was asked for last, nil for none.
func (a *Actions) lastUnlockOf(ctx context.Context, id string) (*OperationReport, error) {
	begun, err := a.Store.OperationsOf(ctx, id, time.Time{}, 1)
	if err != nil || len(begun) == 0 {
		return nil, err
	}
	report, err := a.reportOf(ctx, begun[0])
	return &report, err
}

// LookIncident is IncidentReport for who asks. Errors: also Forbidden.
func (a *Actions) LookIncident(ctx context.Context, call Call, id string) (IncidentReport, error) {
	if !May(call.Actor.Roles, ActLockouts) {
		return IncidentReport{}, a.Refuse(ctx, call, ActLockouts)
	}
	if _, err := a.Unbraked(ctx, call, ActLockouts); err != nil {
		return IncidentReport{}, err
	}
	return a.IncidentReport(ctx, id)
}

// IncidentPeople returns a part of an incident's customers; it is a row of the audit.
// Errors: Forbidden, NotFound, Unavailable.
func (a *Actions) IncidentPeople(ctx context.Context, call Call, id string, offset int) (IncidentPage, error) {
	if !May(call.Actor.Roles, ActLockouts) {
		return IncidentPage{}, a.Refuse(ctx, call, ActLockouts)
	}
	if _, err := a.Unbraked(ctx, call, ActLockouts); err != nil {
		return IncidentPage{}, err
	}
	incident, err := a.Store.IncidentByID(ctx, id)
	if err != nil {
		return IncidentPage{}, err
	}
	crowd, err := a.crowdOf(ctx, incident)
	if err != nil {
		return IncidentPage{}, err
	}
	page := IncidentPage{
		Incident: incident, Offset: min(max(offset, 0), len(crowd.customers)), Total: len(crowd.customers), Now: Instant(a.Now()), Zone: a.zone(),
	}
	if incident.Customers > IncidentMost { // and the others aren't told apart
		page.Total = max(page.Total, incident.Customers)
	}
	some := crowd.customers[page.Offset:min(page.Offset+LockoutPageSize, len(crowd.customers))]
	people, err := a.peopleIn(ctx, some)
	if err != nil {
		return IncidentPage{}, err
	}
	for i, c := range some {
		page.People = append(page.People, IncidentPerson{Person: people[i], At: c.At, In: crowd.in(c), Locked: crowd.open(c)})
	}
	entry := AuditEntry{
		At: page.Now, Act: ActLockouts, Outcome: ActDone,
		Detail: fmt.Sprintf("the customers of the incident %s (%s), from number %d on", incident.ID, incident.Outcome, page.Offset+1),
	}
	return page, a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) })
}

// UnlockAll asks to unlock all that an incident locked: lead, reason, second person; never
// a protected customer, nor one under attack or taken over. Errors: Forbidden, Invalid without a
// reason, NotFound, Conflict when nobody is left to unlock, Unavailable.
func (a *Actions) UnlockAll(ctx context.Context, call Call, incidentID, reason string) (OperationReport, error) {
	return a.do(ctx, call, Order{Act: ActBulkUnlock, UserID: incidentID, Reason: reason})
}

// incidentsFor are the open incidents that somebody who was looked up may be among: a user, or
// whoever tried a name that nobody has. The findings are worth more than this: without an
// answer there are none.
func (a *Actions) incidentsFor(ctx context.Context, snapshot Snapshot) []Incident {
	if len(snapshot.Users) > 1 || len(snapshot.Users) == 0 && len(snapshot.Typed) == 0 {
		return nil
	}
	open, err := a.Store.OpenIncidents(ctx)
	if err != nil {
		a.Log.WarnContext(ctx, "whether there is an incident could not be read", "error", err)
	}
	return open
}

// incident is the incident that the user is among.
func (s *situation) incident() *IncidentFact {
	if s.last == nil {
		return nil
	}
	return incidentAmong(s.Incidents, s.attempts)
}

// incidentOfNobody is the incident that whoever tried a name that nobody has is among.
func incidentOfNobody(snapshot *Snapshot) *IncidentFact {
	return incidentAmong(snapshot.Incidents, typedTries(snapshot))
}

// incidentAmong is the incident that somebody is among whose attempts those are, newest first;
// of two, the one in which many fail as they did last.
func incidentAmong(incidents []Incident, tries []Attempt) *IncidentFact {
	var among *IncidentFact
	for _, i := range incidents {
		if i.has(tries) && (among == nil || i.Outcome == tries[0].Outcome) {
			among = &IncidentFact{ID: i.ID, Outcome: i.Outcome, Since: i.At, Customers: i.Customers}
		}
	}
	return among
}

// has reports whether somebody is in the incident whose attempts those are, newest first: they
// failed so since it began, and that came last, or that they are locked by it did.
func (i Incident) has(tries []Attempt) bool {
	if len(tries) == 0 || tries[0].Outcome != i.Outcome && !i.tells(tries[0].Outcome) {
		return false
	}
	return slices.ContainsFunc(tries, func(a Attempt) bool { return a.Outcome == i.Outcome && !a.At.Before(i.At) })
}

// tells reports whether an outcome is what those of the incident are told at their next try:
// wrong passwords lock.
func (i Incident) tells(outcome Outcome) bool {
	return i.Outcome == WrongPassword && outcome == LockedOut
}
