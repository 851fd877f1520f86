package actions

import (
	"context"
	"time"
)

// OperationsOf returns what the test says was begun, newest first.
func (s *fakeStore) OperationsOf(_ context.Context, subject string, since time.Time, limit int) ([]Operation, error) {
	var found []Operation
	for _, op := range s.begun {
		if op.Subject == subject && op.At.After(since) && len(found) < limit {
			found = append(found, op)
		}
	}
	return found, s.down
}
