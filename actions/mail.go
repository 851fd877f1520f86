package actions

import "time"

// LoginCode is a confirmation code that was sent to a user (RULES S2). The code
// itself is never known here.
type LoginCode struct {
	ID        string
	UserID    string
	Channel   Channel
	Address   string
	SentAt    time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
	Seq       int64 // place in the order of import
}

// DeliveryKind says what was sent.
type DeliveryKind string

// The kinds of delivery.
const (
	DeliveryPasswordReset DeliveryKind = "password_reset"
	DeliveryUsername      DeliveryKind = "username"
	DeliveryLoginLink     DeliveryKind = "login_link"
	DeliveryCode          DeliveryKind = "code"
	DeliveryNotice        DeliveryKind = "notice"
)

// DeliveryStatus says how far a delivery came.
type DeliveryStatus string

// The states of a delivery.
const (
	Queued     DeliveryStatus = "queued"
	Sent       DeliveryStatus = "sent"
	Delivered  DeliveryStatus = "delivered"
	Opened     DeliveryStatus = "opened"
	Deferred   DeliveryStatus = "deferred"
	Bounced    DeliveryStatus = "bounced"
	Complained DeliveryStatus = "complained"
	Suppressed DeliveryStatus = "suppressed"
	Failed     DeliveryStatus = "failed"
)

// Delivery is a mail or a text on its way to an address. It belongs to whoever
// has the address.
type Delivery struct {
	ID      string
	Address string
	Kind    DeliveryKind
	Status  DeliveryStatus
	At      time.Time
	UserID  string
	Detail  string
	Seq     int64 // place in the order of import
}

// ResetLink is a password-reset link that was sent to a user. The link itself
// is never known here.
type ResetLink struct {
	ID        string
	UserID    string
	SentAt    time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
	UsedIP    string
	Seq       int64 // place in the order of import
}

// SuppressionList is a list of addresses that get no mail.
type SuppressionList string

// The suppression lists.
const (
	ListBounce      SuppressionList = "bounce"
	ListComplaint   SuppressionList = "complaint"
	ListUnsubscribe SuppressionList = "unsubscribe"
	ListBlock       SuppressionList = "block"
	ListGlobal      SuppressionList = "global"
)

// Suppression says that an address stands on a list. Its identity is Address
// together with List.
type Suppression struct {
	Address string
	List    SuppressionList
	Since   time.Time
	Reason  string
}
