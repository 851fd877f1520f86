package blocks

import (
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// handover shows what is known of closed accounts: how ticket system and CRM
// know them, why they were closed, whose they are, and where to look further
// (RULES S4.4, S4.5).
func handover(h *actions.Handover) []slack.Block {
	if h == nil {
		return nil
	}
	var all []slack.Block
	if len(h.Accounts) > 0 {
		all = append(all, section(list("Accounts", h.Accounts, accountsShown, closedAccount)))
	}
	if advice := line(h.Advice); advice != "" {
		all = append(all, section("*For the reply:* "+advice))
	}
	if links := searches(h.Searches); links != "" {
		all = append(all, section("*Look further:* "+links))
	}
	if to := line(h.To); to != "" {
		all = append(all, section("*Who will be told:* "+to))
	}
	return all
}

// closedAccount is an account with its owner, on one line.
func closedAccount(fact actions.AccountFact) string {
	text := accountLine(fact)
	if fact.Owner != "" {
		text = joined(text, "owner "+value(fact.Owner))
	}
	if !fact.ClosedAt.IsZero() {
		text = joined(text, "closed "+when(fact.ClosedAt))
	}
	return text
}

// searchesShown is how many links stand in a row.
const searchesShown = 6

// searches are links into the company's own systems. Their addresses are the
// configuration's; what isn't a web address, or could end the link, is shown by
// its name alone.
func searches(all []actions.Search) string {
	var links []string
	for _, search := range first(all, searchesShown) {
		name := strings.ReplaceAll(value(search.Name), "|", "")
		if address, ok := webAddress(search.URL); ok && name != "" {
			name = "<" + address + "|" + name + ">"
		}
		links = append(links, name)
	}
	return joined(links...)
}

// maxAddress is how long an address may be: a longer one would fill the message.
const maxAddress = 500

// webAddress returns an address as it stands in a link of Slack's.
func webAddress(raw string) (address string, ok bool) {
	parsed, err := url.Parse(raw)
	if err != nil || parsed.Host == "" || (parsed.Scheme != "https" && parsed.Scheme != "http") {
		return "", false
	}
	address = parsed.String()
	if len(address) > maxAddress || strings.ContainsAny(address, "<>|` ") || clean(address) != address {
		return "", false
	}
	return strings.ReplaceAll(address, "&", "&amp;"), true
}

// HandedOver tells a lead or an owner that a customer is handed over to them:
// who it is, what is known of their accounts, and why (RULES S4.4, S4.5).
func HandedOver(r actions.OperationReport) Message {
	op := r.Operation
	text := mention(op.Actor) + " hands a customer over to you."
	all := blocksOf(section(text), section(whom(r.Person)))
	all = append(all, handover(r.Handover)...)
	if r.Handover == nil && len(r.Does) > 0 {
		all = append(all, section(list("What is known", r.Does, doesShown, line)))
	}
	all = append(all, note(askedFor(op)))
	if !gone(r.Person) {
		all = append(all, rows(offer{may: true, label: "Diagnose", action: DiagnoseAction, value: op.Subject})...)
	}
	return fit(text+" "+naming(r.Person)+". "+line(op.Reason), all...)
}
