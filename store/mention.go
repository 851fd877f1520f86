package store

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// mention is where a text names somebody who was forgotten.
type mention struct {
	at   [2]int
	keys []string // the look-up keys of the name; none of an ID
}

// silentLimit is how many names, and how many other texts, that name nobody are known at
// once.
const silentLimit = 50_000

// silence are texts that name nobody who was forgotten, as met lately: many come again and
// again, such as the names of browsers, and of who logs in every day.
type silence struct{ names, texts map[string]bool }

func newSilence() silence { return silence{map[string]bool{}, map[string]bool{}} }

// of are the texts of a kind; whole: they are one name.
func (s silence) of(whole bool) map[string]bool {
	if whole {
		return s.names
	}
	return s.texts
}

// add notes that a text names nobody.
func (s silence) add(text string, whole bool) {
	known := s.of(whole)
	if len(known) >= silentLimit {
		clear(known)
	}
	known[text] = true
}

// mentions are where a text names somebody who was forgotten, sorted by where they begin.
func (t *tombstones) mentions(text string, whole bool) []mention {
	if text == "" || t.silent.of(whole)[text] {
		return nil
	}
	var found []mention
	if (whole || isID(text)) && t.user(text) {
		return []mention{{at: [2]int{0, len(text)}}}
	}
	if whole {
		found = t.named(text, 0, len(text))
	}
	if words := wordsIn(text); !whole || !isAll(text, words) {
		found = append(found, t.meant(t.wordsOf(text, words))...)
	}
	found = append(found, t.numbersOf(text)...)
	if len(found) == 0 && len(text) <= nameLimit {
		t.silent.add(text, whole)
	}
	slices.SortStableFunc(found, func(a, b mention) int { return cmp.Compare(a.at[0], b.at[0]) })
	return found
}

// meant leaves of mentions in a text those by what is no word to others.
func (t *tombstones) meant(found []mention) []mention {
	return slices.DeleteFunc(found, func(one mention) bool { return slices.ContainsFunc(one.keys, t.word) })
}

// isID reports whether a text may be a user ID, and no number.
func isID(text string) bool {
	return !strings.ContainsAny(text, " /") && strings.ContainsFunc(text, unicode.IsLetter)
}

// isAll reports whether a text is one word, so that it was looked for as a whole.
func isAll(text string, words [][2]int) bool {
	return len(words) == 1 && words[0] == [2]int{0, len(text)}
}

// numbersOf are the phone numbers of a text.
func (t *tombstones) numbersOf(text string) []mention {
	if !mayHaveNumber(text) {
		return nil
	}
	var found []mention
	for _, number := range actions.NumbersIn(text) {
		if says(text[number[0]:number[1]]) {
			found = append(found, t.named(text, number[0], number[1])...)
		}
	}
	return found
}

// fewestDigits is how many digits a phone number has at least.
const fewestDigits = 6

// mayHaveNumber reports whether a text has that many digits, and nothing between them but what
// stands in a phone number, as few have.
func mayHaveNumber(text string) bool {
	digits := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits == fewestDigits {
				return true
			}
		case strings.IndexByte(" ().-", c) < 0:
			digits = 0
		}
	}
	return false
}

// named is the mention that a part of a text is, if it is one. A part that may mean something
// else is no user ID, and of a whole text that was asked already.
func (t *tombstones) named(text string, from, to int) []mention {
	name := text[from:to]
	if len(name) < len(text) && actions.DistinctID(name) && t.user(name) {
		return []mention{{at: [2]int{from, to}}}
	}
	exact, spelled := actions.Key(name), actions.SpelledKey(name)
	if !t.key(exact) && (exact == spelled || !t.key(spelled)) {
		return nil
	}
	return []mention{{[2]int{from, to}, slices.Compact([]string{exact, spelled})}}
}

// fullNameMost is how many words a full name has at most that is looked for.
const fullNameMost = 4

// wordsOf are those of the words of a text that say by themselves who is meant, and the full
// names.
func (t *tombstones) wordsOf(text string, words [][2]int) []mention {
	var found []mention
	for i, word := range words {
		if says(actions.Spelled(text[word[0]:word[1]])) {
			found = append(found, t.named(text, word[0], word[1])...)
		}
		var name strings.Builder
		for n, next := range words[i:min(i+fullNameMost, len(words))] {
			if !isNamePart(text[next[0]:next[1]]) || n > 0 && !joins(text[words[i+n-1][1]:next[0]]) {
				break
			}
			name.WriteString(text[next[0]:next[1]])
			if n > 0 {
				found = append(found, t.fullName(name.String(), word[0], next[1])...)
			}
			name.WriteByte(' ')
		}
	}
	return found
}

// fullName is the mention that some words are, if they are a full name.
func (t *tombstones) fullName(name string, from, to int) []mention {
	key := actions.SpelledKey(name)
	if !t.key(key) {
		return nil
	}
	return []mention{{[2]int{from, to}, []string{key}}}
}

// isNamePart reports whether a word may be a part of a full name.
func isNamePart(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return unicode.IsLetter(first) && !strings.ContainsAny(word, "@%0123456789")
}

// joins reports whether what stands between two words may stand in a full name.
func joins(between string) bool {
	return len(between) <= len(", ") && strings.Trim(between, ", \t\u00a0") == ""
}

// says reports whether a word says by itself who is meant. Most words are of letters only,
// and don't.
func says(name string) bool {
	return strings.ContainsAny(name, "0123456789@._ ") && (actions.Identifies(name) || actions.DistinctID(name))
}

// wordsIn are where the words of a text stand, without the marks around them.
func wordsIn(text string) [][2]int {
	var words [][2]int
	begun := 0
	end := func(at int) {
		word := strings.TrimLeft(text[begun:at], marksAround)
		from := at - len(word)
		word = strings.TrimRight(word, marksAround)
		for _, possessive := range []string{"'s", "’s"} {
			word = strings.TrimSuffix(word, possessive)
		}
		if word != "" {
			words = append(words, [2]int{from, from + len(word)})
		}
	}
	for i, r := range text {
		size := len(string(r))
		switch {
		case i < begun:
		case r == '%' && isEncodedMark(text[i:]):
			end(i)
			begun = i + len("%3D")
		case isBetween(r):
			end(i)
			begun = i + size
		}
	}
	end(len(text))
	return words
}

// isBetween reports whether a letter ends a word.
func isBetween(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == utf8.RuneError: // as most are
		return false
	}
	return unicode.IsSpace(r) || strings.ContainsRune(marksBetween, r)
}

const (
	// marksBetween end a word, marksAround belong to none at its ends.
	marksBetween = `<>,;:()"[]{}=/|&?“”«»`
	marksAround  = ".!'’‘`*"
)

// isEncodedMark reports whether a text begins with a character as addresses of pages have it
// that isn't part of a name: no letter, digit, and none of those that join them.
func isEncodedMark(text string) bool {
	if len(text) < len("%3D") {
		return false
	}
	switch strings.ToUpper(text[1:3]) {
	case "20", "22", "26", "27", "28", "29", "2C", "2F", "3A", "3B", "3C", "3D", "3E", "3F", "5B", "5D", "7B", "7C", "7D", "0A", "09":
		return true
	}
	return false
}

// freed says of look-up keys whether nobody on record has them, as far as that was asked.
type freed map[string]bool

// unowned leaves of mentions those by names that nobody on record has.
func (t *tx) unowned(ctx context.Context, found []mention, free freed) ([]mention, error) {
	var remain []mention
	for _, one := range found {
		owned := false
		for _, key := range one.keys {
			if _, asked := free[key]; !asked {
				nobodys, err := unshared(ctx, t, []string{key}, nil)
				if err != nil {
					return nil, err
				}
				free[key] = len(nobodys) > 0
			}
			owned = owned || !free[key]
		}
		if !owned {
			remain = append(remain, one)
		}
	}
	return remain, nil
}
