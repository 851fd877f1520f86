package actions

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// reenabling makes a disabled user active (RULES S4.3).
var reenabling = procedure{
	act:   ActReenable,
	check: checkReenable,
	steps: []step{{kind: ChangeEnabled, what: "enabling", change: func(op Operation) Change { return Change{Locks: op.Params.Locks} }}},
	does: func(Operation) []string {
		return []string{"Makes the disabled user active again.", "Tells them by e-mail, if they have an address."}
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailOnFile(op, user, TemplateEnabled) },
	after: "Your access is switched on again. Please try to log in.",
}

// reenablingShared changes the password first, and only then lets the user in
// again (RULES S0.8): if a step fails, they stay out.
var reenablingShared = procedure{
	act:   ActReenableShared,
	check: checkReenable,
	steps: []step{
		{kind: ChangePasswordSet, what: "changing the password", change: func(Operation) Change { return Change{PasswordHash: unknownPassword()} }},
		{kind: ChangeSessions, what: "ending their sessions", change: func(Operation) Change { return Change{} }},
		{kind: ChangeEnabled, what: "enabling", change: func(op Operation) Change { return Change{Locks: op.Params.Locks} }},
	},
	does: func(op Operation) []string {
		return []string{
			"Replaces the password by one that nobody knows; they choose a new one by a link.",
			"Ends every session, on every device.",
			fmt.Sprintf("Makes the user active and releases the lock for %s.", lockList(op.Params.Locks)),
			"Mails a warning about sharing, with the link to choose a new password, to the address on file.",
		}
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailOnFile(op, user, TemplateShared) },
	after: "Your login was used from many places, so it got a fresh start: please choose a new password with the link that we mailed you, and keep it to yourself.",
}

// checkReenable refuses whom support doesn't let in again, and says who does.
func checkReenable(p *plan) {
	p.barred()
	shared := p.shared()
	switch {
	case shared:
		p.row = ActReenableShared
		p.params.Locks = []LockKind{LockSharing}
		for _, kind := range []LockKind{LockAttempts, LockInactivity} { // else no mail reaches them (RULES S4.6)
			if p.lockOf(kind) != nil {
				p.params.Locks = append(p.params.Locks, kind)
			}
		}
	default:
		p.row = ActReenable
		p.params.Locks = nil
	}
	switch {
	case shared && p.user.Email == "":
		p.refuse(ActChangeEmail, "There is no e-mail address on their profile, so they couldn't choose a new password. Add one first, confirmed by its owner.")
	case p.user.Status == UserInvited:
		p.refuse(ActResendInvitation, "They never finished their invitation, so there is nothing to re-enable. Send it again instead.")
	case !shared && p.user.Status != UserDisabled:
		p.refuse("", "The user isn't disabled, so there is nothing to re-enable. Look at the diagnosis for what keeps them out.")
	}
	if p.attacked() {
		p.warning = "Strangers try this login: hand it to L2 as well."
	}
}

// The cost of a password's hash, as OWASP has it for argon2id.
const (
	hashMemory  = 19 * 1024 // KiB
	hashTime    = 2
	hashThreads = 1
	hashBytes   = 32
)

// unknownPassword returns the hash of a random password that is thrown away.
func unknownPassword() string {
	password := make([]byte, 32)
	_, _ = rand.Read(password) // never fails: crypto/rand ends the program instead
	return hashPassword(password)
}

// hashPassword is the hash of a password, as PHC has it, with a salt of its own.
func hashPassword(password []byte) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the program instead
	hash := argon2.IDKey(password, salt, hashTime, hashMemory, hashThreads, hashBytes)
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashThreads, encode(salt), encode(hash))
}

// mailOnFile is the message of a template to the e-mail address on file; none
// where mail can't be sent or there is no address.
func (a *Actions) mailOnFile(op Operation, user User, template Template) []Mail {
	if user.Email == "" || !a.carries(ChannelEmail) {
		return nil
	}
	return []Mail{a.newMail(op.ID, user.ID, template, ChannelEmail)}
}
