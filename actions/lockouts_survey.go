package actions

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"time"
)

// The measures of what is unusual.
const (
	unusualCustomers = 5  // locked out of one account, and
	unusualTimes     = 5  // so many times what is usual
	crowdedNetwork   = 10 // customers and names that failed from one network
	attackersIn      = 10 // of so many at most one ever got in from it: an attack
)

// survey is what is found out about lockouts in some days, customer by customer.
type survey struct {
	rules Rules
	zone  *time.Location
	only  string // the ID of the one account that is asked for; "" for all
	days  Span   // those asked for
	week  Span   // the 7 days before the end of them
	// past are the days that are compared with, as far as attempts of all of them are on
	// record. The first usual of them make the mean; lastWeek is the index of those a
	// week before. -1: they aren't on record.
	past            []pastDays
	usual, lastWeek int

	out       map[string]*lockedOut // by user ID: in the days, or twice in the week
	accounts  map[string]*outOf
	networks  map[netip.Prefix]*UnusualNetwork
	familiar  map[netip.Prefix]int // of those who failed from one: who had got in from it
	strangers int
	names     []TriedName // of them, without masks
}

// pastDays are days that others are compared with.
type pastDays struct {
	Span
	customers int
	causes    map[Cause]int
}

// lockedOut is a customer who was locked out.
type lockedOut struct {
	last     Lockout // in the days; of who wasn't then, in the week
	times    int     // in the days
	often    int     // within 7 days, at most
	attacked bool    // a foreign burst began in the days, whenever they were locked out
}

// outOf counts the customers of an account who were locked out.
type outOf struct {
	customers int
	before    int // in the usual days, all together
}

// newSurvey prepares a survey of days; oldest is the first attempt on record, zero for
// none: then they are compared with no others.
func newSurvey(asked Lockouts, first date, oldest time.Time, zone *time.Location, rules Rules) *survey {
	s := &survey{
		rules: rules, zone: zone, only: asked.Account, lastWeek: -1,
		days: spanOf(first, asked.Days.N, zone), week: spanOf(first.plus(asked.Days.N-7), 7, zone),
		out: map[string]*lockedOut{}, accounts: map[string]*outOf{}, networks: map[netip.Prefix]*UnusualNetwork{}, familiar: map[netip.Prefix]int{},
	}
	if oldest.IsZero() {
		return s
	}
	since := startOf(dateOf(oldest.In(zone)), zone)
	add := func(day date) bool {
		span := spanOf(day, asked.Days.N, zone)
		if span.From.Before(since) {
			return false
		}
		s.past = append(s.past, pastDays{Span: span, causes: map[Cause]int{}})
		return true
	}
	usual, week := daysBefore(first, asked.Days.N)
	for _, day := range usual {
		if !add(day) {
			break
		}
		s.usual++
	}
	if at := slices.Index(usual, week); at >= 0 && at < s.usual {
		s.lastWeek = at
	} else if at < 0 && add(week) {
		s.lastWeek = len(s.past) - 1
	}
	return s
}

// query asks for all that the survey needs, up to a moment.
func (s *survey) query(now time.Time) TriesQuery {
	q := TriesQuery{Failed: []Span{s.days}, Twice: s.week, Before: lookBack, Names: s.days.From, To: now, Account: s.only}
	for _, past := range s.past {
		q.Failed = append(q.Failed, past.Span)
	}
	return q
}

// begins is the first moment from which a lockout counts for anything.
func (s *survey) begins() time.Time {
	begins := s.week.From
	for _, span := range s.query(time.Time{}).Failed {
		begins = earlier(begins, span.From)
	}
	return begins
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// matters reports whether a lockout that began at a moment counts for anything.
func (s *survey) matters(began time.Time) bool {
	in := func(past pastDays) bool { return past.In(began) }
	return s.days.In(began) || s.week.In(began) || slices.ContainsFunc(s.past, in)
}

// failings are the runs of a user's failures that are lockouts and count for anything; and
// the failures in the days, if they hold a burst. Then the run that the burst is in counts,
// whenever it began.
func (s *survey) failings(attempts []Attempt) (found []failing, hit []Attempt) {
	hit = between(burstingOf(attempts), s.days.From, s.days.Until.Add(spreadSpan))
	whole := s.burstsOf(hit, nil).any
	if whole == nil {
		hit = nil
	}
	counts := func(f failing) bool { return s.matters(f.began()) || hit != nil && f.during(whole.failures[0].At) }
	return slices.DeleteFunc(failingsOf(attempts), func(f failing) bool { return !counts(f) || f.slip(s.rules) }), hit
}

// attacked reports whether failures in the days hold a foreign burst. own are the user's
// successes, oldest first.
func (s *survey) attacked(hit, own []Attempt) bool {
	return s.burstsOf(hit, own).foreign != nil
}

// burstsOf are the bursts that began in the days, among failures since their beginning: one
// that is wider and began later doesn't hide them.
func (s *survey) burstsOf(hit, own []Attempt) bursts {
	return burstsBegun(hit, own, sort.Search(len(hit), func(i int) bool { return !hit[i].At.Before(s.days.Until) }))
}

// add takes the lockouts of one user into account, which come oldest first, whether they
// were attacked in the days, and the accounts that they are members of.
func (s *survey) add(lockouts []Lockout, attacked bool, accounts []string) {
	who := lockedOut{attacked: attacked, often: s.mostInWeek(lockouts)}
	last := make([]*Lockout, len(s.past))
	for i, l := range lockouts {
		if s.days.In(l.Began) {
			who.last = l
			who.times++
		} else if who.times == 0 {
			who.last = l
		}
		for past := range s.past {
			if s.past[past].In(l.Began) {
				last[past] = &lockouts[i]
			}
		}
	}
	if who.times > 0 || who.repeated() || who.attacked && len(lockouts) > 0 {
		s.out[who.last.UserID] = &who
	}
	s.addAccounts(who.times > 0, last, accounts)
	for past, l := range last {
		if l != nil {
			s.past[past].customers++
			s.past[past].causes[l.Cause]++
		}
	}
}

// mostInWeek is how many lockouts of a user, which come oldest first, began within 7 days,
// at most: of the days asked for, or of the week if they are fewer. A week is 7 days of the
// calendar, whatever their hours.
func (s *survey) mostInWeek(lockouts []Lockout) int {
	most := 0
	var within []time.Time
	for _, l := range lockouts {
		if !s.week.In(l.Began) && !s.days.In(l.Began) {
			continue
		}
		first := startOf(dateOf(l.Began.In(s.zone)).plus(-6), s.zone)
		within = slices.DeleteFunc(append(within, l.Began), first.After)
		most = max(most, len(within))
	}
	return most
}

// addAccounts counts a customer for their accounts: whether they were locked out in the
// days, and in the past ones.
func (s *survey) addAccounts(out bool, past []*Lockout, accounts []string) {
	for _, id := range accounts {
		if s.only != "" && id != s.only {
			continue
		}
		of := s.accounts[id]
		if of == nil {
			of = &outOf{}
			s.accounts[id] = of
		}
		if out {
			of.customers++
		}
		for _, l := range past[:s.usual] {
			if l != nil {
				of.before++
			}
		}
	}
}

// addTries takes into account from where a user, or a name that nobody has, was tried in
// the days.
func (s *survey) addTries(t Tries) {
	first := slices.IndexFunc(t.Attempts, func(a Attempt) bool { return a.Failed() && s.days.In(a.At) })
	if first < 0 {
		return
	}
	// How long before that attempts were read depends on what else was asked for.
	counts := Span{t.Attempts[first].At.Add(-lookBack), s.days.Until}
	seen, entered := map[netip.Prefix]presence{}, map[netip.Prefix]bool{}
	for _, a := range t.Attempts {
		if !counts.In(a.At) {
			continue
		}
		network := a.Network()
		if !a.Failed() {
			entered[network] = true
		}
		if !s.days.In(a.At) {
			continue
		}
		p := seen[network]
		if a.Failed() {
			p.failures++
		} else {
			p.entries++
		}
		seen[network] = p
	}
	if t.UserID == "" {
		s.strangers++
		s.addName(t)
	}
	for network, p := range seen {
		if network.IsValid() && p.failures > 0 {
			s.addNetwork(network, t.UserID != "", p.entries > 0)
			if entered[network] {
				s.familiar[network]++
			}
		}
	}
}

// namesKept is how many names that nobody has are kept to be listed: who tries millions of
// them doesn't fill the memory.
const namesKept = 10_000

// addName keeps a name that nobody has; of too many the most tried.
func (s *survey) addName(t Tries) {
	name, from := TriedName{Name: t.Name}, map[netip.Prefix]bool{}
	for _, a := range t.Attempts {
		if a.Failed() && s.days.In(a.At) {
			name.Failures, name.At, name.Network = name.Failures+1, a.At, a.Network()
			from[name.Network] = true
		}
	}
	name.Networks = len(from)
	if s.names = append(s.names, name); len(s.names) >= 2*namesKept {
		s.names = s.mostTried()
	}
}

// mostTried are the names that nobody has, the most tried first.
func (s *survey) mostTried() []TriedName {
	slices.SortFunc(s.names, func(a, b TriedName) int {
		return cmp.Or(cmp.Compare(b.Failures, a.Failures), b.At.Compare(a.At), strings.Compare(a.Name, b.Name))
	})
	return s.names[:min(len(s.names), namesKept)]
}

func (s *survey) addNetwork(network netip.Prefix, user, in bool) {
	n := s.networks[network]
	if n == nil {
		n = &UnusualNetwork{Network: network}
		s.networks[network] = n
	}
	switch {
	case !user:
		n.Names++
	case in:
		n.In++
		n.Customers++
	default:
		n.Customers++
	}
}

// unusualNetworks are the networks from which many failed, the most first.
func (s *survey) unusualNetworks() []UnusualNetwork {
	var found []UnusualNetwork
	for _, n := range s.networks {
		if crowd := n.Customers + n.Names; crowd >= crowdedNetwork {
			n.Attack = s.familiar[n.Network]*attackersIn <= crowd
			found = append(found, *n)
		}
	}
	slices.SortFunc(found, func(a, b UnusualNetwork) int {
		return cmp.Or(cmp.Compare(b.Customers+b.Names, a.Customers+a.Names), strings.Compare(a.Network.String(), b.Network.String()))
	})
	return found
}

// unusualAccounts are the accounts of which more customers than usual were locked out,
// the most first, without their names. While nothing is on record before, nothing is
// known to be unusual.
func (s *survey) unusualAccounts() []UnusualAccount {
	var found []UnusualAccount
	for id, of := range s.accounts {
		usual := s.mean(of.before)
		if of.customers >= unusualCustomers && usual >= 0 && float64(of.customers) >= unusualTimes*usual {
			found = append(found, UnusualAccount{ID: id, Customers: of.customers, Usual: usual})
		}
	}
	slices.SortFunc(found, func(a, b UnusualAccount) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), strings.Compare(a.ID, b.ID))
	})
	return found
}

// mean is that of a sum over the usual days; -1 when they aren't on record.
func (s *survey) mean(sum int) float64 {
	if s.usual == 0 {
		return -1
	}
	return float64(sum) / float64(s.usual)
}

// people are those who fit, in an order.
func (s *survey) people(fits func(*lockedOut) bool, order func(a, b *lockedOut) int) []*lockedOut {
	found := slices.DeleteFunc(slices.Collect(maps.Values(s.out)), func(p *lockedOut) bool { return !fits(p) })
	slices.SortFunc(found, func(a, b *lockedOut) int { return cmp.Or(order(a, b), strings.Compare(a.last.UserID, b.last.UserID)) })
	return found
}

// The customers of the lists.
func (p *lockedOut) inDays() bool   { return p.times > 0 }
func (p *lockedOut) repeated() bool { return p.often > 1 }
func (p *lockedOut) isOut() bool    { return p.times > 0 && p.last.BackAt.IsZero() }
func (p *lockedOut) isBack() bool   { return p.times > 0 && !p.last.BackAt.IsZero() }
func (p *lockedOut) isHit() bool    { return p.attacked }

func newestFirst(a, b *lockedOut) int { return b.last.Began.Compare(a.last.Began) }
func longestOut(a, b *lockedOut) int  { return a.last.Began.Compare(b.last.Began) }

func slowestFirst(a, b *lockedOut) int {
	return cmp.Compare(b.last.BackAt.Sub(b.last.Began), a.last.BackAt.Sub(a.last.Began))
}

func oftenFirst(a, b *lockedOut) int {
	return cmp.Or(cmp.Compare(b.often, a.often), newestFirst(a, b))
}
