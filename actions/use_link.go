package actions

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// linkOwner is whom the audit names when a customer answers by link.
const linkOwner = "owner"

// LinkPage says what a link is for, for its page to show before anybody clicks;
// "" for an ID that nobody has, and when the database doesn't answer. Whether the
// link is good isn't said without its token, and looking changes nothing: mail
// scanners open links, too.
func (a *Actions) LinkPage(ctx context.Context, id string) LinkPurpose {
	if !isRandomText(id, linkIDBytes) {
		return ""
	}
	link, found, err := a.Store.LinkByID(ctx, id)
	if err != nil {
		a.Log.WarnContext(ctx, "the page of a link could not be made ready", "error", err)
	}
	if err != nil || !found {
		return ""
	}
	return link.Purpose
}

// UseLink spends a link, when the token is right and the link is good. With a
// wrong token, or an ID that nobody has, the state is incomplete and nothing
// changes, so who has only the ID can neither use nor cancel a link.
//
// A login or reset link spends every other one of the user with it, and hands
// out a code for the product, unless the user may not log in now: that is said,
// and the link stays good for when support has helped. A login link doesn't
// replace a second factor; the product asks for it. A confirm link carries the
// answer to the operation that waits for it. A link that says that a temporary admin
// was deleted ends its record; another of it, used later, changes nothing more.
//
// Errors: Invalid for an answer that the link doesn't know, Unavailable when the
// directory or the database doesn't answer; nothing was spent then.
func (a *Actions) UseLink(ctx context.Context, id, token string, answer LinkAnswer) (LinkOutcome, error) {
	if !isRandomText(id, linkIDBytes) || !isRandomText(token, linkTokenBytes) {
		return LinkOutcome{State: LinkIncomplete}, nil
	}
	link, _, err := a.Store.LinkByID(ctx, id)
	if err != nil {
		return LinkOutcome{}, err
	}
	// An ID that nobody has is compared, too: it takes as long as a wrong token.
	if !a.Keys.proves(link.Proof, proofLink, id, token) {
		return LinkOutcome{State: LinkIncomplete}, nil
	}
	if answer != LinkGoOn && (answer != LinkDeny || link.Purpose != LinkConfirm) {
		return LinkOutcome{}, Errorf(Invalid, "That isn't an answer to this link.")
	}
	outcome := LinkOutcome{Purpose: link.Purpose, State: link.state(Instant(a.Now()))}
	switch link.Purpose {
	case LinkConfirm:
		return a.answerLink(ctx, link, answer, outcome)
	case LinkRemoved:
		return a.removedByLink(ctx, link, outcome)
	case LinkLogin, LinkReset:
	}
	return a.followLink(ctx, link, outcome)
}

// state says whether a link is good at a moment.
func (l OneTimeLink) state(at time.Time) LinkState {
	switch {
	case !l.SpentAt.IsZero():
		return LinkSpent
	case !l.ExpiresAt.After(at):
		return LinkExpired
	}
	return LinkLive
}

// followLink uses a login or reset link.
func (a *Actions) followLink(ctx context.Context, link OneTimeLink, outcome LinkOutcome) (LinkOutcome, error) {
	now := Instant(a.Now())
	snapshot, err := a.Directory.Snapshot(ctx, Query{UserID: link.UserID, Identifier: link.UserID, At: now})
	if err != nil {
		return LinkOutcome{}, err
	}
	if len(snapshot.Users) != 1 {
		outcome.State = LinkExpired // its user was deleted
		return outcome, nil
	}
	snapshot.Identifier, snapshot.At = link.UserID, now
	s := newSituation(snapshot, a.Rules, a.Directory.Abilities())
	outcome.Locale = s.user.Locale
	if outcome.State != LinkLive {
		return outcome, nil
	}
	if why := s.refusesLink(link); why != "" {
		outcome.State, outcome.Sentence = LinkRefused, why.in(s.user.Locale)
		return outcome, nil
	}
	return a.spendLink(ctx, link, outcome)
}

// refusesLink says why the user may not follow a link now, "" when they may: it
// opens nothing that the login page wouldn't.
func (s *situation) refusesLink(link OneTimeLink) linkRefusal {
	expired := s.user.Status == UserExpired || !s.user.ExpiresAt.IsZero()
	switch {
	case s.user.Status == UserDisabled, expired, s.shutOut(), s.user.Status == UserInvited && link.Purpose == LinkLogin:
		return linkSwitchedOff
	case len(s.open) > 0, lockedAttempts(s) != nil, lockedInactivity(s) != nil:
		return linkLocked
	case s.user.ContactChangedAt.After(link.At):
		return linkContactChanged
	}
	return ""
}

// spendLink spends a login or reset link and makes the code for the product, in
// one transaction: of two who click at once, one gets it.
func (a *Actions) spendLink(ctx context.Context, link OneTimeLink, outcome LinkOutcome) (LinkOutcome, error) {
	code := randomText(linkCodeBytes)
	hash, err := a.Keys.prove(a.Keys.Current(), proofLinkCode, code)
	if err != nil {
		return LinkOutcome{}, err
	}
	spent := false
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		now := Instant(a.Now())
		if spent, err = tx.SpendLink(ctx, link.ID, now); err != nil || !spent {
			return err
		}
		if err := tx.SpendLinks(ctx, link.UserID, []LinkPurpose{LinkLogin, LinkReset}, now); err != nil {
			return err
		}
		if link.Purpose == LinkReset {
			used := link.reset(link.At)
			used.UsedAt = now
			if err := tx.PutResetLink(ctx, used); err != nil {
				return err
			}
		}
		return tx.StartLinkCode(ctx, LinkCode{Hash: hash, UserID: link.UserID, Purpose: link.Purpose, ExpiresAt: now.Add(linkCodeTime)})
	})
	switch {
	case err != nil:
		return LinkOutcome{}, err
	case !spent:
		outcome.State = LinkSpent
	default:
		outcome.Code = code
	}
	return outcome, nil
}

// answerLink carries the owner's answer to the operation that waits for it. The
// link is spent by the transaction that takes the answer: of several who answer
// at once, also by several links, one is heard.
func (a *Actions) answerLink(ctx context.Context, link OneTimeLink, answer LinkAnswer, outcome LinkOutcome) (LinkOutcome, error) {
	op, err := a.Store.OperationByID(ctx, link.Operation)
	if err != nil {
		return LinkOutcome{}, err
	}
	user, err := a.user(ctx, link.UserID)
	if err != nil && CodeOf(err) != NotFound {
		return LinkOutcome{}, err
	}
	outcome.Locale = user.Locale
	switch {
	case outcome.State == LinkLive && op.State == OperationRefused:
		return a.nobodyWaits(ctx, link, outcome)
	case outcome.State == LinkLive && op.State != OperationOwner:
		outcome.State = LinkSpent // another link of it was used
	case outcome.State == LinkLive && !op.Until.After(Instant(a.Now())):
		outcome.State = LinkExpired // it was mailed late
	}
	if outcome.State != LinkLive {
		return outcome, nil
	}
	spent := false
	err = a.confirmed(ctx, op, answer, func(tx Tx) error {
		spent = false
		taken, err := a.takeAnswer(ctx, tx, link, op, answer)
		if err != nil || !taken {
			return cmp.Or[error](err, errLinkSpent)
		}
		spent = true
		return nil
	})
	switch {
	case errors.Is(err, errLinkSpent) || err == nil && !spent:
		outcome.State = LinkSpent
		return outcome, nil
	case err != nil:
		return LinkOutcome{}, err
	}
	return a.answered(ctx, op.ID, answer, outcome)
}

// nobodyWaits is what an owner reads whose answer nobody waits for any more. The
// link is read once more: it may have been the very answer that ended it.
func (a *Actions) nobodyWaits(ctx context.Context, link OneTimeLink, outcome LinkOutcome) (LinkOutcome, error) {
	newest, _, err := a.Store.LinkByID(ctx, link.ID)
	if err != nil {
		return LinkOutcome{}, err
	}
	outcome.State = newest.state(Instant(a.Now()))
	if outcome.State == LinkLive {
		outcome.State, outcome.Sentence = LinkRefused, linkWithdrawn.in(outcome.Locale)
	}
	return outcome, nil
}

// errLinkSpent is for who was a moment too late.
var errLinkSpent = errors.New("the link is spent")

// answered says what came of the answer: an owner who said yes reads it when
// something has come between.
func (a *Actions) answered(ctx context.Context, operation string, answer LinkAnswer, outcome LinkOutcome) (LinkOutcome, error) {
	op, err := a.Store.OperationByID(ctx, operation)
	if err != nil {
		return LinkOutcome{}, err
	}
	if answer == LinkGoOn && op.State == OperationRefused {
		outcome.State, outcome.Sentence = LinkRefused, linkOvertaken.in(outcome.Locale)
	}
	return outcome, nil
}

// takeAnswer spends a confirm link and writes the answer down; taken is false
// when somebody was faster. An owner who says yes has proven themselves (RULES
// S4.12).
func (a *Actions) takeAnswer(ctx context.Context, tx Tx, link OneTimeLink, op Operation, answer LinkAnswer) (taken bool, err error) {
	now := Instant(a.Now())
	if taken, err = tx.SpendLink(ctx, link.ID, now); err != nil || !taken {
		return false, err
	}
	entry := AuditEntry{
		At: now, Act: ActConfirmContact, Actor: linkOwner, Subject: op.Subject, Outcome: ActDone, Ticket: op.Ticket,
		Detail: "the owner confirmed by link: " + string(op.Act),
	}
	if link.UserID != op.Subject {
		entry.Detail = "an admin of their account confirmed by link: " + string(op.Act)
	}
	if answer == LinkDeny {
		entry.Outcome, entry.Detail = ActRefused, "said by link that this wasn't them: "+string(op.Act)
	}
	if err := tx.Audit(ctx, entry); err != nil || answer == LinkDeny || link.UserID != op.Subject {
		return true, err
	}
	return true, tx.StartVerification(ctx, Verification{
		ID: link.ID, UserID: op.Subject, Actor: op.Actor, Ticket: op.Ticket, Purpose: op.Act, State: VerificationHolds, At: now, HeldAt: now,
	})
}

// RedeemLinkCode takes the code that a spent link handed to the product, once
// and within 60 seconds, and returns who followed the link, and what for.
//
// Errors: Forbidden without the scope links; NotFound alike for a code that
// nobody has, that was taken and that ran out; Unavailable when the database
// doesn't answer.
func (a *Actions) RedeemLinkCode(ctx context.Context, holder TokenHolder, code string) (userID string, purpose LinkPurpose, err error) {
	if !holder.Has(ScopeLinks) {
		return "", "", Errorf(Forbidden, "This token doesn't open that.")
	}
	if !isRandomText(code, linkCodeBytes) {
		return "", "", errNoLinkCode()
	}
	var taken LinkCode
	found := false
	err = a.Store.Tx(ctx, func(tx Tx) error {
		for _, kid := range a.Keys.IDs() {
			hash, err := a.Keys.prove(kid, proofLinkCode, code)
			if err != nil {
				return err
			}
			if taken, found, err = tx.TakeLinkCode(ctx, hash, Instant(a.Now())); err != nil || found {
				return err
			}
		}
		return nil
	})
	if err == nil && !found {
		err = errNoLinkCode()
	}
	return taken.UserID, taken.Purpose, err
}

// errNoLinkCode is the one error for every code that isn't good.
func errNoLinkCode() error {
	return Errorf(NotFound, "This code isn't good. One is good once, for %.0f seconds after the link was used.", linkCodeTime.Seconds())
}
