package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// EscalateAction is the action_id of the button that escalates a customer to L2;
// its value is their user ID. The buttons of cases have their act's name and the
// ID of the case.
const EscalateAction = string(actions.ActEscalate)

// caseLabels say each act of a case as its button does.
var caseLabels = map[actions.Act]string{
	actions.ActEscalate:     "Escalate",
	actions.ActClaim:        "Claim",
	actions.ActHandBack:     "Hand back",
	actions.ActAsk:          "Ask the agent",
	actions.ActResolve:      "Resolve",
	actions.ActReopen:       "Reopen",
	actions.ActReply:        "Reply",
	actions.ActCaseHandOver: "Hand over",
	actions.ActDelist:       "Remove from list",
}

// CaseReader is for whom a case is shown, and where.
type CaseReader struct {
	// L2 addresses L2, as markup: the mention of a user group, or
	// "@support-melbourne".
	L2 string
	// Uncalled: the group isn't known to Slack, so that nobody was called.
	Uncalled bool
	// Viewer is the Slack ID of whose direct message it is.
	Viewer string
	// Link leads to L2's card, and BeforeLink to that of the case before; "" when
	// that isn't known.
	Link, BeforeLink string
}

// Case is L2's card of a case: the question, where it stands, what lists hold, who
// escalated it, and what can be done. Of a case about the blocklist the first
// section and Text are exactly the question of RULES S4.9, however often it is
// redrawn. It has the address in full, since L2 must search for it.
func Case(r escalation.Report, to CaseReader) Message {
	c := r.Case
	question, standing := questionOf(c, to.L2), caseStanding(r)
	all := blocksOf(section(question), section(standing))
	if c.State == escalation.Resolved {
		all = append(all, quoted(c.Note)...)
	}
	all = append(all, casesLists(r)...)
	all = append(all, note(caseContext(r)))
	if to.Uncalled && c.State == escalation.Open {
		all = append(all, note(uncalled))
	}
	all = append(all, caseButtons(r)...)
	if c.Kind == escalation.Blocklist {
		return Message{Text: question, Blocks: within(maxBlocks, all)}
	}
	return fit(question+" "+standing, all...)
}

// uncalled says that the mention of L2 called nobody.
const uncalled = "The group isn't known to Slack, so nobody was called. Whoever reads this first may claim it, and a Latchkey admin can name another group."

// questionOf is the line that a case begins with in L2's channel: what L2 is asked,
// each part escaped and none cut, but to what Slack takes.
func questionOf(c escalation.Case, l2 string) string {
	gateway, address := orElse(whole(c.Gateway), "(no Gateway ID)"), orElse(whole(c.Address), "an address that was deleted")
	ask := l2 + " " + gateway + " - Can you please "
	var question string
	switch c.Kind {
	case escalation.Blocklist:
		question = escalation.BlocklistQuestion(l2, gateway, address)
	case escalation.Account:
		question = ask + "look into the state of this customer's account?" + because(c)
	case escalation.Security:
		question = ask + "look into the security of this customer's login?" + because(c)
	case escalation.Delivery:
		question = ask + "find out why mail to " + address + " doesn't arrive?" + because(c)
	case escalation.Other:
		question = ask + "look into this?" + because(c)
	default:
		question = ask + "look into this (" + words(c.Kind) + ")?" + because(c)
	}
	return clipMarkup(question, maxSection)
}

// whole is a value from outside on one line, and in full.
func whole(s string) string { return escape(clean(s)) }

// because is why a case was escalated, behind the question.
func because(c escalation.Case) string {
	if reason := line(c.Reason); reason != "" {
		return " " + reason
	}
	return ""
}

// caseStanding says in a line where a case stands, for L2.
func caseStanding(r escalation.Report) string {
	c := r.Case
	var text string
	switch c.State {
	case escalation.Open:
		text = joined("*Open*", letGo(r.Events), hurry(c), deadline("claim", r.FirstBy, claimLate(r)), resolutionToo(r))
	case escalation.Claimed:
		text = joined("*Claimed* by "+mention(c.ClaimedBy)+since(c.ClaimedAt), hurry(c), deadline("resolve", r.ResolveBy, resolutionLate(r)))
	case escalation.WaitingAgent:
		text = joined("*Waiting for the agent* "+mention(c.Agent), claimedBy(c), hurry(c), deadline("resolve", r.ResolveBy, resolutionLate(r)))
	case escalation.WaitingCustomer:
		text = joined("*Waiting for the customer*", claimedBy(c), hurry(c), "paused: the time for the resolution stands still")
	case escalation.Resolved:
		return resolvedLine(c)
	default:
		text = "*" + capital(words(c.State)) + "*"
	}
	if c.Offered {
		text += "\n" + capital(unheard(c)) + ": anybody in L2 may claim it."
	}
	return text
}

// resolutionToo says of an open case that the other clock has run out.
func resolutionToo(r escalation.Report) string {
	if !resolutionLate(r) {
		return ""
	}
	return "*resolution overdue*" + since(r.ResolveBy)
}

// caseContext says who escalated a case, for whom, and how it is called.
func caseContext(r escalation.Report) string {
	c := r.Case
	customer := ""
	if c.Facts.Person != nil {
		customer = "customer " + naming(*c.Facts.Person)
	}
	return joined(escalatedBy(r), nowWith(r), ticket(c.Ticket), customer, caseName(c))
}

// escalatedBy names all who escalated a case, or follow it.
func escalatedBy(r escalation.Report) string {
	c := r.Case
	var agents []string
	for _, f := range r.Followers {
		agents = append(agents, mention(f.Agent))
	}
	if len(agents) == 0 {
		return "escalated by " + mention(c.Agent)
	}
	text := "escalated by " + strings.Join(first(agents, followersShown), ", ")
	if more := len(agents) - followersShown; more > 0 {
		text += " and " + count(more, "other", "others")
	}
	return text
}

// nowWith names whose case it is on the agents' side, unless it is the first one's.
func nowWith(r escalation.Report) string {
	if len(r.Followers) == 0 || r.Followers[0].Agent == r.Case.Agent {
		return ""
	}
	return "now with " + mention(r.Case.Agent)
}

// followersShown is how many agents are named.
const followersShown = 10

// caseButtons are what can be done with a case in its state.
func caseButtons(r escalation.Report) []slack.Block {
	var offers []offer
	for _, act := range first(r.Acts, rowOf) {
		o := offer{may: true, label: labelOf(act), action: string(act), value: r.Case.ID}
		if act == actions.ActClaim {
			o.style = slack.StylePrimary
		}
		offers = append(offers, o)
	}
	return rows(offers...)
}
