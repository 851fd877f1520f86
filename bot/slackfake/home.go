package slackfake

import "context"

// OpenHome lets somebody open the app's Home: the app hears of it and may
// publish a view.
func (a *App) OpenHome(ctx context.Context, user string) (*Answer, error) {
	return a.Event(ctx, a.slack.homeOpened(user))
}

func (s *Slack) homeOpened(user string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	stamp := s.newTS()
	event := map[string]any{"type": "app_home_opened", "user": user, "channel": s.direct(user).ID, "tab": "home", "event_ts": stamp}
	if home := s.desk(user).home; home != nil {
		event["view"] = home.sent(s)
	}
	return s.enveloped(event, stamp)
}
