package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// maxTyped is the longest text of a command that is read, in code points.
const maxTyped = 1000

// typed is what somebody typed after a command, read.
type typed struct {
	text   string // words with one space between, as the person saw them
	ticket string // such as "#4711", or ""
}

// readText reads the text of a command: Slack's forms for addresses and links
// are unwrapped, what can't be seen is gone, and a ticket is taken out. Errors
// are sentences for the agent (Invalid). It is a pure function.
func readText(raw string) (typed, error) {
	if utf8.RuneCountInString(raw) > maxTyped {
		return typed{}, actions.Errorf(actions.Invalid, "That is too long to read: more than 1,000 characters. Please send only the command and who it is about.")
	}
	unwrapped, err := unwrap(raw)
	if err != nil {
		return typed{}, err
	}
	return takeTicket(strings.Fields(visible(unescape.Replace(unwrapped))))
}

// unescape undoes Slack's escaping, once.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// visible drops what can't be seen and comes along when text is pasted:
// control and direction characters, broken bytes, marks of zero width.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError, r == '\u200b', r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

// unwrap reads Slack's <…> forms; whatever else stands in angle brackets is
// left as it is.
func unwrap(raw string) (string, error) {
	var out strings.Builder
	for {
		start := strings.IndexByte(raw, '<')
		length := strings.IndexByte(raw[max(start, 0):], '>')
		if start < 0 || length < 0 {
			out.WriteString(raw)
			return out.String(), nil
		}
		text, err := unwrapped(raw[start+1 : start+length])
		if err != nil && !strings.ContainsAny(out.String()+raw[:start], "@0123456789") { // nobody was named before
			return "", err
		}
		if err != nil {
			text = inPassing(raw[start+1 : start+length])
		}
		out.WriteString(raw[:start])
		out.WriteString(text)
		raw = raw[start+length+1:]
	}
}

// inPassing is a mention in what is said about a customer: its label, or what it
// names.
func inPassing(form string) string {
	target, label, _ := strings.Cut(form, "|")
	if label == "" {
		return target
	}
	return target[:1] + label
}

// unwrapped reads what stands between angle brackets: the label, which is what
// the agent typed or saw, or the target without its scheme.
func unwrapped(form string) (string, error) {
	target, label, _ := strings.Cut(form, "|")
	scheme, rest, _ := strings.Cut(target, ":")
	switch {
	case strings.HasPrefix(target, "@"):
		return "", actions.Errorf(actions.Invalid, "That is a colleague, somebody in this Slack, and not a customer. Please type the customer's e-mail address, user name or mobile number.")
	case strings.HasPrefix(target, "#") && actions.IsTicket("#"+label):
		return "#" + label, nil // a ticket by whose number a channel is named
	case strings.HasPrefix(target, "#"), strings.HasPrefix(target, "!"):
		return "", actions.Errorf(actions.Invalid, "That is a channel or a group of this Slack, and not a customer. Please type the customer's e-mail address, user name or mobile number.")
	case scheme != "mailto" && scheme != "tel" && scheme != "http" && scheme != "https":
		return "<" + form + ">", nil
	case label != "":
		return label, nil
	case scheme == "mailto", scheme == "tel":
		return rest, nil
	}
	return target, nil
}

// readTicket reads a field that holds a ticket or nothing: "#4711", or "4711".
func readTicket(raw string) (string, error) {
	if strings.TrimSpace(raw) == "" {
		return "", nil
	}
	ticket, err := actions.ReadTicket(raw)
	if err != nil {
		return "", actions.Errorf(actions.Invalid, "A ticket is a number such as #4711, with letters and dashes if it has them. Please name one, or none.")
	}
	return ticket, nil
}

// takeTicket takes the ticket out of the words.
func takeTicket(words []string) (typed, error) {
	var read typed
	var rest []string
	for _, word := range words {
		switch {
		case !actions.IsTicket(word):
			rest = append(rest, word)
		case read.ticket != "" && read.ticket != word:
			return typed{}, actions.Errorf(actions.Invalid, "You named two tickets, %s and %s. Please name one.", read.ticket, word)
		default:
			read.ticket = word
		}
	}
	read.text = strings.Join(rest, " ")
	return read, nil
}

// oneIdentifier is who an answer is about. Several e-mail addresses at once are
// refused; of one with words around it, such as a name, it is the address.
// Anything else may be one identifier, spaces and all.
func oneIdentifier(text string) (string, error) {
	addresses := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
		if at := strings.IndexByte(word, '@'); at > 0 && at < len(word)-1 {
			addresses++
		}
	}
	if addresses > 1 {
		return "", actions.Errorf(actions.Invalid, "You named several e-mail addresses. Please ask for one person at a time.")
	}
	if read := addressesOf(text); len(read) == 1 && apart(text, read[0]) {
		return read[0], nil
	}
	return text, nil
}

// apart reports whether an address stands by itself in a text: between words,
// or between signs that people put around it and no name has.
func apart(text, address string) bool {
	before, after, _ := strings.Cut(text, address)
	first, _ := utf8.DecodeRuneInString(after)
	last, _ := utf8.DecodeLastRuneInString(before)
	return (after == "" || strings.ContainsRune(" >)]}\"'”’»*_~`,;.?!:", first)) && (before == "" || strings.ContainsRune(" <([{\"'“‘«*_~`:", last))
}

// addressPattern is an e-mail address as people write them, more narrow than
// what a mail server takes: what else stands around it isn't part of it.
var addressPattern = regexp.MustCompile(`[\p{L}\p{N}_+&'~*.-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}`)

// addressesOf returns the e-mail addresses in a text, without what makes them
// bold, italic or struck.
func addressesOf(text string) []string {
	var found []string
	for _, at := range addressPattern.FindAllStringIndex(text, -1) {
		address, marks := text[at[0]:at[1]], text[at[1]:min(at[1]+3, len(text))]
		for strings.ContainsRune("*_~'", rune(address[0])) && strings.Contains(marks, address[:1]) {
			address = address[1:]
		}
		if address = strings.TrimLeft(address, "*~'&.-"); address[0] != '@' {
			found = append(found, address)
		}
	}
	return found
}
