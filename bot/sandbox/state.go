package sandbox

import (
	"fmt"
	"net/http"
	"time"
)

// A stream that has nothing to say shows that it is still there; a reader who
// doesn't take what it says is given up.
const (
	heartbeat = 15 * time.Second
	patience  = 10 * time.Second
)

// state is all that a person sees now.
func (s *sandbox) state(w http.ResponseWriter, r *http.Request) {
	as := r.URL.Query().Get("as")
	if !s.knows(as) {
		fail(w, errNobody)
		return
	}
	answer(w, http.StatusOK, s.config.Slack.View(as))
}

// events is a stream that says "changed" when it begins and whenever there may
// be something new; what is new is fetched as a state. So a reader who was away
// misses nothing, and several changes at once are one.
func (s *sandbox) events(w http.ResponseWriter, r *http.Request) {
	if !s.knows(r.URL.Query().Get("as")) {
		fail(w, errNobody)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		version := s.config.Slack.Version()
		if !push(w, fmt.Sprintf("event: changed\ndata: %d\n\n", version)) || !s.wait(w, r, version, beat.C) {
			return
		}
	}
}

// wait returns when there is something newer than version; false when nobody
// reads any more.
func (s *sandbox) wait(w http.ResponseWriter, r *http.Request, version int64, beat <-chan time.Time) bool {
	changed := s.config.Slack.Changed(version)
	for {
		select {
		case <-r.Context().Done():
			return false
		case <-changed:
			return true
		case <-beat:
			if !push(w, ": still here\n\n") {
				return false
			}
		}
	}
}

// push writes to a stream at once; false when nobody reads any more. A deadline
// that has passed can't be moved, so it stands only while something is written.
func push(w http.ResponseWriter, text string) bool {
	stream := http.NewResponseController(w)
	_ = stream.SetWriteDeadline(time.Now().Add(patience)) // without one, it waits longer
	if _, err := w.Write([]byte(text)); err != nil {
		return false
	}
	if err := stream.Flush(); err != nil {
		return false
	}
	_ = stream.SetWriteDeadline(time.Time{})
	return true
}
