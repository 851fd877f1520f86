package bot

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// Kind says what somebody did in Slack.
type Kind uint8

// The kinds of Inbound.
const (
	Typed     Kind = iota + 1 // a slash command
	Clicked                   // a button
	Shortcut                  // a shortcut on a message
	Submitted                 // a modal
	Opened                    // the app's Home
)

// Inbound is what somebody did in Slack. Every transport makes one of what it
// received and verified; nothing after it knows which transport it was.
type Inbound struct {
	Kind Kind
	// Key names the request for as long as Slack may send it again, so that a
	// replay has no second effect.
	Key string
	// Request is the ID of the request, for the log; "" until it is answered.
	Request string

	Team        string // the workspace's ID, such as T0123ABCD
	User        string // the actor's Slack user ID
	Channel     string // the channel's ID; "" in a modal and in Home
	ChannelName string // as Slack names it; "directmessage" in a direct message
	Thread      string // of Clicked and Shortcut: the thread that the message stands in, or ""

	Command  string            // of Typed: the command with its slash and prefix
	Text     string            // of Typed: what follows it, as Slack escaped it
	Action   string            // of Clicked: the action_id
	Value    string            // of Clicked: the button's value
	Callback string            // of Shortcut and Submitted: the callback_id
	Message  json.RawMessage   // of Shortcut: the message
	Inputs   map[string]string // of a modal: what is filled in, by block_id
	Metadata string            // of a modal: its private_metadata, IDs of ours
	ViewID   string            // of a modal in which a button was clicked
	ViewHash string            // and as which it was drawn

	Trigger     string // opens a modal within 3 seconds
	ResponseURL string // takes 5 messages within 30 minutes; "" in a modal and in Home
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
	return typedInbound(form.Get, fallback)
}

// typedInbound is a slash command, of which field returns one field.
func typedInbound(field func(string) string, fallback func() string) (Inbound, error) {
	in := Inbound{
		Kind: Typed, Key: keyOf(field("trigger_id"), fallback),
		Team: field("team_id"), User: field("user_id"), Channel: field("channel_id"), ChannelName: field("channel_name"),
		Command: field("command"), Text: field("text"), Trigger: field("trigger_id"), ResponseURL: field("response_url"),
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
	CallbackID string `json:"callback_id"`
	Container  struct {
		MessageTS string `json:"message_ts"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Message json.RawMessage `json:"message"`
	View    view            `json:"view"`
}

// view is what we read of a modal.
type view struct {
	ID         string `json:"id"`
	Hash       string `json:"hash"`
	CallbackID string `json:"callback_id"`
	Metadata   string `json:"private_metadata"`
	State      struct {
		Values map[string]map[string]input `json:"values"`
	} `json:"state"`
}

// inputs are what is filled in, by block_id.
func (v view) inputs() map[string]string {
	filled := map[string]string{}
	for block, inputs := range v.State.Values {
		for _, input := range inputs {
			filled[block] = input.text()
		}
	}
	return filled
}

// inThread is what stands in a thread, or doesn't.
type inThread struct {
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`
}

// thread is the thread that it stands in, "" for none: the message that a
// thread begins with stands in the channel.
func (t inThread) thread() string {
	if t.ThreadTS == t.TS {
		return ""
	}
	return t.ThreadTS
}

// input is what was filled into an input of a modal: text, one of several,
// somebody, or boxes that are ticked.
type input struct {
	Value    string   `json:"value"`
	Selected option   `json:"selected_option"`
	User     string   `json:"selected_user"`
	Ticked   []option `json:"selected_options"`
}

type option struct {
	Value string `json:"value"`
}

func (i input) text() string {
	switch {
	case i.Value != "":
		return i.Value
	case i.Selected.Value != "":
		return i.Selected.Value
	case i.User != "":
		return i.User
	}
	ticked := make([]string, len(i.Ticked))
	for n, box := range i.Ticked {
		ticked[n] = box.Value
	}
	return strings.Join(ticked, " ")
}

// interactionInbound reads the body of an interaction: a form with one field
// of JSON; see [payloadInbound].
func interactionInbound(body []byte, fallback func() string) (in Inbound, ok bool, err error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return Inbound{}, false, errMalformed
	}
	return payloadInbound([]byte(form.Get("payload")), fallback)
}

// payloadInbound reads the payload of an interaction. ok is false for a kind of
// interaction that nothing here asks for.
func payloadInbound(raw []byte, fallback func() string) (in Inbound, ok bool, err error) {
	var payload interaction
	if err := json.Unmarshal(raw, &payload); err != nil || payload.Type == "" {
		return Inbound{}, false, errMalformed
	}
	in = Inbound{
		Key: keyOf(payload.TriggerID, fallback), Team: payload.Team.ID, User: payload.User.ID,
		Channel: payload.Channel.ID, ChannelName: payload.Channel.Name,
		Trigger: payload.TriggerID, ResponseURL: payload.ResponseURL,
	}
	if !payload.fill(&in) {
		return Inbound{}, false, nil
	}
	return in, true, in.check()
}

// fill adds what depends on the kind of interaction; ok is false for one that
// nothing here asks for.
func (p interaction) fill(in *Inbound) (ok bool) {
	switch p.Type {
	case "block_actions":
		if len(p.Actions) == 0 {
			return false
		}
		in.Kind, in.Action, in.Value = Clicked, p.Actions[0].ActionID, p.Actions[0].Value
		in.Thread, in.Metadata, in.Inputs = p.thread(), p.View.Metadata, p.View.inputs()
		in.ViewID, in.ViewHash = p.View.ID, p.View.Hash
	case "message_action":
		in.Kind, in.Callback, in.Message, in.Thread = Shortcut, p.CallbackID, p.Message, p.thread()
	case "view_submission":
		in.Kind, in.Callback, in.Metadata, in.Inputs = Submitted, p.View.CallbackID, p.View.Metadata, p.View.inputs()
	default:
		return false
	}
	return true
}

// thread is the thread that the message of an interaction stands in, "" for
// none. Slack sends no message along that only one person sees.
func (p interaction) thread() string {
	var message inThread
	if err := json.Unmarshal(p.Message, &message); err == nil && message.ThreadTS != "" {
		return message.thread()
	}
	if p.Container.ThreadTS == p.Container.MessageTS {
		return ""
	}
	return p.Container.ThreadTS
}

// event is what we read of an event's envelope.
type event struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	TeamID    string `json:"team_id"`
	EventID   string `json:"event_id"`
	Event     struct {
		Type    string `json:"type"`
		User    string `json:"user"`
		Tab     string `json:"tab"`
		Channel string `json:"channel"`
		// Of a message. What it says isn't read.
		Subtype  string `json:"subtype"`
		BotID    string `json:"bot_id"`
		AppID    string `json:"app_id"`
		TS       string `json:"ts"`
		ThreadTS string `json:"thread_ts"`
	} `json:"event"`
}

// inbound is the event as what somebody did; ok is false for one that nothing
// here asks for.
func (e event) inbound(fallback func() string) (in Inbound, ok bool) {
	if e.Type != "event_callback" || e.Event.Type != "app_home_opened" || e.Event.Tab != "home" {
		return Inbound{}, false
	}
	in = Inbound{Kind: Opened, Key: "request:" + fallback(), Team: e.TeamID, User: e.Event.User, Channel: e.Event.Channel}
	if e.EventID != "" && len(e.EventID) <= longestTrigger {
		in.Key = "event:" + e.EventID
	}
	return in, in.check() == nil
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
