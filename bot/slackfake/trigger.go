package slackfake

import (
	"fmt"
	"maps"
	"time"
)

// triggerLife is how long a trigger_id can be exchanged for a view.
const triggerLife = 3 * time.Second

// trigger is a trigger_id that was given out.
type trigger struct {
	user string
	made time.Time
	used bool
}

// newTrigger gives out a trigger_id for what somebody did. id is its name,
// empty for a new one.
func (s *Slack) newTrigger(user, id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" {
		s.serial++
		id = fmt.Sprintf("%d.%d.trigger", s.config.Wire().UnixNano(), s.serial)
	}
	s.sweep()
	if s.triggers[id] == nil {
		s.triggers[id] = &trigger{user: user, made: s.config.Wire()}
	}
	return id
}

// keep is how many triggers and response URLs are kept, however old.
const keep = 1000

// sweep forgets what nobody can use any more, once there is much of it: a demo
// may run for days.
func (s *Slack) sweep() {
	before := s.config.Wire().Add(-2 * responseLife)
	if len(s.triggers) > keep {
		maps.DeleteFunc(s.triggers, func(_ string, t *trigger) bool { return t.made.Before(before) })
	}
	if len(s.responses) > keep {
		maps.DeleteFunc(s.responses, func(_ string, r *response) bool { return r.made.Before(before) })
	}
}

// exchange takes a trigger_id once; code says why it can't be.
func (s *Slack) exchange(id string) (user, code string) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return "", "invalid_trigger_id"
	case t.used:
		return "", "exchanged_trigger_id"
	case s.config.Wire().Sub(t.made) > triggerLife:
		return "", "expired_trigger_id"
	}
	t.used = true
	return t.user, ""
}
