package store

import (
	"context"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// olderSuccesses is how many successes from before the window are read: the
// newest may be long ago.
const olderSuccesses = 20

// user reads the section of the one user who fits.
func (s *snapshot) user(ctx context.Context, user actions.User) error {
	of := userSection{snapshot: s, who: user}
	return s.read(ctx, of.places, of.locks, of.attempts, of.successes, of.codes, of.deliveries, of.resetLinks,
		of.suppression, of.sightings, of.nearMisses, of.alike, of.support)
}

// userSection reads what belongs to one user.
type userSection struct {
	*snapshot
	who actions.User
}

// readInto reads rows and appends what of makes of each.
func readInto[R, T any](ctx context.Context, s userSection, to *[]T, of func(R) T, query string, args ...any) error {
	var rows []R
	err := s.q.SelectContext(ctx, &rows, query, args...)
	for _, row := range rows {
		*to = append(*to, of(row))
	}
	return err
}

func (s userSection) places(ctx context.Context) error {
	err := readInto(ctx, s, &s.Places, placeRow.place, `SELECT user_id, role, memberships.status, deactivated_by, deactivated_at,
			keeps_login, `+accountColumns+`
		FROM memberships JOIN accounts ON accounts.id = memberships.account_id
		WHERE user_id = $1 ORDER BY memberships.seq LIMIT $2`, s.who.ID, actions.RecordLimit)
	return failed("reading the user's accounts", err)
}

func (s userSection) locks(ctx context.Context) error {
	err := readInto(ctx, s, &s.Locks, lockRow.lock, `SELECT id, user_id, kind, at, until, released_at, detail FROM locks
		WHERE user_id = $1 AND at <= $2 ORDER BY at DESC, seq DESC LIMIT $3`, s.who.ID, at(s.At), actions.RecordLimit)
	return failed("reading the user's locks", err)
}

// attempts reads the attempts of the window, failures and successes each from
// their own end of the index.
func (s userSection) attempts(ctx context.Context) error {
	var u union
	from, to := u.arg(at(s.At.Add(-actions.AttemptWindow))), u.arg(at(s.At))
	for _, who := range customersOf(s.who) {
		place := u.arg(who)
		for inside := range 2 {
			u.add(`SELECT %s FROM attempts WHERE %s = %s AND %s = %d AND at >= %s AND at <= %s ORDER BY %s LIMIT %d`,
				attemptColumns, customerColumn, place, insideColumn, inside, from, to, byIndex, actions.AttemptLimit+1)
		}
	}
	var rows []attemptRow
	err := s.q.SelectContext(ctx, &rows, u.query(newestFirst, actions.AttemptLimit+1), u.args...)
	if s.Cut = len(rows) > actions.AttemptLimit; s.Cut {
		rows = rows[:actions.AttemptLimit]
	}
	s.Attempts = attemptsOf(rows, s.mine)
	return failed("reading the user's attempts", err)
}

// mine reports whether an attempt is the user's, exactly.
func (s userSection) mine(a actions.Attempt) bool { return belongs(s.who, a) }

// successes reads the successes of the window and the newest before it.
func (s userSection) successes(ctx context.Context) error {
	var u union
	from, to := u.arg(at(s.At.Add(-actions.AttemptWindow))), u.arg(at(s.At))
	customers := customersOf(s.who)
	for _, who := range customers {
		place := u.arg(who)
		u.add(`SELECT %s FROM attempts WHERE %s = %s AND %s = 1 AND at >= %s AND at <= %s ORDER BY %s LIMIT %d`,
			attemptColumns, customerColumn, place, insideColumn, from, to, byIndex, actions.AttemptLimit)
		u.add(`SELECT %s FROM attempts WHERE %s = %s AND %s = 1 AND at < %s ORDER BY %s LIMIT %d`,
			attemptColumns, customerColumn, place, insideColumn, from, byIndex, olderSuccesses)
	}
	var rows []attemptRow
	err := s.q.SelectContext(ctx, &rows, u.query(newestFirst, actions.AttemptLimit+olderSuccesses*len(customers)), u.args...)
	s.Successes = attemptsOf(rows, s.mine)
	return failed("reading the user's successes", err)
}

func (s userSection) codes(ctx context.Context) error {
	err := readInto(ctx, s, &s.Codes, codeRow.code, `SELECT id, user_id, channel, address, sent_at, expires_at, used_at, seq FROM codes
		WHERE user_id = $1 AND sent_at <= $2 ORDER BY sent_at DESC, seq DESC LIMIT $3`, s.who.ID, at(s.At), actions.RecordLimit)
	return failed("reading the user's codes", err)
}

// deliveries reads what was sent to the user's e-mail address and to their
// mobile.
func (s userSection) deliveries(ctx context.Context) error {
	var u union
	mail, mobile := actions.AddressKey(s.who.Email), actions.MobileKey(s.who.Mobile)
	to := u.arg(at(s.At))
	for _, key := range []string{mail, mobile} {
		u.add(`SELECT id, address, kind, status, at, user_id, detail, address_key, seq FROM deliveries
			WHERE address_key = %s AND at <= %s ORDER BY %s LIMIT %d`, u.arg(key), to, newestFirst, actions.RecordLimit)
	}
	var rows []deliveryRow
	err := s.q.SelectContext(ctx, &rows, u.query(newestFirst, 2*actions.RecordLimit), u.args...)
	for _, row := range rows {
		switch {
		case mail != "" && row.AddressKey == mail:
			s.Mails = append(s.Mails, row.delivery())
		case mobile != "" && row.AddressKey == mobile:
			s.Texts = append(s.Texts, row.delivery())
		}
	}
	return failed("reading what was sent to the user", err)
}

func (s userSection) resetLinks(ctx context.Context) error {
	err := readInto(ctx, s, &s.ResetLinks, resetLinkRow.link, `SELECT id, user_id, sent_at, expires_at, used_at, used_ip, seq FROM reset_links
		WHERE user_id = $1 AND sent_at <= $2 ORDER BY sent_at DESC, seq DESC LIMIT $3`, s.who.ID, at(s.At), actions.RecordLimit)
	return failed("reading the user's reset links", err)
}

func (s userSection) suppression(ctx context.Context) error {
	if s.who.Email == "" {
		return nil
	}
	err := readInto(ctx, s, &s.Suppression, suppressionRow.suppression, `SELECT `+suppressionColumns+` FROM suppressions
		WHERE address_key = $1 AND since <= $2 AND `+stillListed+` AND `+saidOnce+` ORDER BY since DESC, seq DESC LIMIT $3`,
		actions.AddressKey(s.who.Email), at(s.At), actions.RecordLimit)
	return failed("reading the lists that the user's address is on", err)
}

// support reads what colleagues did for the user in the last day, without what
// only read an answer further.
func (s userSection) support(ctx context.Context) error {
	var aside []string
	for _, act := range actions.AsideActs() {
		aside = append(aside, string(act))
	}
	args := append([]any{s.who.ID, at(s.At.Add(-24 * time.Hour)), at(s.At), supportLimit}, anys(aside)...)
	err := readInto(ctx, s, &s.Support, auditRow.entry, auditColumns+`WHERE audit.subject <> ''
			AND audit.subject = (SELECT pseudonym FROM audit_subjects WHERE user_id = $1)
			AND at >= $2 AND at <= $3 AND act NOT IN (`+marks(5, len(aside))+`) ORDER BY at DESC, audit.seq DESC LIMIT $4`, args...)
	return failed("reading what support did for the user", err)
}

// supportLimit is how many acts of support are read.
const supportLimit = 50
