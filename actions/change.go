package actions

import (
	"context"
	"slices"
	"time"
)

// ChangeKind names what a write does to a user. `GET /v1/changes` says it by
// that name to the product.
type ChangeKind string

// The kinds of change.
const (
	// ChangeUnlocked releases open locks of Change.Locks, or, when the lock was
	// only indicated, writes one of the kind Change.Indicated from Change.Since
	// on and releases it at once (RULES S4.6).
	ChangeUnlocked ChangeKind = "unlocked"
	ChangeDisabled ChangeKind = "disabled"
	// ChangeEnabled makes a disabled user active and releases open locks of
	// Change.Locks (RULES S4.3).
	ChangeEnabled ChangeKind = "enabled"
	// ChangeContact replaces what of Email and Mobile isn't empty, as confirmed by
	// its owner (RULES S4.12).
	ChangeContact ChangeKind = "contact_changed"
	// ChangePasswordSet replaces the password by the one of PasswordHash (argon2id);
	// it must be changed at the next login.
	ChangePasswordSet ChangeKind = "password_set"
	ChangeSessions    ChangeKind = "sessions_revoked" // ends every session
	ChangeFactor      ChangeKind = "factor_reset"     // the second factor is set up anew at the next login
	ChangeInvited     ChangeKind = "invited"          // the invitation is good again
	// ChangeDeleted deletes the user; ChangeCreated makes Change.User with the
	// memberships Change.Places (RULES S4.7).
	ChangeDeleted ChangeKind = "user_deleted"
	ChangeCreated ChangeKind = "user_created"
	// ChangeDelisted takes Email, the user's own address, off every list of the system
	// that holds mail back, but "unsubscribe", which is the customer's wish (RULES S2.2).
	ChangeDelisted ChangeKind = "delisted"
	// ChangeAdminMade makes the temporary admin Change.User, with the memberships
	// Change.Memberships and the password of PasswordHash; the same user again gets
	// this password. ChangeAdminDeleted deletes it (RULES S3.5).
	ChangeAdminMade    ChangeKind = "temp_admin_made"
	ChangeAdminDeleted ChangeKind = "temp_admin_deleted"
	// ChangeAdminChecked changes nothing: a target shows the temporary admin, and that
	// it is an administrator. It names a step, and no directory makes it.
	ChangeAdminChecked ChangeKind = "temp_admin_checked"
)

// Change is a write to the directory.
type Change struct {
	// ID names the write: the same again has no second effect. It is the ID of the
	// operation and the name of the step.
	ID     string
	Kind   ChangeKind
	UserID string
	At     time.Time

	Locks        []LockKind   `json:",omitempty"` // of unlocked and enabled
	Indicated    LockKind     `json:",omitempty"` // of unlocked; "" when locks are open
	Since        time.Time    `json:",omitzero"`  // of Indicated
	Email        string       `json:",omitempty"` // of contact_changed and delisted
	Mobile       string       `json:",omitempty"` // of contact_changed
	PasswordHash string       `json:",omitempty"` // of password_set and temp_admin_made: argon2id in PHC form
	User         *User        `json:",omitempty"` // of user_created and temp_admin_made
	Memberships  []Membership `json:",omitempty"` // of user_created and temp_admin_made
}

// Recorded is a change as the product learns of it, in the order of Seq.
type Recorded struct {
	Seq    int64
	Change Change
}

// Can reports whether the directory can make changes of a kind.
func (a Abilities) Can(kind ChangeKind) bool { return slices.Contains(a.Changes, kind) }

// ChangeReads is how the product learns of changes.
type ChangeReads interface {
	// Changes returns the changes of Seq greater than after, in order, at most
	// limit, and whether there are more. Those up to after are acknowledged.
	Changes(ctx context.Context, after int64, limit int) (changes []Recorded, more bool, err error)
}
