package actions

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// reinviting deletes a profile that unlocking doesn't help and makes it anew
// with the same names, contacts and accounts, the invitation accepted on their
// behalf; they choose a password by link (RULES S4.7).
var reinviting = procedure{
	act:   ActReinvite,
	check: checkReinvite,
	steps: []step{
		{kind: ChangeDeleted, what: "deleting the profile", change: func(Operation) Change { return Change{} }},
		{kind: ChangeCreated, what: "making the profile anew", change: func(op Operation) Change {
			made, places := anew(op.Params)
			return Change{UserID: made.ID, User: &made, Memberships: places}
		}},
	},
	does: reinviteDoes,
	mails: func(a *Actions, op Operation, user User) []Mail {
		user.ID = op.Params.NewID
		return a.mailOnFile(op, user, TemplateReset)
	},
	after: "We set your login up anew. Please choose a password with the link that we mailed you within 15 minutes, and tell us whether you are in.",
}

// undoingReinvite puts the deleted profile back as it was.
var undoingReinvite = procedure{
	act:   ActUndoReinvite,
	check: checkUndo,
	steps: []step{
		{
			kind: ChangeDeleted, what: "deleting the new profile",
			change: func(op Operation) Change { return Change{UserID: op.Params.NewID} },
			when:   func(op Operation) bool { return op.Params.NewID != "" },
		},
		{kind: ChangeCreated, what: "putting the old profile back", change: func(op Operation) Change {
			return Change{UserID: op.Params.User.ID, User: op.Params.User, Memberships: op.Params.Memberships}
		}},
	},
	does: func(op Operation) []string {
		does := []string{"Puts the profile back as it was, with " + count(len(op.Params.Memberships), "account", "accounts") + ". A password that they had is not known here: they may need a reset."}
		if op.Params.NewID != "" {
			does = append([]string{"Deletes the new profile."}, does...)
		}
		return does
	},
	after: "Your login is as it was before. Please try once more; if the password isn't taken, tell us, and we mail you a link to choose a new one.",
}

// reinviteDoes names what is noted, so that whoever approves sees that nothing is
// lost.
func reinviteDoes(op Operation) []string {
	user := op.Params.User
	if user == nil {
		return nil
	}
	mask := NewMasker("")
	noted := []string{quoted(user.Name())}
	for _, contact := range []string{mask.Name(user.Email), mask.Mobile(user.Mobile)} {
		if contact != "" {
			noted = append(noted, contact)
		}
	}
	var accounts []string
	for _, m := range op.Params.Memberships {
		accounts = append(accounts, m.AccountID)
	}
	return []string{
		fmt.Sprintf("Notes %s, and their accounts: %s.", strings.Join(noted, ", "), orNone(strings.Join(accounts, ", "))),
		"Deletes the profile, with its password and its sessions.",
		"Makes it anew with the same names, contacts and accounts; they needn't accept an invitation again.",
		"Mails a link to choose a password to the address on file.",
		"Can be undone for 24 hours.",
	}
}

// anew is the noted profile as it is made anew, with its memberships.
func anew(p Params) (User, []Membership) {
	made := *p.User
	made.ID, made.Status, made.MustReset, made.HasPassword = p.NewID, UserActive, true, true
	made.DisabledReason, made.LastLoginAt = "", time.Time{}
	made.CreatedAt = p.Begun
	places := make([]Membership, len(p.Memberships))
	for i, m := range p.Memberships {
		m.UserID = made.ID
		places[i] = m
	}
	return made, places
}

// checkReinvite refuses for whom a new profile would undo somebody's decision.
func checkReinvite(p *plan) {
	p.barred()
	open, _ := p.lockedBy()
	for _, kind := range open {
		if kind == LockManual {
			p.refuse("", "A person locked this user, and a new profile would undo that. Ask who locked it, and why.")
		}
	}
	switch {
	case p.user.Status == UserDisabled:
		p.refuse(ActReenable, "The user is disabled, and a new profile would undo that. Re-enable them instead.")
	case p.shared():
		p.refuse(ActReenable, "The login was shared, so its password is changed first. Re-enable them instead.")
	case p.attacked():
		p.refuse(ActRevokeSessions, "Strangers try this login, so it isn't made anew now. Hand it to L2.")
	}
	p.needsAddress()
	user := p.Users[0]
	p.params.User, p.params.Memberships = &user, nil
	for _, place := range p.rawPlaces {
		p.params.Memberships = append(p.params.Memberships, place.Membership)
	}
	if p.params.NewID == "" {
		p.params.NewID = rand.Text()
	}
}

// undoTime is how long a re-invitation can be undone.
const undoTime = 24 * time.Hour

// undoable reports whether an operation can be undone at a moment: it deleted a
// profile, and not long ago. One that failed may have deleted it before anybody
// read that; the directory shows whether there is something to undo.
func undoable(op Operation, at time.Time) bool {
	return op.Act == ActReinvite && op.Params.User != nil && at.Sub(op.EndedAt) <= undoTime &&
		(op.State == OperationDone || op.State == OperationFailed)
}

// undoPlan is the plan of undoing the newest re-invitation of a customer. They
// aren't in the directory, so it is judged over the profile that was noted.
func (a *Actions) undoPlan(ctx context.Context, userID string, params Params) (*plan, error) {
	now := Instant(a.Now())
	begun, err := a.Store.OperationsOf(ctx, userID, now.Add(-2*undoTime), operationsRead)
	if err != nil {
		return nil, err
	}
	p := &plan{row: ActUndoReinvite, params: Params{Undoes: params.Undoes}}
	snapshot := Snapshot{At: now, Users: []User{{ID: userID}}}
	for _, op := range begun {
		undone := op.Act == ActUndoReinvite && (!op.State.Final() || op.State == OperationDone)
		if undone {
			break
		}
		if undoable(op, now) && (params.Undoes == "" || params.Undoes == op.ID) {
			p.undoes, p.params.Undoes = &op, op.ID
			p.params.User, p.params.Memberships = op.Params.User, op.Params.Memberships
			snapshot.Users = []User{*op.Params.User}
			break
		}
	}
	p.situation = newSituation(snapshot, a.Rules, a.Directory.Abilities())
	return p, a.lookForProfiles(ctx, p)
}

// lookForProfiles finds out which of the two profiles are there: with the old one
// alone there is nothing to undo.
func (a *Actions) lookForProfiles(ctx context.Context, p *plan) error {
	if p.undoes == nil {
		return nil
	}
	there, err := a.Directory.Users(ctx, []string{p.undoes.Subject, p.undoes.Params.NewID}, nil)
	if err != nil {
		return err
	}
	old := false
	for _, user := range there {
		if user.ID == p.undoes.Subject {
			old = true
		} else {
			p.params.NewID = user.ID
		}
	}
	if old && p.params.NewID == "" {
		p.undoes = nil
	}
	return nil
}

func checkUndo(p *plan) {
	if p.undoes == nil {
		p.refuse("", "There is nothing to undo: the profile wasn't deleted in the last 24 hours, or it is back already.")
	}
}
