package blocks

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// secretRow is a secret or a request in the list.
type secretRow struct {
	at   time.Time
	text string
	whom string // it is for or of, masked
	next offer  // what can be done with it, while it waits
}

// Secrets shows a page of what somebody sent and asked for, without content: what still waits
// first, then the rest, both newest first. What still waits can be ended, and what came be
// opened.
func Secrets(list actions.SecretList) Message {
	all := secretRows(list)
	title := "*Your one-time secrets and requests*, those that wait first"
	switch {
	case len(all) == 0 && list.Offset == 0:
		return Sentence("You have sent no secret and asked for none in the last 90 days.")
	case len(all) == 0:
		text := title + ": there is nothing more on it."
		return fit(text, section(text))
	}
	slices.SortStableFunc(all, secretRow.before)
	var lines []pageLine
	for _, row := range all {
		lines = append(lines, pageLine{row.text, row.block()})
	}
	return page(title, lines, list.Offset, list.Total, func(next int) (action, value string) { return SecretListAction, strconv.Itoa(next) })
}

// ReadSecretRef reads from where on a button shows the list: "-" is from the first.
func ReadSecretRef(value string) (offset int, ok bool) {
	if value == noneChosen || value == "" {
		return 0, true
	}
	return bounded(value, 0, refOffset)
}

// before is the order of the list: what waits before what doesn't, and newer before older.
func (r secretRow) before(other secretRow) int {
	if r.next.may != other.next.may {
		if r.next.may {
			return -1
		}
		return 1
	}
	return cmp.Compare(other.at.UnixMicro(), r.at.UnixMicro())
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
