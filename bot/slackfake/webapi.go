package slackfake

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
)

// answer is what a method returns; Slack's code when it fails.
type answer func(r *http.Request) (fields map[string]any, code string)

// method answers a method of the Web API: counted, failing if it is to, and
// only for whoever has the token.
func (s *Slack) method(name string, next answer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.failing(name).fails(w, r) {
			return
		}
		if code := s.authorised(r); code != "" {
			writeJSON(w, map[string]any{"ok": false, "error": code})
			return
		}
		fields, code := next(r)
		if code != "" {
			writeJSON(w, map[string]any{"ok": false, "error": code})
			return
		}
		fields["ok"] = true
		writeJSON(w, fields)
	}
}

// authorised returns Slack's code for who hasn't the token, "" for who has.
func (s *Slack) authorised(r *http.Request) string {
	token := r.PostFormValue("token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token = bearer
	}
	switch {
	case token == "":
		return "not_authed"
	case subtle.ConstantTimeCompare([]byte(token), []byte(s.config.Token)) != 1:
		return "invalid_auth"
	}
	return ""
}

func (s *Slack) authTest(*http.Request) (map[string]any, string) {
	return map[string]any{
		"url": s.url, "team": "Test", "user": "latchkey", "team_id": s.config.Team, "user_id": s.config.BotUser, "bot_id": "B0BOT",
	}, ""
}

func (s *Slack) usersInfo(r *http.Request) (map[string]any, string) {
	m, ok := s.member(r.PostFormValue("user"))
	if !ok {
		return nil, "user_not_found"
	}
	return map[string]any{"user": map[string]any{
		"id": m.ID, "team_id": m.Team, "name": strings.ToLower(m.ID), "deleted": m.Deleted, "is_bot": m.Bot,
		"is_restricted": m.Guest || m.UltraGuest, "is_ultra_restricted": m.UltraGuest, "is_stranger": m.Stranger,
	}}, ""
}

func (s *Slack) groupMembers(r *http.Request) (map[string]any, string) {
	users, ok := s.group(r.PostFormValue("usergroup"))
	if !ok {
		return nil, "no_such_subteam"
	}
	return map[string]any{"users": users}, ""
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(value) // who hung up reads nothing
}
