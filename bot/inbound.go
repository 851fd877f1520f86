package bot

import (
	"encoding/json"
	"errors"
	"net/url"
)

// Kind says what somebody did in Slack.
type Kind uint8

// The kinds of Inbound.
const (
	Typed   Kind = iota + 1 // a slash command
	Clicked                 // a button
)

// Inbound is what somebody did in Slack. Every transport makes one of what it
// received and verified; nothing after it knows which transport it was.
type Inbound struct {
	Kind Kind
	// Key names the request for as long as Slack may send it again, so that a
	// replay has no second effect.
	Key string

	Team        string // the workspace's ID, such as T0123ABCD
	User        string // the actor's Slack user ID
	Channel     string // the channel's ID
	ChannelName string // as Slack names it; "directmessage" in a direct message

	Command string // of Typed: the command with its slash and prefix
	Text    string // of Typed: what follows it, as Slack escaped it
	Action  string // of Clicked: the action_id
	Value   string // of Clicked: the button's value

	ResponseURL string // takes 5 messages within 30 minutes
}

// errMalformed is for a request that Slack wouldn't send.
var errMalformed = errors.New("the request isn't one of Slack's")

// commandInbound reads the body of a slash command: a form. fallback names a
// request without a trigger.
func commandInbound(body []byte, fallback func() string) (Inbound, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return Inbound{}, errMalformed
	}
	in := Inbound{
		Kind: Typed, Key: keyOf(form.Get("trigger_id"), fallback),
		Team: form.Get("team_id"), User: form.Get("user_id"), Channel: form.Get("channel_id"), ChannelName: form.Get("channel_name"),
		Command: form.Get("command"), Text: form.Get("text"), ResponseURL: form.Get("response_url"),
	}
	if in.Command == "" {
		return Inbound{}, errMalformed
	}
	return in, in.check()
}

// interaction is what we read of an interaction's payload.
type interaction struct {
	Type string `json:"type"`
	Team struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Actions     []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
	} `json:"actions"`
}

// interactionInbound reads the body of an interaction: a form with one field
// of JSON. ok is false for a kind of interaction that nothing here asks for.
func interactionInbound(body []byte, fallback func() string) (in Inbound, ok bool, err error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return Inbound{}, false, errMalformed
	}
	var payload interaction
	if err := json.Unmarshal([]byte(form.Get("payload")), &payload); err != nil || payload.Type == "" {
		return Inbound{}, false, errMalformed
	}
	if payload.Type != "block_actions" || len(payload.Actions) == 0 {
		return Inbound{}, false, nil
	}
	in = Inbound{
		Kind: Clicked, Key: keyOf(payload.TriggerID, fallback),
		Team: payload.Team.ID, User: payload.User.ID, Channel: payload.Channel.ID, ChannelName: payload.Channel.Name,
		Action: payload.Actions[0].ActionID, Value: payload.Actions[0].Value, ResponseURL: payload.ResponseURL,
	}
	return in, true, in.check()
}

// longestTrigger is more than Slack's triggers have.
const longestTrigger = 200

// keyOf names a request by its trigger, which no other request has.
func keyOf(trigger string, fallback func() string) string {
	if trigger == "" || len(trigger) > longestTrigger {
		return "request:" + fallback()
	}
	return "trigger:" + trigger
}

// check refuses IDs that aren't any, before they reach a record.
func (in Inbound) check() error {
	if !isID(in.User) || !isID(in.Team) || (in.Channel != "" && !isID(in.Channel)) {
		return errMalformed
	}
	return nil
}

// isID reports whether s reads as an ID of Slack's: a capital letter, then
// capital letters and digits.
func isID(s string) bool {
	if len(s) < 2 || len(s) > 64 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for i := range len(s) {
		if (s[i] < 'A' || s[i] > 'Z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
