package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// ProfileModal asks for a new e-mail address or a new mobile number, and
// who asked for it (RULES S4.11, S4.12); reason is what the command said already.
func ProfileModal(p actions.Preparation, reason string) slack.ModalViewRequest {
	label, record := changeContact, actMetadata(p.Act, "", p.Person.ID)
	if p.Instead != "" {
		return modal(ProfileModalID, label, "", record, append(preparation(p), instead(p)...))
	}
	all := append(preparation(p), holds(p))
	all = append(all,
		typed(EmailInput, "New e-mail", "The address as the owner spells it", "", actions.IdentifierLimit, false).WithOptional(true),
		typed(MobileInput, "New mobile", "With its country: +61…", "", mobileTyped, false).WithOptional(true))
	all = append(all, confirmer(p.Ways)...)
	all = append(all, chosen(AskerInput, "Who asked for it?",
		choice{AskedByOwner, "The person whose profile it is"}, choice{AskedByAdmin, "An admin of their account"}))
	all = append(all, reasonInput(reason))
	all = append(all, attestInput(p)...)
	all = append(all, ticketInput(p.Ticket))
	return modal(ProfileModalID, label, submitOf(p, "Change"), record, all)
}

// holds says what the directory does about resets after a change.
func holds(p actions.Preparation) slack.Block {
	if p.HoldsResets {
		return note("For 24 hours after the change nothing that lets somebody in is sent there, unless a second person approves.")
	}
	return section("*Mind:* this directory can't hold back its own reset mails after a change. Latchkey does for 24 hours, " +
		"but whoever has the new contact can ask the product for one at once.")
}

// confirmer lets an agent choose which contact confirms the change.
func confirmer(ways []actions.Way) []slack.Block {
	via := viaInput("Confirmed by a link sent by", ways)
	if via == nil {
		via = blocksOf(section("*No contact on file can confirm it:* the account's admin is asked to, and a second person approves."))
	}
	return append(via, refusedWays(ways)...)
}
