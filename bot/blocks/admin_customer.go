package blocks

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// customersTitle is the state of a customer's own temporary admin in a few words.
func customersTitle(s actions.AdminState) string {
	switch s {
	case actions.AdminAsked:
		return "Asked"
	case actions.AdminReceived:
		return "Received"
	case actions.AdminInUse:
		return "In use"
	case actions.AdminEnding:
		return "To be deleted by the customer"
	case actions.AdminGone:
		return "Gone"
	case actions.AdminRefused:
		return "Nothing came"
	case actions.AdminStray:
	}
	return capital(words(s))
}

// customersStanding says where a customer's own stands, and what to do next
// (RULES S3.2).
func customersStanding(r actions.AdminReport, viewer string) string {
	t := r.Admin
	switch t.State {
	case actions.AdminAsked:
		return sentences(stepsMailed(r), "Nothing has come yet; the request's card above says until when it can.")
	case actions.AdminReceived:
		return "The login came" + dated(t.BegunAt) + ", sealed. " + whoOpens(t, viewer) + customersEnd(t)
	case actions.AdminInUse:
		return "The login came" + dated(t.BegunAt) + " and was opened." + customersEnd(t)
	case actions.AdminEnding:
		return sentences(adminBecause(t), askedToDelete(r))
	case actions.AdminGone:
		return sentences(adminBecause(t), "The customer has deleted it: they said so"+dated(t.EndedAt)+".")
	case actions.AdminRefused:
		return sentences(adminBecause(t), mailFailed(r), "If they made one already, ask them to delete it.")
	case actions.AdminStray:
	}
	return "This is from another version of Latchkey."
}

// stepsMailed says how the mail fared that asks a customer to make one.
func stepsMailed(r actions.AdminReport) string {
	if len(r.Mails) == 0 {
		return "A mail with the steps and a link goes to the customer."
	}
	switch m := r.Mails[0]; m.State {
	case actions.MailQueued:
		return sentences("The mail with the steps and a link is on its way to "+mailedTo(&m)+".", line(m.Why))
	case actions.MailSent:
		return "The mail with the steps and a link went to " + mailedTo(&m) + dated(m.At) + "."
	case actions.MailFailed, actions.MailUnclear:
	}
	return mailFailed(r)
}

// whoOpens says how the login that came is opened.
func whoOpens(t actions.TempAdmin, viewer string) string {
	if viewer == t.Actor {
		return "*Open it with the request's card above:* it opens once."
	}
	return mention(t.Actor) + " can open it, once."
}

// customersEnd says how a customer's own ends.
func customersEnd(t actions.TempAdmin) string {
	return " When it ends" + orSolved(t) + ", the customer is asked to delete it, and reminded until they say that they did."
}

// askedToDelete says how often a customer was asked to delete theirs, and when they
// are asked again.
func askedToDelete(r actions.AdminReport) string {
	t := r.Admin
	asked, again := "*The mail that asks the customer to delete it goes out now.*", ""
	if t.Tries > 0 {
		asked = "*The customer was asked to delete it " + count(t.Tries, "time", "times") + "*, by mail with the steps."
	}
	if t.Due.After(r.Now) {
		again = "They are asked again " + when(t.Due) + ", and on until they say that they did."
	}
	if failed := mailFailed(r); failed != "" {
		again = failed + " Please ask them another way, and mark it as deleted when they did."
	}
	return sentences(asked, again)
}

// mailFailed says that the last mail to a customer didn't arrive, or may not have.
func mailFailed(r actions.AdminReport) string {
	if len(r.Mails) == 0 {
		return ""
	}
	m := r.Mails[0]
	switch m.State {
	case actions.MailFailed:
		return "*The last mail couldn't be sent* to " + mailedTo(&m) + ": " + orElse(line(m.Why), "it was refused.")
	case actions.MailUnclear:
		return "*The last mail may not have arrived* at " + mailedTo(&m) + ": " + orElse(line(m.Why), "the other side went silent.")
	case actions.MailQueued, actions.MailSent:
	}
	return ""
}
