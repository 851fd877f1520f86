package actions

import (
	"cmp"
	"net/netip"
	"time"
)

// Outcome is how a login attempt ended.
type Outcome string

// The outcomes of an attempt (IMPORT.md).
const (
	Success         Outcome = "success"
	WrongPassword   Outcome = "wrong_password"
	UnknownUsername Outcome = "unknown_username"
	LockedOut       Outcome = "locked"
	DisabledOut     Outcome = "disabled"
	ExpiredOut      Outcome = "expired"
	PaymentHold     Outcome = "payment_hold"
	Shared          Outcome = "shared"
	IPBlocked       Outcome = "ip_blocked"
	PasswordExpired Outcome = "password_expired"
	WrongMethod     Outcome = "wrong_method"
	MFAFailed       Outcome = "mfa_failed"
	CodeWrong       Outcome = "code_wrong"
	CodeExpired     Outcome = "code_expired"
	CodeSuperseded  Outcome = "code_superseded"
	NotPublished    Outcome = "not_published"
)

// Outcomes lists every outcome, success first.
var Outcomes = []Outcome{
	Success, WrongPassword, UnknownUsername, LockedOut, DisabledOut, ExpiredOut, PaymentHold, Shared, IPBlocked,
	PasswordExpired, WrongMethod, MFAFailed, CodeWrong, CodeExpired, CodeSuperseded, NotPublished,
}

// Attempt is one attempt to log in. Its identity is ID together with At.
type Attempt struct {
	ID         string
	At         time.Time
	Identifier string // as the customer typed it, untrimmed
	Outcome    Outcome
	UserID     string // empty: matched by Identifier
	IP         string // as given; see Addr
	Country    string // ISO 3166-1 alpha-2
	ASN        string
	DeviceID   string
	UserAgent  string
	VPN        bool // an unknown VPN is none
	Resource   string

	// Seq is the place in the order of import: of two attempts at the same
	// instant the one with the higher Seq is the newer. The store sets it.
	Seq int64
}

// Failed reports whether the attempt is a failure: anything but a success.
func (a Attempt) Failed() bool { return a.Outcome != Success }

// Addr returns the address of the attempt, mapped IPv4 as IPv4; the zero Addr
// when there is none, or none that can be read.
func (a Attempt) Addr() netip.Addr {
	addr, err := netip.ParseAddr(a.IP)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// Network returns the network of the attempt: /24 of IPv4, /48 of IPv6; the
// zero Prefix when there is no address.
func (a Attempt) Network() netip.Prefix { return NetworkOf(a.Addr()) }

// Compare orders attempts by age: negative when a is older than b. At the same
// instant the later imported is the newer.
func (a Attempt) Compare(b Attempt) int {
	if c := a.At.Compare(b.At); c != 0 {
		return c
	}
	return cmp.Compare(a.Seq, b.Seq)
}
