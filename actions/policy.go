package actions

import "slices"

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
)

// Rule says what an act asks of the person who does it.
type Rule struct {
	Roles  Roles // any of these; 0: nobody. Not of RolesOf, which adds whom a role includes.
	Writes bool  // changes something: only in the configured channels and the bot's DM
	// Aside: only reads an answer further, says something about it or waits for
	// what comes of it, and so is no help that colleagues are told of.
	Aside bool
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

	ActTokenCreate: {Roles: Roles(RoleAdmin), Writes: true},
	ActTokenRevoke: {Roles: Roles(RoleAdmin), Writes: true},
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
}

// refused is the one sentence for everybody who has no role, the same whatever
// was asked.
const refused = "Sorry, you aren't set up to use Latchkey. If you should be, please ask your team lead."

// ErrRefused is what somebody without the role for an act reads.
func ErrRefused() error { return &Error{Code: Forbidden, Sentence: refused} }
