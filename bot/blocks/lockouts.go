package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// The action_ids of what leads look at. Their values name a list, or an incident or what
// unlocks it by its ID, and nothing else.
const (
	LockoutListAction    = "lockout_list"                // what [ReadLockoutRef] reads
	CaseListAction       = "case_list"                   // what [ReadCaseRef] reads
	AdminListAction      = "temp_admin_list"             // what [ReadAdminRef] reads
	LettersAction        = string(actions.ActOutbox)     // no value: what could not be delivered
	IncidentPeopleAction = "incident_people"             // "ID|OFFSET" of an incident
	BulkUnlockAction     = string(actions.ActBulkUnlock) // an incident's ID: opens a modal
	BulkLeftOutAction    = "bulk_left_out"               // "ID|OFFSET" of a bulk unlock: whom it left out
)

// number is something counted, with the button that leads to its list.
type number struct {
	text string // of markup
	// What the button says, and of what it shows the list, for who hears several buttons
	// that say the same; "" when it says so itself.
	label, about  string
	action, value string
}

// block is a number with its button beside it.
func (n number) block() slack.Block {
	block := section(n.text)
	if element, ok := button(n.label, n.action, n.value); ok {
		if n.about != "" {
			element.AccessibilityLabel = n.label + ": " + n.about
		}
		block.Accessory = slack.NewAccessory(element)
	}
	return block
}

// Lockouts shows what became of the customers who were locked out in some days, and what
// support has open: the answer to /lockouts, and the daily digest. Every number has the button
// that leads to its list. When nothing happened it is one friendly line.
func Lockouts(r actions.LockoutReport, d escalation.Numbers, digest bool) Message {
	s := spanOf(r)
	if uneventful(r, d) {
		text := quietLine(r, s)
		return fit(text, section(text), note(joined(oldRecords(r), lastNote(r, digest))))
	}
	title, everybody := s.title("Lockouts"), lockedOut(r, s)
	all := blocksOf(header(title))
	if warning := oldRecords(r); warning != "" {
		all = append(all, section(warning))
	}
	all = append(append(all, everybody.block()), causes(r, s)...)
	heard := []string{title + ". " + everybody.text}
	last, left := append(allClear(r, d), note(lastNote(r, digest))), 0
	room := maxMessage - 2*roomForRest - sizeOf(last)
	for _, n := range numbers(r, d) {
		block := n.block()
		if cut(block); sizeOf(all)+sizeOf(block) > room {
			left++
			continue
		}
		all, heard = append(all, block), append(heard, n.text)
	}
	if left > 0 {
		all = append(all, note("and "+count(left, "more number", "more numbers")+" that Slack has no room for"))
	}
	return fit(strings.Join(append(heard, causesSaid(r)...), "\n"), append(all, last...)...)
}

// uneventful reports whether there is nothing to say.
func uneventful(r actions.LockoutReport, d escalation.Numbers) bool {
	return r.Customers+r.Out+r.Right+r.Wrong+r.Repeat+r.Attacked+r.Strangers+len(r.Accounts)+len(r.Networks)+len(r.Incidents) == 0 &&
		(r.Asked.Account != "" || r.Desk == actions.DeskNumbers{} && d == escalation.Numbers{})
}

// quietLine is what is said when nothing happened.
func quietLine(r actions.LockoutReport, s span) string {
	text := "Nobody" + ofAccount(r) + " was locked out " + s.on() + s.soFar()
	if r.Asked.Account != "" { // what support has open isn't about one account
		return text + ". Enjoy the quiet!"
	}
	return text + ", and nothing waits for anybody. Enjoy the quiet!"
}

// ofAccount names the account that a report is about.
func ofAccount(r actions.LockoutReport) string {
	if clean(r.AccountName) == "" {
		return ""
	}
	return " of *" + bare(r.AccountName) + "*"
}

// lockedOut says how many were locked out, beside what is usual.
func lockedOut(r actions.LockoutReport, s span) number {
	who := "Nobody" + ofAccount(r) + " was"
	if r.Customers > 0 {
		who = "*" + customers(r.Customers) + "*" + ofAccount(r) + " " + were(r.Customers)
	}
	text := who + " locked out" + s.soFar() + ". " + besideUsual(r, s)
	n := counted(r, actions.ListCustomers, text, "Show customers", "everybody who was locked out")
	if r.Customers == 0 {
		n.value = "" // there is no list
	}
	return n
}

// besideUsual compares the number of customers with the weeks before; where only one is on
// record, with that.
func besideUsual(r actions.LockoutReport, s span) string {
	usual, week := s.compared(r.Customers, r.Usual), s.weekBefore(r.Customers, r.LastWeek)
	if s.over == 1 && week != "" {
		usual = ""
	}
	compared := clauses(usual, week)
	switch {
	case compared == "":
		return "Nothing is on record from before to compare with."
	case s.today:
		return "Beside whole days, that is " + compared + "."
	}
	return "That is " + compared + "."
}

// oldRecords warns that the records are old, so that a quiet day may only look like one.
func oldRecords(r actions.LockoutReport) string {
	if !r.Fresh.Stale {
		return ""
	}
	return "*Old records:* " + orElse(line(r.Fresh.Text), "nothing new came for a while.")
}

// lastNote has the end of the audit, published so that a cut tail shows.
func lastNote(r actions.LockoutReport, digest bool) string {
	audit := "The audit has no row yet"
	if r.Audit.Rows > 0 {
		audit = "The audit has " + grouped(r.Audit.Rows, "row", "rows")
	}
	if head := whole(clip(r.Audit.Head, headLength)); head != "" {
		audit += " and ends with `" + head + "`"
	}
	asOf := ""
	if !digest {
		asOf = "as of " + when(r.Now)
	}
	return joined(audit, "days in "+value(orUTC(r.Zone).String()), asOf)
}

// headLength is how long the end of the audit may be: a MAC in hexadecimal, and some more.
const headLength = 128
