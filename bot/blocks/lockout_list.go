package blocks

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// listRoom is how much the lines of a list may take: the rest is for its title and its
// buttons.
const listRoom = maxMessage - 4*roomForRest

// listTitles name the lists behind the numbers.
var listTitles = map[actions.LockoutList]string{
	actions.ListCustomers: "Who was locked out",
	actions.ListOut:       "Who isn't in yet",
	actions.ListBack:      "Who is in again, the slowest first",
	actions.ListRepeat:    "Who was locked out twice or more within 7 days",
	actions.ListAttacked:  "Who is under attack",
	actions.ListWrong:     "Diagnoses marked as wrong",
	actions.ListRight:     "Diagnoses marked as right",
	actions.ListAccounts:  "Accounts with unusually many lockouts",
	actions.ListNetworks:  "Networks with unusually many failures",
	actions.ListNames:     "Names that were tried and that nobody has, the most tried first",
	actions.ListIncidents: "Incidents, newest first",
	actions.ListUnopened:  "One-time secrets that nobody opened in time",
}

// listTitle names a list; of customers locked out for a cause, with the cause.
func listTitle(list actions.LockoutList) string {
	if cause, is := strings.CutPrefix(string(list), string(actions.ListCause)); is {
		return "Who was locked out: " + lower(bare(causeName(actions.Cause(cause))))
	}
	return orElse(listTitles[list], words(list))
}

// LockoutList shows a part of a list behind a number: each person with the button that
// diagnoses them, and the button that shows more.
func LockoutList(p actions.LockoutPage) Message {
	title := "*" + listTitle(p.List) + "*"
	if len(p.Lines) == 0 {
		text := title + ": " + listEnd(p.Offset, p.Total)
		return fit(text, section(text))
	}
	var lines []pageLine
	for _, l := range p.Lines {
		text := lockoutLine(p, l)
		lines = append(lines, pageLine{text, lineBlock(p, l, text)})
	}
	return page(title, lines, p.Offset, p.Total, func(next int) (action, value string) { return LockoutListAction, LockoutRef(p.Asked, p.List, next) })
}

// listEnd says that a list has no line from an offset on: it is over, or of so many that the
// others aren't on it.
func listEnd(offset, total int) string {
	if left := total - offset; left > 0 && offset > 0 {
		return count(left, "other isn't", "others aren't") + " listed: there are too many."
	}
	return "there is nothing more on it."
}

// pageLine is a line of a list, as it is heard and as it is shown.
type pageLine struct {
	text  string
	block slack.Block
}

// page shows as many lines of a list as there is room for, and where it goes on. next is the
// button that shows the list from there.
func page(title string, lines []pageLine, offset, total int, next func(offset int) (action, value string)) Message {
	heard, all := []string{title}, blocksOf(section(title))
	for _, l := range lines {
		cut(l.block)
		if len(all) > 1 && sizeOf(all)+sizeOf(l.block) > listRoom {
			break
		}
		heard, all = append(heard, l.text), append(all, l.block)
	}
	end := offset + len(all) - 1
	heard[0] = joined(title, partOf(offset, end, total))
	all[0] = section(heard[0])
	if more := total - end; more > 0 {
		action, value := next(end)
		text := "and " + count(more, "more", "more")
		heard, all = append(heard, text), append(all, note(text))
		all = append(all, rows(offer{may: true, label: "Show more", action: action, value: value})...)
	}
	return fit(strings.Join(heard, "\n"), all...)
}

// partOf says which lines of a list are shown: "1 to 15 of 240".
func partOf(offset, end, total int) string {
	if offset == 0 && end >= total {
		return strconv.Itoa(end) + " in all"
	}
	return strconv.Itoa(offset+1) + " to " + strconv.Itoa(end) + " of " + strconv.Itoa(max(total, end))
}

// lineBlock is a line with its button: a person is diagnosed, of an account its customers are
// shown.
func lineBlock(p actions.LockoutPage, l actions.LockoutLine, text string) slack.Block {
	switch {
	case l.Person != nil:
		return withDiagnose(section(text), *l.Person)
	case l.Account != nil:
		asked := actions.Lockouts{Days: p.Asked.Days, Account: l.Account.ID}
		n := number{text: text, label: "Show customers", about: plain(l.Account.Name, nameLength), action: LockoutListAction}
		if l.Account.ID != "" {
			n.value = LockoutRef(asked, actions.ListCustomers, 0)
		}
		return n.block()
	case l.Incident != nil:
		return incidentNumber(*l.Incident).block()
	}
	return section(text)
}

// lockoutLine is a line of a list in words.
func lockoutLine(p actions.LockoutPage, l actions.LockoutLine) string {
	switch {
	case l.Person != nil && l.Judged != nil:
		return inLines(personInLine(*l.Person), judgedLine(*l.Judged))
	case l.Person != nil:
		return inLines(personInLine(*l.Person), lockoutWords(p, l))
	case l.Judged != nil:
		return inLines("A customer who isn't on record any more", judgedLine(*l.Judged))
	case l.Account != nil:
		return unusualAccount(*l.Account)
	case l.Network != nil:
		return unusualNetwork(*l.Network)
	case l.Name != nil:
		return triedName(*l.Name)
	case l.Incident != nil:
		return incidentNumber(*l.Incident).text
	case l.Secret != nil:
		return rowOfSecret(l.Secret.Secret).text
	}
	return "Something that isn't on record any more"
}

// triedName is a name that nobody has, masked, and how it was tried.
func triedName(n actions.TriedName) string {
	from := ""
	if n.Network.IsValid() {
		from = "from " + value(n.Network.String())
	}
	if others := n.Networks - 1; others > 0 {
		from += " and " + count(others, "other network", "other networks")
	}
	return joined("*"+bare(orElse(clean(n.Name), "A name that can't be shown"))+"*", failures(n.Failures), "the last "+when(n.At), from)
}

// failures says how often somebody failed, as far as attempts are read.
func failures(n int) string {
	if n >= actions.AttemptLimit {
		return some(actions.AttemptLimit, "failure", "failures") + " or more"
	}
	return some(n, "failure", "failures")
}

// personInLine is who somebody is, masked.
func personInLine(p actions.Person) string {
	return joined("*"+bare(calling(p))+"*", known(p), words(p.Status))
}

// lockoutWords say since when somebody was locked out, for how long, why, and how they got
// in.
func lockoutWords(p actions.LockoutPage, l actions.LockoutLine) string {
	o := l.Lockout
	often := ""
	if l.Lockouts > 1 {
		often = count(l.Lockouts, "lockout", "lockouts") + ", the last one: "
	}
	from := ""
	if o.Network.IsValid() {
		from = "from " + value(o.Network.String())
	}
	why := ""
	if o.Cause != "" {
		why = lower(bare(causeName(o.Cause)))
	}
	return often + joined(why, when(o.Began), failures(o.Tries), from, backSince(o, p.Now))
}

// backSince says how long somebody was out, or is.
func backSince(o actions.Lockout, now time.Time) string {
	if o.BackAt.IsZero() {
		if o.Began.IsZero() || !now.After(o.Began) {
			return "*not in yet*"
		}
		return "*not in yet*, for " + lasting(now.Sub(o.Began))
	}
	return joined("in again after "+lasting(o.BackAt.Sub(o.Began)), backHow(o.How))
}

// backHow says what let somebody in.
func backHow(how actions.BackBy) string {
	switch how {
	case actions.BackUnlocked:
		return "support unlocked them"
	case actions.BackReset:
		return "support sent a reset, a login link or the user name"
	case actions.BackHelped:
		return "support helped"
	case actions.BackByReset:
		return "they reset the password themselves"
	case actions.BackReleased:
		return "your product released the lock"
	case actions.BackRanOut:
		return "the lock ran out"
	case actions.BackAlone:
		return "on their own"
	}
	return words(how)
}

// judgedLine says what was found, and who said how right that was.
func judgedLine(w actions.Watch) string {
	found := ""
	if w.Cause != "" {
		found = "found " + code(w.Cause) + ", " + graded(w.Grade)
	}
	by := "marked as " + words(w.Judgement)
	if w.Actor != "" {
		by += " by " + mention(w.Actor)
	}
	return joined(found, by, when(w.JudgedAt), ticket(w.Ticket))
}
