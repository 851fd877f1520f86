package sandbox

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Clock is the time of a sandbox: the system's, or so much before or after it. Its
// methods are for several goroutines; the zero clock goes right.
type Clock struct {
	board
	ahead time.Duration
}

// Now is what it shows.
func (c *Clock) Now() time.Time { return time.Now().Add(c.Ahead()) }

// Ahead is how far it is ahead of the system's, negative for behind.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// Set sets it so far ahead of the system's.
func (c *Clock) Set(ahead time.Duration) { c.change(func() { c.ahead = ahead }) }

// GoOn lets so much time pass on it.
func (c *Clock) GoOn(d time.Duration) { c.change(func() { c.ahead += d }) }

// leap is a button that lets time pass.
type leap struct {
	Name  string
	Hours int
}

// leaps are the buttons; aheadMost is how far the clock can be ahead.
var leaps = []leap{{"+1 hour", 1}, {"+1 day", 24}, {"+1 week", 7 * 24}}

// leapsOf are the buttons that there are.
func leapsOf(c Config) []leap {
	if c.Jump == nil {
		return nil
	}
	return leaps
}

const aheadMost = 60 * 24 * time.Hour

type jumpAsked struct {
	asker
	Hours int `json:"hours"`
}

// jump lets time pass. It returns once all that was due meanwhile has happened.
func (s *sandbox) jump(ctx context.Context, asked jumpAsked) (done, error) {
	by := time.Duration(asked.Hours) * time.Hour
	switch {
	case s.config.Jump == nil, !slices.ContainsFunc(leaps, func(l leap) bool { return l.Hours == asked.Hours }):
		return done{}, errMalformed
	case s.config.Clock.Ahead()+by > aheadMost:
		days := int(aheadMost / (24 * time.Hour))
		return done{}, fault{http.StatusConflict, fmt.Sprintf("The clock is %d days ahead, and goes no further. To begin again today, end the demo and start it anew.", days)}
	}
	if err := s.config.Jump(ctx, by); err != nil {
		return done{}, fault{http.StatusBadGateway, "Not all that was due has happened; what is missing follows by itself within a minute."}
	}
	return done{}, nil
}
