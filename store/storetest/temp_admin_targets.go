package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// leased counts the temporary admins of a target that somebody is about.
func (s *site) leased(t testing.TB, target string, now time.Time) (n int) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { n, err = tx.AdminsLeased(t.Context(), target, now); return err })
	return n
}

// adminsLeased: of one target, and until a lease is over.
func adminsLeased(t *testing.T, s *site) {
	for i, until := range []time.Duration{time.Second, time.Minute, 0, -time.Minute} {
		one := tempAdmin(fmt.Sprint("a", i), "U1", 0)
		one.Lease, one.LeasedUntil = fmt.Sprint("l", i), moment.Add(until)
		s.admins(t, one)
	}
	elsewhere, free := tempAdmin("b1", "U1", 0), tempAdmin("a9", "U1", 0)
	elsewhere.Target, elsewhere.Lease, elsewhere.LeasedUntil = "t2", "l", moment.Add(time.Minute)
	s.admins(t, elsewhere, free)
	same(t, "on the one", s.leased(t, "t1", moment), 2)
	same(t, "when one is over", s.leased(t, "t1", moment.Add(time.Second)), 1)
	same(t, "on the other", s.leased(t, "t2", moment), 1)
	same(t, "on none", s.leased(t, "t3", moment), 0)
}

// adminsLeasedAtOnce: of many who lease on one target at once, no more get through than
// may, since each waits for who counts.
func adminsLeasedAtOnce(t *testing.T, s *site) {
	const most = 3
	servers := s.servers(t)
	for i := range crowd {
		s.admins(t, tempAdmin(fmt.Sprint("a", i), "U1", -day))
	}
	leased := timesAtOnce(crowd, func(i int) (mine bool) {
		servers[i%len(servers)].in(t, func(tx actions.Tx) error {
			n, err := tx.AdminsLeased(t.Context(), "t1", moment)
			if mine = err == nil && n < most; !mine {
				return err
			}
			a, _, err := tx.Admin(t.Context(), fmt.Sprint("a", i))
			if err != nil {
				return err
			}
			a.Lease, a.LeasedUntil = fmt.Sprint("l", i), moment.Add(time.Minute)
			return tx.PutAdmin(t.Context(), a)
		})
		return mine
	})
	same(t, "who got one", leased, most)
	same(t, "how many are leased", s.leased(t, "t1", moment), most)
}

// adminsLeft: those of a target that aren't final, whole.
func adminsLeft(t *testing.T, s *site) {
	stray, gone, elsewhere := fullAdmin("a1"), tempAdmin("a2", "U1", 0), tempAdmin("a4", "U1", 0)
	stray.State, gone.State, elsewhere.Target = actions.AdminStray, actions.AdminGone, "t2"
	s.admins(t, tempAdmin("a3", "U1", 0), stray, gone, elsewhere, customers("c1", "U1", "r1"))
	for target, want := range map[string][]actions.TempAdmin{"t1": {stray, tempAdmin("a3", "U1", 0)}, "t2": {elsewhere}, "t3": nil, "": nil} {
		s.in(t, func(tx actions.Tx) error {
			left, err := tx.AdminsLeft(t.Context(), target)
			same(t, "how many are left on "+target, len(left), len(want))
			for i := range min(len(left), len(want)) {
				same(t, "what is left on "+target, left[i], want[i])
			}
			return err
		})
	}
}

// adminOnNoTarget: nothing is kept on a target that isn't there, and the transaction
// that hears so goes on.
func adminOnNoTarget(t *testing.T, s *site) {
	s.in(t, func(tx actions.Tx) error {
		same(t, "on no target", actions.CodeOf(tx.StartAdmin(t.Context(), tempAdmin("a1", "U1", 0))), actions.NotFound)
		return tx.StartAdmin(t.Context(), customers("c1", "U1", "r1"))
	})
	same(t, "how many there are", s.value(t, `SELECT count(*) FROM temp_admins`), "1")
}

// adminTargetRemovedAtOnce: who begins on a target and who removes it, if nobody is
// there, at the same moment, don't miss each other.
func adminTargetRemovedAtOnce(t *testing.T, s *site) {
	servers := s.servers(t)
	for round := range 10 {
		id := fmt.Sprint("t", round)
		s.targets(t, target(id, id))
		one := tempAdmin(fmt.Sprint("a", round), "U1", 0)
		one.Target = id
		done := timesAtOnce(2, func(i int) (did bool) {
			err := servers[i%len(servers)].Tx(t.Context(), func(tx actions.Tx) error {
				if i == 0 {
					return tx.StartAdmin(t.Context(), one)
				}
				left, err := tx.AdminsLeft(t.Context(), id)
				if err != nil || len(left) > 0 {
					return err
				}
				did, err = tx.EndTarget(t.Context(), id)
				return err
			})
			if err != nil && actions.CodeOf(err) != actions.NotFound {
				t.Error(err)
			}
			return did || i == 0 && err == nil
		})
		same(t, "who did what they wanted", done, 1)
	}
}
