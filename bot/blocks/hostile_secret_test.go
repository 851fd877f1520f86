package blocks_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

var (
	secretStates = []actions.SecretState{
		actions.SecretLive, actions.SecretRevealed, actions.SecretExpired, actions.SecretRevoked, actions.SecretLocked, "strange",
	}
	requestStates = []actions.RequestState{
		actions.RequestAsked, actions.RequestReceived, actions.RequestOpened, actions.RequestExpired, actions.RequestWithdrawn, "strange",
	}
)

// everySecret makes each message and modal of secrets and requests, in each of
// their states, with hostile values wherever somebody could type one.
func everySecret(t *testing.T, name string, pick func() string) {
	t.Helper()
	list := actions.SecretList{Total: 1 << 40}
	for i, mail := range []actions.MailState{"", actions.MailQueued, actions.MailSent, actions.MailFailed, actions.MailUnclear, "strange"} {
		for _, state := range []actions.SecretState{actions.SecretLive, secretStates[i]} {
			r := hostileSecret(state, mail, pick)
			fine(t, name, blocks.Secret(r), blocks.SecretNews(r), blocks.SecretEnded(r), blocks.Passphrase(pick(), r),
				blocks.SecretLink(actions.SecretMade{Report: r, Link: secretURL}), blocks.SecretLink(actions.SecretMade{Report: r, Passphrase: pick()}))
			list.Secrets = append(list.Secrets, r)
		}
		for _, state := range []actions.RequestState{actions.RequestAsked, requestStates[i]} {
			r := hostileRequest(state, mail, pick)
			fine(t, name, blocks.Request(r), blocks.RequestReceived(r), blocks.RequestOpened(r), blocks.RequestNews(r), blocks.RequestEnded(r),
				blocks.RequestLink(actions.RequestMade{Report: r, Link: requestURL}), blocks.RequestLink(actions.RequestMade{Report: r}))
			list.Requests = append(list.Requests, r)
		}
	}
	fine(t, name, blocks.Secrets(list))
	for _, state := range []actions.Handout{actions.HandoutWaits, actions.HandoutMade, actions.HandoutGone, "strange"} {
		r := hostileOperation(actions.OperationDone, "", pick)
		r.Handout = state
		fine(t, name, blocks.Operation(r))
	}
	for _, view := range []slack.ModalViewRequest{blocks.SecretModal(hostileForm(pick)), blocks.RequestModal(blocks.RequestForm{
		What: pick(), Why: pick(), For: pick(), Ticket: pick(), Channel: pick(), Weekend: true, CanMail: true,
	})} {
		if fineModal(t, view); t.Failed() {
			t.Fatalf("it was the modal %s with %q", view.CallbackID, name)
		}
	}
}

func hostileForm(pick func() string) blocks.SecretForm {
	return blocks.SecretForm{
		For: pick(), Ticket: pick(), Channel: pick(), Passphrase: actions.PassphraseKind(pick()), Lifetime: actions.DefaultDay * 9, Weekend: true, CanMail: true,
	}
}

func hostileMail(state actions.MailState, pick func() string) *actions.MailReport {
	if state == "" {
		return nil
	}
	return &actions.MailReport{Kind: actions.DeliveryKind(pick()), Via: actions.Channel(pick()), To: pick(), State: state, Why: pick(), At: now}
}

func hostileSecret(state actions.SecretState, mail actions.MailState, pick func() string) actions.SecretReport {
	s := actions.Secret{
		ID: pick(), State: state, Actor: pick(), From: pick(), For: pick(), UserID: pick(), Ticket: pick(), Wrong: 4, Why: pick(), At: now, ExpiresAt: now, AgainAt: now,
	}
	return actions.SecretReport{Secret: s, Since: now, Protected: true, Generated: true, Mail: hostileMail(mail, pick)}
}

func hostileRequest(state actions.RequestState, mail actions.MailState, pick func() string) actions.RequestReport {
	q := actions.SecretRequest{
		ID: pick(), State: state, Actor: pick(), From: pick(), What: pick(), Why: pick(), For: pick(), UserID: pick(), Ticket: pick(), Reason: pick(),
		At: now, ExpiresAt: now, ReceivedAt: now, EndedAt: now,
	}
	return actions.RequestReport{Request: q, Since: now, Mail: hostileMail(mail, pick)}
}

// hostileWords are values that people may type where they say for whom, what and
// why.
func hostileWords() []string {
	return append([]string{
		strings.Repeat("w", 10_000), strings.Repeat("<@U0BOSS> ", 1_000), strings.Repeat("\u202e\u2066abc\u2069", 1_500), "\u2067<!channel>\u2069 `x` *y*",
	}, hostile...)
}

func TestHostileSecrets(t *testing.T) {
	t.Parallel()
	words := hostileWords()
	random := rand.New(rand.NewPCG(3, 4))
	for range 3 {
		everySecret(t, "a mixture", func() string { return words[random.IntN(len(words))] })
	}
	for _, value := range words {
		everySecret(t, value, func() string { return value })
	}
}

func FuzzSecret(f *testing.F) {
	for _, value := range hostileWords() {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		pick := func() string { return value }
		r := hostileSecret(actions.SecretRevoked, actions.MailFailed, pick)
		q := hostileRequest(actions.RequestReceived, actions.MailSent, pick)
		fine(t, value, blocks.Secret(r), blocks.Passphrase(value, r), blocks.Request(q), blocks.RequestReceived(q),
			blocks.Secrets(actions.SecretList{Secrets: []actions.SecretReport{r}, Requests: []actions.RequestReport{q}}))
		fineModal(t, blocks.SecretModal(hostileForm(pick)))
	})
}

// What is sent stands in its input as it is, or not at all: half a password is
// worse than none.
func TestContentIsNeverChanged(t *testing.T) {
	for name, row := range map[string]struct{ content, want string }{
		"Blanks":     {"  a\tb \n\n c  ", "  a\tb \n\n c  "},
		"Markup":     {"<!channel> `x` &amp; *y*", "<!channel> `x` &amp; *y*"},
		"Longest":    {strings.Repeat("é", 3_000), strings.Repeat("é", 3_000)},
		"TooLong":    {strings.Repeat("é", 3_001), ""},
		"BrokenUTF8": {"pass\xffword", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, byID := inputs(t, blocks.SecretModal(blocks.SecretForm{Content: row.content, Serial: 7}))
			if got := byID[blocks.ContentBlock(7)].object("element").string("initial_value"); got != row.want {
				t.Errorf("it is %q, want %q", got, row.want)
			}
			form, _, err := blocks.ReadSecretModal("C0SUPPORT 7", map[string]string{"content-7": row.content})
			if form.Content != row.content || err != nil {
				t.Errorf("it is read as %q, %v", form.Content, err)
			}
		})
	}
}

// However many wait, a list is never cut in silence, and each that waits has its
// button.
func TestListOfSecretsSaysThatThereAreMore(t *testing.T) {
	for name, row := range map[string]struct {
		secrets, live int
		whom          string
		least         int // rows
		more          bool
	}{
		"AllThere":       {20, 5, "j•••@a•••.example", 20, false},
		"TooMany":        {21, 5, "j•••@a•••.example", 20, true},
		"AllWait":        {20, 20, "j•••@a•••.example", 14, true},
		"AllWaitAndLong": {20, 20, strings.Repeat("&", 400), 10, true},
	} {
		t.Run(name, func(t *testing.T) {
			list := actions.SecretList{Total: row.secrets}
			for i := range min(row.secrets, 20) { // a page
				r := secret(actions.SecretRevealed)
				if i < row.live {
					r = secret(actions.SecretLive)
				}
				r.Secret.ID, r.Secret.For, r.Secret.At = strings.Repeat("i", 22), row.whom, ago(time.Duration(i)*time.Minute)
				list.Secrets = append(list.Secrets, r)
			}
			message := blocks.Secrets(list)
			withinLimits(t, message)
			shown := len(message.Blocks) - 1
			pressed := buttons(t, message)
			said := slices.Contains(pressed, fmt.Sprintf("secret_list %d", shown-2))
			if said { // and how many there are, and the button
				shown, pressed = shown-2, pressed[:len(pressed)-1]
			}
			if said != row.more || shown < row.least || len(pressed) != min(shown, row.live) {
				t.Errorf("%d rows with the buttons %q; it says that there are more: %t", shown, pressed, said)
			}
			if text := read(t, message); said && !strings.Contains(text, fmt.Sprintf("and %d more", row.secrets-shown)) {
				t.Errorf("it doesn't say how many more there are:\n%s", text)
			}
		})
	}
}
