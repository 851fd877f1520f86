package actions

import (
	"testing"
	"time"
)

var jane = Known{
	UserID: "u-1", Former: []string{"8c1f-22ab"}, Names: []string{"jane.d", "jane@acme.example", "+61 491 570 156", "Jane Doe", "zoë.müller"},
	Masked: []string{"j•••@a•••.example", "•••56"}, Records: []string{"QX4ZK2PW"},
}

func TestKnownIn(t *testing.T) {
	for text, want := range map[string]bool{
		"the user u-1 called": false, "the user 8c1f-22ab called": true, "8C1F-22ABC": false, "see QX4ZK2PW": true, "see QX4ZK2PW2": false,
		"JANE.D called.": true, "jane.doe called": false, "mary.jane.d called": false, "write to jane.d@other.example": false,
		"<mailto:jane@acme.example|jane@acme.example>": true, "mary.jane@acme.example": false, "call 61491570156 now": true,
		"call +61 (491) 570-156": true, "call +61 491 570 157": false, "Ask ZOË.MÜLLER!": true,
		"j•••@a•••.example": false, "j•••@a•••.example and •••56": true, "": false, "“jane.d”, I think": true,
	} {
		if got := jane.In(text); got != want {
			t.Errorf("%q names her: %t", text, got)
		}
	}
}

// TestKnownByWords: an ID that is short or a number, and a user name that is a word, say
// nothing in a text.
func TestKnownByWords(t *testing.T) {
	for _, id := range []string{"10", "2026", "support", "u-10", "1773133200", "192.0.2.10"} {
		k := Known{UserID: id, Names: []string{"will", "mark", "open", "test", "4711", "2026-03-10", "10.5", "follow-up", "192.0.2.10"}, Records: []string{"10"}}
		for _, text := range []string{
			"Lockouts on Tuesday, 10 March", "Locked since 09:10 UTC", "1716.10", "1773133200.000100", "Case for Bob – open", "Bob will call support about ticket 4711",
			"192.0.10.0/24", "2026-03-10T09:10:00Z", "192.0.2.10", "10", "2026", "1773133200", "u-10 called", "a follow-up",
		} {
			if k.In(text) {
				t.Errorf("%q counts as naming user %q", text, id)
			}
			if without, changed := k.Redact(text); changed {
				t.Errorf("of user %q, %q becomes %q", id, text, without)
			}
		}
		if without, changed := k.RedactWho(id); !changed || without != Erased {
			t.Errorf("who is %q is %q then", id, without)
		}
	}
	if without, _ := (Known{UserID: "u-10"}).Redact("u-10"); without != Erased {
		t.Errorf("an ID as a whole text is %q then", without)
	}
	if without, _ := (Known{UserID: "u-10", Names: []string{"will"}}).RedactWho("Will"); without != Erased {
		t.Errorf("who is Will is %q then", without)
	}
}

// TestKnownInMessage: the values of buttons name somebody by their ID, whatever it is.
func TestKnownInMessage(t *testing.T) {
	ten := Known{UserID: "10", Former: []string{"8c1f-22ab"}, Records: []string{"QX4ZK2PW", "7"}}
	for value, want := range map[string]bool{
		"10": true, "10|3": true, "diagnose 10": true, "10/2": true, "7|2": true, "8c1f-22ab": true, "QX4ZK2PW|45": true, "x|8c1f-22ab": true,
		"100": false, "i-1|10": false, "2026-03-10+1||customers|10": false, "-": false, "": false, "QX4ZK2PW2": false, "1 0": false,
	} {
		if got := ten.InMessage("Lockouts on Tuesday, 10 March", []string{"-", value}); got != want {
			t.Errorf("a button's value %q names them: %t", value, got)
		}
	}
}

func TestKnownRedact(t *testing.T) {
	for text, want := range map[string]string{
		"Jane Doe (jane@acme.example), 8c1f-22ab": "[erased] ([erased]), [erased]", "the same as jane.d's": "the same as [erased]'s", "u-1": "[erased]", "u-1.": "u-1.",
		"janet and mary.jane@acme.example": "janet and mary.jane@acme.example", "call +61 491-570-156, or Bo": "call [erased], or Bo", "": "",
	} {
		got, changed := jane.Redact(text)
		if got != want || changed != (want != text) {
			t.Errorf("%q becomes %q (%t), want %q", text, got, changed, want)
		}
		if again, changed := jane.Redact(got); changed || again != got {
			t.Errorf("%q becomes %q the second time", text, again)
		}
	}
}

func FuzzKnownRedact(f *testing.F) {
	for _, seed := range []string{"Jane Doe, u-1", "jane@acme.example", "+61 491 570 156", "zoë.müller\xff", "İjane"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, changed := jane.Redact(text)
		if changed == (got == text) {
			t.Errorf("%q becomes %q, changed: %t", text, got, changed)
		}
	})
}

func TestParseRetention(t *testing.T) {
	for text, want := range map[string]Retention{
		"": {}, "attempts=13mo, audit=7y": {Attempts: 403 * 24 * time.Hour, Audit: 2562 * 24 * time.Hour},
		"secrets=1d,operations=90d,cases=2y,admins=1mo": {
			Secrets: 24 * time.Hour, Done: 90 * 24 * time.Hour, Cases: 732 * 24 * time.Hour, Admins: 31 * 24 * time.Hour,
		},
	} {
		if got, err := ParseRetention(text); err != nil || got != want {
			t.Errorf("%q is %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"attempts", "attempts=", "attempts=30d", "audit=364d", "secrets=0d", "operations=6d", "cases=5", "cases=5w", "cases=-5d", "mails=5d", "cases=101y", "cases=90d,cases=91d", "cases=99999d",
	} {
		if got, err := ParseRetention(text); err == nil {
			t.Errorf("%q is %+v", text, got)
		}
	}
}

// TestTidyRetention: what a company sets is kept so long, and the rest as usual.
func TestTidyRetention(t *testing.T) {
	d := newDesk()
	d.Retention = Retention{Cases: 10 * aDay, Secrets: 20 * aDay}
	d.tidy(t)
	keep := d.store.state.keep
	for name, row := range map[string]struct {
		got  time.Time
		want time.Duration
	}{
		"cases": {keep.Cases, 10 * aDay}, "secrets": {keep.Secrets, 20 * aDay}, "operations": {keep.Done, 90 * aDay}, "admins": {keep.Admins, 400 * aDay},
	} {
		if want := d.now.Add(-row.want); !row.got.Equal(want) {
			t.Errorf("%s are kept since %s, want %s", name, row.got, want)
		}
	}
}
