package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// crowdSize is how many people the company has besides the residents.
const crowdSize = 3000

// crowdDays is how far back the crowd's traffic reaches.
const crowdDays = 14

// member is one of the crowd.
type member struct {
	id, username, email string
	first, last, mobile string
	region              *region
	account             *account
	ip, agent           string
	out                 bool // their last attempt failed
}

// crowd is everybody who has no story: they log in, mistype now and then and
// log in again, at their own times of the day. No hour has many more failures
// than the same hour of other days, so that what fails more than usual is
// always one of the residents' stories.
type crowd struct {
	now      time.Time
	dice     *rand.Rand
	members  []*member
	active   int // the first so many log in
	attempts []attemptRecord
}

// newCrowd makes the crowd of a moment.
func newCrowd(now time.Time) *crowd {
	c := &crowd{now: now.UTC(), dice: rand.New(rand.NewPCG(3, 41))} //nolint:gosec // the same people every time, and nothing secret
	c.settle()
	for h := crowdDays*24 - 1; h >= 0; h-- {
		c.live(c.now.Add(-time.Duration(h) * time.Hour))
	}
	c.blockedDepot()
	slices.SortStableFunc(c.attempts, func(a, b attemptRecord) int { return a.At.Compare(b.At) })
	return c
}

// settle makes the people. Those who log in most come first, and the last
// tenth never does.
func (c *crowd) settle() {
	var places []*account
	for i := range accounts {
		for range accounts[i].weight {
			places = append(places, &accounts[i])
		}
	}
	taken := map[string]bool{}
	for _, r := range residents {
		taken[r.username()] = true
	}
	for i := range crowdSize {
		c.members = append(c.members, c.person(i, places[c.dice.IntN(len(places))], taken))
	}
	c.active = crowdSize * 9 / 10
}

// agents are what people log in with.
var agents = []string{"Firefox/140.0", "Chrome/138.0", "Safari/18.5", "Edge/138.0", "SkylarkApp/7.2"}

// person makes one member of the crowd.
func (c *crowd) person(i int, of *account, taken map[string]bool) *member {
	at := regionOf(of.home)
	if c.dice.IntN(8) == 0 { // some live elsewhere
		at = &regions[c.dice.IntN(len(regions))]
	}
	m := &member{
		id: fmt.Sprintf("c-%04d", i), first: at.given[c.dice.IntN(len(at.given))], last: at.family[c.dice.IntN(len(at.family))],
		region: at, account: of, mobile: at.mobile(2000 + i), ip: fmt.Sprintf("198.%d.%d.%d", 18+i%2, i/2%250, 1+i/500),
		agent: agents[c.dice.IntN(len(agents))],
	}
	name := loginName(m.first, m.last)
	m.username = name
	for n := 2; taken[m.username]; n++ {
		m.username = fmt.Sprintf("%s%d", name, n)
	}
	taken[m.username] = true
	m.email = m.username + "@" + of.domain
	return m
}

// What happens in an hour.
const (
	hourly      = 32 // attempts
	hourlyWrong = 6  // of which have a wrong password
)

// live is the hour that ends at a moment.
func (c *crowd) live(end time.Time) {
	for i := range hourly {
		at := end.Add(-time.Duration(c.dice.Int64N(int64(time.Hour))))
		switch {
		case i < hourlyWrong:
			c.fails(at, actions.WrongPassword)
		case i == hourlyWrong && at.Hour()%3 == 0:
			c.fails(at, actions.CodeWrong)
		default:
			c.comesIn(c.somebody(at, false), at)
		}
	}
	if end.Equal(c.now) {
		c.comesIn(c.somebody(end, false), end.Add(-20*time.Second))
	}
}

// next is what somebody does after all that: it keeps the records fresh.
func (c *crowd) next(at time.Time) attemptRecord {
	if c.dice.IntN(hourlyWrong) == 0 {
		m := c.somebody(at, true)
		m.out = true
		c.tried(m, at, actions.WrongPassword)
	} else {
		c.comesIn(c.somebody(at, false), at)
	}
	return c.attempts[len(c.attempts)-1]
}

// fails is an attempt that fails; most try again at once, and get in.
func (c *crowd) fails(at time.Time, outcome actions.Outcome) {
	m := c.somebody(at, true)
	m.out = true
	c.tried(m, at, outcome)
	again := at.Add(time.Duration(15+c.dice.IntN(60)) * time.Second)
	if c.dice.IntN(7) > 0 && again.Before(c.now) {
		c.comesIn(m, again)
	}
}

func (c *crowd) comesIn(m *member, at time.Time) {
	m.out = false
	c.tried(m, at, actions.Success)
}

func (c *crowd) tried(m *member, at time.Time, outcome actions.Outcome) {
	c.attempts = append(c.attempts, attemptRecord{
		Type: "attempt", ID: fmt.Sprintf("c-%d", len(c.attempts)), At: at, Identifier: m.username, UserID: m.id, Outcome: string(outcome),
		IP: m.ip, Country: m.region.country, DeviceID: m.id + "-1", UserAgent: m.agent,
	})
}

// somebody picks who logs in at a moment: rather somebody who often does, who
// is awake there, and whose account is open; inside: only who got in last time,
// so that nobody fails again and again.
func (c *crowd) somebody(at time.Time, inside bool) *member {
	for tries := 0; ; tries++ {
		u := c.dice.Float64()
		m := c.members[int(u*(0.4+0.6*u)*float64(c.active))]
		if m.account.open() && (!m.out || !inside) && (tries > 12 || c.dice.IntN(100) < m.awake(at)) {
			return m
		}
	}
}

// awake is how likely somebody logs in at a moment, in percent.
func (m *member) awake(at time.Time) int {
	there := at.Add(time.Duration(m.region.clock) * time.Hour)
	likely := 100
	if weekday := there.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
		likely = 30
	}
	if there.Hour() < 7 || there.Hour() > 20 {
		likely /= 10
	}
	return likely
}

// depotSize is how many share the network that was blocked this hour.
const depotSize = 19

// blockedDepot is the one thing that goes wrong for many: a firewall's list
// has the network of Harborline's depot since this hour.
func (c *crowd) blockedDepot() {
	for i, left := len(c.members)-1, depotSize; left > 0; i-- {
		m := c.members[i]
		if m.account.id != "harborline" {
			continue
		}
		m.ip = fmt.Sprintf("198.18.251.%d", 10+left)
		c.tried(m, c.now.Add(-time.Duration(5+2*left)*time.Minute), actions.IPBlocked)
		left--
	}
}

// userRecord is a user as it is written down.
type userRecord struct {
	Type           string    `json:"type"`
	ID             string    `json:"id"`
	Username       string    `json:"username"`
	Email          string    `json:"email"`
	EmailVerified  bool      `json:"email_verified"`
	Mobile         string    `json:"mobile"`
	MobileVerified bool      `json:"mobile_verified"`
	FirstName      string    `json:"first_name"`
	LastName       string    `json:"last_name"`
	Status         string    `json:"status"`
	Locale         string    `json:"locale"`
	CreatedAt      time.Time `json:"created_at"`
	LastLoginAt    time.Time `json:"last_login_at"`
}

// membershipRecord is a membership as it is written down.
type membershipRecord struct {
	Type      string `json:"type"`
	UserID    string `json:"user_id"`
	AccountID string `json:"account_id"`
	Role      string `json:"role"`
	Status    string `json:"status"`
}

// crowd writes down the crowd.
func (l *ledger) crowd(c *crowd) {
	newest := map[string]time.Time{}
	for _, a := range c.attempts { // the oldest first
		if a.Outcome == string(actions.Success) {
			newest[a.UserID] = a.At
		}
	}
	for i, m := range c.members {
		login, seen := newest[m.id]
		if !seen {
			login = c.now.AddDate(0, 0, -15-i%60)
		}
		l.write(userRecord{
			Type: "user", ID: m.id, Username: m.username, Email: m.email, EmailVerified: i%9 > 0, Mobile: m.mobile, MobileVerified: i%4 > 0,
			FirstName: m.first, LastName: m.last, Status: "active", Locale: m.region.locale, CreatedAt: c.now.AddDate(-2, 0, i%600), LastLoginAt: login,
		})
		role := "member"
		if i%25 == 0 {
			role = "admin"
		}
		l.write(membershipRecord{Type: "membership", UserID: m.id, AccountID: m.account.id, Role: role, Status: "active"})
	}
	for i := range c.attempts {
		l.write(&c.attempts[i])
	}
}
