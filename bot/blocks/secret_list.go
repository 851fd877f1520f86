package blocks

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// How much a list of secrets and requests has: rows, and room for them.
const (
	secretsShown = 20
	secretsRoom  = maxMessage - 2*roomForRest
)

// secretRow is a secret or a request in the list.
type secretRow struct {
	at   time.Time
	text string
	whom string // it is for or of, masked
	next offer  // what can be done with it, while it waits
}

// Secrets lists what somebody sent and asked for, newest first, without content;
// what still waits can be ended, and what came be opened.
func Secrets(list actions.SecretList) Message {
	all := secretRows(list)
	if len(all) == 0 {
		return Sentence("You have sent no secret and asked for none in the last 90 days.")
	}
	slices.SortStableFunc(all, func(a, b secretRow) int { return cmp.Compare(b.at.UnixMicro(), a.at.UnixMicro()) })
	heard := []string{"*Your one-time secrets and requests*, newest first"}
	rows := blocksOf(section(heard[0]))
	for _, row := range first(all, secretsShown) {
		more := append(slices.Clone(rows), row.block())
		if sizeOf(more) > secretsRoom {
			break
		}
		heard, rows = append(heard, row.text), more
	}
	if list.More || len(all) > len(rows)-1 {
		rows = append(rows, note("There are more: only the newest are shown."))
	}
	return fit(strings.Join(heard, "\n"), rows...)
}

func secretRows(list actions.SecretList) []secretRow {
	var all []secretRow
	for _, r := range list.Secrets {
		all = append(all, rowOfSecret(r.Secret))
	}
	for _, r := range list.Requests {
		all = append(all, rowOfRequest(r.Request))
	}
	return all
}

func rowOfSecret(s actions.Secret) secretRow {
	live := s.State == actions.SecretLive
	text := joined("*"+secretTitle(s.State)+"*", "secret"+forWhom(s.For), ticket(s.Ticket), "sent "+when(s.At), waitsUntil(live, s.ExpiresAt))
	return secretRow{s.At, text, s.For, offer{may: live, label: "Revoke", action: RevokeSecretAction, value: s.ID, confirm: revoking}}
}

func rowOfRequest(q actions.SecretRequest) secretRow {
	waits := requestWaits(q)
	text := joined("*"+requestTitle(q.State)+"*", "asked for: "+askedOf(q), ticket(q.Ticket), "asked "+when(q.At), waitsUntil(waits, q.ExpiresAt))
	next := offer{may: waits, label: "Withdraw", action: WithdrawRequestAction, value: q.ID, confirm: withdrawing}
	if q.State == actions.RequestReceived {
		next = offer{may: true, label: "Open it", action: OpenRequestAction, value: q.ID}
	}
	return secretRow{q.At, text, q.For, next}
}

func waitsUntil(waits bool, until time.Time) string {
	if !waits {
		return ""
	}
	return "until " + when(until)
}

// block is a row with its button. Who hears the buttons one after
// the other hears whom each is about.
func (r secretRow) block() slack.Block {
	block := section(r.text)
	if element, ok := button(r.next.label, r.next.action, r.next.value); ok && r.next.may {
		if r.next.confirm != "" {
			ask(element, r.next)
		}
		element.AccessibilityLabel = joined(r.next.label, plain(r.whom, nameLength))
		block.Accessory = slack.NewAccessory(element)
	}
	return block
}
