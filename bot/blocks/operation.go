package blocks

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// mailsShown is how many messages to a customer a card lists.
const mailsShown = 6

// Operation is what came of an act that helps a customer, and the card that
// follows it: how far it is, exactly what happens, who proved and approved it,
// how its mails fare, and what to tell the customer now.
func Operation(r actions.OperationReport) Message {
	all := blocksOf(section(operationTitle(r) + "\n" + subjectOfCard(r)))
	all = append(all, section(standingNow(r)))
	all = append(all, bulkBlocks(r)...)
	all = append(all, happening(r)...)
	if r.Verified != nil {
		all = append(all, section(verifiedLine(*r.Verified)))
	}
	all = append(all, mails(r.Mails)...)
	all = append(all, handover(r.Handover)...)
	if r.Next != nil {
		all = append(all, section("*Then "+spokenLabel(r.Next.Operation)+":* "+standingNow(*r.Next)))
		all = append(all, mails(r.Next.Mails)...)
	}
	all = append(all, handout(r)...)
	all = append(all, afterwards(r)...)
	all = append(all, note(askedFor(sayable(r))))
	all = append(all, goingOn(r)...)
	return fit(OperationLine(r).Text, all...)
}

// OperationLine says in a line what came of an act.
func OperationLine(r actions.OperationReport) Message {
	op := r.Operation
	text := "*" + escape(labelOfBoth(op.Act, op.Params.Then)) + "* " + aimedAt(r) + " – " + stateName(op.State) + ": " + standingNow(r)
	if r.Next != nil {
		text += " Then " + spokenLabel(r.Next.Operation) + ": " + standingNow(*r.Next)
	}
	if progress := bulkProgress(r); progress != "" {
		text += " " + progress + "."
	}
	return fit(text, section(text))
}

// operationTitle is the act and its state.
func operationTitle(r actions.OperationReport) string {
	return "*" + escape(labelOfBoth(r.Operation.Act, r.Operation.Params.Then)) + " – " + stateName(r.Operation.State) + "*"
}

// spokenLabel is an act in the middle of a sentence.
func spokenLabel(op actions.Operation) string { return lower(escape(labelOf(op.Act))) }

// stateName is a state as a title has it.
func stateName(s actions.OperationState) string {
	switch s {
	case actions.OperationAsked:
		return "waiting for a second person"
	case actions.OperationOwner:
		return "waiting for the owner"
	case actions.OperationRunning:
		return "under way"
	case actions.OperationDone:
		return "done"
	case actions.OperationFailed:
		return "failed"
	case actions.OperationRefused:
		return "not done"
	}
	return words(s)
}

// standingNow says in words where an operation stands, and what to do next.
func standingNow(r actions.OperationReport) string {
	text := stateSentence(r)
	if r.Already {
		text = "It was asked for before, so nothing was begun twice. " + text
	}
	return text
}

func stateSentence(r actions.OperationReport) string {
	switch op := r.Operation; op.State {
	case actions.OperationAsked:
		return waitingForLead(r)
	case actions.OperationOwner:
		return waitingForOwner(r)
	case actions.OperationRunning:
		if r.Bulk != nil {
			return "They are unlocked one after the other, and each is read back in the directory. This card follows."
		}
		return "Each step is taken, and then read back " + whereRead(r) + ". This card follows."
	case actions.OperationDone:
		return doneSentence(r) + approvedBy(r)
	case actions.OperationFailed:
		return orElse(said(op.Why), "A step failed.") + " " + whatHolds(r)
	case actions.OperationRefused:
		return refusedBecause(r)
	}
	return "This is from another version of Latchkey."
}

// whatHolds says what holds after a step failed, and what to do.
func whatHolds(r actions.OperationReport) string {
	switch {
	case r.Bulk != nil:
		return "Who was unlocked stays unlocked, and the audit has each of them. Ask for it again to unlock the others."
	case r.Admin != nil:
		return adminFailed(r.Operation)
	}
	return "What holds now is what the directory shows, whatever was asked for: " +
		"diagnose again before you tell the customer anything, then try once more or hand it to a lead."
}

// doneSentence says what it means that an act is done: what changes the directory
// was read back, and what is only mailed is not there yet.
func doneSentence(r actions.OperationReport) string {
	op := r.Operation
	switch {
	case r.Bulk != nil:
		return bulkDone(r)
	case r.Admin != nil:
		return adminDone(r)
	}
	switch op.Act {
	case actions.ActSendReset, actions.ActSendUsername, actions.ActSendLoginLink:
		waits := func(m actions.MailReport) bool { return m.State == actions.MailQueued }
		if len(r.Mails) > 0 && !slices.ContainsFunc(r.Mails, waits) {
			return "How the message fared stands below."
		}
		return "The message goes out now, and this card shows how it fares."
	case actions.ActHandOver:
		return "Handed over" + at(op.EndedAt) + "."
	case actions.ActDelist:
		return "Done and read back" + at(op.EndedAt) + ": no list that could be asked holds mail to the address back."
	default:
		return "Done and read back" + at(op.EndedAt) + ": the directory shows it."
	}
}

// at says when, if it is known.
func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " at " + clock(t)
}

// approvedBy says who else answers for what was done.
func approvedBy(r actions.OperationReport) string {
	if r.Operation.Approver == "" {
		return ""
	}
	return " Approved by " + mention(r.Operation.Approver) + "."
}

// waitingForLead says who was asked, and until when.
func waitingForLead(r actions.OperationReport) string {
	text := "Waiting for a lead"
	until := r.Operation.Until
	if r.Approval != nil {
		if asked := mentions(r.Approval.Asked); asked != "" {
			text += ": asked " + asked
		}
		until = r.Approval.Until
	}
	if !until.IsZero() {
		text += ", until " + clock(until)
	}
	return text + ". Nothing is done before, and you are told."
}

// askedShown is how many of those who were asked are named.
const askedShown = 5

// mentions names several colleagues.
func mentions(ids []string) string {
	var named []string
	for _, id := range first(ids, askedShown) {
		named = append(named, mention(id))
	}
	if more := len(ids) - len(named); more > 0 {
		named = append(named, count(more, "other", "others"))
	}
	return strings.Join(named, ", ")
}

// waitingForOwner says whose link has to be clicked.
func waitingForOwner(r actions.OperationReport) string {
	who := "the owner"
	if r.Operation.Params.Confirmer != "" {
		who = "the account's admin"
	}
	text := "Waiting for " + who + " to confirm by the link sent to " + confirmedAt(r)
	if !r.Operation.Until.IsZero() {
		text += ", until " + when(r.Operation.Until)
	}
	return text + "." + approvedBy(r) + " Nothing changes before."
}

// confirmedAt is the contact, masked, that the link went to.
func confirmedAt(r actions.OperationReport) string {
	via := r.Operation.Params.Via
	i := slices.IndexFunc(r.Mails, func(m actions.MailReport) bool { return m.To != "" && (via == "" || m.Via == via) })
	if i < 0 {
		return "their contact on file"
	}
	return value(r.Mails[i].To)
}

// refusedBecause says why nothing was done.
func refusedBecause(r actions.OperationReport) string {
	why := said(r.Operation.Why)
	if r.Approval != nil && why == "" {
		switch r.Approval.State {
		case actions.ApprovalDeclined:
			why = mention(r.Approval.By) + " declined" + at(r.Approval.DecidedAt) + "."
		case actions.ApprovalExpired:
			why = "Nobody approved it by " + clock(r.Approval.Until) + "."
		case actions.ApprovalAsked, actions.ApprovalGiven:
		}
	}
	if strings.Contains(strings.ToLower(why), "nothing was changed") {
		return why
	}
	return orElse(why, "It was refused.") + " Nothing was changed."
}

// happening lists exactly what will happen, or what happened.
func happening(r actions.OperationReport) []slack.Block {
	if r.Bulk != nil && r.Operation.State.Final() {
		return nil // its progress says so
	}
	lines := mapped(r.Does, doing(r))
	contact := line(r.Contact)
	said := slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, contact) })
	if contact != "" && !said {
		lines = append(lines, capital(contact)+".")
	}
	if len(lines) == 0 {
		return nil
	}
	return blocksOf(section(list(happeningTitle(r.Operation.State), lines, doesShown, asIs)))
}

func happeningTitle(s actions.OperationState) string {
	switch s {
	case actions.OperationDone:
		return "What was done"
	case actions.OperationFailed, actions.OperationRefused:
		return "What was asked for"
	case actions.OperationRunning:
		return "What is being done"
	case actions.OperationAsked, actions.OperationOwner:
	}
	return "What will happen"
}

// mapped is each item as it is shown.
func mapped[T any](items []T, render func(T) string) []string {
	all := make([]string, 0, len(items)+1)
	for _, item := range items {
		all = append(all, render(item))
	}
	return all
}

// mails lists the messages to the customer, and how each fares.
func mails(all []actions.MailReport) []slack.Block {
	if len(all) == 0 {
		return nil
	}
	return blocksOf(section(list("Messages", all, mailsShown, mailLine)))
}

func mailLine(m actions.MailReport) string {
	text := joined(deliveryName(m.Kind)+" by "+channelWords(m.Via), sentTo(m.To), mailState(m.State), clock(m.At))
	if why := line(m.Why); why != "" {
		text += ": " + why
	}
	return text
}

func sentTo(masked string) string {
	if masked == "" {
		return ""
	}
	return "to " + value(masked)
}

// mailState says how far a message came.
func mailState(s actions.MailState) string {
	switch s {
	case actions.MailQueued:
		return "on its way"
	case actions.MailSent:
		return "sent"
	case actions.MailFailed:
		return "*not sent*"
	case actions.MailUnclear:
		return "*may have arrived*"
	}
	return words(s)
}

// deliveryName says what a message is.
func deliveryName(kind actions.DeliveryKind) string {
	switch kind {
	case actions.DeliveryPasswordReset:
		return "Password reset"
	case actions.DeliveryUsername:
		return "User name"
	case actions.DeliveryLoginLink:
		return "Login link"
	case actions.DeliveryCode:
		return "Code"
	case actions.DeliveryNotice:
		return "Notice"
	}
	return capital(words(kind))
}

// afterwards is what to tell the customer now, ready to copy.
func afterwards(r actions.OperationReport) []slack.Block {
	var said []string
	for next := &r; next != nil; next = next.Next {
		if text := sentence(next.Afterwards); text != "" {
			said = append(said, text)
		}
	}
	if len(said) == 0 {
		return nil
	}
	return blocksOf(richText(copyable("Say to the customer", strings.Join(said, " "))...))
}

// askedFor says who asked, when, why and for which ticket.
func askedFor(op actions.Operation) string {
	attested := ""
	if op.Attested {
		attested = "nobody proved the caller: " + mention(op.Actor) + " vouches for them"
	}
	why := ""
	if op.Reason != "" {
		why = "reason: " + line(op.Reason)
	}
	return joined("asked by "+mention(op.Actor), when(op.At), why, ticket(op.Ticket), attested)
}

// handout says how a password that was set by hand gets to the customer. That of a
// temporary admin is on its own card.
func handout(r actions.OperationReport) []slack.Block {
	if r.Admin != nil {
		return nil
	}
	switch r.Handout {
	case actions.HandoutWaits:
		return blocksOf(section("*The password is ready.* It is shown to nobody here: make the one-time link, and give it to the customer with the passphrase told another way."))
	case actions.HandoutMade:
		return blocksOf(note("The one-time link was made: its own card shows what becomes of it."))
	case actions.HandoutGone:
		return blocksOf(section("*The password wasn't handed out in time, or another was set since.* It is deleted, and nobody knows it: set another one, or send a reset e-mail."))
	case actions.HandoutNone:
	}
	return nil
}
