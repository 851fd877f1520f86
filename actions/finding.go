package actions

import "time"

// Cause is the id of a reason why a customer can't log in (CAUSES.md).
type Cause string

// Grade says how sure a finding is.
type Grade string

// The grades.
const (
	Proven    Grade = "proven"    // a record says so
	Indicated Grade = "indicated" // a rule over the history says so
	Unknown   Grade = "unknown"   // nothing to go on
)

// Finding is one reason why the customer can't log in.
type Finding struct {
	Cause        Cause      `json:"cause"`
	Grade        Grade      `json:"grade"`
	Summary      string     `json:"summary"` // one sentence for the agent
	Evidence     []Evidence `json:"evidence"`
	Remedies     []RemedyID `json:"remedies"`
	TellCaller   string     `json:"tell_caller"`   // to somebody not yet verified: reveals nothing
	TellCustomer string     `json:"tell_customer"` // to the verified customer
	// Article is where the company helps verified customers with the cause (RULES S2.6); "" for nowhere.
	Article string `json:"article,omitempty"`
}

// Evidence is what a finding rests on.
type Evidence struct {
	At     time.Time `json:"at,omitzero"` // zero for a state that has no time
	Source string    `json:"source"`      // the kind of record: attempt, lock, account, …
	Text   string    `json:"text"`
}

// Diagnosis is the answer to "why can't they log in?".
type Diagnosis struct {
	Identifier string    `json:"identifier"`
	At         time.Time `json:"at"`
	// User is the one who fits; nil with none or several.
	User    *Person  `json:"user"`
	Matches []Person `json:"matches"` // when several fit, who tried last first
	Facts   Facts    `json:"facts"`
	// Findings, the decisive one first; empty with several matches, and when
	// the identifier names an account.
	Findings []Finding `json:"findings"`
	// Unrecorded says that the look-up isn't in the audit: there is no key yet.
	Unrecorded bool `json:"-"`
	// Ticket is the one that the look-up was recorded under, "" for none.
	Ticket string `json:"-"`
	// Offers are the acts that would help the user, those of the decisive finding
	// first; nil without a user.
	Offers []Offer `json:"-"`
}

// Person is a user as an agent sees them: names masked, except the one that
// was asked by (RULES S1.2).
type Person struct {
	ID       string     `json:"id"`
	Name     string     `json:"name,omitempty"`
	Username string     `json:"username"`
	Email    string     `json:"email"`
	Mobile   string     `json:"mobile"`
	Status   UserStatus `json:"status"`
	Locale   string     `json:"locale,omitempty"`
}

// Facts stand beside the findings.
type Facts struct {
	Freshness Freshness `json:"freshness"`
	// Of a user; empty otherwise.
	Contact      *Contact      `json:"contact,omitempty"`
	Accounts     []AccountFact `json:"accounts,omitempty"`
	LastSuccess  *AttemptFact  `json:"last_success,omitempty"`
	LastAttempts []AttemptFact `json:"last_attempts,omitempty"` // of the last 7 days, newest first, staff's marked
	LastFailures []AttemptFact `json:"last_failures,omitempty"` // those of them that failed
	Failures     int           `json:"failures,omitempty"`      // in the last 7 days, without staff's
	Locks        []LockFact    `json:"locks,omitempty"`         // newest first
	Protected    bool          `json:"protected,omitempty"`
	Support      []SupportFact `json:"support,omitempty"` // in the last 24 h, newest first
	Alike        *AlikeFact    `json:"alike,omitempty"`   // when unusually many others fail alike
	Cut          string        `json:"cut,omitempty"`     // says what was not read
	// Incident is the one that this user is among: many fail the same way just now.
	Incident *IncidentFact `json:"incident,omitempty"`
	// Verified is what proves the caller now, nil when nothing does.
	Verified *Verified      `json:"-"`
	Mails    []DeliveryFact `json:"mails,omitempty"` // of the last 7 days, newest first
	// Of nobody.
	NearNames []Person      `json:"near_names,omitempty"` // suggestions, never acted on
	Failed    []AccountFail `json:"failed,omitempty"`     // by account, who failed in the last day
}

// Freshness says how new the records are.
type Freshness struct {
	NewestAttempt time.Time `json:"newest_attempt,omitzero"` // from anybody
	Stale         bool      `json:"stale"`                   // older than an hour, or none at all
	Text          string    `json:"text"`
}

// Contact is the contact card of a user (RULES S2.1).
type Contact struct {
	Email          string    `json:"email"` // masked
	EmailVerified  bool      `json:"email_verified"`
	Mobile         string    `json:"mobile"` // masked
	MobileVerified bool      `json:"mobile_verified"`
	OptedOut       []Channel `json:"opted_out"`
	ChangedAt      time.Time `json:"changed_at,omitzero"`
	ChangedLately  bool      `json:"changed_lately"` // in the last 72 h
}

// AccountFact is an account of the user, or the account asked for.
type AccountFact struct {
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Status     AccountStatus    `json:"status"`
	Reason     string           `json:"reason,omitempty"`
	GatewayIDs []string         `json:"gateway_ids"`
	Owner      string           `json:"owner,omitempty"`
	ClosedAt   time.Time        `json:"closed_at,omitzero"`
	Role       string           `json:"role,omitempty"`       // of the user in it
	Membership MembershipStatus `json:"membership,omitempty"` // of the user in it
	LetsIn     bool             `json:"lets_in"`              // the user by this membership; the account its members
	Members    int              `json:"members,omitempty"`    // when the account was asked for
}

// AttemptFact is an attempt as an agent sees it.
type AttemptFact struct {
	At      time.Time `json:"at"`
	Outcome Outcome   `json:"outcome"`
	Typed   string    `json:"typed"` // masked
	IP      string    `json:"ip,omitempty"`
	Country string    `json:"country,omitempty"`
	VPN     bool      `json:"vpn,omitempty"`
	Staff   bool      `json:"staff,omitempty"` // from a staff network: never counts
}

// LockFact is a lock of the user.
type LockFact struct {
	ID      string    `json:"id"`
	Kind    LockKind  `json:"kind"`
	At      time.Time `json:"at"`
	EndedAt time.Time `json:"ended_at,omitzero"`
	Until   time.Time `json:"until,omitzero"`
	Open    bool      `json:"open"`
	Detail  string    `json:"detail,omitempty"`
}

// SupportFact is what a colleague did for the user.
type SupportFact struct {
	At      time.Time    `json:"at"`
	Actor   string       `json:"actor"`
	Act     Act          `json:"act"`
	Outcome AuditOutcome `json:"outcome"`
}

// DeliveryFact is a message to the user and how far it came.
type DeliveryFact struct {
	Kind   DeliveryKind   `json:"kind"`
	Via    Channel        `json:"via"`
	Status DeliveryStatus `json:"status"`
	At     time.Time      `json:"at"`
	To     string         `json:"to"` // masked
}

// AlikeFact says that unusually many other customers have the same outcome.
type AlikeFact struct {
	Outcome   Outcome `json:"outcome"`
	Customers int     `json:"customers"` // others, in the last hour
	Usual     float64 `json:"usual"`     // mean of the same hour over the last week
}

// AccountFail lists who of an account failed in the last day.
type AccountFail struct {
	AccountID string     `json:"account_id"`
	Users     []UserFail `json:"users"`
	Cut       bool       `json:"cut,omitempty"` // there are more
}

// UserFail is one user's failures of the last day.
type UserFail struct {
	Person   Person    `json:"user"`
	Outcome  Outcome   `json:"outcome"` // of the last failure
	At       time.Time `json:"at"`      // of the last failure
	Failures int       `json:"failures"`
	InSince  time.Time `json:"in_since,omitzero"` // when they got in afterwards
}

// RemedyID names what may be done about a cause.
type RemedyID string
