package actions

import (
	"context"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// changingEmail and changingMobile replace a contact once its owner confirmed
// it on another that is on file (RULES S4.11, S4.12).
var (
	changingEmail  = changing(ActChangeEmail)
	changingMobile = changing(ActChangeMobile)
)

func changing(act Act) procedure {
	return procedure{
		act:   act,
		check: checkContact,
		steps: []step{{kind: ChangeContact, what: "changing the contact", change: func(op Operation) Change {
			return Change{Email: op.Params.Email, Mobile: op.Params.Mobile}
		}}},
		does: contactDoes,
		mails: func(a *Actions, op Operation, user User) []Mail {
			before, after := user, user
			before.Email, before.Mobile = op.Params.OldEmail, op.Params.OldMobile
			return a.notices(op.ID, ContactChange{Before: before, After: after})
		},
		after: "Your new contact is on file; we told your old one, too. For your safety, no reset goes there for 24 hours unless we look twice.",
	}
}

// contactDoes says what becomes of a contact.
func contactDoes(op Operation) []string {
	who := "the owner to confirm by link, on " + maskContact(op.Params.Via, oldContact(op.Params))
	if op.Params.Confirmer != "" {
		who = "an admin of their account to confirm by link, since they have no contact on file that could"
	}
	does := []string{
		"Asks " + who + ". Without a yes within 24 hours nothing changes.",
		"Then: " + contactOrAny(op.Params) + ".",
		"Tells the old and the new contact. For 24 hours nothing to log in with is sent there unless a second person approves.",
	}
	if op.Params.ByAdmin {
		does[0] = "An admin asked, not the owner. " + does[0]
	}
	return does
}

// oldContact is the contact on file that confirms a change.
func oldContact(p Params) string {
	if p.Via == ChannelSMS {
		return p.OldMobile
	}
	return p.OldEmail
}

// contactWords says what becomes of the contact, masked; "" when nothing does.
func contactWords(p Params) string {
	mask := NewMasker("")
	switch {
	case p.Email != "":
		return "the e-mail address changes from " + orNone(mask.Name(p.OldEmail)) + " to " + mask.Name(p.Email) + sameMask(mask.Name(p.OldEmail), mask.Name(p.Email))
	case p.Mobile != "":
		return "the mobile number changes from " + orNone(mask.Mobile(p.OldMobile)) + " to " + mask.Mobile(p.Mobile) + sameMask(mask.Mobile(p.OldMobile), mask.Mobile(p.Mobile))
	}
	return ""
}

// contactOrAny is contactWords while no contact is named yet, too.
func contactOrAny(p Params) string {
	if words := contactWords(p); words != "" {
		return words
	}
	return "the new contact takes the place of the one on file"
}

// sameMask says that two contacts differ whose masks don't: otherwise it reads as
// if nothing changed.
func sameMask(old, now string) string {
	if old != now {
		return ""
	}
	return " (another one that looks the same when masked)"
}

func orNone(contact string) string {
	if contact == "" {
		return "none"
	}
	return contact
}

// contactWanted is what has to be looked up for a changed contact.
type contactWanted struct {
	taken  bool    // somebody else has it
	ways   []Way   // the contacts on file
	admins []User  // of the user's accounts, who can confirm
	via    Channel // by which the first of them can
}

// lookForContact looks up what checkContact needs.
func (a *Actions) lookForContact(ctx context.Context, p *plan) error {
	p.wanted.ways = a.waysTo(p.Users[0])
	if contact := p.params.Email + p.params.Mobile; contact != "" {
		others, err := a.Directory.Users(ctx, nil, []string{contact})
		if err != nil {
			return err
		}
		p.wanted.taken = slices.ContainsFunc(others, func(u User) bool { return u.ID != p.user.ID })
	}
	if slices.ContainsFunc(p.wanted.ways, usable) {
		return nil
	}
	var accounts []string
	for _, place := range p.rawPlaces {
		if place.LetsIn() {
			accounts = append(accounts, place.AccountID)
		}
	}
	admins, err := a.Directory.Admins(ctx, accounts)
	for _, admin := range admins {
		ways := a.waysTo(admin)
		way := slices.IndexFunc(ways, usable)
		if admin.ID == p.user.ID || admin.Status != UserActive || way < 0 {
			continue
		}
		if p.wanted.admins == nil {
			p.wanted.via = ways[way].Via
		}
		p.wanted.admins = append(p.wanted.admins, admin)
	}
	return err
}

func usable(w Way) bool { return w.Refused == "" }

// checkContact refuses a contact that can't be one, and finds who confirms it.
func checkContact(p *plan) {
	p.params.OldEmail, p.params.OldMobile, p.params.Confirmer = p.Users[0].Email, p.Users[0].Mobile, ""
	p.barred()
	if p.row == ActChangeEmail {
		p.params.Mobile = ""
		p.checkNew(p.params.Email, Fold(p.params.Email) == Fold(p.params.OldEmail), checkEmail(p.params.Email))
	} else {
		p.params.Email = ""
		p.checkNew(p.params.Mobile, sameNumber(p.params.Mobile, p.params.OldMobile), checkMobile(p.params.Mobile))
	}
	if p.attacked() {
		p.refuse(ActRevokeSessions, "Strangers try this login, so no contact is changed now. Hand it to L2.")
	}
	p.findConfirmer()
}

// checkNew refuses a new contact; nothing is refused while none is named yet.
func (p *plan) checkNew(contact string, same bool, wrong string) {
	switch {
	case contact == "":
	case wrong != "":
		p.refuse("", wrong)
	case same:
		p.refuse("", "That is their contact on file already, so there is nothing to change.")
	case p.wanted.taken:
		p.refuse("", "That contact belongs to somebody else on record, so it can't be put on this profile. Please check it with the caller.")
	}
}

// findConfirmer chooses the contact that confirms, or the admin.
func (p *plan) findConfirmer() {
	p.noContact = !slices.ContainsFunc(p.wanted.ways, usable)
	if p.noContact {
		if len(p.wanted.admins) == 0 {
			p.refuse(ActHandOver, "They have no contact on file that could confirm, and no admin of their account could either. A lead has to look at this with the owner of the account.")
			return
		}
		p.params.Confirmer, p.params.Via = p.wanted.admins[0].ID, p.wanted.via
		return
	}
	for _, way := range p.wanted.ways {
		if p.params.Via == "" && usable(way) {
			p.params.Via = way.Via
		}
		if way.Via == p.params.Via {
			if !usable(way) {
				p.refuse("", "The contact that should confirm can't: "+way.Refused+" Please choose another.")
			}
			return
		}
	}
	p.refuse("", "There is no such contact on file to confirm it. Please choose another.")
}

// The longest that a contact may be.
const (
	emailLimit  = 254 // RFC 5321
	mobileLeast = 6
	mobileLimit = 15 // E.164
)

// checkEmail says what is wrong with an e-mail address, "" for nothing.
func checkEmail(address string) string {
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > emailLimit || !strings.Contains(address[strings.LastIndexByte(address, '@')+1:], ".") {
		return "That isn't an e-mail address. Please type it once more, such as jane@acme.example."
	}
	return ""
}

// CheckAddress looks at an e-mail address that somebody typed. Errors: Invalid.
func CheckAddress(address string) error {
	if wrong := checkEmail(address); wrong != "" {
		return Errorf(Invalid, "%s", wrong)
	}
	return nil
}

// checkMobile says what is wrong with a mobile number, "" for nothing.
func checkMobile(number string) string {
	digits := len(Digits(number))
	if strings.Trim(number, "+0123456789 ()-./") != "" || !strings.HasPrefix(number, "+") || digits < mobileLeast || digits > mobileLimit {
		return "That isn't a mobile number. Please type it with its country, such as +49 170 1234567."
	}
	return ""
}

// checkLine says whether text may stand in a record: a sentence, bounded,
// without what no keyboard makes.
func checkLine(what, text string, limit int, lines bool) error {
	odd := func(r rune) bool { return unicode.IsControl(r) && (!lines || !strings.ContainsRune("\n\r\t", r)) }
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, odd):
		return Errorf(Invalid, "The %s has a character in it that no text has. Please type it again.", what)
	case utf8.RuneCountInString(text) > limit:
		return Errorf(Invalid, "The %s is too long: %d characters are the most.", what, limit)
	}
	return nil
}

// confirmMail asks who confirms a changed contact.
func (a *Actions) confirmMail(ctx context.Context, op Operation) (Mail, error) {
	who := op.Params.Confirmer
	if who == "" {
		who = op.Subject
	}
	user, err := a.user(ctx, who)
	if err != nil {
		return Mail{}, err
	}
	m := a.newMail(op.ID, user.ID, TemplateConfirm, op.Params.Via)
	if user.ID != op.Subject {
		if m.Template, m.Details, err = a.confirmFor(ctx, op); err != nil {
			return Mail{}, err
		}
	}
	m.Address, m.Contact = user.contact(op.Params.Via), NewMasker("").Name(op.Params.Email)
	if op.Params.Mobile != "" {
		m.Contact = NewMasker("").Mobile(op.Params.Mobile)
	}
	if m.Address == "" {
		return Mail{}, fmt.Errorf("the contact of %s that should confirm is gone", user.ID)
	}
	return m, nil
}

// confirmFor is what an admin of the account reads: whose contact it is, for they
// confirm it for somebody else.
func (a *Actions) confirmFor(ctx context.Context, op Operation) (Template, string, error) {
	user, err := a.user(ctx, op.Subject)
	return TemplateConfirmFor, user.Name(), err
}
