package blocks

import (
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// homeParts are the parts of Home in the order in which they matter.
func homeParts(h HomeView) []homePart {
	late, others := casesOnHome(h)
	return []homePart{
		homeWaits(h, late), homeLate(h, late), homeCases(h, others), homeSecrets(h), homeAdmins(h), homeVerified(h), homeWatches(h),
		homeQueue(h), homeToday(h), homeIncidents(h), homeLooks(h),
	}
}

// casesOnHome are the viewer's cases: those that are late, and the others.
func casesOnHome(h HomeView) (late, others []pageLine) {
	for _, c := range h.Cases.Cases {
		if lateIn(c, h.Now) != "" {
			late = append(late, homeCase(h, c))
		} else {
			others = append(others, homeCase(h, c))
		}
	}
	return late, others
}

func homeCase(h HomeView, c escalation.Case) pageLine {
	return pageLine{text: caseLine(c, h.Links[c.ID], h.Now)}
}

// homeWaits is what the viewer has to decide as the second person. late are the cases that
// wait for them, too.
func homeWaits(h HomeView, late []pageLine) homePart {
	p := homePart{title: "Waiting for you", more: h.MoreApprovals}
	if len(late)+h.Cases.MoreLate == 0 {
		p.none = "Nothing: no approval, and no case of yours is late."
	}
	for _, r := range h.Approvals {
		p.rows = append(p.rows, homeApproval(h, r))
	}
	p.shorten = restOf(actions.HomeApprovals, "Show all that waits")
	if len(h.Approvals)+h.MoreApprovals > 0 {
		p.below = blocksOf(note("Approve or decline on the card in our direct message: it says exactly what will happen."))
	}
	return p
}

// homeLate are the viewer's cases that are late.
func homeLate(h HomeView, late []pageLine) homePart {
	return homePart{
		title: "Cases of yours that are late", rows: late, more: h.Cases.MoreLate,
		shorten: rows(offer{may: true, label: "Show your late cases", action: CaseListAction, value: string(escalation.OwnOverdue)}),
	}
}

// homeApproval is what waits for the viewer as the second person.
func homeApproval(h HomeView, r actions.OperationReport) pageLine {
	link, clock := "", until(r.Operation.Until, h.Now, h.Zone)
	if r.Approval != nil {
		link, clock = h.Links[r.Approval.ID], until(r.Approval.Until, h.Now, h.Zone)
	}
	label := "*" + escape(labelOfBoth(r.Operation.Act, r.Operation.Params.Then)) + "* " + aimedAt(r)
	return pageLine{text: joined(label, "asked by "+mention(r.Operation.Actor), clock, linkTo(link, "Open the card"))}
}

// homeCases are the viewer's other cases, and the end of their shift.
func homeCases(h HomeView, others []pageLine) homePart {
	p := homePart{title: "Your open cases", rows: others, more: max(h.Cases.More-h.Cases.MoreLate, 0)}
	there := len(h.Cases.Cases)+h.Cases.More > 0
	all := offer{may: there, label: "Show all cases", action: CaseListAction, value: noneChosen}
	over := offer{may: there && actions.May(h.Viewer, actions.ActHandShift), label: labelOf(actions.ActHandShift), action: HandShiftAction, value: noneChosen}
	if p.below = rows(all, over); there && len(others)+p.more == 0 {
		p.none = "None but those that wait for you above."
	}
	return p
}

// homeSecrets are the viewer's secrets and requests that aren't over, with their clocks:
// first what came and waits to be opened, then what ends first.
func homeSecrets(h HomeView) homePart {
	var waiting []waitingSecret
	for _, r := range h.Requests {
		q, row := r.Request, rowOfRequest(r.Request)
		row.text = joined("*"+requestTitle(q.State)+"*", "asked for: "+askedOf(q), ticket(q.Ticket), until(q.ExpiresAt, h.Now, h.Zone))
		waiting = append(waiting, waitingSecret{row, q.State == actions.RequestReceived, q.ExpiresAt})
	}
	for _, r := range h.Secrets {
		s, row := r.Secret, rowOfSecret(r.Secret)
		row.text = joined("*"+secretTitle(s.State)+"*", "secret"+forWhom(s.For), ticket(s.Ticket), until(s.ExpiresAt, h.Now, h.Zone))
		waiting = append(waiting, waitingSecret{row, false, s.ExpiresAt})
	}
	slices.SortStableFunc(waiting, waitingSecret.before)
	p := homePart{title: "Your secrets", more: h.MoreSecrets}
	for _, w := range waiting {
		p.rows = append(p.rows, pageLine{w.row.text, w.row.block()})
	}
	p.shorten = rows(offer{may: true, label: "Show all secrets", action: SecretListAction, value: noneChosen})
	return p
}

// waitingSecret is a secret or a request that isn't over.
type waitingSecret struct {
	row  secretRow
	came bool
	ends time.Time
}

// before orders them by what should be seen first.
func (w waitingSecret) before(o waitingSecret) int {
	if w.came != o.came {
		if w.came {
			return -1
		}
		return 1
	}
	return w.ends.Compare(o.ends)
}

// homeAdmins are the viewer's temporary admins, with their clocks.
func homeAdmins(h HomeView) homePart {
	p := homePart{title: "Your temporary admins", more: h.Admins.More}
	for _, r := range h.Admins.Open {
		if r.Now = h.Now; r.Now.IsZero() {
			r.Now = h.Admins.Now
		}
		row, t := adminRow(r), r.Admin
		text := adminLine(r)
		if t.State == actions.AdminInUse || t.State == actions.AdminReceived {
			text = inLines(adminName(r), joined(adminFor(t), until(t.ExpiresAt, r.Now, h.Zone), ticket(t.Ticket)))
		}
		row.Text.Text = text
		p.rows = append(p.rows, pageLine{text, row})
	}
	p.shorten = rows(offer{may: true, label: "Show all your temporary admins", action: AdminListAction, value: AdminRef(true, 0)})
	return p
}

// homeVerified are the callers who are proven, for as long as that holds.
func homeVerified(h HomeView) homePart {
	p := homePart{title: "Callers verified", more: h.MoreVerified}
	for _, r := range h.Verified {
		if r.Verification.State == actions.VerificationHolds {
			p.rows = append(p.rows, homeCaller(h, r))
		}
	}
	p.shorten = restOf(actions.HomeVerified, "Show all verified callers")
	return p
}

// homeCaller is a caller who is proven.
func homeCaller(h HomeView, r actions.VerificationReport) pageLine {
	v := r.Verification
	text := joined("*"+bare(calling(r.Person))+"*", known(r.Person), "by "+howVerified(v.Via), ticket(v.Ticket), until(v.HoldsUntil(), h.Now, h.Zone))
	return pageLine{text, withDiagnose(section(text), r.Person)}
}

// homeWatches are the customers that the viewer waits for.
func homeWatches(h HomeView) homePart {
	p := homePart{title: "You are waiting for"}
	for _, r := range h.Watches {
		p.rows = append(p.rows, homeWatch(h, r))
	}
	p.shorten = restOf(actions.HomeWatches, "Show all whom you wait for")
	return p
}

// homeWatch is a customer whom the viewer waits for.
func homeWatch(h HomeView, r actions.WatchReport) pageLine {
	return pageLine{text: joined(capital(watched(r.Person)), until(r.Watch.Until, h.Now, h.Zone))}
}

// homeQueue is what L2 looks at first.
func homeQueue(h HomeView) homePart {
	if h.Queue == nil {
		return homePart{}
	}
	p := homePart{title: "The queue, most urgent first", none: "Empty: somebody is on every case, and nothing is late.", more: h.Queue.More}
	for _, c := range h.Queue.Cases {
		p.rows = append(p.rows, homeCase(h, c))
	}
	p.shorten = rows(offer{may: true, label: "Show all cases", action: CaseListAction, value: noneChosen})
	return p
}

// homeToday are today's numbers, each with the button that leads to its list.
func homeToday(h HomeView) homePart {
	if h.Today == nil && h.Uncounted {
		return homePart{title: "Today's numbers", none: "Today's numbers couldn't be counted just now."}
	}
	if h.Today == nil {
		return homePart{}
	}
	r := *h.Today
	p := homePart{title: "Today's numbers", whole: true}
	if uneventful(r, h.Desk) {
		p.none = quietLine(r, spanOf(r))
		return p
	}
	for _, n := range homeNumbers(r, h.Desk) {
		p.rows = append(p.rows, pageLine{n.text, n.block()})
	}
	return p
}

// homeNumbers are the numbers of a report that Home has room for: what somebody can still do
// something about.
func homeNumbers(r actions.LockoutReport, d escalation.Numbers) []number {
	all := []number{lockedOut(r, spanOf(r))}
	if r.Out > 0 {
		all = append(all, outNumber(r))
	}
	if r.Attacked > 0 {
		all = append(all, attackedNumber(r))
	}
	return append(append(all, caseNumbers(r, d)...), deskNumbers(r)...)
}

// homeIncidents are the incidents of now.
func homeIncidents(h HomeView) homePart {
	p := homePart{title: "Incidents"}
	for _, i := range h.Incidents {
		n := incidentNumber(i)
		p.rows = append(p.rows, pageLine{n.text, n.block()})
	}
	if h.Today != nil {
		p.shorten = rows(offer{may: true, label: "Show all incidents", action: LockoutListAction, value: LockoutRef(h.Today.Asked, actions.ListIncidents, 0)})
	}
	return p
}

// homeLooks are the viewer's last diagnoses.
func homeLooks(h HomeView) homePart {
	p := homePart{title: "Your last diagnoses", none: "Nobody yet. They stand here as soon as you have diagnosed somebody."}
	blocks := lookLines(first(h.Looks, rowsOnHome))
	for i, block := range blocks {
		p.rows = append(p.rows, pageLine{lookLine(h.Looks[i]), block})
	}
	return p
}
