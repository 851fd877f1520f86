package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Submission is a modal that somebody submits: what they put into its inputs,
// by block_id and action_id.
type Submission struct {
	User   string
	View   string
	Values map[string]map[string]string
}

// Submit sends a modal, signed, and shows what the app answers: errors at the
// inputs, another view, or the end of it. What Slack itself doesn't take, such
// as a required input left empty, is shown at once and isn't sent.
func (a *App) Submit(ctx context.Context, c Submission) (*Answer, error) {
	s := a.slack
	payload, err := a.submitted(c)
	if err != nil {
		return nil, err
	}
	if payload == nil {
		return &Answer{Failed: "invalid_input"}, nil
	}
	answer, err := a.interact(ctx, payload, "")
	if err != nil {
		return nil, err
	}
	answer.Message, answer.Refused = nil, ""
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.find(c.View, ""); v != nil {
		s.follow(v, answer)
	}
	return answer, nil
}

// submitted is the payload of a submission; nil when Slack's own check shows
// errors.
func (a *App) submitted(c Submission) (map[string]any, error) {
	s := a.slack
	trigger := s.newTrigger(c.User, "")
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.desk(c.User).open(c.View)
	if v == nil {
		return nil, fmt.Errorf("slackfake: %s has no modal %q on top", c.User, c.View)
	}
	v.keep(c.Values)
	s.correct(v, s.invalid(v), "")
	if len(v.errors) > 0 {
		return nil, nil
	}
	payload := s.envelope("view_submission", c.User, "")
	payload["trigger_id"], payload["view"], payload["response_urls"] = trigger, v.sent(s), []any{}
	return payload, nil
}

// follow does what the app says to a submission.
func (s *Slack) follow(v *view, answer *Answer) {
	if answer.Failed != "" {
		s.correct(v, nil, troubled)
		return
	}
	d := s.desk(v.user)
	if len(strings.TrimSpace(string(answer.Body))) == 0 {
		s.finish(d, v)
		return
	}
	var said struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if err := json.Unmarshal(answer.Body, &said); err != nil {
		answer.Refused = "invalid_json"
		s.correct(v, nil, troubled)
		return
	}
	if answer.Refused = s.react(d, v, said.Action, said.Errors, said.View); answer.Refused != "" {
		s.correct(v, nil, troubled)
	}
}

// react does one response_action; it returns why it can't.
func (s *Slack) react(d *desk, v *view, action string, errors map[string]string, raw json.RawMessage) string {
	switch action {
	case "clear":
		d.modals = nil
		s.change()
	case "":
		s.finish(d, v)
	case "errors":
		if !v.hasInputs(errors) {
			return "invalid_errors"
		}
		s.correct(v, errors, "")
	case "update", "push":
		made, wrong := readView(raw, "modal")
		if wrong != nil {
			return wrong.String()
		}
		if action == "update" {
			s.fill(v, made)
			return ""
		}
		if len(d.modals) >= deepest {
			return "push_limit_reached"
		}
		s.push(d, v.user, made)
	default:
		return "invalid_response_action"
	}
	return ""
}

// CloseModal lets somebody close the modal on top. The app hears of it when the
// view says so.
func (a *App) CloseModal(ctx context.Context, user, view string) (*Answer, error) {
	payload, err := a.closed(user, view)
	if err != nil {
		return nil, err
	}
	if payload == nil {
		return &Answer{Status: http.StatusOK}, nil
	}
	answer, err := a.interact(ctx, payload, "")
	if err != nil {
		return nil, err
	}
	answer.Message, answer.Refused = nil, ""
	return answer, nil
}

// closed closes a modal; the payload is nil when the app needn't hear of it.
func (a *App) closed(user, id string) (map[string]any, error) {
	s := a.slack
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.desk(user)
	v := d.open(id)
	if v == nil {
		return nil, fmt.Errorf("slackfake: %s has no modal %q on top", user, id)
	}
	s.finish(d, v)
	if !v.is("notify_on_close") {
		return nil, nil
	}
	payload := s.envelope("view_closed", user, "")
	payload["view"], payload["is_cleared"] = v.sent(s), false
	return payload, nil
}
