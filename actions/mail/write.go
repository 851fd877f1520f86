package mail

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// Writer makes messages of templates. It is an [actions.Writer].
type Writer struct {
	templates *Templates
	brand     string
}

// New makes a writer of the templates in dir (see [LoadTemplates]), "" for those
// that are shipped. brand is what customers know the company by.
func New(dir, brand string) (*Writer, error) {
	templates, err := LoadTemplates(dir)
	if err != nil {
		return nil, err
	}
	return &Writer{templates: templates, brand: brand}, nil
}

// The bounds of an agent's own words, in characters.
const (
	subjectLimit = 200
	bodyLimit    = 10_000
)

// Write fills a text. The brand, the closing and the login page have words for
// when no value is given; every other placeholder without a value stays as it is.
// An empty name is left out, with the space before it. Values are filled in once:
// what looks like a placeholder in one of them is none.
//
// Its error is Invalid, with a sentence, for an agent's own text with an unknown
// placeholder in it or that is too long, and for a template that doesn't go by
// text.
func (w *Writer) Write(x actions.Writing) (actions.Written, error) {
	n := name{template: x.Template, mobile: x.Via == actions.ChannelSMS}
	t, known := w.templates.find(n, x.Brand, x.Locale)
	if !known {
		return actions.Written{}, actions.Errorf(actions.Invalid, "There is no text of %q to send that way. Please send it by e-mail.", n)
	}
	if err := checkOwn(x); err != nil {
		return actions.Written{}, err
	}
	if x.Subject != "" {
		t.subject = x.Subject
	}
	if x.Text != "" {
		t.body = strings.TrimSpace(strings.ReplaceAll(x.Text, "\r\n", "\n"))
	}
	f := w.filling(x, t.language)
	out := actions.Written{Language: t.language, Text: f.fill(t.body)}
	if n.mobile {
		return out, nil
	}
	out.Subject = oneLine(f.fill(t.subject))
	var err error
	out.HTML, err = f.html(t, out.Subject)
	return out, err
}

// checkOwn looks at what an agent wrote.
func checkOwn(x actions.Writing) error {
	if utf8.RuneCountInString(x.Subject) > subjectLimit || utf8.RuneCountInString(x.Text) > bodyLimit {
		return actions.Errorf(actions.Invalid, "The mail is too long: the subject may have %d characters and the text %d.", subjectLimit, bodyLimit)
	}
	switch found, meant := unknownPlace(x.Subject + "\n" + x.Text); {
	case meant != "":
		return actions.Errorf(actions.Invalid, "Latchkey doesn't know the placeholder %s. Please write it %s.", found, meant)
	case found != "":
		return actions.Errorf(actions.Invalid, "Latchkey doesn't know the placeholder %s. Please take it out, or write it without square brackets.", found)
	}
	return nil
}

// filling is what placeholders become.
type filling struct {
	values map[string]string
	brand  string
	phrases
}

// filling gathers the values: those given, and ours for what has words of its own.
func (w *Writer) filling(x actions.Writing, tag string) filling {
	f := filling{values: map[string]string{}, phrases: phrasesOf(tag)}
	for place, value := range x.Values {
		if place != actions.PlaceClosing && place != actions.PlaceDetails {
			value = oneLine(value)
		}
		f.values[place] = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))
	}
	if x.Purpose != "" {
		f.values[actions.PlacePurpose] = Purpose(x.Purpose, tag)
	}
	for _, ours := range []struct{ place, value string }{
		{actions.PlaceBrand, x.Brand}, {actions.PlaceBrand, w.brand}, {actions.PlaceLoginPage, f.loginPage},
	} {
		if f.values[ours.place] == "" && ours.value != "" {
			f.values[ours.place] = oneLine(ours.value)
		}
	}
	f.brand = f.values[actions.PlaceBrand]
	if f.values[actions.PlaceClosing] == "" {
		f.values[actions.PlaceClosing] = fmt.Sprintf(f.closing, f.brand)
	}
	return f
}

// fill puts the values into a text.
func (f filling) fill(s string) string {
	var pairs []string
	for _, place := range slices.Sorted(maps.Keys(f.values)) {
		pairs = append(pairs, place, f.values[place])
	}
	return strings.NewReplacer(pairs...).Replace(f.greet(s))
}

// greet leaves out an empty name: "Hello," is better than "Hello ,".
func (f filling) greet(s string) string {
	if name, given := f.values[actions.PlaceName]; given && name == "" {
		return strings.ReplaceAll(s, " "+actions.PlaceName, "")
	}
	return s
}

var _ actions.Writer = (*Writer)(nil)
