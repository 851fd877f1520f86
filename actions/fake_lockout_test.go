package actions

import (
	"context"
	"time"
)

// AttemptsReach up to now, unless nobody ever tried.
func (s *fakeStore) AttemptsReach(_ context.Context, at time.Time) (oldest, newest time.Time, err error) {
	if s.untried {
		return oldest, newest, s.down
	}
	return at.AddDate(-1, 0, 0), at, s.down
}
