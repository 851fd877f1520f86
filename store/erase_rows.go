package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// erasing says which rows go with a person, table by table, in this order: what {ids},
// {keys} and so on are is said at followed, and at eraser.
var erasing = []struct{ table, where string }{
	{"secret_bodies", `purpose IN ('` + string(actions.SealHandout) + `', '` + string(actions.SealSecret) + `', '` +
		string(actions.SealPassphrase) + `', '` + string(actions.SealMail) + `', '` + string(actions.SealRequest) + `', '` +
		string(actions.SealAnswer) + `', '` + string(actions.SealAdmin) + `') AND id IN ({records})`},
	{"secrets", `id IN ({secrets})`},
	{"secret_requests", `id IN ({secret_requests})`},
	{"temp_admins", `id IN ({temp_admins})`},
	{"case_events", `case_id IN ({cases})`},
	{"case_followers", `case_id IN ({cases})`},
	{"cases", `id IN ({cases})`},
	{"mails", `id IN ({mails})`},
	{"one_time_links", `id IN ({one_time_links})`},
	{"link_codes", `user_id IN ({ids})`},
	{"approvals", `id IN ({approvals})`},
	{"verifications", `id IN ({verifications})`},
	{"watches", `id IN ({watches})`},
	{"bulk_items", `user_id IN ({ids})`},
	{"operations", `id IN ({operations})`},
	{"changes", `user_id IN ({ids})`},
	{"user_marks", `user_id IN ({ids})`},
	{"deleted_users", `user_id IN ({ids})`},
	{"unknown_names", `name IN ({typed})`},
	{"attempts", customerColumn + ` IN ({customers})`},
	{"codes", `user_id IN ({ids}) OR user_id = '' AND lower(address) IN ({folded})`},
	{"deliveries", `user_id IN ({ids}) OR user_id = '' AND address_key IN ({keys})`},
	{"reset_links", `user_id IN ({ids})`},
	{"suppressions", `address_key IN ({keys})`},
	{"locks", `user_id IN ({ids})`},
	{"memberships", `user_id IN ({ids})`},
	{"users", `id IN ({ids})`},
	{"outbox", `id IN ({letters})`},
	{"places", `ref IN ({refs})`},
	{"parked", `id IN ({parked})`},
}

// blanking says where rows about somebody else have an address or a name that is the
// person's now: it is taken out, and the rest stays.
var blanking = []struct{ table, set, where string }{
	{"mails", `address = ''`, `lower(address) IN ({folded})`},
	{"cases", `address = '', key = kind || ' without address ' || id`, `lower(address) IN ({folded})`},
	{"codes", `address = ''`, `lower(address) IN ({folded})`},
	{"deliveries", `address = '', address_key = ''`, `address_key IN ({keys})`},
	{"attempts", `identifier = '', identifier_key = ''`, `identifier_key IN ({keys})`},
}

// Erase removes what is on record of a person, and their names from texts about others.
// It returns by table how many rows went or were emptied.
func (t *tx) Erase(ctx context.Context, known actions.Known) (map[string]int, error) {
	e := eraser{tx: t, known: known, told: toldOf(known), gone: map[string]int{}}
	for _, step := range []func(context.Context) error{
		e.gather, e.spellings, e.bySpelling(e.outcomes, e.rows, e.addresses), e.words, e.recognise, e.texts, e.attempts, e.audit,
	} {
		if err := step(ctx); err != nil {
			return nil, failed("erasing what is on record of somebody", err)
		}
	}
	return e.gone, nil
}

// eraser removes a person.
type eraser struct {
	*tx
	known   actions.Known
	told    actions.Known // by what texts about others name them
	own     *tombstones   // recognises these names however they are spelled
	sets    traces        // what rows are found by
	spelled []spelling    // how else their names are spelled
	gone    map[string]int
}

// count counts rows that went.
func (e *eraser) count(table string, rows int) {
	if rows > 0 {
		e.gone[table] += rows
	}
}

// gather finds what rows are found by.
func (e *eraser) gather(ctx context.Context) error {
	found, err := tracesOf(ctx, e, e.known)
	if err != nil {
		return err
	}
	e.sets = found
	e.sets["records"] = slices.Concat(found.all(), e.known.Records)
	e.sets["ids"], e.sets["keys"] = e.known.IDs(), e.known.Keys
	for _, empty := range []string{"letters", "refs", "parked"} {
		e.sets[empty] = nil
	}
	for _, id := range e.known.IDs() {
		e.sets["customers"] = append(e.sets["customers"], customerUser(id))
	}
	for _, key := range e.known.Keys {
		e.sets["customers"] = append(e.sets["customers"], customerKey(key))
	}
	e.sets["folded"] = folded(e.known)
	e.sets["typed"] = e.sets["folded"]
	return e.queued(ctx)
}

// queued finds messages about them, where these stand, and requests that name them.
func (e *eraser) queued(ctx context.Context) error {
	about := func(ref string) bool { return slices.Contains(e.sets["records"], recordOf(ref)) }
	for _, of := range []struct{ set, query string }{
		{"letters", `SELECT id, ref, '' AS value FROM outbox`}, {"refs", `SELECT DISTINCT ref AS id, ref, '' AS value FROM places`},
		{"parked", `SELECT id, text AS ref, value FROM parked`},
	} {
		var rows []struct {
			ID    string `db:"id"`
			Ref   string `db:"ref"`
			Value string `db:"value"`
		}
		if err := e.SelectContext(ctx, &rows, of.query); err != nil {
			return err
		}
		for _, r := range rows {
			if about(r.Ref) || of.set == "parked" && (e.known.Is(r.Ref) || e.known.InMessage(r.Ref, []string{r.Value})) {
				e.sets[of.set] = append(e.sets[of.set], r.ID)
			}
		}
	}
	return nil
}

// outcomes removes what was counted of their attempts.
func (e *eraser) outcomes(ctx context.Context) error {
	where, args := e.sets.fill(`customer IN ({customers})`)
	var hours []struct {
		Outcome string `db:"outcome"`
		Hour    int64  `db:"hour"`
	}
	if err := e.SelectContext(ctx, &hours, `DELETE FROM hourly_outcomes WHERE `+where+` RETURNING outcome, hour`, args...); err != nil {
		return err
	}
	e.count("hourly_outcomes", len(hours))
	for _, h := range hours {
		_, err := e.exec(ctx, `UPDATE outcome_totals SET customers = customers - 1 WHERE outcome = $1 AND hour = $2 AND customers > 0`, h.Outcome, h.Hour)
		if err != nil {
			return err
		}
	}
	return nil
}

// rows removes the rows about them.
func (e *eraser) rows(ctx context.Context) error {
	for _, old := range erasing {
		where, args := e.sets.fill(old.where)
		rows, err := e.exec(ctx, `DELETE FROM `+old.table+` WHERE `+where, args...)
		if err != nil {
			return fmt.Errorf("%s: %w", old.table, err)
		}
		e.count(old.table, rows)
	}
	return nil
}

// addresses takes their addresses out of rows about others.
func (e *eraser) addresses(ctx context.Context) error {
	for _, b := range blanking {
		where, args := e.sets.fill(b.where)
		rows, err := e.exec(ctx, `UPDATE `+b.table+` SET `+b.set+` WHERE `+where, args...)
		if err != nil {
			return fmt.Errorf("%s: %w", b.table, err)
		}
		e.count(b.table, rows)
	}
	return nil
}

// audit removes what lies beside the chain: their IDs and those of their records, the
// texts of rows about them, and texts of other rows that name them. The chain stays.
func (e *eraser) audit(ctx context.Context) error {
	if err := e.holdAudit(ctx); err != nil {
		return err
	}
	for _, ids := range [][]string{e.known.IDs(), e.sets["records"]} {
		for piece := range slices.Chunk(ids, retentionBatch) {
			rows, err := e.exec(ctx, `DELETE FROM audit_texts WHERE seq IN (SELECT audit.seq FROM audit JOIN audit_subjects ON pseudonym = subject
				WHERE subject <> '' AND user_id IN (`+marks(1, len(piece))+`))`, anys(piece)...)
			if err != nil {
				return err
			}
			e.count("audit_texts", rows)
			if rows, err = e.exec(ctx, `DELETE FROM audit_subjects WHERE user_id IN (`+marks(1, len(piece))+`)`, anys(piece)...); err != nil {
				return err
			}
			e.count("audit_subjects", rows)
		}
	}
	return e.auditTexts(ctx)
}

// auditTexts removes the texts of rows about others that name them.
func (e *eraser) auditTexts(ctx context.Context) error {
	patterns := patternsOf(e.told.Told(), "%", "%")
	if len(patterns) == 0 {
		return nil
	}
	var texts []struct {
		Seq    int64  `db:"seq"`
		Reason string `db:"reason"`
		Detail string `db:"detail"`
	}
	err := e.SelectContext(ctx, &texts, `SELECT seq, reason, detail FROM audit_texts WHERE `+e.likeAny("reason", len(patterns))+` OR `+e.likeAny("detail", len(patterns)), patterns...)
	if err != nil {
		return err
	}
	for _, text := range texts {
		if !e.told.In(text.Reason) && !e.told.In(text.Detail) {
			continue
		}
		rows, err := e.exec(ctx, `DELETE FROM audit_texts WHERE seq = $1`, text.Seq)
		if err != nil {
			return err
		}
		e.count("audit_texts", rows)
	}
	return nil
}
