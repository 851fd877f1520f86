package store

import (
	"context"
	"maps"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// referenceChunk is how many IDs are asked for at once: less than both
// databases allow in one statement.
const referenceChunk = 10_000

// Missing returns which of the users and accounts don't exist.
func (t *importTx) Missing(ctx context.Context, users, accounts []string) (actions.Missing, error) {
	var missing actions.Missing
	var err error
	if missing.Users, err = t.missing(ctx, "users", users); err != nil {
		return missing, err
	}
	// What happened to a user who was deleted here may still come.
	gone, err := t.deleted(ctx, slices.Sorted(maps.Keys(missing.Users)))
	if err != nil {
		return missing, err
	}
	for id := range gone {
		delete(missing.Users, id)
	}
	if err := t.missForgotten(ctx, missing.Users); err != nil {
		return missing, err
	}
	missing.Accounts, err = t.missing(ctx, "accounts", accounts)
	return missing, err
}

// missing returns which of the IDs the table doesn't have.
func (t *importTx) missing(ctx context.Context, table string, ids []string) (map[string]bool, error) {
	missing := make(map[string]bool, len(ids))
	for _, id := range ids {
		missing[id] = true
	}
	for piece := range slices.Chunk(ids, referenceChunk) {
		var found []string
		err := t.SelectContext(ctx, &found, `SELECT id FROM `+table+` WHERE id IN (`+marks(1, len(piece))+`)`, anys(piece)...)
		if err != nil {
			return nil, failed("looking for "+table+" that records point to", err)
		}
		for _, id := range found {
			delete(missing, id)
		}
	}
	return missing, nil
}
