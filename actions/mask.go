package actions

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Masker shows names to an agent: each one masked, except what the agent asked
// by, which they have already (RULES S1.2, S1.6, S2.1).
type Masker struct {
	asked string // the identifier that was asked by
	// whose are the names that free text may hold, too.
	whose User
}

// NewMasker returns a Masker for somebody who asked by identifier.
func NewMasker(identifier string) Masker { return Masker{asked: identifier} }

// Name shows a user name, an e-mail address or what a customer typed.
func (m Masker) Name(s string) string {
	if s == "" || Fold(s) == Fold(m.asked) {
		return s
	}
	return MaskName(s)
}

// addressInText finds what looks like an e-mail address in free text.
var addressInText = regexp.MustCompile(`[^\s<>()"',;:]+@[^\s<>()"',;:]+`)

// numberInText finds what looks like a phone number in free text.
var numberInText = regexp.MustCompile(`\+?[0-9][0-9 ().-]{4,}[0-9]`)

// Of returns a Masker that finds the user's own names in free text.
func (m Masker) Of(user User) Masker { return Masker{asked: m.asked, whose: user} }

// Addresses masks the e-mail addresses in text that is about an account.
func (m Masker) Addresses(s string) string { return addressInText.ReplaceAllStringFunc(s, m.Name) }

// Text shows free text of a record, such as a mail server's answer: e-mail
// addresses, international phone numbers and the user's own names are masked.
func (m Masker) Text(s string) string {
	s = m.Addresses(s)
	s = numberInText.ReplaceAllStringFunc(s, func(number string) string {
		if number[0] == '+' || Digits(number) == Digits(m.whose.Mobile) {
			return m.Mobile(number)
		}
		return number
	})
	if utf8.RuneCountInString(m.whose.Username) < shortestInText {
		return s
	}
	own := regexp.MustCompile("(?i)" + regexp.QuoteMeta(m.whose.Username))
	return own.ReplaceAllStringFunc(s, m.Name)
}

// shortestInText is the shortest user name that is looked for in free text:
// shorter ones stand in many words.
const shortestInText = 3

// Mobile shows a mobile number.
func (m Masker) Mobile(s string) string {
	if digits := PhoneDigits(m.asked); s == "" || (digits != "" && digits == Digits(s)) {
		return s
	}
	return MaskMobile(s)
}

// MaskName masks a user name or an e-mail address: the first letter of each
// part stays, and the domain's ending, if it reads as one: what a customer typed
// may be a password with an @ in it. The number of dots says nothing about the
// length.
func MaskName(s string) string {
	local, domain, isEmail := strings.Cut(s, "@")
	if !isEmail {
		if digits := PhoneDigits(s); digits != "" {
			return MaskMobile(s)
		}
		return initial(s)
	}
	host, ending := domain, ""
	if dot := strings.LastIndexByte(domain, '.'); dot > 0 && isEnding(domain[dot+1:]) {
		host, ending = domain[:dot], domain[dot:]
	}
	return initial(local) + "@" + initial(host) + ending
}

// endingLimit is the longest ending of a domain that is shown, in letters.
const endingLimit = 8

// isEnding reports whether a domain may well end so.
func isEnding(s string) bool {
	return utf8.RuneCountInString(s) <= endingLimit && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// MaskMobile masks a phone number: its last two digits stay.
func MaskMobile(s string) string {
	digits := Digits(s)
	if len(digits) < 6 {
		return "•••"
	}
	return "•••" + digits[len(digits)-2:]
}

// initial keeps the first letter of a part that has more than one.
func initial(s string) string {
	if utf8.RuneCountInString(s) < 2 {
		return "•••"
	}
	r, _ := utf8.DecodeRuneInString(s)
	return string(r) + "•••"
}
