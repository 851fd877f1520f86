package slackfake

import (
	"encoding/json"
	"slices"
)

// viewMade is a view as an app makes it.
type viewMade struct {
	fields map[string]any
	blocks []json.RawMessage
}

// opening is a new modal and who it is for: who did something less than three
// seconds ago.
func (s *Slack) opening(c call) (user string, made viewMade, wrong *refusal) {
	made, wrong = c.view("modal")
	if wrong != nil {
		return "", made, wrong
	}
	if s.taken(made, nil) {
		return "", made, refuse("duplicate_external_id")
	}
	user, code := s.exchange(c.text("trigger_id"))
	if code != "" {
		return "", made, refuse(code)
	}
	return user, made, nil
}

// viewsOpen is views.open: a modal, in place of all that was open.
func (s *Slack) viewsOpen(c call) (map[string]any, *refusal) {
	user, made, wrong := s.opening(c)
	if wrong != nil {
		return nil, wrong
	}
	d := s.desk(user)
	d.modals = nil
	return map[string]any{"view": s.push(d, user, made).sent(s)}, nil
}

// viewsPush is views.push: a modal on top of others.
func (s *Slack) viewsPush(c call) (map[string]any, *refusal) {
	user, made, wrong := s.opening(c)
	if wrong != nil {
		return nil, wrong
	}
	d := s.desk(user)
	switch {
	case len(d.modals) == 0:
		return nil, refuse("not_found")
	case len(d.modals) >= deepest:
		return nil, refuse("push_limit_reached")
	}
	return map[string]any{"view": s.push(d, user, made).sent(s)}, nil
}

// viewsUpdate is views.update: a modal that is open, by its ID or the app's
// own name for it, redrawn.
func (s *Slack) viewsUpdate(c call) (map[string]any, *refusal) {
	made, wrong := c.view("modal")
	if wrong != nil {
		return nil, wrong
	}
	v := s.find(c.text("view_id"), c.text("external_id"))
	switch {
	case v == nil:
		return nil, refuse("not_found")
	case c.text("hash") != "" && c.text("hash") != v.hash:
		return nil, refuse("hash_conflict")
	case s.taken(made, v):
		return nil, refuse("duplicate_external_id")
	}
	s.fill(v, made)
	return map[string]any{"view": v.sent(s)}, nil
}

// find is a modal that is open somewhere.
func (s *Slack) find(id, external string) *view {
	for _, d := range s.desks {
		i := slices.IndexFunc(d.modals, func(v *view) bool {
			return (id != "" && v.id == id) || (external != "" && v.str("external_id") == external)
		})
		if i >= 0 {
			return d.modals[i]
		}
	}
	return nil
}

// taken reports whether another view that is open has the app's own name for
// this one.
func (s *Slack) taken(made viewMade, own *view) bool {
	external, _ := made.fields["external_id"].(string)
	other := s.find("", external)
	return other != nil && other != own
}

// viewsPublish is views.publish: somebody's Home.
func (s *Slack) viewsPublish(c call) (map[string]any, *refusal) {
	made, wrong := c.view("home")
	if wrong != nil {
		return nil, wrong
	}
	user := c.text("user_id")
	if m, known := s.member(user); !known || m.Bot {
		return nil, refuse("invalid_arguments", "[ERROR] invalid `user_id` [json-pointer:/user_id]")
	}
	d := s.desk(user)
	if d.home == nil {
		d.home = s.newView(user)
	} else if c.text("hash") != "" && c.text("hash") != d.home.hash {
		return nil, refuse("hash_conflict")
	}
	s.fill(d.home, made)
	return map[string]any{"view": d.home.sent(s)}, nil
}
