package slackfake

import (
	"slices"
	"strings"
)

// Scopes are all that the methods here ask for; an app has them unless its
// [Config] names others.
var Scopes = []string{
	"channels:history", "channels:read", "chat:write", "commands", "groups:history", "groups:read", "im:history", "im:read", "im:write",
	"usergroups:read", "users:read",
}

// scopes are what methods ask for, whatever they are called with.
var scopes = map[string]string{
	"users.info": "users:read", "users.getPresence": "users:read", "usergroups.users.list": "usergroups:read",
	"conversations.open": "im:write",
	"chat.postMessage":   "chat:write", "chat.postEphemeral": "chat:write", "chat.update": "chat:write", "chat.delete": "chat:write",
}

// scoped refuses a call for which the app lacks the scope.
func (s *Slack) scoped(name string, c call) *refusal {
	needed := scopes[name]
	switch name {
	case "conversations.info":
		needed = s.reach(c) + ":read"
	case "conversations.history", "conversations.replies":
		needed = s.reach(c) + ":history"
	}
	if needed == "" || slices.Contains(s.config.Scopes, needed) {
		return nil
	}
	return &refusal{code: "missing_scope", needed: needed, provided: s.granted()}
}

// reach is what scopes call the kind of the conversation that a call is about.
func (s *Slack) reach(c call) string {
	in := s.channel(c.text("channel"))
	switch {
	case in == nil || in.kind() == kindChannel:
		return "channels"
	case in.kind() == kindIM:
		return "im"
	}
	return "groups"
}

// granted are the app's scopes, as Slack lists them.
func (s *Slack) granted() string { return strings.Join(s.config.Scopes, ",") }
