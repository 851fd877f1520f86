package actions

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// spellingLayers is how many wrappings of a name are taken off, as quotes around brackets
// around an address.
const spellingLayers = 5

// Spelled returns a name without what may stand around it and means nothing: spaces, what
// can't be seen, quotes, brackets and full stops, "mailto:", and the person's name before an
// address in brackets. Letters of other widths become usual ones, and %40 an @. Case stays;
// see [SpelledKey].
func Spelled(name string) string {
	if isBare(name) {
		return name
	}
	for range spellingLayers {
		inner := unwrapped(name)
		if inner == name {
			break
		}
		name = inner
	}
	return name
}

// SpelledKey is the look-up key (see [Key]) of a name, however it is spelled.
func SpelledKey(name string) string { return Key(Spelled(name)) }

// isBare reports whether nothing can be taken off a name, as is so of most.
func isBare(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '@', c == '_', c == '-', c == '+':
		case (c == '.' || c == ' ') && i > 0 && i < len(name)-1:
		default:
			return false
		}
	}
	return true
}

// unwrapped takes one wrapping off a name.
func unwrapped(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(name))
	if strings.Contains(name, "%40") {
		if decoded, err := url.PathUnescape(name); err == nil {
			name = decoded
		}
		name = strings.ReplaceAll(name, "%40", "@")
	}
	name = strings.TrimFunc(name, wraps)
	if before, address, found := strings.Cut(name, ":"); found && Fold(before) == "mailto" {
		name, _, _ = strings.Cut(address, "?")
	}
	if begins := strings.LastIndexByte(name, '<'); begins >= 0 && strings.Contains(name[begins:], "@") {
		name, _, _ = strings.Cut(name[begins+1:], ">")
	}
	return name
}

// wraps reports whether a letter means nothing at an end of a name.
func wraps(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("<>()[]{}\"'`´“”„‟‘’‚‛«»‹›.,;:!?", r)
}

// NumbersIn are where a text has what reads as a phone number.
func NumbersIn(text string) [][]int { return numberInText.FindAllStringIndex(text, -1) }

// Without is a text in which [Erased] stands where the spans are, which are sorted by where
// they begin.
func Without(text string, spans [][2]int) string {
	var out strings.Builder
	end := 0
	for _, span := range spans {
		if span[0] >= end {
			out.WriteString(text[end:span[0]] + Erased)
		}
		end = max(end, span[1])
	}
	return out.String() + text[end:]
}
