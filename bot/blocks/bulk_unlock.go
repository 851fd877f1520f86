package blocks

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// BulkUnlockModalID is the callback_id of the modal that asks to unlock all that an
// incident locked; its private_metadata is the incident's ID.
const BulkUnlockModalID = "bulk_unlock_modal"

// leadLabels say what leads and those at the end of their shift do, as its button has it.
var leadLabels = map[actions.Act]string{
	actions.ActBulkUnlock: "Unlock all",
	actions.ActHandShift:  "Hand over",
}

// never says who is never unlocked with all others.
const never = "Never unlocked with the others: who is protected, who is under attack or taken over, whom a person locked, and who is in again already. " +
	"Each of them is left out, and the card says why."

// BulkUnlockModal asks why all that an incident locked are to be unlocked, after it has said
// who would be and who never is.
func BulkUnlockModal(r actions.IncidentReport) slack.ModalViewRequest {
	label := labelOf(actions.ActBulkUnlock)
	i := r.Incident
	about := "*" + customers(i.Customers) + "* failed the same way: " + line(i.Outcome.Words()) + ", " + incidentTime(i) + "."
	all := blocksOf(section(about))
	if r.Locked == 0 {
		return modal(BulkUnlockModalID, label, "", i.ID, append(all, section("Nobody of them is locked by it now, so there is nobody to unlock.")))
	}
	all = append(all, section(list("What will happen", []string{
		customers(r.Locked) + " locked by it " + are(r.Locked) + " looked at once more, one after the other.",
		"Everybody whom it locked by too many tries, and who still is, is unlocked; the directory is read again before it counts.",
		"Each unlock stands in the audit of its own, with you and who approves.",
		"The card in our direct message follows, and lists who was left out.",
	}, doesShown, asIs)))
	all = append(all, section(never), section("*A second person will be asked:* another lead must approve it."))
	return modal(BulkUnlockModalID, label, "Ask for approval", i.ID, append(all, reasonInput(""), ticketInput("")))
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// bulkSubject says which customers a bulk unlock is about.
func bulkSubject(b actions.BulkReport) string {
	i := b.Incident
	return joined("*"+bulkWhom(b)+"*", line(i.Outcome.Words()), incidentTime(i))
}

// bulkWhom says how many customers it is about.
func bulkWhom(b actions.BulkReport) string { return customers(b.Total) + " of an incident" }

// bulkLeft counts who was neither unlocked nor still waits: they failed or were left out.
func bulkLeft(b actions.BulkReport) int { return len(b.LeftOut) + b.More }

// bulkProgress says in numbers how far a bulk unlock came; "" before it began.
func bulkProgress(r actions.OperationReport) string {
	b := r.Bulk
	if b == nil || (b.Done == 0 && bulkLeft(*b) == 0 && r.Operation.State != actions.OperationRunning) {
		return ""
	}
	left, failed, waiting := "", "", ""
	if n := bulkLeft(*b) - b.Failed; n > 0 {
		left = count(n, "left out", "left out")
	}
	if b.Failed > 0 {
		failed = "*" + count(b.Failed, "failed", "failed") + "*"
	}
	if n := b.Total - b.Done - bulkLeft(*b); n > 0 && !r.Operation.State.Final() {
		waiting = count(n, "to go", "to go")
	}
	return joined("*Progress:* "+count(b.Done, "of", "of")+" "+count(b.Total, "customer", "customers")+" unlocked", left, failed, waiting)
}

// bulkBlocks are the progress, and who was left out and why.
func bulkBlocks(r actions.OperationReport) []slack.Block {
	if r.Bulk == nil {
		return nil
	}
	var all []slack.Block
	if text := bulkProgress(r); text != "" {
		all = append(all, section(text))
	}
	if text := leftOut(*r.Bulk); text != "" {
		all = append(all, section(text))
	}
	return all
}

// leftOut lists who wasn't unlocked, and why.
func leftOut(b actions.BulkReport) string {
	if bulkLeft(b) == 0 {
		return ""
	}
	var lines []string
	for _, one := range b.LeftOut {
		lines = append(lines, joined("*"+bare(calling(one.Person))+"*", known(one.Person))+": "+orElse(said(one.Why), "no reason is on record"))
	}
	return roomy("Not unlocked", lines, b.More)
}

// showLeftOut leads to all who were left out, each with the button that diagnoses them.
func showLeftOut(r *actions.OperationReport) offer {
	if r == nil || r.Bulk == nil {
		return offer{}
	}
	return offer{may: bulkLeft(*r.Bulk) > 0, label: "Show who was left out", action: BulkLeftOutAction, value: refOf(r.Operation.ID)}
}

// LeftOut shows a part of those whom a bulk unlock left out, and why, each with the button that
// diagnoses them: from there they are unlocked one by one.
func LeftOut(p actions.LeftOutPage) Message {
	title := "*Not unlocked with the others* – the incident “" + line(p.Incident.Outcome.Words()) + "”"
	if len(p.People) == 0 {
		text := title + ": there are no more."
		return fit(text, section(text))
	}
	var lines []pageLine
	for _, one := range p.People {
		text := inLines(personInLine(one.Person), orElse(said(one.Why), "No reason is on record."))
		lines = append(lines, pageLine{text, withDiagnose(section(text), one.Person)})
	}
	return page(title, lines, p.Offset, p.Total, func(next int) (action, value string) { return BulkLeftOutAction, incidentRef(p.Operation, next) })
}

// roomy is a list of as many lines as a paragraph has room for. It says how many more there
// are, more of them beyond the lines.
func roomy(title string, lines []string, more int) string {
	text, room := "*"+title+"*", maxSection-len("\n…and 1234567890 more")
	for i, l := range lines {
		longer := text + "\n• " + l
		if utf8.RuneCountInString(longer) > room {
			more += len(lines) - i
			break
		}
		text = longer
	}
	if more > 0 {
		text += "\n…and " + count(more, "more", "more")
	}
	return strings.TrimSpace(text)
}

// bulkDone says what it means that a bulk unlock is done.
func bulkDone(r actions.OperationReport) string {
	text := "Done" + at(r.Operation.EndedAt) + ": who was unlocked was read back in the directory."
	if bulkLeft(*r.Bulk) > 0 {
		text += " The card lists the others, and why."
	}
	return text
}
