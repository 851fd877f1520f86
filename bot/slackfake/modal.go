package slackfake

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// troubled is what a modal says when the app didn't answer it.
const troubled = "We had some trouble connecting. Try again?"

// deepest is how many modals stand on each other: one, and two pushed on it.
const deepest = 3

// desk is what one person has open.
type desk struct {
	modals []*view // the last one is on top
	home   *view
}

// desk is somebody's desk.
func (s *Slack) desk(user string) *desk {
	if s.desks[user] == nil {
		s.desks[user] = &desk{}
	}
	return s.desks[user]
}

// open is the modal on top when it is the one that is meant, else nil.
func (d *desk) open(id string) *view {
	if n := len(d.modals); n > 0 && d.modals[n-1].id == id {
		return d.modals[n-1]
	}
	return nil
}

// view is a modal or a Home.
type view struct {
	id, hash       string
	user           string
	root, previous string // IDs of views in the stack
	fields         map[string]any
	blocks         []json.RawMessage
	typed          map[string]map[string]string // what was put in, by block_id and action_id
	errors         map[string]string
	trouble        string
}

// newView is a view of somebody, still empty.
func (s *Slack) newView(user string) *view {
	s.serial++
	id := fmt.Sprintf("V%06d", s.serial)
	return &view{id: id, root: id, user: user}
}

// fill puts into a view what an app made.
func (s *Slack) fill(v *view, made viewMade) {
	v.fields, v.blocks = made.fields, s.named(made.blocks)
	v.typed = v.standing()
	s.serial++
	v.hash = fmt.Sprintf("%d.%s", s.serial, v.id)
	v.errors, v.trouble = nil, ""
	if made.fields["type"] == "home" {
		s.tellView(Published, v)
	} else {
		s.tellView(Opened, v)
	}
	s.change()
}

// correct shows errors at the inputs of a modal, or that all of it failed.
func (s *Slack) correct(v *view, errors map[string]string, trouble string) {
	v.errors, v.trouble = errors, trouble
	if len(errors) > 0 || trouble != "" {
		s.tellView(Corrected, v)
	}
	s.change()
}

// push puts a new modal on top of somebody's others.
func (s *Slack) push(d *desk, user string, made viewMade) *view {
	v := s.newView(user)
	if n := len(d.modals); n > 0 {
		v.root, v.previous = d.modals[0].id, d.modals[n-1].id
	}
	d.modals = append(d.modals, v)
	s.fill(v, made)
	return v
}

// finish closes a modal, wherever it stands.
func (s *Slack) finish(d *desk, v *view) {
	d.modals = slices.DeleteFunc(d.modals, func(open *view) bool { return open == v })
	s.change()
}

func (v *view) str(field string) string {
	value, _ := v.fields[field].(string)
	return value
}

func (v *view) label(field string) string {
	object, _ := v.fields[field].(map[string]any)
	label, _ := object["text"].(string)
	return label
}

func (v *view) is(field string) bool { return v.fields[field] == true }

func (v *view) shown() Modal {
	return Modal{
		ID: v.id, CallbackID: v.str("callback_id"), Title: v.label("title"), Submit: v.label("submit"),
		Close: or(v.label("close"), "Cancel"), Blocks: list(v.blocks), Values: v.standing(), Errors: maps.Clone(v.errors), Trouble: v.trouble,
	}
}

// sent is the view as Slack sends it to the app, with what stands in it.
func (v *view) sent(s *Slack) map[string]any {
	sent := map[string]any{
		"private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": false, "notify_on_close": false,
		"title": nil, "submit": nil, "close": nil,
	}
	maps.Copy(sent, v.fields)
	maps.Copy(sent, map[string]any{
		"id": v.id, "team_id": s.config.Team, "app_id": appID, "app_installed_team_id": s.config.Team, "bot_id": botID,
		"blocks": v.blocks, "hash": v.hash, "root_view_id": v.root, "previous_view_id": nil,
		"state": map[string]any{"values": v.state()},
	})
	if v.previous != "" {
		sent["previous_view_id"] = v.previous
	}
	return sent
}
