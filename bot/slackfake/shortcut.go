package slackfake

import (
	"context"
	"fmt"
)

// Shortcut is a shortcut that somebody chooses: of a message, or a global one
// when there is no message.
type Shortcut struct {
	User     string
	Channel  string
	Message  string // the message's TS
	Callback string // the shortcut's callback_id
}

// Shortcut sends a shortcut, signed. Slack offers none for an ephemeral
// message.
func (a *App) Shortcut(ctx context.Context, c Shortcut) (*Answer, error) {
	payload, address, err := a.chosen(c)
	if err != nil {
		return nil, err
	}
	answer, err := a.interactUnheard(ctx, payload, address)
	if err != nil {
		return nil, err
	}
	if answer.Failed != "" {
		a.slack.shortcutFailed(c, answer.Failed)
	}
	return answer, nil
}

// chosen is the payload of a shortcut and its response URL.
func (a *App) chosen(c Shortcut) (payload map[string]any, address string, err error) {
	s := a.slack
	trigger := s.newTrigger(c.User, "")
	s.mu.Lock()
	defer s.mu.Unlock()
	payload = s.envelope("shortcut", c.User, "")
	payload["trigger_id"], payload["callback_id"], payload["action_ts"] = trigger, c.Callback, s.newTS()
	if c.Message == "" {
		return payload, "", nil
	}
	in := s.channel(c.Channel)
	if in == nil || !in.has(c.User) {
		return nil, "", fmt.Errorf("slackfake: %s isn't in %q", c.User, c.Channel)
	}
	m := in.message(c.Message, c.User)
	if m == nil || m.to != "" {
		return nil, "", fmt.Errorf("slackfake: %s sees no message %s in %s that has shortcuts", c.User, c.Message, in.ID)
	}
	address = s.newResponse(c.User, in, m.ts)
	payload["type"], payload["response_url"], payload["message_ts"] = "message_action", address, m.ts
	payload["channel"], payload["message"] = map[string]any{"id": in.ID, "name": in.sentName()}, s.sent(in, m)
	return payload, address, nil
}

func (s *Slack) shortcutFailed(c Shortcut, why string) {
	s.mu.Lock()
	in := s.channel(c.Channel)
	if in == nil {
		in = s.direct(c.User)
	}
	s.mu.Unlock()
	s.mutter(in, c.User, "", fmt.Sprintf("The shortcut failed with the error %q", why))
}
