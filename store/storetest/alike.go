package storetest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testAlike(t *testing.T) {
	t.Run("Few", func(t *testing.T) { each(t, alikeFew) })
	t.Run("WindowEdges", func(t *testing.T) { each(t, alikeEdges) })
	t.Run("DaysBefore", func(t *testing.T) { each(t, alikeDaysBefore) })
	t.Run("NothingToCompare", func(t *testing.T) { each(t, alikeNothing) })
	t.Run("Many", func(t *testing.T) { each(t, alikeMany) })
	t.Run("SentAgain", func(t *testing.T) { each(t, alikeSentAgain) })
}

// fail makes n customers of a name fail alike, spread evenly from a moment on
// over d.
func fail(name string, n int, from time.Time, d time.Duration) []any {
	bodies := make([]any, n)
	for i := range bodies {
		id := fmt.Sprintf("%s-%04d", name, i)
		bodies[i] = try(id, id, from.Add(d*time.Duration(i)/time.Duration(n)), actions.WrongPassword)
	}
	return bodies
}

// janeFails is what others are compared with.
var janeFails = try("jane's", "user-1", ago(time.Minute), actions.WrongPassword)

func alikeFew(t *testing.T, s *site) {
	atDesk := try("staff", "user-9", ago(time.Minute), actions.WrongPassword)
	atDesk.IP = "198.51.100.9"
	s.put(t, append(fail("others", 5, ago(50*time.Minute), 45*time.Minute),
		sampleUser, sampleNetwork, janeFails, atDesk,
		typed("her name", "jane.doe", ago(2*time.Minute), actions.WrongPassword),
		typed("her mobile", "+61400000001", ago(3*time.Minute), actions.WrongPassword),
		try("another outcome", "user-8", ago(time.Minute), actions.LockedOut),
		typed("nobody's", "who?", ago(2*time.Minute), actions.WrongPassword),
		typed("nobody's again", "WHO?", ago(55*time.Minute), actions.WrongPassword))...)
	same(t, "alike", s.look(t, "jane.doe").Alike, actions.AlikeCounts{Outcome: actions.WrongPassword, LastHour: 6})
}

func alikeEdges(t *testing.T, s *site) {
	s.put(t, sampleUser, janeFails,
		try("begins", "a", ago(time.Hour), actions.WrongPassword), try("too early", "b", ago(time.Hour+time.Microsecond), actions.WrongPassword),
		try("ends", "c", moment, actions.WrongPassword), try("too late", "d", moment.Add(time.Microsecond), actions.WrongPassword),
		// One who failed too early and again in time counts, and one in both hours of
		// the clock counts once.
		try("early", "e", ago(time.Hour+time.Minute), actions.WrongPassword), try("in time", "e", ago(40*time.Minute), actions.WrongPassword),
		try("first", "f", ago(40*time.Minute), actions.WrongPassword), try("second", "f", ago(5*time.Minute), actions.WrongPassword))
	same(t, "alike", s.look(t, "jane.doe").Alike, actions.AlikeCounts{Outcome: actions.WrongPassword, LastHour: 4})
}

func alikeDaysBefore(t *testing.T, s *site) {
	bodies := append(fail("today", 12, ago(50*time.Minute), 45*time.Minute), sampleUser, janeFails)
	want := actions.AlikeCounts{Outcome: actions.WrongPassword, LastHour: 12}
	for days := 1; days <= 8; days++ {
		at := moment.AddDate(0, 0, -days)
		bodies = append(bodies, fail(fmt.Sprint("before", days), days, at.Add(-50*time.Minute), 40*time.Minute)...)
		bodies = append(bodies, fail(fmt.Sprint("later", days), 3, at.Add(time.Minute), 10*time.Minute)...)
		if days <= 7 {
			want.Before[days-1] = days
		}
	}
	s.put(t, bodies...)
	same(t, "alike", s.look(t, "jane.doe").Alike, want)
}

func alikeNothing(t *testing.T, s *site) {
	s.put(t, append(fail("today", 12, ago(50*time.Minute), 45*time.Minute), sampleUser)...)
	same(t, "alike one who never tried", s.look(t, "jane.doe").Alike, actions.AlikeCounts{})
	s.put(t, try("old", "user-1", ago(actions.RecentWindow), actions.WrongPassword))
	same(t, "alike one who didn't try lately", s.look(t, "jane.doe").Alike, actions.AlikeCounts{})
	s.put(t, janeFails, try("in", "user-1", ago(time.Second), actions.Success))
	same(t, "alike one who is in", s.look(t, "jane.doe").Alike, actions.AlikeCounts{})
}

// alikeMany counts more than are counted one by one: by the hours of the
// clock, of which the moment lies in the middle.
func alikeMany(t *testing.T, s *site) {
	eight := moment.Truncate(time.Hour).Add(-time.Hour)
	yesterday := eight.Add(-day)
	s.put(t, slices.Concat([]any{sampleUser, janeFails}, fail("eight", 1000, eight, time.Hour), fail("nine", 500, eight.Add(time.Hour), 29*time.Minute),
		fail("yesterday-eight", 400, yesterday, time.Hour), fail("yesterday-nine", 400, yesterday.Add(time.Hour), time.Hour))...)
	got := s.look(t, "jane.doe").Alike
	near(t, "in the last hour", got.LastHour, 1000)
	near(t, "in the same hour of yesterday", got.Before[0], 400)
	same(t, "in the same hour of the days before", got.Before[1:], make([]int, 6))
}

// near fails when a count is more than a percent off.
func near(t *testing.T, what string, got, want int) {
	t.Helper()
	if math.Abs(float64(got-want)) > float64(want)/100 {
		t.Errorf("%s: %d, not about %d", what, got, want)
	}
}

// alikeSentAgain holds that what is sent again, at once or in parts, isn't
// counted again.
func alikeSentAgain(t *testing.T, s *site) {
	others := fail("others", 1050, ago(90*time.Minute), 90*time.Minute)
	s.put(t, append(others, sampleUser, janeFails)...)
	first := s.look(t, "jane.doe").Alike
	near(t, "in the last hour", first.LastHour, 700)
	s.put(t, others...)
	s.put(t, others[:300]...)
	s.put(t, others[20])
	same(t, "alike after sending again", s.look(t, "jane.doe").Alike, first)
}
