package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testNobody(t *testing.T) {
	t.Run("Typed", func(t *testing.T) { each(t, typedByNobody) })
	t.Run("NearUsers", func(t *testing.T) { each(t, nearUsers) })
	t.Run("NearUsersAmongMany", func(t *testing.T) { each(t, nearUsersAmongMany) })
	t.Run("EmptyDirectory", func(t *testing.T) { each(t, emptyDirectory) })
}

func typedByNobody(t *testing.T, s *site) {
	atDesk := unknown("staff", "jnae", ago(3*time.Minute))
	atDesk.IP = "198.51.100.9"
	s.put(t, sampleNetwork, atDesk,
		unknown("1", "jnae", ago(time.Minute)), unknown("2", "JNAE", ago(2*time.Minute)), unknown("other", "jna", ago(time.Minute)),
		typed("another outcome", "jnae", ago(time.Minute), actions.WrongPassword), unknown("4", "jnae", ago(actions.RecentWindow-time.Microsecond)),
		unknown("old", "jnae", ago(actions.RecentWindow)), unknown("future", "jnae", moment.Add(time.Microsecond)),
		unknown("phone", "+61 400 000 009", ago(time.Minute)))
	same(t, "typed", attemptIDs(s.look(t, "Jnae").Typed), []string{"1", "2", "staff", "4"})
	same(t, "typed as a number", attemptIDs(s.look(t, "(61) 400000009").Typed), []string{"phone"})
}

func nearUsers(t *testing.T, s *site) {
	byMail := person("by mail", "somebody")
	byMail.Email = "Jane.Do@acme.example"
	s.put(t, person("two edits", "jane.doexx"), person("one edit", "Jane.Dow"), person("also one edit", "jane.do"), byMail,
		person("far", "joan.dow"), person("short", "jan"))
	same(t, "users near", userIDs(s.look(t, "JANE.doe").NearUsers), []string{"one edit", "also one edit", "two edits"})
	same(t, "users near an e-mail", userIDs(s.look(t, "jane.doe@acme.example").NearUsers), []string{"by mail"})
	same(t, "two edits from a short name", len(s.look(t, "j").NearUsers), 0)
	same(t, "an edit from a short name", userIDs(s.look(t, "jam").NearUsers), []string{"short"})
}

// nearUsersAmongMany finds the likeliest in a directory of which only a part
// is compared, and never shows more than a few.
func nearUsersAmongMany(t *testing.T, s *site) {
	var bodies []any
	for i := range 600 {
		bodies = append(bodies, person(fmt.Sprintf("user-%03d", i), fmt.Sprintf("q%06d", i)))
	}
	bodies = append(bodies, person("wanted", "janedoe"))
	for i := range 8 {
		bodies = append(bodies, person(fmt.Sprint("also ", i), fmt.Sprint("janedo", i)))
	}
	s.put(t, bodies...)
	got := userIDs(s.look(t, "janedoee").NearUsers)
	if len(got) != actions.NearShown || got[0] != "wanted" {
		t.Errorf("near users are %q; want %d, the nearest first", got, actions.NearShown)
	}
}

func emptyDirectory(t *testing.T, s *site) {
	for _, query := range []actions.Query{{}, {Identifier: "jane"}, {Identifier: "@acme.example"}, {UserID: "user-1"}, {Identifier: "\x00\xff", UserID: "\x00"}} {
		query.At = moment
		got := s.lookBy(t, query)
		want := actions.Snapshot{Identifier: query.Identifier, At: moment}
		got.StaffNetworks = nil // none, or an empty list of them
		same(t, "a look into an empty directory", got, want)
	}
}
