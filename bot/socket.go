package bot

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"golang.org/x/sync/errgroup"
)

// The numbers of Socket Mode.
const (
	socketConnections = 2                // at once, so that one is there while the other is replaced
	socketSilence     = time.Minute      // without a frame, and a connection is given up; Slack pings several times in that
	openLimit         = 15 * time.Second // from asking for a connection to its hello
	writeFrameLimit   = 2 * time.Second
	leaveLimit        = 30 * time.Second // for Slack to close a connection that was replaced
	closeLimit        = 4 * time.Second  // for acknowledgements under way; more than an answer's budget
	closeHandshake    = time.Second
	mostUnderWay      = 256      // envelopes at once, beyond which no more are read
	frameSize         = 32 << 10 // bytes: each acknowledgement goes as one frame
)

// Socket receives what people do in Slack over Socket Mode: over connections that
// we open, for a company that can't be reached from outside. Make one with
// [Bot.Socket].
//
// The library's own package for this (slack-go/socketmode) isn't used: it has one
// connection and drops it before the next is up, so that for a moment nothing
// arrives; it hides why Slack disconnects; and it acknowledges on whatever
// connection is there, which Slack doesn't take for one of another.
type Socket struct {
	bot       *Bot
	client    *slack.Client
	dialer    *websocket.Dialer
	plain     bool // the API is at http://, and so may the connections be
	envelopes *envelopes
	room      chan struct{} // one for each envelope under way

	mu    sync.Mutex
	links map[*link]bool // that are open
	ends  sync.WaitGroup // of links that are left
}

// Socket makes the Socket Mode side of the bot. appToken is the app-level token
// (xapp-…); apiURL is where Slack's Web API is, "" for https://slack.com/api/.
func (b *Bot) Socket(appToken, apiURL string) *Socket {
	options := []slack.Option{
		slack.OptionHTTPClient(&http.Client{Timeout: webTimeout, Transport: b.responses.client.Transport}),
		slack.OptionAppLevelToken(appToken),
	}
	if apiURL != "" {
		options = append(options, slack.OptionAPIURL(strings.TrimRight(apiURL, "/")+"/"))
	}
	return &Socket{
		bot: b, client: slack.New("", options...), plain: strings.HasPrefix(apiURL, "http://"),
		dialer:    &websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: openLimit, WriteBufferSize: frameSize},
		envelopes: newEnvelopes(), room: make(chan struct{}, mostUnderWay), links: map[*link]bool{},
	}
}

// Run receives until ctx ends; then it reads no more, acknowledges what is under
// way, closes its connections and returns nil: what it didn't read, Slack sends to
// another replica. Call [Bot.Drain] after it. An error is a sentence that says why
// Slack will never take us, and how to mend it ([ErrAppTokenRefused],
// [ErrSocketModeOff]); anything else is tried again.
func (s *Socket) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for range socketConnections {
		group.Go(func() error { return s.keep(ctx) })
	}
	err := group.Wait()
	s.ends.Wait()
	return err
}

// errSilent is why nothing arrives.
var errSilent = errors.New("no Socket Mode connection has heard from Slack for a minute")

// Check is nil while at least one connection is open that had a frame, a ping
// included, within the last minute. Its error is for the log.
func (s *Socket) Check(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for l := range s.links {
		if l.lively() {
			return nil
		}
	}
	return errSilent
}

// keep holds one connection at a time until ctx ends: when it must be replaced,
// the next is opened before it is left.
func (s *Socket) keep(ctx context.Context) error {
	var held *link
	defer func() {
		if held != nil {
			s.leave(ctx, held)
		}
	}()
	var t trials
	for ctx.Err() == nil {
		next, err := s.open(ctx)
		if ctx.Err() != nil && next == nil {
			return nil // we were stopped, not refused
		}
		if err != nil {
			if fatal := t.failed(err); fatal != nil {
				return fatal
			}
			s.bot.log.WarnContext(ctx, "a Socket Mode connection can't be opened, and is tried again", "tries", t.failures, "error", err)
			t.rest(ctx, err)
			continue
		}
		if held != nil {
			s.leave(ctx, held)
		}
		held = next
		if err := s.stay(ctx, held, &t); err != nil {
			return err
		}
	}
	return nil
}

// stay waits until a connection must be replaced.
func (s *Socket) stay(ctx context.Context, l *link, t *trials) error {
	select {
	case <-ctx.Done():
		return nil
	case <-l.due:
	}
	s.bot.log.InfoContext(ctx, "a Socket Mode connection is replaced", "reason", l.reason, "after", time.Since(l.began).Round(time.Second).String())
	if fatal := t.ended(l.reason, time.Since(l.began)); fatal != nil {
		return fatal
	}
	t.rest(ctx, nil)
	return nil
}

// leave ends a connection that was replaced, or all of them when ctx has ended.
func (s *Socket) leave(ctx context.Context, l *link) {
	s.ends.Go(func() {
		l.leave(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.links, l)
	})
}

// hold notes a connection that is up.
func (s *Socket) hold(l *link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links[l] = true
}
