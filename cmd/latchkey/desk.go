package main

import (
	"cmp"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/ses"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store"
)

// openDesk opens the desk at which cases are escalated, with the usual service
// levels, around the clock, and the directory's own lists.
func openDesk(a *actions.Actions, st *store.Store) *escalation.Desk {
	d := &escalation.Desk{Actions: a, Store: st, Levels: escalation.DefaultLevels()}
	a.Lists, a.Ended = []actions.Suppressions{st}, d.Ended
	return d
}

// timing is what cases are timed by.
type timing struct {
	hours  escalation.Hours
	levels escalation.Levels
}

// zone is the team's time zone.
func (h *Hours) zone() (*time.Location, error) {
	if err := verify(check{"LATCHKEY_TIMEZONE", h.Timezone, zone}); err != nil {
		return nil, err
	}
	return time.LoadLocation(h.Timezone)
}

// hours are when the team works.
func (h *Hours) hours() (escalation.Hours, error) {
	err := verify(check{"LATCHKEY_WORKING_HOURS", h.WorkingHours, workingHours}, check{"LATCHKEY_HOLIDAYS", h.Holidays, holidays})
	if err != nil {
		return escalation.Hours{}, err
	}
	zone, err := h.zone()
	if err != nil {
		return escalation.Hours{}, err
	}
	return escalation.ParseHours(cmp.Or(h.WorkingHours, usualHours), h.Holidays, zone)
}

// timing reads it.
func (c *Config) timing() (t timing, err error) {
	if t.hours, err = c.hours(); err != nil {
		return timing{}, err
	}
	if err := verify(check{"LATCHKEY_SERVICE_LEVELS", c.ServiceLevels, serviceLevels}); err != nil {
		return timing{}, err
	}
	t.levels, err = escalation.ParseLevels(c.ServiceLevels)
	return t, err
}

// lists are the systems besides the directory's own that hold mail back from
// addresses. Errors show no secret.
func (s *SES) lists() ([]actions.Suppressions, error) {
	if s.SESRegion == "" {
		return nil, nil
	}
	client, err := ses.New(ses.Config{
		Region: s.SESRegion, AccessKeyID: s.SESAccessKeyID, SecretAccessKey: s.SESSecretAccessKey, SessionToken: s.SESSessionToken, URL: s.SESURL,
	})
	if err != nil {
		return nil, usagef("LATCHKEY_SES_REGION, _ACCESS_KEY_ID, _SECRET_ACCESS_KEY, _SESSION_TOKEN and _URL can't be used: %v.", err)
	}
	return []actions.Suppressions{client}, nil
}

// staff gives the desk what it goes by, and where L2 and the leads are.
func (c *Config) staff(d *escalation.Desk, t timing) {
	d.Hours, d.Levels, d.Channel, d.Leads = t.hours, t.levels, c.L2Channel, c.LeadsChannel
}
