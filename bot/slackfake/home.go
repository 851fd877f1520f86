package slackfake

import (
	"context"
	"strings"
)

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
	return map[string]any{
		"token": "verification-token", "team_id": s.config.Team, "api_app_id": appID, "type": "event_callback",
		"event_id": "Ev" + strings.Replace(stamp, ".", "", 1), "event_time": s.config.Now().Unix(), "event": event,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": s.config.Team, "user_id": s.config.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false,
	}
}
