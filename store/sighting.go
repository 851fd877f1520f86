package store

import (
	"context"
	"time"
)

const (
	// codeDistance is how far from a code's use a success belongs to it.
	codeDistance = 5 * time.Minute
	// deviceLimit is how many devices are looked at, sightingLimit how many of
	// the oldest attempts with each.
	deviceLimit, sightingLimit = 50, 20
)

// sightings reads the oldest attempts with each device that a success near a
// code came from: was it known before?
func (s userSection) sightings(ctx context.Context) error {
	var u union
	to := u.arg(at(s.At))
	customers := customersOf(s.who)
	for _, device := range s.codeDevices() {
		place := u.arg(device)
		for _, who := range customers {
			u.add(`SELECT %s FROM attempts WHERE %s = %s AND device_id = %s AND at <= %s ORDER BY at LIMIT %d`,
				attemptColumns, customerColumn, u.arg(who), place, to, sightingLimit)
		}
	}
	if len(u.branches) == 0 {
		return nil
	}
	var rows []attemptRow
	err := s.q.SelectContext(ctx, &rows, u.query("at, seq", sightingLimit*len(u.branches)), u.args...)
	s.Sightings = attemptsOf(rows, s.mine)
	return failed("looking when the user's devices were first seen", err)
}

// codeDevices are the devices of successes near the use of a recent code.
func (s userSection) codeDevices() []string {
	var devices []string
	seen := map[string]bool{"": true}
	for _, success := range s.Successes {
		if seen[success.DeviceID] || !s.counts(success) || !s.nearCode(success.At) {
			continue
		}
		seen[success.DeviceID] = true
		if devices = append(devices, success.DeviceID); len(devices) == deviceLimit {
			break
		}
	}
	return devices
}

// nearCode reports whether a code was used near that moment, and recently.
func (s userSection) nearCode(moment time.Time) bool {
	for _, code := range s.Codes {
		if code.UsedAt.After(s.recent()) && !code.UsedAt.After(s.At) && moment.Sub(code.UsedAt).Abs() <= codeDistance {
			return true
		}
	}
	return false
}
