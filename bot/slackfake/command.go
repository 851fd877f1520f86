package slackfake

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// Command is a slash command that somebody types.
type Command struct {
	User        string
	Team        string // empty: this workspace
	Channel     string // empty: "C0SUPPORT"
	ChannelName string // empty: the channel's own, or "support"
	Thread      string // the TS of a thread: Slack doesn't take commands there
	Name        string // with its slash: "/diagnose"
	Text        string // as Slack escapes it
	Trigger     string // empty: a new one
}

// Form is a command as the form that Slack sends, with a fresh response URL. It
// panics when the person isn't in the channel.
func (a *App) Form(c Command) url.Values {
	form, _, err := a.typed(c)
	if err != nil {
		panic(err)
	}
	return form
}

// Command sends a slash command, signed, and shows the answer to whom it is
// for. Slack takes none inside a thread, and then nothing is sent.
func (a *App) Command(ctx context.Context, c Command) (*Answer, error) {
	form, in, err := a.typed(c)
	if err != nil {
		return nil, err
	}
	s := a.slack
	if c.Thread != "" {
		s.mutter(in, c.User, c.Thread, c.Name+" is not supported in threads. Sorry!")
		return &Answer{Failed: "not_supported_in_threads"}, nil
	}
	answer, err := a.ask(ctx, a.form("/slack/commands", form), form.Get("response_url"))
	if err != nil {
		return nil, err
	}
	switch {
	case answer.Failed != "":
		s.mutter(in, c.User, "", fmt.Sprintf("%s failed with the error %q", c.Name, answer.Failed))
	case answer.Refused != "":
		s.mutter(in, c.User, "", fmt.Sprintf("%s failed with the error %q", c.Name, "invalid_command_response"))
	case answer.Message != nil:
		s.answered(answer)
	}
	return answer, nil
}

// typed is a command as it is sent, and where it was typed.
func (a *App) typed(c Command) (url.Values, *channel, error) {
	s := a.slack
	trigger := s.newTrigger(c.User, c.Trigger)
	s.mu.Lock()
	defer s.mu.Unlock()
	in, err := s.place(or(c.Channel, "C0SUPPORT"), or(c.ChannelName, "support"), c.User)
	if err != nil {
		return nil, nil, err
	}
	if in.Archived {
		return nil, nil, fmt.Errorf("slackfake: %s is archived", in.ID)
	}
	return url.Values{
		"token": {"verification-token"}, "api_app_id": {appID}, "team_id": {or(c.Team, s.config.Team)}, "team_domain": {"test"},
		"channel_id": {in.ID}, "channel_name": {or(c.ChannelName, in.sentName())},
		"user_id": {c.User}, "user_name": {strings.ToLower(c.User)}, "command": {c.Name}, "text": {c.Text},
		"response_url": {s.newResponse(c.User, in, "")}, "trigger_id": {trigger}, "is_enterprise_install": {"false"},
	}, in, nil
}

// answered shows the message in an answer.
func (s *Slack) answered(answer *Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to := s.response(answer.ResponseURL); to != nil {
		s.show(to, *answer.Message)
	}
}
