package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// long is longer than an index takes.
var long = strings.Repeat("jané.", 600)

// odd are identifiers that mean something to SQL, to COPY or to nobody.
var odd = []string{
	"100%", "a_b", "o'neil", `"quoted"`, `back\slash`, `\N`, `\.`, `\x41`, "tab\there", "line\nbreak", "carriage\rreturn", "\x01\x7f\x1b[31m",
	"🔑 émoji", "'; DROP TABLE users; --", "$1", "?", ":name", "{}", " space ", "ΣΊΣΥΦΟΣ", "straße", "İstanbul", "\u202egnp.exe", "\uFEFFbom",
	long + "a", long + "b",
}

func testIdentifiers(t *testing.T) {
	t.Run("OneByOne", func(t *testing.T) { each(t, oddOneByOne) })
	t.Run("InBulk", func(t *testing.T) { each(t, oddInBulk) })
	t.Run("OfNobody", func(t *testing.T) { each(t, oddOfNobody) })
	t.Run("NoWildcards", func(t *testing.T) { each(t, noWildcards) })
}

// checkOdd fails unless every odd identifier finds its one user and its one
// attempt.
func checkOdd(t *testing.T, s *site) {
	t.Helper()
	for i, identifier := range odd {
		got := s.look(t, identifier)
		what := fmt.Sprintf("of the identifier %.20q", identifier)
		same(t, "users "+what, userIDs(got.Users), []string{fmt.Sprint("user-", i)})
		if len(got.Attempts) != 1 || got.Attempts[0].Identifier != identifier || got.Attempts[0].UserAgent != identifier {
			t.Errorf("attempts %s: %.300q", what, fmt.Sprint(got.Attempts))
		}
		if len(got.Users) == 1 && got.Users[0].FirstName != identifier {
			t.Errorf("the first name %s is %.40q", what, got.Users[0].FirstName)
		}
		same(t, "members "+what, len(got.Places), 1)
	}
}

// oddBodies are a user, a membership and an attempt for each odd identifier.
func oddBodies() []any {
	bodies := []any{company("acc-1", odd...)}
	for i, identifier := range odd {
		user := person(fmt.Sprint("user-", i), identifier)
		user.FirstName, user.LoginMethods = identifier, []string{identifier, "password"}
		a := typed(fmt.Sprint("at-", i), identifier, ago(time.Duration(i+1)*time.Minute), actions.WrongPassword)
		a.UserAgent = identifier
		bodies = append(bodies, user, a, actions.Membership{UserID: user.ID, AccountID: "acc-1", Role: identifier, Status: actions.MembershipActive})
	}
	return bodies
}

func oddOneByOne(t *testing.T, s *site) {
	for _, body := range oddBodies() {
		s.put(t, body)
	}
	checkOdd(t, s)
}

// oddInBulk sends the same among so many that PostgreSQL takes them by COPY.
func oddInBulk(t *testing.T, s *site) {
	bodies := oddBodies()
	for i := range bigBatch {
		id := fmt.Sprint("more-", i)
		bodies = append(bodies, person(id, id), try(id, id, ago(time.Hour), actions.WrongPassword))
	}
	first := s.put(t, bodies...)
	again := s.put(t, bodies...)
	for kind, n := range first {
		same(t, "the tally of "+kind+" again", again[kind], actions.Count{Unchanged: n.New})
	}
	checkOdd(t, s)
}

func oddOfNobody(t *testing.T, s *site) {
	var bodies []any
	for i, identifier := range odd {
		bodies = append(bodies, unknown(fmt.Sprint("at-", i), identifier, ago(time.Minute)))
	}
	s.put(t, append(bodies, company("acc-1", odd...))...)
	for i, identifier := range odd {
		got := s.look(t, identifier)
		what := fmt.Sprintf("of the identifier %.20q", identifier)
		same(t, "typed "+what, attemptIDs(got.Typed), []string{fmt.Sprint("at-", i)})
		same(t, "accounts "+what, idsOf(got.Accounts, accountID), []string{"acc-1"})
	}
}

func noWildcards(t *testing.T, s *site) {
	s.put(t, person("1", "a%c"), person("2", "abc"), person("3", "a_c"), person("4", `a\c`), person("5", `a\\c`))
	for i, identifier := range []string{"a%c", "abc", "a_c", `a\c`, `a\\c`} {
		same(t, "users of "+identifier, userIDs(s.look(t, identifier).Users), []string{fmt.Sprint(i + 1)})
	}
}
