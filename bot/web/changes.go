package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// ChangeFeed knows what was written to the directory. actions.Actions is one.
type ChangeFeed interface {
	Doorkeeper
	// ChangesAfter returns the changes of a number greater than after, in order,
	// and whether there are more. Those up to after are acknowledged.
	ChangesAfter(ctx context.Context, holder actions.TokenHolder, after int64) (changes []actions.Recorded, more bool, err error)
}

// errNotAfter is why an after isn't one.
var errNotAfter = &refusal{
	status:   http.StatusBadRequest,
	Sentence: "after is the seq of the last change that you have carried out: one whole number, 0 before the first.",
}

// Changes answers GET /v1/changes?after=SEQ, by which the product learns of every
// write and carries it out on its own side. It needs a token of the scope
// changes.
//
// 200 says {"changes": [{"seq", "id", "at", "kind", "user_id", …}], "more"}; see
// [actions.ChangeKind] for the kinds. What belongs to a kind stands beside it:
// "locks", "email", "mobile", "password_hash" (argon2id), "user" and
// "memberships", the last two as in an import.
//
// Delivery is at least once, and in order. To ask for what comes after N is to
// say that everything up to N was carried out; so ask with the last seq that
// was, not with the last that was read. The id of a change stays the same: who
// has seen it has nothing more to do. Without after the first change is first,
// and nothing is acknowledged. 400 says what is wrong with after; 401 and 403
// say no more; unexpected errors go to log.
func Changes(feed ChangeFeed, log *slog.Logger) http.Handler {
	return &desk{
		door: feed, scope: actions.ScopeChanges, method: http.MethodGet, log: log, failed: "changes could not be told",
		serve: func(_ http.ResponseWriter, r *http.Request, holder actions.TokenHolder) (any, error) {
			after, err := afterOf(r)
			if err != nil {
				return nil, err
			}
			recorded, more, err := feed.ChangesAfter(r.Context(), holder, after)
			if err != nil {
				return nil, err
			}
			return toldChanges{changesOf(recorded), more}, nil
		},
	}
}

// afterOf reads the after of a request.
func afterOf(r *http.Request) (int64, error) {
	given := r.URL.Query()["after"]
	if len(given) == 0 {
		return 0, nil
	}
	after, err := strconv.ParseInt(given[0], 10, 64)
	if err != nil || after < 0 || len(given) > 1 || strconv.FormatInt(after, 10) != given[0] {
		return 0, errNotAfter
	}
	return after, nil
}

// toldChanges is the answer.
type toldChanges struct {
	Changes []toldChange `json:"changes"`
	More    bool         `json:"more"`
}

// toldChange is a change as the product reads it.
type toldChange struct {
	Seq          int64              `json:"seq"`
	ID           string             `json:"id"`
	At           time.Time          `json:"at"`
	Kind         actions.ChangeKind `json:"kind"`
	UserID       string             `json:"user_id"`
	Locks        []actions.LockKind `json:"locks,omitempty"`
	Email        string             `json:"email,omitempty"`
	Mobile       string             `json:"mobile,omitempty"`
	PasswordHash string             `json:"password_hash,omitempty"`
	User         *toldUser          `json:"user,omitempty"`
	Memberships  []toldMembership   `json:"memberships,omitempty"`
}

func changesOf(recorded []actions.Recorded) []toldChange {
	told := make([]toldChange, len(recorded))
	for i, r := range recorded {
		c := r.Change
		told[i] = toldChange{
			Seq: r.Seq, ID: c.ID, At: c.At, Kind: c.Kind, UserID: c.UserID, Locks: locksOf(c), Email: c.Email, Mobile: c.Mobile,
			PasswordHash: c.PasswordHash, User: userOf(c.User), Memberships: membershipsOf(c.Memberships),
		}
	}
	return told
}

// locksOf is the kinds of lock that are released: to the product, whose locks
// they are, one that we could only infer is one like the others.
func locksOf(c actions.Change) []actions.LockKind {
	if c.Indicated == "" || slices.Contains(c.Locks, c.Indicated) {
		return c.Locks
	}
	return append(slices.Clone(c.Locks), c.Indicated)
}

// toldUser is a user as in an import.
type toldUser struct {
	ID               string             `json:"id"`
	Username         string             `json:"username"`
	Status           actions.UserStatus `json:"status"`
	Email            string             `json:"email,omitempty"`
	EmailVerified    bool               `json:"email_verified,omitempty"`
	Mobile           string             `json:"mobile,omitempty"`
	MobileVerified   bool               `json:"mobile_verified,omitempty"`
	FirstName        string             `json:"first_name,omitempty"`
	LastName         string             `json:"last_name,omitempty"`
	DisabledReason   string             `json:"disabled_reason,omitempty"`
	ExpiresAt        time.Time          `json:"expires_at,omitzero"`
	HasPassword      bool               `json:"has_password"` // always: without it, it would be true
	LoginMethods     []string           `json:"login_methods,omitempty"`
	MustReset        bool               `json:"must_reset,omitempty"`
	OptedOut         []actions.Channel  `json:"opted_out,omitempty"`
	LastLoginAt      time.Time          `json:"last_login_at,omitzero"`
	CreatedAt        time.Time          `json:"created_at,omitzero"`
	Protected        bool               `json:"protected,omitempty"`
	Locale           string             `json:"locale,omitempty"`
	ContactChangedAt time.Time          `json:"contact_changed_at,omitzero"`
}

func userOf(u *actions.User) *toldUser {
	if u == nil {
		return nil
	}
	told := toldUser(*u)
	return &told
}

// toldMembership is a membership as in an import.
type toldMembership struct {
	UserID        string                   `json:"user_id"`
	AccountID     string                   `json:"account_id"`
	Role          string                   `json:"role"`
	Status        actions.MembershipStatus `json:"status"`
	DeactivatedBy string                   `json:"deactivated_by,omitempty"`
	DeactivatedAt time.Time                `json:"deactivated_at,omitzero"`
	KeepsLogin    bool                     `json:"keeps_login,omitempty"`
}

func membershipsOf(memberships []actions.Membership) []toldMembership {
	told := make([]toldMembership, len(memberships))
	for i, m := range memberships {
		told[i] = toldMembership(m)
	}
	return told
}
