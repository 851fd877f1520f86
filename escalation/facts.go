package escalation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// The bounds of what a case keeps of what was known when it was opened.
const (
	findingsKept = 3
	evidenceKept = 5 // lines of a finding
	entriesKept  = 10
	wordsKept    = 300 // characters of what another system said
)

// known is what can be known of a customer before L2 is asked.
type known struct {
	whom    Whom // the one user if there is one, else the address alone
	sharing int  // how many users have the address, when none of them was chosen
	address string
	locked  bool // unlocking would help first (RULES S4.6)
	// gateways are those of the user's accounts.
	gateways []Gateway
	facts    Facts
}

// look finds out what the directory knows of a customer: what decides whether a case
// can be opened. It is no part of a transaction. Errors: as of [Desk.Prepare].
func (d *Desk) look(ctx context.Context, kind Kind, whom Whom, now time.Time) (known, error) {
	k, err := d.whomOf(ctx, kind, whom)
	if err != nil {
		return known{}, err
	}
	if k.whom.UserID != "" {
		if err := d.lookAtUser(ctx, &k, kind, now); err != nil {
			return known{}, err
		}
	}
	return k, nil
}

// lookFurther adds what the lists say, which takes a while, and the case before.
// Errors: Unavailable.
func (d *Desk) lookFurther(ctx context.Context, k *known, kind Kind, now time.Time) error {
	if k.address != "" {
		k.facts.Lists = d.listsOf(ctx, k.address)
	}
	before, found, err := d.Store.ResolvedLately(ctx, k.start(kind).Key(), now.Add(-ReopenTime))
	if found {
		k.facts.Before = before.ID
	}
	return err
}

// whomOf resolves an address to the one user who has it on record. When nobody has,
// or several have, a case about mail can be about the address alone.
func (d *Desk) whomOf(ctx context.Context, kind Kind, whom Whom) (known, error) {
	if whom.UserID != "" {
		return known{whom: Whom{UserID: whom.UserID}}, nil
	}
	address := strings.TrimSpace(whom.Address)
	if address == "" {
		return known{}, aboutAddress(actions.Invalid, "Please say whom it is about: the customer's e-mail address.")
	}
	if err := actions.CheckAddress(address); err != nil {
		return known{}, aboutAddress(actions.Invalid, err.Error())
	}
	users, err := d.Actions.Directory.Users(ctx, nil, []string{address})
	if err != nil {
		return known{}, err
	}
	users = slices.DeleteFunc(users, func(u actions.User) bool { return actions.Fold(u.Email) != actions.Fold(address) })
	switch {
	case len(users) == 1:
		return known{whom: Whom{UserID: users[0].ID}}, nil
	case kind == "" || kind.Listed():
		return known{whom: Whom{Address: address}, address: address, sharing: len(users)}, nil
	case len(users) == 0:
		return known{}, aboutAddress(actions.NotFound, "Nobody on record has that address, so there is no account to look into. Please check it with the customer.")
	}
	return known{}, aboutAddress(actions.Invalid, "Several customers have that address. Please look up the one it is about with /diagnose, and escalate from there.")
}

// aboutAddress is an error about the customer, or their address.
func aboutAddress(code actions.Code, sentence string) error {
	return &actions.Error{Code: code, Sentence: sentence, Cause: errAddress}
}

// lookAtUser reads a user's state as it is now, and diagnoses it. Everything is
// masked but the address that L2 must search for, of the kinds that are about one.
func (d *Desk) lookAtUser(ctx context.Context, k *known, kind Kind, now time.Time) error {
	snapshot, err := d.Actions.Directory.Snapshot(ctx, actions.Query{Identifier: k.whom.UserID, UserID: k.whom.UserID, At: now})
	switch {
	case err != nil:
		return err
	case len(snapshot.Users) != 1:
		return aboutAddress(actions.NotFound, "That person isn't on record any more. Please look them up again.")
	}
	snapshot.Identifier, snapshot.At = "", now
	user := snapshot.Users[0]
	switch {
	case kind != "" && !kind.Listed(): // about the user, whatever their address is
	case user.Email != "":
		k.address = user.Email
	case kind != "":
		return aboutAddress(actions.Invalid, "There is no e-mail address on their profile, so no mail can reach them. Please agree on one with them, and add it with /profile.")
	}
	diagnosis := actions.Judge(snapshot, d.Actions.Rules, d.Actions.Directory.Abilities())
	k.locked = slices.ContainsFunc(diagnosis.Offers, func(o actions.Offer) bool { return o.Act.Recorded() == actions.ActUnlock })
	k.gateways = gatewaysOf(snapshot.Places)
	k.facts.Person, k.facts.Findings = diagnosis.User, keptFindings(diagnosis.Findings)
	if k.address != "" {
		k.facts.LastMail = lastMail(snapshot, actions.NewMasker("").Of(user))
	}
	return nil
}

// start is a case about a customer, as far as it names what it is about.
func (k known) start(kind Kind) Case {
	return Case{Kind: kind, UserID: k.whom.UserID, Address: k.address}
}

// keptFindings are the first findings, each with its first evidence.
func keptFindings(findings []actions.Finding) []actions.Finding {
	kept := slices.Clone(findings[:min(len(findings), findingsKept)])
	for i := range kept {
		kept[i].Evidence = slices.Clone(kept[i].Evidence[:min(len(kept[i].Evidence), evidenceKept)])
		for j := range kept[i].Evidence {
			kept[i].Evidence[j].Text = shortened(kept[i].Evidence[j].Text)
		}
	}
	return kept
}

// lastMail is the newest mail to the user's address, nil when none is on record.
func lastMail(snapshot actions.Snapshot, mask actions.Masker) *Mail {
	if len(snapshot.Mails) == 0 {
		return nil
	}
	newest := snapshot.Mails[0]
	return &Mail{Kind: newest.Kind, Status: newest.Status, At: newest.At, Detail: shortened(mask.Text(newest.Detail))}
}

// listsOf asks every system about an address. What is kept of it doesn't name the
// address, and masks others.
func (d *Desk) listsOf(ctx context.Context, address string) []actions.Listing {
	listings := d.Actions.ListedBy(ctx, address)
	mask := actions.NewMasker("")
	for i := range listings {
		entries := slices.Clone(listings[i].Entries[:min(len(listings[i].Entries), entriesKept)])
		for j := range entries {
			entries[j].Address, entries[j].Reason = "", shortened(mask.Text(entries[j].Reason))
		}
		listings[i].Entries = entries
	}
	return listings
}

// shortened is the beginning of what another system said.
func shortened(text string) string {
	if runes := []rune(text); len(runes) > wordsKept {
		return string(runes[:wordsKept]) + "…"
	}
	return text
}

// Unknowable says what nobody can look up about mail that doesn't arrive (RULES
// S4.9).
const Unknowable = "What other mail providers hold on lists of their own can't be looked up, and some accept mail and drop it silently: " +
	"mail may be held back even when no list here says so."

// sentences say to an agent what is on record about mail to the customer.
func (k known) sentences() []string {
	var said []string
	switch {
	case k.address == "":
		return nil
	case k.sharing > 0:
		said = append(said, fmt.Sprintf("%d customers have this address on record, and none of them was chosen: look one up, and more can be said.", k.sharing))
	case k.whom.UserID == "":
		said = append(said, "Nobody on record has this address, so no mail to it is on record, and the Gateway ID has to be typed.")
	}
	for _, listing := range k.facts.Lists {
		said = append(said, listingSentences(listing)...)
	}
	if k.whom.UserID != "" {
		said = append(said, k.facts.LastMail.sentence())
	}
	return said
}

// atFirst is a name of ours as a sentence begins with it.
func atFirst(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// listingSentences say what one system said about an address.
func listingSentences(l actions.Listing) []string {
	switch {
	case l.Silent:
		return []string{atFirst(l.Source) + " didn't answer, so what it holds back isn't known."}
	case len(l.Entries) == 0:
		return []string{atFirst(l.Source) + " has the address on no list."}
	}
	var said []string
	for _, entry := range l.Entries {
		text := fmt.Sprintf("%s has the address on its %s list", atFirst(l.Source), entry.List)
		if !entry.Since.IsZero() {
			text += " since " + entry.Since.UTC().Format("2 January 2006")
		}
		if !entry.List.HoldsBack() {
			text += "; mail that is needed goes out all the same"
		}
		said = append(said, text+".")
	}
	return said
}

// sentence says how the last mail to an address fared.
func (m *Mail) sentence() string {
	if m == nil {
		return "No mail to the address is on record."
	}
	return fmt.Sprintf("The last mail, %s of %s UTC, %s.", m.Kind.Words(), m.At.UTC().Format("2 January 2006 15:04"), fared(m.Status))
}

// fared says how far a mail came.
func fared(status actions.DeliveryStatus) string {
	switch status {
	case actions.Queued, actions.Deferred:
		return "is still waiting to go out"
	case actions.Sent:
		return "went out, and whether it arrived isn't known yet"
	case actions.Delivered:
		return "was delivered"
	case actions.Opened:
		return "was opened"
	case actions.Bounced:
		return "bounced: the mailbox refused it"
	case actions.Complained:
		return "was reported as spam"
	case actions.Suppressed:
		return "was held back, because the address is on a list"
	case actions.Failed:
		return "could not be sent"
	}
	return "ended as " + string(status)
}
