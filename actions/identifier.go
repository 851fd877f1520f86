package actions

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
)

// keyLimit is the longest key in bytes; PostgreSQL refuses index rows of about
// 2,700. What is longer keeps its beginning and gets a digest.
const keyLimit = 512

// Fold returns s as it is compared without regard to case.
func Fold(s string) string {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return cases.Fold().String(s)
		}
	}
	return strings.ToLower(s)
}

// Key returns the look-up key of an identifier: the digits of a phone number,
// otherwise the folded text. Two identifiers that mean the same have the same
// key; the reverse is checked by [User.Answers].
func Key(identifier string) string {
	if digits := PhoneDigits(identifier); digits != "" {
		return bounded(digits)
	}
	return bounded(Fold(identifier))
}

// MobileKey returns the look-up key of a mobile number: its digits.
func MobileKey(mobile string) string { return bounded(Digits(mobile)) }

// AddressKey returns the look-up key of an address that mail or texts go to.
func AddressKey(address string) string { return Key(address) }

// PhoneDigits returns the digits of s when s reads as a phone number (6 or
// more digits, no letter, no @), otherwise "".
func PhoneDigits(s string) string {
	for _, r := range s {
		if r == '@' || unicode.IsLetter(r) {
			return ""
		}
	}
	if digits := Digits(s); len(digits) >= 6 {
		return digits
	}
	return ""
}

// Digits returns the ASCII digits of s.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// Domain returns the folded domain of an e-mail address, "" without one.
func Domain(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return ""
	}
	return bounded(Fold(email[at+1:]))
}

func bounded(key string) string {
	if len(key) <= keyLimit {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return strings.ToValidUTF8(key[:keyLimit-65], "") + "…" + hex.EncodeToString(sum[:])
}
