package actions

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// The measures of the facts (CAUSES.md, "Facts").
const (
	staleAfter    = time.Hour
	changedLately = 72 * time.Hour
	attemptsShown = 10
	locksShown    = 10
	mailsShown    = 5
	alikeLeast    = 10
	alikeTimes    = 5
)

// freshness says how new the records are: the newest attempt the directory
// has, from anybody.
func freshness(snapshot Snapshot) Freshness {
	newest := snapshot.NewestAttempt
	if newest.IsZero() || newest.After(snapshot.At) {
		return Freshness{Stale: true, Text: "No attempt of anybody is on record: the feed may be missing."}
	}
	age := snapshot.At.Sub(newest)
	f := Freshness{NewestAttempt: newest, Stale: age > staleAfter}
	if f.Stale {
		f.Text = fmt.Sprintf("The newest record is %s old: what happened since isn't in here.", length(age))
	} else {
		f.Text = fmt.Sprintf("The newest record is %s old.", length(age))
	}
	return f
}

// facts fills what stands beside the findings about a user.
func (s *situation) facts(facts *Facts) {
	facts.Contact = s.contact()
	for _, p := range s.Places {
		facts.Accounts = append(facts.Accounts, placeFact(p))
	}
	if s.success != nil {
		fact := s.attemptFact(*s.success)
		facts.LastSuccess = &fact
	}
	facts.LastAttempts = s.newest(func(Attempt) bool { return true })
	facts.LastFailures = s.newest(Attempt.Failed)
	for _, a := range s.recentAttempts() {
		if a.Failed() {
			facts.Failures++
		}
	}
	for _, l := range s.Locks[:min(len(s.Locks), locksShown)] {
		ended := l.EndedAt(s.At)
		facts.Locks = append(facts.Locks, LockFact{
			ID: l.ID, Kind: l.Kind, At: l.At, EndedAt: ended, Until: l.Until, Open: ended.IsZero(),
			Detail: s.mask.Text(l.Detail),
		})
	}
	facts.Protected = s.user.Protected
	for _, e := range s.Support {
		facts.Support = append(facts.Support, SupportFact{At: e.At, Actor: e.Actor, Act: e.Act, Outcome: e.Outcome})
	}
	facts.Mails = s.mailFacts()
	facts.Alike = alike(s.Alike)
	facts.Incident = s.incident()
	if s.Cut {
		facts.Cut = fmt.Sprintf("Only the newest %d attempts of the last %d days were read.", AttemptLimit, int(AttemptWindow.Hours()/24))
	}
}

func (s *situation) contact() *Contact {
	c := &Contact{
		Email: s.mask.Name(s.user.Email), EmailVerified: s.user.EmailVerified,
		Mobile: s.mask.Mobile(s.user.Mobile), MobileVerified: s.user.MobileVerified,
		OptedOut: s.user.OptedOut, ChangedAt: s.user.ContactChangedAt,
	}
	if c.OptedOut == nil {
		c.OptedOut = []Channel{}
	}
	c.ChangedLately = !c.ChangedAt.IsZero() && s.At.Sub(c.ChangedAt) <= changedLately
	return c
}

// mailFacts are the newest recent messages to the user, and how far they came.
func (s *situation) mailFacts() []DeliveryFact {
	var facts []DeliveryFact
	for via, deliveries := range map[Channel][]Delivery{ChannelEmail: s.Mails, ChannelSMS: s.Texts} {
		for _, d := range deliveries {
			if s.recent(d.At) {
				facts = append(facts, DeliveryFact{Kind: d.Kind, Via: via, Status: d.Status, At: d.At, To: s.maskTo(via, d.Address)})
			}
		}
	}
	slices.SortFunc(facts, func(a, b DeliveryFact) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Via, b.Via), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Status, b.Status))
	})
	return facts[:min(len(facts), mailsShown)]
}

// maskTo shows where a message went.
func (s *situation) maskTo(via Channel, address string) string {
	if via == ChannelSMS {
		return s.mask.Mobile(address)
	}
	return s.mask.Name(address)
}

// newest returns the newest recent attempts of a kind, staff's among them and
// marked.
func (s *situation) newest(kind func(Attempt) bool) []AttemptFact {
	var facts []AttemptFact
	for _, a := range s.Attempts {
		if kind(a) && s.recent(a.At) && len(facts) < attemptsShown {
			facts = append(facts, s.attemptFact(a))
		}
	}
	return facts
}

func (s *situation) attemptFact(a Attempt) AttemptFact {
	fact := AttemptFact{
		At: a.At, Outcome: a.Outcome, Typed: s.mask.Name(a.Identifier), Country: a.Country, VPN: a.VPN,
		Staff: FromStaff(s.StaffNetworks, a),
	}
	if addr := a.Addr(); addr.IsValid() {
		fact.IP = addr.String()
	}
	return fact
}

func placeFact(p Place) AccountFact {
	fact := accountFact(p.Account)
	fact.Role, fact.Membership, fact.LetsIn = p.Role, p.Status, p.LetsIn()
	return fact
}

func accountFact(a Account) AccountFact {
	fact := AccountFact{
		ID: a.ID, Name: a.Name, Status: a.Status, Reason: a.StatusReason, GatewayIDs: a.GatewayIDs, Owner: a.Owner,
		ClosedAt: a.ClosedAt, LetsIn: a.Open(),
	}
	if fact.GatewayIDs == nil {
		fact.GatewayIDs = []string{}
	}
	return fact
}

// accountFacts fills the accounts that an identifier names, and who of each
// failed in the last day.
func accountFacts(facts *Facts, snapshot Snapshot, mask Masker) {
	for _, a := range snapshot.Accounts {
		fact := accountFact(mask.account(a.Account))
		fact.Members = a.Members
		facts.Accounts = append(facts.Accounts, fact)
		fail := AccountFail{AccountID: a.Account.ID, Users: []UserFail{}, Cut: a.Cut}
		for _, f := range a.Failed {
			fail.Users = append(fail.Users, UserFail{
				Person: mask.person(f.User), Outcome: f.Last.Outcome, At: f.Last.At, Failures: f.Failures, InSince: f.InSince,
			})
		}
		facts.Failed = append(facts.Failed, fail)
	}
}

// alike returns how many other customers had the same outcome in the last
// hour when that is unusual: 10 or more, and 5 times the mean of the same hour
// over the last week.
func alike(counts AlikeCounts) *AlikeFact {
	total := 0
	for _, n := range counts.Before {
		total += n
	}
	mean := float64(total) / float64(len(counts.Before))
	if counts.LastHour < alikeLeast || float64(counts.LastHour) < alikeTimes*mean {
		return nil
	}
	return &AlikeFact{Outcome: counts.Outcome, Customers: counts.LastHour, Usual: mean}
}
