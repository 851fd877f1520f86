package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
)

// Conformance runs the suite that every database must pass. Each part gets
// databases of its own.
func Conformance(t *testing.T) {
	for _, part := range []struct {
		name string
		test func(*testing.T)
	}{
		{"Migrate", testMigrate},
		{"Records", testRecords},
		{"Tally", testTally},
		{"Attempts", testAttempts},
		{"Import", testImport},
		{"Snapshot", testSnapshot},
		{"Mail", testMail},
		{"NearMisses", testNearMisses},
		{"Alike", testAlike},
		{"Matches", testMatches},
		{"Nobody", testNobody},
		{"Accounts", testAccounts},
		{"Identifiers", testIdentifiers},
		{"Audit", testAudit},
		{"Tampering", testTampering},
		{"Keys", testKeys},
		{"Claims", testClaims},
		{"Refusals", testRefusals},
		{"Tickets", testTickets},
		{"Tokens", testTokens},
		{"Sent", testSent},
		{"Outbox", testOutbox},
		{"Runs", testRuns},
		{"Watches", testWatches},
		{"Parked", testParked},
		{"Users", testUsers},
		{"AttemptsSince", testAttemptsSince},
		{"Tried", testTried},
		{"Looks", testLooks},
		{"Operations", testOperations},
		{"Approvals", testApprovals},
		{"Verifications", testVerifications},
		{"Homes", testHomes},
		{"Links", testLinks},
		{"Secrets", testSecrets},
		{"Requests", testRequests},
		{"Sealed", testSealed},
		{"Rekey", testRekey},
		{"Traces", testTraces},
		{"Letters", testLetters},
		{"Brakes", testBrakes},
		{"Incidents", testIncidents},
		{"Lockouts", testLockouts},
		{"Cases", testCases},
		{"Suppressions", testSuppressions},
		{"TempAdmins", testTempAdmins},
		{"Targets", testTargets},
		{"Apply", testApply},
		{"ApplyAdmins", testApplyAdmins},
		{"Changes", testChanges},
		{"Coalescing", testCoalescing},
		{"Tallies", testTallies},
		{"Forgotten", testForgotten},
		{"Retention", testRetention},
		{"Tombstones", testTombstones},
		{"ForgetOthers", testForgetOthers},
		{"Admins", testAdmins},
		{"Tx", testTx},
		{"AtOnce", testAtOnce},
		{"Partitions", testPartitions},
		{"Away", testAway},
	} {
		t.Run(part.name, func(t *testing.T) {
			t.Parallel()
			part.test(t)
		})
	}
}

// moment is when the suite looks at its databases.
var moment = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

// site is a database under test: its Store, and how to get at the tables behind
// the Store's back.
type site struct {
	*store.Store
	url      string
	postgres bool
}

// each runs a test on a new site of every database.
func each(t *testing.T, test func(*testing.T, *site), opts ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		url := SQLiteURL(t)
		test(t, &site{Store: open(t, url, opts...), url: url})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := PostgresURL(t)
		test(t, &site{Store: open(t, url, opts...), url: url, postgres: true})
	})
}

// onPostgres runs a test on a new PostgreSQL database only.
func onPostgres(t *testing.T, test func(*testing.T, *site)) {
	t.Helper()
	url := PostgresURL(t)
	test(t, &site{Store: open(t, url), url: url, postgres: true})
}

// behind opens the database without a Store.
func (s *site) behind(t testing.TB) *sql.DB {
	t.Helper()
	driver, dsn := "postgres", s.url
	if !s.postgres {
		path := (&url.URL{Path: strings.TrimPrefix(s.url, "sqlite:")}).EscapedPath()
		driver, dsn = "sqlite", "file:"+path+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatalf("opening the database behind the store's back: %v", err)
	}
	return db
}

// exec changes something behind the Store's back.
func (s *site) exec(t testing.TB, statements ...string) {
	t.Helper()
	db := s.behind(t)
	defer func() { _ = db.Close() }()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// try runs a statement behind the Store's back and returns its error.
func (s *site) try(t testing.TB, statement string) error {
	t.Helper()
	db := s.behind(t)
	defer func() { _ = db.Close() }()
	_, err := db.ExecContext(t.Context(), statement)
	return err
}

// value reads one value behind the Store's back, as text.
func (s *site) value(t testing.TB, query string) string {
	t.Helper()
	db := s.behind(t)
	defer func() { _ = db.Close() }()
	var value string
	if err := db.QueryRowContext(t.Context(), query).Scan(&value); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return value
}

// put imports bodies as one batch.
func (s *site) put(t testing.TB, bodies ...any) actions.Tally {
	t.Helper()
	tally, err := s.tryPut(t.Context(), bodies...)
	if err != nil {
		t.Fatalf("importing: %v", err)
	}
	return tally
}

func (s *site) tryPut(ctx context.Context, bodies ...any) (actions.Tally, error) {
	var tally actions.Tally
	err := s.Import(ctx, func(tx actions.ImportTx) (err error) {
		tally, err = tx.Put(ctx, records(bodies...))
		return err
	})
	return tally, err
}

// records makes records of bodies, the way a reader does.
func records(bodies ...any) []actions.Record {
	made := make([]actions.Record, len(bodies))
	for i, body := range bodies {
		made[i] = actions.Record{Body: body, File: "-", Line: i + 1}
		if _, ok := body.(actions.Attempt); !ok {
			sum := sha256.Sum256(fmt.Appendf(nil, "%#v", body))
			made[i].Digest = sum[:16]
		}
	}
	return made
}

// look looks an identifier up at the moment of the suite.
func (s *site) look(t testing.TB, identifier string) actions.Snapshot {
	t.Helper()
	return s.lookBy(t, actions.Query{Identifier: identifier, At: moment})
}

func (s *site) lookBy(t testing.TB, query actions.Query) actions.Snapshot {
	t.Helper()
	snapshot, err := s.Snapshot(t.Context(), query)
	if err != nil {
		t.Fatalf("looking up %.40q: %v", query.Identifier, err)
	}
	return snapshot
}

// same fails when two values differ.
func same[T any](t testing.TB, what string, got, want T, opts ...cmp.Option) {
	t.Helper()
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// attemptIDs, userIDs and so on name records in their order.
func attemptIDs(attempts []actions.Attempt) []string {
	return idsOf(attempts, func(a actions.Attempt) string { return a.ID })
}

func userIDs(users []actions.User) []string {
	return idsOf(users, func(u actions.User) string { return u.ID })
}

func idsOf[T any](all []T, id func(T) string) []string {
	ids := make([]string, len(all))
	for i, one := range all {
		ids[i] = id(one)
	}
	return ids
}

// errOnPurpose is how a test ends a transaction.
var errOnPurpose = errors.New("on purpose")

// ago is the moment of the suite less d.
func ago(d time.Duration) time.Time { return moment.Add(-d) }

// day is 24 hours.
const day = 24 * time.Hour

func testMigrate(t *testing.T) {
	fresh := func(t *testing.T, url string, steps int) {
		s, err := store.Open(t.Context(), url, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		first, err := s.Migrate(t.Context())
		if err != nil || len(first) < steps {
			t.Fatalf("the first time: steps %q, error %v; want at least %d", first, err, steps)
		}
		second, err := s.Migrate(t.Context())
		if err != nil || len(second) != 0 {
			t.Errorf("the second time: steps %q, error %v; want none", second, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { fresh(t, missingURL(t), 1) })
	t.Run("postgres", func(t *testing.T) {
		s := needServer(t)
		name := fmt.Sprintf("%sempty_%d", s.prefix, s.made.Add(1))
		if err := s.exec("CREATE DATABASE " + name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
				t.Error(err)
			}
		})
		fresh(t, s.database(name), 1)
	})
}
