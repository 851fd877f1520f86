package blocks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// everyRemedy makes each message and modal of a remedy, in each of its states,
// with hostile values wherever a record or a person could give one.
func everyRemedy(t *testing.T, name string, pick func() string) {
	t.Helper()
	reader := blocks.Reader{ID: pick(), May: everything, Share: true}
	d := hostileUser(pick)
	offers(&d, pick)
	fine(t, name, blocks.Diagnosis(d, reader), blocks.MoreRemedies(d, reader),
		blocks.Braked(actions.Brake{Actor: pick(), Why: pick(), At: now}),
		blocks.Braked(actions.Brake{Actor: pick(), Why: pick(), At: now, ReleasedAt: now, ReleasedBy: pick()}),
		blocks.DeadLetters(hostileLetters(pick)), blocks.MailCopy(pick(), pick()+"\n"+pick()))
	for _, now := range []struct {
		state    actions.OperationState
		approval actions.ApprovalState
	}{
		{actions.OperationAsked, actions.ApprovalAsked}, {actions.OperationOwner, actions.ApprovalGiven}, {actions.OperationRunning, "strange"},
		{actions.OperationDone, ""}, {actions.OperationFailed, actions.ApprovalGiven}, {actions.OperationRefused, actions.ApprovalDeclined},
		{"strange", actions.ApprovalExpired},
	} {
		r := hostileOperation(now.state, now.approval, pick)
		fine(t, name, blocks.Operation(r), blocks.OperationLine(r), blocks.Approval(r), blocks.HandedOver(r))
	}
	for _, state := range []actions.VerificationState{actions.VerificationAsked, actions.VerificationHolds, actions.VerificationFailed, "strange"} {
		for _, mail := range []actions.MailState{actions.MailSent, actions.MailFailed, actions.MailUnclear} {
			r := hostileVerification(state, mail, pick)
			fine(t, name, blocks.Verification(r))
			fineModal(t, blocks.CodeModal(r))
		}
	}
	everyModal(t, name, pick)
}

func everyModal(t *testing.T, name string, pick func() string) {
	t.Helper()
	for _, act := range []actions.Act{actions.ActUnlockAttacked, actions.ActHandOver, "strange"} {
		for _, instead := range []actions.Act{"", actions.ActRevokeSessions} {
			p := hostilePreparation(act, instead, pick)
			for _, view := range []slack.ModalViewRequest{
				blocks.ActModal(p, actions.ActSendReset, pick()), blocks.MailModal(p, pick()), blocks.ProfileModal(p, pick()),
				blocks.VerifyModal(p.Person, p.Ways, nil, pick(), pick()), blocks.VerifyModal(p.Person, p.Ways, p.Verified, pick(), pick()),
				blocks.VerifyModal(p.Person, nil, nil, pick(), ""), blocks.ReasonModal(actions.ActRetryLetter, pick(), "Deliver once more", ""),
			} {
				if fineModal(t, view); t.Failed() {
					t.Fatalf("it was the modal %s of %s with %q", view.CallbackID, act, name)
				}
			}
		}
	}
}

func offers(d *actions.Diagnosis, pick func() string) {
	for i, act := range []actions.Act{
		actions.ActUnlock, actions.ActReenable, actions.ActSendReset, actions.ActSendUsername, actions.ActSendLoginLink, actions.ActResendInvitation,
		actions.ActRevokeSessions, actions.ActResetFactor, actions.ActChangeEmail, actions.ActChangeMobile, actions.ActReinvite, actions.ActHandOver,
	} {
		d.Offers = append(d.Offers, actions.Offer{Act: act, First: i%2 == 0})
	}
	d.Facts.Verified = hostileProof(pick)
	for range 50 {
		d.Facts.Mails = append(d.Facts.Mails, actions.DeliveryFact{
			Kind: actions.DeliveryKind(pick()), Via: actions.Channel(pick()), Status: actions.DeliveryStatus(pick()), At: now, To: pick(),
		})
	}
}

func hostileProof(pick func() string) *actions.Verified {
	return &actions.Verified{Via: actions.Channel(pick()), At: now, Until: now, Ticket: pick(), By: pick()}
}

func several50(pick func() string) []string {
	var all []string
	for range 50 {
		all = append(all, pick())
	}
	return all
}

func hostileOperation(state actions.OperationState, approval actions.ApprovalState, pick func() string) actions.OperationReport {
	r := actions.OperationReport{
		Person: people(1, pick)[0], Verified: hostileProof(pick), Does: several50(pick), Contact: pick(), Afterwards: pick(),
		Already: true, Undoable: true, Handover: hostileHandover(pick),
		Mind: pick(), Draft: &actions.Draft{Subject: pick(), Text: pick() + "\n" + pick()},
		Operation: actions.Operation{
			ID: pick(), Act: actions.Act(pick()), Actor: pick(), Subject: pick(), Reason: pick(), Ticket: pick(), Approver: pick(), Attested: true,
			State: state, Why: pick(), At: now, EndedAt: now, Until: now,
			Params: actions.Params{Via: actions.Channel(pick()), Confirmer: pick(), NewID: pick(), Then: actions.ActSendReset},
		},
	}
	if approval != "" {
		r.Approval = &actions.Approval{ID: pick(), Asked: several50(pick), State: approval, By: pick(), At: now, Until: now, DecidedAt: now}
	} else {
		r.Verified, r.Operation.Act = nil, actions.ActReinvite
	}
	for range 50 {
		r.Mails = append(r.Mails, actions.MailReport{
			Kind: actions.DeliveryKind(pick()), Via: actions.Channel(pick()), To: pick(), State: actions.MailState(pick()), Why: pick(), At: now,
		})
	}
	next := r
	r.Next = &next
	return r
}

func hostileHandover(pick func() string) *actions.Handover {
	h := &actions.Handover{Advice: pick(), To: pick()}
	for range 50 {
		h.Accounts = append(h.Accounts, account(pick))
		h.Searches = append(h.Searches, actions.Search{Name: pick(), URL: pick()}, actions.Search{Name: pick(), URL: "https://tickets.example/" + pick()})
	}
	return h
}

func hostileVerification(state actions.VerificationState, mail actions.MailState, pick func() string) actions.VerificationReport {
	return actions.VerificationReport{
		Verification: actions.Verification{
			ID: pick(), UserID: pick(), Actor: pick(), Ticket: pick(), Purpose: actions.Act(pick()), Via: actions.Channel(pick()), State: state,
			Tries: 1, At: now, ExpiresAt: now.Add(time.Minute), HeldAt: now,
		},
		Person: people(1, pick)[0], To: pick(), TriesLeft: 2, Mail: actions.MailReport{State: mail, Why: pick(), At: now, To: pick()},
	}
}

func hostilePreparation(act, instead actions.Act, pick func() string) actions.Preparation {
	rule, _ := actions.RuleFor(act)
	p := actions.Preparation{
		Act: act, Person: people(1, pick)[0], Does: several50(pick), Rule: rule, Ticket: pick(), Second: pick(), Warning: pick(), Instead: instead,
		Draft:    &actions.Draft{Subject: pick(), Text: pick() + "\n" + pick(), Language: pick(), To: pick()},
		Handover: hostileHandover(pick),
	}
	p.Person.ID = "u-1" // Slack takes no button without
	if instead == "" {
		p.Verified = hostileProof(pick)
	}
	for i, via := range []actions.Channel{actions.ChannelEmail, actions.ChannelSMS, actions.ChannelEmail} {
		way := actions.Way{Via: via, Masked: pick()}
		if i == 2 {
			way.Refused = "x" + pick()
		}
		p.Ways = append(p.Ways, way)
	}
	return p
}

func hostileLetters(pick func() string) []actions.DeadLetter {
	var all []actions.DeadLetter
	for i := range 50 {
		letter := actions.DeadLetter{ID: pick(), Kind: actions.OutgoingKind(pick()), To: pick(), Why: pick(), At: now}
		if i%2 == 0 {
			letter.Kind = actions.OutgoingMail
		}
		all = append(all, letter)
	}
	return all
}

// However much is on record, a modal keeps its inputs and a card its buttons.
func TestInputsAreNeverLeftOut(t *testing.T) {
	long := func() string { return strings.Repeat("&", 5000) }
	p := hostilePreparation(actions.ActReinvite, "", long)
	p.Verified = nil
	if got, _ := inputs(t, blocks.ActModal(p, "", long())); strings.Join(got, " ") != "reason verified ticket" {
		t.Errorf("it asks for %q", got)
	}
	if got, _ := inputs(t, blocks.MailModal(hostilePreparation(actions.ActSendReset, "", func() string { return strings.Repeat(`"`, 1499) }), "")); strings.Join(got, " ") != "subject text copy reason ticket" {
		t.Errorf("it asks for %q", got)
	}
	r := hostileOperation(actions.OperationAsked, actions.ApprovalAsked, long)
	r.Approval.ID = "p-1"
	if got := buttons(t, blocks.Approval(r)); strings.Join(got, ", ") != "approve p-1, decline p-1" {
		t.Errorf("the buttons are %q", got)
	}
}
