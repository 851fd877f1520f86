package slackfake

// change notes that something is different now, and wakes whoever waits for
// it.
func (s *Slack) change() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

// Version counts the changes so far. Two views of the same version are equal.
func (s *Slack) Version() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// Changed returns a channel that is closed once there is something newer than
// version, at once when there is.
func (s *Slack) Changed(version int64) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.version <= version {
		return s.changed
	}
	now := make(chan struct{})
	close(now)
	return now
}
