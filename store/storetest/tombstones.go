package storetest

import (
	"regexp"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

func testTombstones(t *testing.T) {
	t.Run("StayAway", func(t *testing.T) { each(t, forgottenStayAway) })
	t.Run("NewOwner", func(t *testing.T) { each(t, forgottenNamesGoOn) })
	t.Run("Shared", func(t *testing.T) { each(t, sharedNamesStay) })
	t.Run("UnderWay", func(t *testing.T) { each(t, forgettingWaits) })
	t.Run("Rekeyed", func(t *testing.T) { each(t, tombstonesRekeyed) })
	t.Run("AuditAfterwards", func(t *testing.T) { each(t, forgottenHaveNoPseudonym) })
}

// gone is somebody who is forgotten.
var gone = actions.User{ID: "user-gone", Username: "g.one", Email: "gone@example.com", Mobile: "+61 491 570 999", FirstName: "Gina", LastName: "One", Status: actions.UserActive}

// lives are the records about them, and those without a user that name them.
func lives() []any {
	nameless := actions.Delivery{ID: "d-2", Address: "GONE@example.com", At: moment}
	return []any{
		actions.Account{ID: "acc-1", Name: "Acme", Owner: "gone@example.com"}, gone,
		actions.Membership{UserID: gone.ID, AccountID: "acc-1", Role: "admin", Status: actions.MembershipActive},
		actions.Lock{ID: "l-1", UserID: gone.ID, Kind: actions.LockAttempts, At: moment},
		try("a-1", gone.ID, moment, actions.WrongPassword), typed("a-2", "g.one", moment, actions.WrongPassword),
		typed("a-3", "61491570999", moment, actions.UnknownUsername), actions.LoginCode{ID: "c-1", UserID: gone.ID, Address: "gone@example.com", SentAt: moment},
		actions.Delivery{ID: "d-1", UserID: gone.ID, Address: "gone@example.com", At: moment}, nameless,
		actions.ResetLink{ID: "r-1", UserID: gone.ID, SentAt: moment, ExpiresAt: moment}, actions.Suppression{Address: "gone@example.com", List: "bounce", Since: moment},
	}
}

// traces is what nothing may hold of them.
var traces = regexp.MustCompile(`(?i)user-gone|g\.one|gone@example|Gina|570.?999`)

// forget forgets somebody by an identifier.
func (s *site) forget(t *testing.T, identifier string) error {
	t.Helper()
	a := retaining(t, s, moment)
	call := actions.Call{Actor: actions.Actor{ID: "terminal:root", Roles: actions.RolesOf(actions.RoleAdmin)}}
	known, err := a.KnownBy(t.Context(), call, identifier)
	if err != nil {
		return err
	}
	_, err = a.Forget(t.Context(), call, known, nil)
	return err
}

// nothingOf expects that no row of the directory names them.
func (s *site) nothingOf(t *testing.T, when string) {
	t.Helper()
	for _, table := range []string{
		"accounts", "users", "memberships", "locks", "attempts", "codes", "deliveries", "reset_links", "suppressions", "unknown_names", "hourly_outcomes",
		"operations", "watches", "audit_subjects", "audit_texts",
	} {
		aggregate := `SELECT coalesce(group_concat(quote(x), '|'), '') FROM (SELECT ` + strings.Join(s.columns(t, table), `||'|'||`) + ` AS x FROM ` + table + `) AS all_rows`
		if s.postgres {
			aggregate = `SELECT coalesce(string_agg(x::text, '|'), '') FROM ` + table + ` AS x`
		}
		if text := s.value(t, aggregate); traces.MatchString(text) {
			t.Errorf("%s %s has %q", when, table, traces.FindString(text))
		}
	}
}

// columns are a table's columns, as text that is never NULL.
func (s *site) columns(t *testing.T, table string) []string {
	t.Helper()
	if s.postgres {
		return nil
	}
	names := strings.Split(s.value(t, `SELECT group_concat(name) FROM pragma_table_info('`+table+`')`), ",")
	for i, name := range names {
		names[i] = `coalesce(CAST(` + name + ` AS TEXT), '')`
	}
	return names
}

// forgottenStayAway: the same records again, in a file or sent, change nothing, and nor
// does what another system lists.
func forgottenStayAway(t *testing.T, s *site) {
	s.put(t, append(lives(), sampleUser)...)
	s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActUnlock, Actor: "U1", Subject: gone.ID, Outcome: actions.ActDone, Reason: "Gina One called"})
	if err := s.forget(t, "GONE@example.com"); err != nil {
		t.Fatal(err)
	}
	s.nothingOf(t, "forgotten,")
	same(t, "others", s.value(t, `SELECT count(*) FROM users`), "1")
	same(t, "hours counted", s.value(t, `SELECT coalesce(sum(customers), 0) FROM outcome_totals`), "0")
	tally := s.put(t, lives()...)
	same(t, "what the same records do", tally.Total(), 12)
	for kind, n := range tally {
		if n.New+n.Changed > 0 {
			t.Errorf("%s: %+v", kind, n)
		}
	}
	later := gone
	later.Email, later.Locale = "gone@example.com", "de-DE"
	s.put(t, later)
	var missing actions.Missing
	err := s.Import(t.Context(), func(tx actions.ImportTx) (err error) {
		missing, err = tx.Missing(t.Context(), []string{gone.ID, "nobody"}, nil)
		return err
	})
	if err != nil || missing.Users[gone.ID] || !missing.Users["nobody"] {
		t.Errorf("missing are %v, %v", missing.Users, err)
	}
	s.in(t, func(tx actions.Tx) error {
		return tx.KeepListed(t.Context(), "SES", []actions.Suppression{{Address: "gone@example.com", List: "bounce", Since: moment}, {Address: "other@example.com", List: "bounce", Since: moment}}, moment)
	})
	same(t, "what another system lists", s.value(t, `SELECT address FROM suppressions`), "other@example.com")
	s.nothingOf(t, "after imports")
	verify(t, s, Keyring(t), 2)
}

// forgottenNamesGoOn: another user with the same address is somebody new.
func forgottenNamesGoOn(t *testing.T, s *site) {
	s.put(t, lives()...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	another := actions.User{ID: "user-new", Username: "new", Email: "gone@example.com", Status: actions.UserActive}
	s.put(t, another, actions.Delivery{ID: "d-9", Address: "gone@example.com", At: moment}, typed("a-9", "g.one", moment, actions.UnknownUsername))
	same(t, "their mail", s.value(t, `SELECT count(*) FROM deliveries`), "1")
	same(t, "what has the old user name", s.value(t, `SELECT count(*) FROM attempts`), "0")
	same(t, "the users", userIDs(s.look(t, "gone@example.com").Users), []string{"user-new"})
}

// sharedNamesStay: what somebody else has, too, stays theirs.
func sharedNamesStay(t *testing.T, s *site) {
	partner := actions.User{ID: "user-partner", Username: "partner", Email: "gone@example.com", Status: actions.UserActive, DisabledReason: "asked by gone@example.com"}
	s.put(t, append(lives(), partner)...)
	if err := s.forget(t, "gone@example.com"); actions.CodeOf(err) != actions.Conflict {
		t.Fatalf("two have it: %v", err)
	}
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	same(t, "the partner", s.value(t, `SELECT email || disabled_reason FROM users`), "gone@example.comasked by gone@example.com")
	same(t, "the partner's mail", s.value(t, `SELECT id FROM deliveries`), "d-2")
	same(t, "the partner's lists", s.value(t, `SELECT count(*) FROM suppressions`), "1")
}

// forgettingWaits: while something is under way for somebody they aren't forgotten, and a
// sentence says so.
func forgettingWaits(t *testing.T, s *site) {
	s.put(t, lives()...)
	op := operation("op-1", actions.ActUnlock, gone.ID, 0)
	s.start(t, op)
	if err := s.forget(t, gone.ID); actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "run this again") {
		t.Errorf("with an operation under way: %v", err)
	}
	same(t, "the user", s.value(t, `SELECT count(*) FROM users`), "1")
	s.exec(t, `UPDATE operations SET state = 'done', lease = ''`)
	if err := s.forget(t, gone.ID); err != nil {
		t.Error(err)
	}
	if err := s.forget(t, gone.ID); actions.CodeOf(err) != actions.NotFound {
		t.Errorf("a second time: %v", err)
	}
	s.nothingOf(t, "forgotten,")
}

// tombstonesRekeyed: with another server key they are still recognised, and a second
// person is forgotten with the same key of the tombstones.
func tombstonesRekeyed(t *testing.T, s *site) {
	s.put(t, append(lives(), sampleUser)...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	keys, err := actions.ParseKeyring("next:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=," + testKey)
	if err != nil {
		t.Fatal(err)
	}
	next := &site{Store: open(t, s.url, Keys(keys)), url: s.url, postgres: s.postgres}
	a := retaining(t, next, moment)
	a.Keys = keys
	call := actions.Call{Actor: actions.Actor{ID: "terminal:root", Roles: actions.RolesOf(actions.RoleAdmin)}}
	if _, err := a.Rekey(t.Context(), call, nil); err != nil {
		t.Fatal(err)
	}
	same(t, "what seals the key", next.value(t, `SELECT kid FROM secret_bodies WHERE purpose = 'forget'`), "next")
	next.put(t, lives()...)
	next.nothingOf(t, "with another key")
	known, err := a.KnownBy(t.Context(), call, sampleUser.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Forget(t.Context(), call, known, nil); err != nil {
		t.Fatal(err)
	}
	next.put(t, append(lives(), sampleUser)...)
	same(t, "the users", next.value(t, `SELECT count(*) FROM users`), "0")
}

// forgottenHaveNoPseudonym: a look-up that began before somebody was forgotten is
// recorded without them.
func forgottenHaveNoPseudonym(t *testing.T, s *site) {
	s.put(t, lives()...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActDiagnose, Actor: "U1", Subject: gone.ID, Outcome: actions.ActDone},
		actions.AuditEntry{At: moment, Act: actions.ActDiagnose, Actor: "U1", Subject: "user-1", Outcome: actions.ActDone})
	same(t, "the subjects", s.value(t, `SELECT user_id FROM audit_subjects`), "user-1")
	verify(t, s, Keyring(t), 3)
}
