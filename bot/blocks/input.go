package blocks

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The inputs of modals by block_id, beside those of the modal that asks whom
// to diagnose.
const (
	ReasonInput   = "reason"
	VerifiedInput = "verified" // a checkbox; Attested is its value
	SubjectInput  = "subject"
	TextInput     = "text"
	CopyInput     = "copy"
	ViaInput      = "via" // radio buttons: a channel
	CodeInput     = "code"
	EmailInput    = "email"
	MobileInput   = "mobile"
	AskerInput    = "asker"   // radio buttons: AskedByOwner or AskedByAdmin
	PurposeInput  = "purpose" // a menu: an act, what a code is for
)

// The values of what is chosen rather than typed.
const (
	Attested     = "attested"
	AskedByOwner = "owner"
	AskedByAdmin = "admin"
)

// How much may be typed into an input, in characters.
const (
	reasonTyped  = 500
	codeTyped    = 12 // six digits, and what people put between them
	subjectTyped = 200
	mobileTyped  = 40
)

// input is a line to type in.
func input(id, label, placeholder string, limit int) *slack.InputBlock {
	return typed(id, label, placeholder, "", limit, false)
}

// typed is an input with what stands in it from the beginning.
func typed(id, label, placeholder, initial string, limit int, multiline bool) *slack.InputBlock {
	element := slack.NewPlainTextInputBlockElement(plainText(placeholder), InputValue)
	element.MaxLength, element.Multiline = limit, multiline
	if multiline {
		initial = cleanLines(initial)
	} else {
		initial = clean(initial)
	}
	element.InitialValue = clip(initial, limit)
	return slack.NewInputBlock(id, plainText(label), nil, element)
}

// reasonInput asks why; what the command said already stands in it.
func reasonInput(reason string) slack.Block {
	block := typed(ReasonInput, "Reason", "Why this helps, for whoever reads it later", reason, reasonTyped, true)
	block.Hint = plainText("It stands in the audit. No password, code or link belongs in it.")
	return block
}

// ticketInput asks for a ticket; the one that is remembered stands in it.
func ticketInput(ticket string) slack.Block {
	return typed(TicketInput, "Ticket", "#4711", ticket, ticketTyped, false).WithOptional(true)
}

// attestInput lets an agent vouch for a caller whom nothing proves. It is there
// only for an act that asks for it.
func attestInput(p actions.Preparation) []slack.Block {
	if !p.Rule.Verified || p.Verified != nil {
		return nil
	}
	option := slack.NewOptionBlockObject(Attested, plainText("I know the caller, and a lead answers for it"), nil)
	block := slack.NewInputBlock(VerifiedInput, plainText("Verified"),
		plainText("Better: cancel, press Verify the caller, and nobody has to answer for it."),
		slack.NewCheckboxGroupsBlockElement(InputValue, option))
	return []slack.Block{block}
}

// choice is one of several radio buttons.
type choice struct{ value, text string }

// option is one of several things to choose from, with room for the isolate of a
// text that is written from right to left.
func option(c choice) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(c.value, plainText(clip(clean(c.text), maxOptionText-2)), nil)
}

// chosen are radio buttons, of which the first is chosen. Their texts are
// plain.
func chosen(id, label string, choices ...choice) *slack.InputBlock {
	var options []*slack.OptionBlockObject
	for _, c := range choices {
		options = append(options, option(c))
	}
	element := slack.NewRadioButtonsBlockElement(InputValue, options...)
	element.InitialOption = options[0]
	return slack.NewInputBlock(id, plainText(label), nil, element)
}

// viaInput lets an agent choose one of the contacts that can be used; nil when
// there is none.
func viaInput(label string, ways []actions.Way) []slack.Block {
	var choices []choice
	for _, way := range ways {
		if way.Refused == "" && way.Via != "" {
			choices = append(choices, choice{string(way.Via), capital(channelName(way.Via)) + " to " + plain(way.Masked, nameLength)})
		}
	}
	if len(choices) == 0 {
		return nil
	}
	return blocksOf(chosen(ViaInput, label, first(choices, maxWays)...))
}

// maxWays is how many radio buttons Slack takes.
const maxWays = 10

// refusedWays says which contacts can't be used, and why.
func refusedWays(ways []actions.Way) []slack.Block {
	var lines []string
	for _, way := range ways {
		if way.Refused != "" {
			lines = append(lines, joined(capital(channelWords(way.Via)), value(way.Masked), line(way.Refused)))
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return blocksOf(section(list("Can't be used", lines, maxWays, asIs)))
}

// channelName is a channel for people, where nothing may be escaped.
func channelName(via actions.Channel) string {
	switch via {
	case actions.ChannelEmail:
		return "e-mail"
	case actions.ChannelSMS:
		return "SMS"
	default:
		return plainWords(via)
	}
}

// channelWords is a channel in a text of markup.
func channelWords(via actions.Channel) string { return escape(channelName(via)) }

// cleanLines is clean for a text of several lines.
func cleanLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, text := range lines {
		lines[i] = clean(text)
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// modal makes a modal. record is what it goes by: an act, as its button names
// it, and an ID of a record, and never anything else.
func modal(id, title, submit, record string, all []slack.Block) slack.ModalViewRequest {
	view := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: id, Title: plainText(clip(title, maxTitle)), Close: plainText("Cancel"),
		Blocks: slack.Blocks{BlockSet: within(maxViewBlocks, all)},
	}
	if submit != "" {
		view.Submit = plainText(clip(submit, maxTitle))
	}
	if utf8.RuneCountInString(record) <= maxMetadata {
		view.PrivateMetadata = record
	}
	return view
}

// blocksOf is a list of blocks.
func blocksOf(all ...slack.Block) []slack.Block { return all }
