package actions

import (
	"fmt"
	"slices"
	"time"
)

// emailMissing: there is no e-mail on the profile (RULES S4.11).
func emailMissing(s *situation) *verdict {
	if s.in || s.user.Email != "" {
		return nil
	}
	return &verdict{
		grade: Proven, summary: "There is no e-mail address on the profile, so no mail can reach them.",
		evidence: []Evidence{s.state(fromUser, "no e-mail address on file")},
	}
}

// emailSuppressed: the address stands on a list that stops all mail (RULES
// S4.9). The list of those who unsubscribed stops only what isn't needed.
func emailSuppressed(s *situation) *verdict {
	if s.in {
		return nil
	}
	var evidence []Evidence
	for _, p := range s.Suppression {
		if p.List != ListUnsubscribe {
			text := fmt.Sprintf("on the %s list", p.List)
			if p.Reason != "" {
				text += ", reason " + quoted(s.mask.Text(p.Reason))
			}
			evidence = append(evidence, Evidence{At: p.Since, Source: fromSuppression, Text: text})
		}
	}
	if evidence == nil {
		return nil
	}
	return &verdict{grade: Proven, summary: "Their address is on a blocklist, so our mail is held back.", evidence: evidence}
}

// refusedStatuses are the ends of a delivery that never arrives.
var refusedStatuses = []DeliveryStatus{Bounced, Complained, Suppressed, Failed}

// emailBounced: the newest mail to the address came back.
func emailBounced(s *situation) *verdict {
	return s.undelivered(s.currentMails(), "Their mailbox refused our last mail.")
}

// smsUndelivered: the newest text to the mobile didn't get through.
func smsUndelivered(s *situation) *verdict {
	return s.undelivered(s.currentOf(s.Texts), "Our last text to their mobile didn't get through.")
}

func (s *situation) undelivered(current []Delivery, summary string) *verdict {
	if s.in || len(current) == 0 || !slices.Contains(refusedStatuses, current[0].Status) {
		return nil
	}
	return &verdict{grade: Proven, summary: summary, evidence: []Evidence{s.delivered(current[0])}}
}

// delivered is the evidence of a delivery.
func (s *situation) delivered(d Delivery) Evidence {
	text := fmt.Sprintf("%s %s", d.Kind.Words(), d.Status)
	if d.Detail != "" {
		text += ": " + s.mask.Text(d.Detail)
	}
	return Evidence{At: d.At, Source: fromDelivery, Text: text}
}

var deliveryWords = map[DeliveryKind]string{
	DeliveryPasswordReset: "the reset", DeliveryUsername: "the user name", DeliveryLoginLink: "the login link",
	DeliveryCode: "the code", DeliveryNotice: "the notice",
}

// Words says what was sent, such as "the reset".
func (k DeliveryKind) Words() string { return deliveryWords[k] }

// queuedTooLong is how long a mail may wait before it counts as delayed.
const queuedTooLong = 15 * time.Minute

// emailDelayed: the newest mail to the address is still on its way.
func emailDelayed(s *situation) *verdict {
	current := s.currentMails()
	if s.in || len(current) == 0 {
		return nil
	}
	d := current[0]
	if d.Status != Deferred && (d.Status != Queued || s.At.Sub(d.At) <= queuedTooLong) {
		return nil
	}
	return &verdict{grade: Proven, summary: "Our last mail to them hasn't arrived yet.", evidence: []Evidence{s.delivered(d)}}
}

// resetLinkExpired: the newest reset link ran out unused.
func resetLinkExpired(s *situation) *verdict {
	link := s.currentLink()
	if s.in || link == nil || link.ExpiresAt.IsZero() || !link.UsedAt.IsZero() {
		return nil
	}
	return &verdict{
		grade: Proven, summary: "The reset link ran out before it was used.",
		evidence: []Evidence{
			{At: link.ExpiresAt, Source: fromResetLink, Text: "the reset link ran out unused"},
			{At: link.SentAt, Source: fromResetLink, Text: "the reset link was sent"},
		},
	}
}

// scannerSpeed is how soon after sending a use looks like a mail scanner's.
const scannerSpeed = 60 * time.Second

// resetLinkConsumed: the newest reset link was used so soon that it was hardly
// the customer, who fails still.
func resetLinkConsumed(s *situation) *verdict {
	link := s.currentLink()
	if s.in || link == nil || link.UsedAt.IsZero() || link.UsedAt.Sub(link.SentAt) > scannerSpeed {
		return nil
	}
	for _, a := range s.attempts {
		if a.Failed() && a.At.After(link.UsedAt) {
			return consumed(*link, a)
		}
	}
	return nil
}

func consumed(link ResetLink, failure Attempt) *verdict {
	text := fmt.Sprintf("the reset link was used %s after it was sent", length(link.UsedAt.Sub(link.SentAt)))
	if link.UsedIP != "" {
		text += " from " + link.UsedIP
	}
	return &verdict{
		grade: Indicated, summary: "Something used the reset link within a minute, and the customer still fails: a mail scanner, perhaps.",
		evidence: []Evidence{{At: link.UsedAt, Source: fromResetLink, Text: text}, attempted(failure)},
	}
}

// unseenWindow is how long a delivered mail counts as just not seen yet.
const unseenWindow = 24 * time.Hour

// emailUnseen: the newest reset or code mail arrived and was never opened
// (RULES S2.3, S4.6, S4.8).
func emailUnseen(s *situation) *verdict {
	current := s.currentMails(DeliveryPasswordReset, DeliveryCode)
	if s.in || len(current) == 0 || current[0].Status != Delivered || s.At.Sub(current[0].At) > unseenWindow {
		return nil
	}
	return &verdict{
		grade: Indicated, summary: "Our mail was delivered and never opened: spam folder or firewall.",
		evidence: []Evidence{s.delivered(current[0])},
	}
}

// optedOutOfMessages: what would let them in goes to a channel that they
// switched off (RULES S2.2).
func optedOutOfMessages(s *situation) *verdict {
	if s.in {
		return nil
	}
	for _, c := range s.currentCodes() {
		if s.optedOut(c.Channel) {
			return s.optedOutVerdict(Evidence{At: c.SentAt, Source: fromCode, Text: fmt.Sprintf("a code went out by %s", c.Channel.Words())})
		}
	}
	if current := s.currentMails(DeliveryPasswordReset, DeliveryCode); len(current) > 0 && s.optedOut(ChannelEmail) {
		return s.optedOutVerdict(s.delivered(current[0]))
	}
	if s.optedOut(ChannelEmail) && s.optedOut(ChannelSMS) {
		return s.optedOutVerdict()
	}
	return nil
}

func (s *situation) optedOutVerdict(evidence ...Evidence) *verdict {
	words := ""
	for i, channel := range s.user.OptedOut {
		if i > 0 {
			words += " and "
		}
		words += channel.Words()
	}
	return &verdict{
		grade: Proven, summary: "They opted out of the messages that would let them in.",
		evidence: append([]Evidence{s.state(fromUser, "opted out of %s", words)}, evidence...),
	}
}

// Words says the channel.
func (c Channel) Words() string {
	if c == ChannelSMS {
		return "text message"
	}
	return "e-mail"
}
