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
	nameLength     = 60  // names, addresses, ids
	lineLength     = 280 // a sentence or a detail
	sentenceLength = 600 // what to say, in any language
)

// value shows a short value from outside: on one line, cut, escaped.
func value(s string) string { return escape(clip(clean(s), nameLength)) }

// line shows a sentence from outside: on one line, cut, escaped.
func line(s string) string { return escape(clip(clean(s), lineLength)) }

// escape is done once for each value, last; see [slackutilsx.EscapeMessage]. A
// value written from right to left stands in an isolate, so that it doesn't
// turn around what stands beside it.
func escape(s string) string { return isolate(slackutilsx.EscapeMessage(s)) }

// isolate keeps a value written from right to left to itself.
func isolate(s string) string {
	if strings.IndexFunc(s, rightToLeft) >= 0 {
		return "\u2068" + s + "\u2069"
	}
	return s
}

// defused replaces what could be markup wherever a plain text is pasted.
var defused = strings.NewReplacer("<", "‹", ">", "›", "`", "'")

// plain shows a value from outside where nothing is markup and nothing may be
// escaped: on one line, cut, and without what would be markup where somebody
// pastes it.
func plain(s string, limit int) string { return isolate(clip(defused.Replace(clean(s)), limit)) }

// said shows a sentence of ours, in which colleagues may be named by mention.
func said(s string) string {
	return named.ReplaceAllStringFunc(line(s), mentioned)
}

// mentioned makes a mention of what named found.
func mentioned(found string) string { return mention(named.FindStringSubmatch(found)[1]) }

// named is a mention as escaping leaves it.
var named = regexp.MustCompile(`&lt;@([A-Za-z0-9:._-]+)&gt;`)

// code shows an ID of ours as one.
func code[T ~string](id T) string { return "`" + strings.ReplaceAll(value(string(id)), "`", "") + "`" }

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

// How Slack shows a time, and how we do in UTC where Slack can't.
const (
	dateAndTime    = "{date_short_pretty} {time}"
	dateAndTimeUTC = "2006-01-02 15:04 UTC"
	timeOnly       = "{time}"
	timeOnlyUTC    = "15:04 UTC"
)

// when shows a time in the reader's own zone.
func when(t time.Time) string { return token(t, dateAndTime, dateAndTimeUTC) }

// clock shows a time of today in the reader's own zone.
func clock(t time.Time) string { return token(t, timeOnly, timeOnlyUTC) }

func token(t time.Time, format, fallback string) string {
	if t.IsZero() {
		return ""
	}
	return "<!date^" + strconv.FormatInt(t.Unix(), 10) + "^" + format + "|" + t.UTC().Format(fallback) + ">"
}

// utc shows a time where it will be read elsewhere.
func utc(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(dateAndTimeUTC)
}

// list puts a bold title over items and shows at most limit of them.
func list[T any](title string, items []T, limit int, render func(T) string) string {
	lines := []string{"*" + title + "*"}
	for _, item := range first(items, limit) {
		lines = append(lines, "• "+render(item))
	}
	if more := len(items) - limit; more > 0 {
		lines = append(lines, fmt.Sprintf("…and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// first is at most limit of the items.
func first[T any](items []T, limit int) []T { return items[:min(len(items), limit)] }

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

// capital begins a sentence with a capital letter; markup is left alone.
func capital(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// lower begins words in the middle of a sentence.
func lower(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[size:]
}

// heard is markup for who hears it: without the signs of bold and code.
func heard(markup string) string { return silent.Replace(markup) }

var silent = strings.NewReplacer("*", "", "`", "")

// count says a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// words turns an id such as "wrong_password" into words.
func words[T ~string](id T) string { return strings.ReplaceAll(value(string(id)), "_", " ") }

// plainWords does so where nothing may be escaped.
func plainWords[T ~string](id T) string {
	return strings.ReplaceAll(plain(string(id), nameLength), "_", " ")
}

var (
	slackUser    = regexp.MustCompile(`^[UW][A-Z0-9]+$`)
	slackChannel = regexp.MustCompile(`^[CG][A-Z0-9]+$`)
)

// mention names a colleague: by mention if it is a Slack user ID.
func mention(actor string) string {
	if slackUser.MatchString(actor) {
		return "<@" + actor + ">"
	}
	return value(actor)
}
