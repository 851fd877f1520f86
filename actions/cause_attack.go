package actions

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// accountTakenOver: a foreign burst of failures, and then somebody got in from
// one of its networks.
func accountTakenOver(s *situation) *verdict {
	if s.bursts.takeover == nil {
		return nil
	}
	return &verdict{
		grade:    Indicated,
		summary:  "Strangers tried again and again, and then somebody got in from one of their networks.",
		evidence: append([]Evidence{attempted(*s.bursts.entry)}, s.bursts.takeover.evidence()...),
	}
}

// underAttack: a burst of failures from networks that aren't the user's own.
func underAttack(s *situation) *verdict {
	if s.bursts.foreign == nil {
		return nil
	}
	return &verdict{
		grade: Indicated,
		summary: fmt.Sprintf("Somebody is hammering this login: %s. Don't just unlock: it locks again, or lets the wrong one in.",
			s.bursts.foreign.words()),
		evidence: s.bursts.foreign.evidence(),
	}
}

// staleSavedPassword: a burst of failures, all from the user's own networks.
func staleSavedPassword(s *situation) *verdict {
	if s.bursts.any == nil || s.bursts.foreign != nil {
		return nil
	}
	return &verdict{
		grade:    Indicated,
		summary:  fmt.Sprintf("A device or app of their own keeps trying an old password: %s.", s.bursts.any.words()),
		evidence: s.bursts.any.evidence(),
	}
}

// words says how many failures in how long from how many networks.
func (b *burst) words() string {
	first, last := b.failures[0].At, b.failures[len(b.failures)-1].At
	text := fmt.Sprintf("%d failures in %s", len(b.failures), length(last.Sub(first)))
	if n := countNetworks(networksOf(b.failures)); n > 1 {
		text += fmt.Sprintf(" from %d networks", n)
	}
	return text
}

// evidence says the run, and its first and last failure.
func (b *burst) evidence() []Evidence {
	first, last := b.failures[0], b.failures[len(b.failures)-1]
	text := b.words()
	if b.foreign > 0 {
		text += fmt.Sprintf(", %d of them from a network that isn't the customer's own", b.foreign)
	}
	return []Evidence{{At: last.At, Source: fromAttempt, Text: text}, attempted(last), attempted(first)}
}

// credentialShared: the user is locked for sharing the login, or was refused
// for it (RULES S0.8).
func credentialShared(s *situation) *verdict {
	if lock := s.lockOf(LockSharing); lock != nil {
		return &verdict{grade: Proven, summary: "The login was shared, and is locked for it.", evidence: []Evidence{s.locked(*lock)}}
	}
	if s.ended(Shared) {
		return &verdict{grade: Indicated, summary: "The last attempt was refused because the login was shared.", evidence: s.ending()}
	}
	return nil
}

// The measures of sharingSuspected.
const (
	shareSpan      = 3 * time.Hour
	shareNets      = 5
	shareCountries = 3
	shareLongSpan  = 48 * time.Hour
	shareLongNets  = 8
)

// sharingSuspected: recent successes from many networks or countries in a
// short time. Worth a look, no proof: mobile networks move.
func sharingSuspected(s *situation) *verdict {
	var successes []Attempt // oldest first
	for _, a := range s.Successes {
		if s.recent(a.At) {
			successes = append(successes, a)
		}
	}
	slices.Reverse(successes)
	var newest []Attempt
	fromNetworks := func(least int) func([]Attempt, map[netip.Prefix]int) {
		return func(run []Attempt, networks map[netip.Prefix]int) {
			if countNetworks(networks) >= least {
				newest = run
			}
		}
	}
	slide(successes, shareLongSpan, Attempt.Network, fromNetworks(shareLongNets))
	slide(successes, shareSpan, countryOf, func(run []Attempt, countries map[string]int) {
		if countCountries(countries) >= shareCountries {
			newest = run
		}
	})
	slide(successes, shareSpan, Attempt.Network, fromNetworks(shareNets))
	if newest == nil {
		return nil
	}
	return suspected(newest)
}

func suspected(run []Attempt) *verdict {
	countries := map[string]int{}
	for _, a := range run {
		countries[countryOf(a)]++
	}
	newestFirst := slices.Clone(run)
	slices.Reverse(newestFirst)
	return &verdict{
		grade: Indicated,
		summary: fmt.Sprintf("Successful logins from %s and %s within %s: the login may be shared.",
			count(countNetworks(networksOf(run)), "network", "networks"), count(countCountries(countries), "country", "countries"),
			length(run[len(run)-1].At.Sub(run[0].At))),
		evidence: several(distinctNetworks(newestFirst)),
	}
}

// countryOf returns the country of an attempt without regard to case.
func countryOf(a Attempt) string { return Fold(a.Country) }

// countCountries counts countries; the empty one stands for attempts without
// one.
func countCountries(countries map[string]int) int {
	if _, nameless := countries[""]; nameless {
		return len(countries) - 1
	}
	return len(countries)
}

// slide calls judge for each of the attempts, oldest first, with the longest run
// that begins with it and spans at most span, and with how many of the run have
// each key. The map is reused: judge must not keep it.
func slide[K comparable](attempts []Attempt, span time.Duration, key func(Attempt) K, judge func(run []Attempt, counts map[K]int)) {
	counts := map[K]int{}
	end := 0
	for first, a := range attempts {
		for ; end < len(attempts) && attempts[end].At.Sub(a.At) <= span; end++ {
			counts[key(attempts[end])]++
		}
		judge(attempts[first:end], counts)
		if counts[key(a)]--; counts[key(a)] == 0 {
			delete(counts, key(a))
		}
	}
}

// countNetworks counts networks; the zero one stands for attempts without an
// address and is no network itself.
func countNetworks(networks map[netip.Prefix]int) int {
	if _, nameless := networks[netip.Prefix{}]; nameless {
		return len(networks) - 1
	}
	return len(networks)
}

// distinctNetworks keeps the first attempt of each network.
func distinctNetworks(attempts []Attempt) []Attempt {
	seen := map[netip.Prefix]bool{}
	var distinct []Attempt
	for _, a := range attempts {
		if network := a.Network(); !seen[network] {
			seen[network] = true
			distinct = append(distinct, a)
		}
	}
	return distinct
}
