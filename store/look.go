package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/latchkey-bot/latchkey/actions"
)

// sqliteLook opens a file to read it, and changes nothing, not even how it keeps its
// journal.
const sqliteLook = sqliteTimes + "&_pragma=busy_timeout(5000)&mode=ro&_query_only=1"

// OpenAsIs is [Open] for who only looks: it makes no file and changes none. Without
// the SQLite file its error is NotFound.
func OpenAsIs(ctx context.Context, url string, opts Options) (*Store, error) {
	where, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if where.path == "" {
		return Open(ctx, url, opts)
	}
	_, err = os.Stat(where.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, actions.Errorf(actions.NotFound, "There is no file %s yet; the first start makes it.", where.path)
	case err != nil:
		return nil, fmt.Errorf("LATCHKEY_DATABASE_URL names a file that can't be opened: %w", err)
	}
	return openReading(ctx, where.path, "", opts)
}

// openReading opens an SQLite file to read it; more is added to the settings.
func openReading(ctx context.Context, file, more string, opts Options) (*Store, error) {
	db, err := sqlx.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+"?"+sqliteLook+more)
	if err != nil {
		return nil, fmt.Errorf("opening the SQLite file %s: %w", file, err)
	}
	s := newStore(opts)
	s.dialect, s.write, s.read = sqlite, db, db
	var tables int // a file that is no database says so when it is read
	if err := db.GetContext(ctx, &tables, `SELECT count(*) FROM sqlite_master`); err != nil {
		return nil, errors.Join(failed("opening the SQLite file "+file, err), db.Close())
	}
	return s, nil
}

// Path is the file that LATCHKEY_DATABASE_URL names, "" for PostgreSQL. Its errors
// never show a URL that may hold a password.
func Path(url string) (string, error) {
	where, err := parseURL(url)
	return where.path, err
}

// Migrations is how far the tables are.
type Migrations struct {
	Pending []string // the names of those that they lack, in order
	None    bool     // none was applied: there are no tables
	Newer   bool     // a later version of Latchkey was here, which has more than this one knows
}

// Migrations looks how far the tables are, and applies nothing.
func (s *Store) Migrations(ctx context.Context) (m Migrations, err error) {
	files, err := fs.Sub(migrations, path.Join("migrations", s.dialect.name))
	if err != nil {
		return m, err
	}
	provider, err := s.provider(files)
	if err != nil {
		return m, err
	}
	current, err := s.current(ctx)
	if err != nil {
		return m, failed("looking which migrations were applied", err)
	}
	for _, source := range provider.ListSources() {
		if source.Version > current {
			m.Pending = append(m.Pending, path.Base(source.Path))
		}
	}
	m.None, m.Newer = current == 0, current > newest(provider)
	return m, nil
}

// Engine is what a database says of itself.
type Engine struct {
	Name     string // "SQLite" or "PostgreSQL"
	Version  string // such as "16.4"
	Major    int    // of PostgreSQL's version; 0 on SQLite
	ReadOnly bool   // a PostgreSQL server that takes no changes: a standby, or one that was told so
	Encoding string // how PostgreSQL keeps text, such as "UTF8"; "" on SQLite
	Closed   bool   // our user may make no tables in PostgreSQL's schema
	Foreign  bool   // the tables there are somebody else's: our user may neither write all nor change them
	// Grants mend Closed and Foreign, run in the database by who may hand its tables on. A
	// … in one stands for what has to be named there.
	Grants []string
	// Clock is PostgreSQL's; the zero time on SQLite, which has none of its own.
	Clock time.Time
}

// Engine asks the database what it is. Its error is Unavailable when it doesn't
// answer.
func (s *Store) Engine(ctx context.Context) (Engine, error) {
	const doing = "asking the database what it is"
	if !s.dialect.server {
		e := Engine{Name: "SQLite"}
		return e, failed(doing, s.read.GetContext(ctx, &e.Version, `SELECT sqlite_version()`))
	}
	var row engineRow
	err := s.read.GetContext(ctx, &row, `SELECT current_setting('server_version') AS version,
		current_setting('server_version_num')::int AS number, current_setting('transaction_read_only')::bool AS read_only,
		clock_timestamp() AS clock, current_setting('server_encoding') AS encoding,
		NOT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS closed,
		quote_ident(current_user) AS role, coalesce(quote_ident(current_schema()), 'public') AS schema_name,
		coalesce(quote_ident(pg_get_userbyid(owner)), '') AS owner, coalesce(owner = 10, false) AS by_first
		FROM (SELECT min(relowner::int8)::oid AS owner FROM pg_class WHERE oid IN (`+owned+`) AND NOT pg_has_role(relowner, 'USAGE')) AS others`)
	return Engine{
		Name: "PostgreSQL", Version: row.Version, Major: row.Number / 10000, ReadOnly: row.ReadOnly, Clock: row.Clock,
		Encoding: row.Encoding, Closed: row.Closed, Foreign: row.Owner != "", Grants: row.grants(),
	}, failed(doing, err)
}

// engineRow is what a PostgreSQL server says of itself, of our user, and of whoever else
// owns the tables.
type engineRow struct {
	Version  string    `db:"version"`
	Number   int       `db:"number"`
	ReadOnly bool      `db:"read_only"`
	Encoding string    `db:"encoding"`
	Closed   bool      `db:"closed"`
	Clock    time.Time `db:"clock"`
	// The names are quoted where PostgreSQL needs that.
	Role    string `db:"role"`
	Schema  string `db:"schema_name"`
	Owner   string `db:"owner"` // "" when there is nobody else
	ByFirst bool   `db:"by_first"`
}

// grants give our user what it lacks. What belongs to the server's first user can't be
// handed on as a whole, since the server's own tables do, too.
func (r engineRow) grants() (all []string) {
	if r.Closed {
		all = append(all, fmt.Sprintf("GRANT USAGE, CREATE ON SCHEMA %s TO %s;", r.Schema, r.Role))
	}
	switch {
	case r.ByFirst:
		all = append(all, fmt.Sprintf("ALTER TABLE … OWNER TO %s; (of each table, sequence and function in the schema %s)", r.Role, r.Schema))
	case r.Owner != "":
		all = append(all, fmt.Sprintf("REASSIGN OWNED BY %s TO %s;", r.Owner, r.Role))
	}
	return all
}

// owned are tables that stand for all: the steps write the first, each month adds a
// partition to the second, and the others are written all the time.
const owned = `to_regclass('goose_db_version'), to_regclass('attempts'), to_regclass('audit'), to_regclass('users')`

// InTheClear reports whether a PostgreSQL server couldn't be asked because it encrypts
// nothing, and LATCHKEY_DATABASE_URL asks for that.
func InTheClear(err error) bool { return errors.Is(err, pq.ErrSSLNotSupported) }

// TurnedAway reports whether a PostgreSQL server has no rule that lets our user in from
// this machine: none at all, or none without encryption.
func TurnedAway(err error) bool { return pq.As(err, pqerror.InvalidAuthorizationSpecification) != nil }

// Held reports whether somebody else keeps the whole SQLite file to themselves.
func Held(err error) bool { return busy(err) }
