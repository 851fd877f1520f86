package sandbox

import (
	"fmt"
	"net/http"
	"strings"
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

// mark is how far a reader has heard: the versions of the Slack and of the post.
type mark struct{ slack, post int64 }

func (s *sandbox) mark() mark { return mark{s.config.Slack.Version(), s.config.Post.Version()} }

// since says what is newer than an earlier mark.
func (m mark) since(before mark) string {
	var news strings.Builder
	if m.slack != before.slack {
		fmt.Fprintf(&news, "event: changed\ndata: %d\n\n", m.slack)
	}
	if m.post != before.post {
		fmt.Fprintf(&news, "event: post\ndata: %d\n\n", m.post)
	}
	return news.String()
}

// events is a stream that says "changed", and "post", when it begins and
// whenever there may be something new; what is new is fetched as a state. So a
// reader who was away misses nothing, and several changes at once are one.
func (s *sandbox) events(w http.ResponseWriter, r *http.Request) {
	if !s.knows(r.URL.Query().Get("as")) {
		fail(w, errNobody)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for told := (mark{-1, -1}); ; {
		now := s.mark()
		if !push(w, now.since(told)) || !s.wait(w, r, now, beat.C) {
			return
		}
		told = now
	}
}

// wait returns when there is something newer than the mark; false when nobody
// reads any more.
func (s *sandbox) wait(w http.ResponseWriter, r *http.Request, told mark, beat <-chan time.Time) bool {
	changed, arrived := s.config.Slack.Changed(told.slack), s.config.Post.Changed(told.post)
	for {
		select {
		case <-r.Context().Done():
			return false
		case <-changed:
			return true
		case <-arrived:
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
