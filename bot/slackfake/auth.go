package slackfake

import (
	"strings"
	"time"
)

// authTest is auth.test: who the bot is.
func (s *Slack) authTest(call) (map[string]any, *refusal) {
	return map[string]any{
		"url": s.config.Address, "team": s.config.TeamName, "user": strings.ToLower(s.config.AppName),
		"team_id": s.config.Team, "user_id": s.config.BotUser, "bot_id": botID, "is_enterprise_install": false,
	}, nil
}

// usersInfo is users.info: who somebody is.
func (s *Slack) usersInfo(c call) (map[string]any, *refusal) {
	m, ok := s.member(c.text("user"))
	if !ok {
		return nil, refuse("user_not_found")
	}
	user := map[string]any{
		"id": m.ID, "team_id": m.Team, "name": strings.ToLower(m.ID), "real_name": m.Name, "deleted": m.Deleted, "is_bot": m.Bot,
		"is_restricted": m.Guest || m.UltraGuest, "is_ultra_restricted": m.UltraGuest, "is_stranger": m.Stranger,
		"profile": map[string]any{"real_name": m.Name, "display_name": m.Name, "title": m.Title},
	}
	if zone, err := time.LoadLocation(m.Zone); err == nil && m.Zone != "" {
		_, offset := s.config.Now().In(zone).Zone()
		user["tz"], user["tz_offset"] = m.Zone, offset
	}
	return map[string]any{"user": user}, nil
}

// usersGetPresence is users.getPresence: whether somebody is at Slack.
func (s *Slack) usersGetPresence(c call) (map[string]any, *refusal) {
	m, ok := s.member(c.text("user"))
	switch {
	case !ok:
		return nil, refuse("user_not_found")
	case m.Away || m.Deleted:
		return map[string]any{"presence": "away"}, nil
	}
	return map[string]any{"presence": "active"}, nil
}

// groupMembers is usergroups.users.list: who is in a user group.
func (s *Slack) groupMembers(c call) (map[string]any, *refusal) {
	group, ok := s.groups[c.text("usergroup")]
	if !ok {
		return nil, refuse("no_such_subteam")
	}
	return map[string]any{"users": group.Users}, nil
}
