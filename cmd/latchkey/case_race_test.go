package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestTwoServersClaimOnce: two engineers click at the same moment, each at a server of
// their own on one database. One of them has the case, the other reads who was faster,
// and both sides see it so, once.
func TestTwoServersClaimOnce(t *testing.T) {
	t.Parallel()
	s := &soak{database: storetest.PostgresURL(t), servers: 2, cases: 12, lasts: time.Hour}
	synctest.Test(t, func(t *testing.T) {
		s.t, s.roles = t, map[string]actions.Roles{}
		s.moveIn()
		for n := range s.cases {
			s.open(t.Context(), s.halls[n%2], n)
			s.claimedByOne(s.ids[n])
		}
		s.halls[1].wantSeen(t.Context(), passing, s.ids...)
		s.moveOut()
	})
}

// claimedByOne has two engineers claim a case at once.
func (s *soak) claimedByOne(id string) {
	s.t.Helper()
	engineers, start, all := []string{"UE00", "UE01"}, make(chan struct{}), sync.WaitGroup{}
	won, lost := make(chan string, 2), make(chan error, 2)
	for i, who := range engineers {
		call := s.as(who)
		all.Go(func() {
			<-start
			if _, err := s.halls[i].desk.Claim(s.t.Context(), call, id); err != nil {
				lost <- err
			} else {
				won <- who
			}
		})
	}
	close(start)
	all.Wait()
	if len(won) != 1 {
		s.t.Fatalf("%d claimed the case", len(won))
	}
	winner, err := <-won, <-lost
	if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), fmt.Sprintf("<@%s> was faster", winner)) {
		s.t.Errorf("%s has it, and the other reads %v", winner, err)
	}
	report, err := s.halls[0].desk.Report(s.t.Context(), id)
	if err != nil || report.Case.State != escalation.Claimed || report.Case.ClaimedBy != winner || len(report.Events) != 2 {
		s.t.Errorf("%s has it: %+v, %v", winner, report.Case, err)
	}
}
