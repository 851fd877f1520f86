package actions

import (
	"cmp"
	"context"
	"strings"
)

// whoFor finds out whom a secret or a request is for, by what was typed: userID of
// the one customer who answers to it, if there is exactly one, and how to call them,
// masked. With the template of a mail it has to be one who gets it at the e-mail address
// on file, and whose contact didn't change in the last 24 h; without, it may be anybody,
// also a word, or nobody. Its errors about what was typed are known by [IsAboutFor].
func (a *Actions) whoFor(ctx context.Context, typed string, template Template) (userID, masked string, err error) {
	mail := template != ""
	typed = strings.TrimSpace(visibleText(typed))
	if err := checkFor(typed); err != nil {
		return "", "", err
	}
	switch {
	case typed == "" && mail:
		return "", "", aboutFor(Invalid, "To mail it, Latchkey has to know the customer. Please say whom it is for: their e-mail address, user name or number.")
	case typed == "":
		return "", "", nil
	case mail && !a.CanMail():
		return "", "", Errorf(Unavailable, "Latchkey isn't set up to send mail. Please %s.", template.instead())
	}
	users, err := a.Directory.Users(ctx, []string{typed}, []string{typed})
	switch {
	case err != nil:
		return "", "", err
	case mail:
		return a.mailedTo(users, template)
	case len(users) == 1:
		return users[0].ID, users[0].masked(), nil
	}
	if len(users) > 1 { // it is a customer's, though not of one
		return "", NewMasker("").Name(typed), nil
	}
	return "", maskWord(typed), nil
}

// checkFor looks at what was typed: one line, bounded, without a password in it.
func checkFor(typed string) error {
	err := checkLine("name of whom it is for", typed, forLimit, false)
	if err == nil {
		err = CheckWritten(typed)
	}
	if err != nil {
		return &Error{Code: Invalid, Sentence: err.Error(), Cause: errFor}
	}
	return nil
}

// instead is what helps when a link of this template can't be mailed.
func (t Template) instead() string {
	if t == TemplateAdminAsk {
		return "ask them for it with /secret request"
	}
	return "hand the link over yourself"
}

// mailedTo is the one customer who can be mailed among those who were found.
func (a *Actions) mailedTo(users []User, template Template) (userID, masked string, err error) {
	switch {
	case len(users) == 0:
		return "", "", aboutFor(NotFound, "No customer is known by that, so there is no address on file. Please look them up with /diagnose, or "+template.instead()+".")
	case len(users) > 1:
		return "", "", aboutFor(Conflict, "Several customers answer to that. Please type what only one has, such as the user name.")
	case users[0].Email == "":
		return "", "", aboutFor(Conflict, "That customer has no e-mail address on file. Please "+template.instead()+".")
	}
	if users[0].changedLately(Instant(a.Now())) {
		return "", "", aboutFor(Conflict, "Their contact changed in the last 24 hours, so nothing is mailed there. Please make sure whom you speak with, and "+template.instead()+".")
	}
	return users[0].ID, NewMasker("").Name(users[0].Email), nil
}

// refusedFor records that somebody asked whether a customer can be mailed, and heard
// that they can't: nobody finds out unseen who is one. It returns err.
func (a *Actions) refusedFor(ctx context.Context, call Call, act Act, err error) error {
	if code := CodeOf(err); !IsAboutFor(err) || code != NotFound && code != Conflict {
		return err
	}
	entry := AuditEntry{At: Instant(a.Now()), Act: act, Outcome: ActRefused, Detail: "not mailed: " + err.Error()}
	return cmp.Or(a.Store.Tx(ctx, func(tx Tx) error { return a.record(ctx, tx, call, entry) }), err)
}

// aboutFor is an error about whom something is for.
func aboutFor(code Code, sentence string) error {
	return &Error{Code: code, Sentence: sentence, Cause: errFor}
}

// masked is how a customer is called where nobody asked by name: by the first of
// their contacts that is on file.
func (u User) masked() string {
	mask := NewMasker("")
	switch {
	case u.Email != "":
		return mask.Name(u.Email)
	case u.Username != "":
		return mask.Name(u.Username)
	}
	return mask.Mobile(u.Mobile)
}

// maskWord is a word for somebody who isn't a customer, masked where it is an
// address or a number.
func maskWord(typed string) string {
	if PhoneDigits(typed) != "" {
		return MaskMobile(typed)
	}
	return NewMasker("").Text(typed)
}
