package actions

import (
	"context"
	"slices"
	"strings"
)

// showAdmin has those who see the card of a temporary admin see its newest state: who
// asked for it, and who gets in; and the leads, those who were told of it.
func (a *Actions) showAdmin(ctx context.Context, tx Tx, t TempAdmin, leads ...string) error {
	for _, id := range t.people() {
		if err := a.Enqueue(ctx, tx, OutgoingAdmin, id, t.ID); err != nil {
			return err
		}
	}
	if !t.Told.leads() {
		return nil
	}
	return a.showLeads(ctx, tx, t, leads...)
}

// showLeads has the leads see the card of a temporary admin.
func (a *Actions) showLeads(ctx context.Context, tx Tx, t TempAdmin, leads ...string) error {
	for _, id := range leads {
		if err := a.Enqueue(ctx, tx, OutgoingAdminLeads, id, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// tellAdmin says something below the cards of a temporary admin, to some people.
func (a *Actions) tellAdmin(ctx context.Context, tx Tx, t TempAdmin, news AdminNews, people ...string) error {
	for _, id := range people {
		if err := a.Enqueue(ctx, tx, OutgoingAdminNews, id, t.ID+"/"+string(news)); err != nil {
			return err
		}
	}
	return nil
}

// people are the Slack users who see its card, each once: who asked for it, and who
// gets in.
func (t TempAdmin) people() []string {
	people := []string{t.Actor}
	if t.Receiver != t.Actor {
		people = append(people, t.Receiver)
	}
	return slices.DeleteFunc(people, func(id string) bool { return !hasCards(id) })
}

// atOnce is how soon something is done that whoever asked for it reads in the answer: it
// waits no longer.
const atOnce = revokeWait

// awaitGone are those of them who don't know that it is gone: who ended it reads that in
// the answer, unless it took long.
func (t TempAdmin) awaitGone() []string {
	return slices.DeleteFunc(t.people(), func(id string) bool { return id == t.EndedBy && t.EndedAt.Sub(t.EndingAt) < atOnce })
}

// owner is who answers for it, as who is told; nobody for a stray.
func (t TempAdmin) owner() []string {
	if !hasCards(t.Actor) {
		return nil
	}
	return []string{t.Actor}
}

// toLeads is where the leads are told of what isn't one person's: their channel, or
// each of them. Slack is asked, so that this is nothing for a transaction. Errors:
// Unavailable.
func (a *Actions) toLeads(ctx context.Context) ([]string, error) {
	if a.LeadsChannel != "" {
		return []string{a.LeadsChannel}, nil
	}
	return a.leadsBut(ctx, "")
}

// loginShown is how many characters of a login are shown: more has none that is real.
const loginShown = 60

// shownLogin is a login for people, cut when it is longer than logins are.
func shownLogin(login string) string {
	if characters := []rune(login); len(characters) > loginShown {
		return string(characters[:loginShown]) + "…"
	}
	return login
}

func (t TempAdmin) shownLogin() string { return shownLogin(t.Login) }

// byHand are the exact steps to delete a temporary admin by hand, in order, for who
// reads them in Slack (RULES S3.5).
func byHand(t TempAdmin, target Target) []string {
	switch {
	case t.Site != SiteManaged:
		return nil
	case target.Kind == TargetDirectory:
		return []string{
			"Open the user administration of your product, as an admin of the account " + target.Account + ".",
			"Search for the user " + t.shownLogin() + ".",
			"Delete the user, and confirm it.",
			"Search once more, and see that " + t.shownLogin() + " isn't there any more.",
		}
	}
	reassign := target.Reassign
	if reassign == "" {
		reassign = target.User
	}
	return []string{
		"Open " + strings.TrimRight(target.URL, "/") + "/wp-admin/users.php",
		"Sign in as " + target.User + ", or as another administrator of the site.",
		"Search for the user " + t.shownLogin() + ".",
		"Move the mouse over the user's row, and choose Delete.",
		"Choose \"Attribute all content to\", and there " + reassign + ".",
		"Choose Confirm Deletion.",
		"Search once more, and see that " + t.shownLogin() + " isn't there any more.",
	}
}
