package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/escalation"
)

// followerRow is who follows a case, in its table.
type followerRow struct {
	CaseID  string `db:"case_id"`
	Agent   string `db:"agent"`
	Channel string `db:"channel"`
	Thread  string `db:"thread"`
	Ticket  string `db:"ticket"`
	At      stamp  `db:"at"`
}

const followerColumns = `case_id, agent, channel, thread, ticket, at`

func (r followerRow) follower() escalation.Follower {
	return escalation.Follower{Case: r.CaseID, Agent: r.Agent, Channel: r.Channel, Thread: r.Thread, Ticket: r.Ticket, At: r.At.Time}
}

// Follow stores a follower; fresh is false when they followed it before, and then
// a thread is kept that was none before.
func (t *tx) Follow(ctx context.Context, f escalation.Follower) (fresh bool, err error) {
	rows, err := t.exec(ctx, `INSERT INTO case_followers (`+followerColumns+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (case_id, agent) DO NOTHING`,
		f.Case, storable(f.Agent), storable(f.Channel), storable(f.Thread), storable(f.Ticket), at(f.At))
	if err == nil && rows == 0 && f.Thread != "" {
		_, err = t.exec(ctx, `UPDATE case_followers SET channel = $1, thread = $2 WHERE case_id = $3 AND agent = $4 AND thread = ''`,
			storable(f.Channel), storable(f.Thread), f.Case, storable(f.Agent))
	}
	return rows == 1, failed("following a case", err)
}

// FollowersOf returns the agents who follow a case, in the order in which they
// began.
func (s *Store) FollowersOf(ctx context.Context, id string) ([]escalation.Follower, error) {
	return followersOf(ctx, s.read, id)
}

// FollowersOf returns them as this transaction sees them.
func (t *tx) FollowersOf(ctx context.Context, id string) ([]escalation.Follower, error) {
	return followersOf(ctx, t, id)
}

func followersOf(ctx context.Context, q queryer, id string) ([]escalation.Follower, error) {
	found, err := all(ctx, q, followerRow.follower,
		`SELECT `+followerColumns+` FROM case_followers WHERE case_id = $1 ORDER BY at, agent`, storable(id))
	return found, failed("reading who follows a case", err)
}
