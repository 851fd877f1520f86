package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// Click is a button that somebody clicks. With a Message or a View, the button
// must be there; without both, the click is one on something that nobody shows
// any more.
type Click struct {
	User    string
	Team    string // empty: this workspace
	Channel string // empty: "C0SUPPORT"
	Message string // the TS of the message
	View    string // the ID of the modal on top, or "home"
	Block   string // the block_id, where the action stands in several; empty: the first one
	Action  string
	Value   string // empty: the button's own
	Trigger string // empty: a new one
	// Values are what stands in the inputs of the view: by block_id and action_id.
	Values map[string]map[string]string
}

// Click sends a click, signed. What the app answers in the body is ignored, as
// Slack does: it must post to the response URL.
func (a *App) Click(ctx context.Context, c Click) (*Answer, error) {
	send, err := a.HoldClick(c)
	if err != nil {
		return nil, err
	}
	return send(ctx)
}

// HoldClick clicks now, on what stands there now, and keeps the click until it is
// sent: for two people who click at once, and for one whose click arrives after
// the message was changed or deleted.
func (a *App) HoldClick(c Click) (send func(context.Context) (*Answer, error), err error) {
	payload, address, err := a.clicked(c)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (*Answer, error) {
		answer, err := a.interactUnheard(ctx, payload, address)
		if err != nil {
			return nil, err
		}
		a.slack.failed(c, answer.Failed)
		return answer, nil
	}, nil
}

// failed shows that the app didn't take a click.
func (s *Slack) failed(c Click, why string) {
	if why == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.desk(c.User).open(c.View); v != nil {
		s.correct(v, nil, troubled)
		return
	}
	if in := s.channel(or(c.Channel, "C0SUPPORT")); in != nil && c.View == "" {
		s.write(in, message{user: Slackbot, to: c.User, text: fmt.Sprintf("The button failed with the error %q", why)})
	}
}

// clicked is the payload of a click and its response URL.
func (a *App) clicked(c Click) (payload map[string]any, address string, err error) {
	s := a.slack
	trigger := s.newTrigger(c.User, c.Trigger)
	s.mu.Lock()
	defer s.mu.Unlock()
	payload = s.envelope("block_actions", c.User, c.Team)
	payload["trigger_id"] = trigger
	if c.View != "" {
		return payload, "", s.clickedView(payload, c)
	}
	in, err := s.place(or(c.Channel, "C0SUPPORT"), "support", c.User)
	if err != nil {
		return nil, "", err
	}
	payload["channel"] = map[string]any{"id": in.ID, "name": in.sentName()}
	address = s.newResponse(c.User, in, c.Message)
	payload["response_url"] = address
	if c.Message == "" {
		payload["container"] = map[string]any{"type": "message", "is_ephemeral": true}
		payload["actions"] = []any{map[string]any{"type": "button", "action_id": c.Action, "block_id": "b", "value": c.Value, "action_ts": s.newTS()}}
		return payload, address, nil
	}
	return payload, address, s.clickedMessage(payload, in, c)
}

func (s *Slack) clickedMessage(payload map[string]any, in *channel, c Click) error {
	m := in.message(c.Message, c.User)
	if m == nil {
		return fmt.Errorf("slackfake: %s sees no message %s in %s", c.User, c.Message, in.ID)
	}
	action, err := s.pressed(m.blocks, c)
	if err != nil {
		return err
	}
	container := map[string]any{"type": "message", "message_ts": m.ts, "channel_id": in.ID, "is_ephemeral": m.to != ""}
	if m.thread != "" {
		container["thread_ts"] = m.thread
	}
	payload["container"], payload["actions"] = container, []any{action}
	payload["state"] = map[string]any{"values": map[string]any{}}
	if m.to == "" {
		payload["message"] = s.sent(in, m)
	}
	return nil
}

func (s *Slack) clickedView(payload map[string]any, c Click) error {
	d := s.desk(c.User)
	v := d.open(c.View)
	if c.View == "home" {
		v = d.home
	}
	if v == nil {
		return fmt.Errorf("slackfake: %s has no view %q open", c.User, c.View)
	}
	action, err := s.pressed(v.blocks, c)
	if err != nil {
		return err
	}
	payload["container"] = map[string]any{"type": "view", "view_id": v.id}
	v.keep(c.Values)
	payload["view"], payload["actions"] = v.sent(s), []any{action}
	return nil
}

// pressed is the button of a click as Slack sends it.
func (s *Slack) pressed(blocks []json.RawMessage, c Click) (map[string]any, error) {
	for _, b := range buttons(blocks) {
		if b.action != c.Action || (c.Block != "" && b.block != c.Block) || (c.Value != "" && b.value != c.Value) {
			continue
		}
		sent := map[string]any{"type": "button", "action_id": b.action, "block_id": b.block, "text": b.text, "action_ts": s.newTS()}
		if b.value != "" {
			sent["value"] = b.value
		}
		return sent, nil
	}
	return nil, fmt.Errorf("slackfake: there is no button %q %q to click", c.Action, c.Value)
}

// envelope is what every interaction has.
func (s *Slack) envelope(kind, user, team string) map[string]any {
	name := strings.ToLower(user)
	return map[string]any{
		"type": kind, "api_app_id": appID, "token": "verification-token", "is_enterprise_install": false, "enterprise": nil,
		"team": map[string]any{"id": or(team, s.config.Team), "domain": "test"},
		"user": map[string]any{"id": user, "username": name, "name": name, "team_id": s.config.Team},
	}
}
