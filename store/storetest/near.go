package storetest

import (
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testNearMisses(t *testing.T) {
	t.Run("Near", func(t *testing.T) { each(t, nearMisses) })
	t.Run("ShortName", func(t *testing.T) { each(t, nearShortName) })
	t.Run("NameOfSomebody", func(t *testing.T) { each(t, nearNameOfSomebody) })
	t.Run("TypedAgain", func(t *testing.T) { each(t, nearTypedAgain) })
}

func unknown(id, identifier string, at time.Time) actions.Attempt {
	return typed(id, identifier, at, actions.UnknownUsername)
}

func nearMisses(t *testing.T, s *site) {
	minute := func(n int) time.Time { return ago(time.Duration(n) * time.Minute) }
	known := unknown("of a user", "jane.do", minute(1))
	known.UserID = "user-2"
	s.put(t, sampleUser, known,
		unknown("one edit", "jane.do", minute(2)), unknown("two edits", "JNAE.DOE", minute(3)), unknown("three edits", "jan.d", minute(4)),
		unknown("e-mail", "jane@acme.exampel", minute(5)), unknown("her own", "jane.doe", minute(6)),
		typed("another outcome", "jane.do", minute(7), actions.WrongPassword),
		unknown("as recent as can be", "jane.doo", ago(actions.RecentWindow-time.Microsecond)),
		unknown("not recent", "jane.dooe", ago(actions.RecentWindow)), unknown("future", "jane.d0e", moment.Add(time.Second)))
	same(t, "near misses", attemptIDs(s.look(t, "jane.doe").NearMisses), []string{"one edit", "two edits", "e-mail", "as recent as can be"})
}

func nearShortName(t *testing.T, s *site) {
	s.put(t, person("user-1", "janed"), person("user-2", "janedo"),
		unknown("1", "jane", ago(time.Minute)), unknown("2", "janx", ago(2*time.Minute)), unknown("3", "janedoxx", ago(3*time.Minute)))
	same(t, "near a name of five letters", attemptIDs(s.look(t, "janed").NearMisses), []string{"1"})
	same(t, "near a name of six", attemptIDs(s.look(t, "janedo").NearMisses), []string{"1", "3"})
}

// nearNameOfSomebody leaves out names that another user has by now.
func nearNameOfSomebody(t *testing.T, s *site) {
	joan := person("user-2", "Joan.Doe")
	joan.Email = "jame@acme.example"
	s.put(t, sampleUser, unknown("1", "joan.doe", ago(time.Minute)), unknown("2", "JAME@acme.example", ago(2*time.Minute)), unknown("3", "jone.doe", ago(3*time.Minute)))
	same(t, "before", attemptIDs(s.look(t, "jane.doe").NearMisses), []string{"1", "2", "3"})
	s.put(t, joan)
	same(t, "after", attemptIDs(s.look(t, "jane.doe").NearMisses), []string{"3"})
}

// nearTypedAgain types one name before, in and after the recent window, in
// several imports.
func nearTypedAgain(t *testing.T, s *site) {
	s.put(t, sampleUser)
	s.put(t, unknown("recent", "jane.do", ago(day)))
	s.put(t, unknown("old", "Jane.Do", ago(90*day)))
	s.put(t, unknown("future", "jane.do", moment.Add(day)))
	same(t, "near misses", attemptIDs(s.look(t, "jane.doe").NearMisses), []string{"recent"})
	then := s.lookBy(t, actions.Query{Identifier: "jane.doe", At: ago(89 * day)})
	same(t, "near misses then", attemptIDs(then.NearMisses), []string{"old"})
}
