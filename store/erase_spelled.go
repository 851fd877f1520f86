package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// spelledTexts are what was typed, and what was written to, which may be a name of theirs in
// a spelling of its own, such as "Jane Doe <jane@acme.example>".
var spelledTexts = []struct{ table, text string }{
	{"attempts", "identifier"}, {"unknown_names", "name"}, {"hourly_outcomes", "substr(customer, 3)"},
	{"deliveries", "address"}, {"suppressions", "address"}, {"codes", "address"}, {"mails", "address"}, {"cases", "address"},
}

// spelling is a name of theirs as it stands somewhere; small is what the database makes of
// it in small letters.
type spelling struct {
	Written string `db:"written"`
	Small   string `db:"small"`
}

// spellings finds how else their names are spelled than is known.
func (e *eraser) spellings(ctx context.Context) error {
	patterns := patternsOf(e.told.Names, "%", "%")
	free, met := freed{}, map[string]bool{}
	for _, of := range spelledTexts {
		var found []spelling
		// What has letters of other widths, or some that can't be seen, is as long in bytes as
		// no name of plain letters is.
		query := fmt.Sprintf(`SELECT DISTINCT %[1]s AS written, lower(%[1]s) AS small FROM %[2]s WHERE octet_length(%[1]s) <> length(%[1]s)`, of.text, of.table)
		if len(patterns) > 0 {
			query += ` OR ` + e.likeAny(of.text, len(patterns))
		}
		if err := e.SelectContext(ctx, &found, query, patterns...); err != nil {
			return fmt.Errorf("%s: %w", of.table, err)
		}
		for _, one := range found {
			if met[one.Written] || !e.told.Spells(one.Written) {
				continue
			}
			met[one.Written] = true
			if err := e.spell(ctx, one, free); err != nil {
				return err
			}
		}
	}
	return nil
}

// spell keeps a spelling of theirs, but for what somebody else is called.
func (e *eraser) spell(ctx context.Context, one spelling, free freed) error {
	keys := []string{actions.Key(one.Written), actions.SpelledKey(one.Written)}
	for _, key := range keys {
		if slices.Contains(e.known.Keys, key) {
			continue
		}
		if _, asked := free[key]; !asked {
			nobodys, err := unshared(ctx, e, []string{key}, e.known.IDs())
			if err != nil {
				return err
			}
			free[key] = len(nobodys) > 0
		}
		if !free[key] {
			return nil
		}
	}
	e.spelled = append(e.spelled, one)
	return nil
}

// spelledBatch is how many spellings are looked for at once: databases bound a statement.
const spelledBatch = 500

// bySpelling does steps with what their names are, and with each piece of how else they are
// spelled in the place of all that rows are found by.
func (e *eraser) bySpelling(steps ...func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		whole := e.sets
		defer func() { e.sets = whole }()
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
		for piece := range slices.Chunk(e.spelled, spelledBatch) {
			e.sets = setsOf(piece, whole)
			for _, step := range steps {
				if err := step(ctx); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// setsOf are the sets by which rows with spellings are found; the others are empty.
func setsOf(piece []spelling, whole traces) traces {
	sets := traces{}
	for name := range whole {
		sets[name] = nil
	}
	for _, one := range piece {
		key := actions.Key(one.Written)
		sets["keys"] = append(sets["keys"], key)
		sets["customers"] = append(sets["customers"], customerKey(key))
		sets["folded"] = append(sets["folded"], one.Small, strings.ToLower(one.Written), actions.Fold(one.Written))
	}
	sets["typed"] = sets["folded"]
	return sets
}
