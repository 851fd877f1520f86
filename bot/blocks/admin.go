package blocks

import (
	"strings"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
)

// The action_ids of the buttons of temporary admins are the names of their acts. The
// values are the ID of a temporary admin, but of actions.ActTempAdmin the ID of a
// target, of actions.ActAskAdmin a user ID, and of both noneChosen for none.
const noneChosen = "-"

// adminLabels say each act of temporary admins in full, as titles and the cards of
// operations do. On its own card a button has fewer words.
var adminLabels = map[actions.Act]string{
	actions.ActTempAdmin:    "Create temporary admin",
	actions.ActAskAdmin:     "Ask a customer",
	actions.ActExtendAdmin:  "Extend temporary admin",
	actions.ActAdoptAdmin:   "Adopt temporary admin",
	actions.ActRevokeAdmin:  "Revoke temporary admin",
	actions.ActAdminRemoved: "Mark as deleted",
	actions.ActAdminSecret:  "Create one-time secret",
	actions.ActAdminLook:    "Show",
}

// What the button of actions.ActRevokeAdmin says, as the state has it.
const (
	revokeIt    = "Revoke"
	withdrawIt  = "Withdraw"
	deleteNow   = "Delete now"
	askToDelete = "Ask to delete it"
)

// Admin is the card of a temporary admin, in the direct message of who asked for it and
// of who gets in, and for who asks to see it. It follows what becomes of it, without its
// password. viewer is the Slack user ID of who reads it: only who gets in can hand out
// the password.
func Admin(r actions.AdminReport, viewer string) Message {
	name, standing, facts := adminName(r), adminStanding(r, viewer), adminFacts(r, viewer)
	all := blocksOf(section(name + "\n" + standing))
	all = append(all, sections(strings.Join(facts, "\n"))...)
	all = append(all, byHand(r)...)
	all = append(all, note(adminAsked(r)))
	all = append(all, adminButtons(r, viewer)...)
	return fit(inLines(append([]string{name + ". " + standing}, facts...)...), all...)
}

// adminName says what a card is about: the state, the login, and the site.
func adminName(r actions.AdminReport) string { return "*" + adminTitle(r) + ":* " + adminCalled(r) }

// adminCalled is a temporary admin in a text: its login and its site, or whose it is.
func adminCalled(r actions.AdminReport) string {
	text := "temporary admin"
	if clean(r.Admin.Login) != "" {
		text += " " + code(r.Admin.Login)
	}
	return text + " " + adminPlace(r)
}

// adminPlace says on whose site one is.
func adminPlace(r actions.AdminReport) string {
	switch t := r.Admin; {
	case t.Site != actions.SiteCustomer:
		return "on " + targetName(r.Target, t.Target)
	case clean(t.For) == "":
		return "on a customer's own site"
	default:
		return "on the own site of " + value(t.For)
	}
}

// targetName is a target as people call it, or its ID once it isn't there any more.
func targetName(target actions.Target, id string) string {
	if clean(target.Name) == "" {
		return "the site " + code(orElse(target.ID, id))
	}
	return "*" + bare(target.Name) + "*"
}

// adminFacts are where, who, how long and with what password, a line each.
func adminFacts(r actions.AdminReport, viewer string) []string {
	var lines []string
	for _, fact := range []struct{ name, text string }{
		{"Where", adminAddress(r)},
		{getsIn(r.Admin), adminReceiver(r.Admin)},
		{"How long", adminLives(r.Admin)},
		{"Ends", adminEnds(r)},
		{"To be extended", adminAskedLater(r)},
		{"Password", adminPassword(r, viewer)},
	} {
		if fact.text != "" {
			lines = append(lines, "*"+fact.name+":* "+fact.text)
		}
	}
	return lines
}

// adminAddress is where the site is, with the page that somebody needs there.
func adminAddress(r actions.AdminReport) string {
	t := r.Admin
	if t.Site == actions.SiteCustomer {
		return line(t.Where)
	}
	return joined(orElse(targetAddress(r.Target), line(t.Where)), wordPressLink(r))
}

// wordPressLink leads to the page of a site that somebody needs: to log in, or to see
// who is there.
func wordPressLink(r actions.AdminReport) string {
	base := strings.TrimSuffix(r.Target.URL, "/")
	switch {
	case r.Target.Kind != actions.TargetWordPress:
		return ""
	case r.Admin.State == actions.AdminInUse:
		return linkTo(base+"/wp-login.php", "Open the login page")
	case r.Admin.State == actions.AdminStray || troubled(r.Admin):
		return linkTo(base+"/wp-admin/users.php", "Open its users")
	}
	return ""
}

// targetAddress says where a target is.
func targetAddress(target actions.Target) string {
	if target.Kind == actions.TargetDirectory {
		return "account " + value(target.Account) + " of the directory"
	}
	return line(target.URL)
}

// getsIn is how the one is called who gets in, or did.
func getsIn(t actions.TempAdmin) string {
	if t.State == actions.AdminEnding || t.State == actions.AdminGone {
		return "Who got in"
	}
	return "Who gets in"
}

// adminReceiver names who gets in, or did; "" for nobody.
func adminReceiver(t actions.TempAdmin) string {
	if t.State == actions.AdminStray || t.State == actions.AdminRefused || t.End == actions.AdminFailed {
		return ""
	}
	return mention(t.Receiver)
}

// adminAsked says who asked for one, when, why and for which ticket, and who approved.
func adminAsked(r actions.AdminReport) string {
	t := r.Admin
	who, approver, why := "asked by "+mention(t.Actor), "", ""
	if t.Actor == "" {
		who = "found by Latchkey"
	}
	if t.Approver != "" {
		approver = "approved by " + mention(t.Approver)
	}
	if reason := line(t.Reason); reason != "" {
		why = "reason: " + reason
	}
	return joined(who, when(t.At), approver, why, ticket(t.Ticket))
}

// byHandShown is how many steps a card has room for.
const byHandShown = 10

// byHand are the numbered steps to delete one by hand, while Latchkey can't.
func byHand(r actions.AdminReport) []slack.Block {
	if !troubled(r.Admin) || len(r.ByHand) == 0 {
		return nil
	}
	return blocksOf(section(byHandSaid(r)))
}

// byHandSaid is byHand as a text.
func byHandSaid(r actions.AdminReport) string {
	lines := []string{"*To delete it by hand*"}
	for i, step := range first(r.ByHand, byHandShown) {
		lines = append(lines, numbered(i+1, quiet(step)))
	}
	lines = append(lines, "Then press *"+deleteNow+"*: the site is asked at once, and the card says whether it is gone.")
	return strings.Join(lines, "\n")
}

// adminButtons are what can be done in a state.
func adminButtons(r actions.AdminReport, viewer string) []slack.Block {
	t := r.Admin
	managed := t.Site != actions.SiteCustomer
	waits := managed && t.State == actions.AdminInUse && r.Handout == actions.HandoutWaits && viewer == t.Receiver
	prolongs := managed && t.State == actions.AdminInUse && r.Waits == nil
	return rows(
		offer{may: waits, label: labelOf(actions.ActAdminSecret), action: string(actions.ActAdminSecret), value: t.ID, style: slack.StylePrimary},
		offer{may: prolongs, label: "Extend", action: string(actions.ActExtendAdmin), value: t.ID},
		offer{may: t.State == actions.AdminStray && r.Waits == nil, label: "Adopt", action: string(actions.ActAdoptAdmin), value: t.ID},
		revokeOffer(t),
		offer{may: !managed && t.State == actions.AdminEnding, label: labelOf(actions.ActAdminRemoved), action: string(actions.ActAdminRemoved), value: t.ID},
	)
}

// revokeOffer is the button that ends one, in the words of its state.
func revokeOffer(t actions.TempAdmin) offer {
	const reason = " You will be asked for a reason."
	o := offer{may: true, action: string(actions.ActRevokeAdmin), value: t.ID, label: revokeLabel(t)}
	switch {
	case t.State == actions.AdminAsked && t.Site == actions.SiteCustomer:
		o.confirm = "The link in the customer's mail ends, and nothing can be sent by it any more." + reason
	case t.State == actions.AdminAsked:
		o.confirm = "Nothing is made then, and what was made already is deleted again." + reason
	case t.Site == actions.SiteCustomer:
		o.may = t.State == actions.AdminReceived || t.State == actions.AdminInUse
	case t.State == actions.AdminInUse:
		o.confirm = "It is deleted on the site at once, and whoever works with it is out." + reason
	case t.State == actions.AdminStray:
		o.confirm = "It is deleted on the site at once, whoever made it." + reason
	default:
		o.may = troubled(t)
	}
	return o
}

// revokeLabel says what ending one means in its state.
func revokeLabel(t actions.TempAdmin) string {
	switch {
	case t.State == actions.AdminAsked:
		return withdrawIt
	case t.Site == actions.SiteCustomer:
		return askToDelete
	case t.State == actions.AdminInUse:
		return revokeIt
	}
	return deleteNow
}

// troubled reports whether one is to go, and its target doesn't let it.
func troubled(t actions.TempAdmin) bool {
	return t.Site != actions.SiteCustomer && t.State == actions.AdminEnding && t.Trouble != ""
}
