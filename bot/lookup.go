package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

// How long what Slack said is good for, and how Slack is asked.
const (
	keepAnswer  = 5 * time.Minute
	keepBusy    = time.Minute // while Slack says that it is asked too often
	askLimit    = 5 * time.Second
	askAgain    = time.Second // after a failure; Slack may ask for longer
	askAgainMax = time.Minute
	maxKnown    = 10_000
)

// lookup remembers what Slack said of each ID for up to five minutes, and asks
// once where many want to know the same.
type lookup[V any] struct {
	ask func(ctx context.Context, id string) (V, error)
	now func() time.Time

	mu     sync.Mutex
	known  map[string]known[V]
	asking map[string]*asked[V]
	failed map[string]failure
}

// known is an answer of Slack's.
type known[V any] struct {
	value V
	at    time.Time
}

// asked is a question under way; its answer is there when done is closed.
type asked[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// failure is why Slack couldn't be asked, and until when it isn't asked again.
type failure struct {
	err   error
	until time.Time
}

func newLookup[V any](now func() time.Time, ask func(context.Context, string) (V, error)) *lookup[V] {
	return &lookup[V]{ask: ask, now: now, known: map[string]known[V]{}, asking: map[string]*asked[V]{}, failed: map[string]failure{}}
}

// get returns what Slack says of an ID: remembered for up to five minutes, or
// asked anew when fresh.
func (l *lookup[V]) get(ctx context.Context, id string, fresh bool) (V, error) {
	l.mu.Lock()
	if k, ok := l.known[id]; ok && !fresh && l.now().Sub(k.at) <= keepAnswer {
		l.mu.Unlock()
		return k.value, nil
	}
	if f, ok := l.failed[id]; ok && l.now().Before(f.until) {
		defer l.mu.Unlock()
		return l.lately(id, f.err)
	}
	question := l.asking[id]
	if question == nil {
		question = &asked[V]{done: make(chan struct{})}
		l.asking[id] = question
		// Whoever asked first may hang up; the answer is for all who wait.
		go l.find(context.WithoutCancel(ctx), id, question)
	}
	l.mu.Unlock()
	select {
	case <-question.done:
		if question.err == nil {
			return question.value, nil
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.lately(id, question.err)
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// lately returns what Slack said in the last minute when it now says that it
// was asked too often: so much of a busy team's asking is that it is the same
// few people. Any other failure is one.
func (l *lookup[V]) lately(id string, failed error) (V, error) {
	var limited *slack.RateLimitedError
	if k, ok := l.known[id]; ok && errors.As(failed, &limited) && l.now().Sub(k.at) <= keepBusy {
		return k.value, nil
	}
	var none V
	return none, failed
}

// find asks Slack and remembers what it said.
func (l *lookup[V]) find(ctx context.Context, id string, question *asked[V]) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	question.err = errors.New("the look-up in Slack ended in a panic")
	defer func() {
		if v := recover(); v != nil {
			question.err = panicked(v)
		}
		l.remember(id, question)
		close(question.done)
	}()
	question.value, question.err = l.ask(ctx, id)
}

func (l *lookup[V]) remember(id string, question *asked[V]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.asking, id)
	if question.err != nil {
		l.makeRoom(len(l.failed) >= maxKnown)
		l.failed[id] = failure{err: question.err, until: l.now().Add(pauseAfter(question.err))}
		return
	}
	delete(l.failed, id)
	l.makeRoom(len(l.known) >= maxKnown)
	l.known[id] = known[V]{value: question.value, at: l.now()}
}

// makeRoom forgets everything when there is too much, which is rare: only
// people who are listed somewhere are looked up.
func (l *lookup[V]) makeRoom(full bool) {
	if full {
		clear(l.known)
		clear(l.failed)
	}
}

// pauseAfter is how long Slack is left alone after a failure.
func pauseAfter(err error) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return min(max(limited.RetryAfter, askAgain), askAgainMax)
	}
	return askAgain
}
