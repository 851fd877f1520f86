package actions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// IdentifierLimit is the longest identifier that is looked up, in bytes.
const IdentifierLimit = 1000

// Diagnose says why somebody can't log in, from the records of their own
// attempts (RULES S0.1): it never tries their login. The look-up is a row of
// the audit, written before the answer is given. With several who fit, only
// the matches are returned, for the agent to choose.
//
// Errors: Forbidden for who may not look, Invalid for an identifier that can't
// be one, NotFound for a user who was chosen and isn't on record any more,
// Conflict for a request that was answered before, Unavailable when the directory
// or the database doesn't answer.
func (a *Actions) Diagnose(ctx context.Context, call Call, query Query) (Diagnosis, error) {
	snapshot, ticket, err := a.look(ctx, call, ActDiagnose, query)
	if err != nil {
		return Diagnosis{}, err
	}
	return a.judged(ctx, call, snapshot, ticket), nil
}

// judged is the diagnosis of a look that was recorded with the ticket.
func (a *Actions) judged(ctx context.Context, call Call, snapshot Snapshot, ticket string) Diagnosis {
	snapshot.Incidents = a.incidentsFor(ctx, snapshot)
	d := Judge(snapshot, a.Rules, a.Directory.Abilities())
	d.Ticket, d.Unrecorded = ticket, !a.Store.Keyed()
	if d.User == nil {
		return d
	}
	d.Offers = slices.DeleteFunc(d.Offers, func(o Offer) bool { return mailsAlone(o.Act) && !a.carries(ChannelEmail) })
	if d.Unrecorded {
		return d
	}
	verified, err := a.verified(ctx, d.User.ID, call.Actor.ID, ticket)
	if err != nil { // the findings are worth more than this line
		a.Log.WarnContext(ctx, "whether the caller is proven could not be read", "error", err)
	}
	d.Facts.Verified = verified
	return d
}

// look reads the snapshot of whom the query names for an act, and records it
// under that act. Without a key nothing is recorded.
func (a *Actions) look(ctx context.Context, call Call, act Act, query Query) (snapshot Snapshot, ticket string, err error) {
	if snapshot, err = a.see(ctx, call, act, query); err != nil || !a.Store.Keyed() {
		return snapshot, "", err
	}
	ticket, err = a.recordLook(ctx, call, act, snapshot)
	return snapshot, ticket, err
}

// see reads the snapshot of whom the query names, if the actor may do the act.
// A user who was chosen by ID and isn't there any more is NotFound.
func (a *Actions) see(ctx context.Context, call Call, act Act, query Query) (Snapshot, error) {
	if !May(call.Actor.Roles, act) {
		return Snapshot{}, a.Refuse(ctx, call, act)
	}
	query, err := a.normalise(query)
	if err != nil {
		return Snapshot{}, err
	}
	snapshot, err := a.Directory.Snapshot(ctx, query)
	switch {
	case err != nil:
		return Snapshot{}, err
	case query.UserID != "" && len(snapshot.Users) == 0:
		return Snapshot{}, errGone()
	}
	snapshot.Identifier, snapshot.At = query.Identifier, query.At
	return snapshot, nil
}

// errGone is for a user who was there when the button was made.
func errGone() error {
	return Errorf(NotFound, "That person isn't on record any more. Please look them up again.")
}

// normalise trims and checks what was typed. Without a moment, it is now.
func (a *Actions) normalise(query Query) (Query, error) {
	if query.At.IsZero() {
		query.At = a.Now()
	}
	query.At = Instant(query.At)
	query.Identifier = strings.TrimSpace(query.Identifier)
	if query.UserID != "" {
		query.Identifier = query.UserID
	}
	switch {
	case query.Identifier == "":
		return query, Errorf(Invalid, "Please say whom to look up: an e-mail address, a user name, a mobile number, a Gateway ID or @domain.")
	case len(query.Identifier) > IdentifierLimit:
		return query, Errorf(Invalid, "That is too long to be an e-mail address, a user name or a number. Please send only that.")
	case strings.ContainsRune(query.Identifier, 0) || !utf8.ValidString(query.Identifier):
		return query, Errorf(Invalid, "That has a character in it that no name has. Please type it again.")
	}
	return query, nil
}

// recordLook writes the look-up down, under the user it found, or with what
// was asked when it found nobody or several. It returns the ticket that the
// record carries.
func (a *Actions) recordLook(ctx context.Context, call Call, act Act, snapshot Snapshot) (ticket string, err error) {
	entry := AuditEntry{At: Instant(a.Now()), Act: act, Outcome: ActDone}
	if len(snapshot.Users) == 1 {
		entry.Subject = snapshot.Users[0].ID
	} else {
		entry.Detail = askedFor + snapshot.Identifier
	}
	return a.recordLooked(ctx, call, act, entry)
}

// recordLooked writes a look down, with an entry for each customer who is seen,
// unless one is too many: then the actor is stopped, and sees nothing.
func (a *Actions) recordLooked(ctx context.Context, call Call, act Act, first AuditEntry, others ...AuditEntry) (ticket string, err error) {
	last := ""
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		last = first.Subject
		if ticket, err = a.RecordUnder(ctx, tx, call, first); err != nil || first.Subject == "" {
			return err
		}
		if err := a.notTooManyLooks(ctx, tx, call.Actor.ID); err != nil {
			return err
		}
		for _, entry := range others {
			entry.Actor, entry.Ticket, last = call.Actor.ID, ticket, entry.Subject
			if err := tx.Audit(ctx, entry); err != nil {
				return err
			}
			if err := a.notTooManyLooks(ctx, tx, call.Actor.ID); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case errors.Is(err, errTooMuch):
		return "", a.pullBrake(ctx, call, act, last, tooManyLooks)
	case errors.Is(err, errStopped):
		_ = a.Refuse(ctx, call, act) // is counted; the answer says why
	}
	return ticket, err
}

// Judge turns a snapshot into a diagnosis. It is a pure function: the same
// snapshot and rules give the same answer.
func Judge(snapshot Snapshot, rules Rules, abilities Abilities) Diagnosis {
	d := Diagnosis{
		Identifier: snapshot.Identifier, At: snapshot.At, Matches: []Person{}, Findings: []Finding{},
		Facts: Facts{Freshness: freshness(snapshot)},
	}
	mask := NewMasker(snapshot.Identifier)
	switch {
	case len(snapshot.Users) == 1:
		s := newSituation(snapshot, rules, abilities)
		person := mask.person(s.user)
		d.User, d.Findings = &person, s.judge()
		rules.Articles.give(d.Findings, brandOf(snapshot.Places))
		s.facts(&d.Facts)
		d.Offers = s.offers(d.Findings)
	case len(snapshot.Users) > 1:
		for _, user := range snapshot.Users {
			d.Matches = append(d.Matches, mask.person(user))
		}
		if len(snapshot.Users) == MatchLimit {
			d.Facts.Cut = "There may be more who fit; please ask by something more exact."
		}
	case len(snapshot.Accounts) > 0:
		accountFacts(&d.Facts, snapshot, mask)
	default:
		d.Findings, d.Facts.Incident = judgeNobody(&snapshot), incidentOfNobody(&snapshot)
		rules.Articles.give(d.Findings, "")
		for _, user := range snapshot.NearUsers {
			d.Facts.NearNames = append(d.Facts.NearNames, mask.person(user))
		}
	}
	return d
}

// account shows an account to an agent: addresses in its name or reason are
// somebody's.
func (m Masker) account(a Account) Account {
	a.Name, a.StatusReason = m.Addresses(a.Name), m.Addresses(a.StatusReason)
	return a
}

// person shows a user to an agent (RULES S1.2).
func (m Masker) person(u User) Person {
	return Person{
		ID: u.ID, Name: u.Name(), Username: m.Name(u.Username), Email: m.Name(u.Email), Mobile: m.Mobile(u.Mobile),
		Status: u.Status, Locale: u.Locale,
	}
}
