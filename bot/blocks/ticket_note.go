package blocks

import (
	"fmt"

	"github.com/latchkey-bot/latchkey/actions"
)

// TicketNote gives what was found, done and said, as plain text to paste into
// the ticket: without markup, with times in UTC, and masked as the diagnosis is.
func TicketNote(d actions.Diagnosis) Message {
	if len(d.Findings) == 0 || d.User == nil {
		return Sentence("There is nothing to note: nobody was diagnosed.")
	}
	text := noteOf(d)
	return fit(escape(text), richText(copyable("Ticket note, ready to paste", text)...))
}

func noteOf(d actions.Diagnosis) string {
	var p paper
	decisive := d.Findings[0]
	p.add("Ticket: ", plain(d.Ticket, nameLength))
	p.add("Customer: ", joined(noteWho(*d.User)...))
	p.add("Looked at: ", utc(d.At)+". "+plain(d.Facts.Freshness.Text, lineLength))
	p.incident(d.Facts.Incident)
	p.add("Found: ", fmt.Sprintf("%s (%s, %s)", plain(decisive.Summary, lineLength), decisive.Cause, graded(decisive.Grade)))
	for _, e := range first(decisive.Evidence, evidenceShown) {
		p.add("- ", joined(utc(happened(e, d.At)), plain(e.Text, lineLength)))
	}
	for _, f := range first(d.Findings[1:], findingsShown) {
		p.add("Also found: ", fmt.Sprintf("%s (%s, %s)", plain(f.Summary, lineLength), f.Cause, graded(f.Grade)))
	}
	p.done(d.Facts.Support)
	p.advised(decisive)
	p.add("To a caller who isn't verified: ", sentence(decisive.TellCaller))
	p.add("To the verified customer: ", sentence(decisive.TellCustomer))
	p.add("Help article for them: ", plain(decisive.Article, maxAddress))
	return p.String()
}

func noteWho(user actions.Person) []string {
	who := []string{plain(calling(user), nameLength)}
	for _, name := range []string{user.Username, user.Email, user.Mobile} {
		if name != "" && name != calling(user) {
			who = append(who, plain(name, nameLength))
		}
	}
	return append(who, "user ID "+plain(user.ID, nameLength))
}

// incident says that many failed the same way then.
func (p *paper) incident(f *actions.IncidentFact) {
	if f != nil {
		p.add("Incident: ", fmt.Sprintf("%s failed the same way since %s (%s)", customers(f.Customers), orElse(utc(f.Since), "a while"), plain(f.Outcome.Words(), nameLength)))
	}
}

// done lists what support did in the last 24 hours. Who it was is an ID of
// Slack's, which says nothing in a ticket.
func (p *paper) done(support []actions.SupportFact) {
	for _, fact := range first(support, supportShown*2) {
		p.add("Support: ", joined(utc(fact.At), plainAct(fact.Act), plainWords(fact.Outcome)))
	}
}

func (p *paper) advised(decisive actions.Finding) {
	for i, remedy := range steps(decisive) {
		p.add(fmt.Sprintf("Advised, step %d: ", i+1), fmt.Sprintf("%s (%s)", remedy.Step, remedy.Who))
	}
}
