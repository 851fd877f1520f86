package blocks_test

import (
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// proof is Jane proven by a text.
func proof() *actions.Verified {
	return &actions.Verified{Via: actions.ChannelSMS, At: ago(11 * time.Minute), Until: now.Add(49 * time.Minute), Ticket: "#4711", By: "U0AGENT"}
}

// ways are Jane's contacts, the mobile fit to prove her.
func ways() []actions.Way {
	return []actions.Way{
		{Via: actions.ChannelSMS, Masked: "•••78"},
		{Via: actions.ChannelEmail, Masked: "j•••@a•••.example", Refused: "It changed 3 hours ago."},
	}
}

// prepared is what is known of an act for Jane before it is asked for.
func prepared(act actions.Act) actions.Preparation {
	rule, _ := actions.RuleFor(act)
	return actions.Preparation{
		Act: act, Person: person(), Rule: rule, Ticket: "#4711", Ways: ways(),
		Does: []string{"The lock after too many wrong passwords is released.", "The counter of wrong passwords begins anew."},
	}
}

// locked out: no mail would reach her.
func unreachable() actions.Preparation {
	p := prepared(actions.ActSendReset)
	p.Warning, p.Instead = "No mail reaches a locked user. Unlock them first.", actions.ActUnlock
	return p
}

func drafted() actions.Preparation {
	p := prepared(actions.ActSendReset)
	p.Does = []string{"A reset link, good for 15 minutes, goes to the address on file."}
	p.Draft = &actions.Draft{
		Subject: "Choose a new password", Text: "Dear Jane Doe,\n\nplease choose a new password here:\n[insert link here]\n\n[add the closing template]",
		Language: "English", To: "j•••@a•••.example",
	}
	return p
}

func closed() *actions.Handover {
	return &actions.Handover{
		Accounts: []actions.AccountFact{{
			ID: "a-2", Name: "Acme Old", Status: actions.AccountCancelled, Reason: "not_needed", GatewayIDs: []string{"GW-1002"},
			Owner: "owner@latchkey.example", ClosedAt: ago(240 * time.Hour),
		}},
		Advice: "They didn't need it any more: ask whether they want it back.",
		Searches: []actions.Search{
			{Name: "Tickets", URL: "https://tickets.example/?q=GW-1002&sort=new"}, {Name: "CRM", URL: "javascript:alert(1)"},
		},
		To: "the owner, by e-mail, and the leads",
	}
}

func handingOver() actions.Preparation {
	p := prepared(actions.ActHandOver)
	p.Does, p.Handover = []string{"The owner and the leads are told."}, closed()
	return p
}

// operation is an act for Jane in a state.
func operation(act actions.Act, state actions.OperationState) actions.OperationReport {
	op := actions.Operation{
		ID: "o-1", Act: act, Actor: "U0AGENT", Subject: "u-1", Reason: "called from the number on file", Ticket: "#4711", State: state,
		At: now, Until: now.Add(30 * time.Minute),
	}
	if state.Final() {
		op.EndedAt = now.Add(2 * time.Second)
	}
	if state == actions.OperationFailed {
		op.Why = "Step 2 of 3 (sessions_revoked) failed: the directory doesn't answer. The password was changed, and the user is still disabled."
	}
	return actions.OperationReport{
		Operation: op, Person: person(), Does: []string{"The lock after too many wrong passwords is released."},
	}
}

// unlocked is an unlock that is done, and the mail that followed.
func unlocked() actions.OperationReport {
	r := operation(actions.ActUnlock, actions.OperationDone)
	r.Operation.Params.Then = actions.ActSendReset
	r.Verified, r.Afterwards = proof(), "Your login is unlocked; please wait a minute & try <once>."
	next := operation(actions.ActSendReset, actions.OperationDone)
	next.Operation.ID, next.Afterwards = "o-2", "A mail with a link is on its way to you."
	next.Mails = []actions.MailReport{
		{Kind: actions.DeliveryPasswordReset, Via: actions.ChannelEmail, To: "j•••@a•••.example", State: actions.MailSent, At: now},
		{Kind: actions.DeliveryNotice, Via: actions.ChannelSMS, To: "•••78", State: actions.MailFailed, Why: "The number doesn't exist.", At: now},
	}
	r.Next = &next
	return r
}

// asking waits for a second person; state is what they said.
func asking(state actions.ApprovalState) actions.OperationReport {
	r := operation(actions.ActReinvite, actions.OperationAsked)
	r.Does = []string{"The profile is deleted.", "A new one is made with the same accounts.", "The invitation is sent to the address on file."}
	r.Operation.Attested = true
	r.Approval = &actions.Approval{
		ID: "p-1", Operation: "o-1", Asked: []string{"U0LEA", "U0BEN"}, State: state, At: now, Until: now.Add(30 * time.Minute),
	}
	switch state {
	case actions.ApprovalGiven:
		r.Operation.State, r.Operation.Approver = actions.OperationDone, "U0LEA"
	case actions.ApprovalDeclined, actions.ApprovalExpired:
		r.Operation.State = actions.OperationRefused
	case actions.ApprovalAsked:
	}
	if state != actions.ApprovalAsked && state != actions.ApprovalExpired {
		r.Approval.By, r.Approval.DecidedAt = "U0LEA", now.Add(4*time.Minute)
	}
	return r
}

// confirming waits for Jane to click.
func confirming() actions.OperationReport {
	r := operation(actions.ActChangeEmail, actions.OperationOwner)
	r.Operation.Params.Via, r.Contact = actions.ChannelSMS, "the e-mail address changes from j•••@a•••.example to k•••@a•••.example"
	r.Verified = proof()
	r.Mails = []actions.MailReport{{Kind: actions.DeliveryNotice, Via: actions.ChannelSMS, To: "•••78", State: actions.MailQueued, At: now}}
	return r
}

func reinvited() actions.OperationReport {
	r := asking(actions.ApprovalGiven)
	r.Undoable, r.Operation.Params.NewID = true, "u-9"
	return r
}

func handedOver() actions.OperationReport {
	r := operation(actions.ActHandOver, actions.OperationDone)
	r.Handover = closed()
	return r
}

func verification(state actions.VerificationState, mail actions.MailState) actions.VerificationReport {
	v := actions.Verification{
		ID: "v-1", UserID: "u-1", Actor: "U0AGENT", Ticket: "#4711", Purpose: actions.ActChangeEmail, Via: actions.ChannelSMS, State: state, At: now,
		ExpiresAt: now.Add(10 * time.Minute),
	}
	r := actions.VerificationReport{Verification: v, Person: person(), To: "•••78", TriesLeft: 3, Mail: actions.MailReport{
		Kind: actions.DeliveryCode, Via: actions.ChannelSMS, To: "•••78", State: mail, At: now,
	}}
	switch {
	case state == actions.VerificationHolds:
		r.Verification.HeldAt = now.Add(time.Minute)
	case mail == actions.MailFailed:
		r.Mail.Why = "The text service refused the number."
	}
	return r
}

func braked() actions.Brake {
	return actions.Brake{Actor: "U0AGENT", Why: "They looked at 61 different customers within an hour.", At: now}
}

func deadLetters() []actions.DeadLetter {
	return []actions.DeadLetter{
		{ID: "m-1", Kind: actions.OutgoingOperation, To: "U0AGENT", Why: "Slack says that the channel is gone.", At: now},
		{ID: "m-2", Kind: actions.OutgoingMail, To: "email", Why: "The mail server doesn't know this mailbox.", At: now},
		{ID: "m-3", Kind: actions.OutgoingBrake, To: "C0LEADS", At: now},
	}
}

// helped is the locked Jane with what can be done, the caller proven, and what
// was mailed.
func helped() actions.Diagnosis {
	d := locked()
	d.Offers = []actions.Offer{
		{Act: actions.ActUnlock, First: true}, {Act: actions.ActSendReset}, {Act: actions.ActSendUsername}, {Act: actions.ActRevokeSessions},
		{Act: actions.ActChangeEmail}, {Act: actions.ActChangeMobile}, {Act: actions.ActReinvite},
	}
	d.Facts.Verified = proof()
	d.Facts.Mails = []actions.DeliveryFact{
		{Kind: actions.DeliveryPasswordReset, Via: actions.ChannelEmail, Status: actions.Bounced, At: ago(time.Hour), To: "j•••@a•••.example"},
		{Kind: actions.DeliveryCode, Via: actions.ChannelSMS, Status: actions.Delivered, At: ago(12 * time.Minute), To: "•••78"},
	}
	return d
}

func TestGoldenOfRemedies(t *testing.T) {
	wrongCode := verification(actions.VerificationAsked, actions.MailSent)
	wrongCode.Verification.Tries, wrongCode.TriesLeft = 1, 2
	released := braked()
	released.ReleasedAt, released.ReleasedBy = now.Add(time.Minute), "U0LEA"
	already := operation(actions.ActUnlock, actions.OperationRunning)
	already.Already = true
	refused := operation(actions.ActUnlock, actions.OperationRefused)
	refused.Operation.Why = "Nothing is locked; <@U0BEN> unlocked them at 09:41."
	for name, message := range map[string]blocks.Message{
		"remedies_first":        blocks.Diagnosis(helped(), reader),
		"remedies_more":         blocks.MoreRemedies(helped(), reader),
		"remedies_none":         blocks.MoreRemedies(locked(), reader),
		"operation_done":        blocks.Operation(unlocked()),
		"operation_line":        blocks.OperationLine(unlocked()),
		"operation_running":     blocks.Operation(already),
		"operation_failed":      blocks.Operation(operation(actions.ActReenableShared, actions.OperationFailed)),
		"operation_refused":     blocks.Operation(refused),
		"operation_asked":       blocks.Operation(asking(actions.ApprovalAsked)),
		"operation_owner":       blocks.Operation(confirming()),
		"operation_reinvited":   blocks.Operation(reinvited()),
		"operation_handed_over": blocks.Operation(handedOver()),
		"approval":              blocks.Approval(asking(actions.ApprovalAsked)),
		"approval_given":        blocks.Approval(asking(actions.ApprovalGiven)),
		"approval_declined":     blocks.Approval(asking(actions.ApprovalDeclined)),
		"approval_expired":      blocks.Approval(asking(actions.ApprovalExpired)),
		"verification":          blocks.Verification(verification(actions.VerificationAsked, actions.MailQueued)),
		"verification_sent":     blocks.Verification(wrongCode),
		"verification_unsent":   blocks.Verification(verification(actions.VerificationAsked, actions.MailFailed)),
		"verification_unclear":  blocks.Verification(verification(actions.VerificationAsked, actions.MailUnclear)),
		"verification_holds":    blocks.Verification(verification(actions.VerificationHolds, actions.MailSent)),
		"verification_failed":   blocks.Verification(verification(actions.VerificationFailed, actions.MailSent)),
		"handed_over":           blocks.HandedOver(handedOver()),
		"braked":                blocks.Braked(braked()),
		"brake_released":        blocks.Braked(released),
		"dead_letters":          blocks.DeadLetters(deadLetters()),
		"dead_letters_none":     blocks.DeadLetters(nil),
		"mail_copy":             blocks.MailCopy(drafted().Draft.Subject, drafted().Draft.Text),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfModals(t *testing.T) {
	second, proven := prepared(actions.ActReinvite), prepared(actions.ActReenableShared)
	second.Second = "Deleting a profile needs another lead or admin."
	proven.Verified = proof()
	held := prepared(actions.ActChangeEmail)
	held.HoldsResets, held.Verified = true, proof()
	nobody := prepared(actions.ActChangeEmail)
	nobody.Ways = ways()[1:]
	for name, view := range map[string]slack.ModalViewRequest{
		"modal_unlock":           blocks.ActModal(prepared(actions.ActUnlockAttacked), "", "holiday <3"),
		"modal_unlock_and_reset": blocks.ActModal(prepared(actions.ActUnlock), actions.ActSendReset, ""),
		"modal_reinvite":         blocks.ActModal(second, "", ""),
		"modal_reenable":         blocks.ActModal(proven, "", ""),
		"modal_hand_over":        blocks.ActModal(handingOver(), "", ""),
		"modal_instead":          blocks.ActModal(unreachable(), "", ""),
		"modal_mail":             blocks.MailModal(drafted(), "asked by phone"),
		"modal_mail_locked":      blocks.MailModal(unreachable(), ""),
		"modal_profile":          blocks.ProfileModal(held, "moved house"),
		"modal_profile_nobody":   blocks.ProfileModal(nobody, ""),
		"modal_verify":           blocks.VerifyModal(person(), ways(), nil, "u-1", "#4711"),
		"modal_verify_nobody":    blocks.VerifyModal(person(), ways()[1:], nil, "u-1", ""),
		"modal_verify_proven":    blocks.VerifyModal(person(), ways(), proof(), "u-1", ""),
		"modal_code":             blocks.CodeModal(verification(actions.VerificationAsked, actions.MailSent)),
		"modal_code_over":        blocks.CodeModal(verification(actions.VerificationFailed, actions.MailSent)),
		"modal_reason":           blocks.ReasonModal(actions.ActReleaseBrake, "U0AGENT", "Release a colleague", "<@U0AGENT> was stopped."),
	} {
		t.Run(name, func(t *testing.T) {
			goldenJSON(t, name, view)
			fineModal(t, view)
		})
	}
}
