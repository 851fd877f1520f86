package bot

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-bot/latchkey/actions"
)

// When somebody works, in their own time zone: from Monday to Friday, from the
// first hour up to the last.
const (
	workBegins = 8
	workEnds   = 18
)

// askAtOnce is how many people Slack is asked about at once.
const askAtOnce = 8

// Staff is what the use cases ask about the company's own people.
func (b *Bot) Staff() actions.Staff { return &staff{roster: b.roster, now: b.now} }

// staff answers from Slack.
type staff struct {
	roster *roster
	now    func() time.Time
}

// RolesOf returns the roles that somebody holds now, asked anew. Its error is
// Unavailable when Slack can't be asked.
func (s *staff) RolesOf(ctx context.Context, id string) (actions.Roles, error) {
	self, err := s.roster.whoami(ctx)
	if err != nil {
		return 0, err
	}
	return s.roster.rolesOf(ctx, self.Team, id, true)
}

// Leads returns the leads and admins who hold their role still, in the order of
// their IDs: those on duty, who are at Slack in their working hours, and the
// others. Somebody about whom Slack can't be asked is left out; when that is
// everybody, the error is Unavailable.
func (s *staff) Leads(ctx context.Context) (onDuty, others []string, err error) {
	if _, err := s.roster.whoami(ctx); err != nil {
		return nil, nil, err
	}
	ids := s.roster.leads()
	duties := make([]duty, len(ids))
	var failed error
	var mu sync.Mutex
	var all errgroup.Group
	all.SetLimit(askAtOnce)
	for i, id := range ids {
		all.Go(func() error {
			found, err := s.duty(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if duties[i] = found; err != nil {
				failed = err
			}
			return nil
		})
	}
	_ = all.Wait() // what failed for one is no error for the others
	for i, id := range ids {
		switch duties[i] {
		case working:
			onDuty = append(onDuty, id)
		case away:
			others = append(others, id)
		case gone: // is nobody to ask
		}
	}
	if onDuty == nil && others == nil && failed != nil {
		return nil, nil, failed
	}
	return onDuty, others, nil
}

// duty says whether somebody can be asked.
type duty uint8

const (
	gone    duty = iota // holds no role any more, or can't be looked up
	away                // not at work
	working             // at Slack, in their working hours
)

// duty looks somebody up. Who can't be asked whether they are there is not.
func (s *staff) duty(ctx context.Context, id string) (duty, error) {
	member, err := s.roster.members.get(ctx, id, false)
	if err != nil {
		return gone, s.roster.unavailable(ctx, err)
	}
	if self, err := s.roster.whoami(ctx); err != nil || !member.standsIn(self.Team) {
		return gone, err
	}
	if !worksAt(s.now(), member.Zone) {
		return away, nil
	}
	if s.present(ctx, id) {
		return working, nil
	}
	return away, nil
}

// present reports whether somebody is at Slack. They aren't while Slack doesn't
// say.
func (s *staff) present(ctx context.Context, id string) bool {
	active, err := s.roster.workspace.Presence(ctx, id)
	if err != nil {
		s.roster.log.WarnContext(ctx, "Slack doesn't say whether a lead is there, so they count as away", "lead", id, "error", err)
	}
	return active && err == nil
}

// worksAt reports whether a moment lies in the working hours of a time zone. It
// is a pure function.
func worksAt(now time.Time, zone *time.Location) bool {
	if zone == nil {
		zone = time.UTC
	}
	local := now.In(zone)
	weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
	return !weekend && local.Hour() >= workBegins && local.Hour() < workEnds
}

// leads are the IDs of those who are configured as leads or admins, sorted.
func (r *roster) leads() []string {
	leads := slices.Sorted(maps.Keys(r.users))
	return slices.DeleteFunc(leads, func(id string) bool { return !r.users[id].Has(actions.RoleLead) })
}
