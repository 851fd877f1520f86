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
	messages []Message
}

// newResponse makes a response URL.
func (s *Slack) newResponse() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	id := fmt.Sprintf("r%d", s.serial)
	s.responses[id] = &response{made: s.config.Now()}
	return s.url + "/response/" + id
}

// respond takes a message that was posted to a response URL.
func (s *Slack) respond(w http.ResponseWriter, r *http.Request) {
	if s.failing("response_url").fails(w, r) {
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
	_, _ = io.WriteString(w, "ok")
}

// take keeps a message, or returns why it can't.
func (s *Slack) take(id string, m Message) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.responses[id]
	switch {
	case to == nil || s.config.Now().Sub(to.made) > responseLife:
		return "expired_url"
	case len(to.messages) >= responseUses:
		return "used_url"
	}
	to.messages = append(to.messages, m)
	close(s.changed)
	s.changed = make(chan struct{})
	return ""
}

// Messages returns what was posted to a response URL so far.
func (s *Slack) Messages(address string) []Message {
	messages, _ := s.posted(address)
	return messages
}

// posted returns the messages, and a channel that is closed at the next one.
func (s *Slack) posted(address string) ([]Message, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.responses[address[strings.LastIndexByte(address, '/')+1:]]
	if to == nil {
		return nil, s.changed
	}
	return append([]Message(nil), to.messages...), s.changed
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
