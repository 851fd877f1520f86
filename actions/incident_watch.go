package actions

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// incidentQuiet is how long the measure must not hold before an incident ends.
const incidentQuiet = 30 * time.Minute

// incidentWatch is one look at what customers fail with.
type incidentWatch struct {
	now    time.Time
	counts map[Outcome]AlikeCounts // of those for which the measure holds
	peaks  map[Outcome]int         // how many customers those are, each once
	leads  func() ([]string, error)
}

// WatchIncidents looks whether unusually many customers fail the same way, and keeps
// the incidents up to date with the leads' message. A job of the cron table, each minute:
// of several replicas one opens an incident, and the leads get one message.
//
// What hinders one doesn't hinder the others; the errors come joined.
func (a *Actions) WatchIncidents(ctx context.Context) error {
	w := incidentWatch{
		now: Instant(a.Now()), counts: map[Outcome]AlikeCounts{}, peaks: map[Outcome]int{},
		leads: sync.OnceValues(func() ([]string, error) { return a.toLeads(ctx) }),
	}
	many, err := a.Store.FailedAlike(ctx, w.now)
	if err != nil {
		return err
	}
	open, err := a.Store.OpenIncidents(ctx)
	if err != nil {
		return err
	}
	for _, counts := range many {
		if err := a.unusual(ctx, w, counts); err != nil {
			return err
		}
	}
	var failures []error
	for _, i := range open {
		failures = append(failures, a.followIncident(ctx, w, i))
	}
	for _, outcome := range Outcomes {
		counts, unusual := w.counts[outcome]
		if unusual && !slices.ContainsFunc(open, func(i Incident) bool { return i.Outcome == outcome }) {
			failures = append(failures, a.beginIncident(ctx, w, counts))
		}
	}
	return errors.Join(failures...)
}

// unusual keeps the counts of an outcome when the measure holds for them. They count names:
// who tried by user name and by e-mail address counts twice, then as in the week before. Of
// customers, each once, there must be as many.
func (a *Actions) unusual(ctx context.Context, w incidentWatch, counts AlikeCounts) error {
	if alike(counts) == nil {
		return nil
	}
	_, customers, err := a.Store.IncidentSpan(ctx, counts.Outcome, w.now.Add(-time.Hour), w.now)
	if err != nil || customers < alikeLeast {
		return err
	}
	w.counts[counts.Outcome], w.peaks[counts.Outcome] = counts, min(customers, counts.LastHour)
	return nil
}

// beginIncident begins an incident, unless those who fail so are in one that lasts and that
// tells them so: it goes on with them.
func (a *Actions) beginIncident(ctx context.Context, w incidentWatch, counts AlikeCounts) error {
	open, err := a.Store.OpenIncidents(ctx) // those that began in this look among them
	if err != nil {
		return err
	}
	for _, i := range open {
		if !i.tells(counts.Outcome) {
			continue
		}
		beside, err := a.besides(ctx, w, i, counts.Outcome)
		if err == nil && beside < alikeLeast {
			return a.lastIncident(ctx, w, i)
		}
		if err != nil {
			return err
		}
	}
	return a.openIncident(ctx, w, counts)
}

// besides counts who had an outcome in the last hour and isn't among the customers of an
// incident.
func (a *Actions) besides(ctx context.Context, w incidentWatch, i Incident, outcome Outcome) (int, error) {
	among, err := a.Store.IncidentCustomers(ctx, i.Outcome, i.At, w.now, IncidentMost)
	if err != nil {
		return 0, err
	}
	customers, err := a.Store.IncidentCustomers(ctx, outcome, w.now.Add(-time.Hour), w.now, IncidentMost)
	known := map[IncidentCustomer]bool{}
	for _, c := range among {
		known[c.whoever()] = true
	}
	beside := 0
	for _, c := range customers {
		if !known[c.whoever()] {
			beside++
		}
	}
	return beside, err
}

// whoever is a customer, however they tried and whenever.
func (c IncidentCustomer) whoever() IncidentCustomer {
	if c.UserID != "" {
		return IncidentCustomer{UserID: c.UserID}
	}
	return IncidentCustomer{Who: c.Who}
}

// lastIncident lets an incident last.
func (a *Actions) lastIncident(ctx context.Context, w incidentWatch, i Incident) error {
	if i.SeenAt = w.now; w.counts[i.Outcome].LastHour > 0 {
		return nil // it was seen in this look as it is
	}
	if err := a.moveIncident(ctx, i); !errors.Is(err, errNotShown) {
		return err
	}
	return a.keepIncident(ctx, w, i.ID, func(tx Tx) (bool, error) { return tx.MoveIncident(ctx, i) })
}

// openIncident begins an incident, and tells the leads.
func (a *Actions) openIncident(ctx context.Context, w incidentWatch, counts AlikeCounts) error {
	first, _, err := a.Store.IncidentSpan(ctx, counts.Outcome, w.now.Add(-time.Hour), w.now)
	if err != nil {
		return err
	}
	i := Incident{ID: rand.Text(), Outcome: counts.Outcome, At: first}
	if err := a.measure(ctx, w, &i); err != nil {
		return err
	}
	return a.keepIncident(ctx, w, i.ID, func(tx Tx) (bool, error) { return tx.StartIncident(ctx, i) })
}

// followIncident keeps an open incident up to date, and ends it when the measure hasn't
// held for long enough.
func (a *Actions) followIncident(ctx context.Context, w incidentWatch, before Incident) error {
	i := before
	_, holds := w.counts[i.Outcome]
	switch {
	case holds:
		if err := a.measure(ctx, w, &i); err != nil {
			return err
		}
	case w.now.Sub(i.SeenAt) >= incidentQuiet:
		i.EndedAt = w.now
	default:
		return nil
	}
	if changed := !i.EndedAt.IsZero() || i.Customers != before.Customers || !slices.Equal(i.Shares, before.Shares); !changed {
		if err := a.moveIncident(ctx, i); !errors.Is(err, errNotShown) {
			return err
		}
	}
	return a.keepIncident(ctx, w, i.ID, func(tx Tx) (bool, error) { return tx.MoveIncident(ctx, i) })
}

// errNotShown leaves an incident as it is: the leads haven't been shown it yet.
var errNotShown = errors.New("the leads haven't been shown an incident")

// moveIncident stores an incident of which the card has nothing new to show. Errors: errNotShown
// when there is no card, since Slack didn't say who the leads are.
func (a *Actions) moveIncident(ctx context.Context, i Incident) error {
	return a.Store.Tx(ctx, func(tx Tx) error {
		unseen, err := tx.Claim(ctx, shownKey(i.ID), i.SeenAt)
		if err == nil && unseen {
			err = errNotShown
		}
		if err != nil {
			return err
		}
		_, err = tx.MoveIncident(ctx, i)
		return err
	})
}

// shownKey is claimed once the leads are shown an incident. As long as claims are kept, the card
// isn't drawn anew while it has nothing new to show.
func shownKey(id string) string { return "incident shown " + id }

// keepIncident stores an incident by store, and shows the leads its card. Without an
// answer of Slack's who they are it is stored all the same: they see it a minute later.
func (a *Actions) keepIncident(ctx context.Context, w incidentWatch, id string, store func(Tx) (bool, error)) error {
	leads, err := w.leads()
	if err != nil {
		a.Log.WarnContext(ctx, "the leads can't be told of an incident yet", "incident", id, "error", err)
		leads = nil
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		stored, err := store(tx)
		if err != nil || !stored || len(leads) == 0 { // when not, another replica was faster
			return err
		}
		if _, err := tx.Claim(ctx, shownKey(id), w.now); err != nil {
			return err
		}
		return a.showIncident(ctx, tx, id, leads)
	})
	if err != nil {
		return fmt.Errorf("keeping the incident %s: %w", id, err)
	}
	return nil
}

// measure fills in how big an incident is now, and what its customers share.
func (a *Actions) measure(ctx context.Context, w incidentWatch, i *Incident) error {
	i.SeenAt, i.Usual, i.Peak = w.now, alike(w.counts[i.Outcome]).Usual, max(i.Peak, w.peaks[i.Outcome])
	var err error
	if _, i.Customers, err = a.Store.IncidentSpan(ctx, i.Outcome, i.At, w.now); err != nil {
		return err
	}
	i.Shares, err = a.sharesOf(ctx, *i)
	return err
}
