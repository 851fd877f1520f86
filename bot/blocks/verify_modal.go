package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// VerifyModal lets an agent choose to which contact on file a code is sent, which
// the caller reads back (RULES S4.2). Contacts are masked: who doesn't know them
// learns nothing. v is what proves the caller already, nil for nothing.
func VerifyModal(person actions.Person, ways []actions.Way, v *actions.Verified, userID, ticket string) slack.ModalViewRequest {
	label, record := labelOf(actions.ActVerify), userID
	all := blocksOf(section(whom(person)))
	if v != nil {
		return modal(VerifyModalID, label, "", record, append(all, section(verifiedLine(*v)), note("There is nothing to do.")))
	}
	via := viaInput("Send a code by", ways)
	if via == nil {
		all = append(all, section("*No contact on file can prove the caller.* A lead can vouch for them: what they attest is on record."))
		return modal(VerifyModalID, label, "", record, append(all, refusedWays(ways)...))
	}
	all = append(all, section("The customer gets a code of 6 digits, good for 10 minutes, and reads it to you. "+
		"Never say a contact to the caller, not even in part: the real customer knows it."))
	all = append(all, via...)
	all = append(all, refusedWays(ways)...)
	all = append(all, purposeInput())
	return modal(VerifyModalID, label, "Send code", record, append(all, ticketInput(ticket)))
}

// CodeModal takes the code that the caller read back.
func CodeModal(r actions.VerificationReport) slack.ModalViewRequest {
	label, id := "Enter code", r.Verification.ID
	all := blocksOf(section(whom(r.Person)), section(verification(r)))
	if r.Verification.State != actions.VerificationAsked {
		return modal(CodeModalID, label, "", id, all)
	}
	code := input(CodeInput, "Code", "The 6 digits that the caller reads to you", codeTyped)
	return modal(CodeModalID, label, "Verify", id, append(all, code))
}

// Verification is the card of a verification: where the code went, whether it
// got there, and how it ended. It is redrawn whenever one of these changes.
func Verification(r actions.VerificationReport) Message {
	text := verification(r)
	v := r.Verification
	all := blocksOf(section("*"+verificationTitle(v.State)+":* "+whom(r.Person)), section(text),
		note(joined("for: "+purpose(v.Purpose), ticket(v.Ticket), "asked by "+mention(v.Actor), clock(v.At))))
	all = append(all, rows(
		offer{may: v.State == actions.VerificationAsked && r.Mail.State != actions.MailFailed, label: "Enter code", action: EnterCodeAction, value: v.ID},
		offer{may: v.State != actions.VerificationHolds, label: "Send another code", action: CodeAgainAction, value: v.ID},
	)...)
	return fit(naming(r.Person)+": "+text, all...)
}

func verificationTitle(s actions.VerificationState) string {
	switch s {
	case actions.VerificationHolds:
		return "Verified"
	case actions.VerificationFailed:
		return "Not verified"
	case actions.VerificationAsked:
	}
	return "Verify the caller"
}

// verification says in words how far a verification came.
func verification(r actions.VerificationReport) string {
	v := r.Verification
	switch v.State {
	case actions.VerificationHolds:
		return verifiedLine(actions.Verified{Via: v.Via, At: v.HeldAt, Until: v.HoldsUntil(), Ticket: v.Ticket, By: v.Actor}) + "."
	case actions.VerificationFailed:
		return "*The caller isn't verified:* the code was wrong too often. Do nothing for this caller that changes something, " +
			"and offer to call back on a number on file."
	case actions.VerificationAsked:
	}
	return strings.Join(append([]string{codeSent(r)}, triesLeft(r)...), "\n")
}

// codeSent says how the message with the code fares.
func codeSent(r actions.VerificationReport) string {
	to := channelWords(r.Verification.Via) + " to " + value(r.To)
	if r.To == "" {
		to = channelWords(r.Verification.Via)
	}
	switch r.Mail.State {
	case actions.MailSent:
		text := "A code went out by " + to + " at " + clock(r.Mail.At)
		if until := clock(r.Verification.ExpiresAt); until != "" {
			text += " and is good until " + until
		}
		return text + ". Ask the caller to read it to you."
	case actions.MailFailed:
		return "*The code couldn't be sent* by " + to + ": " + orElse(line(r.Mail.Why), "it was refused.") + " Choose another contact."
	case actions.MailUnclear:
		return "*The code may have arrived* by " + to + ": " + orElse(line(r.Mail.Why), "the other side went silent.") +
			" Ask the caller, or send another code."
	case actions.MailQueued:
	}
	text := "A code is on its way by " + to + "."
	if why := line(r.Mail.Why); why != "" {
		text += " " + why
	}
	return text
}

// orElse is text, or what stands for it when there is none.
func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func triesLeft(r actions.VerificationReport) []string {
	if r.Verification.Tries == 0 || r.TriesLeft <= 0 {
		return nil
	}
	return []string{"That code was wrong: " + count(r.TriesLeft, "try is", "tries are") + " left."}
}

// purposes are what a code can be for, the general one first. The customer
// reads it beside the code, so that who is talked into reading one out sees what
// it would do.
var purposes = []choice{
	{string(actions.ActVerify), "Help with the login"},
	{string(actions.ActUnlock), "Unlock"},
	{string(actions.ActReenable), "Re-enable"},
	{string(actions.ActSendReset), "Set a new password"},
	{string(actions.ActRevokeSessions), "End all sessions"},
	{string(actions.ActResetFactor), "New second factor"},
	{string(actions.ActChangeEmail), "Change the e-mail address"},
	{string(actions.ActChangeMobile), "Change the mobile number"},
	{string(actions.ActReinvite), "Set the login up anew"},
}

// purposeInput asks what the code is for.
func purposeInput() slack.Block {
	var options []*slack.OptionBlockObject
	for _, c := range purposes {
		options = append(options, slack.NewOptionBlockObject(c.value, plainText(c.text), nil))
	}
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, InputValue, options...).WithInitialOption(options[0])
	return slack.NewInputBlock(PurposeInput, plainText("What for?"), plainText("The customer reads this beside the code."), menu)
}

// purpose says what a code is for.
func purpose(act actions.Act) string {
	for _, c := range purposes {
		if c.value == string(act.Recorded()) {
			return c.text
		}
	}
	return purposes[0].text
}
