package actions

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// keptRow is what another system lists, as it is kept.
type keptRow struct {
	Suppression
	seen time.Time
}

func (t *fakeTx) KeepListed(_ context.Context, source string, listed []Suppression, seen time.Time) error {
	rows := slices.DeleteFunc(slices.Clone(t.kept[source]), func(row keptRow) bool {
		return slices.ContainsFunc(listed, func(s Suppression) bool { return s.Address == row.Address && s.List == row.List })
	})
	for _, s := range listed {
		rows = append(rows, keptRow{s, seen})
	}
	t.kept[source] = rows
	return nil
}

func (t *fakeTx) DropListed(_ context.Context, source string, seen time.Time) error {
	t.kept[source] = slices.DeleteFunc(slices.Clone(t.kept[source]), func(row keptRow) bool { return row.seen.Before(seen) })
	return nil
}

func (t *fakeTx) DelistKept(_ context.Context, source, address string, _ time.Time) error {
	t.kept[source] = slices.DeleteFunc(slices.Clone(t.kept[source]), func(row keptRow) bool {
		return row.List.HoldsBack() && AddressKey(row.Address) == AddressKey(address)
	})
	return nil
}

func (s *fakeStore) Spellings(_ context.Context, address string) (written []string, err error) {
	for _, rows := range s.state.kept {
		for _, row := range rows {
			if AddressKey(row.Address) == AddressKey(address) && !slices.Contains(written, row.Address) {
				written = append(written, row.Address)
			}
		}
	}
	return written, s.down
}

// fakeLists is a system that holds mail back, two entries a page.
type fakeLists struct {
	name string

	mu     sync.Mutex
	listed []Suppression
	asked  int
	// mute: nothing is answered until who asks stops waiting; down is an answer;
	// breaks is how many pages are read before it breaks, -1 for all.
	mute   bool
	down   error
	breaks int
	// keeps: it says yes, and lists it still.
	keeps bool
	exact bool // it tells capitals apart
}

func lists(name string, addresses ...string) *fakeLists {
	l := &fakeLists{name: name, breaks: -1}
	for _, address := range addresses {
		l.listed = append(l.listed, Suppression{Address: address, List: ListBounce, Since: noon.Add(-aDay)})
	}
	return l
}

func (l *fakeLists) Name() string { return l.name }

func (l *fakeLists) answer(ctx context.Context) error {
	l.asked++
	if l.mute {
		<-ctx.Done()
		return ctx.Err()
	}
	return l.down
}

func (l *fakeLists) Listed(ctx context.Context, address string) ([]Suppression, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.answer(ctx); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(l.listed), func(s Suppression) bool { return !l.means(s, address) }), nil
}

func (l *fakeLists) Delist(ctx context.Context, c Change) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.answer(ctx); err != nil || l.keeps {
		return err
	}
	l.listed = slices.DeleteFunc(l.listed, func(s Suppression) bool {
		return s.List.HoldsBack() && l.means(s, c.Email)
	})
	return nil
}

// means reports whether an entry is about an address.
func (l *fakeLists) means(s Suppression, address string) bool {
	return s.Address == address || !l.exact && AddressKey(s.Address) == AddressKey(address)
}

func (l *fakeLists) Each(ctx context.Context, yield func([]Suppression) error) error {
	for i := 0; i < len(l.listed); i += 2 {
		if l.breaks >= 0 && i/2 >= l.breaks {
			return Errorf(Unavailable, "It doesn't answer.")
		}
		if err := errors.Join(ctx.Err(), yield(l.listed[i:min(i+2, len(l.listed))])); err != nil {
			return err
		}
	}
	return l.down
}
