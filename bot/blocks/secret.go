package blocks

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The action_ids of the buttons of secrets and requests.
const (
	GenerateAction        = "generate_password" // of the modal, with the input it fills in: a new password
	ShowPassphraseAction  = "show_passphrase"   // a secret ID: shows the generated passphrase
	RevokeSecretAction    = "revoke_secret"     // a secret ID
	AnotherSecretAction   = "another_secret"    // a secret ID: opens the modal anew, for the same person
	OpenRequestAction     = "open_request"      // a request ID: gives a link to open what came
	WithdrawRequestAction = "withdraw_request"  // a request ID
	AskAgainAction        = "ask_again"         // a request ID: opens the modal anew, for the same person
	HandOutAction         = "hand_out"          // an operation ID: makes the one-time link of its password
)

// What the buttons that end something ask first.
const (
	revoking    = "Nobody can open it then, and what is in it is deleted."
	withdrawing = "Its link ends, and what came already is deleted unopened."
)

// SecretLink hands a secret's link to whoever made it, or says where it was
// mailed. It is for them alone, as an ephemeral message; Text is without the
// link.
func SecretLink(made actions.SecretMade) Message {
	r := made.Report
	text := "*The link of your one-time secret*" + forWhom(r.Secret.For) + " opens once, until " + when(r.Secret.ExpiresAt) + "."
	if made.Link == "" {
		text = "*Your one-time secret* goes by e-mail to " + mailedTo(r.Mail) + ". Its link opens once, until " + when(r.Secret.ExpiresAt) + "."
	}
	all := blocksOf(section(text))
	all = append(all, linkToCopy("The link, to copy", made.Link)...)
	all = append(all, passphraseAdvice(made)...)
	all = append(all, privateNote(made.Link != ""))
	all = append(all, rows(offer{may: made.Passphrase != "" || r.Generated, label: showPassphrase, action: ShowPassphraseAction, value: r.Secret.ID})...)
	return fit(text, all...)
}

// privateNote says that a message isn't there for long, nor for anybody else.
func privateNote(link bool) slack.Block {
	gone := "Only you see this"
	if link {
		gone += ", and it is gone when Slack loads anew: copy the link now"
	}
	return note(gone + ". The card in our direct message shows what becomes of it.")
}

const showPassphrase = "Show the passphrase"

// passphraseAdvice says how the passphrase gets to whoever opens it.
func passphraseAdvice(made actions.SecretMade) []slack.Block {
	if !made.Report.Protected {
		return nil
	}
	return blocksOf(section("*Tell the passphrase another way than the link*, by phone, say: never in the same mail or chat."))
}

// forWhom says whom a secret is for, after a noun.
func forWhom(masked string) string {
	if clean(masked) == "" {
		return ""
	}
	return " for " + value(masked)
}

// mailedTo is the address, masked, that a mail goes to.
func mailedTo(mail *actions.MailReport) string {
	if mail == nil || clean(mail.To) == "" {
		return "the customer's address on file"
	}
	return value(mail.To)
}

// Passphrase shows a generated passphrase to who sent the secret, and to nobody
// else. Text is without it.
func Passphrase(words string, report actions.SecretReport) Message {
	text := "*The passphrase of your one-time secret*" + forWhom(report.Secret.For) + ". Tell it another way than the link, by phone, say."
	return fit(text, section(text), richText(copyable("The passphrase, to read out or to copy", plainOr(words, "None is there any more."))...),
		note("Only you see this. You can look at it again until the secret is opened or ends."))
}

// Secret is the card of a one-time secret in the direct message of who sent it.
// It follows what becomes of it, without content and without link.
func Secret(r actions.SecretReport) Message {
	s := r.Secret
	text := secretName(s)
	standing := secretStanding(r)
	all := blocksOf(section(text), section(strings.Join(standing, "\n")),
		note(joined("sent "+when(s.At), ticket(s.Ticket), handsOut(s))))
	live := s.State == actions.SecretLive
	all = append(all, rows(
		offer{may: live && r.Generated, label: showPassphrase, action: ShowPassphraseAction, value: s.ID},
		offer{may: live, label: "Revoke", action: RevokeSecretAction, value: s.ID, confirm: revoking},
		offer{may: s.Operation == "" && (!live || !s.AgainAt.IsZero()), label: "Send another", action: AnotherSecretAction, value: s.ID},
	)...)
	return fit(text+". "+strings.Join(standing, " "), all...)
}

// secretName says what a card is about: the state, and whom the secret is for.
func secretName(s actions.Secret) string {
	return "*" + secretTitle(s.State) + ":* one-time secret" + forWhom(s.For)
}

// handsOut says that a secret holds a password that was set by hand, or that of a
// temporary admin.
func handsOut(s actions.Secret) string {
	switch {
	case s.Operation == "":
		return ""
	case ofAdmin(s):
		return "the password of a temporary admin"
	}
	return "the password that was set by hand"
}

// ofAdmin reports whether a secret holds the password of a temporary admin: then it is
// for its login.
func ofAdmin(s actions.Secret) bool {
	return s.Operation != "" && strings.HasPrefix(s.For, actions.AdminPrefix)
}

// unread says how to go on when a password that was handed out can't be read any more.
func unread(s actions.Secret) string {
	if ofAdmin(s) {
		return "Nobody can read that password again: whoever still needs to get in revokes the temporary admin and asks for another."
	}
	return "Nobody can read that password again: if the customer still needs one, set it anew."
}

// secretTitle is a state in a word.
func secretTitle(s actions.SecretState) string {
	switch s {
	case actions.SecretLive:
		return "Waiting"
	case actions.SecretRevealed:
		return "Opened"
	case actions.SecretExpired:
		return "Expired"
	case actions.SecretRevoked:
		return "Revoked"
	case actions.SecretLocked:
		return "Locked"
	}
	return capital(words(s))
}

// secretStanding says in sentences where a secret stands.
func secretStanding(r actions.SecretReport) []string {
	lines := []string{secretSentence(r)}
	if r.Secret.State == actions.SecretLive {
		lines = append(lines, wrongSoFar(r.Secret.Wrong)...)
	}
	if !r.Secret.AgainAt.IsZero() {
		lines = append(lines, "*Somebody with the link needs a new one:* they said so at "+clock(r.Secret.AgainAt)+".")
	}
	if s := r.Secret; s.Operation != "" && s.State != actions.SecretLive && s.State != actions.SecretRevealed {
		lines = append(lines, unread(s))
	}
	return lines
}

// secretSentence says what has become of a secret.
func secretSentence(r actions.SecretReport) string {
	s, since := r.Secret, endedAt(r.Since, r.Secret.EndedAt)
	switch s.State {
	case actions.SecretLive:
		return secretOnItsWay(r) + " It opens once, until " + when(s.ExpiresAt) + "."
	case actions.SecretRevealed:
		return "It was opened" + since + " and is deleted here."
	case actions.SecretExpired:
		return "Nobody opened it by " + when(s.ExpiresAt) + ", so it was deleted."
	case actions.SecretRevoked:
		if why := line(s.Why); why != "" {
			return "It was revoked" + since + " and is deleted: " + why
		}
		return "You revoked it" + since + ". Nobody can open it, and it is deleted."
	case actions.SecretLocked:
		return "The passphrase was wrong too often, so it was locked" + since + " and deleted. " +
			"If that wasn't who it is for, somebody else has the link."
	}
	return "This is from another version of Latchkey."
}

// endedAt says when something ended.
func endedAt(since, ended time.Time) string {
	if since.IsZero() {
		since = ended
	}
	if since.IsZero() {
		return ""
	}
	return " " + when(since)
}

// secretOnItsWay says who has the link of a live secret.
func secretOnItsWay(r actions.SecretReport) string {
	if r.Mail == nil {
		return "Nobody has opened it yet."
	}
	return linkMailed(*r.Mail) + " Nobody has opened it yet."
}

// linkMailed says how the mail with a link fares.
func linkMailed(m actions.MailReport) string {
	to, why := mailedTo(&m), line(m.Why)
	switch m.State {
	case actions.MailSent:
		return "The link went by e-mail to " + to + at(m.At) + "."
	case actions.MailFailed:
		return "*The mail with the link couldn't be sent* to " + to + ": " + orElse(why, "it was refused.")
	case actions.MailUnclear:
		return "*The mail with the link may have arrived* at " + to + ": " + orElse(why, "the other side went silent.")
	case actions.MailQueued:
	}
	return strings.TrimSpace("The mail with the link is on its way to " + to + ". " + why)
}

// wrongSoFar says how often a wrong passphrase was typed.
func wrongSoFar(wrong int) []string {
	if wrong <= 0 {
		return nil
	}
	return []string{"*Mind:* " + count(wrong, "wrong passphrase was", "wrong passphrases were") + " typed so far. After five it is locked and deleted."}
}
