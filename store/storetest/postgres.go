package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"
)

// template is the name of the migrated database that others are cloned from.
const template = "latchkey_template"

// server is where the databases of this process are made.
type server struct {
	url     string // of the database to connect to for making others
	cluster *Cluster
	prefix  string
	made    atomic.Int64
}

// shared is the one server of this process, started at first need.
var shared = sync.OnceValues(startShared)

func startShared() (*server, error) {
	s := &server{url: os.Getenv("LATCHKEY_TEST_POSTGRES_URL"), prefix: fmt.Sprintf("latchkey_%d_", os.Getpid())}
	if s.url == "" {
		cluster, err := startCluster(unsafe...)
		if err != nil {
			return nil, err
		}
		s.cluster, s.url = cluster, cluster.URL
	}
	return s, s.makeTemplate()
}

// Main runs the tests of a package and stops the PostgreSQL server that they
// started. Without it the server stops a moment after the process.
func Main(m *testing.M) {
	code := m.Run()
	if s := started.Load(); s != nil {
		if err := s.stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// started is the server once it is there.
var started atomic.Pointer[server]

// PostgresURL returns the URL of a new, migrated database that is dropped with
// the test. It skips the test when there is no server.
func PostgresURL(t testing.TB) string {
	t.Helper()
	s := needServer(t)
	name := fmt.Sprintf("%s%d", s.prefix, s.made.Add(1))
	if err := s.exec(fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", pq.QuoteIdentifier(name), pq.QuoteIdentifier(s.prefix+template))); err != nil {
		t.Fatalf("making a database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.exec(fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", pq.QuoteIdentifier(name))); err != nil {
			t.Errorf("dropping a database: %v", err)
		}
	})
	return s.database(name)
}

// NewCluster starts a PostgreSQL server for one test, which may stop and start
// it; durable makes it as careful with the disk as a real one. It skips the
// test when there is none.
func NewCluster(t testing.TB, durable bool) *Cluster {
	t.Helper()
	settings := unsafe
	if durable {
		settings = nil
	}
	c, err := startCluster(settings...)
	if err != nil {
		missing(t, err)
	}
	t.Cleanup(func() {
		if err := c.Remove(); err != nil {
			t.Errorf("removing the server: %v", err)
		}
	})
	return c
}

func needServer(t testing.TB) *server {
	t.Helper()
	s, err := shared()
	if err != nil {
		missing(t, err)
	}
	started.Store(s)
	return s
}

// missing skips the test when there is no server and none is required.
func missing(t testing.TB, err error) {
	t.Helper()
	required := strings.Split(os.Getenv("LATCHKEY_TEST_REQUIRE"), ",")
	if errors.Is(err, errNoServer) && !slices.Contains(required, "postgres") {
		t.Skip(err)
	}
	t.Fatal(err)
}

// makeTemplate makes the database that others are cloned from.
func (s *server) makeTemplate() error {
	name := s.prefix + template
	if err := s.exec("CREATE DATABASE " + pq.QuoteIdentifier(name)); err != nil {
		return fmt.Errorf("making the template database: %w", err)
	}
	return migrateNew(context.Background(), s.database(name))
}

// stop gives back what this process took.
func (s *server) stop() error {
	if s.cluster != nil {
		return s.cluster.Remove()
	}
	return s.exec("DROP DATABASE IF EXISTS " + pq.QuoteIdentifier(s.prefix+template))
}

// database returns the URL of a database of the server.
func (s *server) database(name string) string {
	u, err := url.Parse(s.url)
	if err != nil {
		return s.url // Open says what is wrong with it
	}
	u.Path = "/" + name
	return u.String()
}

func (s *server) exec(statement string) (err error) {
	db, err := sql.Open("postgres", s.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}
