package actions

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Record is one record of an import: what it is, and where it came from.
type Record struct {
	// Body is one of Account, User, Membership, Lock, Attempt, LoginCode, Delivery,
	// ResetLink, Suppression, StaffNetwork, by value.
	Body any
	// Digest names the content of the record, so that the store can tell an
	// identical one from a changed one; 16 bytes, empty for attempts, which are
	// compared column by column.
	Digest []byte
	File   string // "-" for standard input
	Line   int    // from 1
	Source int    // which of the sources of the import, from 0
}

// Kind returns the wire name of the record's type: "account", "user", ….
func (r Record) Kind() string {
	switch r.Body.(type) {
	case Account:
		return "account"
	case User:
		return "user"
	case Membership:
		return "membership"
	case Lock:
		return "lock"
	case Attempt:
		return "attempt"
	case LoginCode:
		return "code"
	case Delivery:
		return "delivery"
	case ResetLink:
		return "reset_link"
	case Suppression:
		return "suppression"
	case StaffNetwork:
		return "staff_network"
	}
	return ""
}

// References returns the user and the account that the record points to, ""
// where it points to none.
func (r Record) References() (user, account string) {
	switch body := r.Body.(type) {
	case Membership:
		return body.UserID, body.AccountID
	case Lock:
		return body.UserID, ""
	case Attempt:
		return body.UserID, ""
	case LoginCode:
		return body.UserID, ""
	case Delivery:
		return body.UserID, ""
	case ResetLink:
		return body.UserID, ""
	}
	return "", ""
}

// Fingerprint names the content of an attempt that came without an ID.
func (a Attempt) Fingerprint() string {
	h := sha256.New()
	for _, field := range []string{
		strconv.FormatInt(a.At.UnixMicro(), 10), a.Identifier, string(a.Outcome), a.UserID, a.IP, a.Country, a.ASN,
		a.DeviceID, a.UserAgent, strconv.FormatBool(a.VPN), a.Resource,
	} {
		h.Write([]byte(strconv.Itoa(len(field)) + ":" + field))
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// MadeID returns the ID of an attempt that came without one: made of its
// content and its position among equal ones of the same instant, so that
// sending it again doesn't count it twice (IMPORT.md).
func MadeID(fingerprint string, position int) string {
	return strings.Join([]string{"made", fingerprint, strconv.Itoa(position)}, "-")
}

// BadLine is a line that isn't a record. It is an error for the person who
// made the file: it names file, line and field, and never shows the content.
type BadLine struct {
	File    string // "-" for standard input
	Line    int    // from 1
	Field   string // "" when the whole line is bad
	Problem string // what is wrong, in words that follow the field
}

// Error says where and what.
func (b *BadLine) Error() string {
	file := b.File
	if file == "-" {
		file = "standard input"
	}
	if b.Field == "" {
		return fmt.Sprintf("%s, line %d: %s", file, b.Line, b.Problem)
	}
	return fmt.Sprintf("%s, line %d, field %q: %s", file, b.Line, b.Field, b.Problem)
}
