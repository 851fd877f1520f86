package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	driversqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/latchkey-bot/latchkey/actions"
)

// occupied is said on SQLite, which knows one writer at a time.
const occupied = "Latchkey's database is busy, with a long import perhaps, so nothing was looked up or changed. Please try again in a minute."

const unreachable = "Latchkey can't reach its database right now, so nothing was looked up or changed. Please try again in a minute."

// failed wraps an error of the database with what was being done. One that
// means that the database doesn't answer becomes Unavailable; nil stays nil.
func failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("%s: %w", doing, err)
	var ours *actions.Error
	if errors.As(err, &ours) || !silent(err) {
		return wrapped
	}
	sentence := unreachable
	if busy(err) {
		sentence = occupied
	}
	return &actions.Error{Code: actions.Unavailable, Sentence: sentence, Cause: wrapped}
}

// busy reports whether another writer has the SQLite file.
func busy(err error) bool {
	var file *driversqlite.Error
	return errors.As(err, &file) && file.Code()&0xff == sqlite3.SQLITE_BUSY
}

// taken reports whether a row has what another one has that nobody else may.
func taken(err error) bool {
	var file *driversqlite.Error
	return pq.As(err, pqerror.UniqueViolation) != nil || (errors.As(err, &file) && file.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE)
}

// silent reports whether the error means that the database doesn't answer.
func silent(err error) bool {
	var server *pq.Error
	var file *driversqlite.Error
	var network net.Error
	switch {
	case errors.As(err, &server):
		return silentPostgres(server.Code)
	case errors.As(err, &file):
		return silentSQLite(file.Code())
	case errors.As(err, &network):
		return true
	}
	for _, known := range []error{
		driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded, net.ErrClosed,
	} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// silentPostgres knows the classes of codes by which a server says that it
// isn't there for us: connection, log-in, a missing database, resources
// (connections, disk, memory), operator (shut down, cancelled), system, and a
// server that only reads since another took over.
func silentPostgres(code pqerror.Code) bool {
	switch code {
	case pqerror.TRDeadlockDetected, pqerror.TRSerializationFailure, pqerror.LockNotAvailable,
		pqerror.ReadOnlySQLTransaction, pqerror.InvalidCatalogName:
		return true
	}
	switch code.Class() {
	case "08", "28", "53", "57", "58":
		return true
	}
	return false
}

func silentSQLite(code int) bool {
	switch code & 0xff { // the rest is detail
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_FULL, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// again reports whether the database asks for the transaction to be run anew:
// it met another one.
func again(err error) bool {
	var server *pq.Error
	if !errors.As(err, &server) {
		return false
	}
	return server.Code == pqerror.TRDeadlockDetected || server.Code == pqerror.TRSerializationFailure
}
