package actions

import (
	"strings"
	"testing"
	"time"
)

// typedBy is an attempt with the identifier that nobody has.
func typedBy(ago time.Duration, outcome Outcome, ip string) Attempt {
	return Attempt{At: noon.Add(-ago), Identifier: "jane.dow", Outcome: outcome, IP: ip}
}

func TestUnknownUsernameOfNobody(t *testing.T) {
	holds(t, CauseUnknownUsername, []row{
		{"Tried", nobody(typedBy(hour, UnknownUsername, home)), Proven},
		{"TriedNow", nobody(typedBy(0, UnknownUsername, home)), Proven},
		{"TriedInTheFuture", nobody(typedBy(-tick, UnknownUsername, home)), absent},
		{"TriedJustRecently", nobody(typedBy(RecentWindow-tick, UnknownUsername, "")), Proven},
		{"TriedTooLongAgo", nobody(typedBy(RecentWindow, UnknownUsername, home)), absent},
		{"TriedByStaff", nobody(typedBy(hour, UnknownUsername, staff)), absent},
		{"OtherOutcome", nobody(typedBy(hour, WrongPassword, home)), absent},
		{"NotTried", nobody(), absent},
	})
	f := leads(t, CauseUnknownUsername, nobody(typedBy(hour, UnknownUsername, home)))
	helps(t, f, LoginHelper, AskIdentifier, SendUsername)
}

func TestIdentityUnresolved(t *testing.T) {
	holds(t, CauseIdentityUnresolved, []row{
		{"NotTried", nobody(), Unknown},
		{"Tried", nobody(typedBy(hour, UnknownUsername, home)), absent},
		{"TriedTooLongAgo", nobody(typedBy(RecentWindow, UnknownUsername, home)), Unknown},
		{"TriedByStaff", nobody(typedBy(hour, UnknownUsername, staff)), Unknown},
		{"SomebodyHasIt", stayed, absent},
	})
	helps(t, leads(t, CauseIdentityUnresolved, nobody()), AskIdentifier)
}

// Several who fit one identifier, and accounts that it names, get no findings.
func TestNoFindings(t *testing.T) {
	two := func(s *scene) { s.Users = append(s.Users, User{ID: "u-2", Username: "Jane@Acme.example"}) }
	account := all(nobody(), func(s *scene) { s.Accounts = []AccountSnapshot{{Account: Account{ID: "acc"}}} })
	for name, option := range map[string]option{"SeveralUsers": two, "AnAccount": account} {
		t.Run(name, func(t *testing.T) {
			d := stage(option, lockedFor(LockManual, hour)).judge()
			if d.User != nil || d.Findings == nil || len(d.Findings) > 0 {
				t.Errorf("user %v, found %v", d.User, causesOf(d))
			}
		})
	}
	d := stage(two).judge()
	if len(d.Matches) != 2 || d.Matches[0].ID != "u-1" || d.Matches[1].Username != "Jane@Acme.example" {
		t.Errorf("the matches are %+v", d.Matches)
	}
}

// With as many matches as are read there may be more.
func TestMatchesMayBeCut(t *testing.T) {
	for n, want := range map[int]bool{MatchLimit: true, MatchLimit - 1: false} {
		d := stage(func(s *scene) { s.Users = make([]User, n) }).judge()
		if cut := d.Facts.Cut != ""; cut != want || len(d.Matches) != n {
			t.Errorf("%d matches of %d, cut %t", len(d.Matches), n, cut)
		}
	}
}

func named(username string) option { return user(func(u *User) { u.Username = username }) }

func TestUnknownUsernameNearly(t *testing.T) {
	near := mistyped(hour, "jane.dow")
	holds(t, CauseUnknownUsername, []row{
		{"OneEdit", near, Indicated},
		{"TwoEdits", mistyped(hour, "jane.down"), Indicated},
		{"ThreeEdits", mistyped(hour, "jane.downs"), absent},
		{"TwoSwapped", mistyped(hour, "jnae.doe"), Indicated},
		{"InAnyCase", mistyped(hour, "JANE.DOW"), Indicated},
		{"ATrailingSpace", mistyped(hour, "jane.doe "), Indicated},
		{"OfTheEmail", mistyped(hour, "jane@acme.exampel"), Indicated},
		{"OfFiveLettersOneEdit", all(named("maria"), mistyped(hour, "mario")), Indicated},
		{"OfFiveLettersTwoEdits", all(named("maria"), mistyped(hour, "marco")), absent},
		{"OfSixLettersTwoEdits", all(named("marias"), mistyped(hour, "marcos")), Indicated},
		{"OfFiveLettersNotASCII", all(named("müñéz"), mistyped(hour, "munéz")), absent},
		{"OfFiveLettersNotASCIIOneEdit", all(named("müñéz"), mistyped(hour, "müñez")), Indicated},
		{"OfFiveLettersLongTyped", all(named("maria"), mistyped(hour, "mariana")), absent},
		{"JustRecent", mistyped(RecentWindow-tick, "jane.dow"), Indicated},
		{"TooLongAgo", mistyped(RecentWindow, "jane.dow"), absent},
		{"InTheFuture", mistyped(-tick, "jane.dow"), absent},
		{"ByStaff", mistyped(hour, "jane.dow", from(staff)), absent},
		{"OtherOutcome", mistyped(hour, "jane.dow", func(a *Attempt) { a.Outcome = WrongPassword }), absent},
		{"OwnAttemptSince", all(near, tried(minute, MFAFailed)), absent},
		{"OwnAttemptAtThatInstant", all(near, tried(hour, MFAFailed)), absent},
		{"OwnAttemptBefore", all(near, tried(hour+tick, MFAFailed)), Indicated},
		{"OwnAttemptBeforeTheNewest", all(near, tried(minute, MFAFailed), mistyped(second, "jane.dow")), Indicated},
		{"OwnAttemptByStaffSince", all(near, tried(minute, MFAFailed, from(staff))), Indicated},
	})
	f := leads(t, CauseUnknownUsername, near)
	helps(t, f, SendUsername, LoginHelper)
	if strings.Contains(f.Evidence[0].Text, "jane") {
		t.Errorf("the evidence shows what was typed: %q", f.Evidence[0].Text)
	}
}

func TestUnknownUsernameNearlyWithoutEmail(t *testing.T) {
	noEmail := all(user(func(u *User) { u.Email = "" }), tried(8*aDay, Success))
	holds(t, CauseUnknownUsername, []row{
		{"OfNothing", all(noEmail, mistyped(hour, "j")), absent},
		{"TypedNothing", all(named("a"), mistyped(hour, "")), absent},
		{"TheVeryName", mistyped(hour, "jane.doe"), absent},
	})
}
