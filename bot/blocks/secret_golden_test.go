package blocks_test

import (
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// What nobody but the one who asked may read; the links lead nowhere.
const (
	secretURL  = "https://latchkey.example/s/c2VjcmV0LWlkLTAx#cm9vdC1vZi10aGUtc2VjcmV0"
	requestURL = "https://latchkey.example/r/cmVxdWVzdC1pZC0x#dG9rZW4.ZmluZ2VycHJpbnQ"
	viewURL    = "https://latchkey.example/r/cmVxdWVzdC1pZC0x#dmlldy10b2tlbg"
	fiveWords  = "amber-kettle-moss-violin-harbor"
)

// secret is one that was sent to Jane, in a state.
func secret(state actions.SecretState) actions.SecretReport {
	s := actions.Secret{
		ID: "s-1", State: state, Actor: "U0AGENT", From: "Ann", For: "j•••@a•••.example", UserID: "u-1", Ticket: "#4711", At: now, ExpiresAt: now.Add(24 * time.Hour),
	}
	since := now
	if state != actions.SecretLive {
		since = now.Add(4 * time.Minute)
		s.EndedAt = since
	}
	return actions.SecretReport{Secret: s, Since: since, Protected: true, Generated: true}
}

// mailedSecret goes by e-mail, which fares so.
func mailedSecret(state actions.SecretState, mail actions.MailState) actions.SecretReport {
	r := secret(state)
	r.Secret.Mail = "m-1"
	r.Mail = &actions.MailReport{Via: actions.ChannelEmail, To: "j•••@a•••.example", State: mail, At: now}
	if mail == actions.MailFailed {
		r.Mail.Why, r.Secret.Why = "The mail server doesn't know this mailbox.", "The mail with the link couldn't be sent."
	}
	return r
}

// secretRequest is one to Jane, in a state.
func secretRequest(state actions.RequestState) actions.RequestReport {
	q := actions.SecretRequest{
		ID: "r-1", State: state, Actor: "U0AGENT", From: "Ann", What: "The login of the test shop", Why: "The error shows only behind its login",
		For: "j•••@a•••.example", UserID: "u-1", Ticket: "#4711", At: now, ExpiresAt: now.Add(24 * time.Hour),
	}
	since := now
	switch state {
	case actions.RequestReceived:
		q.ReceivedAt, since = now.Add(3*time.Minute), now.Add(3*time.Minute)
	case actions.RequestOpened:
		q.ReceivedAt, q.EndedAt, since = now.Add(3*time.Minute), now.Add(5*time.Minute), now.Add(5*time.Minute)
	case actions.RequestExpired, actions.RequestWithdrawn:
		q.EndedAt, since = now.Add(24*time.Hour), now.Add(24*time.Hour)
	case actions.RequestAsked:
	}
	return actions.RequestReport{Request: q, Since: since}
}

// unopenedRequest came and was opened by nobody.
func unopenedRequest() actions.RequestReport {
	r := secretRequest(actions.RequestExpired)
	r.Request.ReceivedAt = now.Add(3 * time.Minute)
	return r
}

// unsentRequest ended because its mail failed.
func unsentRequest() actions.RequestReport {
	r := secretRequest(actions.RequestWithdrawn)
	r.Request.Reason = "The mail server doesn't know this mailbox."
	return r
}

// wanted is a secret of which somebody needs a new one.
func wanted(state actions.SecretState) actions.SecretReport {
	r := secret(state)
	r.Secret.AgainAt = now.Add(5 * time.Minute)
	return r
}

// handedOut is the secret of a password that was set by hand.
func handedOut(state actions.SecretState) actions.SecretReport {
	r := secret(state)
	r.Secret.Operation = "o-1"
	return r
}

// passwordSet is a password that was set by hand; what became of it is state.
func passwordSet(state actions.Handout) actions.OperationReport {
	r := operation(actions.ActSetPassword, actions.OperationDone)
	r.Does, r.Verified, r.Handout = []string{"A generated password takes the place of theirs."}, proof(), state
	return r
}

func secretList() actions.SecretList {
	older, other := secret(actions.SecretRevealed), secretRequest(actions.RequestReceived)
	older.Secret.At, older.Secret.Ticket, other.Request.At = ago(time.Hour), "", ago(30*time.Minute)
	return actions.SecretList{
		Secrets: []actions.SecretReport{secret(actions.SecretLive), older}, Requests: []actions.RequestReport{other, secretRequest(actions.RequestWithdrawn)}, Total: 4,
	}
}

func TestGoldenOfSecrets(t *testing.T) {
	spent := secret(actions.SecretLive)
	spent.Secret.Wrong, spent.Generated = 2, false
	bare := secret(actions.SecretLive)
	bare.Protected, bare.Generated = false, false
	more := secretList()
	more.Offset, more.Total = 20, 31
	for name, message := range map[string]blocks.Message{
		"secret_link":          blocks.SecretLink(actions.SecretMade{Report: secret(actions.SecretLive), Link: secretURL, Passphrase: fiveWords}),
		"secret_link_bare":     blocks.SecretLink(actions.SecretMade{Report: bare, Link: secretURL}),
		"secret_mailed":        blocks.SecretLink(actions.SecretMade{Report: mailedSecret(actions.SecretLive, actions.MailQueued), Passphrase: fiveWords}),
		"secret_passphrase":    blocks.Passphrase(fiveWords, secret(actions.SecretLive)),
		"secret_waiting":       blocks.Secret(secret(actions.SecretLive)),
		"secret_waiting_spent": blocks.Secret(spent),
		"secret_waiting_mail":  blocks.Secret(mailedSecret(actions.SecretLive, actions.MailSent)),
		"secret_wanted":        blocks.Secret(wanted(actions.SecretLive)),
		"secret_opened":        blocks.Secret(secret(actions.SecretRevealed)),
		"secret_expired":       blocks.Secret(secret(actions.SecretExpired)),
		"secret_revoked":       blocks.Secret(secret(actions.SecretRevoked)),
		"secret_unsent":        blocks.Secret(mailedSecret(actions.SecretRevoked, actions.MailFailed)),
		"secret_locked":        blocks.Secret(secret(actions.SecretLocked)),
		"secret_handed_out":    blocks.Secret(handedOut(actions.SecretLocked)),
		"secret_news_opened":   blocks.SecretNews(secret(actions.SecretRevealed)),
		"secret_news_locked":   blocks.SecretNews(wanted(actions.SecretLocked)),
		"secret_news_wanted":   blocks.SecretNews(wanted(actions.SecretLive)),
		"secret_news_unsent":   blocks.SecretNews(mailedSecret(actions.SecretRevoked, actions.MailFailed)),
		"operation_password":   blocks.Operation(passwordSet(actions.HandoutWaits)),
		"secrets":              blocks.Secrets(secretList()),
		"secrets_more":         blocks.Secrets(more),
		"secrets_over":         blocks.Secrets(actions.SecretList{Offset: 40, Total: 31}),
		"secrets_none":         blocks.Secrets(actions.SecretList{}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfRequests(t *testing.T) {
	mailed := secretRequest(actions.RequestAsked)
	mailed.Mail = &actions.MailReport{Via: actions.ChannelEmail, To: "j•••@a•••.example", State: actions.MailUnclear, At: now}
	for name, message := range map[string]blocks.Message{
		"request_link":          blocks.RequestLink(actions.RequestMade{Report: secretRequest(actions.RequestAsked), Link: requestURL}),
		"request_mailed":        blocks.RequestLink(actions.RequestMade{Report: mailed}),
		"request_view":          blocks.RequestView(viewURL, now.Add(5*time.Minute)),
		"request_asked":         blocks.Request(secretRequest(actions.RequestAsked)),
		"request_asked_mail":    blocks.Request(mailed),
		"request_received":      blocks.Request(secretRequest(actions.RequestReceived)),
		"request_opened":        blocks.Request(secretRequest(actions.RequestOpened)),
		"request_expired":       blocks.Request(secretRequest(actions.RequestExpired)),
		"request_unopened":      blocks.Request(unopenedRequest()),
		"request_withdrawn":     blocks.Request(secretRequest(actions.RequestWithdrawn)),
		"request_unsent":        blocks.Request(unsentRequest()),
		"request_news_received": blocks.RequestReceived(secretRequest(actions.RequestReceived)),
		"request_news_opened":   blocks.RequestOpened(secretRequest(actions.RequestOpened)),
		"request_news_unopened": blocks.RequestNews(unopenedRequest()),
		"request_news_unsent":   blocks.RequestNews(unsentRequest()),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfSecretModals(t *testing.T) {
	for name, view := range map[string]slack.ModalViewRequest{
		"modal_secret": blocks.SecretModal(blocks.SecretForm{Channel: "C0SUPPORT"}),
		"modal_secret_filled": blocks.SecretModal(blocks.SecretForm{
			Content: "Vq7-mkRt", Serial: 3, For: "jane@acme.example", Ticket: "#4711", Channel: "D0AGENT", Lifetime: 72 * time.Hour, Weekend: true,
			Passphrase: actions.PassphraseOwn, CanMail: true, Mail: true,
		}),
		"modal_request": blocks.RequestModal(blocks.RequestForm{Channel: "C0SUPPORT"}),
		"modal_request_filled": blocks.RequestModal(blocks.RequestForm{
			What: "The login of the test shop", Why: "The error shows only behind it", For: "jane@acme.example", Ticket: "#4711", Channel: "C0SUPPORT",
			Lifetime: time.Hour, CanMail: true,
		}),
	} {
		t.Run(name, func(t *testing.T) {
			goldenJSON(t, name, view)
			fineModal(t, view)
		})
	}
}
