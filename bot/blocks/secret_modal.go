package blocks

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// SecretModalID is the callback_id of the modal of /secret. Its private_metadata
// is what [ReadSecretModal] reads: a channel and a number, and nothing else.
const SecretModalID = "secret"

// The inputs of the modals of secrets and requests by block_id, beside
// [ReasonInput] and [TicketInput].
const (
	ContentInput    = "content"    // [ContentBlock] names it
	ForInput        = "for"        // a customer's identifier, or a word for somebody else
	LifetimeInput   = "lifetime"   // a menu: what actions.ParseLifetime reads
	PassphraseInput = "passphrase" // radio buttons: an actions.PassphraseKind
	OwnInput        = "own"        // of actions.PassphraseOwn
	DeliverInput    = "deliver"    // radio buttons: DeliverLink or DeliverMail
	WhatInput       = "what"
)

// The values of DeliverInput.
const (
	DeliverLink = "link" // to whoever asked
	DeliverMail = "mail" // to the customer's address on file
)

// How much may be typed into an input, in characters.
const (
	ownTyped = actions.PassphraseLimit
	forTyped = actions.IdentifierLimit
)

// SecretForm is what the modal of /secret asks for.
type SecretForm struct {
	// Content is what stands in its input; as long as Slack takes, or nothing.
	Content string
	// Serial is the number of the input of the content. What stands in an input Slack
	// keeps as long as its name stays, so that a new content needs a new number.
	Serial  int
	For     string
	Ticket  string
	Channel string // Slack ID of where the link is shown
	// Lifetime is what is chosen; 0 for a day.
	Lifetime time.Duration
	// Weekend: the default is longer because of the weekend (RULES S3.4), and the
	// modal says so.
	Weekend    bool
	Passphrase actions.PassphraseKind // "" for generated words
	CanMail    bool                   // it can go to the customer by e-mail
	Mail       bool                   // and is chosen to
}

// ContentBlock is the block_id of the content in the modal with this serial.
func ContentBlock(serial int) string { return ContentInput + "-" + strconv.Itoa(serial) }

// SecretModal asks for what is to be sent, for whom, how long and how. Its button
// [GenerateAction] carries nothing: the modal drawn anew has the next Serial.
func SecretModal(f SecretForm) slack.ModalViewRequest {
	all := blocksOf(
		section("It opens once, by a link, and is deleted then. Nobody can read it here afterwards, and neither can you."),
		contentInput(f))
	all = append(all, rows(offer{may: true, label: "Generate a password", action: GenerateAction, value: ContentInput})...)
	all = append(all, forInput(f.For, "Whom is it for?"), lifetimeInput(f.Lifetime, f.Weekend), passphraseInput(f.Passphrase), ownInput())
	all = append(all, deliverInput(f.CanMail, f.Mail, "E-mail needs a passphrase, and you tell it another way: by phone, say.")...)
	all = append(all, ticketInput(f.Ticket))
	return modal(SecretModalID, "Send a secret", "Make the link", metadataOf(f.Channel, f.Serial), all)
}

// ReadSecretModal reads the form as it was sent, with the passphrase that was
// typed. The content is as it was typed, blanks and all. Its error is for
// metadata that no modal of this version carries, and for a lifetime that isn't
// one of those offered (Invalid).
func ReadSecretModal(metadata string, inputs map[string]string) (f SecretForm, own string, err error) {
	if f.Channel, f.Serial, err = readMetadata(metadata); err != nil {
		return SecretForm{}, "", err
	}
	if f.Lifetime, err = readLifetime(inputs); err != nil {
		return SecretForm{}, "", err
	}
	f.Content = inputs[ContentBlock(f.Serial)]
	f.For, f.Ticket = strings.TrimSpace(inputs[ForInput]), strings.TrimSpace(inputs[TicketInput])
	f.Passphrase = actions.PassphraseKind(inputs[PassphraseInput])
	f.Mail = inputs[DeliverInput] == DeliverMail
	return f, inputs[OwnInput], nil
}

// metadataOf is where a modal was opened, and how often its content was drawn
// anew.
func metadataOf(channel string, serial int) string { return channel + " " + strconv.Itoa(serial) }

func readMetadata(metadata string) (channel string, serial int, err error) {
	channel, number, _ := strings.Cut(metadata, " ")
	serial, err = strconv.Atoi(number)
	if err != nil || serial < 0 {
		return "", 0, errSecretMetadata
	}
	return channel, serial, nil
}

var errSecretMetadata = errors.New("a modal of a secret without a channel and a number")

// contentInput asks for what is sent. What doesn't fit as it is isn't put in at
// all: half a password is worse than none.
func contentInput(f SecretForm) slack.Block {
	block := typed(ContentBlock(f.Serial), "Content", "A password, a key, a few lines", "", maxTyped, true).WithOptional(true)
	block.Hint = plainText("At most " + strconv.Itoa(maxTyped) + " characters, which is Slack's limit. What is longer goes by latchkey secret create at a terminal.")
	if element, ok := block.Element.(*slack.PlainTextInputBlockElement); ok && utf8.ValidString(f.Content) && utf8.RuneCountInString(f.Content) <= maxTyped {
		element.InitialValue = f.Content
	}
	return block
}

// forInput asks for whom or of whom something is.
func forInput(initial, label string) *slack.InputBlock {
	block := typed(ForInput, label, "E-mail address, user name, mobile number, or a name", initial, forTyped, false).WithOptional(true)
	block.Hint = plainText("A customer is found by it. On your card it stands masked.")
	return block
}

// lifetimeInput asks how long something may live, and says why a default isn't
// the usual one.
func lifetimeInput(chosen time.Duration, weekend bool) slack.Block {
	var options []*slack.OptionBlockObject
	initial := 0
	for i, d := range actions.Lifetimes {
		options = append(options, slack.NewOptionBlockObject(actions.LifetimeName(d), plainText(actions.LifetimeWords(d)), nil))
		if d == chosen || (chosen == 0 && d == actions.DefaultDay) {
			initial = i
		}
	}
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, InputValue, options...).WithInitialOption(options[initial])
	block := slack.NewInputBlock(LifetimeInput, plainText("Lifetime"), plainText("What isn't opened by then is deleted."), menu)
	if weekend && chosen > actions.DefaultDay {
		block.Hint = plainText("It is longer than a day because of the weekend: whoever is back on Monday can still open it.")
	}
	return block.WithOptional(true)
}

// readLifetime reads what was chosen; 0 for nothing.
func readLifetime(inputs map[string]string) (time.Duration, error) {
	text := inputs[LifetimeInput]
	if text == "" {
		return 0, nil
	}
	return actions.ParseLifetime(text)
}

func passphraseInput(kind actions.PassphraseKind) slack.Block {
	block := chosenFirst(PassphraseInput, "Passphrase", string(kind),
		choice{string(actions.PassphraseWords), "Make one of five words, which you tell another way"},
		choice{string(actions.PassphraseOwn), "Use my own, which both of us know"},
		choice{string(actions.PassphraseNone), "No passphrase: whoever has the link first opens it"})
	return block.WithOptional(true)
}

func ownInput() slack.Block {
	block := typed(OwnInput, "Own passphrase", "At least 8 characters", "", ownTyped, false).WithOptional(true)
	block.Hint = plainText("Only if you chose to use your own. It is nobody's password: make one up.")
	return block
}

// deliverInput asks who gets the link, when there is a choice.
func deliverInput(canMail, mail bool, hint string) []slack.Block {
	if !canMail {
		return nil
	}
	initial := DeliverLink
	if mail {
		initial = DeliverMail
	}
	block := chosenFirst(DeliverInput, "Who gets the link?", initial,
		choice{DeliverLink, "Hand me the link"}, choice{DeliverMail, "E-mail it to the customer's address on file"})
	block.Hint = plainText(hint)
	return blocksOf(block.WithOptional(true))
}

// chosenFirst are radio buttons, of which the one of that value is chosen; the
// first, if none has it.
func chosenFirst(id, label, value string, choices ...choice) *slack.InputBlock {
	block := chosen(id, label, choices...)
	if radio, ok := block.Element.(*slack.RadioButtonsBlockElement); ok {
		for _, option := range radio.Options {
			if option.Value == value {
				radio.InitialOption = option
			}
		}
	}
	return block
}
