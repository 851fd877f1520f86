package actions

// settingPassword sets a generated password, for who gets no mail at all: it is
// handed out as a one-time secret, and must be changed at the first login (RULES
// S4.8).
var settingPassword = procedure{
	act:   ActSetPassword,
	check: checkSetPassword,
	steps: []step{
		{kind: ChangePasswordSet, what: "setting the password", sealed: func(password string) Change {
			return Change{PasswordHash: hashPassword([]byte(password))}
		}},
		{kind: ChangeSessions, what: "ending their sessions", change: func(Operation) Change { return Change{} }},
	},
	does:  setPasswordDoes,
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailOnFile(op, user, TemplatePassword) },
	after: "We set a new password for you. You get it by a link that opens once, and the passphrase for it another way. At the first login you choose your own.",
}

func setPasswordDoes(op Operation) []string {
	does := []string{
		"Sets a password that Latchkey makes up; it must be changed at the first login.",
		"Ends every session, on every device.",
		"Keeps the password sealed for 24 hours: who asks for this hands it out, as a link that opens once, with a passphrase.",
	}
	if op.Params.Untold {
		return append(does, "Tells nobody by e-mail: no mail can be sent to them. Make sure of whom you speak to.")
	}
	return append(does, "Tells them at the address on file, without the password.")
}

// checkSetPassword refuses whom a password wouldn't let in. Unlike a reset it
// needs no address.
func checkSetPassword(p *plan) {
	p.barredUser()
	p.params.Untold = p.user.Email == ""
	if p.shared() {
		p.refuse(ActReenable, "The login was shared and is kept out for it. Re-enable them instead, which changes the password; a lead approves.")
	}
	if open, indicated := p.lockedBy(); open != nil || indicated != "" {
		p.refuse(ActUnlock, "They are locked, and a new password lets no locked user in. Unlock them first, and then set it.")
	}
	if !p.user.HasPassword {
		p.refuse(ActSendLoginLink, "They sign in with a provider and have no password here, so there is none to set. Guide them to the button of their provider, or send a link that logs in once.")
	}
	switch {
	case p.attacked():
		p.warning = "Strangers try this login: hand it to L2 as well."
	case p.contactFresh():
		p.warning = "Their contact changed in the last 24 hours: make sure that you speak to the owner, and not to who changed it."
	}
}
