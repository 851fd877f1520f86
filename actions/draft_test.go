package actions

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

// echo writes the template's name and the text, with the values in it.
type echo struct{}

func (echo) Write(w Writing) (Written, error) {
	if strings.Contains(w.Text, "[oops]") {
		return Written{}, Errorf(Invalid, "There is no placeholder [oops].")
	}
	text := w.Text
	if text == "" {
		text = "[Customer Name], [Brand], [login page], [add the closing template], [minutes], [insert link here], [loginLink]"
	}
	for place, value := range w.Values {
		text = strings.ReplaceAll(text, place, value)
	}
	return Written{Subject: w.Brand + " " + w.Locale, Text: text, Language: "de"}, nil
}

// TestDraft: names are filled in, links aren't (RULES S1.7, S4.10).
func TestDraft(t *testing.T) {
	a := &Actions{Writer: echo{}, Brand: "Acme", LoginURL: "https://acme.example", Closing: "Yours"}
	jane := User{FirstName: "Jane", LastName: "Roe", Email: "jane@acme.example", Locale: "de-DE"}
	for brand, want := range map[string]string{"": "Acme", "Acme Cloud": "Acme Cloud"} {
		d, err := a.draft(jane, []Place{{Account: Account{Brand: brand, Status: AccountActive}}})
		if err != nil {
			t.Fatal(err)
		}
		if d.Text != "Jane Roe, "+want+", https://acme.example, Yours, 15, [insert link here], [loginLink]" ||
			d.Subject != brand+" de-DE" || d.To != "j•••@a•••.example" || d.Language != "de" {
			t.Errorf("got %+v", d)
		}
	}
	a.Writer = nil
	if _, err := a.draft(jane, nil); CodeOf(err) != Unavailable {
		t.Errorf("got %v", err)
	}
}

// TestWordingOfAnAgent: it keeps a link's placeholder, in the text.
func TestWordingOfAnAgent(t *testing.T) {
	a := &Actions{Writer: echo{}}
	for _, good := range [][2]string{{"", ""}, {"Hello", "[insert link here]"}, {"", "x [loginLink] y"}, {"Only a subject", ""}} {
		if err := a.checkWording(User{}, nil, good[0], good[1]); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	long := strings.Repeat("x", textLimit) + PlaceLink
	for _, bad := range [][2]string{
		{"", "no link"}, {"[insert link here]", "[insert link here]"}, {"your [code]", "[loginLink]"}, {"a\r\nBcc: eve@evil.example", "[loginLink]"},
		{"", "[oops] [loginLink]"}, {"", long}, {long, ""},
	} {
		if err := a.checkWording(User{}, nil, bad[0], bad[1]); CodeOf(err) != Invalid {
			t.Errorf("%.80q: %v", bad, err)
		}
	}
}

// TestBrandOfAPlace: that of an account that lets them in.
func TestBrandOfAPlace(t *testing.T) {
	shut := Place{Membership: Membership{Status: MembershipActive}, Account: Account{Brand: "Old", Status: AccountCancelled}}
	open := Place{Membership: Membership{Status: MembershipActive}, Account: Account{Brand: "New", Status: AccountActive}}
	for want, places := range map[string][]Place{"": nil, "Old": {{}, shut}, "New": {shut, {}, open}} {
		if got := brandOf(places); got != want {
			t.Errorf("got %q, and not %q", got, want)
		}
	}
}

// TestNotices: the old and the new contact are told, and a new mobile is told to
// the mailbox, too.
func TestNotices(t *testing.T) {
	keys, err := ParseKeyring("k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
	if err != nil {
		t.Fatal(err)
	}
	a := &Actions{Now: time.Now, Writer: echo{}, Mailer: silent{}, Texter: silent{}, Keys: keys}
	before := User{ID: "u1", Email: "a@x.example", Mobile: "+49 170 1234567"}
	for _, c := range []struct {
		email, mobile string
		told          []string
	}{
		{"b@x.example", "+49 170 1234567", []string{"a@x.example", "b@x.example"}},
		{"a@x.example", "+49 170 7654321", []string{"+49 170 1234567", "+49 170 7654321", "a@x.example"}},
		{"", "+49 170 1234567", []string{"a@x.example"}},
	} {
		var told []string
		for _, mail := range a.notices("op", ContactChange{Before: before, After: User{ID: "u1", Email: c.email, Mobile: c.mobile}}) {
			told = append(told, mail.Address)
			if mail.Template != TemplateChanged || mail.UserID != "u1" || mail.Operation != "op" || mail.Contact == "" || strings.Contains(mail.Contact, "@x.") {
				t.Errorf("got %+v", mail)
			}
		}
		slices.Sort(told)
		if !slices.Equal(told, c.told) {
			t.Errorf("%+v: told %q", c, told)
		}
	}
}

// silent sends nothing.
type silent struct{}

func (silent) Send(context.Context, Letter) error     { return nil }
func (silent) SendText(context.Context, Letter) error { return nil }
