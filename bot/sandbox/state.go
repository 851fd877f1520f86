package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// A stream that has nothing to say shows that it is still there; a reader who
// doesn't take what it says is given up.
const (
	heartbeat = 15 * time.Second
	patience  = 10 * time.Second
)

// state is all that a person sees now, and how many milliseconds the clock of the
// sandbox is ahead of the system's.
func (s *sandbox) state(w http.ResponseWriter, r *http.Request) {
	as := r.URL.Query().Get("as")
	if !s.knows(as) {
		fail(w, errNobody)
		return
	}
	answer(w, http.StatusOK, struct {
		slackfake.View
		Ahead int64 `json:"ahead"`
	}{s.config.Slack.View(as), s.config.Clock.Ahead().Milliseconds()})
}

// source is something that changes, as a stream tells its readers.
type source struct {
	event string
	board interface {
		Version() int64
		Changed(since int64) <-chan struct{}
	}
}

// sources are all that a stream tells of.
func (s *sandbox) sources() []source {
	all := []source{{"changed", s.config.Slack}, {"clock", s.config.Clock}, {"post", s.config.Post}}
	if s.config.Site != nil {
		all = append(all, source{"site", s.config.Site})
	}
	return all
}

// mark is how far a reader has heard: the version of each source.
type mark []int64

func (s *sandbox) mark() mark {
	var m mark
	for _, from := range s.sources() {
		m = append(m, from.board.Version())
	}
	return m
}

// since says what is newer than an earlier mark; everything is newer than none.
func (s *sandbox) since(now, before mark) string {
	var news strings.Builder
	for i, from := range s.sources() {
		if before == nil || now[i] != before[i] {
			fmt.Fprintf(&news, "event: %s\ndata: %d\n\n", from.event, now[i])
		}
	}
	return news.String()
}

// events is a stream that says "changed", "clock", "post" and "site" when it begins and
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
	for told := mark(nil); ; {
		now := s.mark()
		if !push(w, s.since(now, told)) || !s.wait(w, r, now, beat.C) {
			return
		}
		told = now
	}
}

// wait returns when there is something newer than the mark; false when nobody
// reads any more.
func (s *sandbox) wait(w http.ResponseWriter, r *http.Request, told mark, beat <-chan time.Time) bool {
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	changed := make(chan struct{}, len(told)) // room for all, so that nobody waits to be heard
	for i, from := range s.sources() {
		go func() {
			select {
			case <-from.board.Changed(told[i]):
				changed <- struct{}{}
			case <-ctx.Done():
			}
		}()
	}
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
