package actions

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Retention is how long what grows is kept; zero: the default.
type Retention struct {
	Attempts time.Duration // attempts, and codes, deliveries, reset links, ended locks; 13 months
	Audit    time.Duration // 7 years
	Secrets  time.Duration // what is known of secrets and requests once they ended; 90 days
	Done     time.Duration // operations, approvals, mails; 90 days
	Cases    time.Duration // 400 days
	Admins   time.Duration // 400 days
}

// The units of how long something is kept. A month and a year are the longest, so that
// nothing goes before its time.
const (
	keptDay   = 24 * time.Hour
	keptMonth = 31 * keptDay
	keptYear  = 366 * keptDay
)

// orDefaults is the retention with the defaults for what isn't set.
func (r Retention) orDefaults() Retention {
	return Retention{
		Attempts: cmp.Or(r.Attempts, 13*keptMonth), Audit: cmp.Or(r.Audit, 7*keptYear), Secrets: cmp.Or(r.Secrets, doneMemory),
		Done: cmp.Or(r.Done, doneMemory), Cases: cmp.Or(r.Cases, caseMemory), Admins: cmp.Or(r.Admins, adminMemory),
	}
}

// retained says of what is kept how it is named, and how long it is kept at least.
var retained = map[string]struct {
	field func(*Retention) *time.Duration
	least time.Duration
}{
	"attempts":   {func(r *Retention) *time.Duration { return &r.Attempts }, 31 * keptDay},
	"audit":      {func(r *Retention) *time.Duration { return &r.Audit }, 365 * keptDay},
	"secrets":    {func(r *Retention) *time.Duration { return &r.Secrets }, keptDay},
	"operations": {func(r *Retention) *time.Duration { return &r.Done }, 7 * keptDay}, // longer than anything waits for somebody
	"cases":      {func(r *Retention) *time.Duration { return &r.Cases }, keptDay},
	"admins":     {func(r *Retention) *time.Duration { return &r.Admins }, keptDay},
}

// keptMost bounds what may be asked for: 100 years.
const keptMost = 100 * keptYear

// ParseRetention reads "attempts=13mo,audit=7y,secrets=90d", any of attempts, audit,
// secrets, operations, cases and admins, in days (d), months (mo) and years (y); what
// isn't named keeps its default. Its errors follow the name of a setting.
func ParseRetention(text string) (Retention, error) {
	var r Retention
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, given, _ := strings.Cut(part, "=")
		what, known := retained[strings.TrimSpace(name)]
		if !known {
			return Retention{}, fmt.Errorf("names %q, and knows attempts, audit, secrets, operations, cases and admins", strings.TrimSpace(name))
		}
		length, err := parseKept(strings.TrimSpace(given))
		switch {
		case err != nil:
			return Retention{}, fmt.Errorf("must say how long %s are kept as in %[1]s=90d, with d, mo or y", name)
		case length < what.least:
			return Retention{}, fmt.Errorf("keeps %s for less than %d days, which is the least", name, what.least/keptDay)
		case *what.field(&r) != 0:
			return Retention{}, fmt.Errorf("names %s twice", name)
		}
		*what.field(&r) = length
	}
	return r, nil
}

// parseKept reads a number and a unit.
func parseKept(text string) (time.Duration, error) {
	for unit, length := range map[string]time.Duration{"d": keptDay, "mo": keptMonth, "y": keptYear} {
		number, found := strings.CutSuffix(text, unit)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil || time.Duration(n) > keptMost/length {
			return 0, fmt.Errorf("%q is no length of time that can be kept", text)
		}
		return time.Duration(n) * length, nil
	}
	return 0, fmt.Errorf("%q has no unit", text)
}
