package blocks

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// How much a list of temporary admins has: rows, and room for them.
const (
	adminsShown = 20
	adminsRoom  = maxMessage - 4*roomForRest
)

// Admins lists the temporary admins that aren't gone, as they come, each with the button
// that shows its card; below them are the buttons for those behind, and for another one.
func Admins(l actions.AdminList) Message {
	title := "*Temporary admins that aren't gone*, those in trouble first"
	if l.Alone {
		title = "*Your temporary admins*, those in trouble first"
	}
	heard, all := []string{title}, blocksOf(section(title))
	for _, r := range first(l.Open, adminsShown) {
		r.Now = l.Now
		row := adminRow(r)
		if sizeOf(all)+sizeOf(row) > adminsRoom {
			break
		}
		heard, all = append(heard, adminLine(r)), append(all, row)
	}
	if len(l.Open) == 0 {
		heard = []string{noAdmins(l)}
		all = blocksOf(section(heard[0]))
	}
	shown := len(heard) - 1
	if l.Offset > 0 && len(l.Open) > 0 {
		heard[0] = joined(title, partOf(l.Offset, l.Offset+shown, l.Offset+len(l.Open)+l.More))
		all[0] = section(heard[0])
	}
	if more := l.More + len(l.Open) - shown; len(l.Open) > 0 && more > 0 {
		text := "and " + count(more, "more", "more")
		heard, all = append(heard, text), append(all, note(text))
		all = append(all, rows(offer{may: true, label: "Show more", action: AdminListAction, value: AdminRef(l.Alone, l.Offset+shown)})...)
	}
	return fit(strings.Join(heard, "\n"), append(all, anotherAdmin()...)...)
}

// The words in the value of a button that leads to a list of temporary admins.
const (
	ownAdmins = "mine"
	allAdmins = "all"
)

// AdminRef is the value of a button that leads to a list of temporary admins: "all|OFFSET", or
// "mine|OFFSET" for one's own.
func AdminRef(own bool, offset int) string {
	if own {
		return ownAdmins + "|" + strconv.Itoa(offset)
	}
	return allAdmins + "|" + strconv.Itoa(offset)
}

// ReadAdminRef reads what [AdminRef] made; "-" is everybody's from the first on. ok is false for
// anything else.
func ReadAdminRef(value string) (own bool, offset int, ok bool) {
	if value == noneChosen {
		return false, 0, true
	}
	whose, from, _ := strings.Cut(value, "|")
	offset, ok = bounded(from, 0, refOffset)
	return whose == ownAdmins, offset, ok && (whose == ownAdmins || whose == allAdmins)
}

// noAdmins says that there is nothing to look after.
func noAdmins(l actions.AdminList) string {
	if l.Offset > 0 {
		return "There is nothing more on the list of temporary admins."
	}
	if l.Alone {
		return "You have no temporary admin anywhere: nothing to clean up."
	}
	return "There is no temporary admin anywhere: nothing to clean up."
}

// anotherAdmin are the buttons for one that isn't there yet.
func anotherAdmin() []slack.Block {
	return rows(
		offer{may: true, label: labelOf(actions.ActTempAdmin), action: string(actions.ActTempAdmin), value: noneChosen},
		offer{may: true, label: labelOf(actions.ActAskAdmin), action: string(actions.ActAskAdmin), value: noneChosen},
	)
}

// adminLine is a temporary admin in two lines: what and where, then who and how long.
func adminLine(r actions.AdminReport) string {
	t := r.Admin
	return inLines(adminName(r), joined(listedTrouble(t), adminFor(t), endsInList(r), ticket(t.Ticket)))
}

// adminFor says who gets in.
func adminFor(t actions.TempAdmin) string {
	if who := adminReceiver(t); who != "" {
		return "for " + who
	}
	return ""
}

// endsInList says when one ends, and how long that is still.
func endsInList(r actions.AdminReport) string {
	t := r.Admin
	if t.ExpiresAt.IsZero() || (t.State != actions.AdminInUse && t.State != actions.AdminReceived) {
		return adminLives(t)
	}
	text := "ends " + when(t.ExpiresAt)
	if left := timeLeft(r); left != "" {
		text += ", " + left + " left"
	}
	return text
}

// listedTrouble says since when one can't be deleted, or how often the customer was
// asked to.
func listedTrouble(t actions.TempAdmin) string {
	switch {
	case troubled(t):
		return "can't be deleted" + since(t.TroubleSince)
	case t.Site == actions.SiteCustomer && t.State == actions.AdminEnding && t.Tries > 0:
		return "asked " + count(t.Tries, "time", "times")
	}
	return ""
}

// adminRow is one with the button beside it. Who hears the buttons one after the other
// hears which each is about.
func adminRow(r actions.AdminReport) *slack.SectionBlock {
	row := section(adminLine(r))
	if element, ok := button(labelOf(actions.ActAdminLook), string(actions.ActAdminLook), r.Admin.ID); ok {
		element.AccessibilityLabel = joined(labelOf(actions.ActAdminLook), plain(orElse(r.Admin.Login, r.Admin.For), nameLength))
		row.Accessory = slack.NewAccessory(element)
	}
	return row
}
