package mail

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// text is one text of a template in one language: what a file holds. The file's
// first line is "Subject: …" (a text for mobiles has none), the next may be
// "Button: …" for what the link's button says, and after a blank line comes the
// body. In it a line "- …" or "1. …" is an item of a list, and a link, a code or
// a user name on a line of its own stands out.
type text struct {
	language string
	subject  string
	button   string
	body     string
}

// name tells which text of which template: password_reset, or code.sms for
// mobiles.
type name struct {
	template actions.Template
	mobile   bool
}

// String is the name as its file has it, without ".txt".
func (n name) String() string {
	if n.mobile {
		return string(n.template) + ".sms"
	}
	return string(n.template)
}

// mobiles are the templates that go by text too.
var mobiles = []actions.Template{actions.TemplateCode, actions.TemplateConfirm, actions.TemplateConfirmFor, actions.TemplateChanged}

// names are all there can be.
func names() []name {
	var all []name
	for _, t := range actions.Templates() {
		all = append(all, name{template: t})
		if slices.Contains(mobiles, t) {
			all = append(all, name{template: t, mobile: true})
		}
	}
	return all
}

// places are the placeholders, as an agent may write them.
var places = []string{
	actions.PlaceName, actions.PlaceLink, actions.PlaceClosing, actions.PlaceLoginLink, actions.PlaceBrand,
	actions.PlaceLoginPage, actions.PlaceUsername, actions.PlaceCode, actions.PlacePurpose, actions.PlaceContact,
	actions.PlaceMinutes, actions.PlaceTicket, actions.PlaceDetails, actions.PlaceSender, actions.PlaceUntil,
}

// needs is the placeholder without which a template says nothing.
var needs = map[actions.Template]string{
	actions.TemplateReset: actions.PlaceLink, actions.TemplateUsername: actions.PlaceUsername,
	actions.TemplateLoginLink: actions.PlaceLoginLink, actions.TemplateCode: actions.PlaceCode,
	actions.TemplateShared: actions.PlaceLink, actions.TemplateConfirm: actions.PlaceLink, actions.TemplateConfirmFor: actions.PlaceLink,
	actions.TemplateHandOver: actions.PlaceDetails, actions.TemplateSecret: actions.PlaceLink, actions.TemplateRequest: actions.PlaceLink,
	actions.TemplateAdminAsk: actions.PlaceLink, actions.TemplateAdminDelete: actions.PlaceLink,
}

// bracketed is whatever stands in square brackets.
var bracketed = regexp.MustCompile(`\[[^\[\]\r\n]*\]`)

// unknownPlace is the first thing in square brackets that is no placeholder, and
// the placeholder that was probably meant, or "".
func unknownPlace(s string) (found, meant string) {
	for _, place := range bracketed.FindAllString(s, -1) {
		if slices.Contains(places, place) {
			continue
		}
		for _, known := range places {
			if letters(known) == letters(place) {
				return place, known
			}
		}
		return place, ""
	}
	return "", ""
}

// letters are those of a placeholder, in lower case.
func letters(place string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune("[]{} _-", r) {
			return -1
		}
		return r
	}, place))
}

// flawError is what is wrong with a line of a file.
type flawError struct {
	line int
	what string
}

// Error returns it; whoever knows the file puts its name before.
func (f *flawError) Error() string { return fmt.Sprintf("%d: %s", f.line, f.what) }

// textLimit is how long a file may be, in bytes.
const textLimit = 64 << 10

// parse reads a file. Its error is a *flawError.
func parse(n name, content string) (text, error) {
	if len(content) > textLimit || !utf8.ValidString(content) {
		return text{}, &flawError{1, "it isn't UTF-8 text of at most 64 KiB"}
	}
	content = strings.ReplaceAll(strings.TrimPrefix(content, "\ufeff"), "\r\n", "\n")
	for i, line := range strings.Split(content, "\n") {
		if err := checkLine(line); err != nil {
			return text{}, &flawError{i + 1, err.Error()}
		}
	}
	t, err := split(n, content)
	if need := needs[n.template]; err == nil && need != "" && !strings.Contains(t.body, need) {
		err = &flawError{1, "it must have " + need + " in it"}
	}
	return t, err
}

// checkLine looks for placeholders that there aren't.
func checkLine(line string) error {
	switch found, meant := unknownPlace(line); {
	case meant != "":
		return fmt.Errorf("unknown placeholder %s; it is written %s", found, meant)
	case found != "":
		return fmt.Errorf("unknown placeholder %s; the placeholders are %s", found, strings.Join(places, ", "))
	}
	return nil
}

// split takes the head of a file from its body.
func split(n name, content string) (text, error) {
	var t text
	if n.mobile {
		if t.body = strings.TrimSpace(content); t.body == "" {
			return text{}, &flawError{1, "it is empty"}
		}
		return t, nil
	}
	head, body, _ := strings.Cut(strings.TrimRight(content, "\n"), "\n\n")
	for i, line := range strings.Split(head, "\n") {
		key, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); {
		case i == 0 && key == "Subject" && value != "":
			t.subject = value
		case i == 0:
			return text{}, &flawError{1, `the first line must be "Subject: " and the subject`}
		case i == 1 && key == "Button" && value != "":
			t.button = value
		default:
			return text{}, &flawError{i + 1, "a blank line must stand before the text"}
		}
	}
	if t.body = strings.TrimSpace(body); t.body == "" {
		return text{}, &flawError{strings.Count(head, "\n") + 2, "it has no text after the subject"}
	}
	return t, nil
}
