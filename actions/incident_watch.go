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
			failures = append(failures, a.openIncident(ctx, w, counts))
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
