package bot

import (
	"context"
	"sync"
)

// inflight counts what is still to be answered. Unlike a sync.WaitGroup it may
// be waited for while requests still come in, and only for a while.
type inflight struct {
	mu   sync.Mutex
	n    int
	idle chan struct{} // closed when n falls to 0; nil when nobody waits
}

func (f *inflight) add() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
}

func (f *inflight) done() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n--
	if f.n == 0 && f.idle != nil {
		close(f.idle)
		f.idle = nil
	}
}

// wait returns 0 when nothing is under way any more, or how much is when ctx
// ended first.
func (f *inflight) wait(ctx context.Context) int {
	idle := f.waiting()
	if idle == nil {
		return 0
	}
	select {
	case <-idle:
		return 0
	case <-ctx.Done():
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.n
	}
}

// waiting returns the channel that is closed when nothing is under way, nil
// when that is so already.
func (f *inflight) waiting() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n == 0 {
		return nil
	}
	if f.idle == nil {
		f.idle = make(chan struct{})
	}
	return f.idle
}
