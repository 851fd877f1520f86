package actions

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// draft is the reset mail for a customer, to look at and change before it is
// sent or copied: name, brand, login page and closing are filled in, in the
// customer's language; the links stay placeholders (RULES S1.7, S4.10).
//
// Errors: Unavailable when no templates are set up.
func (a *Actions) draft(user User, places []Place) (*Draft, error) {
	if a.Writer == nil {
		return nil, Errorf(Unavailable, "Latchkey has no templates to write mail with. Please ask your Latchkey admin.")
	}
	brand := brandOf(places)
	written, err := a.Writer.Write(Writing{
		Template: TemplateReset, Via: ChannelEmail, Locale: user.Locale, Brand: brand, Values: a.words(user, brand, linkTime),
	})
	if err != nil {
		return nil, err
	}
	return &Draft{
		Subject: written.Subject, Text: written.Text, Language: written.Language, To: maskContact(ChannelEmail, user.Email),
	}, nil
}

// The bounds of an agent's own mail, in characters.
const (
	subjectLimit = 200
	textLimit    = 10_000
)

// checkWording looks at an agent's own text for a mail with a link: every
// placeholder in it must be known, and one of those for a link must be there,
// in the text and not in the subject, which is shown in lists and kept in logs.
// Empty subject and text are the template's.
//
// Errors: Invalid, with a sentence.
func (a *Actions) checkWording(user User, places []Place, subject, text string) error {
	switch {
	case a.Writer == nil || subject == "" && text == "":
		return nil
	case utf8.RuneCountInString(subject) > subjectLimit || utf8.RuneCountInString(text) > textLimit:
		return Errorf(Invalid, "The subject may have %d characters, and the text %d. Please shorten it.", subjectLimit, textLimit)
	case strings.ContainsAny(subject, "\r\n"):
		return Errorf(Invalid, "A subject is one line.")
	case hasSecretPlace(subject):
		return Errorf(Invalid, "A link can't stand in the subject. Please move it into the text.")
	case text != "" && !strings.Contains(text, PlaceLink) && !strings.Contains(text, PlaceLoginLink):
		return Errorf(Invalid, "The text needs %s or %s where the customer's link goes. Please put one back.", PlaceLink, PlaceLoginLink)
	}
	brand := brandOf(places)
	_, err := a.Writer.Write(Writing{
		Template: TemplateReset, Via: ChannelEmail, Locale: user.Locale, Brand: brand, Subject: subject, Text: text, Values: a.words(user, brand, linkTime),
	})
	return err
}

// hasSecretPlace reports whether a placeholder stands in s that is replaced only
// in the message to the customer.
func hasSecretPlace(s string) bool {
	for _, place := range []string{PlaceLink, PlaceLoginLink, PlaceUsername, PlaceCode} {
		if strings.Contains(s, place) {
			return true
		}
	}
	return false
}

// words are the values of the placeholders that hold no secret.
func (a *Actions) words(user User, brand string, good time.Duration) map[string]string {
	if brand == "" {
		brand = a.Brand
	}
	return map[string]string{
		PlaceName: user.Name(), PlaceBrand: brand, PlaceLoginPage: a.LoginURL, PlaceClosing: a.Closing,
		PlaceMinutes: strconv.Itoa(int(good.Minutes())),
	}
}

// brandOf is the brand of the account that lets the user in, or else of the
// first that has one; "" for the company's.
func brandOf(places []Place) string {
	first := ""
	for _, p := range places {
		switch {
		case p.Account.Brand == "":
		case p.LetsIn():
			return p.Account.Brand
		case first == "":
			first = p.Account.Brand
		}
	}
	return first
}
