package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestLongAttack: who is attacked for days, by more failures than are read, was locked out
// on the day on which it began, and after a success anew; days are asked for once it is over.
func TestLongAttack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWeek(t, "Europe/London", "2026-03-02", "2026-03-08T00:00:00Z")
		w.bodies = append(w.bodies, actions.StaffNetwork{CIDR: "192.0.2.0/24"})
		without, within, tested := w.somebody(), w.somebody(), w.somebody()
		for _, who := range []string{without, within, tested} {
			w.wrong(who, "198.51.100.7", w.at(0, "10:00"), 4*24*60*60/45, 45*time.Second) // until Friday, 10:00
		}
		w.ends(within, w.at(1, "12:00"), actions.Success)
		for i := range 5 { // a colleague tried, too: on days before, and between
			w.from(tested, "192.0.2.7", w.at(-3, "10:00").Add(time.Duration(i)*20*time.Hour), actions.WrongPassword)
		}
		w.put(t, s)
		for day, want := range []int{2, 1, 0, 0, 0} {
			a := w.asking(s, "7d")
			r, err := a.DigestReport(t.Context(), w.at(day, "12:00").Format(time.DateOnly))
			if err != nil || r.Customers != want || r.Out != want {
				t.Errorf("day %d: %d customers, %d out, want %d; error: %v", day, r.Customers, r.Out, want, err)
			}
		}
		asked := actions.Lockouts{Days: actions.Days{First: "2026-03-02", N: 7}}
		page := w.list(t, s, "7d", asked, actions.ListOut, 0)
		var began []string
		for _, l := range page.Lines {
			began = append(began, fmt.Sprint(l.Person.ID, " ", l.Lockout.Began.Format(time.DateTime), " ", l.Lockout.Cause))
		}
		want := without + " 2026-03-02 10:00:00 locked_attempts, " + tested + " 2026-03-02 10:00:00 locked_attempts, " + within + " 2026-03-03 12:00:45 locked_attempts"
		if got := strings.Join(began, ", "); got != want {
			t.Errorf("they began\n%s\nwant\n%s", got, want)
		}
	})
}
