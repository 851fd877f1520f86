package blocks

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack/slackutilsx"
)

// How much of a value from outside is shown, in code points.
const (
	nameLength = 60  // names, addresses, ids
	lineLength = 280 // a sentence or a detail
)

// value shows a short value from outside: on one line, cut, escaped.
func value(s string) string { return escape(clip(clean(s), nameLength)) }

// line shows a sentence from outside: on one line, cut, escaped.
func line(s string) string { return escape(clip(clean(s), lineLength)) }

// escape is done once for each value, last; see [slackutilsx.EscapeMessage]. A
// value written from right to left stands in an isolate, so that it doesn't
// turn around what stands beside it.
func escape(s string) string {
	escaped := slackutilsx.EscapeMessage(s)
	if strings.IndexFunc(s, rightToLeft) >= 0 {
		return "\u2068" + escaped + "\u2069"
	}
	return escaped
}

func rightToLeft(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}

// clean puts s on one line without control and direction characters.
func clean(s string) string {
	cleaned := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(cleaned)
}

// clip cuts s to at most limit code points, with "…" where something is gone.
func clip(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	return strings.TrimRight(string(runes[:limit-1]), " ") + "…"
}

// clipMarkup cuts markup to at most limit code points, never inside an escaped
// character or a <…> of ours.
func clipMarkup(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	cut := string([]rune(s)[:limit-1])
	if open := strings.LastIndexByte(cut, '<'); open > strings.LastIndexByte(cut, '>') {
		cut = cut[:open]
	}
	if amp := strings.LastIndexByte(cut, '&'); amp >= 0 && amp >= len(cut)-len("&amp;") && !strings.Contains(cut[amp:], ";") {
		cut = cut[:amp]
	}
	return strings.TrimRight(cut, " \n") + "…"
}

// when shows a time in the reader's own zone, and in UTC where Slack can't.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.UTC()
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^{date_short_pretty} {time}|" + t.Format("2006-01-02 15:04 UTC") + ">"
}

// list puts a bold title over items and shows at most limit of them.
func list[T any](title string, items []T, limit int, render func(T) string) string {
	lines := []string{"*" + title + "*"}
	for _, item := range items[:min(len(items), limit)] {
		lines = append(lines, "• "+render(item))
	}
	if more := len(items) - limit; more > 0 {
		lines = append(lines, fmt.Sprintf("…and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// joined joins what isn't empty with " · ".
func joined(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, " · ")
}

// count says a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// words turns an id such as "wrong_password" into words.
func words[T ~string](id T) string { return strings.ReplaceAll(value(string(id)), "_", " ") }

var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

// mention names a colleague: by mention if it is a Slack user ID.
func mention(actor string) string {
	if slackUser.MatchString(actor) {
		return "<@" + actor + ">"
	}
	return value(actor)
}
