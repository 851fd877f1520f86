package blocks

import (
	"strconv"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// How much a report names; the lists have the others.
const (
	unusualShown = 2 // accounts, networks and incidents
	waysShown    = 7 // ways in which customers got in again: all that there are
)

// counted is a number of a report with the button that leads to one of its lists.
func counted(r actions.LockoutReport, list actions.LockoutList, text, label, about string) number {
	return number{text: text, label: label, about: about, action: LockoutListAction, value: LockoutRef(r.Asked, list, 0)}
}

// numbers are all numbers of a report that aren't zero, but for how many were locked out and
// why.
func numbers(r actions.LockoutReport, d escalation.Numbers) []number {
	all := append(backNumbers(r), unusualNumbers(r)...)
	all = append(all, incidentNumbers(r)...)
	all = append(all, judgedNumbers(r)...)
	if r.Asked.Account != "" { // what support has open isn't about one account
		return all
	}
	return append(append(all, caseNumbers(r, d)...), deskNumbers(r)...)
}

// backNumbers say who got in again, how, and how long that took.
func backNumbers(r actions.LockoutReport) []number {
	var all []number
	if r.Out > 0 {
		all = append(all, outNumber(r))
	}
	back := 0
	var ways []string
	for _, way := range r.Back {
		if back += way.Customers; way.Customers > 0 && len(ways) < waysShown {
			ways = append(ways, backWords(way))
		}
	}
	if back == 0 {
		return all
	}
	text := "*In again:* " + customers(back) + ". It took " + lasting(r.Median) + " (median), and at worst " + lasting(r.Worst) + "."
	if len(ways) > 0 {
		text += " How: " + clauses(ways...) + "."
	}
	return append(all, counted(r, actions.ListBack, text, "Show who is in again", ""))
}

// outNumber is how many aren't in yet.
func outNumber(r actions.LockoutReport) number {
	return counted(r, actions.ListOut, "*Not in yet:* "+customers(r.Out), "Show who is out", "")
}

// attackedNumber is how many are under attack.
func attackedNumber(r actions.LockoutReport) number {
	text := "*Under attack:* " + customers(r.Attacked) + " with many failures from networks that aren't theirs"
	return counted(r, actions.ListAttacked, text, "Show who is attacked", "")
}

// backWords says how many got in by one means.
func backWords(b actions.BackCount) string {
	switch n := strconv.Itoa(b.Customers) + " "; b.How {
	case actions.BackUnlocked:
		return n + "after support unlocked them"
	case actions.BackReset:
		return n + "after support sent a reset, a login link or the user name"
	case actions.BackHelped:
		return n + "after support helped another way"
	case actions.BackByReset:
		return n + "by resetting the password themselves"
	case actions.BackReleased:
		return n + "after your product released the lock"
	case actions.BackRanOut:
		return n + "when the lock ran out"
	case actions.BackAlone:
		return n + "on their own"
	default:
		return n + "by " + words(b.How)
	}
}

// unusualNumbers are what may need a closer look, attacks told apart from forgetful people.
func unusualNumbers(r actions.LockoutReport) []number {
	var all []number
	if r.Attacked > 0 {
		all = append(all, attackedNumber(r))
	}
	if r.Repeat > 0 {
		all = append(all, counted(r, actions.ListRepeat, "*Again and again:* "+customers(r.Repeat)+" locked out twice or more within 7 days", "Show repeat customers", ""))
	}
	if len(r.Accounts) > 0 {
		text := briefly("Accounts with unusually many", r.Accounts, unusualAccount)
		all = append(all, counted(r, actions.ListAccounts, text, "Show accounts", ""))
	}
	if len(r.Networks) > 0 {
		all = append(all, counted(r, actions.ListNetworks, briefly("Networks with unusually many", r.Networks, unusualNetwork), "Show networks", ""))
	}
	if r.Strangers > 0 {
		text := "*Names that nobody has:* " + count(r.Strangers, "was", "were") + " tried"
		all = append(all, counted(r, actions.ListNames, text, "Show names", ""))
	}
	return all
}

// briefly is a list of the first few.
func briefly[T any](title string, items []T, render func(T) string) string {
	return list(title, items, unusualShown, render)
}

func unusualAccount(a actions.UnusualAccount) string {
	return joined("*"+bare(orElse(clean(a.Name), "Account "+a.ID))+"*", customers(a.Customers)+" locked out, usually "+decimal(max(a.Usual, 0)))
}

func unusualNetwork(n actions.UnusualNetwork) string {
	kind := "people who forget, perhaps an office"
	if n.Attack {
		kind = "*an attack*, by the look of it"
	}
	in := orElse(some(n.In, "got in", "got in"), "nobody got in")
	return joined(value(n.Network.String()), kind, customers(n.Customers)+" failed", some(n.Names, "name that nobody has", "names that nobody has"), in)
}

// judgedNumbers say whether diagnoses were right.
func judgedNumbers(r actions.LockoutReport) []number {
	var all []number
	if r.Right > 0 {
		all = append(all, counted(r, actions.ListRight, "*Diagnoses that were right:* "+strconv.Itoa(r.Right), "Show the right ones", ""))
	}
	if r.Wrong > 0 {
		all = append(all, counted(r, actions.ListWrong, "*Diagnoses that were wrong:* "+strconv.Itoa(r.Wrong), "Show the wrong ones", ""))
	}
	return all
}

// incidentNumbers are the incidents, with the button that leads to who is in them, and to
// further ones.
func incidentNumbers(r actions.LockoutReport) []number {
	var all []number
	for _, incident := range first(r.Incidents, unusualShown) {
		all = append(all, incidentNumber(incident))
	}
	if more := len(r.Incidents) - unusualShown; more > 0 {
		all = append(all, counted(r, actions.ListIncidents, "…and "+count(more, "more incident", "more incidents"), "Show incidents", ""))
	}
	return all
}

func incidentNumber(i actions.Incident) number {
	text := "*Incident:* " + joined(customers(i.Customers)+" failed with “"+line(i.Outcome.Words())+"”", incidentTime(i))
	return number{text: text, label: "Show customers", about: "incident, " + plain(i.Outcome.Words(), nameLength), action: IncidentPeopleAction, value: refOf(i.ID)}
}

// incidentRef is the value of a button that leads to an incident's customers.
func incidentRef(id string, offset int) string { return id + "|" + strconv.Itoa(offset) }

// refOf leads to the first customers of an incident; "" without one.
func refOf(id string) string {
	if id == "" {
		return ""
	}
	return incidentRef(id, 0)
}

// caseNumbers are how cases fare.
func caseNumbers(r actions.LockoutReport, d escalation.Numbers) []number {
	var all []number
	if d.Opened+d.Resolved+d.Open > 0 {
		text := "*Cases for L2:* " + joined(some(d.Opened, "opened", "opened"), some(d.Resolved, "resolved", "resolved"), count(d.Open, "open now", "open now"))
		all = append(all, number{text: text, label: "Show cases", action: CaseListAction, value: casesIn(r, escalation.Worked)})
	}
	if d.Unclaimed > 0 {
		text := "*Claimed by nobody yet:* " + count(d.Unclaimed, "case", "cases")
		all = append(all, number{text: text, label: "Show unclaimed cases", action: CaseListAction, value: "unclaimed"})
	}
	if d.MissedFirst+d.MissedResolution+d.Overdue > 0 {
		text := "*Service levels:* " + joined(missed(d.MissedFirst, "claimed"), missed(d.MissedResolution, "resolved"), some(d.Overdue, "case overdue now", "cases overdue now"))
		all = append(all, number{text: text, label: "Show late cases", action: CaseListAction, value: casesIn(r, escalation.AllLate)})
	}
	return all
}

// casesIn leads to the lists behind what is counted in a report's days.
func casesIn(r actions.LockoutReport, which escalation.Which) string {
	return CaseRef(escalation.Asked{Which: which, Days: r.Asked.Days})
}

// missed says how many cases weren't claimed or resolved in time.
func missed(n int, what string) string {
	return some(n, "case not "+what+" in time", "cases not "+what+" in time")
}

// deskNumbers are what else support has open.
func deskNumbers(r actions.LockoutReport) []number {
	var all []number
	desk := r.Desk
	if desk.AdminsAlive+desk.AdminsUnconfirmed+desk.AdminsAsked+desk.AdminsStray > 0 {
		all = append(all, number{text: adminCounts(desk), label: "Show temporary admins", action: AdminListAction, value: noneChosen})
	}
	if desk.Unopened > 0 {
		text := "*Never opened:* " + count(desk.Unopened, "one-time secret", "one-time secrets") + " ran out"
		all = append(all, counted(r, actions.ListUnopened, text, "Show unopened secrets", ""))
	}
	if desk.DeadLetters > 0 {
		text := "*Not delivered:* " + count(desk.DeadLetters, "message was", "messages were") + " given up"
		all = append(all, number{text: text, label: "Show undelivered messages", action: LettersAction, value: noneChosen})
	}
	return all
}

// adminCounts says how the temporary admins stand that aren't gone, and of them how many are
// overdue.
func adminCounts(desk actions.DeskNumbers) string {
	overdue := ""
	if desk.AdminsOverdue > 0 {
		overdue = "*" + strconv.Itoa(desk.AdminsOverdue) + " of them overdue*"
	}
	return "*Temporary admins:* " + joined(
		some(desk.AdminsAlive, "in use", "in use"), some(desk.AdminsUnconfirmed, "not confirmed deleted", "not confirmed deleted"),
		some(desk.AdminsAsked, "asked for", "asked for"), some(desk.AdminsStray, "that nobody answers for", "that nobody answers for"), overdue)
}

// allClear says what there is none of, so that it isn't missed.
func allClear(r actions.LockoutReport, d escalation.Numbers) []slack.Block {
	var none []string
	add := func(n int, what string) {
		if n == 0 {
			none = append(none, what)
		}
	}
	add(r.Attacked, "customer under attack")
	add(r.Repeat, "repeat customer")
	add(len(r.Incidents), "incident")
	if r.Asked.Account == "" {
		add(d.MissedFirst+d.MissedResolution+d.Overdue, "service level missed")
		add(r.Desk.AdminsOverdue+r.Desk.AdminsUnconfirmed, "temporary admin overdue")
		add(r.Desk.Unopened, "unopened secret")
		add(r.Desk.DeadLetters, "undelivered message")
	}
	if len(none) == 0 {
		return nil
	}
	none[0] = "No " + none[0]
	for i := range none[1:] {
		none[i+1] = "no " + none[i+1]
	}
	return blocksOf(note(clauses(none...) + "."))
}
