package actions

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// open are the watches that haven't ended, oldest first, the actor's or, for
// "", everybody's.
func (s fakeState) open(actor string) []Watch {
	var open []Watch
	for _, w := range s.watches {
		if w.State == Watching && (actor == "" || w.Actor == actor) {
			open = append(open, w)
		}
	}
	slices.SortFunc(open, func(a, b Watch) int { return cmp.Or(a.StartedAt.Compare(b.StartedAt), strings.Compare(a.ID, b.ID)) })
	return open
}

func (s *fakeStore) Watches(context.Context) ([]Watch, error) { return s.state.open(""), s.down }

func (s *fakeStore) WatchesOf(_ context.Context, actor string) ([]Watch, error) {
	open := s.state.open(actor)
	slices.Reverse(open)
	return open, s.down
}

func (s *fakeStore) Watch(_ context.Context, id string) (Watch, error) {
	w, there := s.state.watches[id]
	if !there && s.down == nil {
		return w, Errorf(NotFound, "There is no watch %s.", id)
	}
	return w, s.down
}

// Looks makes the rows that an audit of the entries would have.
func (s *fakeStore) Looks(_ context.Context, actor string, limit int) ([]AuditRow, error) {
	var rows []AuditRow
	for i, entry := range slices.Backward(s.state.audit) {
		if entry.Actor != actor || entry.Act != ActDiagnose || entry.Outcome != ActDone || len(rows) == limit {
			continue
		}
		row := AuditRow{Entry: entry, Link: Link{Seq: int64(i + 1)}}
		if entry.Subject != "" {
			row.Link.Subject = "pseudonym of " + entry.Subject
		}
		rows = append(rows, row)
	}
	return rows, s.down
}

func (t *fakeTx) WatchesOf(_ context.Context, actor string) ([]Watch, error) {
	open := t.open(actor)
	slices.Reverse(open)
	return open, nil
}

func (t *fakeTx) StartWatch(_ context.Context, w Watch) error {
	for _, open := range t.open(w.Actor) {
		if open.UserID == w.UserID {
			return fmt.Errorf("%s watches %s twice", w.Actor, w.UserID)
		}
	}
	t.watches[w.ID] = w
	return nil
}

func (t *fakeTx) EndWatch(_ context.Context, w Watch) (bool, error) {
	if t.watches[w.ID].State != Watching {
		return false, nil
	}
	t.watches[w.ID] = w
	return true, nil
}

func (t *fakeTx) JudgeWatch(_ context.Context, w Watch) error {
	kept, there := t.watches[w.ID]
	if !there {
		return Errorf(NotFound, "There is no watch %s.", w.ID)
	}
	kept.Judgement, kept.JudgedAt = w.Judgement, w.JudgedAt
	t.watches[w.ID] = kept
	return nil
}

func (t *fakeTx) Enqueue(_ context.Context, m Outgoing) error {
	m.Tries, m.Lease = 0, ""
	t.outbox = append(t.outbox, m)
	return nil
}

// fakeRun is a run of a job.
type fakeRun struct {
	JobRun
	ended bool
	why   string
}

func (t *fakeTx) ClaimRun(_ context.Context, run JobRun) (bool, error) {
	name := run.Job + " " + run.Period.String()
	old, there := t.runs[name]
	if there && (old.ended && old.why == "" || !old.ended && old.Until.After(run.Started)) {
		return false, nil
	}
	t.runs[name] = fakeRun{JobRun: run}
	return true, nil
}

func (t *fakeTx) EndRun(_ context.Context, run JobRun, _ time.Time, why string) error {
	name := run.Job + " " + run.Period.String()
	if old := t.runs[name]; old.Claim == run.Claim {
		t.runs[name] = fakeRun{JobRun: run, ended: true, why: why}
	}
	return nil
}

func (t *fakeTx) Park(_ context.Context, p Parked) error {
	t.parked[p.ID] = p
	return nil
}

func (t *fakeTx) Unpark(_ context.Context, id, actor string, since time.Time) (Parked, bool, error) {
	p, there := t.parked[id]
	if !there || p.Actor != actor || !p.At.After(since) {
		return Parked{}, false, nil
	}
	delete(t.parked, id)
	return p, true, nil
}
