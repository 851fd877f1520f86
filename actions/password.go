package actions

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// errPasswordWritten is for whoever writes a password into what stays on record.
func errPasswordWritten() *Error {
	return Errorf(Invalid, "That reads as if a password stood in it, and what you write here stays on record. Nothing was kept. Please write it again without; support never needs a password.")
}

// CheckReason looks at the reason that somebody gives for an act: it stays in the
// audit and on cards, so it may be neither long nor hold a password (RULES S0.4).
// Errors: Invalid.
func CheckReason(reason string) error {
	if err := checkLine("reason", reason, reasonLimit, true); err != nil {
		return err
	}
	return CheckWritten(reason)
}

// CheckWritten looks at what somebody wrote for a password in it: it isn't kept,
// shown or mailed. Errors: Invalid.
func CheckWritten(texts ...string) error {
	if slices.ContainsFunc(texts, holdsPassword) {
		return errPasswordWritten()
	}
	return nil
}

// passwordSaid finds the word for a password, in the languages that we speak, and
// what follows it as its value.
var passwordSaid = regexp.MustCompile(`(?i)(?:^|[^\pL\pN])(?:password|passwd|passphrase|passcode|pwd?|passwort|kennwort|mot de passe|mdp|contraseña|clave|senha|palavra-passe)` +
	`(?:\s*[:=]|\s+(?:is|was|to|ist|war|lautet|auf|est|était|es|era|é))?\s*["'“„«‘]?(\S+)`)

// holdsPassword reports whether a text seems to hold a password: the word, and
// then something that is no word. What only looks like one, such as a ticket or an
// address, is left alone. It can't find every password; it finds those that are
// named.
func holdsPassword(text string) bool {
	for _, found := range passwordSaid.FindAllStringSubmatch(text, -1) {
		if looksRandom(strings.Trim(found[1], `.,;:!?"'“”„«»‘’()[]`)) {
			return true
		}
	}
	return false
}

// looksRandom reports whether a word is none of a language: letters and digits, or
// signs that no word has, in at least six characters.
func looksRandom(word string) bool {
	address := strings.Contains(word, "@") && strings.Contains(word[strings.Index(word, "@"):], ".")
	if utf8.RuneCountInString(word) < 6 || ticketLike.MatchString(word) || address || strings.Contains(word, "://") {
		return false
	}
	letters := strings.IndexFunc(word, unicode.IsLetter) >= 0
	return letters && strings.IndexFunc(word, unicode.IsDigit) >= 0 || letters && strings.ContainsAny(word, `!$%&*+=?^~_#@\|<>{}`)
}

// ticketLike is a ticket as it is written in a sentence.
var ticketLike = regexp.MustCompile(`^#?[A-Z]{0,6}-?[0-9]+$`)
