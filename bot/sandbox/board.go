package sandbox

import "sync"

// board tells those who read something that it has changed. Its methods are for
// several goroutines; the zero board is one that never changed.
type board struct {
	mu      sync.Mutex
	version int64
	changed chan struct{} // closed by the next change; nil when nobody waits
}

// change changes what the board is about.
func (b *board) change(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
	b.version++
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// Version changes with everything that is new.
func (b *board) Version() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.version
}

// Changed is closed once there is something newer than a version.
func (b *board) Changed(since int64) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	if b.version == since {
		return b.changed
	}
	done := make(chan struct{})
	close(done)
	return done
}
