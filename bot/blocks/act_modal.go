package blocks

import (
	"errors"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The callback_ids of the modals of remedies, beside [ReasonModalID]. Their
// private_metadata is the ID of a record alone, or, of those that order an act,
// what [ReadActMetadata] reads.
const (
	ActModalID     = "act_modal"
	MailModalID    = "mail_modal"
	ProfileModalID = "profile_modal"
	VerifyModalID  = "verify_modal" // a user ID
	CodeModalID    = "code_modal"   // a verification ID
)

// ReasonModalID is the callback_id of the modal that asks why an act about a
// record is done; its private_metadata is the ID of the record.
func ReasonModalID(act actions.Act) string { return "reason_modal_" + string(act) }

// actMetadata is what a modal goes by that orders an act: the act as its button
// names it, and the customer's user ID.
func actMetadata(act, then actions.Act, userID string) string {
	return actionOfBoth(act, then) + " " + userID
}

// ReadActMetadata reads which act a modal orders, which one follows it ("" for
// none), and for whom. Its error is for what no modal of this version carries.
func ReadActMetadata(metadata string) (act, then actions.Act, userID string, err error) {
	action, userID, _ := strings.Cut(metadata, " ")
	switch action {
	case UnlockAndResetAction:
		act, then = actions.ActUnlock, actions.ActSendReset
	case ProfileAction:
		act = actions.ActChangeEmail
	default:
		act = actions.Act(action)
	}
	if _, known := labels[act]; !known || userID == "" {
		return "", "", "", errMetadata
	}
	return act, then, userID, nil
}

var errMetadata = errors.New("a modal of an act without an act or a user")

// How many sentences a modal or a card has room for.
const doesShown = 12

// ActModal asks for what an act needs, after it has said whom it is about and
// exactly what will happen. then is the act that follows, "" for none; reason is
// what the command said already. When something else helps first it offers that,
// and there is nothing to submit.
func ActModal(p actions.Preparation, then actions.Act, reason string) slack.ModalViewRequest {
	label := labelOfBoth(p.Act, then)
	all := preparation(p)
	record := actMetadata(p.Act, then, p.Person.ID)
	if p.Instead != "" {
		return modal(ActModalID, label, "", record, append(all, instead(p)...))
	}
	all = append(all, handover(p.Handover)...)
	all = append(all, reasonInput(reason))
	all = append(all, attestInput(p)...)
	all = append(all, ticketInput(p.Ticket))
	return modal(ActModalID, label, submitOf(p, label), record, all)
}

// submitOf says what submitting does: the act, or the question to somebody.
func submitOf(p actions.Preparation, label string) string {
	switch {
	case p.Second != "":
		return "Ask for approval"
	case p.Rule.Owner:
		return "Ask the owner"
	}
	return label
}

// preparation is what stands before the inputs: what to mind, whom it is about,
// what will happen, whether the caller is proven, and who else is asked.
func preparation(p actions.Preparation) []slack.Block {
	all := warning(p.Warning)
	all = append(all, section(whom(p.Person)))
	if p.Instead != "" {
		return all
	}
	if len(p.Does) > 0 {
		all = append(all, section(list("What will happen", p.Does, doesShown, line)))
	}
	all = append(all, standingOf(p.Rule, p.Verified)...)
	if p.Second != "" {
		all = append(all, section("*A second person will be asked:* "+said(p.Second)))
	}
	return all
}

func warning(text string) []slack.Block {
	if clean(text) == "" {
		return nil
	}
	return blocksOf(section("*Mind:* " + said(text)))
}

// whom says whom something is about: the name, and how they are known, masked.
func whom(p actions.Person) string {
	parts := []string{"*" + bare(calling(p)) + "*"}
	for _, name := range []string{p.Username, p.Email, p.Mobile} {
		if name != calling(p) && !slices.Contains(parts, value(name)) {
			parts = append(parts, value(name))
		}
	}
	return joined(append(parts, words(p.Status))...)
}

// standingOf says whether the caller is proven.
func standingOf(rule actions.Rule, v *actions.Verified) []slack.Block {
	switch {
	case v != nil:
		return blocksOf(section(verifiedLine(*v)))
	case rule.Verified:
		return blocksOf(section("*Not verified:* nobody has proven who is calling."))
	}
	return nil
}

// verifiedLine says how a caller is proven, and how long that holds: "Verified by
// SMS at 09:41 for #4711, until 10:41".
func verifiedLine(v actions.Verified) string {
	text := "*Verified* by " + howVerified(v.Via) + " at " + clock(v.At)
	if v.Ticket != "" {
		text += " for " + value(v.Ticket)
	}
	text += ", until " + clock(v.Until)
	if v.By != "" {
		text += ", with " + mention(v.By)
	}
	return text
}

func howVerified(via actions.Channel) string {
	if via == "" {
		return "the owner's link"
	}
	return channelWords(via)
}

// instead is the button of the act that helps first.
func instead(p actions.Preparation) []slack.Block { return helpsFirst(p.Instead, p.Person.ID) }

// Instead says that an act can't help, and has the button of the one that does.
func Instead(words actions.Words, p actions.Preparation) Message {
	message := Failure(words)
	return fit(message.Text, append(message.Blocks, instead(p)...)...)
}

// ReasonModal asks why, for an act about a record that isn't a customer's. title
// and text are ours and say what will happen; text is markup.
func ReasonModal(act actions.Act, record, title, text string) slack.ModalViewRequest {
	return modal(ReasonModalID(act), title, labelOf(act), record,
		blocksOf(section(orElse(text, "Please say why.")), reasonInput(""), ticketInput("")))
}
