package slackfake

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// What a response URL takes.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// response is a response URL and what was posted to it.
type response struct {
	made     time.Time
	user     string // who did something
	channel  *channel
	source   string // the TS of the message it was done to; "" for a command
	messages []Message
}

// newResponse makes a response URL for what somebody did in a place.
func (s *Slack) newResponse(user string, in *channel, source string) string {
	s.serial++
	id := fmt.Sprintf("r%d", s.serial)
	s.responses[id] = &response{made: s.config.Wire(), user: user, channel: in, source: source}
	return s.url + "/response/" + id
}

// respond takes a message that was posted to a response URL.
func (s *Slack) respond(w http.ResponseWriter, r *http.Request) {
	failing := s.failing("response_url")
	if !failing.Late && failing.fails(w, r) {
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	message, refused := readMessage(body)
	if refused != "" {
		http.Error(w, refused, http.StatusBadRequest)
		return
	}
	if refused = s.take(r.PathValue("id"), *message); refused != "" {
		http.Error(w, refused, http.StatusNotFound)
		return
	}
	if failing.Late && failing.fails(w, r) {
		return
	}
	_, _ = io.WriteString(w, "ok")
}

// take shows a message, or returns why it can't.
func (s *Slack) take(id string, m Message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.responses[id]
	switch {
	case to == nil || s.config.Wire().Sub(to.made) > responseLife:
		return "expired_url"
	case len(to.messages) >= responseUses:
		return "used_url"
	}
	to.messages = append(to.messages, m)
	s.show(to, m)
	s.change()
	return ""
}

// show puts an answer where the person reads it: in place of the message they
// clicked, or under what was written so far.
func (s *Slack) show(to *response, m Message) {
	if to.channel == nil {
		return
	}
	source := to.channel.message(to.source, to.user)
	if source != nil && source.user != s.config.BotUser {
		source = nil // what somebody else wrote stays as it is
	}
	switch {
	case bool(m.DeleteOriginal) && source != nil:
		s.remove(to.channel, source)
	case bool(m.ReplaceOriginal) && source != nil:
		s.rewrite(to.channel, source, m.Text, m.Blocks)
	case bool(m.DeleteOriginal):
	case m.ResponseType == "in_channel":
		s.write(to.channel, message{user: s.config.BotUser, thread: m.Thread, text: m.Text, blocks: m.Blocks})
	default:
		s.write(to.channel, message{user: s.config.BotUser, to: to.user, thread: m.Thread, text: m.Text, blocks: m.Blocks})
	}
}

// Messages returns what was posted to a response URL so far.
func (s *Slack) Messages(address string) []Message {
	messages, _ := s.posted(address)
	return messages
}

// posted returns the messages, and a channel that is closed at the next
// change.
func (s *Slack) posted(address string) ([]Message, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.response(address)
	if to == nil {
		return nil, s.changed
	}
	return append([]Message(nil), to.messages...), s.changed
}

func (s *Slack) response(address string) *response {
	return s.responses[address[strings.LastIndexByte(address, '/')+1:]]
}

// Wait returns what the person reads: the message in the answer, or the first
// one that comes to its response URL.
func (s *Slack) Wait(ctx context.Context, answer *Answer) (Message, error) {
	if answer.Refused != "" {
		return Message{}, fmt.Errorf("slack refuses the message: %s", answer.Refused)
	}
	if answer.Message != nil {
		return *answer.Message, nil
	}
	for {
		messages, changed := s.posted(answer.ResponseURL)
		if len(messages) > 0 {
			return messages[0], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("no message came: %w", ctx.Err())
		}
	}
}
