package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// traces are the IDs of the records about a person, by table.
type traces map[string][]string

// all are the IDs of all records, each once.
func (t traces) all() []string {
	var ids []string
	for _, some := range t {
		ids = append(ids, some...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// followed says by what the records about a person are found, table by table: in a
// query, {ids} are their user IDs, {folded} their names in small letters, and a table's
// name in braces the records of it that were found before.
var followed = []struct{ table, where string }{
	{"temp_admins", `user_id IN ({ids})`},
	{"operations", `subject IN ({ids}) OR subject IN ({temp_admins})`},
	{"approvals", `operation IN ({operations})`},
	{"verifications", `user_id IN ({ids})`},
	{"watches", `user_id IN ({ids})`},
	{"mails", `user_id IN ({ids}) OR operation IN ({operations}) OR user_id = '' AND lower(address) IN ({folded})`},
	{"one_time_links", `user_id IN ({ids}) OR operation IN ({operations}) OR mail IN ({mails})`},
	{"secrets", `user_id IN ({ids}) OR operation IN ({operations}) OR mail IN ({mails})`},
	{"secret_requests", `user_id IN ({ids}) OR mail IN ({mails}) OR id IN (SELECT request FROM temp_admins WHERE user_id IN ({ids}) AND request <> '')`},
	{"cases", `user_id IN ({ids}) OR user_id = '' AND lower(address) IN ({folded})`},
}

// tracesOf finds the records about a person.
func tracesOf(ctx context.Context, q queryer, known actions.Known) (traces, error) {
	sets := traces{"ids": known.IDs(), "folded": folded(known)}
	found := traces{}
	for _, f := range followed {
		where, args := sets.fill(f.where)
		var ids []string
		if err := q.SelectContext(ctx, &ids, `SELECT id FROM `+f.table+` WHERE `+where, args...); err != nil {
			return nil, failed("looking for what is on record of somebody", err)
		}
		found[f.table], sets[f.table] = ids, ids
	}
	return found, nil
}

// folded are the names that only they have in small letters, as either database and we make them.
func folded(known actions.Known) []string {
	var names []string
	for _, name := range toldOf(known).Names {
		names = append(names, strings.ToLower(name), actions.Fold(name))
	}
	return names
}

// fill puts sets of texts into a condition that names them in braces. An empty set is
// one that has what nothing is called.
func (t traces) fill(where string) (string, []any) {
	var args []any
	for name, texts := range t {
		place := "{" + name + "}"
		if !strings.Contains(where, place) {
			continue
		}
		if len(texts) == 0 {
			texts = []string{"\x01"}
		}
		for strings.Contains(where, place) {
			where = strings.Replace(where, place, marks(len(args)+1, len(texts)), 1)
			args = append(args, anys(texts)...)
		}
	}
	return where, args
}

// Aliases returns which user IDs a user had before, and what else they logged in with
// and were written to.
func (s *Store) Aliases(ctx context.Context, userID string) (former, names []string, err error) {
	again, err := operations(ctx, s.read, `act = $1 AND state = $2`, string(actions.ActReinvite), string(actions.OperationDone))
	if err != nil {
		return nil, nil, failed("looking for who somebody was before", err)
	}
	for next := []string{userID}; len(next) > 0; {
		id := next[0]
		next = next[1:]
		for _, op := range again {
			if op.Params.NewID == id && op.Subject != userID && !slices.Contains(former, op.Subject) {
				former, next = append(former, op.Subject), append(next, op.Subject)
			}
		}
	}
	for _, id := range append([]string{userID}, former...) {
		more, err := namesOf(ctx, s.read, id)
		if err != nil {
			return nil, nil, err
		}
		names = append(names, more...)
	}
	return former, names, nil
}

// namesOf is what a user logged in with and was written to.
func namesOf(ctx context.Context, q queryer, userID string) ([]string, error) {
	var names []string
	err := q.SelectContext(ctx, &names, `SELECT address FROM codes WHERE user_id = $1 UNION SELECT address FROM deliveries WHERE user_id = $1
		UNION SELECT address FROM mails WHERE user_id = $1`, userID)
	if err != nil {
		return nil, failed("looking for what somebody was called", err)
	}
	var typed []string
	err = q.SelectContext(ctx, &typed, `SELECT DISTINCT identifier FROM attempts WHERE `+customerColumn+` = $1`, customerUser(userID))
	if err != nil {
		return nil, failed("looking for what somebody was called", err)
	}
	for _, name := range typed { // a word may be a password, or a slip
		if actions.Identifies(name) {
			names = append(names, name)
		}
	}
	ops, err := operations(ctx, q, `subject = $1`, userID)
	for _, op := range ops {
		p := op.Params
		names = append(names, p.OldEmail, p.OldMobile)
		if op.State == actions.OperationDone {
			names = append(names, p.Email, p.Mobile)
		}
		if p.User != nil {
			names = append(names, p.User.Username, p.User.Email, p.User.Mobile)
		}
	}
	return names, failed("looking for what somebody was called", err)
}

// Unshared returns those of the look-up keys that no user on record has, be it as their full
// name, but those with one of the IDs, in their order.
func (s *Store) Unshared(ctx context.Context, keys, ids []string) ([]string, error) {
	return unshared(ctx, s.read, keys, ids)
}

// fullNameQuery finds who may have a full name: it reads all users, and is asked about the few
// names with a space only.
const fullNameQuery = `SELECT id, first_name, last_name FROM users WHERE first_name <> '' AND last_name <> '' AND (lower(first_name || ' ' || last_name) LIKE $1
	OR lower(last_name || ', ' || first_name) LIKE $1 OR lower(last_name || ' ' || first_name) LIKE $1)`

// namesakes are the IDs of the users who have a full name. Databases make small letters of fewer
// letters than we do, so they are asked for what is like it.
func namesakes(ctx context.Context, q queryer, key string) ([]string, error) {
	var users []struct {
		ID    string `db:"id"`
		First string `db:"first_name"`
		Last  string `db:"last_name"`
	}
	pattern := strings.ReplaceAll(strings.Map(likely, key), "ss", "%") // or ß
	if err := q.SelectContext(ctx, &users, fullNameQuery, pattern); err != nil {
		return nil, err
	}
	var ids []string
	for _, u := range users {
		if slices.ContainsFunc([]string{u.First + " " + u.Last, u.Last + ", " + u.First, u.Last + " " + u.First}, func(name string) bool { return actions.Key(name) == key }) {
			ids = append(ids, u.ID)
		}
	}
	return ids, nil
}

func unshared(ctx context.Context, q queryer, keys, ids []string) ([]string, error) {
	var free []string
	for _, key := range keys {
		var owners []string
		err := q.SelectContext(ctx, &owners, `SELECT id FROM users WHERE username_key = $1 UNION SELECT id FROM users WHERE email_key = $1
			UNION SELECT id FROM users WHERE mobile_key = $1`, key)
		if err == nil && strings.Contains(key, " ") {
			var more []string
			more, err = namesakes(ctx, q, key)
			owners = append(owners, more...)
		}
		if err != nil {
			return nil, failed("looking for who else has a name", err)
		}
		if !slices.ContainsFunc(owners, func(id string) bool { return !slices.Contains(ids, id) }) {
			free = append(free, key)
		}
	}
	return free, nil
}

// RecordsAbout returns the IDs of the records about a person.
func (s *Store) RecordsAbout(ctx context.Context, known actions.Known) ([]string, error) {
	found, err := tracesOf(ctx, s.read, known)
	return found.all(), err
}

// Audience returns who ever acted, and the channels in which messages stand that follow
// a record.
func (s *Store) Audience(ctx context.Context) (actors, channels []string, err error) {
	for _, look := range []struct {
		to    *[]string
		query string
	}{
		{&actors, `SELECT DISTINCT actor FROM audit UNION SELECT actor FROM homes ORDER BY 1`},
		{&channels, `SELECT DISTINCT channel FROM places ORDER BY channel`},
	} {
		if err := s.read.SelectContext(ctx, look.to, look.query); err != nil {
			return nil, nil, failed("looking for who may have read of somebody", err)
		}
	}
	return actors, channels, nil
}

// MessagesAbout returns where messages stand that follow one of known.Records.
func (s *Store) MessagesAbout(ctx context.Context, known actions.Known) ([]actions.Posted, error) {
	var rows []struct {
		Ref     string `db:"ref"`
		Channel string `db:"channel"`
		TS      string `db:"ts"`
	}
	if err := s.read.SelectContext(ctx, &rows, `SELECT DISTINCT ref, channel, ts FROM places ORDER BY channel, ts, ref`); err != nil {
		return nil, failed("looking for messages about somebody", err)
	}
	var found []actions.Posted
	for _, r := range rows {
		at := actions.Posted{Channel: r.Channel, TS: r.TS}
		if slices.Contains(known.Records, recordOf(r.Ref)) && !slices.Contains(found, at) {
			found = append(found, at)
		}
	}
	return found, nil
}

// UnderWay is the sentence that says what is under way for a person, and what to do; ""
// when nothing is.
func (s *Store) UnderWay(ctx context.Context, known actions.Known) (string, error) {
	if sentence, err := hindered(ctx, s.read, known); err != nil || sentence != "" {
		return sentence, err
	}
	found, err := tracesOf(ctx, s.read, known)
	if err != nil {
		return "", err
	}
	// What was enqueued just now is delivered in a moment, while Slack is being read.
	return sentAbout(ctx, s.read, found, `delivered_at IS NULL AND buried_at IS NULL AND at >= $1`, known.At.Add(-onTheirWay),
		"A message about them is on its way, so nobody was forgotten. Please run this again in a minute.")
}

// onTheirWay is for how long a message that waits is taken for one that is about to be
// delivered.
const onTheirWay = time.Minute

// sentAbout says a sentence when a message about a person is among those of a condition.
func sentAbout(ctx context.Context, q queryer, found traces, where string, when time.Time, sentence string) (string, error) {
	var refs []string
	if err := q.SelectContext(ctx, &refs, `SELECT ref FROM outbox WHERE `+where, at(when)); err != nil {
		return "", failed("looking for messages under way", err)
	}
	if ids := found.all(); slices.ContainsFunc(refs, func(ref string) bool { return slices.Contains(ids, recordOf(ref)) }) {
		return sentence, nil
	}
	return "", nil
}

// UnderWay is as that of the store, and says also when a message about the person was
// delivered since known.At, or is about to be.
func (t *tx) UnderWay(ctx context.Context, known actions.Known) (string, error) {
	if sentence, err := hindered(ctx, t, known); err != nil || sentence != "" {
		return sentence, err
	}
	found, err := tracesOf(ctx, t, known)
	if err != nil {
		return "", err
	}
	return sentAbout(ctx, t, found, `lease IS NOT NULL AND delivered_at IS NULL OR delivered_at >= $1`, known.At,
		"A message about them was sent meanwhile, or is being sent, so nothing was deleted here yet; what was edited in Slack stays so. Please run this again in a minute.")
}

// recordOf is the ID of the record that a message is about.
func recordOf(ref string) string {
	id, _ := actions.Outgoing{Ref: ref}.Record()
	return id
}

// CardsAt returns the messages that follow a record and stand in one of the places, and those
// of incidents that last or of which something was delivered since, or is about to be.
func (t *tx) CardsAt(ctx context.Context, places []actions.Posted, since time.Time) ([]actions.Outgoing, error) {
	var rows []struct {
		Kind     string `db:"kind"`
		Receiver string `db:"receiver"`
		Ref      string `db:"ref"`
		Channel  string `db:"channel"`
		TS       string `db:"ts"`
		Many     bool   `db:"many"` // it may name anybody
	}
	err := t.SelectContext(ctx, &rows, `SELECT kind, receiver, ref, channel, ts, kind = $1 AND ref IN (SELECT id FROM incidents WHERE ended_at IS NULL) AS many FROM places
		UNION SELECT kind, receiver, ref, '', '', kind = $1 FROM outbox WHERE kind = $1 AND (`+waits+` OR delivered_at >= $2) ORDER BY 1, 2, 3, 4, 5`,
		string(actions.OutgoingIncident), at(since))
	if err != nil {
		return nil, failed("looking for messages about others", err)
	}
	var found []actions.Outgoing
	for _, r := range rows {
		card := actions.Outgoing{Kind: actions.OutgoingKind(r.Kind), To: r.Receiver, Ref: r.Ref}
		if (r.Many || slices.Contains(places, actions.Posted{Channel: r.Channel, TS: r.TS})) && !slices.Contains(found, card) {
			found = append(found, card)
		}
	}
	return found, nil
}

// hindered says what is under way for a person.
func hindered(ctx context.Context, q queryer, known actions.Known) (string, error) {
	sets := traces{"ids": known.IDs(), "folded": folded(known)}
	for _, h := range []struct{ query, sentence string }{
		{`SELECT count(*) FROM operations WHERE (subject IN ({ids}) OR subject IN (SELECT id FROM temp_admins WHERE user_id IN ({ids}))) AND ` + underWay,
			"Something is being done for them, or waits for somebody, so nobody was forgotten. Please wait until it has ended or withdraw it, and run this again."},
		{`SELECT count(*) FROM bulk_items WHERE user_id IN ({ids}) AND state = 'waiting'
			AND operation IN (SELECT id FROM operations WHERE ` + underWay + `)`,
			"They are being unlocked with others after an incident, so nobody was forgotten. Please wait until that is done, and run this again."},
		{`SELECT count(*) FROM mails WHERE state = '` + string(actions.MailQueued) + `' AND user_id NOT IN ({ids}) AND lower(address) IN ({folded})`,
			"A message about somebody else is on its way to their address, so nobody was forgotten. Please run this again in some minutes."},
		{`SELECT count(*) FROM temp_admins WHERE user_id IN ({ids}) AND NOT (` + adminOver + `)`,
			"There is a temporary admin on their site that isn't known to be gone, so nobody was forgotten: without its record nobody would delete it. Please have it removed with /tempadmin, and run this again."},
	} {
		query, args := sets.fill(h.query)
		n, err := counted(ctx, q, query, args...)
		if err != nil || n > 0 {
			return h.sentence, failed("looking for what is under way for somebody", err)
		}
	}
	return awaited(ctx, q, known)
}

// awaited says that somebody else's change of contact waits for a person to confirm it.
func awaited(ctx context.Context, q queryer, known actions.Known) (string, error) {
	open, err := operations(ctx, q, underWay)
	if err != nil {
		return "", failed("looking for what waits for somebody", err)
	}
	if slices.ContainsFunc(open, func(op actions.Operation) bool { return slices.Contains(known.IDs(), op.Params.Confirmer) }) {
		return "A contact that changes for somebody else waits for them to confirm it, so nobody was forgotten. Please wait until it has ended or withdraw it, and run this again.", nil
	}
	return "", nil
}
