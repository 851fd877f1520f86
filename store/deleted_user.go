package store

import (
	"bytes"
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// deleted returns the users among the IDs who were deleted here, with the digest
// of their record last imported. There are few in all, mostly none.
func (t *importTx) deleted(ctx context.Context, ids []string) (map[string][]byte, error) {
	some, err := counted(ctx, t, `SELECT count(*) FROM (SELECT 1 FROM deleted_users LIMIT 1) AS few`)
	if err != nil || some == 0 {
		return nil, failed("looking for users who were deleted", err)
	}
	found := map[string][]byte{}
	for piece := range slices.Chunk(ids, referenceChunk) {
		var rows []struct {
			UserID string `db:"user_id"`
			Digest []byte `db:"digest"`
		}
		err := t.SelectContext(ctx, &rows, `SELECT user_id, digest FROM deleted_users WHERE user_id IN (`+marks(1, len(piece))+`)`, anys(piece)...)
		if err != nil {
			return nil, failed("looking for users who were deleted", err)
		}
		for _, r := range rows {
			found[r.UserID] = r.Digest
		}
	}
	return found, nil
}

// leaveOut parts rows from those that would bring back a user who was deleted
// here: the same record as before the deletion, and memberships of theirs. It
// returns those that remain, and how many records the others were. A user whose
// record is another one is there again.
func (t *importTx) leaveOut(ctx context.Context, rows []row) (remain []row, left int, err error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = userOf(r)
	}
	gone, err := t.deleted(ctx, ids)
	if err != nil || len(gone) == 0 {
		return rows, 0, err
	}
	var back []string
	for i, r := range rows {
		digest, deleted := gone[ids[i]]
		_, whole := r.record.Body.(actions.User)
		switch {
		case deleted && (!whole || bytes.Equal(digest, r.record.Digest)):
			left += 1 + len(r.before)
			continue
		case deleted:
			back = append(back, ids[i])
		}
		remain = append(remain, r)
	}
	return remain, left, t.undelete(ctx, back)
}

// userOf is the user whom a row is about.
func userOf(r row) string {
	if user, ok := r.record.Body.(actions.User); ok {
		return user.ID
	}
	user, _ := r.record.References()
	return user
}

func (t *importTx) undelete(ctx context.Context, ids []string) error {
	for piece := range slices.Chunk(ids, referenceChunk) {
		if _, err := t.exec(ctx, `DELETE FROM deleted_users WHERE user_id IN (`+marks(1, len(piece))+`)`, anys(piece)...); err != nil {
			return failed("taking users in again who were deleted", err)
		}
	}
	return nil
}
