package storetest

import (
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testVerifications(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, verificationIsWhole) })
	t.Run("Held", func(t *testing.T) { each(t, verificationHeld) })
	t.Run("Counted", func(t *testing.T) { each(t, verificationsCounted) })
}

// verification is one of user-1 begun at the moment plus d.
func verification(id, actor, ticket string, d time.Duration) actions.Verification {
	return actions.Verification{
		ID: id, UserID: "user-1", Actor: actor, Ticket: ticket, Purpose: actions.ActChangeEmail, Via: actions.ChannelSMS,
		State: actions.VerificationAsked, At: moment.Add(d),
	}
}

func (s *site) verify(t testing.TB, verifications ...actions.Verification) {
	t.Helper()
	for _, v := range verifications {
		s.in(t, func(tx actions.Tx) error { return tx.StartVerification(t.Context(), v) })
	}
}

// verification reads a verification, in both ways.
func (s *site) verification(t testing.TB, id string) actions.Verification {
	t.Helper()
	v, err := s.VerificationByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, err := tx.Verification(t.Context(), id)
		same(t, "the verification in a transaction", locked, v)
		return err
	})
	return v
}

func verificationIsWhole(t *testing.T, s *site) {
	v := verification("v1", "U1", "#4711", 0)
	s.verify(t, v)
	s.restart(t)
	same(t, "the verification", s.verification(t, "v1"), v)
	v.Code, v.Tries, v.ExpiresAt = []byte{0, 1, 255}, 2, moment.Add(10*time.Minute)
	s.in(t, func(tx actions.Tx) error { return tx.KeepVerification(t.Context(), v) })
	same(t, "with its code", s.verification(t, "v1"), v)
	v.State, v.Code, v.HeldAt = actions.VerificationHolds, nil, moment.Add(time.Minute)
	s.in(t, func(tx actions.Tx) error { return tx.KeepVerification(t.Context(), v) })
	same(t, "without its code", s.verification(t, "v1"), v)
	same(t, "whether a code is kept", s.value(t, `SELECT count(*) FROM verifications WHERE code IS NOT NULL`), "0")
	for _, id := range []string{"v2", "", "v1\x00"} {
		if _, err := s.VerificationByID(t.Context(), id); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("the verification %q: %v", id, err)
		}
	}
}

func verificationHeld(t *testing.T, s *site) {
	hold := func(v actions.Verification, d time.Duration) actions.Verification {
		v.State, v.HeldAt = actions.VerificationHolds, moment.Add(d)
		return v
	}
	other := hold(verification("other", "U1", "#1", 0), 0)
	other.UserID = "user-2"
	failed := verification("failed", "U1", "#1", 0)
	failed.State = actions.VerificationFailed
	s.verify(t, hold(verification("old", "U1", "#1", -time.Hour), -time.Hour), hold(verification("ticket", "U1", "#1", 0), -time.Minute),
		hold(verification("bare", "U1", "", 0), -2*time.Minute), verification("asked", "U1", "#2", 0), other, failed)
	for _, row := range []struct {
		user, actor, ticket string
		since               time.Duration
		want                string
	}{
		{"user-1", "U2", "#1", 2 * time.Hour, "ticket"}, // whoever proved them: it is the ticket's
		{"user-1", "U1", "#1", time.Minute, ""},
		{"user-1", "U1", "#2", 2 * time.Hour, ""}, // asked, not held
		{"user-1", "U1", "", 2 * time.Hour, "bare"},
		{"user-1", "U2", "", 2 * time.Hour, ""},
		{"user-2", "U2", "#1", 2 * time.Hour, "other"},
		{"user-3", "U1", "#1", 2 * time.Hour, ""},
	} {
		v, found, err := s.Held(t.Context(), row.user, row.actor, row.ticket, ago(row.since))
		if err != nil || v.ID != row.want || found != (row.want != "") {
			t.Errorf("%+v: %q, %v, %v", row, v.ID, found, err)
		}
	}
}

func verificationsCounted(t *testing.T, s *site) {
	s.verify(t, verification("v1", "U1", "#1", 0), verification("v2", "U2", "", -time.Minute), verification("v3", "U1", "#1", -time.Hour))
	for user, want := range map[string]int{"user-1": 2, "user-2": 0} {
		s.in(t, func(tx actions.Tx) error {
			n, err := tx.CountVerifications(t.Context(), user, ago(time.Hour))
			same(t, "of "+user, n, want)
			return err
		})
	}
}
