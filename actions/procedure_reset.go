package actions

// sendingReset mails the link by which a new password is chosen (RULES S4.1,
// S4.10).
var sendingReset = procedure{
	act:   ActSendReset,
	check: checkSend,
	does: func(op Operation) []string {
		does := []string{"Mails a link to choose a new password to the address on file; it is good for 15 minutes."}
		if op.Params.Copy != "" {
			does = append(does, "Mails a copy without the link to "+NewMasker("").Name(op.Params.Copy)+".")
		}
		return does
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailWithCopy(op, user, TemplateReset) },
	after: "We sent a link to the address on file. Please use the newest mail within 15 minutes, and look in spam too.",
}

// sendingUsername mails the user name (RULES S1.3).
var sendingUsername = procedure{
	act:   ActSendUsername,
	check: checkSend,
	does: func(Operation) []string {
		return []string{"Mails their user name to the address on file, and how to get it by themselves next time."}
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailOnFile(op, user, TemplateUsername) },
	after: "We sent the right user name to the address on file. Please look in spam too.",
}

// sendingLoginLink mails a link that logs in once (RULES S1.4).
var sendingLoginLink = procedure{
	act:   ActSendLoginLink,
	check: checkSend,
	does: func(op Operation) []string {
		does := []string{"Mails a link that logs in once to the address on file; it is good for 15 minutes, and a second factor is still asked for."}
		if op.Params.Copy != "" {
			does = append(does, "Mails a copy without the link to "+NewMasker("").Name(op.Params.Copy)+".")
		}
		return does
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailWithCopy(op, user, TemplateLoginLink) },
	after: "We sent a link to the address on file that logs you in once. Then please look at your user name in the account page, and set a new password.",
}

// resendingInvitation makes the invitation good again and mails it.
var resendingInvitation = procedure{
	act: ActResendInvitation,
	check: func(p *plan) {
		p.barred()
		switch p.user.Status {
		case UserInvited:
		case UserDisabled:
			p.refuse(ActReenable, "The user is disabled, so an invitation can't help. A lead can re-enable them.")
		case UserActive, UserExpired:
			p.refuse("", "They finished their invitation already, so there is none to send again. Look at the diagnosis for what keeps them out.")
		}
		p.needsAddress()
	},
	steps: []step{{kind: ChangeInvited, what: "renewing the invitation", change: func(Operation) Change { return Change{} }}},
	does: func(Operation) []string {
		return []string{"Makes the invitation good again, and mails it to the address on file."}
	},
	mails: func(a *Actions, op Operation, user User) []Mail { return a.mailOnFile(op, user, TemplateInvitation) },
	after: "We sent our invitation again. Please look for it in your mail, spam too, and finish it.",
}

// checkSend refuses to mail what wouldn't arrive or help.
func checkSend(p *plan) {
	p.barredUser()
	p.needsAddress()
	if p.shared() {
		p.refuse(ActReenable, "The login was shared and is kept out for it, so no mail would help. Re-enable them instead, which sends a link; a lead approves.")
	}
	if open, indicated := p.lockedBy(); open != nil || indicated != "" {
		p.refuse(ActUnlock, "They are locked, and no mail would reach a locked user. Unlock them first, and then send it.")
	}
	switch {
	case emailSuppressed(p.situation) != nil:
		p.warning = "Their address is on a list that holds our mail back, so it may not arrive: hand that to L2."
	case p.held(p.row):
		p.warning = "Their contact changed in the last 24 hours, so what is sent there may reach somebody else."
	case p.attacked():
		p.warning = "Strangers try this login: hand it to L2 as well."
	case !p.user.HasPassword && p.row == ActSendReset:
		p.warning = "They sign in with a provider and have no password here, so a reset may not help."
	}
}

// needsAddress refuses what is mailed when there is no address (RULES S4.11).
func (p *plan) needsAddress() {
	if p.user.Email == "" {
		p.refuse(ActChangeEmail, "There is no e-mail address on their profile, so nothing can be mailed. Agree on one with the owner, and add it.")
	}
}

// mailWithCopy is the message with the agent's own text, and its copy, in which
// links stay placeholders (RULES S1.7).
func (a *Actions) mailWithCopy(op Operation, user User, template Template) []Mail {
	mails := a.mailOnFile(op, user, template)
	for i := range mails {
		mails[i].Subject, mails[i].Text = op.Params.MailSubject, op.Params.MailText
	}
	if len(mails) > 0 && op.Params.Copy != "" {
		mail := a.newMail(op.ID, user.ID, template, ChannelEmail)
		mail.Subject, mail.Text, mail.Address, mail.Copy = op.Params.MailSubject, op.Params.MailText, op.Params.Copy, true
		mails = append(mails, mail)
	}
	return mails
}
