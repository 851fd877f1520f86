package storetest

import (
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testBrakes(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, brakeIsWhole) })
	t.Run("PulledAtOnce", func(t *testing.T) { each(t, brakePulledAtOnce) })
}

func (s *site) pull(t testing.TB, b actions.Brake) {
	t.Helper()
	s.in(t, func(tx actions.Tx) error { return tx.PullBrake(t.Context(), b) })
}

func (s *site) release(t testing.TB, b actions.Brake) (released bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { released, err = tx.ReleaseBrake(t.Context(), b); return err })
	return released
}

func (s *site) brake(t testing.TB, actor string) (b actions.Brake, found bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { b, found, err = tx.Brake(t.Context(), actor); return err })
	return b, found
}

func brakeIsWhole(t *testing.T, s *site) {
	if b, found := s.brake(t, "U1"); found {
		t.Errorf("a brake out of nowhere: %+v", b)
	}
	first := actions.Brake{Actor: "U1", Why: "They looked at 61 customers in an hour.", At: moment}
	s.pull(t, first)
	s.pull(t, actions.Brake{Actor: "U1", Why: "Again.", At: moment.Add(time.Minute)})
	s.restart(t)
	got, _ := s.brake(t, "U1")
	same(t, "the brake, which the second didn't move", got, first)
	first.ReleasedAt, first.ReleasedBy = moment.Add(time.Hour), "U9"
	if !s.release(t, first) || s.release(t, first) {
		t.Error("it is to be released, and once")
	}
	got, _ = s.brake(t, "U1")
	same(t, "the released brake", got, first)
	second := actions.Brake{Actor: "U1", Why: "Once more.", At: moment.Add(2 * time.Hour)}
	s.pull(t, second)
	got, _ = s.brake(t, "U1")
	same(t, "the newest", got, second)
	if _, found := s.brake(t, "U2"); found || s.release(t, actions.Brake{Actor: "U2", ReleasedAt: moment}) {
		t.Error("somebody else is stopped")
	}
}

func brakePulledAtOnce(t *testing.T, s *site) {
	atOnce(func(i int) bool {
		s.pull(t, actions.Brake{Actor: "U1", Why: "Much.", At: moment.Add(time.Duration(i) * time.Second)})
		return true
	})
	same(t, "brakes", s.value(t, `SELECT count(*) FROM brakes`), "1")
}
