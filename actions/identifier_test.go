package actions

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, same := range [][2]string{
		{"Jane.Doe", "jane.doe"}, {"MÜLLER", "müller"}, {"STRASSE", "straße"}, {"ΣΊΣΥΦΟΣ", "σίσυφος"}, {"", ""}, {" Jane", " jane"},
	} {
		if Fold(same[0]) != Fold(same[1]) {
			t.Errorf("%q and %q are told apart", same[0], same[1])
		}
	}
	for _, other := range [][2]string{{"jane", "jane "}, {"müller", "muller"}, {"jane.doe", "janedoe"}} {
		if Fold(other[0]) == Fold(other[1]) {
			t.Errorf("%q and %q aren't told apart", other[0], other[1])
		}
	}
}

func TestPhoneDigits(t *testing.T) {
	for identifier, want := range map[string]string{
		"+61 400 000 123":    "61400000123",
		"(0400) 000-123":     "0400000123",
		"123456":             "123456",
		"12345":              "",
		"1 2-3/4.5":          "",
		"12345x6":            "",
		"123456é":            "",
		"123456@acme":        "",
		"":                   "",
		"+":                  "",
		"٠١٢٣٤٥٦٧٨٩":         "", // digits, but not ones that numbers are stored with
		"0400\t000\u00a0123": "0400000123",
	} {
		if got := PhoneDigits(identifier); got != want {
			t.Errorf("the digits of %q are %q, want %q", identifier, got, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	jane := User{ID: "u-1", Username: "jane.doe", Email: "Jane@Acme.example", Mobile: "+61 400 000 123"}
	for identifier, want := range map[string]bool{
		"jane.doe": true, "JANE.DOE": true, "jane@acme.EXAMPLE": true, "61400000123": true, "+61-400-000-123": true,
		"jane.doe ": false, "jane": false, "": false, "400000123": false, "u-1": false, "61400000123x": false,
	} {
		if got := jane.Answers(identifier); got != want {
			t.Errorf("jane answers to %q: %t, want %t", identifier, got, want)
		}
	}
	if (User{Username: "x"}).Answers("") || (User{Username: "x"}).Answers("+ -") {
		t.Error("nobody answers to nothing")
	}
	if !(User{Username: "12345"}).Answers("12345") || (User{Username: "x", Mobile: "12345"}).Answers("12345") {
		t.Error("5 digits are a name, no number")
	}
}

// What a user answers to is found by one of their keys.
func TestKeysFindWhoAnswers(t *testing.T) {
	users := []User{
		{Username: "jane.doe", Email: "Jane@Acme.example", Mobile: "+61 400 000 123"},
		{Username: "0400 000 123", Mobile: "0400000123"},
		{Username: "Müller", Email: "MÜLLER@acme.example"},
		{Username: strings.Repeat("Long", 300)},
	}
	for _, u := range users {
		for _, typed := range []string{u.Username, strings.ToUpper(u.Username), u.Email, strings.ToUpper(u.Email), Digits(u.Mobile), u.Mobile} {
			if u.Answers(typed) && !slices.Contains(u.Keys(), Key(typed)) {
				t.Errorf("%q isn't found by %q", u.Keys(), Key(typed))
			}
		}
	}
}

func TestKeysRepeatNothing(t *testing.T) {
	for _, u := range []User{
		{Username: "jane@acme.example", Email: "JANE@acme.example", Mobile: ""},
		{Username: "0400 000 123", Email: "", Mobile: "0400000123"},
		{Username: "a", Email: "b@c", Mobile: "+61 400 000 123"},
		{},
	} {
		keys := u.Keys()
		sorted := slices.Compact(slices.Sorted(slices.Values(keys)))
		if len(sorted) != len(keys) || slices.Contains(keys, "") {
			t.Errorf("the keys of %+v are %q", u, keys)
		}
	}
}

// A database must be able to index a key, and tell long ones apart.
func TestKeyIsBounded(t *testing.T) {
	long := strings.Repeat("ü", 5000)
	a, b := Key(long+"a"), Key(long+"b")
	if len(a) > 600 || !utf8.ValidString(a) || a == b || a != Key(strings.ToUpper(long)+"A") {
		t.Errorf("keys of %d and %d bytes", len(a), len(b))
	}
	if digits := Key(strings.Repeat("1", 5000)); len(digits) > 600 {
		t.Errorf("a number's key has %d bytes", len(digits))
	}
}

func TestDomain(t *testing.T) {
	for email, want := range map[string]string{"jane@Acme.example": "acme.example", "a@b@c.d": "c.d", "jane": "", "jane@": "", "": ""} {
		if got := Domain(email); got != want {
			t.Errorf("the domain of %q is %q, want %q", email, got, want)
		}
	}
}

func TestNetworkOf(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.10": "192.0.2.0/24", "::ffff:192.0.2.10": "192.0.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48",
		"fe80::1%eth0": "fe80::/48", "": "invalid Prefix", "192.0.2": "invalid Prefix", "192.0.2.10 ": "invalid Prefix",
	} {
		if got := (Attempt{IP: ip}).Network().String(); got != want {
			t.Errorf("the network of %q is %s, want %s", ip, got, want)
		}
	}
}

func TestStaffNetworkPrefix(t *testing.T) {
	for cidr, want := range map[string]string{
		"198.51.100.0/24": "198.51.100.0/24", "198.51.100.7/24": "198.51.100.0/24", "198.51.100.7": "198.51.100.7/32",
		"::ffff:198.51.100.0/120": "198.51.100.0/24", "::ffff:198.51.100.7": "198.51.100.7/32", "2001:db8::/32": "2001:db8::/32",
		"::ffff:0:0/96": "0.0.0.0/0", "::ffff:0:0/95": "::fffe:0:0/95",
		"2001:db8::1": "2001:db8::1/128", "198.51.100.0/33": "", "": "", "office": "",
	} {
		prefix, ok := StaffNetwork{CIDR: cidr}.Prefix()
		if ok != (want != "") || (ok && prefix.String() != want) {
			t.Errorf("%q is %s, %t, want %q", cidr, prefix, ok, want)
		}
	}
}
