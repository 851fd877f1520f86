package blocks

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// LockoutRef is the value of a button that leads to a list behind a number:
// "FIRST+N|ACCOUNT|LIST|OFFSET", in which nothing but the account's ID is a record's.
func LockoutRef(asked actions.Lockouts, list actions.LockoutList, offset int) string {
	return asked.Days.First + "+" + strconv.Itoa(asked.Days.N) + "|" + asked.Account + "|" + string(list) + "|" + strconv.Itoa(offset)
}

// The bounds of what a button of ours carries.
const (
	refDays   = 400
	refOffset = 10_000_000
)

// refParts are what [LockoutRef] makes. An account's ID may have any sign in it.
var refParts = regexp.MustCompile(`(?s)^(\d{4}-\d\d-\d\d)\+(\d{1,3})\|(.*)\|([a-z_:]{1,60})\|(\d{1,8})$`)

// ReadLockoutRef reads what [LockoutRef] made; ok is false for anything else.
func ReadLockoutRef(value string) (asked actions.Lockouts, list actions.LockoutList, offset int, ok bool) {
	parts := refParts.FindStringSubmatch(value)
	if parts == nil {
		return asked, "", 0, false
	}
	days, okDays := readRefDays(parts[1], parts[2])
	offset, okOffset := bounded(parts[5], 0, refOffset)
	if list = actions.LockoutList(parts[4]); !okDays || !okOffset || !knownList(list) {
		return asked, "", 0, false
	}
	return actions.Lockouts{Days: days, Account: parts[3]}, list, offset, true
}

// readRefDays reads the days that a list is about.
func readRefDays(first, digits string) (days actions.Days, ok bool) {
	_, err := time.Parse(time.DateOnly, first)
	n, ok := bounded(digits, 1, refDays)
	if err != nil || !ok {
		return actions.Days{}, false
	}
	return actions.Days{First: first, N: n}, true
}

// bounded reads a number between two others.
func bounded(digits string, least, most int) (n int, ok bool) {
	n, err := strconv.Atoi(digits)
	return n, err == nil && n >= least && n <= most
}

// knownList reports whether there is such a list.
func knownList(list actions.LockoutList) bool {
	if cause, is := strings.CutPrefix(string(list), string(actions.ListCause)); is {
		return cause != "" && !strings.Contains(cause, ":")
	}
	return listTitles[list] != ""
}
