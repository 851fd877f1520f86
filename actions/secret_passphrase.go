package actions

import (
	"crypto/rand"
	_ "embed" // for words.txt
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordsFile holds the words of generated passphrases, one a line: short, plain
// and hard to mistake for one another, also on the phone.
//
//go:embed words.txt
var wordsFile string

// passphraseList is what passphrases are made of.
var passphraseList = strings.Fields(wordsFile)

// passphraseWords is how many words a generated passphrase has: 51 bits, with five
// tries.
const passphraseWords = 5

// generateWords makes a passphrase of words, such as
// "garden-pencil-violin-summer-basket".
func generateWords() string {
	words := make([]string, passphraseWords)
	for i := range words {
		words[i] = passphraseList[random(len(passphraseList))]
	}
	return strings.Join(words, "-")
}

// random is a number from 0 to n - 1, each as likely as every other.
func random(n int) int {
	i, _ := rand.Int(rand.Reader, big.NewInt(int64(n))) // never fails: crypto/rand ends the program instead
	return int(i.Int64())
}

// What passwords are made of, without what looks or sounds like something else.
const (
	passwordLetters = "abcdefghjkmnpqrstuvwxyz"
	passwordDigits  = "23456789"
	passwordGroups  = 5
	passwordGroup   = 4 // characters
)

// GeneratePassword makes a password that fits the usual rules (a capital letter,
// small ones, a digit and a sign) and is easy to read out, such as
// "Kd7p-m3wx-9atq-r2hb-x4ne": 97 bits.
func GeneratePassword() string {
	for {
		if p := drawPassword(); strings.ContainsAny(p, passwordDigits) && strings.ContainsAny(p[1:], passwordLetters) {
			return p
		}
	}
}

// drawPassword draws one that may lack a digit.
func drawPassword() string {
	const others = passwordLetters + passwordDigits
	var b strings.Builder
	b.WriteByte(passwordLetters[random(len(passwordLetters))] - 'a' + 'A')
	for i := 1; i < passwordGroups*passwordGroup; i++ {
		if i%passwordGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(others[random(len(others))])
	}
	return b.String()
}

// CheckContent looks at what is to be sent: text of 1 to ContentLimit bytes,
// which is kept as it is. Errors: Invalid.
func CheckContent(content string) error {
	switch {
	case strings.TrimSpace(content) == "":
		return Errorf(Invalid, "There is nothing to send. Please write what it is.")
	case len(content) > ContentLimit:
		return Errorf(Invalid, "That is longer than %d KB, and a one-time secret holds no more. Please send what matters.", ContentLimit>>10)
	case !utf8.ValidString(content) || strings.ContainsRune(content, 0):
		return Errorf(Invalid, "That holds something that isn't text (in UTF-8, without NUL). Please send text.")
	}
	return nil
}

// shortestPassphrase is the shortest passphrase of one's own, in characters.
const shortestPassphrase = 8

// CheckPassphrase looks at a passphrase of somebody's own: 8 to PassphraseLimit
// characters as it is compared, none of them a control character. Errors: Invalid.
func CheckPassphrase(own string) error {
	normal := normalPassphrase(own)
	switch n := utf8.RuneCountInString(normal); {
	case len(own) > 0 && !utf8.ValidString(own) || strings.ContainsFunc(own, untypable) || strings.ContainsRune(normal, joiner):
		return Errorf(Invalid, "The passphrase holds a character that nobody can type. Please write it with letters, digits, signs and spaces.")
	case n < shortestPassphrase:
		return Errorf(Invalid, "The passphrase is too short: it needs at least %d characters. Please choose a longer one, or let Latchkey make one.", shortestPassphrase)
	case n > PassphraseLimit:
		return Errorf(Invalid, "The passphrase is longer than %d characters. Please choose a shorter one.", PassphraseLimit)
	}
	return nil
}

// joiner is what normalising puts between 30 marks on one letter and the next, here
// and not in browsers: such a passphrase would open nothing.
const joiner = '\u034F'

// untypable reports whether a character would be lost on its way to a browser, or
// be trimmed by one side only.
func untypable(r rune) bool { return unicode.IsControl(r) || r == '\uFEFF' }
