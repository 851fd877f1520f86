package store

import (
	"context"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// AskLockouts reads all that the numbers of a day are made of, and returns the queries that
// each way of reading took.
func (s *Store) AskLockouts(ctx context.Context, userID string, now time.Time) (map[string][]Asked, error) {
	asked := map[string][]Asked{}
	in := actions.Span{From: now.Add(-24 * time.Hour), Until: now}
	tries := actions.TriesQuery{
		Failed: []actions.Span{in, {From: in.From.AddDate(0, 0, -7), Until: in.Until.AddDate(0, 0, -7)}}, Twice: in, Before: time.Hour, Names: in.From, To: now,
	}
	moments := s.dialect.moments
	for name, read := range map[string]func(queryer) error{
		"AttemptsReach": func(q queryer) error { _, _, err := attemptsReach(ctx, q, now); return err },
		"WhoFailed":     func(q queryer) error { _, err := whoFailed(ctx, q, tries); return err },
		"EachTries": func(q queryer) error {
			return eachTries(ctx, q, moments, tries, func([]actions.Tries) error { return nil })
		},
		"LockoutRecords": func(q queryer) error {
			_, err := lockoutRecords(ctx, q, moments, []string{userID}, in.From, now)
			return err
		},
		"SuccessesOf": func(q queryer) error {
			_, err := successesOf(ctx, q, moments, []string{userID}, in.From, now)
			return err
		},
		"MembersOf":      func(q queryer) error { _, err := membersOf(ctx, q, "acc"); return err },
		"Judged":         func(q queryer) error { _, err := judged(ctx, q, in); return err },
		"Unopened":       func(q queryer) error { _, err := unopened(ctx, q, in, now, 10, 0); return err },
		"DeskNumbers":    func(q queryer) error { _, err := deskNumbers(ctx, q, in, now); return err },
		"CasesIn":        func(q queryer) error { _, _, err := casesIn(ctx, q, in); return err },
		"CasesOpened":    func(q queryer) error { _, err := casesOpened(ctx, q, in, 10, 0); return err },
		"CasesResolved":  func(q queryer) error { _, err := casesResolved(ctx, q, in, 10, 0); return err },
		"CasesTimed":     func(q queryer) error { _, err := casesTimed(ctx, q, in); return err },
		"CaseQueue":      func(q queryer) error { _, err := caseQueue(ctx, q, now, 10); return err },
		"CaseQueueCount": func(q queryer) error { _, err := caseQueueCount(ctx, q, now, 10); return err },
	} {
		var err error
		if asked[name], err = s.record(ctx, read); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return asked, nil
}
