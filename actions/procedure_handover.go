package actions

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
)

// handingOver gives a closed account to who decides about it: its owner, by
// mail, and the leads (RULES S4.4, S4.5).
var handingOver = procedure{
	act:   ActHandOver,
	check: checkHandOver,
	does: func(Operation) []string {
		return []string{"Tells the leads, and mails the owner of the account if one is on record: Gateway IDs, reason, and where to look."}
	},
	after: "I passed it on to the people who look after your account; they will get in touch.",
	hands: true,
}

// checkHandOver refuses when nothing is closed.
func checkHandOver(p *plan) {
	if p.closed() == nil {
		p.refuse("", "No account of theirs is closed, so there is nothing to hand over. Look at the diagnosis for what keeps them out.")
	}
}

// closed returns the places in accounts that are closed; none while another
// lets the user in.
func (p *plan) closed() []Place {
	if !p.shutOut() {
		return nil
	}
	var closed []Place
	for _, place := range p.Places {
		if !place.Account.Open() {
			closed = append(closed, place)
		}
	}
	return closed
}

// handoverOf assembles what whoever decides needs to know.
func (a *Actions) handoverOf(p *plan) *Handover {
	closed := p.closed()
	if closed == nil {
		return nil
	}
	h := &Handover{To: "the leads", Advice: adviceFor(closed[0].Account)}
	var queries []string
	for _, place := range closed {
		h.Accounts = append(h.Accounts, placeFact(place))
		queries = append(queries, place.Account.GatewayIDs...)
	}
	if len(queries) == 0 {
		queries = []string{closed[0].Account.ID}
	}
	for _, search := range a.Searches {
		for _, query := range queries {
			found := Search{Name: search.Name, URL: strings.ReplaceAll(search.URL, "{query}", url.QueryEscape(query))}
			if len(queries) > 1 {
				found.Name += " " + query
			}
			h.Searches = append(h.Searches, found)
		}
	}
	if a.carries(ChannelEmail) && len(p.owners()) > 0 {
		h.To = "the owner of the account by mail, and the leads"
	}
	return h
}

// owners are the addresses of who owns the closed accounts, colleagues of ours.
func (p *plan) owners() []string {
	var owners []string
	for _, place := range p.rawPlaces {
		address := place.Account.Owner
		parsed, err := mail.ParseAddress(address)
		if !place.Account.Open() && err == nil && parsed.Address == address && !slices.Contains(owners, address) {
			owners = append(owners, address)
		}
	}
	return owners
}

// adviceFor is what the reason of a closed account means for the reply (RULES
// S4.4, S4.5).
func adviceFor(a Account) string {
	switch a.Status {
	case AccountPaymentHold:
		return "Billing decides. Not a word about money to the caller: ask them to speak to whoever manages the account."
	case AccountTrialExpired:
		return "The lead or opportunity owner decides on extending or on talking first. Pay-as-you-go on a new account goes through sales first."
	case AccountActive, AccountTrial, AccountCancelled: // the reason says more
	}
	switch a.StatusReason {
	case "malicious":
		return "It was closed for abuse: don't promise anything, and don't discuss why. We can't help with this account."
	case "bad_credit", "unpaid":
		return "Billing decides whether it opens again. Not a word about money to the caller."
	case "not_needed":
		return "They closed it themselves. The owner asks whether they want it back, and starts it up again."
	case "":
		return "No reason is on record. Look at the case history first; if unsure, ask the L1 lead who is available."
	}
	return "Look at the case history for what lies behind the reason; if unsure, ask the L1 lead who is available."
}

// handoverMails are the mails to the owners.
func (a *Actions) handoverMails(op Operation, p *plan) []Mail {
	h := a.handoverOf(p)
	if h == nil || !a.carries(ChannelEmail) {
		return nil
	}
	var mails []Mail
	for _, owner := range p.owners() {
		m := a.newMail(op.ID, op.Subject, TemplateHandOver, ChannelEmail)
		m.Address, m.Details = owner, h.details()
		mails = append(mails, m)
	}
	return mails
}

// details says a handover in lines, for a mail.
func (h *Handover) details() string {
	var lines []string
	for _, a := range h.Accounts {
		line := quoted(a.Name) + ": " + a.Status.Words()
		if a.Reason != "" {
			line += ", reason " + a.Reason
		}
		if len(a.GatewayIDs) > 0 {
			line += ", Gateway ID " + strings.Join(a.GatewayIDs, ", ")
		}
		lines = append(lines, line)
	}
	lines = append(lines, h.Advice)
	for _, s := range h.Searches {
		lines = append(lines, s.Name+": "+s.URL)
	}
	return strings.Join(lines, "\n")
}
