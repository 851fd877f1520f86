package blocks

import (
	"github.com/latchkey-bot/latchkey/actions"
)

// AdminNews says below the card of a temporary admin what a card that is redrawn tells
// nobody. viewer is the Slack user ID of who reads it.
func AdminNews(r actions.AdminReport, news actions.AdminNews, viewer string) Message {
	text := adminNewsSaid(r, news, viewer)
	if news == actions.NewsTrouble && byHand(r) != nil {
		return fit(inLines(text, byHandSaid(r)), section(text), section(byHandSaid(r)))
	}
	return fit(text, section(text))
}

func adminNewsSaid(r actions.AdminReport, news actions.AdminNews, viewer string) string {
	switch called := adminCalled(r); news {
	case actions.NewsReceived:
		return "*The login came:* " + called + ". " + whoOpens(r.Admin, viewer)
	case actions.NewsDay, actions.NewsHour:
		return adminEndsSoon(r, news)
	case actions.NewsTrouble, actions.NewsGone, actions.NewsUnsent:
		return adminName(r) + ". " + adminStanding(r, viewer) + unsentAdvice(news)
	case actions.NewsAsked:
		return "*The customer is asked to delete it:* " + called + ". " + sentences(adminBecause(r.Admin), mailFailed(r)) +
			" They are reminded until they say that they did; the card above follows."
	}
	return adminName(r) + ". " + adminStanding(r, viewer)
}

// adminEndsSoon reminds of an end, and of what can be done until then.
func adminEndsSoon(r actions.AdminReport, news actions.AdminNews) string {
	left := timeLeft(r)
	if left == "" {
		left = map[actions.AdminNews]string{actions.NewsDay: "24 hours", actions.NewsHour: "1 hour"}[news]
	}
	text := "*Ends in " + left + ":* " + adminCalled(r) + ", " + when(r.Admin.ExpiresAt) + ". "
	switch {
	case r.Admin.Site == actions.SiteCustomer:
		return text + "The customer is asked to delete it then."
	case r.Waits != nil:
		return text + "It is deleted then, unless a second person approves before that it may live longer."
	}
	return text + "It is deleted then. If you still need it, press *Extend* above in good time: a second person must approve it."
}

// unsentAdvice says how to go on without a login.
func unsentAdvice(news actions.AdminNews) string {
	if news != actions.NewsUnsent {
		return ""
	}
	return " Ask them anew if it is still needed."
}
