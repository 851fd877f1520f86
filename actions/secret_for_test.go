package actions

import (
	"strings"
	"testing"
)

// TestWhoFor: a customer is known by what is theirs, anybody else by the word, and
// neither is written in full.
func TestWhoFor(t *testing.T) {
	d := office(t, func(s *scene) {
		s.Users = append(s.Users, User{ID: "u-2", Username: "0400000999", Mobile: "+61 400 000 999"}, User{ID: "u-3", Username: "joe", Mobile: "+61 400 000 999"})
	})
	for typed, want := range map[string][2]string{
		"":                         {"", ""},
		"  ":                       {"", ""},
		"jane.doe":                 {"u-1", "j•••@a•••.example"},
		" JANE@acme.example ":      {"u-1", "j•••@a•••.example"},
		"u-1":                      {"u-1", "j•••@a•••.example"},
		"joe":                      {"u-3", "j•••"},
		"u-2":                      {"u-2", "•••99"},
		"+61 400 000 999":          {"", "•••99"}, // two have that number
		"somebody@else.example":    {"", "s•••@e•••.example"},
		"0170 1234567":             {"", "•••67"},
		"the new intern":           {"", "the new intern"},
		"Max (max@else.example)":   {"", "Max (m•••@e•••.example)"},
		"Max, +49 170 1234567 now": {"", "Max, •••67 now"},
	} {
		t.Run(typed, func(t *testing.T) {
			userID, masked, err := d.whoFor(t.Context(), typed, "")
			if err != nil || userID != want[0] || masked != want[1] {
				t.Errorf("it is for %q, called %q, %v; want %q", userID, masked, err, want)
			}
		})
	}
}

// TestWhoForByMail: a link is mailed to exactly one customer, at an address on file
// that didn't change lately.
func TestWhoForByMail(t *testing.T) {
	changed := func(change func(*User)) option { return func(s *scene) { change(&s.Users[0]) } }
	for name, c := range map[string]struct {
		option option
		typed  string
		want   Code
	}{
		"the one":      {all(), "jane@acme.example", ""},
		"nobody typed": {all(), "", Invalid},
		"a stranger":   {all(), "the new intern", NotFound},
		"one of two": {func(s *scene) {
			s.Users = append(s.Users, User{ID: "u-2", Username: "joe", Email: "jane@acme.example"})
		}, "jane@acme.example", Conflict},
		"one without e-mail":    {changed(func(u *User) { u.Email = "" }), "jane.doe", Conflict},
		"changed a day ago":     {changed(func(u *User) { u.ContactChangedAt = noon.Add(-aDay) }), "jane.doe", Conflict},
		"changed in the future": {changed(func(u *User) { u.ContactChangedAt = noon.Add(tick) }), "jane.doe", Conflict},
		"changed before":        {changed(func(u *User) { u.ContactChangedAt = noon.Add(-aDay - tick) }), "jane.doe", ""},
	} {
		t.Run(name, func(t *testing.T) {
			userID, masked, err := office(t, c.option).whoFor(t.Context(), c.typed, TemplateSecret)
			wantCode(t, err, c.want)
			switch {
			case c.want == "" && (userID != "u-1" || masked != "j•••@a•••.example"):
				t.Errorf("it goes to %q, called %q", userID, masked)
			case c.want != "" && (!IsAboutFor(err) || userID != "" || masked != "" || c.typed != "" && strings.Contains(err.Error(), c.typed)):
				t.Errorf("got %q, %q, %v", userID, masked, err)
			}
		})
	}
	t.Run("the directory is away", func(t *testing.T) {
		d := office(t)
		d.directory.err = Errorf(Unavailable, "The directory doesn't answer.")
		_, _, err := d.whoFor(t.Context(), "jane.doe", TemplateSecret)
		wantCode(t, err, Unavailable)
		if IsAboutFor(err) {
			t.Error("that isn't about whom it is for")
		}
	})
}

// TestNotMailedIsRecorded: who asks whether a customer can be mailed, and hears that
// they can't, has asked on record; nothing else is kept.
func TestNotMailedIsRecorded(t *testing.T) {
	for name, c := range map[string]struct {
		whom  string
		sea   bool // the contact changed an hour ago
		code  Code
		sends bool
	}{
		"a secret for a stranger":       {whom: "joe@acme.example", code: NotFound, sends: true},
		"a request to a stranger":       {whom: "joe@acme.example", code: NotFound},
		"a secret for a contact at sea": {whom: "jane.doe", sea: true, code: Conflict, sends: true},
		"a request to a contact at sea": {whom: "jane.doe", sea: true, code: Conflict},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			if c.sea {
				d.directory.scene.Users[0].ContactChangedAt = noon.Add(-hour)
			}
			before := d.store.state.clone()
			act := ActSecretRequest
			var err error
			if c.sends {
				act = ActSecret
				_, err = d.CreateSecret(t.Context(), agent("k", "#4711"), note(mailedJane, func(n *NewSecret) { n.For = c.whom }))
			} else {
				_, err = d.AskForSecret(t.Context(), agent("k", "#4711"), wifi(func(n *NewRequest) { n.Mail, n.For = true, c.whom }))
			}
			wantCode(t, err, c.code)
			added := d.store.state.audit[len(before.audit):]
			if len(added) != 1 || added[0].Act != act || added[0].Outcome != ActRefused || added[0].Ticket != "#4711" || strings.Contains(added[0].Detail, c.whom) {
				t.Errorf("it is recorded as %+v", added)
			}
			if len(d.store.state.sealed) != len(before.sealed) || len(d.store.state.mails) != len(before.mails) {
				t.Error("something was kept")
			}
		})
	}
}
