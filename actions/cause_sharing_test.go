package actions

import (
	"fmt"
	"testing"
	"time"
)

// successes are n successes, each from another network, spread evenly over span
// and ending ago.
func successes(n int, span, ago time.Duration, details ...func(*Attempt)) option {
	return func(s *scene) {
		for i := range n {
			back := ago + span - span*time.Duration(i)/time.Duration(n-1)
			tried(back, Success, append([]func(*Attempt){from(network(i))}, details...)...)(s)
		}
	}
}

// abroad are 3 successes from home, but from so many countries.
func abroad(countries int, span time.Duration) option {
	return func(s *scene) {
		for i := range 3 {
			tried(hour+span-span*time.Duration(i)/2, Success, in(fmt.Sprint("C", i%countries)))(s)
		}
	}
}

func TestSharingSuspected(t *testing.T) {
	holds(t, CauseSharingSuspected, []row{
		{"FiveNetworksInThreeHours", successes(5, 3*hour, hour), Indicated},
		{"FiveNetworksInMore", successes(5, 3*hour+tick, hour), absent},
		{"FourNetworks", successes(4, hour, hour), absent},
		{"EightNetworksInTwoDays", successes(8, 48*hour, hour), Indicated},
		{"EightNetworksInMore", successes(8, 48*hour+tick, hour), absent},
		{"SevenNetworksInTwoDays", successes(7, 48*hour, hour), absent},
		{"ThreeCountriesInThreeHours", abroad(3, 3*hour), Indicated},
		{"ThreeCountriesInMore", abroad(3, 3*hour+tick), absent},
		{"TwoCountries", abroad(2, hour), absent},
		{"CountriesInAnyCase", all(tried(hour, Success, in("au")), tried(hour, Success, in("Au")), tried(hour, Success, in("AU"))), absent},
		{"NoCountryIsNone", all(tried(hour, Success, in("")), tried(hour, Success, in("DE")), tried(hour, Success, in("AU"))), absent},
		{"NoNetworkIsNone", all(successes(4, hour, hour), tried(hour, Success, from(""))), absent},
		{"FiveNetworksAndNone", all(successes(5, hour, hour), tried(hour, Success, from(""))), Indicated},
		{"OldestJustRecent", successes(5, hour, RecentWindow-hour-tick), Indicated},
		{"OldestTooOld", successes(5, hour, RecentWindow-hour), absent},
		{"NewestNow", successes(5, hour, 0), Indicated},
		{"NewestInTheFuture", successes(5, hour, -tick), absent},
		{"FailuresDoNotCount", times(8, hour, minute, wrongFromMany()), absent},
		{"StaffDoesNotCount", all(successes(4, hour, hour), tried(hour, Success, from(staff))), absent},
	})
	helps(t, leads(t, CauseSharingSuspected, successes(5, hour, hour)), LookCloser)
}

func wrongFromMany() func(time.Duration) option {
	n := -1
	return func(ago time.Duration) option {
		n++
		return tried(ago, NotPublished, from(network(n)))
	}
}
