package store

import (
	"database/sql"
	"strconv"

	"github.com/pressly/goose/v3"
)

// dialect is what differs between the two databases.
type dialect struct {
	name  string // also the folder of the migrations
	goose goose.Dialect
	// snapshot makes a transaction see one moment. SQLite's always do.
	snapshot *sql.TxOptions
	// hasTable counts the tables of a name.
	hasTable string
	// nextBlock hands out the number of a block of places in the order of
	// import. PostgreSQL's sequence makes nobody wait for another import.
	nextBlock string
	// leaseAlone makes those who take from the outbox wait for one another until
	// their transactions end. On SQLite all writers do.
	leaseAlone string
	// insert begins a statement that stores many rows. SQLite would keep every
	// page that it touches a second time, to undo the statement alone; an error
	// ends the whole transaction anyway, which is what FAIL leaves it to.
	insert string
	// place is the nth placeholder of a statement that stores many rows. SQLite's
	// driver looks each name up in the list of all, so there they have none.
	place func(n int) string
	// rows is how many rows go into one INSERT: SQLite gains nothing from long
	// ones, PostgreSQL saves a round trip for each.
	rows int
	// moments turns $1, a JSON list of pairs of a time (microseconds since 1970)
	// and an ID, into rows.
	moments string
	// texts turns $1, a JSON list of texts, into rows with a column name.
	texts string
	// server: PostgreSQL, where many may write at once, big batches arrive by COPY
	// and attempts is partitioned.
	server bool
	// locking ends a SELECT whose rows nobody else may change until the end of the
	// transaction. On SQLite nobody can anyway.
	locking string
	// temporary ends the statement that makes a temporary table.
	temporary string
}

var sqlite = dialect{
	name: "sqlite", goose: goose.DialectSQLite3,
	hasTable:  `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1`,
	nextBlock: `UPDATE record_blocks SET last = last + 1 RETURNING last`,
	insert:    `INSERT OR FAIL`,
	place:     func(int) string { return "?" },
	rows:      100,
	moments:   `SELECT json_extract(value, '$[0]') AS at, json_extract(value, '$[1]') AS id FROM json_each($1)`,
	texts:     `SELECT value AS name FROM json_each($1)`,
	temporary: `WITHOUT ROWID`,
}

var postgres = dialect{
	name: "postgres", goose: goose.DialectPostgres,
	snapshot:   &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	hasTable:   `SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)`,
	nextBlock:  `SELECT nextval('record_blocks')`,
	leaseAlone: `SELECT pg_advisory_xact_lock(hashtext('latchkey outbox'))`,
	insert:     `INSERT`,
	place:      func(n int) string { return "$" + strconv.Itoa(n) },
	rows:       500, server: true,
	moments: `SELECT timestamptz 'epoch' + (value->>0)::bigint * interval '1 microsecond' AS at, value->>1 AS id
		FROM jsonb_array_elements($1::jsonb)`,
	texts:     `SELECT value COLLATE "C" AS name FROM jsonb_array_elements_text($1::jsonb)`,
	locking:   `FOR UPDATE`,
	temporary: `ON COMMIT DROP`,
}
