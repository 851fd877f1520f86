package blocks

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// How many lines of a kind are shown; each list says how many it left out.
const (
	evidenceShown   = 8
	findingsShown   = 6
	accountsShown   = 8
	attemptsShown   = 5
	locksShown      = 3
	deliveriesShown = 5
	supportShown    = 4
	buttonsShown    = 10
	usersShown      = 20
)

// Reader is for whom a diagnosis is shown, and where.
type Reader struct {
	// ID is the Slack user ID of the agent, to tell colleagues from.
	ID string
	// L2 addresses L2 in the blocklist question: "@support-melbourne" or the
	// mention of a user group.
	L2 string
	// May says which acts the reader may do; nil: none. What they may not do has
	// no button.
	May func(actions.Act) bool
	// Share says that the channel is one where a diagnosis may be shared.
	Share bool
	// WrongChannel says that nothing may be changed here, so that going on in the
	// bot's direct message is offered.
	WrongChannel bool
}

func (r Reader) may(act actions.Act) bool { return r.May != nil && r.May(act) }

// Diagnosis answers /diagnose: why somebody can't log in and what to do, the
// people to choose from when several fit, or an account.
//
// It is read on the phone, from the top: what it is and how sure; what to
// beware of; why; what to do; the buttons; what to say, ready to copy. What
// follows is to look up. Nothing is said twice.
func Diagnosis(d actions.Diagnosis, reader Reader) Message {
	switch {
	case len(d.Matches) > 0:
		return matches(d)
	case len(d.Findings) == 0 && len(d.Facts.Accounts) > 0:
		return account(d)
	case len(d.Findings) == 0:
		return Sentence("Nothing is on record that would say why. Please ask by another name.")
	}
	decisive := d.Findings[0]
	all := append(banners(d), verdict(decisive)...)
	all = append(all, note(standing(d, decisive)))
	all = append(all, warnings(d)...)
	all = append(all, why(decisive, d.At)...)
	all = append(all, whatToDo(decisive)...)
	all = append(all, proven(d.Facts.Verified)...)
	all = append(all, firstOffers(d, reader)...)
	all = append(all, whatToPress(d.User, reader)...)
	all = append(all, whatToAsk(d, reader)...)
	all = append(all, whatToSay(decisive, d.User)...)
	all = append(all, alsoFound(d.Findings[1:])...)
	if d.User != nil {
		all = append(all, slack.NewDividerBlock())
		all = append(all, person(d.Facts, reader)...)
	}
	all = append(all, nearNames(d.Facts.NearNames)...)
	all = append(all, lastly(d)...)
	return fit(spoken(d, decisive), all...)
}

// verdict is one line; a long one stands as bold text, where more fits.
func verdict(decisive actions.Finding) []slack.Block {
	if summary := clean(decisive.Summary); len([]rune(summary)) > maxHeader {
		return []slack.Block{section("*" + strings.ReplaceAll(line(summary), "*", "") + "*")}
	}
	return []slack.Block{header(decisive.Summary)}
}

// spoken is the answer for who hears it: whom, why, and the first thing to do.
func spoken(d actions.Diagnosis, decisive actions.Finding) string {
	text := line(decisive.Summary)
	if d.User != nil {
		text = naming(*d.User) + ": " + text
	}
	if len(decisive.Remedies) > 0 {
		if remedy, ok := actions.RemedyFor(decisive.Remedies[0]); ok {
			text += " " + remedy.Step
		}
	}
	return sentences(banner(d.Facts.Incident), text)
}

// standing says who was found and how sure the verdict is.
func standing(d actions.Diagnosis, decisive actions.Finding) string {
	who := asked(d.Identifier)
	if d.User != nil {
		who = joined("*"+bare(calling(*d.User))+"*", known(*d.User), words(d.User.Status))
	}
	return joined(who, code(decisive.Cause), graded(decisive.Grade))
}

// asked says what was typed, as it was typed: a star in it is no markup.
func asked(identifier string) string {
	if shown := code(identifier); shown != "``" {
		return "Asked for " + shown
	}
	return "Asked for something that can't be shown"
}

// calling is what to call a person, before it is escaped: their name, or what
// identifies them.
func calling(p actions.Person) string {
	for _, name := range []string{p.Name, p.Username, p.Email, p.Mobile} {
		if clean(name) != "" {
			return name
		}
	}
	return "User " + p.ID
}

// naming is what to call a person.
func naming(p actions.Person) string { return value(calling(p)) }

// known is the user name, unless the person is called by it already.
func known(p actions.Person) string {
	if p.Username == calling(p) {
		return ""
	}
	return value(p.Username)
}

// identified says by what a person is known, without repeating itself.
func identified(p actions.Person) string {
	parts := []string{value(p.Username)}
	if p.Email != p.Username {
		parts = append(parts, value(p.Email))
	}
	return joined(append(parts, value(p.Mobile))...)
}

func graded(grade actions.Grade) string {
	switch grade {
	case actions.Proven:
		return "proven by a record"
	case actions.Indicated:
		return "indicated by the history"
	case actions.Unknown:
	}
	return "nothing to go on"
}

// warnings stand before everything else that an agent acts on.
func warnings(d actions.Diagnosis) []slack.Block {
	var lines []string
	if d.Facts.Freshness.Stale {
		lines = append(lines, "*Old records:* "+line(d.Facts.Freshness.Text))
	}
	if alike := d.Facts.Alike; alike != nil && d.Facts.Incident == nil {
		lines = append(lines, fmt.Sprintf("*Not only them:* %s like this in the last hour (%s; usually %.0f).",
			count(alike.Customers, "other fails", "others fail"), line(alike.Outcome.Words()), alike.Usual))
	}
	if d.Facts.Protected {
		lines = append(lines, "*Protected:* nothing is done to this user without a second person.")
	}
	if contact := d.Facts.Contact; contact != nil && contact.ChangedLately {
		lines = append(lines, "*Contact changed lately* ("+when(contact.ChangedAt)+"): be careful whom you tell what.")
	}
	if d.Unrecorded {
		lines = append(lines, "*Not recorded:* there is no key yet, so this look-up isn't in the audit.")
	}
	if len(lines) == 0 {
		return nil
	}
	return []slack.Block{section(strings.Join(lines, "\n"))}
}

// why lists what the verdict rests on; at is the moment of the diagnosis.
func why(decisive actions.Finding, at time.Time) []slack.Block {
	if len(decisive.Evidence) == 0 {
		return nil
	}
	return []slack.Block{section(list("Why", decisive.Evidence, evidenceShown, func(e actions.Evidence) string {
		return joined(when(happened(e, at)), line(e.Text)+" _("+words(e.Source)+")_")
	}))}
}

// happened is when something came about. A state has the time of the diagnosis,
// which says only that it was so then: for it there is no time.
func happened(e actions.Evidence, at time.Time) time.Time {
	if e.At.Equal(at) {
		return time.Time{}
	}
	return e.At
}

// whatToDo lists the steps, and who takes each.
func whatToDo(decisive actions.Finding) []slack.Block {
	lines := []string{"*What to do*"}
	for i, remedy := range steps(decisive) {
		lines = append(lines, fmt.Sprintf("%d. %s _(%s)_", i+1, remedy.Step, remedy.Who))
	}
	if len(lines) == 1 {
		return nil
	}
	return []slack.Block{section(strings.Join(lines, "\n"))}
}

// steps are the remedies of a finding that we know.
func steps(f actions.Finding) []actions.Remedy {
	var known []actions.Remedy
	for _, id := range f.Remedies {
		if remedy, ok := actions.RemedyFor(id); ok {
			known = append(known, remedy)
		}
	}
	return known
}

// whatToAsk is the blocklist question of RULES S4.9 when mail is held back. It
// names an address in full, so it is there only for an agent who asked by it.
func whatToAsk(d actions.Diagnosis, reader Reader) []slack.Block {
	held := false
	for _, finding := range d.Findings {
		held = held || finding.Cause == actions.CauseEmailSuppressed || finding.Cause == actions.CauseEmailBounced
	}
	if !held || d.User == nil || d.User.Email == "" || actions.Fold(d.User.Email) != actions.Fold(d.Identifier) {
		return nil
	}
	for _, account := range d.Facts.Accounts {
		for _, gateway := range account.GatewayIDs {
			question := escalation.BlocklistQuestion(reader.L2, value(gateway), line(d.User.Email))
			return []slack.Block{section("*For L2, ready to paste*\n>" + question)}
		}
	}
	return nil
}

// proven says that the caller is verified: modals don't ask again.
func proven(v *actions.Verified) []slack.Block {
	if v == nil {
		return nil
	}
	return []slack.Block{section(verifiedLine(*v))}
}

// whatToPress are the buttons for what this reader may do. They stand high:
// an agent acts from there.
func whatToPress(user *actions.Person, reader Reader) []slack.Block {
	if user == nil {
		return nil
	}
	return rows(
		offer{may: reader.may(actions.ActWatch), label: "Tell me when they're in", action: WatchAction, value: user.ID},
		offer{may: reader.may(actions.ActHistory), label: "Show history", action: HistoryAction, value: user.ID},
		offer{may: reader.may(actions.ActTicketNote), label: "Copy ticket note", action: TicketNoteAction, value: user.ID},
		offer{may: reader.may(actions.ActShare) && reader.Share, label: "Share in channel", action: ShareAction, value: user.ID},
		offer{may: reader.may(actions.ActDiagnose) && reader.WrongChannel, label: "Continue in DM", action: ContinueAction, value: DiagnoseAction + " " + user.ID},
	)
}

func alsoFound(others []actions.Finding) []slack.Block {
	if len(others) == 0 {
		return nil
	}
	return []slack.Block{section(list("Also found", others, findingsShown, func(f actions.Finding) string {
		return line(f.Summary) + " _(" + words(f.Grade) + ")_"
	}))}
}

// fresh says how new the records are, unless a warning does.
func fresh(f actions.Freshness) string {
	if f.Stale {
		return ""
	}
	return line(f.Text)
}

// ticket names a ticket, if there is one.
func ticket(id string) string {
	if id == "" {
		return ""
	}
	return "ticket " + value(id)
}

// lastly says how fresh the records are, and under what all of this is on
// record.
func lastly(d actions.Diagnosis) []slack.Block {
	user := ""
	if d.User != nil {
		user = "user ID " + value(d.User.ID)
	}
	if text := joined(fresh(d.Facts.Freshness), line(d.Facts.Cut), ticket(d.Ticket), user); text != "" {
		return []slack.Block{note(text)}
	}
	return nil
}
