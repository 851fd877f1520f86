package slackfake

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// subscription is which events an app gets, and those that there were.
type subscription struct {
	names []string
	held  bool // they are kept until somebody sends them
	all   []*Event
}

// Event is an event of a message as Slack sends it to an app. A test may send it
// again, changed, or out of its order.
type Event struct {
	app      *App
	envelope map[string]any
	answer   *Answer // nil: it wasn't sent
}

// Subscribe has the app get events of the messages that people write where it
// is, in channels and threads: those of its manifest's bot_events
// "message.channels", "message.groups" and "message.im". [Slack.Say] sends an
// event as soon as the message is written, and returns when the app has taken it
// or three seconds have passed. Without it the app hears of no message. Slack
// would also tell it of its own messages and of edited ones; this one doesn't.
func (a *App) Subscribe(events ...string) {
	a.slack.mu.Lock()
	defer a.slack.mu.Unlock()
	a.events.names = append(a.events.names, events...)
	if !slices.Contains(a.slack.listeners, a) {
		a.slack.listeners = append(a.slack.listeners, a)
	}
}

// HoldEvents keeps events from now on, until they are sent one by one.
func (a *App) HoldEvents() {
	a.slack.mu.Lock()
	defer a.slack.mu.Unlock()
	a.events.held = true
}

// Events are all events of messages so far, sent or held, the oldest first.
func (a *App) Events() []*Event {
	a.slack.mu.Lock()
	defer a.slack.mu.Unlock()
	return slices.Clone(a.events.all)
}

// LastEvent is the newest of [App.Events]; nil when there is none.
func (a *App) LastEvent() *Event {
	all := a.Events()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// messageEvents names the events of messages by kind of conversation, and what
// the event calls that kind.
var messageEvents = map[string][2]string{
	kindChannel: {"message.channels", "channel"}, kindPrivate: {"message.groups", "group"}, kindIM: {"message.im", "im"},
}

// eventsOf are the events of a message that somebody wrote, one for each app
// that listens.
func (s *Slack) eventsOf(c *channel, m *message) []*Event {
	var events []*Event
	names := messageEvents[c.kind()]
	for _, app := range s.listeners {
		if c.AppAbsent || !slices.Contains(app.events.names, names[0]) {
			continue
		}
		fields := s.sent(c, m)
		maps.Copy(fields, map[string]any{"channel": c.ID, "channel_type": names[1], "event_ts": m.ts, "client_msg_id": "m-" + m.ts})
		e := &Event{app: app, envelope: s.enveloped(fields, m.ts)}
		app.events.all = append(app.events.all, e)
		events = append(events, e)
	}
	return events
}

// enveloped is an event in its envelope.
func (s *Slack) enveloped(event map[string]any, stamp string) map[string]any {
	return map[string]any{
		"token": "verification-token", "team_id": s.config.Team, "api_app_id": appID, "type": "event_callback",
		"event_id": "Ev" + strings.Replace(stamp, ".", "", 1), "event_time": s.config.Now().Unix(), "event": event,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": s.config.Team, "user_id": s.config.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false,
	}
}

// hear sends an event for the first time, unless events are held. That the app
// doesn't take it is for [Event.Answer].
func (a *App) hear(e *Event) {
	a.slack.mu.Lock()
	held := a.events.held
	a.slack.mu.Unlock()
	if !held {
		_, _ = e.Send(context.Background())
	}
}

// Send sends the event, signed.
func (e *Event) Send(ctx context.Context) (*Answer, error) {
	return e.send(ctx, nil)
}

// Retry sends it once more, as Slack does when the app didn't answer with 200
// within three seconds: for the num-th time (1 at once, 2 after a minute, 3 after
// five), and why: "http_timeout", "http_error", "connection_failed". Its event_id
// stays.
func (e *Event) Retry(ctx context.Context, num int, reason string) (*Answer, error) {
	return e.send(ctx, map[string]string{"X-Slack-Retry-Num": strconv.Itoa(num), "X-Slack-Retry-Reason": reason})
}

func (e *Event) send(ctx context.Context, header map[string]string) (*Answer, error) {
	r := e.app.Request("/slack/events", "application/json", encode(e.envelope))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	answer, err := e.app.ask(ctx, r, "")
	e.app.slack.mu.Lock()
	defer e.app.slack.mu.Unlock()
	e.answer = answer
	return answer, err
}

// Answer is what the app answered at last; nil when the event wasn't sent.
func (e *Event) Answer() *Answer {
	e.app.slack.mu.Lock()
	defer e.app.slack.mu.Unlock()
	return e.answer
}

// ID is the event's event_id.
func (e *Event) ID() string { return fmt.Sprint(e.envelope["event_id"]) }

// TS is the message's TS, which is also its event_ts.
func (e *Event) TS() string { return fmt.Sprint(e.event()["event_ts"]) }

func (e *Event) event() map[string]any {
	event, _ := e.envelope["event"].(map[string]any)
	return event
}

// Renamed is the same event under another event_id, with the same event_ts, as
// Slack sends some twice.
func (e *Event) Renamed() *Event {
	again := e.copied()
	again.envelope["event_id"] = e.ID() + "X"
	return again
}

// FromTeam is the same event from another workspace.
func (e *Event) FromTeam(team string) *Event {
	foreign := e.copied()
	foreign.envelope["team_id"], foreign.event()["team"] = team, team
	for _, one := range foreign.envelope["authorizations"].([]any) {
		if fields, ok := one.(map[string]any); ok {
			fields["team_id"] = team
		}
	}
	return foreign
}

// OfApp is the same event for another app.
func (e *Event) OfApp(app string) *Event {
	other := e.copied()
	other.envelope["api_app_id"] = app
	return other
}

// copied is an event of its own with the same envelope.
func (e *Event) copied() *Event {
	var envelope map[string]any
	if err := decode(encode(e.envelope), &envelope); err != nil {
		panic(fmt.Sprintf("slackfake: an event that was written can't be read: %v", err))
	}
	return &Event{app: e.app, envelope: envelope}
}
