package actions

import (
	"context"
	"time"
)

// incidentCrowd are the customers of an incident, who failed last first, and what keeps them out
// in short.
type incidentCrowd struct {
	incident  Incident
	customers []IncidentCustomer
	states    map[string]CustomerState // by user ID
	rules     Rules
	now       time.Time
}

// crowdOf reads them. Errors: Unavailable.
func (a *Actions) crowdOf(ctx context.Context, i Incident) (incidentCrowd, error) {
	c := incidentCrowd{incident: i, states: map[string]CustomerState{}, rules: a.Rules, now: Instant(a.Now())}
	var err error
	if c.customers, err = a.Store.IncidentCustomers(ctx, i.Outcome, i.At, i.SeenAt, IncidentMost); err != nil {
		return incidentCrowd{}, err
	}
	states, err := a.Store.CustomerStates(ctx, c.users(), i.At, i.until(c.now), c.now)
	for _, state := range states {
		c.states[state.UserID] = state
	}
	return c, err
}

// users are the IDs of those who are users.
func (c incidentCrowd) users() []string {
	var ids []string
	for _, customer := range c.customers {
		if customer.UserID != "" {
			ids = append(ids, customer.UserID)
		}
	}
	return ids
}

// locked are those whom the incident locked and who could be unlocked at once, as far as
// their state in short tells.
func (c incidentCrowd) locked() []IncidentCustomer {
	var locked []IncidentCustomer
	for _, customer := range c.customers {
		if state, known := c.states[customer.UserID]; known && c.lockedBy(customer, state) {
			locked = append(locked, customer)
		}
	}
	return locked
}

// until is when the incident ended, or now while it lasts.
func (i Incident) until(now time.Time) time.Time {
	if i.EndedAt.IsZero() {
		return now
	}
	return i.EndedAt
}

// during reports whether something happened in the incident.
func (i Incident) during(at time.Time) bool {
	return !at.Before(i.At) && (i.EndedAt.IsZero() || !at.After(i.EndedAt))
}

// lockedAhead is how long before the first who was told "locked" a lock may have begun that is
// the incident's: it locks first and tells it at the next try, and an incident is what happens
// within an hour (CAUSES.md, "Facts").
const lockedAhead = time.Hour

// locks reports whether a lock is the incident's: for too many attempts, begun in it. An
// incident that is told "locked" begins with its locks, before anybody is told.
func (i Incident) locks(l Lock) bool {
	if i.Outcome == LockedOut {
		i.At = i.At.Add(-lockedAhead)
	}
	return l.Kind == LockAttempts && i.during(l.At)
}

// indicates reports whether the attempts of somebody who failed in the incident show that
// it locked them, though no lock is on record (CAUSES.md, "locked_attempts"): they were
// told so, or wrong passwords, so many in it, lock them.
func (i Incident) indicates(rules Rules, told bool, wrong int) bool {
	return rules.LockAfter > 0 && (told || i.Outcome == LockedOut || wrong > rules.LockAfter)
}

// lockedBy reports whether the incident locked a customer: by a lock that began in it, or
// without any on record by what the attempts show.
func (c incidentCrowd) lockedBy(customer IncidentCustomer, state CustomerState) bool {
	var ours, other bool
	var ended time.Time
	for _, lock := range state.Locks {
		switch {
		case !lock.Open(c.now):
			if end := lock.EndedAt(c.now); end.After(ended) {
				ended = end
			}
		case c.incident.locks(lock):
			ours = true
		default:
			other = true
		}
	}
	switch {
	case state.Barred || other || c.in(customer):
		return false
	case ours:
		return true
	case !customer.At.After(ended):
		return false
	}
	return c.incident.indicates(c.rules, state.Told, state.Wrong)
}

// in reports whether a customer got in since they failed.
func (c incidentCrowd) in(customer IncidentCustomer) bool {
	return c.states[customer.UserID].Success.After(customer.At)
}

// open reports whether a customer has an open lock, or seems to.
func (c incidentCrowd) open(customer IncidentCustomer) bool {
	state := c.states[customer.UserID]
	for _, lock := range state.Locks {
		if lock.Open(c.now) {
			return true
		}
	}
	return c.lockedBy(customer, state)
}

// peopleIn are some of an incident's customers, masked (RULES S1.2).
func (a *Actions) peopleIn(ctx context.Context, customers []IncidentCustomer) ([]Person, error) {
	var ids []string
	for _, c := range customers {
		if c.UserID != "" {
			ids = append(ids, c.UserID)
		}
	}
	mask := NewMasker("")
	known, err := a.peopleOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	people := make([]Person, len(customers))
	for i, c := range customers {
		person, found := known[c.UserID]
		switch {
		case found:
		case c.UserID != "":
			person.ID = c.UserID
		case PhoneDigits(c.Name) != "":
			person.Mobile = mask.Mobile(c.Name)
		default:
			person.Username = mask.Name(c.Name)
		}
		people[i] = person
	}
	return people, nil
}
