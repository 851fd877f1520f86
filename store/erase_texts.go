package store

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// freeText is a column in which a row about somebody else may name the person.
type freeText struct {
	table, column string
	// who: the column says who somebody is, so that a bare word is a name.
	who bool
	// typed makes what a column of JSON holds; nil for plain text.
	typed func() any
}

var freeTexts = slices.Concat(
	whoTexts("accounts", "owner"), whoTexts("memberships", "deactivated_by"),
	plainTexts("accounts", "status_reason"), plainTexts("users", "disabled_reason"),
	plainTexts("locks", "detail"), plainTexts("deliveries", "detail"), plainTexts("suppressions", "reason"), plainTexts("staff_networks", "note"),
	plainTexts("outbox", "why"), plainTexts("job_runs", "why"), plainTexts("operations", "reason", "why"),
	plainTexts("mails", "subject", "body", "details", "why"), plainTexts("brakes", "why"), plainTexts("secrets", "for_whom", "why"),
	plainTexts("secret_requests", "what", "why", "for_whom", "reason"), plainTexts("cases", "gateway", "reason", "note", "unreached"),
	plainTexts("case_events", "body", "whom"), plainTexts("temp_admins", "for_whom", "place", "reason", "trouble"), plainTexts("bulk_items", "why"),
	[]freeText{
		{table: "operations", column: "params", typed: func() any { return new(actions.Params) }},
		{table: "changes", column: "content", typed: func() any { return new(actions.Change) }},
		{table: "cases", column: "facts", typed: func() any { return new(escalation.Facts) }},
		{table: "incidents", column: "shares", typed: func() any { return new([]actions.Share) }},
	},
)

func plainTexts(table string, columns ...string) []freeText {
	made := make([]freeText, len(columns))
	for i, column := range columns {
		made[i] = freeText{table: table, column: column}
	}
	return made
}

func whoTexts(table, column string) []freeText {
	return []freeText{{table: table, column: column, who: true}}
}

// texts takes their names out of texts about others.
func (e *eraser) texts(ctx context.Context) error {
	for _, f := range freeTexts {
		patterns := f.patterns(e.told)
		var texts []string
		like := e.likeAny
		if f.typed == nil {
			like = e.mayName
		}
		query := fmt.Sprintf(`SELECT DISTINCT %[1]s FROM %[2]s WHERE %[3]s`, f.column, f.table, like(f.column, len(patterns)))
		if err := e.SelectContext(ctx, &texts, query, patterns...); err != nil {
			return fmt.Errorf("%s: %w", f.table, err)
		}
		for _, text := range texts {
			without, changed, err := f.redact(e, text)
			if err != nil {
				return fmt.Errorf("%s: %w", f.table, err)
			}
			if !changed {
				continue
			}
			rows, err := e.exec(ctx, fmt.Sprintf(`UPDATE %[2]s SET %[1]s = $1 WHERE %[1]s = $2`, f.column, f.table), without, text)
			if err != nil {
				return fmt.Errorf("%s: %w", f.table, err)
			}
			e.count(f.table, rows)
		}
	}
	return nil
}

// attempts takes their names out of attempts of others. There are more of those than of
// anything else, so all columns are looked through at once, none is kept that stays as it is,
// and rows are found again by their key.
func (e *eraser) attempts(ctx context.Context) error {
	patterns := append(patternsOf(e.told.Told(), "%", "%"), patternsOf(e.told.IDs(), "", "")...)
	rows, err := e.QueryxContext(ctx, `SELECT `+attemptColumns+` FROM attempts WHERE `+
		e.mayName("resource", len(patterns))+` OR `+e.mayName("user_agent", len(patterns))+` OR `+e.mayName("device_id", len(patterns)), patterns...)
	if err != nil {
		return fmt.Errorf("attempts: %w", err)
	}
	changed, err := e.changed(rows)
	if err != nil {
		return fmt.Errorf("attempts: %w", err)
	}
	for _, r := range changed {
		n, err := e.exec(ctx, `UPDATE attempts SET resource = $1, user_agent = $2, device_id = $3 WHERE at = $4 AND id = $5`, r.Resource, r.UserAgent, r.DeviceID, r.At, r.ID)
		if err != nil {
			return fmt.Errorf("attempts: %w", err)
		}
		e.count("attempts", n)
	}
	return nil
}

// changed are those of the attempts that named them, as they are without.
func (e *eraser) changed(rows *sqlx.Rows) (changed []attemptRow, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r attemptRow
		if err := rows.StructScan(&r); err != nil {
			return nil, err
		}
		resource, inResource := e.redact(r.Resource)
		agent, inAgent := e.redact(r.UserAgent)
		_, inDevice := e.redact(string(r.DeviceID))
		if inDevice {
			r.DeviceID = optional(e.own.Device(string(r.DeviceID)))
		}
		if inResource || inAgent || inDevice {
			r.Resource, r.UserAgent = resource, agent
			changed = append(changed, r)
		}
	}
	return changed, rows.Err()
}

// mayName is a condition that a column fits one of n patterns, or has letters that none has: a
// name may stand there in letters of other widths, or with some that can't be seen.
func (e *eraser) mayName(column string, n int) string {
	return "(" + e.likeAny(column, n) + fmt.Sprintf(" OR octet_length(%[1]s) <> length(%[1]s))", column)
}

// redact returns a text about others without their names, and whether it had any.
func (e *eraser) redact(text string) (without string, changed bool) {
	without, changed = e.told.Redact(text)
	if utf8.RuneCountInString(without) == len(without) {
		return without, changed
	}
	var spans [][2]int
	for _, one := range e.own.mentions(without, false) {
		spans = append(spans, one.at)
	}
	return actions.Without(without, spans), changed || len(spans) > 0
}

// recognise makes ready what recognises their names in a text as an import does.
func (e *eraser) recognise(ctx context.Context) (err error) {
	all, err := e.readTombstones(ctx)
	if err != nil {
		return err
	}
	e.own = &tombstones{Tombstones: all.Tombstones, proofs: map[string]bool{}, silent: newSilence()}
	for _, id := range e.told.IDs() {
		e.own.proofs[string(all.OfUser(id))] = true
	}
	for _, name := range e.told.Names {
		e.own.proofs[string(all.OfKey(actions.Key(name)))] = true
	}
	return nil
}

// redact returns a text without their names. JSON must be what its column holds before and
// afterwards.
func (f freeText) redact(e *eraser, text string) (without string, changed bool, err error) {
	switch {
	case f.who:
		if without, changed = redactWho(e.told, text); changed {
			return without, true, nil
		}
		fallthrough
	case f.typed == nil:
		without, changed = e.redact(text)
		return without, changed, nil
	}
	value := f.typed()
	if err := json.Unmarshal([]byte(text), value); err != nil {
		return "", false, fmt.Errorf("reading %s: %w", f.column, err)
	}
	if !redactValue(e.told, reflect.ValueOf(value), false) {
		return text, false, nil
	}
	made, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(made, f.typed())
	}
	if err != nil {
		return "", false, fmt.Errorf("writing %s without somebody: %w", f.column, err)
	}
	return string(made), true, nil
}

// redactWho returns a value that says who somebody is without the person. Their name is theirs
// there also when it is a word elsewhere.
func redactWho(known actions.Known, value string) (without string, changed bool) {
	if value != "" && slices.Contains(known.Keys, actions.Key(value)) {
		return actions.Erased, true
	}
	return known.RedactWho(value)
}

// whoFields are the fields of what is kept as JSON that say who somebody is.
var whoFields = []string{"Confirmer", "NewID", "UserID", "DeactivatedBy", "Username", "Email", "Mobile", "OldEmail", "OldMobile", "Copy"}

// redactValue takes their names out of the texts in a value. Times and numbers aren't
// texts, and nor is what has a type of its own: one of a few words.
func redactValue(known actions.Known, value reflect.Value, who bool) (changed bool) {
	switch value.Kind() {
	case reflect.Pointer:
		return !value.IsNil() && redactValue(known, value.Elem(), who)
	case reflect.Slice:
		for i := range value.Len() {
			changed = redactValue(known, value.Index(i), who) || changed
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if field := value.Type().Field(i); field.IsExported() {
				changed = redactValue(known, value.Field(i), slices.Contains(whoFields, field.Name)) || changed
			}
		}
	case reflect.String:
		if value.Type() != reflect.TypeFor[string]() {
			return false
		}
		redact := known.Redact
		if who {
			redact = func(text string) (string, bool) { return redactWho(known, text) }
		}
		without, did := redact(value.String())
		value.SetString(without)
		return did
	default:
	}
	return changed
}

// patterns find texts that may name them, for LIKE.
func (f freeText) patterns(known actions.Known) []any {
	anywhere := patternsOf(known.Told(), "%", "%")
	switch {
	case f.typed != nil:
		return append(anywhere, patternsOf(slices.Concat(known.IDs(), known.Names, known.Keys), `%"`, `"%`)...)
	case f.who:
		return append(anywhere, patternsOf(slices.Concat(known.IDs(), known.Names, known.Keys), "", "")...)
	}
	return append(anywhere, patternsOf(known.IDs(), "", "")...)
}

// patternsOf find names between two texts: letters that the databases don't fold alike,
// and those that JSON writes otherwise, may be any.
func patternsOf(names []string, before, behind string) []any {
	var patterns []any
	for _, name := range names {
		pattern := strings.ReplaceAll(strings.ToLower(name), "@", "%") // or %40
		if digits := actions.PhoneDigits(name); digits != "" {
			pattern = strings.Join(strings.Split(digits, ""), "%")
			if before != "" {
				pattern = "%" + pattern + "%"
			}
		}
		patterns = append(patterns, before+strings.Map(likely, pattern)+behind)
	}
	return patterns
}

func likely(r rune) rune {
	if r >= utf8.RuneSelf || strings.ContainsRune(`\"<>&`, r) || r < ' ' {
		return '%'
	}
	return r
}

// likeAny is a condition that a column, without regard to case, fits one of n patterns. It
// makes small letters of no column twice: attempts are many. SQLite regards no case in it.
func (e *eraser) likeAny(column string, n int) string {
	if e.store.dialect.server {
		return fmt.Sprintf("lower(%s) LIKE ANY (ARRAY[%s]::text[])", column, marks(1, n))
	}
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("%s LIKE $%d", column, i+1)
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}
