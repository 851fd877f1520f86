package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// ear is where the bot hears what people do in Slack: from Slack's requests to the
// outer address, or over connections of its own (Socket Mode).
type ear struct {
	bot    *bot.Bot
	socket *bot.Socket   // nil: over HTTP
	deaf   chan struct{} // closed when nothing more is heard over the socket
}

// ear opens it: an app token means Socket Mode.
func (c *Config) ear(b *bot.Bot) *ear {
	e := &ear{bot: b, deaf: make(chan struct{})}
	if c.SlackAppToken != "" {
		e.socket = b.Socket(c.SlackAppToken, c.SlackAPIURL)
	}
	return e
}

// routes puts the routes that face Slack on mux; in Socket Mode there are none.
func (e *ear) routes(mux *http.ServeMux) {
	if e.socket == nil {
		e.bot.Routes(mux)
	}
}

// parts are what /readyz says of it, besides whether Slack answers.
func (e *ear) parts() []web.Part {
	if e.socket == nil {
		return nil
	}
	return []web.Part{{Name: "socket", Check: e.socket.Check, Sentence: "No Socket Mode connection to Slack is open, or nothing has come over one for a minute."}}
}

// hear hears over the socket until ctx ends. An error is that Slack will never let
// us, which ends the process.
func (e *ear) hear(ctx context.Context) error {
	defer close(e.deaf)
	if e.socket == nil {
		return nil
	}
	if err := e.socket.Run(ctx); err != nil {
		return fmt.Errorf("LATCHKEY_SLACK_APP_TOKEN: %w", err)
	}
	return nil
}

// drain waits until nothing more is heard and all that was heard is answered, or
// until ctx ends.
func (e *ear) drain(ctx context.Context) error {
	select {
	case <-e.deaf:
	case <-ctx.Done():
	}
	return e.bot.Drain(ctx)
}
