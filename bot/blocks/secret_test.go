package blocks_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// The buttons of a secret's card follow its state.
func TestSecretButtons(t *testing.T) {
	plain := secret(actions.SecretLive)
	plain.Protected, plain.Generated = false, false
	for name, row := range map[string]struct {
		report actions.SecretReport
		want   []string
	}{
		"Live":             {secret(actions.SecretLive), []string{"show_passphrase s-1", "revoke_secret s-1"}},
		"WithoutWords":     {plain, []string{"revoke_secret s-1"}},
		"SomebodyNeedsOne": {wanted(actions.SecretLive), []string{"show_passphrase s-1", "revoke_secret s-1", "another_secret s-1"}},
		"Opened":           {secret(actions.SecretRevealed), []string{"another_secret s-1"}},
		"Expired":          {secret(actions.SecretExpired), []string{"another_secret s-1"}},
		"Revoked":          {secret(actions.SecretRevoked), []string{"another_secret s-1"}},
		"Locked":           {secret(actions.SecretLocked), []string{"another_secret s-1"}},
		"SetByHand":        {handedOut(actions.SecretLive), []string{"show_passphrase s-1", "revoke_secret s-1"}},
		"SetByHandAndGone": {handedOut(actions.SecretExpired), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buttons(t, blocks.Secret(row.report)); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

func TestRequestButtons(t *testing.T) {
	for state, want := range map[actions.RequestState][]string{
		actions.RequestAsked:     {"withdraw_request r-1"},
		actions.RequestReceived:  {"open_request r-1", "withdraw_request r-1"},
		actions.RequestOpened:    {"ask_again r-1"},
		actions.RequestExpired:   {"ask_again r-1"},
		actions.RequestWithdrawn: {"ask_again r-1"},
	} {
		t.Run(string(state), func(t *testing.T) {
			if got := buttons(t, blocks.Request(secretRequest(state))); !slices.Equal(got, want) {
				t.Errorf("the buttons are %q, want %q", got, want)
			}
		})
	}
}

// A card says in the first word how far it came, and a click that came too late
// says that.
func TestStateInAWord(t *testing.T) {
	for state, want := range map[actions.SecretState]string{
		actions.SecretLive: "Waiting", actions.SecretRevealed: "Opened", actions.SecretExpired: "Expired", actions.SecretRevoked: "Revoked", actions.SecretLocked: "Locked",
	} {
		if text := read(t, blocks.Secret(secret(state))); !strings.HasPrefix(text, "*"+want+":*") {
			t.Errorf("%s: the card begins otherwise:\n%s", state, text)
		}
		late := strings.Contains(read(t, blocks.SecretEnded(secret(state))), "too late")
		if late != (state != actions.SecretRevoked) {
			t.Errorf("%s: revoking was too late: %t", state, late)
		}
	}
	for state, want := range map[actions.RequestState]string{
		actions.RequestAsked: "Asked", actions.RequestReceived: "Received", actions.RequestOpened: "Opened", actions.RequestExpired: "Expired",
		actions.RequestWithdrawn: "Withdrawn",
	} {
		if text := read(t, blocks.Request(secretRequest(state))); !strings.HasPrefix(text, "*"+want+":*") {
			t.Errorf("%s: the card begins otherwise:\n%s", state, text)
		}
		late := strings.Contains(read(t, blocks.RequestEnded(secretRequest(state))), "too late")
		if late != (state != actions.RequestWithdrawn) {
			t.Errorf("%s: withdrawing was too late: %t", state, late)
		}
	}
}

// A link and a passphrase stand in the one message that is for them: not in what
// is heard of it, and in no other.
func TestLinksAndPassphrasesStandAlone(t *testing.T) {
	made := actions.SecretMade{Report: secret(actions.SecretLive), Link: secretURL, Passphrase: fiveWords}
	asked := actions.RequestMade{Report: secretRequest(actions.RequestAsked), Link: requestURL}
	for name, row := range map[string]struct {
		message blocks.Message
		has     string
	}{
		"SecretLink":  {blocks.SecretLink(made), secretURL},
		"Passphrase":  {blocks.Passphrase(fiveWords, made.Report), fiveWords},
		"RequestLink": {blocks.RequestLink(asked), requestURL},
		"RequestView": {blocks.RequestView(viewURL, now.Add(5*time.Minute)), viewURL},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(row.message.Blocks)
			if err != nil || strings.Count(string(raw), row.has) != 1 {
				t.Errorf("%q isn't once in %s, %v", row.has, raw, err)
			}
			for _, other := range []string{secretURL, requestURL, viewURL, fiveWords} {
				if strings.Contains(row.message.Text, other) || (other != row.has && strings.Contains(string(raw), other)) {
					t.Errorf("%q is in what is heard, or in %s", other, raw)
				}
			}
		})
	}
}

// The modal carries where it was opened and a number, and what was chosen comes
// back.
func TestSecretModalIsReadBack(t *testing.T) {
	want := blocks.SecretForm{
		Content: " s3cret ", Serial: 2, For: "jane@acme.example", Ticket: "#4711", Channel: "D0AGENT", Lifetime: time.Hour, Passphrase: actions.PassphraseOwn, Mail: true,
	}
	drawn := want
	drawn.CanMail = true
	view := blocks.SecretModal(drawn)
	if view.PrivateMetadata != "D0AGENT 2" || view.CallbackID != blocks.SecretModalID {
		t.Errorf("it carries %q and is called %q", view.PrivateMetadata, view.CallbackID)
	}
	typed := standing(t, view)
	typed[blocks.OwnInput] = " my own words "
	got, own, err := blocks.ReadSecretModal(view.PrivateMetadata, typed)
	if got != want || own != " my own words " || err != nil {
		t.Errorf("it is read as %+v, %q, %v", got, own, err)
	}
	for _, metadata := range []string{"", "C0SUPPORT", "C0SUPPORT x", "C0SUPPORT -1", "C0SUPPORT 1 2"} {
		if got, _, err := blocks.ReadSecretModal(metadata, typed); err == nil {
			t.Errorf("%q is read as %+v", metadata, got)
		}
	}
	typed[blocks.LifetimeInput] = "8d"
	if got, _, err := blocks.ReadSecretModal(view.PrivateMetadata, typed); actions.CodeOf(err) != actions.Invalid {
		t.Errorf("8 days are read as %+v, %v", got, err)
	}
}

func TestRequestModalIsReadBack(t *testing.T) {
	want := blocks.RequestForm{
		What: "The login of the test shop", Why: "It shows only there", For: "u-1", Ticket: "#4711", Channel: "C0SUPPORT", Lifetime: 7 * actions.DefaultDay, Mail: true,
	}
	drawn := want
	drawn.CanMail = true
	view := blocks.RequestModal(drawn)
	typed := standing(t, view)
	if got, err := blocks.ReadRequestModal(view.PrivateMetadata, typed); got != want || err != nil {
		t.Errorf("it is read as %+v, %v", got, err)
	}
	typed[blocks.LifetimeInput] = "0d"
	if got, err := blocks.ReadRequestModal(view.PrivateMetadata, typed); actions.CodeOf(err) != actions.Invalid {
		t.Errorf("no time is read as %+v, %v", got, err)
	}
}

// standing is what stands in a modal before anybody fills it in.
func standing(t *testing.T, view slack.ModalViewRequest) map[string]string {
	t.Helper()
	values := map[string]string{}
	_, byID := inputs(t, view)
	for id, block := range byID {
		element := block.object("element")
		values[id] = element.string("initial_value") + element.object("initial_option").string("value")
	}
	return values
}

// A modal asks only for what can be had, chooses what is usual, and says when
// that is longer because of the weekend.
func TestSecretModalDefaults(t *testing.T) {
	values := standing(t, blocks.SecretModal(blocks.SecretForm{Channel: "C0SUPPORT"}))
	if _, asks := values[blocks.DeliverInput]; asks || values[blocks.LifetimeInput] != "1d" || values[blocks.PassphraseInput] != "words" {
		t.Errorf("in it stands %v", values)
	}
	values = standing(t, blocks.SecretModal(blocks.SecretForm{CanMail: true}))
	if values[blocks.DeliverInput] != blocks.DeliverLink {
		t.Errorf("the link goes to %q", values[blocks.DeliverInput])
	}
	const weekend = "because of the weekend"
	for lifetime, want := range map[time.Duration]bool{3 * actions.DefaultDay: true, time.Hour: false} {
		view := blocks.SecretModal(blocks.SecretForm{Lifetime: lifetime, Weekend: true})
		_, byID := inputs(t, view)
		if hint := byID[blocks.LifetimeInput].object("hint").string("text"); strings.Contains(hint, weekend) != want {
			t.Errorf("%s is said to be because of the weekend: %t", lifetime, !want)
		}
	}
}

// Only a password that waits can be handed out, and nobody reads it on a card.
func TestHandOut(t *testing.T) {
	for state, row := range map[actions.Handout]struct {
		said   string
		offers bool
	}{
		actions.HandoutNone:  {"Done and read back", false},
		actions.HandoutWaits: {"The password is ready", true},
		actions.HandoutMade:  {"The one-time link was made", false},
		actions.HandoutGone:  {"wasn't handed out in time", false},
	} {
		message := blocks.Operation(passwordSet(state))
		if got := slices.Contains(buttons(t, message), "hand_out o-1"); got != row.offers || !strings.Contains(read(t, message), row.said) {
			t.Errorf("%q: it can be handed out: %t\n%s", state, got, read(t, message))
		}
	}
}

func TestReadSecretRef(t *testing.T) {
	for value, want := range map[string]int{"-": 0, "": 0, "0": 0, "20": 20} {
		if offset, ok := blocks.ReadSecretRef(value); offset != want || !ok {
			t.Errorf("%q is read as %d, %v", value, offset, ok)
		}
	}
	for _, value := range []string{"-1", "x", "1|2", "99999999999", "--", "<@U0AVA>"} {
		if offset, ok := blocks.ReadSecretRef(value); ok {
			t.Errorf("%q is read as %d", value, offset)
		}
	}
}
