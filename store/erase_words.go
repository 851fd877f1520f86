package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// toldOf is by what texts about others name a person: not by a full name that somebody else on
// record has, who may be meant.
func toldOf(known actions.Known) actions.Known {
	known.Names = slices.DeleteFunc(slices.Clone(known.Names), func(name string) bool { return !slices.Contains(known.Keys, actions.Key(name)) })
	return known
}

// ownersMost is in the attempts of how many others a name may stand. What more of them have is
// a word to them, as "Mobile Safari", "May Day" and "windows10" may be.
const ownersMost = 10

// words finds which of their names are words to others. Those stay in texts about others, now
// and whenever records come; where one stands alone, as what was typed, it still is their name.
func (e *eraser) words(ctx context.Context) error {
	names := slices.DeleteFunc(slices.Clone(e.told.Names), func(name string) bool {
		return !actions.Identifies(name) || strings.Contains(name, "@") || actions.PhoneDigits(name) != ""
	})
	if len(names) == 0 {
		return nil
	}
	words, err := e.common(ctx, names)
	if err != nil || len(words) == 0 {
		return err
	}
	e.told.Names = slices.DeleteFunc(e.told.Names, func(name string) bool { return slices.Contains(words, name) })
	tombs, err := e.readTombstones(ctx)
	if err != nil {
		return err
	}
	var proofs [][]byte
	for _, word := range words {
		proofs = append(proofs, tombs.OfWord(actions.Key(word)))
	}
	return e.AddTombstones(ctx, proofs, e.known.At)
}

// common are those of the names that stand in the attempts of more than a few others.
func (e *eraser) common(ctx context.Context, names []string) (words []string, err error) {
	patterns := patternsOf(names, "%", "%")
	query := `SELECT ` + customerColumn + `, resource, user_agent, coalesce(device_id, '') FROM attempts WHERE ` +
		e.likeAny("resource", len(patterns)) + ` OR ` + e.likeAny("user_agent", len(patterns)) + ` OR ` + e.likeAny("device_id", len(patterns))
	rows, err := e.QueryContext(ctx, query, patterns...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	have := map[string]map[string]bool{}
	for rows.Next() && len(words) < len(names) {
		who, texts, err := scanned(rows)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if len(have[name]) > ownersMost || have[name][who] || !(actions.Known{Names: []string{name}}).In(texts) {
				continue
			}
			if have[name] == nil {
				have[name] = map[string]bool{}
			}
			if have[name][who] = true; len(have[name]) > ownersMost {
				words = append(words, name)
			}
		}
	}
	return words, rows.Err()
}

// scanned is whose an attempt is, and what texts it has.
func scanned(rows *sql.Rows) (who, texts string, err error) {
	var parts [3]string
	err = rows.Scan(&who, &parts[0], &parts[1], &parts[2])
	return who, strings.Join(parts[:], "\n"), err
}
