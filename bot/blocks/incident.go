package blocks

import (
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// sharesShown is how much that customers have in common is named.
const sharesShown = 4

// Incident is the card of an incident in the leads' channel, and follows it: who fails, since
// when and how, what they have in common, and how far unlocking them came.
func Incident(r actions.IncidentReport) Message {
	i := r.Incident
	title := incidentTitle(i)
	all := blocksOf(section(title+"\n"+incidentSize(i)), section(inCommon(i)))
	heard := inLines(title, incidentSize(i), inCommon(i))
	if people := incidentNames(r); people != "" {
		all = append(all, section(people))
	}
	if r.Locked > 0 {
		text := lockedByIt(r)
		all, heard = append(all, section(text)), inLines(heard, text)
	}
	if r.Unlock != nil {
		text := unlockStanding(*r.Unlock)
		all, heard = append(append(all, section(text)), sections(notUnlocked(*r.Unlock))...), inLines(heard, text)
	}
	all = append(all, note(joined(incidentTime(i), "as of "+when(r.Now))))
	all = append(all, rows(
		offer{may: i.Customers > 0, label: "Show customers", action: IncidentPeopleAction, value: refOf(i.ID)},
		offer{may: r.Locked > 0 && !underWay(r.Unlock), label: labelOf(actions.ActBulkUnlock), action: BulkUnlockAction, value: i.ID, style: slack.StylePrimary},
		showLeftOut(r.Unlock),
	)...)
	return fit(heard, all...)
}

// incidentTitle says what happens, or happened.
func incidentTitle(i actions.Incident) string {
	if i.EndedAt.IsZero() {
		return "*Incident: " + customers(i.Customers) + " " + fail(i.Customers) + " the same way*"
	}
	return "*The incident is over: " + customers(i.Customers) + " failed the same way*"
}

func fail(n int) string {
	if n == 1 {
		return "fails"
	}
	return "fail"
}

// incidentSize says how they fail, and how unusual that is.
func incidentSize(i actions.Incident) string {
	return "What they see: *" + bare(i.Outcome.Words()) + "*. " + customers(i.Peak) + " within an hour at the most; usual at this hour: " + decimal(max(i.Usual, 0)) + "."
}

// incidentTime says since when an incident lasts, or how long it lasted.
func incidentTime(i actions.Incident) string {
	switch {
	case i.At.IsZero():
		return ""
	case i.EndedAt.IsZero():
		return "since " + when(i.At)
	case i.SeenAt.After(i.At):
		return "from " + when(i.At) + " to " + when(i.SeenAt) + ", for " + lasting(i.SeenAt.Sub(i.At))
	}
	return "began " + when(i.At) + ", ended " + when(i.EndedAt)
}

// inCommon says what most of them share.
func inCommon(i actions.Incident) string {
	if len(i.Shares) == 0 {
		return "They have nothing in common that the records show: no network, account, client or country, and no VPN."
	}
	return list("What they have in common", i.Shares, sharesShown, func(s actions.Share) string {
		return shareWords(s) + ": " + shareOf(s, i)
	})
}

// shareOf says how many of an incident's customers share something.
func shareOf(s actions.Share, i actions.Incident) string {
	if s.Customers >= i.Customers {
		return "all of them"
	}
	return count(s.Customers, "of", "of") + " " + count(i.Customers, "customer", "customers")
}

func shareWords(s actions.Share) string {
	what := "*" + bare(s.What) + "*"
	switch s.Kind {
	case actions.ShareNetwork:
		return "the network " + what
	case actions.ShareAccount:
		return "the account " + what
	case actions.ShareClient:
		return "the client " + what
	case actions.ShareCountry:
		return "the country " + what
	case actions.ShareVPN:
		return "they come over a VPN"
	}
	return words(s.Kind) + " " + what
}

// incidentNames names the first of them, and says how many more there are.
func incidentNames(r actions.IncidentReport) string {
	people := first(r.People, actions.IncidentPeople)
	if len(people) == 0 {
		return ""
	}
	return roomy("Who failed last", mapped(people, personInLine), r.More+len(r.People)-len(people))
}

// lockedByIt says how many could be unlocked at once.
func lockedByIt(r actions.IncidentReport) string {
	text := "*Locked by it:* " + customers(r.Locked) + "."
	if underWay(r.Unlock) {
		return text
	}
	return text + " A lead can unlock them all at once, with a second person; never who is protected or under attack."
}

// underWay reports whether a bulk unlock was asked for that isn't over.
func underWay(r *actions.OperationReport) bool { return r != nil && !r.Operation.State.Final() }

// unlockStanding says how far unlocking all came.
func unlockStanding(r actions.OperationReport) string {
	text := "*" + escape(labelOf(r.Operation.Act)) + " – " + stateName(r.Operation.State) + ":* " + standingNow(r)
	return inLines(text, bulkProgress(r), "Asked by "+mention(r.Operation.Actor)+at(r.Operation.At)+".")
}

// notUnlocked lists who was left out of unlocking all.
func notUnlocked(r actions.OperationReport) string {
	if r.Bulk == nil {
		return ""
	}
	return leftOut(*r.Bulk)
}

// banner says in a line of a diagnosis that many fail the same way just now.
func banner(f *actions.IncidentFact) string {
	if f == nil {
		return ""
	}
	return "*Incident:* " + customers(f.Customers) + " " + fail(f.Customers) + " the same way" + since(f.Since) + " (" + line(f.Outcome.Words()) +
		"). The leads know of it: look whether this customer is one of them before you change anything."
}

// banners is the banner as it stands on top of a diagnosis.
func banners(d actions.Diagnosis) []slack.Block {
	if text := banner(d.Facts.Incident); text != "" {
		return blocksOf(section(text))
	}
	return nil
}

// IncidentPeople shows a part of the customers of an incident, each with the button that
// diagnoses them.
func IncidentPeople(p actions.IncidentPage) Message {
	title := "*Customers of the incident* “" + line(p.Incident.Outcome.Words()) + "”, who failed last first"
	if len(p.People) == 0 {
		text := title + ": " + listEnd(p.Offset, p.Total)
		return fit(text, section(text))
	}
	var lines []pageLine
	for _, one := range p.People {
		text := personInLine(one.Person) + "\n" + incidentState(one)
		lines = append(lines, pageLine{text, withDiagnose(section(text), one.Person)})
	}
	return page(title, lines, p.Offset, p.Total, func(next int) (action, value string) { return IncidentPeopleAction, incidentRef(p.Incident.ID, next) })
}

// incidentState says how one of the customers stands.
func incidentState(one actions.IncidentPerson) string {
	state := "not in yet"
	switch {
	case one.Locked:
		state = "*locked*"
	case one.In:
		state = "in again"
	}
	return joined(state, failedAt(one.At))
}

func failedAt(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return "failed last " + when(t)
}
