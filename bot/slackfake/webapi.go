package slackfake

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// method is a method of the Web API: what it does with a call, and how often
// a minute it may be called.
type method struct {
	answer func(*Slack, call) (map[string]any, *refusal)
	rate   int
	need   []string // arguments that it can't do without
}

// Slack's tiers, in calls a minute.
const (
	tier2  = 20
	tier3  = 50
	tier4  = 100
	tierIt = 600 // "special": hundreds
)

var methods = map[string]method{
	"auth.test":             {(*Slack).authTest, tierIt, nil},
	openMethod:              {(*Slack).socketOpened, tier2, nil},
	"users.info":            {(*Slack).usersInfo, tier4, nil},
	"usergroups.users.list": {(*Slack).groupMembers, tier2, nil},
	"users.getPresence":     {(*Slack).usersGetPresence, tier3, []string{"user"}},
	"conversations.open":    {(*Slack).conversationsOpen, tier3, nil},
	"conversations.info":    {(*Slack).conversationsInfo, tier3, []string{"channel"}},
	"conversations.history": {(*Slack).conversationsHistory, tier3, []string{"channel"}},
	"conversations.replies": {(*Slack).conversationsReplies, tier3, []string{"channel", "ts"}},
	"chat.getPermalink":     {(*Slack).chatGetPermalink, tierIt, []string{"channel", "message_ts"}},
	"chat.postMessage":      {(*Slack).chatPostMessage, tierIt, []string{"channel"}},
	"chat.postEphemeral":    {(*Slack).chatPostEphemeral, tier4, []string{"channel", "user"}},
	"chat.update":           {(*Slack).chatUpdate, tier3, []string{"channel", "ts"}},
	"chat.delete":           {(*Slack).chatDelete, tier3, []string{"channel", "ts"}},
	"views.open":            {(*Slack).viewsOpen, tier4, []string{"view", "trigger_id"}},
	"views.push":            {(*Slack).viewsPush, tier4, []string{"view", "trigger_id"}},
	"views.update":          {(*Slack).viewsUpdate, tier4, []string{"view"}},
	"views.publish":         {(*Slack).viewsPublish, tier4, []string{"view", "user_id"}},
}

// serveMethod answers a method of the Web API: counted, failing if it is to,
// and only for whoever has the token.
func (s *Slack) serveMethod(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	w.Header().Set("Date", s.config.Wire().UTC().Format(http.TimeFormat)) // its own, not that of this machine
	failing := s.failing(name)
	if !failing.Late && failing.fails(w, r) {
		return
	}
	c, wrong := readCall(w, r)
	if wrong == nil {
		wrong = s.authorised(name, c)
	}
	if wrong != nil {
		answerRefused(w, wrong)
		return
	}
	w.Header().Set("X-OAuth-Scopes", s.granted())
	if wait := s.limited(name, c); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(http.StatusTooManyRequests)
		writeJSON(w, map[string]any{"ok": false, "error": "ratelimited"})
		return
	}
	fields, wrong := s.call(name, c)
	if wrong != nil {
		answerRefused(w, wrong)
		return
	}
	if failing.Late && failing.fails(w, r) {
		return
	}
	fields["ok"] = true
	writeJSON(w, fields)
}

func (s *Slack) call(name string, c call) (map[string]any, *refusal) {
	m, known := methods[name]
	if !known {
		return nil, refuse("unknown_method")
	}
	if wrong := c.need(m.need...); wrong != nil {
		return nil, wrong
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if wrong := s.scoped(name, c); wrong != nil {
		return nil, wrong
	}
	return m.answer(s, c)
}

const jsonType = "application/json; charset=utf-8"

func answerRefused(w http.ResponseWriter, wrong *refusal) {
	fields := map[string]any{"ok": false, "error": wrong.code}
	if len(wrong.messages) > 0 {
		fields["response_metadata"] = map[string]any{"messages": wrong.messages}
	}
	if wrong.needed != "" {
		fields["needed"], fields["provided"] = wrong.needed, wrong.provided
	}
	writeJSON(w, fields)
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", jsonType)
	_ = json.NewEncoder(w).Encode(value) // who hung up reads nothing
}
