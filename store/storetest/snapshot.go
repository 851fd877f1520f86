package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testSnapshot(t *testing.T) {
	t.Run("FutureIsInvisible", func(t *testing.T) { each(t, futureIsInvisible) })
	t.Run("AtTheMomentIsVisible", func(t *testing.T) { each(t, momentIsVisible) })
	t.Run("AttemptsOfTheUser", func(t *testing.T) { each(t, attemptsOfTheUser) })
	t.Run("AttemptsOfTheWindow", func(t *testing.T) { each(t, attemptsOfTheWindow) })
	t.Run("AttemptsAreCut", func(t *testing.T) { each(t, attemptsAreCut) })
	t.Run("Successes", func(t *testing.T) { each(t, successes) })
	t.Run("Sightings", func(t *testing.T) { each(t, sightings) })
	t.Run("Staff", func(t *testing.T) { each(t, staff) })
	t.Run("Support", func(t *testing.T) { each(t, support) })
}

// after makes one record of every kind with a time, at the moment plus d.
func after(d time.Duration) []any {
	at := moment.Add(d)
	unknown := typed("at-u", "jane.d", at, actions.UnknownUsername)
	return []any{
		actions.Lock{ID: "lock", UserID: "user-1", Kind: actions.LockManual, At: at},
		try("at", "user-1", at, actions.Success), unknown,
		actions.LoginCode{ID: "code", UserID: "user-1", SentAt: at},
		actions.Delivery{ID: "mail", Address: sampleUser.Email, At: at},
		actions.Delivery{ID: "text", Address: sampleUser.Mobile, At: at},
		actions.ResetLink{ID: "link", UserID: "user-1", SentAt: at, ExpiresAt: at},
		actions.Suppression{Address: sampleUser.Email, List: actions.ListBounce, Since: at},
	}
}

// sizes are how much there is in each section with a time.
func sizes(s actions.Snapshot) map[string]int {
	return map[string]int{
		"locks": len(s.Locks), "attempts": len(s.Attempts), "successes": len(s.Successes), "codes": len(s.Codes),
		"mails": len(s.Mails), "texts": len(s.Texts), "links": len(s.ResetLinks), "suppression": len(s.Suppression),
		"near": len(s.NearMisses), "support": len(s.Support),
	}
}

func futureIsInvisible(t *testing.T, s *site) {
	s.put(t, append(after(time.Microsecond), sampleUser)...)
	s.audit(t, actions.AuditEntry{At: moment.Add(time.Microsecond), Act: actions.ActDiagnose, Subject: "user-1", Outcome: actions.ActDone})
	got := s.look(t, "jane.doe")
	for section, n := range sizes(got) {
		same(t, "records of the future in "+section, n, 0)
	}
	if !got.NewestAttempt.IsZero() {
		t.Errorf("the newest attempt is one of the future: %s", got.NewestAttempt)
	}
	same(t, "attempts of the future with an unknown name", len(s.look(t, "jane.d").Typed), 0)
}

func momentIsVisible(t *testing.T, s *site) {
	s.put(t, append(after(0), sampleUser)...)
	s.audit(t, actions.AuditEntry{At: moment, Act: actions.ActDiagnose, Subject: "user-1", Outcome: actions.ActDone})
	got := s.look(t, "jane.doe")
	for section, n := range sizes(got) {
		same(t, "records of the moment in "+section, n, 1)
	}
	same(t, "how fresh the records are", got.NewestAttempt, moment)
	same(t, "the moment", got.At, moment)
	same(t, "the identifier", got.Identifier, "jane.doe")
}

func attemptsOfTheUser(t *testing.T, s *site) {
	joe := person("user-2", "joe")
	joe.Email = "joe@acme.example"
	minute := func(n int) time.Time { return ago(time.Duration(n) * time.Minute) }
	foreign := typed("8", "jane.doe", minute(8), actions.WrongPassword)
	foreign.UserID = "user-2" // it says whose it is, whatever was typed
	s.put(t, sampleUser, joe,
		try("1", "user-1", minute(1), actions.Success), typed("2", "JANE.doe", minute(2), actions.WrongPassword),
		typed("3", "jane@ACME.example", minute(3), actions.LockedOut), typed("4", "(61) 400-000-001", minute(4), actions.Success),
		typed("5", " jane.doe", minute(5), actions.WrongPassword), // not trimmed, so not hers
		try("6", "user-2", minute(6), actions.Success), typed("7", "joe", minute(7), actions.Success), foreign)
	got := s.look(t, "jane.doe")
	same(t, "attempts", attemptIDs(got.Attempts), []string{"1", "2", "3", "4"})
	same(t, "successes", attemptIDs(got.Successes), []string{"1", "4"})
	same(t, "attempts of the other", attemptIDs(s.look(t, "joe").Attempts), []string{"6", "7", "8"})
}

func attemptsOfTheWindow(t *testing.T, s *site) {
	edge := actions.AttemptWindow
	s.put(t, sampleUser, try("1", "user-1", ago(time.Second), actions.WrongPassword),
		try("2", "user-1", ago(edge), actions.WrongPassword), try("3", "user-1", ago(edge+time.Microsecond), actions.WrongPassword))
	same(t, "attempts", attemptIDs(s.look(t, "jane.doe").Attempts), []string{"1", "2"})
}

func attemptsAreCut(t *testing.T, s *site) {
	bodies := []any{sampleUser}
	for i := range actions.AttemptLimit {
		outcome := []actions.Outcome{actions.WrongPassword, actions.Success, actions.LockedOut}[i%3]
		a := try(fmt.Sprintf("at-%04d", i), "user-1", ago(time.Duration(i)*time.Minute), outcome)
		if i%2 == 0 {
			a.UserID, a.Identifier = "", "jane.doe"
		}
		bodies = append(bodies, a)
	}
	s.put(t, bodies...)
	got := s.look(t, "jane.doe")
	if len(got.Attempts) != actions.AttemptLimit || got.Cut {
		t.Errorf("of %d attempts there are %d, cut: %t", actions.AttemptLimit, len(got.Attempts), got.Cut)
	}
	s.put(t, try("newest", "user-1", moment, actions.WrongPassword))
	got = s.look(t, "jane.doe")
	if len(got.Attempts) != actions.AttemptLimit || !got.Cut {
		t.Errorf("of %d attempts there are %d, cut: %t", actions.AttemptLimit+1, len(got.Attempts), got.Cut)
	}
	same(t, "the newest", got.Attempts[0].ID, "newest")
	same(t, "the oldest", got.Attempts[len(got.Attempts)-1].ID, fmt.Sprintf("at-%04d", actions.AttemptLimit-2))
	if !slices.IsSortedFunc(got.Attempts, func(a, b actions.Attempt) int { return b.Compare(a) }) {
		t.Error("the attempts don't come newest first")
	}
}

func successes(t *testing.T, s *site) {
	bodies := []any{sampleUser, try("failed", "user-1", ago(time.Minute), actions.WrongPassword)}
	for i, d := range []time.Duration{0, day, actions.AttemptWindow, actions.AttemptWindow + time.Microsecond, 200 * day, 800 * day} {
		bodies = append(bodies, try(fmt.Sprint(i), "user-1", ago(d), actions.Success))
	}
	bodies = append(bodies, typed("by mail", sampleUser.Email, ago(300*day), actions.Success))
	s.put(t, bodies...)
	same(t, "successes", attemptIDs(s.look(t, "jane.doe").Successes), []string{"0", "1", "2", "3", "4", "by mail", "5"})

	old := person("user-2", "joe")
	s.put(t, old, try("long ago", "user-2", ago(1000*day), actions.Success))
	got := s.look(t, "joe")
	same(t, "attempts of who was away", len(got.Attempts), 0)
	same(t, "successes of who was away", attemptIDs(got.Successes), []string{"long ago"})
}

// with gives an attempt a device.
func with(a actions.Attempt, device string) actions.Attempt {
	a.DeviceID = device
	return a
}

func sightings(t *testing.T, s *site) {
	used := ago(time.Hour)
	s.put(t, sampleUser, sampleNetwork,
		actions.LoginCode{ID: "code", UserID: "user-1", SentAt: ago(2 * time.Hour), UsedAt: used},
		with(try("near", "user-1", used.Add(5*time.Minute), actions.Success), "near"),
		with(try("nearly", "user-1", used.Add(-5*time.Minute), actions.Success), "nearly"),
		with(try("far", "user-1", used.Add(5*time.Minute+time.Second), actions.Success), "far"),
		with(try("failed", "user-1", used, actions.WrongPassword), "failed"),
		with(try("first near", "user-1", ago(200*day), actions.WrongPassword), "near"),
		with(typed("second near", "jane.doe", ago(100*day), actions.Success), "near"),
		with(try("first far", "user-1", ago(200*day), actions.Success), "far"),
		with(try("of another", "user-2", ago(300*day), actions.Success), "near"))
	got := idsOf(s.look(t, "jane.doe").Sightings, func(a actions.Attempt) string { return a.DeviceID + ": " + a.ID })
	same(t, "sightings", got, []string{"near: first near", "near: second near", "nearly: nearly", "near: near"})
}

func staff(t *testing.T, s *site) {
	atDesk := try("staff", "user-1", ago(time.Minute), actions.Success)
	atDesk.IP = "198.51.100.9"
	s.put(t, sampleUser, sampleNetwork, actions.StaffNetwork{CIDR: "2001:db8::/32"}, actions.StaffNetwork{CIDR: "192.0.2.1"}, atDesk)
	got := s.look(t, "jane.doe")
	same(t, "staff's attempts are shown", attemptIDs(got.Attempts), []string{"staff"})
	var networks []string
	for _, n := range got.StaffNetworks {
		networks = append(networks, n.String())
	}
	slices.Sort(networks)
	same(t, "staff's networks", networks, []string{"192.0.2.1/32", "198.51.100.0/24", "2001:db8::/32"})
	same(t, "staff's networks when nobody is found", len(s.look(t, "somebody").StaffNetworks), 3)
}

func support(t *testing.T, s *site) {
	act := func(actor, subject string, d time.Duration) actions.AuditEntry {
		return actions.AuditEntry{
			At: ago(d), Act: actions.ActDiagnose, Actor: actor, Subject: subject, Outcome: actions.ActDone, Ticket: "#4711",
			Reason: "they called", Detail: "jane.doe",
		}
	}
	s.put(t, sampleUser, person("user-2", "joe"))
	s.audit(t, act("U1", "user-1", 25*time.Hour), act("U2", "user-1", 24*time.Hour), act("U3", "user-2", time.Hour),
		act("U4", "", time.Hour), act("U5", "user-1", time.Hour), act("U6", "user-1", 2*time.Hour))
	aside := act("U7", "user-1", time.Minute)
	for _, aside.Act = range actions.AsideActs() {
		s.audit(t, aside)
	}
	got := s.look(t, "jane.doe").Support
	same(t, "who helped", idsOf(got, func(e actions.AuditEntry) string { return e.Actor }), []string{"U5", "U6", "U2"})
	same(t, "what they did", got[0], act("U5", "user-1", time.Hour))
	same(t, "who helped somebody nobody helped", len(s.lookBy(t, actions.Query{UserID: "user-3", At: moment}).Support), 0)
}
