package actions

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMaskName(t *testing.T) {
	for name, row := range map[string]struct{ name, want string }{
		"Email":             {"jane@acme.example", "j•••@a•••.example"},
		"EmailUpperCase":    {"Jane@Acme.Example", "J•••@A•••.Example"},
		"Subdomains":        {"jane@mail.acme.co.uk", "j•••@m•••.uk"},
		"OneLetter":         {"j@a.example", "•••@•••.example"},
		"NoEnding":          {"jane@localhost", "j•••@l•••"},
		"UserName":          {"jane.doe", "j•••"},
		"OneLetterName":     {"j", "•••"},
		"TwoLetterName":     {"jo", "j•••"},
		"NotASCII":          {"ärger", "ä•••"},
		"Phone":             {"+61 400 000 123", "•••23"},
		"ShortNumber":       {"12345", "1•••"},
		"EmailNoLocal":      {"@acme.example", "•••@a•••.example"},
		"EmailNoDomain":     {"jane@", "j•••@•••"},
		"TwoAts":            {"a@b@acme.example", "•••@b•••.example"},
		"APasswordWithAnAt": {"p@ss.w0rd!", "•••@s•••"},
		"ALongPassword":     {"p@ss.correcthorse", "•••@s•••"},
		"DotAtTheEnd":       {"jane@acme.", "j•••@a•••."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := MaskName(row.name); got != row.want {
				t.Errorf("%q is shown as %q, want %q", row.name, got, row.want)
			}
		})
	}
}

func TestMaskMobile(t *testing.T) {
	for number, want := range map[string]string{"+61 400 000 123": "•••23", "123456": "•••56", "12345": "•••", "none": "•••"} {
		if got := MaskMobile(number); got != want {
			t.Errorf("%q is shown as %q, want %q", number, got, want)
		}
	}
}

func TestMaskerShowsTheOneAsked(t *testing.T) {
	for name, row := range map[string]struct{ asked, shown, want string }{
		"Asked":              {"jane@acme.example", "jane@acme.example", "jane@acme.example"},
		"AskedInAnotherCase": {"JANE@acme.example", "jane@ACME.example", "jane@ACME.example"},
		"Another":            {"jane.doe", "jane@acme.example", "j•••@a•••.example"},
		"Nothing":            {"jane.doe", "", ""},
		"AskedByUserID":      {"u-1", "jane.doe", "j•••"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NewMasker(row.asked).Name(row.shown); got != row.want {
				t.Errorf("%q is shown as %q, want %q", row.shown, got, row.want)
			}
		})
	}
}

func TestMaskerMobile(t *testing.T) {
	for name, row := range map[string]struct{ asked, shown, want string }{
		"AskedInAnotherForm": {"61400000123", "+61 400 000 123", "+61 400 000 123"},
		"Another":            {"61400000124", "+61 400 000 123", "•••23"},
		"AskedByName":        {"jane.doe", "+61 400 000 123", "•••23"},
		"AskedByFewDigits":   {"00123", "00123", "•••"},
		"Nothing":            {"jane.doe", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NewMasker(row.asked).Mobile(row.shown); got != row.want {
				t.Errorf("%q is shown as %q, want %q", row.shown, got, row.want)
			}
		})
	}
}

func TestMaskerText(t *testing.T) {
	m := NewMasker("asked@acme.example")
	const text = "550 5.1.1 <jane@acme.example>: unknown, not asked@acme.example; see jane@acme.example."
	const want = "550 5.1.1 <j•••@a•••.example>: unknown, not asked@acme.example; see j•••@a•••.example."
	if got := m.Text(text); !strings.HasPrefix(got, want[:60]) || strings.Contains(got, "jane") {
		t.Errorf("shown as %q", got)
	}
}

// Free text may name the user in each of their ways.
func TestTextHidesTheUsersOwnNames(t *testing.T) {
	user := User{Username: "Jane.Doe", Email: "jane@acme.example", Mobile: "0400 000 123"}
	for name, row := range map[string]struct{ asked, text, want string }{
		"Username":      {"x", "by hand for jane.doe", "by hand for j•••"},
		"Mobile":        {"x", "to 0400-000-123: unreachable", "to •••23: unreachable"},
		"International": {"x", "to +61 400 000 123: unreachable", "to •••23: unreachable"},
		"OtherNumbers":  {"x", "error 550 after 2026-03-10 09:00", "error 550 after 2026-03-10 09:00"},
		"AskedBy":       {"jane.doe", "by hand for jane.doe", "by hand for jane.doe"},
		"AskedByMobile": {"0400000123", "to 0400 000 123", "to 0400 000 123"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := NewMasker(row.asked).Of(user).Text(row.text); got != row.want {
				t.Errorf("shown as %q, want %q", got, row.want)
			}
		})
	}
	short := NewMasker("x").Of(User{Username: "al"})
	if got := short.Text("also total"); got != "also total" {
		t.Errorf("a short name was looked for in other words: %q", got)
	}
}

// A masked name shows no more than two letters and the end of a domain,
// whatever was typed.
func FuzzMaskName(f *testing.F) {
	for _, name := range []string{"jane@acme.example", "jane.doe", "+61 400 000 123", "@", "a@b@c.d", "", "\xff@\xff.\xff", "P@ssw0rd.1"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		masked := MaskName(name)
		_, ending, _ := strings.Cut(masked[strings.LastIndex(masked, "•••"):], ".")
		if !strings.Contains(masked, "•••") || utf8.RuneCountInString(ending) > endingLimit {
			t.Errorf("%q is shown as %q", name, masked)
		}
		if shown := utf8.RuneCountInString(strings.NewReplacer("•••", "", "@", "", "."+ending, "").Replace(masked)); shown > 2 {
			t.Errorf("%q is shown as %q: %d letters", name, masked, shown)
		}
	})
}
