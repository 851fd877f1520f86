package actions

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Ways says by which contacts a caller could be proven, who they are, and what
// proves them already: for the call's ticket or the one remembered, or, without
// one, for the actor. Every contact on file is listed, masked, with the reason
// why it can't be used (RULES S2.1). Nothing is recorded.
//
// Errors: Forbidden for who may not, NotFound for a user who isn't on record,
// Unavailable when the directory or the database doesn't answer.
func (a *Actions) Ways(ctx context.Context, call Call, userID string) (Person, []Way, *Verified, error) {
	if !May(call.Actor.Roles, ActVerify) {
		return Person{}, nil, nil, a.Refuse(ctx, call, ActVerify)
	}
	ticket, err := a.Unbraked(ctx, call, ActVerify)
	if err != nil {
		return Person{}, nil, nil, err
	}
	user, err := a.user(ctx, userID)
	if err != nil {
		return Person{}, nil, nil, err
	}
	verified, err := a.verified(ctx, user.ID, call.Actor.ID, ticket)
	return NewMasker("").person(user), a.waysTo(user), verified, err
}

// user reads somebody who was chosen by ID.
func (a *Actions) user(ctx context.Context, id string) (User, error) {
	users, err := a.Directory.Users(ctx, []string{id}, nil)
	switch {
	case err != nil:
		return User{}, err
	case len(users) == 0:
		return User{}, errGone()
	}
	return users[0], nil
}

// waysTo lists the user's contacts. What isn't on file isn't listed.
func (a *Actions) waysTo(user User) []Way {
	mask, ways := NewMasker(""), []Way{}
	if user.Email != "" {
		ways = append(ways, Way{Via: ChannelEmail, Masked: mask.Name(user.Email), Refused: a.unusable(user, ChannelEmail)})
	}
	if user.Mobile != "" {
		ways = append(ways, Way{Via: ChannelSMS, Masked: mask.Mobile(user.Mobile), Refused: a.unusable(user, ChannelSMS)})
	}
	return ways
}

// unusable says why a contact on file can't prove its owner, "" when it can. One
// that changed lately may be the attacker's (RULES S4.12).
func (a *Actions) unusable(user User, via Channel) string {
	now := Instant(a.Now())
	switch {
	case !a.carries(via) && via == ChannelSMS:
		return "Latchkey isn't set up to send texts."
	case !a.carries(via):
		return "Latchkey isn't set up to send mail."
	case user.ContactChangedAt.After(now):
		return "It is on record as changed in the future, so it can't be trusted yet."
	case !user.ContactChangedAt.IsZero() && user.ContactChangedAt.After(now.Add(-contactRests)):
		return fmt.Sprintf("Their contact changed %s ago. One that changed in the last %.0f hours proves nobody.",
			length(now.Sub(user.ContactChangedAt)), contactRests.Hours())
	case via == ChannelSMS && user.optedOut(via):
		return "They switched our texts off (RULES S2.2), so none would reach them."
	}
	return ""
}

// optedOut reports whether the user switched messages by that channel off.
func (u User) optedOut(via Channel) bool {
	for _, out := range u.OptedOut {
		if out == via {
			return true
		}
	}
	return false
}

// carries reports whether messages can be sent by the channel.
func (a *Actions) carries(via Channel) bool {
	if a.Writer == nil || a.Keys.Empty() {
		return false
	}
	switch via {
	case ChannelEmail:
		return a.Mailer != nil
	case ChannelSMS:
		return a.Texter != nil
	}
	return false
}

// contact is the user's contact for a channel, "" without one.
func (u User) contact(via Channel) string {
	switch via {
	case ChannelEmail:
		return u.Email
	case ChannelSMS:
		return u.Mobile
	}
	return ""
}

// maskContact shows a contact of a channel.
func maskContact(via Channel, contact string) string {
	if via == ChannelSMS {
		return NewMasker("").Mobile(contact)
	}
	return NewMasker("").Name(contact)
}

// Verify sends the customer a code of 6 digits to a contact on file, to be read
// back to the agent who asked; its message says what it is for. The code is made
// when the message is delivered. At most 5 are asked for one customer in an
// hour, and it counts as looking at them. Asking is a row of the audit, and so is
// being refused.
//
// Errors: Forbidden for who may not, or was stopped; Invalid for a purpose that needs no proof,
// NotFound for a user who isn't on record, Conflict when the contact can't be
// used, when there were too many codes, or for a request that was answered
// before, Unavailable when the directory or the database doesn't answer.
func (a *Actions) Verify(ctx context.Context, call Call, userID string, via Channel, purpose Act) (VerificationReport, error) {
	if !May(call.Actor.Roles, ActVerify) {
		return VerificationReport{}, a.Refuse(ctx, call, ActVerify)
	}
	if purpose == "" {
		purpose = ActVerify
	}
	if rule, known := RuleFor(purpose); !known || (purpose != ActVerify && !rule.Customer) {
		return VerificationReport{}, Errorf(Invalid, "A code can't be for that. Please choose what the caller wants.")
	}
	if _, err := a.Unbraked(ctx, call, ActVerify); err != nil {
		return VerificationReport{}, err
	}
	user, err := a.user(ctx, userID)
	if err != nil {
		return VerificationReport{}, err
	}
	now := Instant(a.Now())
	v := Verification{
		ID: rand.Text(), UserID: user.ID, Actor: call.Actor.ID, Purpose: purpose, Via: via, State: VerificationAsked, At: now,
	}
	mail := a.newMail("", user.ID, TemplateCode, via)
	mail.Ref, mail.Purpose = v.ID, purpose
	if refusal, err := a.ask(ctx, call, user, &v, mail); err != nil || refusal != nil {
		return VerificationReport{}, firstOf(err, refusal)
	}
	return a.proofReport(v, user, mail, true), nil
}

// firstOf returns an error of the database, or else what is said.
func firstOf(err error, said *Error) error {
	if err != nil || said == nil {
		return err
	}
	return said
}

// errCodesMet is for who counted the codes while others asked for some.
var errCodesMet = errors.New("others asked for codes at the same time")

// ask stores a verification with its message, or records why it may not be.
func (a *Actions) ask(ctx context.Context, call Call, user User, v *Verification, mail Mail) (refusal *Error, err error) {
	refusal, err = a.askOnce(ctx, call, user, v, mail)
	if errors.Is(err, errCodesMet) {
		refusal, err = a.askOnce(ctx, call, user, v, mail) // now they are counted
	}
	if errors.Is(err, errTooMuch) {
		return nil, a.pullBrake(ctx, call, ActVerify, user.ID, tooManyLooks)
	}
	return refusal, err
}

func (a *Actions) askOnce(ctx context.Context, call Call, user User, v *Verification, mail Mail) (refusal *Error, err error) {
	err = a.Store.Tx(ctx, func(tx Tx) error {
		if refusal, err = a.mayAsk(ctx, tx, user, *v); err != nil {
			return err
		}
		entry := AuditEntry{
			At: v.At, Act: ActVerify, Subject: user.ID, Outcome: ActDone,
			Detail: fmt.Sprintf("asked for a code %s, for %s", v.Via.by(), v.Purpose),
		}
		if refusal != nil {
			entry.Outcome, entry.Detail = ActRefused, refusal.Sentence
		}
		if v.Ticket, err = a.RecordUnder(ctx, tx, call, entry); err != nil {
			return err
		}
		if err := a.notTooManyLooks(ctx, tx, call.Actor.ID); err != nil || refusal != nil {
			return err
		}
		// Whoever has a row in the audit's chain is the only one until they commit:
		// what is counted now stays so.
		if asked, err := tx.CountVerifications(ctx, user.ID, v.At.Add(-time.Hour)); err != nil || asked >= codesAnHour {
			return cmp.Or[error](err, errCodesMet)
		}
		if err := tx.StartVerification(ctx, *v); err != nil {
			return err
		}
		return tx.StartMail(ctx, mail)
	})
	return refusal, err
}

// mayAsk says why no code may be sent now, nil when one may.
func (a *Actions) mayAsk(ctx context.Context, tx Tx, user User, v Verification) (*Error, error) {
	if user.contact(v.Via) == "" {
		return Errorf(Conflict, "There is no such contact on file. Please choose another, or have a lead vouch for the caller."), nil
	}
	if why := a.unusable(user, v.Via); why != "" {
		return Errorf(Conflict, "%s Please choose another contact, or have a lead vouch for the caller.", why), nil
	}
	asked, err := tx.CountVerifications(ctx, user.ID, v.At.Add(-time.Hour))
	if err != nil || asked < codesAnHour {
		return nil, err
	}
	return Errorf(Conflict, "%d codes were sent to this customer in the last hour, and more would only help somebody who guesses. "+
		"Please wait, or have a lead vouch for the caller.", asked), nil
}

// by says by which way something went.
func (c Channel) by() string {
	if c == ChannelSMS {
		return "by text message"
	}
	return "by e-mail"
}

// Prove takes the code that the caller read back. Only the agent who asked for it
// may enter it, 3 wrong ones end the proof, and a right one is good once, within
// 10 minutes. From then on the caller is proven for the ticket, or, without one,
// for this agent, for 60 minutes. That the proof holds or failed is a row of the
// audit. For a wrong code the report says how many tries are left.
//
// Errors: Forbidden for who may not and for another agent, NotFound for a proof
// that isn't there, Invalid for a wrong code, Conflict for one that ran out, was
// used, wasn't sent yet, or after too many wrong ones, and for a request that was
// answered before, Unavailable when the directory or the database doesn't answer.
func (a *Actions) Prove(ctx context.Context, call Call, verificationID, code string) (VerificationReport, error) {
	if !May(call.Actor.Roles, ActVerify) {
		return VerificationReport{}, a.Refuse(ctx, call, ActVerify)
	}
	code, err := readCode(code)
	if err != nil {
		return VerificationReport{}, err
	}
	if _, err := a.Unbraked(ctx, call, ActVerify); err != nil {
		return VerificationReport{}, err
	}
	var said *Error
	err = a.Store.Tx(ctx, func(tx Tx) error {
		v, err := tx.Verification(ctx, verificationID)
		if err != nil {
			return err
		}
		said, err = a.take(ctx, tx, call, v, code)
		return err
	})
	if err != nil {
		return VerificationReport{}, err
	}
	report, err := a.ProofReport(ctx, verificationID)
	return report, firstOf(err, said)
}

// readCode reads a code as people type and paste it: "123 456", "123-456".
func readCode(typed string) (string, error) {
	code := strings.NewReplacer(" ", "", "\u00a0", "", "-", "").Replace(strings.TrimSpace(typed))
	if len(code) != codeDigits || strings.Trim(code, "0123456789") != "" {
		return "", Errorf(Invalid, "A code has %d digits. Please type what the caller reads to you.", codeDigits)
	}
	return code, nil
}

// take compares a code and stores what comes of it; said is what the agent
// reads unless it was right.
func (a *Actions) take(ctx context.Context, tx Tx, call Call, v Verification, code string) (said *Error, err error) {
	now := Instant(a.Now())
	if said := untakable(v, call.Actor.ID, now); said != nil {
		return said, nil
	}
	if a.Keys.proves(v.Code, proofCode, v.ID, code) {
		v.State, v.Code, v.HeldAt = VerificationHolds, nil, now
		return nil, a.conclude(ctx, tx, call, v, ActDone, "verified "+v.Via.by())
	}
	v.Tries++
	if v.Tries < codeTries {
		fresh, err := tx.Claim(ctx, call.Key, now)
		if err != nil || !fresh {
			return nil, firstOf(err, Errorf(Conflict, "This code was compared already. Please type it anew."))
		}
		left := count(codeTries-v.Tries, "try is", "tries are")
		return Errorf(Invalid, "That isn't the code. %s left. Please ask for the newest code.", left), a.keepProof(ctx, tx, v)
	}
	v.State, v.Code = VerificationFailed, nil
	return Errorf(Conflict, "%d wrong codes: this one is void now. Be wary: whoever calls doesn't read the owner's messages. "+
			"You can send another code, or have a lead vouch for the caller.", v.Tries),
		a.conclude(ctx, tx, call, v, ActFailed, fmt.Sprintf("%d wrong codes %s", v.Tries, v.Via.by()))
}

// untakable says why no code is taken, nil when one is.
func untakable(v Verification, actor string, now time.Time) *Error {
	switch {
	case v.Actor != actor:
		return Errorf(Forbidden, "<@%s> asked for this code, so only they can enter it. Please send one of your own.", v.Actor)
	case v.State == VerificationHolds:
		return Errorf(Conflict, "The caller was verified with this code already. Nothing more is to do.")
	case v.State == VerificationFailed:
		return Errorf(Conflict, "There were %d wrong codes, so this one is void. Please send another.", codeTries)
	case v.Code == nil:
		return Errorf(Conflict, "The code hasn't been sent yet. The card of it in our direct message says when it is.")
	case !v.ExpiresAt.After(now):
		return Errorf(Conflict, "The code was good for %.0f minutes, and they are over. Please send another.", codeTime.Minutes())
	}
	return nil
}

// conclude ends a verification, with its row of the audit.
func (a *Actions) conclude(ctx context.Context, tx Tx, call Call, v Verification, outcome AuditOutcome, detail string) error {
	if v.Ticket != "" {
		call.Ticket = v.Ticket // the proof is for the ticket it was asked under
	}
	entry := AuditEntry{At: Instant(a.Now()), Act: ActVerify, Subject: v.UserID, Outcome: outcome, Detail: detail}
	if err := a.record(ctx, tx, call, entry); err != nil {
		return err
	}
	return a.keepProof(ctx, tx, v)
}

// keepProof stores a verification and has its card show it.
func (a *Actions) keepProof(ctx context.Context, tx Tx, v Verification) error {
	if err := tx.KeepVerification(ctx, v); err != nil || atTerminal(v.Actor) {
		return err
	}
	return a.Enqueue(ctx, tx, OutgoingVerification, v.Actor, v.ID)
}

// ProofReport says how far a verification came, for its card.
//
// Errors: NotFound for one that isn't there, or whose user isn't on record any
// more, Unavailable when the directory or the database doesn't answer.
func (a *Actions) ProofReport(ctx context.Context, verificationID string) (VerificationReport, error) {
	v, err := a.Store.VerificationByID(ctx, verificationID)
	if err != nil {
		return VerificationReport{}, err
	}
	user, err := a.user(ctx, v.UserID)
	if err != nil {
		return VerificationReport{}, err
	}
	mail, sent, err := a.Store.MailFor(ctx, v.ID)
	return a.proofReport(v, user, mail, sent), err
}

func (a *Actions) proofReport(v Verification, user User, mail Mail, sent bool) VerificationReport {
	v.Code = nil
	r := VerificationReport{
		Verification: v, Person: NewMasker("").person(user), To: maskContact(v.Via, user.contact(v.Via)), TriesLeft: codeTries - v.Tries,
	}
	if sent {
		r.Mail = reportMail(mail, user)
		r.To = r.Mail.To
	}
	return r
}

// verified returns what proves the user to the actor: a verification for the
// ticket, or, without a ticket, the actor's own without one, in the last 60
// minutes. Nil when nothing does.
func (a *Actions) verified(ctx context.Context, userID, actor, ticket string) (*Verified, error) {
	v, found, err := a.Store.Held(ctx, userID, actor, ticket, Instant(a.Now()).Add(-verifiedTime))
	if err != nil || !found {
		return nil, err
	}
	return &Verified{Via: v.Via, At: v.HeldAt, Until: v.HeldAt.Add(verifiedTime), Ticket: v.Ticket, By: v.Actor}, nil
}
