package main

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"
)

// behind opens a database behind the store's back, until the test ends.
func behind(t testing.TB, databaseURL string) *sql.DB {
	t.Helper()
	driver, dsn := "postgres", databaseURL
	if path, local := strings.CutPrefix(databaseURL, "sqlite:"); local {
		driver, dsn = "sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// does changes something behind the store's back.
func does(t testing.TB, db *sql.DB, statement string, values ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, values...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
