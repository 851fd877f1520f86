package blocks

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// The callback_ids of the modals that escalate. Their private_metadata is what
// [ReadEscalateModal] reads: where the modal was opened, and the ID of a user.
const (
	EscalateModalID     = "escalate_modal"
	EscalateWhomModalID = "escalate_whom_modal" // asks for whom, too
)

// The inputs of the modals that escalate by block_id, beside [ReasonInput] and
// [TicketInput].
const (
	KindInput     = "kind"     // a menu: an escalation.Kind
	PriorityInput = "priority" // radio buttons: an escalation.Priority
	GatewayInput  = "gateway"
	AddressInput  = "address" // only when nobody on record has it
	WhomInput     = "whom"    // a customer's identifier
)

// gatewayTyped is how long a Gateway ID may be that is typed, in characters.
const gatewayTyped = 40

// EscalateForm is what the modals that escalate ask for.
type EscalateForm struct {
	Kind     escalation.Kind
	Priority escalation.Priority
	UserID   string // "" when nobody on record has the address
	// Address is the e-mail address of who isn't on record; of the modal that asks
	// for whom, what was typed there.
	Address string
	Gateway string
	Reason  string
	Ticket  string
	// Channel and Thread are the Slack ID and the timestamp of the thread that it is
	// escalated from; "" for none.
	Channel, Thread string
}

// EscalateModal asks for what L2 needs, after it has said whom it is about, what is
// on record and what nobody can look up. When L2 can't help yet it offers what helps
// first, and there is nothing to submit.
func EscalateModal(p escalation.Preparation, form EscalateForm) slack.ModalViewRequest {
	form.UserID = orElse(form.UserID, p.Whom.UserID)
	all := blocksOf(section(escalatedWhom(p)))
	if p.Premature != "" {
		all = append(all, section("*L2 can't help yet:* "+told(p.Premature)))
		all = append(all, helpsFirst(p.Instead, form.UserID)...)
		return modal(EscalateModalID, escalateTitle, "", escalateMetadata(form), all)
	}
	all = append(all, onRecord(p)...)
	submit := labelOf(actions.ActEscalate)
	if p.Joins != nil {
		submit = "Join"
		all = append(all, section(joins(*p.Joins)))
	}
	form.Kind = escalation.Kind(orElse(string(form.Kind), string(p.Kind)))
	form.Priority = escalation.Priority(orElse(string(form.Priority), string(p.Priority)))
	all = append(all, kindInput(form.Kind))
	if p.Person == nil && form.UserID == "" {
		all = append(all, addressInput(orElse(form.Address, p.Address)))
	}
	all = append(all, gatewayInput(p.Gateways, form.Gateway), priorityInput(form.Priority), escalateReason(form.Reason), ticketInput(orElse(form.Ticket, p.Ticket)))
	return modal(EscalateModalID, escalateTitle, submit, escalateMetadata(form), all)
}

const escalateTitle = "Escalate to L2"

// EscalateWhomModal asks for the same, and whom it is about: nothing is looked up
// before it is submitted.
func EscalateWhomModal(form EscalateForm) slack.ModalViewRequest {
	whom := typed(WhomInput, "Whom is it about?", "E-mail address, user name or mobile number", form.Address, identifierTyped, false).WithOptional(true)
	whom.Hint = plainText("For mail that doesn't arrive an e-mail address that nobody on record has works, too.")
	all := blocksOf(kindInput(form.Kind), whom, gatewayInput(nil, form.Gateway), priorityInput(form.Priority), escalateReason(form.Reason), ticketInput(form.Ticket))
	return modal(EscalateWhomModalID, escalateTitle, labelOf(actions.ActEscalate), escalateMetadata(form), all)
}

// escalatedWhom says whom a case is about: masked, unless it is the address that was
// typed, which no single customer has on record.
func escalatedWhom(p escalation.Preparation) string {
	switch {
	case p.Person != nil:
		return whom(*p.Person)
	case p.Address != "":
		return "*" + strings.ReplaceAll(line(p.Address), "*", "") + "*"
	}
	return "Nobody on record fits."
}

// onRecord says what can be known before L2 is asked, and what can't.
func onRecord(p escalation.Preparation) []slack.Block {
	var all []slack.Block
	if len(p.Known) > 0 {
		all = append(all, section(list("What is on record", p.Known, doesShown, told)))
	}
	if text := told(p.Unknowable); text != "" {
		all = append(all, note(text))
	}
	return all
}

// joins says that there is an open case about the same.
func joins(c escalation.Case) string {
	where := "nobody has claimed it yet"
	if c.State != escalation.Open && c.ClaimedBy != "" {
		where = mention(c.ClaimedBy) + " is on it"
	}
	return "*There is an open case about this:* " + joined(caseName(c)+", "+where, "escalated by "+mention(c.Agent), when(c.At)) +
		". You join it, L2 reads your reason, and its card comes to our direct message."
}

// kindNames say what each kind of case is for.
var kindNames = map[escalation.Kind]string{
	escalation.Blocklist: "Blocklist: does a list hold mail to them back?",
	escalation.Account:   "Account: its state, or the user's, needs L2",
	escalation.Security:  "Security: under attack, taken over, a blocked network",
	escalation.Delivery:  "Delivery: mail or texts don't arrive for another reason",
	escalation.Other:     "Something else",
}

// kindInput asks what it is about.
func kindInput(kind escalation.Kind) slack.Block {
	var options []*slack.OptionBlockObject
	for _, k := range escalation.Kinds() {
		options = append(options, option(choice{string(k), orElse(kindNames[k], plainWords(k))}))
	}
	return slack.NewInputBlock(KindInput, plainText("What is it about?"), nil, menu("Choose one", string(kind), options)).WithOptional(true)
}

// menu is a menu in which the option of that value is chosen; nothing, if none has it.
func menu(placeholder, value string, options []*slack.OptionBlockObject) *slack.SelectBlockElement {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText(placeholder), InputValue, options...)
	element.InitialOption = optionOf(value, options)
	return element
}

// optionOf is the option with a value; nil without one.
func optionOf(value string, options []*slack.OptionBlockObject) *slack.OptionBlockObject {
	if i := slices.IndexFunc(options, func(o *slack.OptionBlockObject) bool { return o.Value == value }); i >= 0 {
		return options[i]
	}
	return nil
}

// radio are radio buttons, of which the one of that value is chosen; none, if none
// has it.
func radio(id, label, value string, options ...*slack.OptionBlockObject) *slack.InputBlock {
	element := slack.NewRadioButtonsBlockElement(InputValue, options...)
	element.InitialOption = optionOf(value, options)
	return slack.NewInputBlock(id, plainText(label), nil, element).WithOptional(true)
}

func priorityInput(priority escalation.Priority) slack.Block {
	block := radio(PriorityInput, "How urgent is it?", string(priority),
		option(choice{string(escalation.Normal), "Normal"}), option(choice{string(escalation.Urgent), "Urgent: it can't wait for its turn"}))
	block.Hint = plainText("With nothing chosen, security is urgent and everything else normal.")
	return block
}

func addressInput(address string) slack.Block {
	block := typed(AddressInput, "E-mail address", "jane@acme.example", address, identifierTyped, false).WithOptional(true)
	block.Hint = plainText("L2 searches for it, so they read it in full.")
	return block
}

// gatewayInput asks by which Gateway ID L2 finds the account: one of the customer's,
// of which a single one is chosen already, or one that is typed.
func gatewayInput(gateways []escalation.Gateway, initial string) slack.Block {
	options := gatewayOptions(gateways)
	switch {
	case len(options) == 0:
		return typedGateway(initial, "L2 finds the account by it. It stands on the account, and in the CRM.")
	case len(options) > gatewaysShown:
		return typedGateway(initial, "They have "+count(len(options), "of them", "of them")+", too many to choose from: please type the one it is about.")
	case len(options) == 1:
		initial = options[0].Value
	}
	if len(options) > maxWays {
		return slack.NewInputBlock(GatewayInput, plainText("Gateway ID"), nil, menu("Choose one", initial, options)).WithOptional(true)
	}
	return radio(GatewayInput, "Gateway ID", initial, options...)
}

// gatewaysShown is how many Gateway IDs a form has room for.
const gatewaysShown = 25

func typedGateway(initial, hint string) slack.Block {
	block := typed(GatewayInput, "Gateway ID", "GW-1001", initial, gatewayTyped, false).WithOptional(true)
	block.Hint = plainText(hint)
	return block
}

// gatewayOptions are the Gateway IDs to pick from, each once, with the account's name
// beside it.
func gatewayOptions(gateways []escalation.Gateway) []*slack.OptionBlockObject {
	var options []*slack.OptionBlockObject
	for _, g := range gateways {
		id := plain(g.ID, maxOptionValue+1)
		if id != g.ID || id == "" || utf8.RuneCountInString(id) > maxOptionValue || optionOf(id, options) != nil {
			continue // couldn't be read back as it is
		}
		status := ""
		if g.Status != actions.AccountActive {
			status = plainWords(g.Status)
		}
		options = append(options, option(choice{id, joined(id, plain(g.Account, nameLength), status)}))
	}
	return options
}

// escalateReason asks why; L2 reads it.
func escalateReason(reason string) slack.Block {
	block := typed(ReasonInput, "Reason", "What happened, and what you tried", reason, reasonTyped, true)
	block.Hint = plainText("L2 reads it, and it stays on record. No password, code or link belongs in it.")
	return block
}

// escalateMetadata is what a modal that escalates goes by: the channel, the thread and
// then the ID of the user, which may be any text, if there is one.
func escalateMetadata(f EscalateForm) string {
	place := placeIn(f.Channel) + " " + placeIn(f.Thread)
	if f.UserID == "" {
		return place
	}
	return place + " " + f.UserID
}

// placeIn is a Slack ID or a timestamp in metadata.
func placeIn(id string) string {
	if id == "" || strings.Contains(id, " ") {
		return nothingThere
	}
	return id
}

// nothingThere stands for no channel, or no thread, in metadata.
const nothingThere = "-"

// ReadEscalateModal reads the form of either modal as it was sent. Its error is for
// metadata that no modal of this version carries.
func ReadEscalateModal(metadata string, inputs map[string]string) (EscalateForm, error) {
	parts := append(strings.SplitN(metadata, " ", 3), "") // without a user there are two
	if len(parts) < 3 || parts[0] == "" || parts[1] == "" {
		return EscalateForm{}, errEscalateMetadata
	}
	for i, part := range parts[:2] {
		if part == nothingThere {
			parts[i] = ""
		}
	}
	text := func(id string) string { return strings.TrimSpace(inputs[id]) }
	return EscalateForm{
		Channel: parts[0], Thread: parts[1], UserID: parts[2],
		Kind: escalation.Kind(text(KindInput)), Priority: escalation.Priority(text(PriorityInput)),
		Address: orElse(text(AddressInput), text(WhomInput)), Gateway: text(GatewayInput), Reason: text(ReasonInput), Ticket: text(TicketInput),
	}, nil
}

var errEscalateMetadata = errors.New("a modal that escalates without a channel and a thread")
