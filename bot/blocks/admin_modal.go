package blocks

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The callback_ids of the modals of new temporary admins; their private_metadata is the
// Slack ID of the channel that they were opened in.
const (
	CreateAdminModalID = "temp_admin_modal"
	AskAdminModalID    = "ask_temp_admin_modal"
)

// The inputs of the modals of temporary admins by block_id, beside [ForInput],
// [ReasonInput] and [TicketInput].
const (
	TargetInput   = "target"   // a menu: a target's ID; typed, where a menu has no room for all: its name
	ReceiverInput = "receiver" // a menu of people: a Slack user ID
	DaysInput     = "days"     // a menu: a number of days
	WhereInput    = "where"    // the address of the customer's site
)

// How much may be typed into an input, in characters, and how many characters all that
// can be chosen of a menu of targets may take.
const (
	targetTyped = 60
	whereTyped  = 300
	targetsRoom = 8_500
)

// NewAdminForm is what the modal of a temporary admin on a managed site asks for.
type NewAdminForm struct {
	Target   string // a target's ID, or its name
	Receiver string // Slack user ID of who gets in
	Reason   string
	Ticket   string
	Channel  string // Slack ID of where it was opened
	Days     int    // what is chosen; 0 for the usual
}

// CreateAdminModal asks for a temporary admin on a site that we manage: where, for
// whom, how long and why (RULES S3.4).
func CreateAdminModal(offer actions.AdminForm, f NewAdminForm) slack.ModalViewRequest {
	title := labelOf(actions.ActTempAdmin)
	if len(offer.Targets) == 0 {
		return modal(CreateAdminModalID, title, "", f.Channel, blocksOf(section("Latchkey manages no site yet, so there is nothing to make one on. "+
			"A Latchkey admin adds a site with `latchkey targets add`.")))
	}
	return modal(CreateAdminModalID, title, "Ask for approval", f.Channel, blocksOf(
		section("An administrator is made on the site once a second person has approved it, and deleted when its time is over"+
			" or its ticket is solved. Nobody sees its password: who gets in makes a one-time secret of it."),
		targetInput(offer.Targets, f.Target), receiverInput(f.Receiver),
		daysInput("How long does it live?", fromMaking+weekendRule(offer), offer, daysOf(offer), f.Days),
		reasonInput(f.Reason), ticketInput(f.Ticket)))
}

const fromMaking = "Counted from the moment that it is made; then it is deleted by itself."

// targetInput asks on which site; where a menu has no room for all, its name is typed.
func targetInput(targets []actions.Target, chosen string) slack.Block {
	const label = "Which site?"
	options := targetOptions(targets)
	if len(options) == len(targets) && len(options) <= maxMenu && sizeOf(options) <= targetsRoom {
		return slack.NewInputBlock(TargetInput, plainText(label), nil, menu("Choose a site", chosen, options)).WithOptional(true)
	}
	if i := slices.IndexFunc(targets, func(t actions.Target) bool { return t.ID == chosen }); i >= 0 {
		chosen = targets[i].Name
	}
	block := typed(TargetInput, label, "Acme shop", chosen, targetTyped, false).WithOptional(true)
	block.Hint = plainText("Its name. There are " + count(len(targets), "site", "sites") + ", too many to choose from.")
	return block
}

// maxMenu is how many options Slack takes in a menu.
const maxMenu = 100

// targetOptions are the sites to choose from, by name.
func targetOptions(targets []actions.Target) []*slack.OptionBlockObject {
	var options []*slack.OptionBlockObject
	for _, t := range targets {
		if t.ID == "" || utf8.RuneCountInString(t.ID) > maxOptionValue || clean(t.Name) == "" {
			continue // Slack takes no such option
		}
		options = append(options, option(choice{t.ID, t.Name}))
	}
	return options
}

// receiverInput asks who gets in.
func receiverInput(initial string) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plainText("Choose a colleague"), InputValue)
	if slackUser.MatchString(initial) {
		element.InitialUser = initial
	}
	hint := plainText("Who gets in. They must be an agent, can't be the second person, and alone can make a secret of the password.")
	return slack.NewInputBlock(ReceiverInput, plainText("For whom?"), hint, element).WithOptional(true)
}

// ReadCreateAdminModal reads the form as it was sent. Its error (Invalid) is for days
// that no modal of this version offers.
func ReadCreateAdminModal(metadata string, inputs map[string]string) (NewAdminForm, error) {
	days, err := readDays(inputs)
	if err != nil {
		return NewAdminForm{}, err
	}
	text := func(id string) string { return strings.TrimSpace(inputs[id]) }
	return NewAdminForm{
		Target: text(TargetInput), Receiver: text(ReceiverInput), Reason: text(ReasonInput), Ticket: text(TicketInput), Channel: metadata, Days: days,
	}, nil
}

// AskAdminForm is what the modal asks for that has a customer make a temporary admin on
// their own site.
type AskAdminForm struct {
	For     string // the customer's identifier
	Where   string // the address of their site
	Reason  string // the customer reads it
	Ticket  string
	Channel string // Slack ID of where it was opened
	Days    int    // what is chosen; 0 for the usual
}

// AskAdminModal asks which customer is to make a temporary admin on their own site, and
// why, after it has said when asking is right (RULES S3.1, S3.2).
func AskAdminModal(offer actions.AdminForm, f AskAdminForm) slack.ModalViewRequest {
	title := labelOf(actions.ActAskAdmin)
	if !offer.CanMail {
		return modal(AskAdminModalID, title, "", f.Channel, blocksOf(section("Mail isn't set up for Latchkey, so no customer can be asked. "+
			"Please tell your Latchkey admin.")))
	}
	whom := forInput(f.For, "Which customer?")
	whom.Hint = plainText("The mail goes to their address on file.")
	where := typed(WhereInput, "Address of their site", "https://shop.example", f.Where, whereTyped, false).WithOptional(true)
	where.Hint = plainText("If you know it. It stands on your card.")
	why := typed(ReasonInput, "Reason", "The error shows only on your site, behind its login", f.Reason, reasonTyped, true)
	why.Hint = plainText("The customer reads this. No password, code or link belongs in it.")
	return modal(AskAdminModalID, title, "Send the mail", f.Channel, blocksOf(
		section("*Mind:* ask only when the problem shows on that customer's own site and nowhere else.\n"+
			"They get a mail in their language that says how to make an administrator for you on their WordPress, with a link by which they send its login. "+
			"Only you can open that, once."),
		whom, where, daysInput("How long does it live?", fromReceiving+weekendRule(offer), offer, daysOf(offer), f.Days), why, ticketInput(f.Ticket)))
}

const fromReceiving = "Counted from when the login comes; then the customer is asked to delete it, and reminded until they say that they did."

// ReadAskAdminModal reads the form as it was sent. Its error (Invalid) is for days that
// no modal of this version offers.
func ReadAskAdminModal(metadata string, inputs map[string]string) (AskAdminForm, error) {
	days, err := readDays(inputs)
	if err != nil {
		return AskAdminForm{}, err
	}
	text := func(id string) string { return strings.TrimSpace(inputs[id]) }
	return AskAdminForm{
		For: text(ForInput), Where: text(WhereInput), Reason: text(ReasonInput), Ticket: text(TicketInput), Channel: metadata, Days: days,
	}, nil
}
