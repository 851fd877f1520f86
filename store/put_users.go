package store

import (
	"bytes"
	"context"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// putUsers stores users, each laid over the one that is there, if any (see
// [actions.Record.Over]).
func (t *importTx) putUsers(ctx context.Context, rows []row) (actions.Count, error) {
	// Those that nobody had yet come first: after that every one is there, and
	// can be locked.
	inserted, err := t.add(ctx, users.source(rows))
	if err != nil || inserted == len(rows) {
		return count(rows, inserted, 0), err
	}
	laid, err := t.over(ctx, rows)
	if err != nil {
		return actions.Count{}, err
	}
	changed, err := t.replace(ctx, users.source(laid))
	return count(rows, inserted, changed), err
}

// over returns the rows as they are stored over the users that are there, whom
// nobody else changes from now on.
func (t *importTx) over(ctx context.Context, rows []row) ([]row, error) {
	laid := slices.Clone(rows)
	for piece := range slices.Chunk(laid, referenceChunk) {
		stored, err := t.lockUsers(ctx, piece)
		if err != nil {
			return nil, failed("reading the users that are there", err)
		}
		for i, r := range piece {
			if user, there := stored[r.identity]; there {
				piece[i].record = r.record.Over(user.user())
				t.noteContact(user, piece[i].record)
			}
		}
	}
	return laid, nil
}

// noteContact notes a record sent with a token that replaces a contact. One
// identical to the record last imported replaces nothing.
func (t *importTx) noteContact(stored storedUser, record actions.Record) {
	before, after := stored.user(), record.Body.(actions.User)
	if record.SentAt.IsZero() || bytes.Equal(record.Digest, stored.Digest) || before.SameContact(after) {
		return
	}
	t.contacts = append(t.contacts, actions.ContactChange{Before: before, After: after})
}

// ContactsChanged returns whose e-mail or mobile the records that systems sent
// have replaced since it was last called.
func (t *importTx) ContactsChanged(context.Context) ([]actions.ContactChange, error) {
	changed := t.contacts
	t.contacts = nil
	return changed, nil
}

// storedUser is a user with the digest of the record last imported.
type storedUser struct {
	userRow
	Digest []byte `db:"digest"`
}

// lockUsers reads the users of the rows, always in the same order, so that two
// imports don't wait for each other crosswise.
func (t *importTx) lockUsers(ctx context.Context, rows []row) (map[string]storedUser, error) {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.identity
	}
	var found []storedUser
	err := t.SelectContext(ctx, &found,
		`SELECT `+userColumns+`, digest FROM users WHERE id IN (`+marks(1, len(ids))+`) ORDER BY id `+t.store.dialect.locking, anys(ids)...)
	stored := make(map[string]storedUser, len(found))
	for _, r := range found {
		stored[r.ID] = r
	}
	return stored, err
}
