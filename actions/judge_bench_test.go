package actions

import (
	"testing"
	"time"
)

// BenchmarkJudge judges the most that a snapshot holds, under an attack from as
// many networks as there are attempts.
func BenchmarkJudge(b *testing.B) {
	for name, s := range map[string]*scene{
		"AttackAfterSuccesses": stage(successesEverywhere(30*hour, 24*hour), attackEverywhere()),
		"AttackAmongSuccesses": stage(successesEverywhere(hour, time.Second/2), attackEverywhere()),
		"CodesAndSuccesses":    stage(successesEverywhere(6*aDay, minute), times(RecordLimit, 6*aDay, minute, codeUsed)),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.judge()
			}
		})
	}
}

// attackEverywhere is as many wrong passwords as are read, each from another
// network, within the hour.
func attackEverywhere() option {
	n := 0
	return times(AttemptLimit, hour, hour/AttemptLimit, func(ago time.Duration) option {
		n++
		return tried(ago, WrongPassword, from(network(n)), on(""))
	})
}

// successesEverywhere is as many successes, over the span before ago; every
// second one on a device of its own.
func successesEverywhere(first, span time.Duration) option {
	n := 0
	return times(AttemptLimit, first, span/AttemptLimit, func(ago time.Duration) option {
		n++
		return tried(ago, Success, from(network(40_000+n)), on(network(n/2)))
	})
}
