package actions

import (
	"context"
	"fmt"
	"maps"
	"time"
)

// fakeLinks is what a fakeStore keeps of one-time links, by their ID.
type fakeLinks map[string]OneTimeLink

func (l fakeLinks) clone() fakeLinks { return maps.Clone(l) }

func (s *fakeStore) LinkByID(_ context.Context, id string) (OneTimeLink, bool, error) {
	l, found := s.current().fakeLinks[id]
	return l, found, s.down
}

func (t *fakeTx) StartLink(_ context.Context, l OneTimeLink) error {
	if _, there := t.fakeLinks[l.ID]; there {
		return fmt.Errorf("a link of that ID is there already")
	}
	t.fakeLinks[l.ID] = l
	return nil
}

func (t *fakeTx) OneTimeLink(_ context.Context, id string) (OneTimeLink, bool, error) {
	l, found := t.fakeLinks[id]
	return l, found, nil
}

func (t *fakeTx) SpendLink(_ context.Context, id string, at time.Time) (bool, error) {
	l, found := t.fakeLinks[id]
	if !found || l.state(at) != LinkLive {
		return false, nil
	}
	l.SpentAt = at
	t.fakeLinks[id] = l
	return true, nil
}
