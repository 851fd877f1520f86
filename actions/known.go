package actions

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Known is by what a person may be recognised, so that what is about them is found. It
// is kept nowhere.
type Known struct {
	UserID string
	Former []string // user IDs that they had before they were deleted and invited again
	// Names are by what a text names them: what they log in with and are written to, but
	// for what somebody else on record has, too, and their full name.
	Names []string
	// Masked is what messages show of their e-mail and their mobile. Others may have the
	// same, so that only both together name them; nil without both.
	Masked  []string
	Records []string // IDs of records about them: operations, cases, secrets…
	// Keys are the look-up keys (see [Key]) of what they log in with and are written to, as it
	// is and as it is spelled best (see [SpelledKey]), and of their full name, but for those
	// that somebody else on record has.
	Keys []string
	At   time.Time // when this was found out
}

// IDs are the user IDs of the person, the one that they have now first.
func (k Known) IDs() []string { return append([]string{k.UserID}, k.Former...) }

// Erased stands where a name was.
const Erased = "[erased]"

// shortestName is how many characters a name has at least that is looked for in texts,
// shortestNumber how many digits a phone number without its country has, and shortestID
// how many characters an ID has: shorter ones stand in texts about something else.
const (
	shortestName   = 4
	shortestNumber = 9
	longestNumber  = 15 // E.164
	shortestID     = 8
)

var (
	onlyNumber = regexp.MustCompile(`^` + numberInText.String() + `$`)
	onlyDay    = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}`)
)

// Identifies reports whether a name says wherever it stands who is meant: an e-mail
// address, a phone number, a full name, or one with a dot, an underscore or a digit. A
// bare word, such as the user name "will", means something else in most texts, and so does
// what reads as a number, a day or a network.
func Identifies(name string) bool {
	digits := Digits(name)
	switch {
	case utf8.RuneCountInString(name) < shortestName || onlyDay.MatchString(name) || isNetwork(name):
		return false
	case PhoneDigits(name) != "":
		return onlyNumber.MatchString(name) && len(digits) <= longestNumber && (name[0] == '+' || len(digits) >= shortestNumber)
	case !strings.ContainsFunc(name, unicode.IsLetter):
		return false
	}
	return digits != "" || strings.ContainsAny(name, "@._ ")
}

func isNetwork(text string) bool {
	_, noAddress := netip.ParseAddr(text)
	_, noPrefix := netip.ParsePrefix(text)
	return noAddress == nil || noPrefix == nil
}

// DistinctID reports whether an ID means nothing else wherever it stands: it is long, and
// mixes letters and digits.
func DistinctID(id string) bool {
	return len(id) >= shortestID && strings.ContainsFunc(id, unicode.IsDigit) && strings.ContainsFunc(id, unicode.IsLetter) && !onlyDay.MatchString(id) && !isNetwork(id)
}

// isPlain reports whether a text reads as a number, a time or a network.
func isPlain(text string) bool {
	_, noNumber := strconv.ParseFloat(text, 64)
	return noNumber == nil || onlyDay.MatchString(text) || isNetwork(text)
}

// In reports whether a text names the person: by a name that identifies somebody, by an ID
// or the ID of a record that means nothing else, or by both masked contacts.
func (k Known) In(text string) bool {
	if k.spans(text) != nil {
		return true
	}
	for _, id := range k.Records {
		if DistinctID(id) && len(within(text, id, loose)) > 0 {
			return true
		}
	}
	return len(k.Masked) > 0 && !slices.ContainsFunc(k.Masked, func(masked string) bool { return !strings.Contains(text, masked) })
}

// InMessage reports whether a message names the person: its text does, or the value of a
// button is about them or a record about them.
func (k Known) InMessage(text string, values []string) bool {
	return k.In(text) || slices.ContainsFunc(values, k.inValue)
}

// inValue reports whether the value of a button is about the person: it is an ID, begins
// with it, or has it behind the name of an action; one that means nothing else may be any
// part.
func (k Known) inValue(value string) bool {
	_, behind, _ := strings.Cut(value, " ")
	for _, id := range slices.Concat(k.IDs(), k.Records) {
		for _, text := range []string{value, behind} {
			parts := strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == '/' })
			if len(parts) > 0 && parts[0] == id || DistinctID(id) && slices.Contains(parts, id) {
				return true
			}
		}
	}
	return k.In(value)
}

// Is reports whether a value that says who somebody is means the person: the whole of it
// is an ID or a name.
func (k Known) Is(value string) bool {
	same := func(name string) bool { return Key(name) == Key(value) }
	return value != "" && (slices.Contains(k.IDs(), value) || slices.ContainsFunc(k.Names, same))
}

// RedactWho returns a value that says who somebody is without the person, and whether it
// meant or named them.
func (k Known) RedactWho(value string) (without string, changed bool) {
	if k.Is(value) {
		return Erased, true
	}
	return k.Redact(value)
}

// Redact returns a text without the names of the person, and whether it had any. An ID that
// may mean something else counts only when it is the whole text, and not even then when
// that reads as a number, a time or a network.
func (k Known) Redact(text string) (without string, changed bool) {
	if text != "" && slices.Contains(k.IDs(), text) && !isPlain(text) {
		return Erased, true
	}
	spans := k.spans(text)
	if spans == nil {
		return text, false
	}
	slices.SortFunc(spans, func(a, b [2]int) int { return a[0] - b[0] })
	return Without(text, spans), true
}

// Spells reports whether what somebody typed, or was written to, is a name of the person in
// any spelling, or has one in it.
func (k Known) Spells(typed string) bool {
	return slices.Contains(k.Keys, SpelledKey(typed)) || slices.Contains(k.Keys, Key(typed)) || k.spans(typed) != nil
}

// Told are the names and IDs by which any text may name the person.
func (k Known) Told() []string {
	return slices.Concat(slices.DeleteFunc(k.IDs(), func(id string) bool { return !DistinctID(id) }),
		slices.DeleteFunc(slices.Clone(k.Names), func(name string) bool { return !Identifies(name) }))
}

// spans are where a text names the person by an ID or a name.
func (k Known) spans(text string) [][2]int {
	var spans [][2]int
	for _, id := range k.IDs() {
		if DistinctID(id) {
			spans = append(spans, within(text, id, loose)...)
		}
	}
	for _, name := range k.Names {
		if !Identifies(name) {
			continue
		}
		spans = append(spans, within(text, name, strict)...)
		if strings.Contains(name, "@") { // as addresses of pages have it
			spans = append(spans, within(text, strings.ReplaceAll(name, "@", "%40"), strict)...)
		}
		if digits := PhoneDigits(name); digits != "" {
			for _, at := range numberInText.FindAllStringIndex(text, -1) {
				if Digits(text[at[0]:at[1]]) == digits {
					spans = append(spans, [2]int{at[0], at[1]})
				}
			}
		}
	}
	return spans
}

// edge says what may stand beside a name in a text: loose, no letter and no digit;
// strict, nothing that makes another name of it either, as in mary.jane or
// jane@acme.example.
type edge bool

const (
	loose  edge = false
	strict edge = true
)

// within finds a name in a text, without regard to case.
func within(text, name string, edges edge) [][2]int {
	if name == "" || !strings.Contains(cased(text), cased(name)) { // as is so of most
		return nil
	}
	var spans [][2]int
	for _, at := range regexp.MustCompile("(?i)"+regexp.QuoteMeta(name)).FindAllStringIndex(text, -1) {
		if edges.begins(text[:at[0]]) && edges.ends(text[at[1]:]) {
			spans = append(spans, [2]int{at[0], at[1]})
		}
	}
	return spans
}

// cased is a text in which letters that are equal without regard to case are the same.
func cased(text string) string { return strings.ToLower(strings.ToUpper(text)) }

// joining are the characters that make one name of two.
const joining = "._-+@"

// escaped is a character at the end of a text as addresses of pages have it.
var escaped = regexp.MustCompile(`%[0-9A-Fa-f]{2}$`)

// begins reports whether a name may begin after a text.
func (e edge) begins(before string) bool {
	if escaped.MatchString(before) {
		return true
	}
	last, size := utf8.DecodeLastRuneInString(before)
	if e == strict && size > 0 && strings.ContainsRune(joining, last) {
		last, _ = utf8.DecodeLastRuneInString(before[:len(before)-size])
	}
	return !inWord(last)
}

// ends reports whether a name may end before a text.
func (e edge) ends(after string) bool {
	next, size := utf8.DecodeRuneInString(after)
	if e == strict && size > 0 && strings.ContainsRune(joining, next) {
		next, _ = utf8.DecodeRuneInString(after[size:])
	}
	return !inWord(next)
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
