package actions

import (
	"context"
	"slices"
	"time"
)

// procedure is how an act is carried out. Rows of the policy that differ only
// in what they ask for share one.
type procedure struct {
	act Act // names its steps; see Steps
	// check judges the plan over the customer's present state: it picks the row of
	// the policy, fills in the parameters, or refuses in a sentence.
	check func(*plan)
	steps []step
	// does says in sentences what will happen, or happened.
	does func(Operation) []string
	// mails are written with the outcome; nil: none.
	mails func(*Actions, Operation, User) []Mail
	// after is what to tell the customer once it is done.
	after string
	// hands: the leads get it.
	hands bool
	// about is what its subject is the ID of.
	about subject
	// settle has the record that it is about follow the operation, which has just ended:
	// it may still fail it. leads is where the leads are told. nil: nothing follows.
	settle func(ctx context.Context, a *Actions, tx Tx, op *Operation, leads []string) error
}

// subject is what an operation is about.
type subject int

// What operations are about.
const (
	aCustomer subject = iota
	aTempAdmin
	anIncident
)

// step is one write to the directory.
type step struct {
	kind ChangeKind // names the step
	what string     // what it does, as a noun: "the new password"
	// change is what is written; its ID, kind and time are set by who takes it, and
	// so is the user, unless it names another.
	change func(Operation) Change
	// sealed is what is written instead, of the password that was made for the
	// operation and lies sealed until it is handed out.
	sealed func(password string) Change
	// lists: it goes to every system of Actions.Lists, instead of the directory.
	lists bool
	// site: it goes to the target of the temporary admin, instead of the directory.
	site bool
	// each: it is an operation of its own for each customer of a bulk unlock.
	each bool
	// when says whether the operation has this step; nil: always.
	when func(Operation) bool
}

// handsOut reports whether an operation of a procedure makes a password, which is
// handed out once it is done.
func (p *procedure) handsOut() bool {
	return p != nil && slices.ContainsFunc(p.steps, func(s step) bool { return s.sealed != nil })
}

// makesAdmin reports whether an operation of a procedure makes the password of a
// temporary admin.
func (p *procedure) makesAdmin() bool {
	return p != nil && slices.ContainsFunc(p.steps, func(s step) bool { return s.kind == ChangeAdminMade })
}

// seals reports whether an operation of a procedure makes a password, which lies
// sealed.
func (p *procedure) seals() bool { return p.handsOut() || p.makesAdmin() }

// about is what an act is about: a customer, unless its procedure says otherwise.
func (a Act) about() subject {
	if p, known := procedures[a]; known {
		return p.about
	}
	return aCustomer
}

// procedures is every act that is an operation, by the row of the policy.
var procedures = map[Act]*procedure{
	ActUnlock:           &unlocking,
	ActUnlockAttacked:   &unlocking,
	ActUnlockManual:     &unlocking,
	ActReenable:         &reenabling,
	ActReenableShared:   &reenablingShared,
	ActSendReset:        &sendingReset,
	ActSendUsername:     &sendingUsername,
	ActSendLoginLink:    &sendingLoginLink,
	ActResendInvitation: &resendingInvitation,
	ActRevokeSessions:   &revokingSessions,
	ActResetFactor:      &resettingFactor,
	ActChangeEmail:      &changingEmail,
	ActChangeMobile:     &changingMobile,
	ActReinvite:         &reinviting,
	ActUndoReinvite:     &undoingReinvite,
	ActHandOver:         &handingOver,
	ActSetPassword:      &settingPassword,
	ActDelist:           &delisting,
	ActTempAdmin:        &creatingAdmin,
	ActExtendAdmin:      &extendingAdmin,
	ActAdoptAdmin:       &adoptingAdmin,
	ActBulkUnlock:       &unlockingAll,
}

// The names of the steps that operations have beside their own.
const (
	stepIntent  = "intent"  // stored, and nothing touched
	stepSealed  = "sealed"  // of one that makes a password: that is stored, sealed
	stepOutcome = "outcome" // all taken, and the outcome not stored
	stepDone    = "done"    // stored, with its row of the audit
)

// Steps names each step of each operation in order, as [Actions.Reached] is told
// of it: where a process may end and another has to go on.
func Steps() []string {
	var acts []Act
	for act, p := range procedures {
		if p.act == act {
			acts = append(acts, act)
		}
	}
	slices.Sort(acts)
	var names []string
	for _, act := range acts {
		names = append(names, stepName(act, stepIntent))
		if procedures[act].seals() {
			names = append(names, stepName(act, stepSealed))
		}
		for _, s := range procedures[act].steps {
			names = append(names, stepName(act, string(s.kind)))
		}
		names = append(names, stepName(act, stepOutcome), stepName(act, stepDone))
	}
	return names
}

func stepName(act Act, step string) string { return string(act) + ":" + step }

// stepsOf are the steps that an operation has.
func stepsOf(op Operation) []step {
	p, known := procedures[op.Act]
	if !known {
		return nil
	}
	var steps []step
	for _, s := range p.steps {
		if s.when == nil || s.when(op) {
			steps = append(steps, s)
		}
	}
	return steps
}

// rowsOf are the rows of the policy that an act may turn out to go by.
func rowsOf(act Act) []Act {
	switch act.Recorded() {
	case ActUnlock:
		return []Act{ActUnlock, ActUnlockAttacked, ActUnlockManual}
	case ActReenable:
		return []Act{ActReenable, ActReenableShared}
	default:
		return []Act{act}
	}
}

// MayAsk reports whether somebody with these roles may ask for an act for some
// customer: which row of the policy holds, the customer's state decides.
func MayAsk(roles Roles, act Act) bool {
	return slices.ContainsFunc(rowsOf(act), func(row Act) bool { return May(roles, row) })
}

// plan is an act looked at over the customer's present state.
type plan struct {
	*situation
	rawPlaces []Place // as they are stored; the situation's are masked
	row       Act
	roles     Roles // of who asks for it
	params    Params
	zone      *time.Location

	refused string // why it can't help, and who can; "" when it can
	instead Act    // what helps first, or ""
	warning string // what to mind, or ""
	// Of a changed contact.
	wanted    contactWanted
	noContact bool
	// Of what undoes another operation.
	undoes *Operation
	// Of a handover.
	handover *Handover
	// Of what is done with a temporary admin.
	admin *adminState
	// Of a bulk unlock.
	bulk *bulkState
}

// refuse ends the plan with a sentence, unless an earlier one did.
func (p *plan) refuse(instead Act, sentence string) {
	if p.refused == "" {
		p.refused, p.instead = sentence, instead
	}
}

// holdTime is how long a changed contact gets nothing by which one gets in.
const holdTime = 24 * time.Hour

// held reports whether an act would send something by which one gets in to a
// contact that changed in the last 24 h.
func (p *plan) held(act Act) bool {
	switch act {
	case ActSendReset, ActSendLoginLink, ActSendUsername, ActReenableShared:
	default:
		return false
	}
	return p.contactFresh()
}

// contactFresh reports whether a contact changed in the last 24 h.
func (p *plan) contactFresh() bool { return p.Users[0].changedLately(p.At) }

// changedLately reports whether the user's contact changed in the 24 h before a
// moment. One in the future isn't trusted either.
func (u User) changedLately(at time.Time) bool {
	return !u.ContactChangedAt.IsZero() && !u.ContactChangedAt.Before(at.Add(-holdTime))
}

// situated is the plan as the policy looks at it.
func (p *plan) situated(reason string, verified *Verified, attested bool) Situated {
	return Situated{
		Act: p.row, Roles: p.roles, Reason: reason != "", Verified: verified != nil, Attested: attested,
		Protected: p.user.Protected, Held: p.held(p.row), NoContact: p.noContact,
	}
}

// decide is the policy over the plan and what follows it: the stricter counts.
func (p *plan) decide(s Situated) Verdict {
	verdict := Decide(s)
	if verdict != Granted || p.params.Then == "" {
		return verdict
	}
	s.Act, s.Held = p.params.Then, p.held(p.params.Then)
	return Decide(s)
}

// doesOf says what an operation does, with what follows it.
func doesOf(op Operation) []string {
	p, known := procedures[op.Act]
	if !known {
		return nil
	}
	does := slices.Clone(p.does(op))
	if then, follows := procedures[op.Params.Then]; follows {
		does = append(does, then.does(Operation{Act: op.Params.Then, Subject: op.Subject})...)
	}
	return does
}
