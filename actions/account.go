package actions

import "time"

// AccountStatus is the state of a customer's account.
type AccountStatus string

// The states of an account (IMPORT.md's "account").
const (
	AccountActive       AccountStatus = "active"
	AccountTrial        AccountStatus = "trial"
	AccountTrialExpired AccountStatus = "trial_expired"
	AccountCancelled    AccountStatus = "cancelled"
	AccountPaymentHold  AccountStatus = "payment_hold"
)

// Account is a customer's account: the company that users belong to.
type Account struct {
	ID           string
	Name         string
	Status       AccountStatus
	GatewayIDs   []string // how ticket system and CRM know it (RULES S4.4)
	StatusReason string   // bad_credit, not_needed, malicious, unpaid, …
	Owner        string   // the address of the lead's or opportunity's owner
	CreatedAt    time.Time
	ClosedAt     time.Time
	Brand        string
}

// Open reports whether the account lets its members in.
func (a Account) Open() bool { return a.Status == AccountActive || a.Status == AccountTrial }

// MembershipStatus is the state of a user's place in an account.
type MembershipStatus string

// The states of a membership.
const (
	MembershipActive      MembershipStatus = "active"
	MembershipDeactivated MembershipStatus = "deactivated"
)

// Membership is a user's place in an account.
type Membership struct {
	UserID        string
	AccountID     string
	Role          string // admin or member
	Status        MembershipStatus
	DeactivatedBy string
	DeactivatedAt time.Time
	KeepsLogin    bool // may log in although deactivated (RULES S1.1)
}

// Place is a membership together with its account.
type Place struct {
	Membership
	Account Account
}

// LetsIn reports whether the user may log in by this membership: it is active
// or keeps its login, and its account is active or on trial.
func (p Place) LetsIn() bool {
	return (p.Status == MembershipActive || p.KeepsLogin) && p.Account.Open()
}
