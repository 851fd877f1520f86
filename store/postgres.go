package store

import (
	"database/sql"
	"net/url"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// The limits of the PostgreSQL pool: enough for every worker of one process,
// few enough for several processes on a server with its default of 100.
const (
	postgresConnections = 12
	postgresIdle        = 6
	postgresIdleTime    = 5 * time.Minute
	postgresLifetime    = time.Hour
)

// openPostgres prepares the pools of a PostgreSQL database.
func (s *Store) openPostgres(server *url.URL) error {
	connector, err := pq.NewConnector(withDefaults(server))
	if err != nil {
		// The driver's words may repeat a part of the URL.
		return errURL
	}
	s.dialect = postgres
	s.write = pool(connector, postgresConnections, postgresIdle)
	s.read = s.write
	s.ddl = pool(connector, 1, 0)
	return nil
}

func pool(connector *pq.Connector, open, idle int) *sqlx.DB {
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.SetMaxOpenConns(open)
	db.SetMaxIdleConns(idle)
	db.SetConnMaxIdleTime(postgresIdleTime)
	db.SetConnMaxLifetime(postgresLifetime)
	return db
}

// withDefaults adds what the URL doesn't say: a server that doesn't answer is
// given up after 2 seconds, while a person waits.
func withDefaults(server *url.URL) string {
	query := server.Query()
	if !query.Has("connect_timeout") {
		query.Set("connect_timeout", "2")
	}
	if !query.Has("fallback_application_name") {
		query.Set("fallback_application_name", "latchkey")
	}
	if !query.Has("binary_parameters") { // a statement with parameters costs one round trip then, not two
		query.Set("binary_parameters", "yes")
	}
	with := *server
	with.RawQuery = query.Encode()
	return with.String()
}
