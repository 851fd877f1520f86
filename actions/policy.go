package actions

import (
	"slices"
	"time"
)

// Role is what a person of the company is for Latchkey.
type Role uint8

// The roles. Lead and L2 include agent, admin includes all.
const (
	RoleAgent Role = 1 << iota
	RoleL2
	RoleLead
	RoleAdmin
)

// Roles is a set of roles.
type Roles uint8

// RolesOf returns the set of the given roles with all that they include.
func RolesOf(roles ...Role) Roles {
	var set Roles
	for _, role := range roles {
		set |= Roles(role)
		switch role {
		case RoleAgent: // includes nobody
		case RoleL2, RoleLead:
			set |= Roles(RoleAgent)
		case RoleAdmin:
			set |= Roles(RoleAgent | RoleL2 | RoleLead)
		}
	}
	return set
}

// Has reports whether the set includes the role.
func (r Roles) Has(role Role) bool { return r&Roles(role) != 0 }

// String names the role.
func (r Role) String() string {
	switch r {
	case RoleAgent:
		return "agent"
	case RoleL2:
		return "L2"
	case RoleLead:
		return "lead"
	case RoleAdmin:
		return "admin"
	}
	return "nobody"
}

// Act names something that a person does; the audit carries it.
type Act string

// The acts.
const (
	ActDiagnose Act = "diagnose"
	ActHelp     Act = "help"
	ActImport   Act = "import"
	ActRefusals Act = "refusals" // how often an actor was refused in an hour

	ActHistory    Act = "history"         // the attempts of two weeks
	ActTicketNote Act = "ticket_note"     // what was found and done, to paste
	ActShare      Act = "share"           // a diagnosis, masked, for a whole channel
	ActWatch      Act = "watch"           // be told when a customer gets in
	ActJudge      Act = "judge_diagnosis" // say whether a diagnosis was right
	ActLast       Act = "last"            // one's own last look-ups

	ActTokenCreate Act = "token_create" // a token for a system of the company
	ActTokenRevoke Act = "token_revoke"

	// What helps a customer. Each is an operation, and its name the remedy's ID
	// where there is one. Those that ask for more in some case have a row of the
	// policy for it; see Act.Recorded.
	ActUnlock           Act = "unlock"            // locks of kind attempts and inactivity (RULES S4.6)
	ActUnlockAttacked   Act = "unlock_attacked"   // while under attack or taken over
	ActUnlockManual     Act = "unlock_manual"     // a lock that a person made
	ActReenable         Act = "reenable"          // a disabled user
	ActReenableShared   Act = "reenable_shared"   // after sharing, the password changed first (RULES S0.8)
	ActSendReset        Act = "send_reset"        // RULES S4.1, S4.10
	ActSendUsername     Act = "send_username"     // RULES S1.3
	ActSendLoginLink    Act = "send_login_link"   // RULES S1.4
	ActResendInvitation Act = "resend_invitation" // the invitation once more
	ActRevokeSessions   Act = "revoke_sessions"   // ends every session
	ActResetFactor      Act = "reset_factor"      // a new second factor
	ActChangeEmail      Act = "change_email"      // RULES S4.11, S4.12
	ActChangeMobile     Act = "change_mobile"     // RULES S4.12
	ActReinvite         Act = "reinvite"          // delete and re-invite (RULES S4.7)
	ActUndoReinvite     Act = "undo_reinvite"     // puts the deleted profile back
	ActHandOver         Act = "hand_over"         // a closed account to its owner or a lead (RULES S4.4, S4.5)

	ActSetPassword Act = "set_password" // a generated one, handed out as a one-time secret (RULES S4.8)

	ActSecret         Act = "secret"          // send a one-time secret (RULES S3.3)
	ActSecretRequest  Act = "secret_request"  // ask a customer for one (RULES S3.1)
	ActSecretLook     Act = "secret_look"     // one's own: the list, a card
	ActSecretShow     Act = "secret_show"     // see a generated passphrase again
	ActSecretRevoke   Act = "secret_revoke"   // revoke one's own, or withdraw a request
	ActSecretOpen     Act = "secret_open"     // open what a customer sent
	ActSecretHandout  Act = "secret_handout"  // make the secret of a password set by hand
	ActSecretEnded    Act = "secret_ended"    // opened, locked, expired, by whoever has the link or by time
	ActSecretReceived Act = "secret_received" // a customer sent what was asked for
	ActSecretAgain    Act = "secret_again"    // whoever has the link needs a new one
	ActRekey          Act = "rekey"           // everything sealed anew with the newest key

	// What L1 and L2 do with a case (RULES S4.9). ActDelist is an operation.
	ActEscalate     Act = "escalate"       // open a case, or join one
	ActCaseLook     Act = "case_look"      // the lists, and what a case's forms show
	ActClaim        Act = "claim"          // take a case on
	ActHandBack     Act = "hand_back"      // let it go again
	ActAsk          Act = "ask"            // ask the agent
	ActReply        Act = "reply"          // answer L2, or add something
	ActResolve      Act = "resolve"        // say what came of it
	ActReopen       Act = "reopen"         // within 14 days
	ActCaseHandOver Act = "case_hand_over" // to a colleague, on the agent's side
	ActDelist       Act = "delist"         // take an address off the lists that hold mail back
	ActCasesExport  Act = "cases_export"

	// What is done with temporary admins (RULES S3). The first three are operations.
	ActTempAdmin    Act = "temp_admin"         // make one on a site that we manage
	ActExtendAdmin  Act = "extend_temp_admin"  // let it live longer
	ActAdoptAdmin   Act = "adopt_temp_admin"   // answer for one that was found
	ActAskAdmin     Act = "ask_temp_admin"     // ask a customer to make one (RULES S3.2)
	ActRevokeAdmin  Act = "revoke_temp_admin"  // end one now, or have the customer asked to
	ActAdminRemoved Act = "temp_admin_removed" // say that the customer has deleted it
	ActAdminLook    Act = "temp_admin_look"    // the lists, a card, the forms
	ActAdminSecret  Act = "temp_admin_secret"  // make the secret of its password
	ActAdminEnded   Act = "temp_admin_ended"   // it is to go, by time, ticket or case
	ActAdminGone    Act = "temp_admin_gone"    // its target was asked and hasn't it any more
	ActAdminFound   Act = "temp_admin_found"   // one that nobody answers for
	ActTicketSolved Act = "ticket_solved"      // its temporary admins go (RULES S3.5)
	ActTargetAdd    Act = "target_add"
	ActTargetTest   Act = "target_test"
	ActTargetRemove Act = "target_remove"

	// What leads look at, and what is done after an incident.
	ActLockouts   Act = "lockouts"    // the report, and the lists behind its numbers
	ActBulkUnlock Act = "bulk_unlock" // unlock all that an incident locked; an operation
	ActHome       Act = "home"        // the app's Home
	ActHandShift  Act = "hand_shift"  // hand all one's open cases to a colleague
	ActForget     Act = "forget"      // a person's right to erasure
	ActRetention  Act = "retention"   // what is old goes
	ActBackup     Act = "backup"

	ActVerify         Act = "verify_caller"   // a code to a contact on file, read back
	ActDraftMail      Act = "draft_mail"      // the text of a mail, to look at and copy
	ActApprove        Act = "approve"         // as the second person
	ActDecline        Act = "decline"         // as the second person
	ActWithdraw       Act = "withdraw"        // take back what waits for somebody
	ActOperation      Act = "operation"       // look at one
	ActReleaseBrake   Act = "release_brake"   // let somebody go on who did unusually much
	ActOutbox         Act = "outbox"          // what could not be delivered
	ActRetryLetter    Act = "retry_letter"    // deliver a dead letter once more
	ActBraked         Act = "braked"          // somebody was stopped
	ActConfirmContact Act = "confirm_contact" // the owner said yes, or no
)

// Recorded is the act's name in the audit: the remedy's ID, whatever row of the
// policy it went by.
func (a Act) Recorded() Act {
	switch a {
	case ActUnlockAttacked, ActUnlockManual:
		return ActUnlock
	case ActReenableShared:
		return ActReenable
	default:
		return a
	}
}

// Rule says what an act asks of the person who does it.
type Rule struct {
	Roles  Roles // any of these; 0: nobody. Not of RolesOf, which adds whom a role includes.
	Writes bool  // changes something: only in the configured channels and the bot's DM
	// Aside: only reads an answer further, says something about it or waits for
	// what comes of it, and so is no help that colleagues are told of.
	Aside bool
	// Reason: a sentence why must be given.
	Reason bool
	// Verified: the caller must be proven. What the actor merely attests needs a
	// lead: the actor's own role, or a second person.
	Verified bool
	// Second: another lead or admin must approve; of those with one of the roles of
	// Alone nobody else is asked.
	Second bool
	Alone  Roles
	// Owner: the owner of a contact on file confirms by a link. With no contact on
	// file the account's admin does, and a second person approves.
	Owner bool
	// Customer: it changes something for a customer, so that for a protected one
	// another person must approve (RULES S0.5).
	Customer bool
}

// Allows reports whether somebody with these roles may do what the rule is for.
func (r Rule) Allows(roles Roles) bool { return r.Roles&roles != 0 }

// policy is the one place that decides who may do what. An act that isn't in
// it is nobody's.
var policy = map[Act]Rule{
	ActDiagnose: {Roles: Roles(RoleAgent)},
	ActHelp:     {Roles: Roles(RoleAgent)},

	ActHistory:    {Roles: Roles(RoleAgent), Aside: true},
	ActTicketNote: {Roles: Roles(RoleAgent), Aside: true},
	ActShare:      {Roles: Roles(RoleAgent), Aside: true, Writes: true},
	ActWatch:      {Roles: Roles(RoleAgent), Aside: true},
	ActJudge:      {Roles: Roles(RoleAgent), Aside: true},
	ActLast:       {Roles: Roles(RoleAgent), Aside: true},

	ActUnlock:           forCustomer(RoleAgent, Rule{}),
	ActUnlockAttacked:   forCustomer(RoleL2, Rule{Verified: true}),
	ActUnlockManual:     forCustomer(RoleLead, Rule{}),
	ActReenable:         forCustomer(RoleLead, Rule{Verified: true}),
	ActReenableShared:   forCustomer(RoleAgent, Rule{Verified: true, Second: true, Alone: Roles(RoleLead)}),
	ActSendReset:        forCustomer(RoleAgent, Rule{}),
	ActSendUsername:     forCustomer(RoleAgent, Rule{}),
	ActSendLoginLink:    forCustomer(RoleAgent, Rule{}),
	ActResendInvitation: forCustomer(RoleAgent, Rule{}),
	ActRevokeSessions:   forCustomer(RoleL2|RoleLead, Rule{}),
	ActResetFactor:      forCustomer(RoleLead, Rule{Verified: true, Second: true}),
	ActChangeEmail:      forCustomer(RoleAgent, Rule{Verified: true, Owner: true}),
	ActChangeMobile:     forCustomer(RoleAgent, Rule{Verified: true, Owner: true}),
	ActReinvite:         forCustomer(RoleLead, Rule{Verified: true, Second: true}),
	ActUndoReinvite:     forCustomer(RoleLead, Rule{}),
	ActSetPassword:      forCustomer(RoleLead, Rule{Verified: true, Second: true}),
	ActHandOver:         {Roles: Roles(RoleAgent), Writes: true},

	ActVerify:       {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActDraftMail:    {Roles: Roles(RoleAgent), Aside: true},
	ActApprove:      {Roles: Roles(RoleLead), Writes: true, Aside: true},
	ActDecline:      {Roles: Roles(RoleLead), Writes: true, Aside: true},
	ActWithdraw:     {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActOperation:    {Roles: Roles(RoleAgent), Aside: true},
	ActReleaseBrake: {Roles: Roles(RoleLead), Writes: true, Reason: true},
	ActOutbox:       {Roles: Roles(RoleLead)},
	ActRetryLetter:  {Roles: Roles(RoleLead), Writes: true, Reason: true},

	ActSecret:        {Roles: Roles(RoleAgent), Writes: true},
	ActSecretRequest: {Roles: Roles(RoleAgent), Writes: true},
	ActSecretLook:    {Roles: Roles(RoleAgent), Aside: true},
	ActSecretShow:    {Roles: Roles(RoleAgent), Writes: true, Aside: true}, // as fresh a role as for writing
	ActSecretRevoke:  {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActSecretOpen:    {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActSecretHandout: {Roles: Roles(RoleLead), Writes: true, Aside: true},
	ActRekey:         {Roles: Roles(RoleAdmin), Writes: true},

	ActEscalate:     {Roles: Roles(RoleAgent), Writes: true, Reason: true},
	ActCaseLook:     {Roles: Roles(RoleAgent), Aside: true},
	ActClaim:        {Roles: Roles(RoleL2), Writes: true, Aside: true},
	ActHandBack:     {Roles: Roles(RoleL2), Writes: true, Aside: true},
	ActAsk:          {Roles: Roles(RoleL2), Writes: true, Aside: true},
	ActReply:        {Roles: Roles(RoleAgent), Writes: true, Aside: true, Reason: true},
	ActResolve:      {Roles: Roles(RoleL2), Writes: true, Reason: true},
	ActReopen:       {Roles: Roles(RoleL2), Writes: true, Aside: true},
	ActCaseHandOver: {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActDelist:       {Roles: Roles(RoleL2), Writes: true, Customer: true},
	ActCasesExport:  {Roles: Roles(RoleLead)},

	ActTempAdmin:    {Roles: Roles(RoleAgent), Writes: true, Reason: true, Second: true},
	ActExtendAdmin:  {Roles: Roles(RoleAgent), Writes: true, Reason: true, Second: true},
	ActAdoptAdmin:   {Roles: Roles(RoleAgent), Writes: true, Reason: true, Second: true},
	ActAskAdmin:     {Roles: Roles(RoleAgent), Writes: true, Reason: true},
	ActRevokeAdmin:  {Roles: Roles(RoleAgent), Writes: true, Reason: true},
	ActAdminRemoved: {Roles: Roles(RoleAgent), Writes: true, Reason: true},
	ActAdminLook:    {Roles: Roles(RoleAgent), Aside: true},
	ActAdminSecret:  {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActTargetAdd:    {Roles: Roles(RoleAdmin), Writes: true},
	ActTargetTest:   {Roles: Roles(RoleAdmin)},
	ActTargetRemove: {Roles: Roles(RoleAdmin), Writes: true},

	ActLockouts:   {Roles: Roles(RoleLead)},
	ActBulkUnlock: {Roles: Roles(RoleLead), Writes: true, Reason: true, Second: true},
	ActHome:       {Roles: Roles(RoleAgent), Aside: true},
	ActHandShift:  {Roles: Roles(RoleAgent), Writes: true, Aside: true},
	ActForget:     {Roles: Roles(RoleAdmin), Writes: true},
	ActBackup:     {Roles: Roles(RoleAdmin)},

	ActTokenCreate: {Roles: Roles(RoleAdmin), Writes: true},
	ActTokenRevoke: {Roles: Roles(RoleAdmin), Writes: true},
}

// forCustomer completes the rule of an act that changes something for a customer: all
// of them ask for a reason.
func forCustomer(roles Role, r Rule) Rule {
	r.Roles, r.Writes, r.Customer, r.Reason = Roles(roles), true, true, true
	return r
}

// Situated is where and on what an act is asked for, as far as the policy looks
// at it.
type Situated struct {
	Act       Act
	Roles     Roles
	Reason    bool // one is given
	Verified  bool // Latchkey has seen that the caller is who they say
	Attested  bool // the actor vouches for the caller
	Protected bool // the customer is
	// Held: the customer's contact changed in the last 24 h, and the act sends
	// something there with which one gets in.
	Held bool
	// NoContact: the owner has no contact on file that could confirm.
	NoContact bool
	// Approved: a second person did.
	Approved bool
}

// Verdict is what the policy says.
type Verdict string

// The verdicts. All but Granted and NeedsSecond stop the act.
const (
	Granted       Verdict = "granted"
	Denied        Verdict = "denied"
	NeedsReason   Verdict = "needs_reason"
	NeedsVerified Verdict = "needs_verified" // the caller proven, or attested
	NeedsSecond   Verdict = "needs_second"   // it waits until somebody approves
)

// Decide is the policy: what becomes of an act that is asked for so. It is a
// pure function of the table.
func Decide(s Situated) Verdict {
	rule, known := RuleFor(s.Act)
	attests := rule.Verified && !s.Verified
	switch {
	case !known || !rule.Allows(s.Roles):
		return Denied
	case rule.Reason && !s.Reason:
		return NeedsReason
	case attests && !s.Attested:
		return NeedsVerified
	case s.Approved:
		return Granted
	case attests && !s.Roles.Has(RoleLead):
		return NeedsSecond
	case rule.Second && s.Roles&rule.Alone == 0:
		return NeedsSecond
	case rule.Customer && (s.Protected || s.Held || rule.Owner && s.NoContact):
		return NeedsSecond
	}
	return Granted
}

// AsideActs lists the acts that are no help that colleagues are told of, in the
// order of their names.
func AsideActs() []Act {
	var acts []Act
	for act, rule := range policy {
		if rule.Aside {
			acts = append(acts, act)
		}
	}
	slices.Sort(acts)
	return acts
}

// RuleFor returns the rule of an act; ok is false for an act that nobody may do.
func RuleFor(act Act) (rule Rule, ok bool) {
	rule, ok = policy[act]
	return rule, ok
}

// May reports whether somebody with these roles may do the act.
func May(roles Roles, act Act) bool {
	return policy[act].Allows(roles)
}

// Actor is who acts: a Slack user ID, or "terminal:" with the name of the user
// at the terminal of the server.
type Actor struct {
	ID    string
	Roles Roles
}

// Call is what comes with a request besides its content.
type Call struct {
	Actor Actor
	// Key names the request, so that a replay has no second effect; empty at a
	// terminal.
	Key string
	// Ticket is the ticket that the request names, such as "#4711"; empty: the
	// one remembered for the actor counts.
	Ticket string
	// About is the ticket of the record that the request is about. It stands for the
	// one remembered, without being remembered for who only clicked.
	About string
	// NoTicket: none, not even the one remembered, which the form had and somebody took
	// out.
	NoTicket bool
	// TypedAt is when the request came, of one that was typed; zero for a click,
	// which may be a double one.
	TypedAt time.Time
}

// refused is the one sentence for everybody who has no role, the same whatever
// was asked.
const refused = "Sorry, you aren't set up to use Latchkey. If you should be, please ask your team lead."

// ErrRefused is what somebody without the role for an act reads.
func ErrRefused() error { return &Error{Code: Forbidden, Sentence: refused} }
