package blocks

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// casesLists says what lists hold about the address of a case, or what came of
// taking it off, with the button that does so while L2 can.
func casesLists(r escalation.Report) []slack.Block {
	text := delisting(r.Delisting)
	if text != "" {
		text += wishes(r.Case.Facts.Lists)
	} else {
		text = listings(r.Case.Facts.Lists) + elsewhere(r)
	}
	if text == "" && r.Removable {
		text = "*Listed:* the address stands on a list that holds its mail back."
	}
	if text == "" {
		return nil
	}
	block := section(text)
	if element, ok := button(labelOf(actions.ActDelist), string(actions.ActDelist), r.Case.ID); ok && delistable(r) {
		ask(element, offer{label: labelOf(actions.ActDelist), confirm: asks[actions.ActDelist]})
		block.Accessory = slack.NewAccessory(element)
	}
	return blocksOf(block)
}

// wishes says that a customer wants no newsletters, which no removal changes (RULES
// S2.2).
func wishes(all []actions.Listing) string {
	for _, l := range all {
		for _, entry := range l.Entries {
			if !entry.List.HoldsBack() {
				return " It is still listed as " + words(entry.List) + " by " + orElse(value(l.Source), "a list") + ": that is the customer's own wish."
			}
		}
	}
	return ""
}

// elsewhere says why L2 has no button to take an address of nobody off lists.
func elsewhere(r escalation.Report) string {
	if r.Case.UserID != "" || r.Case.State == escalation.Resolved {
		return ""
	}
	for _, l := range r.Case.Facts.Lists {
		if slices.ContainsFunc(l.Entries, func(s actions.Suppression) bool { return s.List.HoldsBack() }) {
			return ". No single customer on record has the address, so it can't be taken off from here: please do that in the system that lists it."
		}
	}
	return ""
}

// delistable reports whether L2 can take the address off lists now: somebody has
// the case, it stands on one, and nothing of that is under way.
func delistable(r escalation.Report) bool {
	switch r.Case.State {
	case escalation.Claimed, escalation.WaitingAgent, escalation.WaitingCustomer:
		underWay := r.Delisting != nil && !r.Delisting.Operation.State.Final()
		return r.Removable && !underWay && r.Case.UserID != ""
	case escalation.Open, escalation.Resolved:
	}
	return false
}

// delisting says what came of taking an address off lists; "" when nobody did.
func delisting(r *actions.OperationReport) string {
	if r == nil {
		return ""
	}
	op := r.Operation
	by := " by " + mention(op.Actor)
	switch op.State {
	case actions.OperationAsked:
		return "*Removal from the lists*, asked for" + by + ". " + waitingForLead(*r)
	case actions.OperationRunning, actions.OperationOwner:
		return "*Removal from the lists is under way*," + by + ". Each list is read again before it counts."
	case actions.OperationDone:
		return "*Removed from the lists*" + by + at(op.EndedAt) + ", and read back." + approvedBy(*r)
	case actions.OperationFailed:
		return "*Not removed from every list*, tried" + by + at(op.EndedAt) + ": " + orElse(said(op.Why), "a step failed.")
	case actions.OperationRefused:
		return "*Not removed from the lists*, asked for" + by + at(op.EndedAt) + ": " + refusedBecause(*r)
	}
	return "*Removal from the lists:* " + words(op.State)
}

// listings says in a few words what each system said about an address.
func listings(all []actions.Listing) string {
	var on, off, silent []string
	for _, l := range first(all, listsShown) {
		source := orElse(value(l.Source), "a list")
		switch {
		case l.Silent:
			silent = append(silent, source)
		case len(l.Entries) == 0:
			off = append(off, source)
		default:
			on = append(on, source+" ("+strings.Join(mapped(first(l.Entries, entriesShown), entry), ", ")+")")
		}
	}
	return joined(
		about("*Listed* when it was escalated: ", on),
		about("*Not listed* by ", off),
		about("*No answer* from ", silent))
}

// How many lists, and entries of each, are shown.
const (
	listsShown   = 6
	entriesShown = 8
)

func about(title string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return title + strings.Join(names, ", ")
}

// entry is one list that an address stands on.
func entry(s actions.Suppression) string {
	text := words(s.List) + since(s.Since)
	if !s.List.HoldsBack() {
		text += ", the customer's own wish"
	}
	return text
}
