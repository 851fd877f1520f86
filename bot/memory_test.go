package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// tries adds an attempt of a user, the newest there is.
func (d *directory) tries(user string, at time.Time, outcome actions.Outcome) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tried = slices.Insert(d.tried, 0, actions.Attempt{ID: fmt.Sprint("a-", len(d.tried)), UserID: user, At: at, Outcome: outcome})
}

func (d *directory) Users(_ context.Context, ids, identifiers []string) ([]actions.User, error) {
	if d.panics != nil {
		panic(d.panics)
	}
	var found []actions.User
	add := func(means func(actions.User) bool) {
		for _, user := range d.users {
			known := func(other actions.User) bool { return other.ID == user.ID }
			if means(user) && !slices.ContainsFunc(found, known) {
				found = append(found, user)
			}
		}
	}
	for _, id := range ids {
		add(func(user actions.User) bool { return user.ID == id })
	}
	for _, identifier := range identifiers {
		add(func(user actions.User) bool { return user.Answers(identifier) })
	}
	return found, nil
}

func (d *directory) AttemptsSince(_ context.Context, userID string, after, until time.Time) ([]actions.Attempt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var since []actions.Attempt
	for _, a := range d.tried {
		if a.UserID == userID && a.At.After(after) && !a.At.After(until) {
			since = append(since, a)
		}
	}
	return since, nil
}

func (d *directory) Tried(ctx context.Context, since map[string]time.Time, until time.Time) (map[string]bool, error) {
	tried := map[string]bool{}
	for id, after := range since {
		attempts, err := d.AttemptsSince(ctx, id, after, until)
		if err != nil {
			return nil, err
		}
		tried[id] = len(attempts) > 0
	}
	return tried, nil
}

// openWatches are those that haven't ended, oldest first.
func (m *memory) openWatches(actor string) []actions.Watch {
	var open []actions.Watch
	for _, w := range m.watches {
		if w.State == actions.Watching && (actor == "" || w.Actor == actor) {
			open = append(open, w)
		}
	}
	return open
}

func (m *memory) Watches(context.Context) ([]actions.Watch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.openWatches(""), nil
}

func (m *memory) WatchesOf(_ context.Context, actor string) ([]actions.Watch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := m.openWatches(actor)
	slices.Reverse(open)
	return open, nil
}

func (m *memory) Watch(_ context.Context, id string) (actions.Watch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, w := range m.watches {
		if w.ID == id {
			return w, nil
		}
	}
	return actions.Watch{}, errNoWatch
}

var errNoWatch = actions.Errorf(actions.NotFound, "Nobody waits for that any more.")

func (m *memory) Looks(_ context.Context, actor string, limit int) ([]actions.AuditRow, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var rows []actions.AuditRow
	for i, entry := range slices.Backward(m.audit) {
		if entry.Actor == actor && entry.Act == actions.ActDiagnose && entry.Outcome == actions.ActDone && len(rows) < limit {
			rows = append(rows, actions.AuditRow{Entry: entry, Link: actions.Link{Seq: int64(i + 1), Subject: entry.Subject}})
		}
	}
	return rows, nil
}

func (tx memoryTx) WatchesOf(_ context.Context, actor string) ([]actions.Watch, error) {
	open := tx.m.openWatches(actor)
	slices.Reverse(open)
	return open, nil
}

func (tx memoryTx) StartWatch(_ context.Context, w actions.Watch) error {
	tx.m.watches = append(tx.m.watches, w)
	return nil
}

func (tx memoryTx) EndWatch(_ context.Context, ended actions.Watch) (bool, error) {
	for i, w := range tx.m.watches {
		if w.ID == ended.ID && w.State == actions.Watching {
			tx.m.watches[i] = ended
			return true, nil
		}
	}
	return false, nil
}

func (tx memoryTx) JudgeWatch(_ context.Context, judged actions.Watch) error {
	for i, w := range tx.m.watches {
		if w.ID == judged.ID {
			tx.m.watches[i] = judged
			return nil
		}
	}
	return errNoWatch
}

func (tx memoryTx) Park(_ context.Context, p actions.Parked) error {
	tx.m.parked[p.ID] = p
	return nil
}

func (tx memoryTx) Unpark(_ context.Context, id, actor string, since time.Time) (actions.Parked, bool, error) {
	p, there := tx.m.parked[id]
	if !there || p.Actor != actor || !p.At.After(since) {
		return actions.Parked{}, false, nil
	}
	delete(tx.m.parked, id)
	return p, true, nil
}

func (tx memoryTx) ClaimRun(context.Context, actions.JobRun) (bool, error) {
	panic("the bot runs no jobs")
}

func (tx memoryTx) EndRun(context.Context, actions.JobRun, time.Time, string) error {
	panic("the bot runs no jobs")
}

// kept is a message in the outbox and what became of it.
type kept struct {
	actions.Outgoing
	until     time.Time // of the lease
	delivered bool
	buried    string // why it is a dead letter
	retried   string // why it is tried again
}

func (k kept) waits() bool { return !k.delivered && k.buried == "" }

func (tx memoryTx) Enqueue(_ context.Context, m actions.Outgoing) error {
	tx.m.outbox = append(tx.m.outbox, kept{Outgoing: m})
	return nil
}

func (m *memory) Lease(
	ctx context.Context, now time.Time, hold time.Duration, limit int, kinds []actions.OutgoingKind,
) ([]actions.Outgoing, error) {
	if err := m.answers(ctx); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	busy := map[string]bool{}
	for _, k := range m.outbox {
		busy[k.To] = busy[k.To] || k.waits() && k.Lease != "" && k.until.After(now)
	}
	var leased []actions.Outgoing
	for i, k := range m.outbox {
		if !k.waits() || !slices.Contains(kinds, k.Kind) || k.Due.After(now) || busy[k.To] || len(leased) == limit ||
			m.free[k.To].After(now.Add(time.Second)) {
			continue
		}
		busy[k.To] = true
		k.NotBefore, k.Unclear = m.free[k.To], k.Unclear || k.Lease != ""
		k.Tries, k.Lease, k.until = k.Tries+1, fmt.Sprint("lease-", k.Tries+1), now.Add(hold)
		m.outbox[i] = k
		leased = append(leased, k.Outgoing)
	}
	return leased, nil
}

func (m *memory) Settle(ctx context.Context, _ time.Time, endings ...actions.Ending) error {
	if err := m.answers(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range endings {
		m.free[e.Message.To] = e.Free
		if e.Posted != (actions.Posted{}) {
			m.places[placeOf(e.Message.Kind, e.Message.To, e.Message.Ref)] = e.Posted
		}
		for i := range m.outbox {
			if k := &m.outbox[i]; k.ID == e.Message.ID && k.Lease == e.Message.Lease && k.waits() {
				k.settle(e)
			}
		}
	}
	return nil
}

// settle ends the lease of a message.
func (k *kept) settle(e actions.Ending) {
	k.Lease, k.Unclear = "", e.Unclear
	switch {
	case e.Buried:
		k.buried = e.Why
	case e.Due.IsZero():
		k.delivered = true
	default:
		k.Due, k.retried = e.Due, e.Why
	}
}

func placeOf(kind actions.OutgoingKind, to, ref string) string {
	return string(kind) + " " + to + " " + ref
}

func (m *memory) Place(_ context.Context, kind actions.OutgoingKind, to, ref string) (actions.Posted, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	place, found := m.places[placeOf(kind, to, ref)]
	return place, found, nil
}
