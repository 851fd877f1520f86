package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// postgresByHand changes a PostgreSQL database as who looks after it does.
func postgresByHand(t testing.TB, databaseURL string, statements ...string) {
	t.Helper()
	db, err := sqlx.Open("postgres", databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil { // no context: a test that has ended cleans up, too
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// madeByHand counts the roles and databases that tests made: each has a name of its own.
var madeByHand atomic.Int64

// emptyPostgres is the URL of a new database without tables; how is added to making it.
func emptyPostgres(t testing.TB, how string) string {
	t.Helper()
	beside := storetest.PostgresURL(t)
	u, err := url.Parse(beside)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s_empty_%d", strings.TrimPrefix(u.Path, "/"), madeByHand.Add(1))
	postgresByHand(t, beside, "CREATE DATABASE "+name+" TEMPLATE template0 "+how)
	t.Cleanup(func() { postgresByHand(t, beside, "DROP DATABASE "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

// asRole is a database for a new role, which may do in it only what is granted; {role} is
// its name.
func asRole(t testing.TB, databaseURL string, grants ...string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	role := fmt.Sprintf("%s_role_%d", strings.TrimPrefix(u.Path, "/"), madeByHand.Add(1))
	postgresByHand(t, databaseURL, "CREATE ROLE "+role+" LOGIN PASSWORD 'canary'", "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	t.Cleanup(func() { postgresByHand(t, databaseURL, "DROP OWNED BY "+role, "DROP ROLE "+role) })
	for _, grant := range grants {
		postgresByHand(t, databaseURL, strings.ReplaceAll(grant, "{role}", role))
	}
	u.User = url.UserPassword(role, "canary")
	return u.String()
}

// TestDoctorPostgres: the doctor says what a role may not do, and that a database can't
// hold every letter; one whose role owns what it needs passes.
func TestDoctorPostgres(t *testing.T) {
	t.Parallel()
	const create, own = "GRANT USAGE, CREATE ON SCHEMA public TO latch", "ALTER TABLE … OWNER TO latch"
	for name, m := range map[string]struct {
		url    func(testing.TB) string
		status bot.CheckStatus
		says   string
		mend   string
	}{
		"MayNotCreate": {func(t testing.TB) string { return asRole(t, emptyPostgres(t, "")) }, bot.CheckFail, "may not make tables", create},
		"MayOnlyRead": {func(t testing.TB) string {
			return asRole(t, storetest.PostgresURL(t), "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
		}, bot.CheckFail, "may not make tables in the schema. The user in LATCHKEY_DATABASE_URL doesn't own the tables", create},
		"OwnsNothing": {func(t testing.TB) string {
			return asRole(t, storetest.PostgresURL(t), "GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}", "GRANT CREATE ON SCHEMA public TO {role}")
		}, bot.CheckFail, "doesn't own the tables", own},
		"MayCreate": {func(t testing.TB) string {
			return asRole(t, emptyPostgres(t, ""), "GRANT CREATE ON SCHEMA public TO {role}")
		}, bot.CheckOK, "PostgreSQL", ""},
		"ReadsOnly": {func(t testing.TB) string { return storetest.PostgresURL(t) + "&default_transaction_read_only=on" }, bot.CheckFail,
			"only reads", "default_transaction_read_only"},
		"Owns": {storetest.PostgresURL, bot.CheckOK, "PostgreSQL", ""},
		"OtherEncoding": {func(t testing.TB) string {
			return emptyPostgres(t, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
		}, bot.CheckFail, "keeps text as LATIN1", "ENCODING 'UTF8'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClinic(t)
			c.config.DatabaseURL = m.url(t)
			got := found(c.examine(), "database")
			if got.Status != m.status || !strings.Contains(got.Sentence, m.says) || !strings.Contains(got.Mend, m.mend) || (m.mend == "") != (got.Mend == "") {
				t.Errorf("it finds %+v, want %s: %q, %q", got, m.status, m.says, m.mend)
			}
		})
	}
}

// TestRightsMended: who runs what the doctor says gives the role what it lacks.
func TestRightsMended(t *testing.T) {
	t.Parallel()
	for name, first := range map[string][]string{
		"NoSchema":        {"REVOKE ALL ON SCHEMA public FROM PUBLIC"},
		"AnotherMadeThem": {"GRANT CREATE ON SCHEMA public TO {role}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, empty := newClinic(t), emptyPostgres(t, "")
			maker := Data{DatabaseURL: asRole(t, empty, first...)}
			if name == "AnotherMadeThem" {
				if err := (&migrateCmd{Data: maker}).Run(t.Context(), terminal{out: io.Discard, err: io.Discard}); err != nil {
					t.Fatal(err)
				}
			}
			c.config.DatabaseURL = asRole(t, empty)
			got := found(c.examine(), "database")
			statements := strings.TrimPrefix(got.Mend, "Have a superuser of PostgreSQL, or who owns the database, run in it: ")
			if got.Status != bot.CheckFail || statements == got.Mend {
				t.Fatalf("it finds %+v", got)
			}
			postgresByHand(t, empty, statements)
			if got := found(c.examine(), "database"); got.Status != bot.CheckOK {
				t.Errorf("after %s it finds %+v", statements, got)
			}
			if err := (&migrateCmd{Data: Data{DatabaseURL: c.config.DatabaseURL}}).Run(t.Context(), terminal{out: io.Discard, err: io.Discard}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestMigrateMayNot: who starts with a role without rights reads where these are named.
func TestMigrateMayNot(t *testing.T) {
	t.Parallel()
	c := &migrateCmd{Data: Data{DatabaseURL: asRole(t, emptyPostgres(t, ""))}}
	err := c.Run(t.Context(), terminal{out: io.Discard, err: io.Discard})
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), "may not make or change the tables. 'latchkey doctor' says") {
		t.Errorf("it says %v", err)
	}
	c.DatabaseURL = "postgres://robot:canary@" + inTheClear(t) + "/latchkey?sslmode=require"
	err = c.Run(t.Context(), terminal{out: io.Discard, err: io.Discard})
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), "add ?sslmode=disable") || strings.Contains(err.Error(), "canary") {
		t.Errorf("it says %v", err)
	}
}

// TestOtherEncoding: no tables are made in a database that can't hold every letter.
func TestOtherEncoding(t *testing.T) {
	t.Parallel()
	c := &migrateCmd{Data: Data{DatabaseURL: emptyPostgres(t, "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'")}}
	var out strings.Builder
	err := c.Run(t.Context(), terminal{out: &out, err: &out})
	if actions.CodeOf(err) != actions.Invalid || !strings.Contains(err.Error(), "keeps text as SQL_ASCII") || out.Len() > 0 {
		t.Errorf("it says %q, %v", out.String(), err)
	}
	if migrations, err := c.seen(t.Context(), "look at"); err != nil || !migrations.None {
		t.Errorf("the tables are %+v, %v", migrations, err)
	}
}

// TestAuditWithoutTables: an empty PostgreSQL database has no audit that could be whole.
func TestAuditWithoutTables(t *testing.T) {
	t.Parallel()
	data := Data{DatabaseURL: emptyPostgres(t, ""), SecretKey: testKey}
	var out strings.Builder
	wantCode(t, (&auditVerifyCmd{Data: data}).Run(t.Context(), terminal{out: &out, err: &out}), actions.NotFound)
	wantCode(t, (&auditExportCmd{Data: data}).Run(t.Context(), terminal{out: &out, err: &out}), actions.NotFound)
	if out.Len() > 0 {
		t.Errorf("it says %q", out.String())
	}
}
