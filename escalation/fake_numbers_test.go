package escalation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func (s *fakeStore) CasesIn(_ context.Context, in actions.Span) (opened, resolved int, err error) {
	for _, c := range s.state.cases {
		if in.In(c.At) {
			opened++
		}
		if c.State == Resolved && in.In(c.ResolvedAt) {
			resolved++
		}
	}
	return opened, resolved, s.down
}

func (s *fakeStore) CasesOpened(_ context.Context, in actions.Span, limit, offset int) ([]Case, error) {
	return s.newest(limit, offset, func(c Case) bool { return in.In(c.At) }), s.down
}

func (s *fakeStore) CasesResolved(_ context.Context, in actions.Span, limit, offset int) ([]Case, error) {
	return s.newest(limit, offset, func(c Case) bool { return c.State == Resolved && in.In(c.ResolvedAt) }), s.down
}

// newest returns a page of the cases that fit, the newest first.
func (s *fakeStore) newest(limit, offset int, fits func(Case) bool) []Case {
	all := slices.DeleteFunc(s.oldest(), func(c Case) bool { return !fits(c) })
	slices.Reverse(all)
	return fakePage(all, limit, offset)
}

// fakePage are those from an offset on.
func fakePage(all []Case, limit, offset int) []Case {
	from := min(offset, len(all))
	return all[from:min(from+limit, len(all))]
}

// CasesTimed returns all: which of them count is for the use case to say.
func (s *fakeStore) CasesTimed(context.Context, actions.Span) ([]Timed, error) {
	var all []Timed
	for _, c := range s.oldest() {
		all = append(all, Timed{Case: c, Events: s.state.events[c.ID]})
	}
	return all, s.down
}

func (s *fakeStore) CaseQueue(_ context.Context, at time.Time, limit int) ([]Case, error) {
	ends := func(c Case) time.Time { return earliest(c.First.EndsAt, c.Resolution.EndsAt) }
	all := slices.DeleteFunc(s.oldest(), func(c Case) bool {
		late := !ends(c).IsZero() && !ends(c).After(at)
		return c.State == Resolved || c.State != Open && !late
	})
	slices.SortStableFunc(all, func(a, b Case) int { return cmp.Or(ends(a).Compare(ends(b)), strings.Compare(a.ID, b.ID)) })
	return all[:min(len(all), limit)], s.down
}

func (s *fakeStore) CaseQueueCount(ctx context.Context, at time.Time, limit int) (int, error) {
	all, err := s.CaseQueue(ctx, at, limit)
	return len(all), err
}
