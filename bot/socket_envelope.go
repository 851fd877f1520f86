package bot

import (
	"context"
	"encoding/json"
	"errors"
)

// mostAcknowledged is the longest acknowledgement that Slack takes, in bytes. What
// is longer goes to the response_url.
const mostAcknowledged = 20_000

// envelope is a frame of Slack's.
type envelope struct {
	Type    string          `json:"type"`
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload"`
	// Accepts: the acknowledgement may carry the answer.
	Accepts bool `json:"accepts_response_payload"`
	// Reason is, of a disconnect, why.
	Reason string `json:"reason"`
}

// acknowledged is an acknowledgement.
type acknowledged struct {
	ID      string          `json:"envelope_id"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// take does what a frame asks for. What isn't one of Slack's is ignored.
func (l *link) take(ctx context.Context, frame []byte) {
	var e envelope
	if err := json.Unmarshal(frame, &e); err != nil {
		l.socket.bot.log.WarnContext(ctx, "a frame of Socket Mode that can't be read was ignored", "bytes", len(frame))
		return
	}
	switch {
	case e.Type == "hello":
		l.hello.Do(func() { close(l.greeted) })
	case e.Type == "disconnect":
		l.mustReplace(knownReason(e.Reason))
	case e.ID == "" || len(e.ID) > longestTrigger:
		l.socket.bot.log.WarnContext(ctx, "a frame of Socket Mode without an envelope was ignored", "bytes", len(frame))
	default:
		l.receive(e)
	}
}

// knownReason is the reason of a disconnect, as the log may have it.
func knownReason(reason string) string {
	switch reason {
	case reasonDisabled, reasonRefresh, reasonWarning, "too_many_websockets":
		return reason
	}
	return "disconnect"
}

// receive begins to answer an envelope. It waits while very many are under way, as
// Slack then does.
func (l *link) receive(e envelope) {
	s := l.socket
	s.room <- struct{}{}
	l.under.add()
	s.bot.inflight.add() // the answer may go elsewhere when the connection is gone
	go func() {
		defer func() {
			if v := recover(); v != nil {
				s.bot.log.Error("an envelope of Socket Mode could not be answered", "type", e.Type, "error", panicked(v))
			}
			l.under.done()
			s.bot.inflight.done()
			<-s.room
		}()
		l.serve(e)
	}()
}

// serve answers an envelope and acknowledges it on the connection that it came on.
// One that came before is answered as then, and nothing is done again.
func (l *link) serve(e envelope) {
	if e.Type == "events_api" { // these are acknowledged first, and have no answer
		_ = l.acknowledge(e, nil) // when it is gone, Slack sends the event again
	}
	x, first := l.socket.envelopes.begin(e.ID)
	if first {
		func() {
			defer x.end()
			x.in, x.reply = l.socket.bot.perform(e)
		}()
	}
	<-x.ready
	if e.Type != "events_api" {
		x.tell(l, e)
	}
}

// perform does what an envelope asks for, and returns the answer if it is there in
// time.
func (b *Bot) perform(e envelope) (in Inbound, answer *reply) {
	id := func() string { return e.ID }
	ok := true
	var err error
	switch e.Type {
	case "slash_commands":
		in, err = typedInbound(fieldsOf(e.Payload), id)
	case "interactive":
		in, ok, err = payloadInbound(e.Payload, id)
	case "events_api":
		var happened event
		if err = json.Unmarshal(e.Payload, &happened); err == nil {
			b.happen(happened, id)
		}
		ok = false
	default:
		return Inbound{}, nil // of a kind that nothing here asks for
	}
	if err != nil {
		b.log.Warn("an envelope of Socket Mode isn't one of Slack's, and was ignored", "type", e.Type)
		return Inbound{}, nil
	}
	if !ok {
		return Inbound{}, nil
	}
	return in, b.answer(in)
}

// fieldsOf returns the fields of a slash command, which over Socket Mode are those
// of an object.
func fieldsOf(payload json.RawMessage) func(string) string {
	fields := map[string]any{}
	_ = json.Unmarshal(payload, &fields) // of what isn't an object, every field is missing
	return func(name string) string {
		text, _ := fields[name].(string)
		return text
	}
}

// errTooLong says that an answer is too long for an acknowledgement.
var errTooLong = errors.New("the answer is too long to acknowledge with")

// acknowledge acknowledges an envelope, with an answer or with none.
func (l *link) acknowledge(e envelope, answer *reply) error {
	ack := acknowledged{ID: e.ID}
	if answer != nil {
		ack.Payload = answer.body
	}
	frame, err := json.Marshal(ack)
	if err != nil {
		return err
	}
	if answer != nil && len(frame) >= mostAcknowledged {
		return errTooLong
	}
	return l.write(frame)
}

// postable reports whether an answer can go to a response_url: what is wrong with a
// modal's fields can't.
func (r *reply) postable(in Inbound) bool {
	return in.Kind == Typed && len(r.shown.Blocks)+len(r.shown.Text) > 0
}
