package blocks

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// account answers for a Gateway ID or a domain: the account, its state, and
// who of it failed in the last day and why.
func account(d actions.Diagnosis) Message {
	title := fmt.Sprintf("%d accounts", len(d.Facts.Accounts))
	if len(d.Facts.Accounts) == 1 {
		fact := d.Facts.Accounts[0]
		title = clip(clean(accountName(fact)), nameLength) + ": " + strings.ReplaceAll(string(fact.Status), "_", " ")
	}
	all := []slack.Block{header(title), note(joined(asked(d.Identifier), fresh(d.Facts.Freshness)))}
	all = append(all, warnings(d)...)
	buttons := buttonsShown
	for _, fact := range d.Facts.Accounts {
		all = append(all, section(accountHead(fact)))
		all = append(all, failed(failedOf(d.Facts.Failed, fact.ID), &buttons)...)
	}
	return fit(line(title)+". "+failedInAll(d.Facts.Failed), all...)
}

func accountHead(fact actions.AccountFact) string {
	text := accountLine(fact)
	if fact.Members > 0 {
		text += "\n" + count(fact.Members, "member", "members")
	}
	if fact.Owner != "" {
		text += "\nOwner: " + value(fact.Owner)
	}
	if !fact.ClosedAt.IsZero() {
		text += "\nClosed " + when(fact.ClosedAt)
	}
	return text
}

func failedOf(all []actions.AccountFail, id string) actions.AccountFail {
	for _, fail := range all {
		if fail.AccountID == id {
			return fail
		}
	}
	return actions.AccountFail{}
}

func failedInAll(all []actions.AccountFail) string {
	n := 0
	for _, fail := range all {
		n += len(fail.Users)
	}
	if n == 0 {
		return "Nobody failed to log in during the last day."
	}
	return count(n, "user", "users") + " failed to log in during the last day."
}

// failed shows who failed, who failed last first: the first ones of a message
// with a button, the others as a list.
func failed(fail actions.AccountFail, buttons *int) []slack.Block {
	if len(fail.Users) == 0 {
		return []slack.Block{note("Nobody of this account failed to log in during the last day.")}
	}
	var all []slack.Block
	rest := fail.Users
	for ; len(rest) > 0 && *buttons > 0; rest = rest[1:] {
		all = append(all, withDiagnose(section(failLine(rest[0])), rest[0].Person))
		*buttons--
	}
	if len(rest) > 0 {
		all = append(all, section(list("More who failed", rest, usersShown-buttonsShown, failLine)))
	}
	if fail.Cut {
		all = append(all, note("There are still more; ask for one of them by name."))
	}
	return all
}

func failLine(user actions.UserFail) string {
	state := "not in since"
	if !user.InSince.IsZero() {
		state = "in since " + when(user.InSince)
	}
	return joined("*"+bare(nameOf(user.Person))+"*", value(user.Person.Username), line(user.Outcome.Words()),
		when(user.At), count(user.Failures, "failure", "failures"), state)
}
