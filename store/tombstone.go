package store

import (
	"context"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// importLock is the advisory lock that those who take records in share, and that is
// held alone while somebody is forgotten: what an import under way knows of them would
// come after.
const importLock = 0x6c617463_696d // "latcim"

// HoldImports has whoever takes records in wait until the transaction ends. On SQLite
// everybody who writes does.
func (t *tx) HoldImports(ctx context.Context) error {
	if !t.store.dialect.server {
		return nil
	}
	_, err := t.exec(ctx, `SELECT pg_advisory_xact_lock($1)`, importLock)
	return failed("waiting for those who take records in", err)
}

// AddTombstones keeps the proofs of what a person was known by.
func (t *tx) AddTombstones(ctx context.Context, proofs [][]byte, when time.Time) error {
	for _, proof := range proofs {
		_, err := t.exec(ctx, `INSERT INTO forgotten (proof, at) VALUES ($1, $2) ON CONFLICT (proof) DO NOTHING`, proof, at(when))
		if err != nil {
			return failed("keeping that somebody was forgotten", err)
		}
	}
	return nil
}

// tombstones are who was forgotten, as whoever takes records in knows them.
type tombstones struct {
	actions.Tombstones
	proofs map[string]bool
	silent silence
}

func (t *tombstones) user(id string) bool { return id != "" && t.proofs[string(t.OfUser(id))] }

func (t *tombstones) key(key string) bool { return key != "" && t.proofs[string(t.OfKey(key))] }

// word reports whether a look-up key is a word to others, too.
func (t *tombstones) word(key string) bool { return t.proofs[string(t.OfWord(key))] }

// tombstones reads who was forgotten, nil when nobody was. Nobody is forgotten from now
// on until the transaction ends.
func (t *tx) tombstones(ctx context.Context) (*tombstones, error) {
	if t.store.dialect.server {
		if _, err := t.exec(ctx, `SELECT pg_advisory_xact_lock_shared($1)`, importLock); err != nil {
			return nil, failed("waiting for somebody to be forgotten", err)
		}
	}
	return t.readTombstones(ctx)
}

func (t *tx) readTombstones(ctx context.Context) (*tombstones, error) {
	var proofs [][]byte
	if err := t.SelectContext(ctx, &proofs, `SELECT proof FROM forgotten`); err != nil || len(proofs) == 0 {
		return nil, failed("reading who was forgotten", err)
	}
	sealed, err := one(sealeds(ctx, t, `purpose = $1`, string(actions.SealForget)))
	switch {
	case err != nil:
		return nil, failed("reading by what forgotten people are recognised", err)
	case sealed == nil:
		return nil, actions.Errorf(actions.Unavailable, "The key by which forgotten people are recognised is gone from the database, so nothing was written: it could bring somebody back. Please restore the table secret_bodies from a backup.")
	}
	opened, err := actions.OpenTombstones(t.store.keys, *sealed)
	if err != nil {
		return nil, err
	}
	made := &tombstones{Tombstones: opened, proofs: make(map[string]bool, len(proofs)), silent: newSilence()}
	for _, proof := range proofs {
		made.proofs[string(proof)] = true
	}
	return made, nil
}

// forgets reports whether a user was forgotten. It waits for nobody.
func (t *tx) forgets(ctx context.Context, user string) (bool, error) {
	some, err := counted(ctx, t, `SELECT count(*) FROM (SELECT 1 FROM forgotten LIMIT 1) AS few`)
	if err != nil || some == 0 {
		return false, failed("looking whether somebody was forgotten", err)
	}
	tombs, err := t.readTombstones(ctx)
	return err == nil && tombs != nil && tombs.user(user), err
}

// recogniseForgotten reads who was forgotten, once for an import.
func (t *importTx) recogniseForgotten(ctx context.Context) (err error) {
	if !t.recognised {
		t.forgotten, err = t.tombstones(ctx)
		t.recognised = err == nil
	}
	return err
}

// leaveForgotten parts rows from those that would bring back somebody who was forgotten,
// and returns those that remain, and how many records the others were. A record without a
// user is theirs when it has one of their names and nobody on record does. A user of
// another ID who has one is somebody new, and the name theirs. What remains loses what of
// it names somebody who was forgotten (see unname).
func (t *importTx) leaveForgotten(ctx context.Context, rows []row) (remain []row, left int, err error) {
	if err := t.recogniseForgotten(ctx); err != nil || t.forgotten == nil {
		return rows, 0, err
	}
	theirs, err := t.namingForgotten(ctx, t.forgotten, namelessOf(rows))
	if err != nil {
		return nil, 0, err
	}
	var taken []string
	for _, r := range rows {
		if t.forgotten.user(userOf(r)) || theirs[nameless(r)] {
			left += 1 + len(r.before)
			continue
		}
		if user, ok := r.record.Body.(actions.User); ok {
			taken = append(taken, namesTaken(user)...)
		}
		remain = append(remain, r)
	}
	if err := t.giveNames(ctx, taken); err != nil {
		return nil, 0, err
	}
	return remain, left, t.unname(ctx, remain)
}

// namesTaken are the look-up keys of the names that a user has, in any spelling.
func namesTaken(user actions.User) []string {
	keys := append(user.Keys(), actions.Key(user.ID))
	for _, name := range []string{user.Username, user.Email, user.Mobile} {
		keys = append(keys, actions.SpelledKey(name))
	}
	return keys
}

// nameless is the name in a record that names no user, "" for others.
func nameless(r row) string {
	switch body := r.record.Body.(type) {
	case actions.Attempt:
		if body.UserID == "" {
			return body.Identifier
		}
	case actions.Delivery:
		if body.UserID == "" {
			return body.Address
		}
	case actions.Suppression:
		return body.Address
	}
	return ""
}

// namelessOf are the names in those of the rows that name no user.
func namelessOf(rows []row) []string {
	var names []string
	for _, r := range rows {
		if name := nameless(r); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// namingForgotten are those of the names that mean somebody who was forgotten, in any
// spelling, or have a name of theirs in them.
func (t *tx) namingForgotten(ctx context.Context, tombs *tombstones, names []string) (map[string]bool, error) {
	free, theirs := freed{}, map[string]bool{}
	for _, name := range names {
		if theirs[name] {
			continue
		}
		mentions, err := t.unowned(ctx, tombs.mentions(name, true), free)
		if err != nil {
			return nil, err
		}
		if len(mentions) > 0 {
			theirs[name] = true
		}
	}
	return theirs, nil
}

// giveNames lets names go that a user has who wasn't forgotten.
func (t *importTx) giveNames(ctx context.Context, keys []string) error {
	for _, key := range keys {
		if !t.forgotten.key(key) {
			continue
		}
		for _, proof := range [][]byte{t.forgotten.OfKey(key), t.forgotten.OfWord(key)} {
			if _, err := t.exec(ctx, `DELETE FROM forgotten WHERE proof = $1`, proof); err != nil {
				return failed("noting that a name has a new owner", err)
			}
			delete(t.forgotten.proofs, string(proof))
		}
	}
	return nil
}

// missForgotten takes users who were forgotten out of those that are missing: what
// happened to them still may come.
func (t *importTx) missForgotten(ctx context.Context, missing map[string]bool) error {
	if len(missing) == 0 {
		return nil
	}
	if err := t.recogniseForgotten(ctx); err != nil || t.forgotten == nil {
		return err
	}
	for id := range missing {
		if t.forgotten.user(id) {
			delete(missing, id)
		}
	}
	return nil
}

// listedOf are the suppressions of another system but for those of addresses that only
// somebody had who was forgotten.
func (t *tx) listedOf(ctx context.Context, listed []actions.Suppression) ([]actions.Suppression, error) {
	tombs, err := t.tombstones(ctx)
	if err != nil || tombs == nil {
		return listed, err
	}
	addresses := make([]string, len(listed))
	for i, one := range listed {
		addresses[i] = one.Address
	}
	theirs, err := t.namingForgotten(ctx, tombs, addresses)
	if err != nil || len(theirs) == 0 {
		return listed, err
	}
	return slices.DeleteFunc(slices.Clone(listed), func(one actions.Suppression) bool { return theirs[one.Address] }), nil
}
