package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// benchClients is how many agents ask at once.
const benchClients = 16

// ratioGoal is how much slower ten times the data may be.
const ratioGoal = 1.3

// BenchmarkDiagnose asks `/diagnose` over signed HTTP, 16 at once, of 10,000
// users with 1,000,000 attempts, and of ten times as much; p50 of the larger
// should be at most 1.3 times that of the smaller. The larger takes minutes to
// fill; leave it out with -bench 'Diagnose/.*/1x'.
//
//	go test ./cmd/latchkey -run '^$' -bench Diagnose -benchtime 4000x -timeout 2h
func BenchmarkDiagnose(b *testing.B) {
	for name, url := range map[string]func(testing.TB) string{
		"sqlite":   storetest.SQLiteURL,
		"postgres": func(t testing.TB) string { return storetest.NewCluster(t, true).URL },
	} {
		var base float64 // p50 of the smaller, in milliseconds
		for _, times := range []int{1, 10} {
			var s *served // filled once, however often the benchmark is tried
			b.Run(fmt.Sprintf("%s/%dx", name, times), func(sub *testing.B) {
				users := 10_000 * times
				if s == nil {
					databaseURL := url(b)
					fill(b, databaseURL, users, 1_000_000*times)
					s = serveOn(b, databaseURL)
					s.ask(sub, 0) // roles are cached, connections open
				}
				p50 := s.benchDiagnose(sub, users)
				if times == 1 {
					base = p50
				} else if base > 0 {
					sub.ReportMetric(p50/base, "p50-ratio(goal-1.3)")
					if p50/base > ratioGoal {
						sub.Logf("missed: p50 is %.2f times that of a tenth of the data, the goal is %.1f", p50/base, ratioGoal)
					}
				}
			})
		}
	}
}

func (s *served) benchDiagnose(b *testing.B, users int) (p50 float64) {
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var clients sync.WaitGroup
	b.ResetTimer()
	for range benchClients {
		clients.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				began := time.Now()
				s.ask(b, rand.N(users))
				took[i] = time.Since(began)
			}
		})
	}
	clients.Wait()
	b.StopTimer()
	slices.Sort(took)
	p50 = took[len(took)/2].Seconds() * 1000
	b.ReportMetric(p50, "p50-ms")
	b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
	return p50
}

// ask asks about one user, and makes sure of the answer.
func (s *served) ask(b *testing.B, user int) {
	answer, err := s.app.Command(context.Background(), slackfake.Command{
		User: "U0AGENT", Name: "/diagnose", Text: fmt.Sprintf("user%d@bench.example", user),
	})
	if err != nil || answer.Message == nil || answer.Refused != "" || len(answer.Body) < 1000 {
		b.Errorf("the agent reads %+v, %v", answer, err)
	}
}

// fill imports users and their attempts, spread over the 30 days before now.
func fill(b *testing.B, databaseURL string, users, attempts int) {
	b.Helper()
	h, err := openHouse(b.Context(), databaseURL, benchKeys(b), actions.Rules{}, quiet(terminal{}))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := h.actions.Import(b.Context(), atTerminal(), actions.Import{Lines: population(users, attempts)}); err != nil {
		b.Fatal(err)
	}
	if err := h.close(); err != nil {
		b.Fatal(err)
	}
}

// population yields users, each of the same account's, and attempts in the
// order of time.
func population(users, attempts int) iter.Seq2[actions.Record, error] {
	return func(yield func(actions.Record, error) bool) {
		put := func(body any, digest string) bool {
			return yield(actions.Record{Body: body, Digest: []byte(digest)}, nil)
		}
		if !put(actions.Account{ID: "acc", Name: "Bench", Status: actions.AccountActive, GatewayIDs: []string{"GW1"}}, "a") {
			return
		}
		for i := range users {
			id := fmt.Sprintf("u%d", i)
			user := actions.User{
				ID: id, Username: fmt.Sprintf("user%d", i), Email: fmt.Sprintf("user%d@bench.example", i),
				Status: actions.UserActive, HasPassword: true,
			}
			place := actions.Membership{UserID: id, AccountID: "acc", Role: "member", Status: actions.MembershipActive}
			if !put(user, id) || !put(place, id) {
				return
			}
		}
		outcomes := []actions.Outcome{actions.Success, actions.Success, actions.Success, actions.WrongPassword, actions.CodeWrong}
		dice := rand.New(rand.NewPCG(1, 2))
		now := actions.Instant(time.Now())
		for i := range attempts {
			user := dice.IntN(users)
			attempt := actions.Attempt{
				ID: fmt.Sprintf("a%d", i), At: now.Add(-30 * 24 * time.Hour * time.Duration(attempts-i) / time.Duration(attempts)),
				Identifier: fmt.Sprintf("user%d", user), UserID: fmt.Sprintf("u%d", user), Outcome: outcomes[dice.IntN(len(outcomes))],
				IP: fmt.Sprintf("203.0.%d.%d", dice.IntN(4), user%250), Country: "AU", DeviceID: fmt.Sprintf("d%d", user),
			}
			if !put(attempt, "") {
				return
			}
		}
	}
}

func benchKeys(b *testing.B) actions.Keyring {
	b.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		b.Fatal(err)
	}
	return keys
}
