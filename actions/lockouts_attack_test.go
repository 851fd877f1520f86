package actions

import (
	"testing"
	"time"
)

// triedBy are attempts of one user: n with an outcome, from an address, the first some time
// after noon, the others a step apart.
func triedBy(ip string, after time.Duration, n int, step time.Duration, outcome Outcome) []Attempt {
	var attempts []Attempt
	for i := range n {
		attempts = append(attempts, Attempt{At: noon.Add(after + time.Duration(i)*step), Outcome: outcome, IP: ip})
	}
	return attempts
}

// dayOf is the report of the day of noon, in which one user tried this, oldest first.
func dayOf(rules Rules, attempts ...[]Attempt) LockoutReport {
	tries := Tries{UserID: "u-1"}
	var own []Attempt
	for _, some := range attempts {
		tries.Attempts = append(tries.Attempts, some...)
	}
	for i := range tries.Attempts {
		tries.Attempts[i].Seq = int64(i)
		if !tries.Attempts[i].Failed() {
			own = append(own, tries.Attempts[i])
		}
	}
	s := newSurvey(Lockouts{Days: Days{First: dateOf(noon).String(), N: 1}}, dateOf(noon), noon.Add(-60*aDay), time.UTC, rules)
	s.addTries(tries)
	found, hit := s.failings(tries.Attempts)
	var lockouts []Lockout
	for _, f := range found {
		lockouts = append(lockouts, lockoutOf("u-1", f, own, LockoutRecords{}, rules))
	}
	if len(found) > 0 {
		s.add(lockouts, s.attacked(hit, own), nil)
	}
	r := LockoutReport{}
	s.report(&r)
	return r
}

// TestAttacksInTheReport: an attack is told on the day on which it began, whether or not its
// customer was out before, is let in meanwhile, or would have been locked out by it; and a
// stranger who gets in isn't a customer who is back.
func TestAttacksInTheReport(t *testing.T) {
	usual := triedBy(home, -20*aDay, 5, aDay, Success)
	three, thirty := Rules{LockAfter: 3}, Rules{LockAfter: 30}
	for name, test := range map[string]struct {
		rules                    Rules
		attempts                 [][]Attempt
		customers, attacked, out int
		cause                    Cause
	}{
		"Attack":          {three, [][]Attempt{usual, triedBy(away, 0, 25, 10*time.Second, WrongPassword)}, 1, 1, 1, CauseUnderAttack},
		"OutSinceTheDay":  {three, [][]Attempt{usual, triedBy(home, -aDay, 1, 0, WrongPassword), triedBy(away, 0, 25, 10*time.Second, WrongPassword)}, 0, 1, 0, ""},
		"OutForLong":      {three, [][]Attempt{usual, triedBy(home, -10*aDay, 5, 2*aDay, WrongPassword), triedBy(away, 0, 25, 10*time.Second, WrongPassword)}, 0, 1, 0, ""},
		"OwnerMeanwhile":  {three, [][]Attempt{usual, triedBy(away, 0, 15, 10*time.Second, WrongPassword), triedBy(home, 151*time.Second, 1, 0, Success), triedBy(away, 160*time.Second, 15, 10*time.Second, WrongPassword)}, 1, 1, 1, CauseUnderAttack},
		"NoSlip":          {thirty, [][]Attempt{usual, triedBy(away, 0, 25, 10*time.Second, WrongPassword), triedBy(home, 5*minute, 1, 0, Success)}, 1, 1, 0, CauseUnderAttack},
		"TakenOver":       {three, [][]Attempt{usual, triedBy(away, 0, 25, 10*time.Second, WrongPassword), triedBy(away, 5*minute, 1, 0, Success)}, 1, 1, 1, CauseAccountTakenOver},
		"TakenOverNoSlip": {thirty, [][]Attempt{usual, triedBy(away, 0, 25, 10*time.Second, WrongPassword), triedBy(away, 5*minute, 1, 0, Success)}, 1, 1, 1, CauseAccountTakenOver},
		"OwnerReturns":    {three, [][]Attempt{usual, triedBy(away, 0, 25, 10*time.Second, WrongPassword), triedBy(away, 5*minute, 1, 0, Success), triedBy(home, hour, 1, 0, Success)}, 1, 1, 0, CauseAccountTakenOver},
		"OverMidnight":    {three, [][]Attempt{usual, triedBy(away, 12*hour-2*minute, 25, 10*time.Second, WrongPassword)}, 1, 1, 1, CauseUnderAttack},
		"MoreTheDayAfter": {three, [][]Attempt{usual, triedBy(away, 11*hour+30*minute, 25, 10*time.Second, WrongPassword), triedBy(away, 12*hour+5*minute, 50, 10*time.Second, WrongPassword)}, 1, 1, 1, CauseUnderAttack},
		"TheDayAfter":     {three, [][]Attempt{usual, triedBy(away, 12*hour, 25, 10*time.Second, WrongPassword)}, 0, 0, 0, ""},
		"Own":             {three, [][]Attempt{usual, triedBy(home, 0, 25, 10*time.Second, WrongPassword)}, 1, 0, 1, CauseStaleSavedPassword},
		"OwnNoSlip":       {thirty, [][]Attempt{usual, triedBy(home, 0, 25, 10*time.Second, WrongPassword), triedBy(home, 5*minute, 1, 0, Success)}, 1, 0, 0, CauseStaleSavedPassword},
		"Slip":            {thirty, [][]Attempt{usual, triedBy(away, 0, 19, 10*time.Second, WrongPassword), triedBy(home, 5*minute, 1, 0, Success)}, 0, 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := dayOf(test.rules, test.attempts...)
			cause := Cause("")
			if len(r.Causes) > 0 {
				cause = r.Causes[0].Cause
			}
			if r.Customers != test.customers || r.Attacked != test.attacked || r.Out != test.out || cause != test.cause {
				t.Errorf("%d locked out (%s), %d attacked, %d out; want %d (%s), %d, %d", r.Customers, cause, r.Attacked, r.Out, test.customers, test.cause, test.attacked, test.out)
			}
		})
	}
	if r := dayOf(three, usual, triedBy(away, 0, 25, 10*time.Second, WrongPassword), triedBy(away, 5*minute, 1, 0, Success), triedBy(home, hour, 1, 0, Success)); r.Median != hour {
		t.Errorf("the owner was out for %s, want an hour", r.Median)
	}
}

// TestOfficeIsNoAttack: where customers got in before, they fail now as people do who
// forget, also when none of them gets in. It is the same however long before attempts were
// read.
func TestOfficeIsNoAttack(t *testing.T) {
	for name, test := range map[string]struct {
		before time.Duration // how long ago they got in from there; 0: never
		attack bool
	}{"Office": {2 * aDay, false}, "OfficeLongAgo": {8 * aDay, true}, "Strangers": {0, true}} {
		t.Run(name, func(t *testing.T) {
			s := newSurvey(Lockouts{Days: Days{N: 1}}, dateOf(noon), noon.Add(-60*aDay), time.UTC, Rules{LockAfter: 3})
			for range crowdedNetwork {
				tries := Tries{UserID: "u", Attempts: triedBy(home, 0, 4, minute, WrongPassword)}
				if test.before > 0 {
					tries.Attempts = append(triedBy(home, -test.before, 1, 0, Success), tries.Attempts...)
				}
				s.addTries(tries)
			}
			found := s.unusualNetworks()
			if len(found) != 1 || found[0].Attack != test.attack || found[0].In != 0 {
				t.Errorf("got %+v", found)
			}
		})
	}
}
