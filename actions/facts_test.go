package actions

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestFreshness(t *testing.T) {
	for name, row := range map[string]struct {
		newest time.Time
		stale  bool
	}{
		"Fresh":           {noon.Add(-minute), false},
		"Now":             {noon, false},
		"ExactlyAnHour":   {noon.Add(-hour), false},
		"MoreThanAnHour":  {noon.Add(-hour - tick), true},
		"None":            {time.Time{}, true},
		"OnlyInTheFuture": {noon.Add(tick), true},
	} {
		t.Run(name, func(t *testing.T) {
			f := stage(func(s *scene) { s.NewestAttempt = row.newest }).judge().Facts.Freshness
			if f.Stale != row.stale || f.Text == "" || f.NewestAttempt.After(noon) {
				t.Errorf("the freshness is %+v", f)
			}
		})
	}
}

func TestAlike(t *testing.T) {
	for name, row := range map[string]struct {
		counts AlikeCounts
		want   bool
	}{
		"Ten":             {AlikeCounts{LastHour: 10}, true},
		"Nine":            {AlikeCounts{LastHour: 9}, false},
		"FiveTimes":       {AlikeCounts{LastHour: 15, Before: [7]int{21}}, true},
		"LessThanThat":    {AlikeCounts{LastHour: 15, Before: [7]int{21, 1}}, false},
		"NothingToCount":  {AlikeCounts{}, false},
		"ManyEveryDay":    {AlikeCounts{LastHour: 99, Before: [7]int{99, 99, 99, 99, 99, 99, 99}}, false},
		"ManyAfterSilent": {AlikeCounts{LastHour: 99}, true},
	} {
		t.Run(name, func(t *testing.T) {
			fact := stage(func(s *scene) { s.Alike = row.counts }).judge().Facts.Alike
			if (fact != nil) != row.want {
				t.Errorf("the fact is %+v", fact)
			}
		})
	}
}

func TestContactChangedLately(t *testing.T) {
	for name, row := range map[string]struct {
		ago  time.Duration
		want bool
	}{
		"Within72Hours": {72 * hour, true},
		"Before":        {72*hour + tick, false},
		"Now":           {0, true},
		"InTheFuture":   {-tick, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := stage(user(func(u *User) { u.ContactChangedAt = noon.Add(-row.ago) })).judge().Facts.Contact
			if c.ChangedLately != row.want {
				t.Errorf("the contact is %+v", c)
			}
		})
	}
}

func TestLastFailuresShowStaffMarked(t *testing.T) {
	facts := stage(tried(hour, WrongPassword), tried(minute, WrongPassword, from(staff)), tried(-tick, MFAFailed), tried(8*aDay, MFAFailed)).judge().Facts
	failures := facts.LastFailures
	if len(failures) != 2 || !failures[0].Staff || failures[1].Staff || failures[1].IP != home {
		t.Errorf("the last failures are %+v", failures)
	}
	if facts.LastSuccess != nil {
		t.Errorf("the last success is %+v", facts.LastSuccess)
	}
}

// Whoever got in after failing is seen to have; only the customer's own
// failures are counted, however many there are.
func TestLastAttempts(t *testing.T) {
	facts := stage(
		tried(minute, Success), tried(2*minute, WrongPassword, from(staff)), wrong(25, hour), tried(8*aDay, MFAFailed),
	).judge().Facts
	attempts := facts.LastAttempts
	if len(attempts) != 10 || attempts[0].Outcome != Success || !attempts[1].Staff || attempts[2].Staff {
		t.Errorf("the last attempts are %+v", attempts)
	}
	if len(facts.LastFailures) != 10 || facts.Failures != 25 {
		t.Errorf("%d failures, %d of them shown", facts.Failures, len(facts.LastFailures))
	}
}

func TestLastSuccessIsNotStaffs(t *testing.T) {
	facts := stage(tried(90*aDay, Success), tried(hour, Success, from(staff))).judge().Facts
	if facts.LastSuccess == nil || !facts.LastSuccess.At.Equal(noon.Add(-90*aDay)) {
		t.Errorf("the last success is %+v", facts.LastSuccess)
	}
}

func TestClosedAccountBesideAnOpenOneIsAFact(t *testing.T) {
	d := stage(member(place("Old", AccountCancelled), place("New", AccountActive))).judge()
	accounts := d.Facts.Accounts
	if len(accounts) != 2 || accounts[0].LetsIn || !accounts[1].LetsIn || accounts[0].GatewayIDs[0] != "GW-Old" {
		t.Errorf("the accounts are %+v", accounts)
	}
}

func TestLockFacts(t *testing.T) {
	locks := stage(lockedFor(LockManual, hour, ranOut(-hour)), lockedFor(LockAttempts, 2*hour, released(minute))).judge().Facts.Locks
	if len(locks) != 2 || !locks[0].Open || locks[1].Open || !locks[1].EndedAt.Equal(noon.Add(-minute)) {
		t.Errorf("the locks are %+v", locks)
	}
}

func TestCutAndProtectedAndSupport(t *testing.T) {
	facts := stage(func(s *scene) {
		s.Cut, s.Users[0].Protected = true, true
		s.Support = []AuditEntry{{At: noon, Actor: "U1", Act: ActDiagnose, Outcome: ActDone}}
	}).judge().Facts
	if facts.Cut == "" || !facts.Protected || len(facts.Support) != 1 || facts.Support[0].Actor != "U1" {
		t.Errorf("the facts are %+v", facts)
	}
}

// Nothing of a diagnosis shows a name in full that the agent didn't ask by,
// not even the words of a mail server.
func TestDiagnosisShowsNoName(t *testing.T) {
	full := Delivery{Kind: DeliveryNotice, Status: Bounced, At: noon, Detail: "550 <jane@acme.example>: no such user"}
	d := stage(
		func(s *scene) { s.Identifier = "u-1"; s.Mails = []Delivery{full} },
		lockedFor(LockManual, hour, func(l *Lock) { l.Detail = "asked by jane@acme.example" }),
		tried(hour, WrongPassword), mistyped(minute, "jane.dow"),
	).judge()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"jane@", "jane.d", "000123", "000 123"} {
		if strings.Contains(string(text), name) {
			t.Errorf("the diagnosis shows %q:\n%s", name, text)
		}
	}
}
