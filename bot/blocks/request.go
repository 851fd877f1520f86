package blocks

import (
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// RequestLink hands a request's link to whoever asked, or says where it was
// mailed. It is for them alone, as an ephemeral message; Text is without the
// link.
func RequestLink(made actions.RequestMade) Message {
	r := made.Report
	text := "*The link for the customer.* They can send there what you asked for, once, until " + when(r.Request.ExpiresAt) + "."
	if made.Link == "" {
		text = "*Your question* goes by e-mail to " + mailedTo(r.Mail) + ". It can be answered once, until " + when(r.Request.ExpiresAt) + "."
	}
	all := append(blocksOf(section(text)), linkToCopy("The link, to copy", made.Link)...)
	return fit(text, append(all, privateNote(made.Link != ""))...)
}

// linkToCopy is a link that can be clicked, with Slack's button to copy it;
// nothing without one.
func linkToCopy(title, link string) []slack.Block {
	if link == "" {
		return nil
	}
	return blocksOf(richText(
		richLine(title, bold),
		&slack.RichTextPreformatted{
			Type:     slack.RTEPreformatted,
			Elements: []slack.RichTextSectionElement{slack.NewRichTextSectionLinkElement(link, "", nil)},
		}))
}

// Request is the card of a request in the direct message of who asked. It follows
// what becomes of it, without content and without link.
func Request(r actions.RequestReport) Message {
	q := r.Request
	text := requestName(q)
	standing := requestSentence(r)
	why := ""
	if reason := line(q.Why); reason != "" {
		why = "why: " + reason
	}
	all := blocksOf(section(text), section(standing), note(joined("asked "+when(q.At), why, ticket(q.Ticket))))
	waits := requestWaits(q)
	all = append(all, rows(
		offer{may: q.State == actions.RequestReceived, label: "Open it", action: OpenRequestAction, value: q.ID, style: slack.StylePrimary},
		offer{may: waits, label: "Withdraw", action: WithdrawRequestAction, value: q.ID, confirm: withdrawing},
		offer{may: !waits, label: "Ask again", action: AskAgainAction, value: q.ID},
	)...)
	return fit(text+". "+standing, all...)
}

// requestName says what a card is about: the state, and what was asked for.
func requestName(q actions.SecretRequest) string {
	return "*" + requestTitle(q.State) + ":* " + askedOf(q)
}

// requestWaits reports whether something can still become of a request.
func requestWaits(q actions.SecretRequest) bool {
	return q.State == actions.RequestAsked || q.State == actions.RequestReceived
}

// askedOf says what was asked for, and of whom.
func askedOf(q actions.SecretRequest) string {
	text := orElse(line(q.What), "something secret")
	if clean(q.For) != "" {
		text += ", from " + value(q.For)
	}
	return text
}

// requestTitle is a state in a word.
func requestTitle(s actions.RequestState) string {
	switch s {
	case actions.RequestAsked:
		return "Asked"
	case actions.RequestReceived:
		return "Received"
	case actions.RequestOpened:
		return "Opened"
	case actions.RequestExpired:
		return "Expired"
	case actions.RequestWithdrawn:
		return "Withdrawn"
	}
	return capital(words(s))
}

// requestSentence says what has become of a request.
func requestSentence(r actions.RequestReport) string {
	q, since := r.Request, endedAt(r.Since, r.Request.EndedAt)
	switch q.State {
	case actions.RequestAsked:
		return requestOnItsWay(r) + " It can be answered once, until " + when(q.ExpiresAt) + "."
	case actions.RequestReceived:
		return "It came" + endedAt(q.ReceivedAt, r.Since) + ", sealed. You can open it once, until " + when(q.ExpiresAt) + "."
	case actions.RequestOpened:
		return mention(q.Actor) + " opened it" + since + ", and it is deleted here."
	case actions.RequestExpired:
		if !q.ReceivedAt.IsZero() {
			return "It came" + endedAt(q.ReceivedAt, q.ReceivedAt) + ", and nobody opened it by " + when(q.ExpiresAt) + ", so it was deleted unopened."
		}
		return "Nothing came by " + when(q.ExpiresAt) + ", so the link ended."
	case actions.RequestWithdrawn:
		if why := line(q.Reason); why != "" {
			return "It was withdrawn" + since + ": " + why
		}
		return "You withdrew it" + since + ". Its link ended, and nothing that came is kept."
	}
	return "This is from another version of Latchkey."
}

// requestOnItsWay says who has the link of a request that waits.
func requestOnItsWay(r actions.RequestReport) string {
	if r.Mail == nil {
		return "Nothing has come yet."
	}
	return linkMailed(*r.Mail) + " Nothing has come yet."
}
