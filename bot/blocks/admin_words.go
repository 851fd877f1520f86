package blocks

import (
	"math"
	"strconv"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// adminActs say what was done about a customer's own temporary admin, as it stands on
// record.
var adminActs = map[actions.Act]string{
	actions.ActAskAdmin:     "asked for a temporary admin",
	actions.ActRevokeAdmin:  "ended a temporary admin",
	actions.ActAdminEnded:   "a temporary admin ended",
	actions.ActAdminRemoved: "marked a temporary admin as deleted",
	actions.ActAdminGone:    "a temporary admin is gone",
}

// saidAct is an act on record in a text of markup, plainAct where nothing may be escaped.
func saidAct(act actions.Act) string { return orElse(adminActs[act], words(act)) }

func plainAct(act actions.Act) string { return orElse(adminActs[act], plainWords(act)) }

// adminTitle is the state of a temporary admin in a few words.
func adminTitle(r actions.AdminReport) string {
	if r.Admin.Site == actions.SiteCustomer {
		return customersTitle(r.Admin.State)
	}
	switch r.Admin.State {
	case actions.AdminAsked:
		if r.Waits != nil {
			return "Waiting for a second person"
		}
		return "Being made"
	case actions.AdminReceived, actions.AdminInUse:
		return "In use"
	case actions.AdminEnding:
		if troubled(r.Admin) {
			return "Not deleted yet"
		}
		return "Being deleted"
	case actions.AdminGone:
		if r.Admin.End == actions.AdminTargetRemoved {
			return "Its target was removed"
		}
		return "Gone"
	case actions.AdminRefused:
		return "Never made"
	case actions.AdminStray:
		return "Nobody answers for it"
	}
	return capital(words(r.Admin.State))
}

// adminStanding says in sentences where a temporary admin stands, and what to do next.
func adminStanding(r actions.AdminReport, viewer string) string {
	if r.Admin.Site == actions.SiteCustomer {
		return customersStanding(r, viewer)
	}
	t := r.Admin
	switch t.State {
	case actions.AdminAsked:
		if r.Waits != nil {
			return waitingForLead(*r.Waits)
		}
		return "It is being made, and then the site is asked whether it is there. This card follows."
	case actions.AdminReceived, actions.AdminInUse:
		return "It has been in use" + since(t.BegunAt) + ". Latchkey deletes it when it ends" + orSolved(t) + ", and asks the site whether it is gone."
	case actions.AdminEnding:
		return adminGoing(r)
	case actions.AdminGone:
		if t.End == actions.AdminTargetRemoved { // nobody asked it
			return adminBecause(t)
		}
		return sentences(adminBecause(t), "The site was asked"+dated(t.EndedAt)+", and has no such user any more.")
	case actions.AdminRefused:
		if t.End == actions.AdminFailed {
			return "It couldn't be made, and the site has nothing of it."
		}
		return sentences(adminBecause(t), "It was never made, so there is nothing to delete.")
	case actions.AdminStray:
		return adminStray(r)
	}
	return "This is from another version of Latchkey."
}

// orSolved says what ends one besides its time.
func orSolved(t actions.TempAdmin) string {
	if id := ticket(t.Ticket); id != "" {
		return ", or when " + id + " is solved"
	}
	return ""
}

// sentences puts what isn't empty behind each other.
func sentences(parts ...string) string {
	text := ""
	for _, part := range parts {
		if text != "" && part != "" {
			text += " "
		}
		text += part
	}
	return text
}

// adminGoing says how far the deletion of one came.
func adminGoing(r actions.AdminReport) string {
	t, because := r.Admin, adminBecause(r.Admin)
	switch {
	case troubled(t):
		text := "*It can't be deleted*" + since(t.TroubleSince)
		if t.Tries > 0 {
			text += ", tried " + count(t.Tries, "time", "times")
		}
		return sentences(because, text+": "+quiet(t.Trouble), nextTry(r))
	case t.UnsureUntil.After(r.Now):
		return sentences(because, "The site may still bring it up, so it is looked for once more at "+clock(t.UnsureUntil)+" before it counts as gone.")
	}
	return sentences(because, "It is deleted now, and then the site is asked whether it is gone. This card follows.")
}

// nextTry says when it is tried again to delete one.
func nextTry(r actions.AdminReport) string {
	if !r.Admin.Due.After(r.Now) {
		return "It is tried again until it is gone."
	}
	return "It is tried again at " + clock(r.Admin.Due) + ", and on until it is gone."
}

// adminStray says what a user means that nobody answers for, and what can be done.
func adminStray(r actions.AdminReport) string {
	text := "The site has this user, and Latchkey doesn't know it."
	if r.Admin.Actor != "" {
		text = "The site has this user again, though it was gone."
	}
	if r.Waits != nil {
		return text + " " + mention(r.Waits.Operation.Actor) + " wants to answer for it. " + waitingForLead(*r.Waits)
	}
	return text + " Adopt it if somebody still works with it: it ends like any other then. Or else delete it."
}

// adminBecause says why one ends; "" when that isn't known.
func adminBecause(t actions.TempAdmin) string {
	switch t.End {
	case actions.AdminExpired:
		return "Its time was over" + dated(t.EndingAt) + "."
	case actions.AdminRevoked:
		return adminEndedBy(t)
	case actions.AdminSolved:
		return capital(orElse(ticket(t.Ticket), "its ticket")) + " was solved" + dated(t.EndingAt) + "."
	case actions.AdminResolved:
		return "The case of " + orElse(ticket(t.Ticket), "its ticket") + " was resolved" + dated(t.EndingAt) + "."
	case actions.AdminFailed:
		return "It couldn't be made as it should, so what there may be of it goes again."
	case actions.AdminUnsent:
		return "No login came."
	case actions.AdminDeclined:
		return "It wasn't approved, or was taken back."
	case actions.AdminByHand:
		return "Somebody deleted it by hand."
	case actions.AdminTargetRemoved:
		return "Its target was removed from Latchkey before the site showed that it was gone: please delete it there by hand."
	}
	return ""
}

// adminEndedBy says who ended one.
func adminEndedBy(t actions.TempAdmin) string {
	verb := "revoked"
	if t.Site == actions.SiteCustomer {
		verb = "ended"
	}
	if clean(t.EndedBy) == "" {
		return "It was " + verb + dated(t.EndingAt) + "."
	}
	return mention(t.EndedBy) + " " + verb + " it" + dated(t.EndingAt) + "."
}

// dated says on which day and when something happened, behind what did.
func dated(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " " + when(t)
}

// adminLives says how long one will live that hasn't begun.
func adminLives(t actions.TempAdmin) string {
	switch {
	case t.State != actions.AdminAsked || t.Days <= 0:
		return ""
	case t.Site == actions.SiteCustomer:
		return dayCount(t.Days) + " from when the login comes"
	}
	return dayCount(t.Days) + " from when it is made"
}

func dayCount(days int) string { return count(days, "day", "days") }

// adminEnds says when one ends by itself, and how long that was away when the card was
// drawn.
func adminEnds(r actions.AdminReport) string {
	t := r.Admin
	if t.ExpiresAt.IsZero() || (t.State != actions.AdminInUse && t.State != actions.AdminReceived) {
		return ""
	}
	left := timeLeft(r)
	if left == "" {
		return when(t.ExpiresAt)
	}
	return when(t.ExpiresAt) + " · " + left + " left as of " + when(r.Now)
}

// timeLeft is how long one still lives; "" when that isn't known, or nothing is left.
func timeLeft(r actions.AdminReport) string {
	if r.Now.IsZero() || !r.Admin.ExpiresAt.After(r.Now) {
		return ""
	}
	return roughly(r.Admin.ExpiresAt.Sub(r.Now))
}

// roughly is a time of more than nothing, rounded: a card drawn a second after one was
// made for three days says three days.
func roughly(d time.Duration) string {
	minutes := int(math.Round(d.Minutes()))
	hours := int(math.Round(d.Hours()))
	switch {
	case minutes < 60:
		return count(max(minutes, 1), "minute", "minutes")
	case hours < 48:
		return count(hours, "hour", "hours")
	}
	return dayCount(int(math.Round(d.Hours() / 24)))
}

// adminAskedLater says what was asked for that waits for a second person.
func adminAskedLater(r actions.AdminReport) string {
	if r.Waits == nil || r.Admin.State != actions.AdminInUse {
		return ""
	}
	text := mention(r.Waits.Operation.Actor) + " wants it to live longer"
	if p := r.Waits.Operation.Params.Admin; p != nil && !p.Until.IsZero() {
		text = mention(r.Waits.Operation.Actor) + " wants it to end " + when(p.Until) + " instead"
	}
	return text + ". " + waitingForLead(*r.Waits)
}

// adminPassword says what becomes of the password of one that is in use.
func adminPassword(r actions.AdminReport, viewer string) string {
	if r.Admin.State != actions.AdminInUse {
		return ""
	}
	switch r.Handout {
	case actions.HandoutWaits:
		if viewer == r.Admin.Receiver {
			return "it waits for you, and nobody has seen it. Press Create one-time secret: you get a link that opens once."
		}
		return "it waits for " + mention(r.Admin.Receiver) + ", who makes a one-time secret of it. Nobody has seen it."
	case actions.HandoutMade:
		return "it was made into a one-time secret, whose own card shows what becomes of it."
	case actions.HandoutGone:
		return "it is deleted here, and nobody can read it any more. Whoever still needs to get in needs another temporary admin."
	case actions.HandoutNone:
	}
	return ""
}

// quiet shows a longer sentence of ours in which a site's words may stand: it mentions
// nobody.
func quiet(s string) string { return escape(clip(clean(s), sentenceLength)) }

// numbered is a step of several.
func numbered(n int, step string) string { return strconv.Itoa(n) + ". " + step }
