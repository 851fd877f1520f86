package blocks

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// AdminDaysModalID is the callback_id of the modal that asks how long a temporary admin
// may live from now on, of actions.ActExtendAdmin and actions.ActAdoptAdmin; its
// private_metadata is the ID of the temporary admin.
func AdminDaysModalID(act actions.Act) string { return string(act) + "_modal" }

// AdminReasonModalID is the callback_id of the modal that asks why a temporary admin
// ends, of actions.ActRevokeAdmin and actions.ActAdminRemoved; its private_metadata is
// the ID of the temporary admin.
func AdminReasonModalID(act actions.Act) string { return string(act) + "_modal" }

// AdminDaysModal asks how long a temporary admin may live from now on, and why. reason
// is what the command said already. Where it may live no longer than it does, there is
// nothing to submit.
func AdminDaysModal(act actions.Act, r actions.AdminReport, offer actions.AdminForm, reason string) slack.ModalViewRequest {
	offer.Now, offer.Zone = r.Now, r.Zone
	days, hint := daysOf(offer), "Then it is deleted by itself."+weekendRule(offer)
	text := capital(adminCalled(r)) + "\nYou answer for it from then on, and it ends like any other. A second person must approve it."
	if act == actions.ActExtendAdmin {
		days, hint = laterDays(r, offer), "Never more than "+dayCount(mostDays(offer))+" from now."
		text = capital(adminCalled(r)) + "\n" + sentences(extendedFrom(r.Admin), "A second person must approve that it lives longer.")
	}
	if len(days) == 0 {
		return modal(AdminDaysModalID(act), labelOf(act), "", r.Admin.ID, blocksOf(section(text),
			section("It lives as long as it may already: "+dayCount(mostDays(offer))+" from now.")))
	}
	all := blocksOf(section(text), daysInput("How long from now?", hint, offer, days, 0), reasonInput(reason))
	if act == actions.ActAdoptAdmin {
		all = append(all, ticketInput(offer.Ticket))
	}
	return modal(AdminDaysModalID(act), labelOf(act), "Ask for approval", r.Admin.ID, all)
}

// extendedFrom says when one ends as things are.
func extendedFrom(t actions.TempAdmin) string {
	if t.ExpiresAt.IsZero() {
		return ""
	}
	return "It ends " + when(t.ExpiresAt) + " now."
}

// AdminReasonModal asks why a temporary admin ends, after it has said what will happen.
func AdminReasonModal(act actions.Act, r actions.AdminReport) slack.ModalViewRequest {
	label := labelOf(act)
	if act == actions.ActRevokeAdmin {
		label = revokeLabel(r.Admin)
	}
	return modal(AdminReasonModalID(act), label, label, r.Admin.ID, blocksOf(
		section(capital(adminCalled(r))+"\n"+whatEnds(act, r)), reasonInput("")))
}

// whatEnds says what will happen when one is ended.
func whatEnds(act actions.Act, r actions.AdminReport) string {
	switch t := r.Admin; {
	case act == actions.ActAdminRemoved:
		return "Only when the customer told you that they have deleted it: nobody asks them any more then."
	case t.State == actions.AdminAsked && t.Site == actions.SiteCustomer:
		return "The link in the customer's mail ends, and nothing can be sent by it any more."
	case t.State == actions.AdminAsked:
		return "Nothing is made then, and what was made already is deleted again. Whoever was asked to approve it reads that."
	case t.Site == actions.SiteCustomer:
		return "The customer gets a mail with the steps to delete it, and is reminded until they say that they did."
	}
	return "It is deleted on the site at once, and the site is asked whether it is gone. What it wrote there stays, as another user's."
}

// daysOf are the lifetimes that a form offers, in days.
func daysOf(offer actions.AdminForm) []int {
	var days []int
	for d := min(max(offer.Least, 1), mostDays(offer)); d <= mostDays(offer); d++ {
		days = append(days, d)
	}
	return days
}

// mostDays is the longest lifetime that a form offers.
func mostDays(offer actions.AdminForm) int {
	if offer.Most <= 0 || offer.Most > actions.AdminDaysMost {
		return actions.AdminDaysMost
	}
	return offer.Most
}

// laterDays are those after which one would end later than it does, by hours and not by
// the minutes since it was asked for: a weekend changes nothing there.
func laterDays(r actions.AdminReport, offer actions.AdminForm) []int {
	var days []int
	for d := 1; d <= mostDays(offer); d++ {
		if inDays(r.Now, d).Sub(r.Admin.ExpiresAt) > worthIt {
			days = append(days, d)
		}
	}
	return days
}

// worthIt is what a second person isn't asked for.
const worthIt = time.Hour

// inDays is a moment some days of 24 h later.
func inDays(at time.Time, days int) time.Time { return at.Add(time.Duration(days) * 24 * time.Hour) }

// weekendRule explains why one lives longer than a day at least (RULES S3.4).
func weekendRule(offer actions.AdminForm) string {
	if !offer.Weekend {
		return ""
	}
	return " On a Friday after 17:00 and on a weekend it is at least " + dayCount(max(offer.Least, 1)) + ", so that whoever is back on Monday still gets in."
}

// daysInput asks for a lifetime of those days: the chosen one stands in it, or else the
// usual, or else the shortest.
func daysInput(label, hint string, offer actions.AdminForm, days []int, chosen int) slack.Block {
	var options []*slack.OptionBlockObject
	for _, d := range days {
		options = append(options, option(choice{strconv.Itoa(d), dayChoice(d, offer)}))
	}
	element := menu("Choose one", strconv.Itoa(chosen), options)
	for _, other := range []*slack.OptionBlockObject{optionOf(strconv.Itoa(offer.Usual), options), options[0]} {
		if element.InitialOption == nil {
			element.InitialOption = other
		}
	}
	return slack.NewInputBlock(DaysInput, plainText(label), plainText(hint), element).WithOptional(true)
}

// dayChoice says a lifetime, and of more than a day when that is over: "3 days (until
// Mon 30 Nov)".
func dayChoice(days int, offer actions.AdminForm) string {
	if days == 1 || offer.Now.IsZero() {
		return dayCount(days)
	}
	zone := offer.Zone
	if zone == nil {
		zone = time.UTC
	}
	return dayCount(days) + " (until " + inDays(offer.Now, days).In(zone).Format("Mon 2 Jan") + ")"
}

// readDays reads what was chosen; 0 for nothing.
func readDays(inputs map[string]string) (int, error) {
	text := strings.TrimSpace(inputs[DaysInput])
	if text == "" {
		return 0, nil
	}
	days, err := strconv.Atoi(text)
	if err != nil || days < 1 || days > actions.AdminDaysMost {
		return 0, actions.Errorf(actions.Invalid, "A temporary admin lives 1 to %d whole days. Please choose one of those that the form offers.", actions.AdminDaysMost)
	}
	return days, nil
}
