package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// watchRow is a watch in its table.
type watchRow struct {
	ID        string `db:"id"`
	UserID    string `db:"user_id"`
	Actor     string `db:"actor"`
	Ticket    string `db:"ticket"`
	Cause     string `db:"cause"`
	Grade     string `db:"grade"`
	StartedAt stamp  `db:"started_at"`
	Until     stamp  `db:"until"`
	State     string `db:"state"`
	EndedAt   stamp  `db:"ended_at"`
	AttemptAt stamp  `db:"attempt_at"`
	Outcome   string `db:"outcome"`
	Judgement string `db:"judgement"`
	JudgedAt  stamp  `db:"judged_at"`
}

const watchColumns = `id, user_id, actor, ticket, cause, grade, started_at, until, state, ended_at, attempt_at, outcome,
	judgement, judged_at`

// The condition of the indexes over watches that haven't ended, which a query
// must repeat word by word, and all that fulfil it.
const (
	stillOpen = `state = 'watching'`
	everyOpen = stillOpen + ` ORDER BY started_at, id`
)

func (r watchRow) watch() actions.Watch {
	return actions.Watch{
		ID: r.ID, UserID: r.UserID, Actor: r.Actor, Ticket: r.Ticket, Cause: actions.Cause(r.Cause), Grade: actions.Grade(r.Grade),
		StartedAt: r.StartedAt.Time, Until: r.Until.Time, State: actions.WatchState(r.State), EndedAt: r.EndedAt.Time,
		AttemptAt: r.AttemptAt.Time, Outcome: actions.Outcome(r.Outcome), Judgement: actions.Judgement(r.Judgement),
		JudgedAt: r.JudgedAt.Time,
	}
}

// watches reads watches by q; where continues the query.
func watches(ctx context.Context, q queryer, where string, args ...any) ([]actions.Watch, error) {
	var rows []watchRow
	if err := q.SelectContext(ctx, &rows, `SELECT `+watchColumns+` FROM watches WHERE `+where, args...); err != nil {
		return nil, failed("reading who waits for whom", err)
	}
	found := make([]actions.Watch, len(rows))
	for i, row := range rows {
		found[i] = row.watch()
	}
	return found, nil
}

// Watches returns the watches that haven't ended, oldest first.
func (s *Store) Watches(ctx context.Context) ([]actions.Watch, error) {
	return watches(ctx, s.read, everyOpen)
}

// WatchesOf returns the actor's watches that haven't ended, newest first.
func (s *Store) WatchesOf(ctx context.Context, actor string) ([]actions.Watch, error) {
	return watchesOf(ctx, s.read, actor)
}

// WatchesOf returns the actor's watches that haven't ended, newest first.
func (t *tx) WatchesOf(ctx context.Context, actor string) ([]actions.Watch, error) {
	return watchesOf(ctx, t, actor)
}

func watchesOf(ctx context.Context, q queryer, actor string) ([]actions.Watch, error) {
	return watches(ctx, q, stillOpen+` AND actor = $1 ORDER BY started_at DESC, id DESC`, storable(actor))
}

// Watch returns a watch, and a NotFound error when there is none of that ID.
func (s *Store) Watch(ctx context.Context, id string) (actions.Watch, error) {
	found, err := watches(ctx, s.read, `id = $1`, storable(id))
	if err != nil {
		return actions.Watch{}, err
	}
	if len(found) == 0 {
		return actions.Watch{}, errNoWatch
	}
	return found[0], nil
}

var errNoWatch = actions.Errorf(actions.NotFound, "That is so long ago that it isn't on record any more. Please look the customer up again.")

// StartWatch stores a new watch. An actor watches a customer once at a time.
func (t *tx) StartWatch(ctx context.Context, w actions.Watch) error {
	_, err := t.exec(ctx, `INSERT INTO watches (`+watchColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		w.ID, w.UserID, storable(w.Actor), storable(w.Ticket), string(w.Cause), string(w.Grade), at(w.StartedAt), at(w.Until),
		string(w.State), at(w.EndedAt), at(w.AttemptAt), string(w.Outcome), string(w.Judgement), at(w.JudgedAt))
	return failed("beginning to watch a customer", err)
}

// EndWatch stores how a watch ended, unless it has ended already.
func (t *tx) EndWatch(ctx context.Context, w actions.Watch) (ended bool, err error) {
	rows, err := t.exec(ctx, `UPDATE watches SET state = $1, ended_at = $2, attempt_at = $3, outcome = $4 WHERE id = $5 AND `+stillOpen,
		string(w.State), at(w.EndedAt), at(w.AttemptAt), string(w.Outcome), w.ID)
	return rows == 1, failed("ending a watch", err)
}

// JudgeWatch stores whether the diagnosis of a watch was right, and fails with
// NotFound when the watch isn't there any more.
func (t *tx) JudgeWatch(ctx context.Context, w actions.Watch) error {
	rows, err := t.exec(ctx, `UPDATE watches SET judgement = $1, judged_at = $2 WHERE id = $3`, string(w.Judgement), at(w.JudgedAt), w.ID)
	if err == nil && rows == 0 {
		return errNoWatch
	}
	return failed("keeping whether a diagnosis was right", err)
}
