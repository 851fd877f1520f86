// Package store keeps everything Latchkey remembers: every SQL statement, for
// SQLite and PostgreSQL, lies here. It implements [escalation.Store], the unit of
// work, and so [actions.Store]; and [actions.Directory], the embedded directory,
// with [actions.Suppressions], its lists.
//
// One set of SQL serves both databases; what differs is in dialect.go. Times
// are passed in, never asked of the database, and are UTC, cut to
// microseconds; the zero time is NULL. The rows have structs of their own with
// db tags, so that the domain's types carry none.
//
// A map of the package: store.go, url.go, sqlite.go, postgres.go and migrate.go
// open a database,
// look.go looks at one as it is, and backup.go copies one; tx.go with claim.go, refusal.go, ticket.go, outbox.go,
// lease.go, settle.go, dead_letter.go, message_place.go, run.go, watch.go,
// parked.go and forget.go is the unit of work, and operation.go, approval.go,
// verification.go, one_time_link.go, mail.go and brake.go what helps a customer,
// secret.go and secret_request.go what opens once, with sealed.go, handout.go and
// rekey.go; case.go, case_event.go, case_follower.go and case_list.go escalations;
// temp_admin.go, temp_admin_list.go and target.go administrators for a while;
// audit.go, audit_rows.go and key.go the chain; token.go what systems prove
// themselves with; import.go takes records in, with put.go, source.go, copy.go,
// position.go and reference.go, the files named after records, put_users.go for
// what a token sent, deleted_user.go, and put_attempts.go with rebuild.go,
// replaced.go, hourly_outcome.go, outcome_total.go and unknown_name.go for the
// many; snapshot.go with match.go, user_section.go, nobody_section.go and
// account_section.go reads, and so do users_named.go, admins.go,
// attempts_since.go and tried.go; apply.go with apply_user.go, apply_admin.go and
// delist.go changes the directory, applied.go reads that back, and change.go tells
// the product; suppression_kept.go keeps what other systems list; lockout.go and its
// neighbours read what was tried, incident.go, incident_customers.go and bulk.go who fails
// the same way, home.go whose Home is redrawn, tallies.go what is counted; retention.go drops what is
// old and cuts the audit; erase.go and erase_rows.go remove a person, and tombstone.go
// keeps imports from bringing them back.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// Options are what a Store needs besides its database.
type Options struct {
	// Keys seal the audit; without any nothing is audited.
	Keys actions.Keyring
	// Now is the clock, time.Now when nil. It stamps only what no caller times:
	// when a key was first seen.
	Now func() time.Time
	// Log gets what an operator may want to know; nil discards it.
	Log *slog.Logger
}

// Store is a database with Latchkey's tables. It is safe for concurrent use.
type Store struct {
	// write has one connection on SQLite, which knows one writer at a time; read
	// is a pool beside it, so that reading never waits for the writer. On
	// PostgreSQL both are the same pool.
	write, read *sqlx.DB
	// file is how the SQLite file is opened once more; "" on PostgreSQL.
	file string
	// ddl makes partitions, on connections of its own: an import that holds
	// one of the pool must never wait for another. Nil on SQLite.
	ddl     *sqlx.DB
	dialect dialect
	keys    actions.Keyring
	now     func() time.Time
	log     *slog.Logger
}

var (
	_ actions.Store        = (*Store)(nil)
	_ actions.Directory    = (*Store)(nil)
	_ actions.Copier       = (*Store)(nil)
	_ actions.Suppressions = (*Store)(nil)
	_ escalation.Store     = (*Store)(nil)
)

// Open prepares the database that url names: `sqlite:path` (the file is made,
// readable by nobody else, when it isn't there) or `postgres://…`. It doesn't
// wait for a PostgreSQL server: whether that answers is seen at first use. Its
// errors name LATCHKEY_DATABASE_URL and never show a URL that may hold a
// password.
func Open(ctx context.Context, url string, opts Options) (*Store, error) {
	s := newStore(opts)
	where, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if where.path != "" {
		return s, s.openSQLite(ctx, where.path)
	}
	return s, s.openPostgres(where.server)
}

// newStore is a Store without its database.
func newStore(opts Options) *Store {
	s := &Store{keys: opts.Keys, now: opts.Now, log: opts.Log}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	return s
}

// Close gives the connections back. It waits for statements under way.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(err, s.read.Close())
	}
	if s.ddl != nil {
		err = errors.Join(err, s.ddl.Close())
	}
	if err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return nil
}

// Ping returns nil when the database answers, otherwise an Unavailable error.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	return failed("asking the database for a sign of life", s.read.GetContext(ctx, &one, `SELECT 1`))
}

// Keyed reports whether a key is there to seal and to audit with.
func (s *Store) Keyed() bool { return !s.keys.Empty() }
