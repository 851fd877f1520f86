package actions

import (
	"strings"
	"testing"
	"unicode"
)

func TestSpelledKey(t *testing.T) {
	for _, spelled := range []string{
		"jane.doe@acme.example", " JANE.DOE@ACME.EXAMPLE ", "jane.doe@acme.example.", "mailto:jane.doe@acme.example", "MAILTO:Jane.Doe@acme.example?subject=Hi",
		"Jane Doe <jane.doe@acme.example>", "<jane.doe@acme.example>", `"jane.doe@acme.example"`, "“jane.doe@acme.example”", "'jane.doe@acme.example',",
		"ｊａｎｅ.doe＠acme.example", "\u200bjane.doe@acme.example\ufeff", "jane.doe\u200b@acme.example", "jane.doe%40acme.example", "mailto:jane.doe%40acme.example",
		`"Jane Doe" <mailto:jane.doe@acme.example>;`, "[jane.doe@acme.example]", "(Jane.Doe@Acme.Example)", "jane.doe@acme.example\t\r\n", "\u00a0jane.doe@acme.example",
	} {
		if got := SpelledKey(spelled); got != "jane.doe@acme.example" {
			t.Errorf("%q is looked up by %q", spelled, got)
		}
	}
	for spelled, want := range map[string]string{
		"": "", " ": "", "jane": "jane", "Jane.": "jane", "+61 412 345 678": "61412345678", "＋６１ 412 345 678": "61412345678", "Doe, Jane": "doe, jane", "5%": "5%",
		"100%40": "100@", "a < b": "a < b", "jane+tag@acme.example": "jane+tag@acme.example", "<>": "", "zoe\u0308": "zoë", "%zz%40": "%zz@",
	} {
		if got := SpelledKey(spelled); got != want {
			t.Errorf("%q is looked up by %q, want %q", spelled, got, want)
		}
	}
}

func FuzzSpelled(f *testing.F) {
	for _, seed := range []string{"Jane Doe <jane@acme.example>", "mailto:<\"a%40b\">", "\xff<@", "ﷺ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if isBare(name) && unwrapped(name) != name {
			t.Errorf("%q is bare, and %q without what is around it", name, unwrapped(name))
		}
		_ = SpelledKey(name)
	})
}

// TestCased: what equals without regard to case is the same then, whatever the letter.
func TestCased(t *testing.T) {
	for r := range unicode.MaxRune {
		if next := unicode.SimpleFold(r); cased(string(r)) != cased(string(next)) {
			t.Errorf("%q and %q are %q and %q", r, next, cased(string(r)), cased(string(next)))
		}
	}
}

func TestKnownSpells(t *testing.T) {
	k := Known{UserID: "u-1", Names: []string{"jane.doe@acme.example", "will"}, Keys: []string{"jane.doe@acme.example", "will"}}
	for typed, want := range map[string]bool{
		" Will ": true, "“WILL”": true, "will call": false, "Jane <jane.doe@acme.example>": true, "jane.doe@acme.example hunter2": true,
		"?user=jane.doe%40acme.example": true, "user%3Djane.doe%40acme.example": true, "mary.jane.doe@acme.example": false, "": false, "u-1": false,
	} {
		if got := k.Spells(typed); got != want {
			t.Errorf("%q spells a name: %t", typed, got)
		}
	}
	if without, _ := k.Redact("/reset?user=jane.doe%40acme.example&x=1"); strings.Contains(without, "jane") || !strings.HasSuffix(without, "&x=1") {
		t.Errorf("an address of a page is %q then", without)
	}
}
