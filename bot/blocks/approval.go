package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// Approval is the card of who is asked to approve an act, and follows it:
// exactly what will happen, who asks and why, whether the caller is proven.
// Once it is decided it says who won, and has nothing to press.
func Approval(r actions.OperationReport) Message {
	op := r.Operation
	label := escape(labelOfBoth(op.Act, op.Params.Then))
	text := approvalSentence(r, label)
	all := blocksOf(section(text), section(subjectOfCard(r)))
	all = append(all, happening(r)...)
	all = append(all, bulkBlocks(r)...)
	if r.Mind != "" {
		all = append(all, section("*Mind:* "+said(r.Mind)))
	}
	if r.Draft != nil && open(r) {
		all = append(all, draftToApprove(*r.Draft))
	}
	if aboutCustomer(r) { // nobody calls for a temporary admin, nor for all of an incident
		all = append(all, section(proofFor(r)))
	}
	op = sayable(r)
	op.Attested = false // that is said already
	all = append(all, note(askedFor(op)))
	if open(r) {
		all = append(all, note(whoCannot(r)+" Before it is carried out everything is checked once more."))
		all = append(all, rows(
			offer{may: true, label: "Approve", action: ApproveAction, value: r.Approval.ID, confirm: approving(r), style: approveStyle(r.Operation.Act)},
			offer{may: true, label: "Decline", action: DeclineAction, value: r.Approval.ID},
		)...)
	}
	if !aboutCustomer(r) {
		return fit(inLines(text, subjectOfCard(r), bulkProgress(r)), all...)
	}
	return fit(text+" "+naming(r.Person)+".", all...)
}

// draftToApprove is the mail that goes out, as who asks wrote it: who approves
// answers for it, too.
func draftToApprove(d actions.Draft) slack.Block {
	parts := copyable("Subject of the mail", plainOr(d.Subject, "the template's"))
	return richText(append(parts, copyable("Its text, as who asks wrote it", linesOr(d.Text, "the template's"))...)...)
}

// open reports whether an approval still waits for an answer.
func open(r actions.OperationReport) bool {
	return r.Approval != nil && r.Approval.State == actions.ApprovalAsked && !r.Operation.State.Final()
}

// approvalSentence says what is asked, or how it was decided.
func approvalSentence(r actions.OperationReport, label string) string {
	asks := mention(r.Operation.Actor) + " asks for *" + label + "*"
	if r.Approval == nil {
		return asks + ". It needs no second person any more."
	}
	switch r.Approval.State {
	case actions.ApprovalGiven:
		return asks + ". Approved by " + mention(r.Approval.By) + at(r.Approval.DecidedAt) + ": " + stateName(r.Operation.State) + "."
	case actions.ApprovalDeclined:
		return asks + ". Declined by " + mention(r.Approval.By) + at(r.Approval.DecidedAt) + ": nothing is done."
	case actions.ApprovalExpired:
		if r.Approval.By != "" {
			return asks + ". " + mention(r.Approval.By) + " took it back" + at(r.Approval.DecidedAt) + ": nothing is done."
		}
		if early := !r.Approval.DecidedAt.IsZero() && r.Approval.DecidedAt.Before(r.Approval.Until); early && said(r.Operation.Why) != "" {
			return asks + ". " + said(r.Operation.Why)
		}
		return asks + ". Nobody answered by " + clock(r.Approval.Until) + ": nothing is done."
	case actions.ApprovalAsked:
	}
	if r.Operation.State.Final() {
		return asks + ". It is over: " + stateName(r.Operation.State) + "."
	}
	return asks + ", and a second person must approve it by " + clock(r.Approval.Until) + "."
}

// whoCannot says who can't be the second person.
func whoCannot(r actions.OperationReport) string {
	if r.Admin != nil {
		return "Neither whoever asked nor whoever gets in can approve it."
	}
	return "Whoever asked can't approve it themselves."
}

// proofFor says whether the caller is proven, or who answers for them.
func proofFor(r actions.OperationReport) string {
	switch {
	case r.Verified != nil:
		return verifiedLine(*r.Verified)
	case r.Operation.Attested:
		text := "*Not verified:* nobody has proven who is calling. " + mention(r.Operation.Actor) + " says that they know the caller"
		if !open(r) {
			return text + "."
		}
		return text + ", and with your approval you answer for it, too."
	}
	return "*Not verified:* this act doesn't ask for it."
}

// approveStyle warns of what can't be taken back.
func approveStyle(act actions.Act) slack.Style {
	if asks[act.Recorded()] != "" {
		return slack.StyleDanger
	}
	return slack.StylePrimary
}

// approving is what Approve asks before it counts.
func approving(r actions.OperationReport) string {
	label := labelOfBoth(r.Operation.Act, r.Operation.Params.Then)
	whom := " for " + plain(calling(r.Person), nameLength)
	switch {
	case r.Bulk != nil:
		whom = " for " + plain(bulkWhom(*r.Bulk), nameLength)
	case r.Admin != nil:
		whom = " on " + plain(orElse(r.Admin.Target.Name, r.Admin.Admin.Target), nameLength)
	}
	return label + whom + ": it is carried out at once, and you answer for it together with whoever asked."
}
