package slackfake

import (
	"math"
	"time"
)

// bucket holds how many calls may still be made at once.
type bucket struct {
	left float64
	at   time.Time
}

// How many messages go into one channel at once, and then each second. Slack
// says "short bursts" and names no number.
const (
	burst   = 4
	aSecond = 1
)

// limited counts a call against its rates. It returns the whole seconds to
// wait, 0 when the call may be made.
func (s *Slack) limited(name string, c call) int {
	m, known := methods[name]
	if s.config.Unlimited || !known {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if wait := s.draw(name, float64(m.rate), float64(m.rate)/60); wait > 0 {
		return wait
	}
	if name == "chat.postMessage" {
		return s.draw(name+" "+c.text("channel"), burst, aSecond)
	}
	return 0
}

// draw takes one call out of a bucket that holds most and is filled at a rate
// a second.
func (s *Slack) draw(name string, most, rate float64) int {
	now, b := s.config.Now(), s.rates[name]
	if b == nil {
		b = &bucket{left: most, at: now}
		s.rates[name] = b
	}
	b.left, b.at = min(most, b.left+now.Sub(b.at).Seconds()*rate), now
	if b.left < 1 {
		return int(math.Ceil((1 - b.left) / rate))
	}
	b.left--
	return 0
}
