package actions

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// moved returns the scene with every time moved by d.
func (s *scene) moved(d time.Duration) *scene {
	return s.changed(change{time: func(t *time.Time) {
		if !t.IsZero() {
			*t = t.Add(d)
		}
	}})
}

// renamed returns the scene with everybody and everything called otherwise,
// and every network elsewhere. Letters change places with letters: so names
// that are near stay near, and numbers stay numbers.
func (s *scene) renamed(letters string, networks byte) *scene {
	rename := strings.NewReplacer(pairs(letters)...)
	return s.changed(change{
		name: func(name *string) { *name = rename.Replace(*name) },
		ip: func(ip *string) {
			if addr, err := netip.ParseAddr(*ip); err == nil {
				*ip = elsewhere(addr, networks).String()
			}
		},
		network: func(p *netip.Prefix) { *p = netip.PrefixFrom(elsewhere(p.Addr(), networks), p.Bits()) },
	})
}

// pairs are the letters and what stands for each, in both cases.
func pairs(letters string) []string {
	var all []string
	for i, letter := range []byte("abcdefghijklmnopqrstuvwxyz") {
		all = append(all, string(letter), letters[i:i+1], strings.ToUpper(string(letter)), strings.ToUpper(letters[i:i+1]))
	}
	return all
}

// elsewhere flips bits of an address that all networks of the scene share.
func elsewhere(addr netip.Addr, by byte) netip.Addr {
	if addr.Is4() {
		b := addr.As4()
		b[1] ^= by
		return netip.AddrFrom4(b)
	}
	b := addr.As16()
	if addr.Is4In6() {
		b[13] ^= by
	} else {
		b[3] ^= by
	}
	return netip.AddrFrom16(b)
}

// change is what happens to every time, name and address of a scene.
type change struct {
	time    func(*time.Time)
	name    func(*string)
	ip      func(*string)
	network func(*netip.Prefix)
}

// changed returns a copy of the scene after the change.
func (s *scene) changed(c change) *scene {
	if c.time == nil {
		c.time = func(*time.Time) {}
	}
	if c.name == nil {
		c.name, c.ip, c.network = func(*string) {}, func(*string) {}, func(*netip.Prefix) {}
	}
	after := *s
	c.time(&after.At)
	c.time(&after.NewestAttempt)
	c.name(&after.Identifier)
	after.StaffNetworks = each(s.StaffNetworks, c.network)
	after.Users = each(s.Users, c.user)
	after.Places = each(s.Places, c.place)
	for _, attempts := range []*[]Attempt{&after.Attempts, &after.Successes, &after.Sightings, &after.NearMisses} {
		*attempts = each(*attempts, c.attempt)
	}
	after.Locks = each(s.Locks, func(l *Lock) { c.both(&l.ID, &l.At); c.both(&l.UserID, &l.Until); c.time(&l.ReleasedAt) })
	after.Codes = each(s.Codes, func(l *LoginCode) { c.both(&l.ID, &l.SentAt); c.time(&l.ExpiresAt); c.time(&l.UsedAt) })
	after.Mails = each(s.Mails, func(d *Delivery) { c.both(&d.ID, &d.At) })
	after.Texts = each(s.Texts, func(d *Delivery) { c.both(&d.ID, &d.At) })
	after.ResetLinks = each(s.ResetLinks, func(r *ResetLink) { c.both(&r.ID, &r.SentAt); c.time(&r.ExpiresAt); c.time(&r.UsedAt) })
	after.Suppression = each(s.Suppression, func(p *Suppression) { c.both(&p.Address, &p.Since) })
	return &after
}

func (c change) both(name *string, t *time.Time) {
	c.name(name)
	c.time(t)
}

func (c change) user(u *User) {
	for _, name := range []*string{&u.ID, &u.Username, &u.Email, &u.Mobile, &u.FirstName, &u.LastName} {
		c.name(name)
	}
	for _, t := range []*time.Time{&u.ExpiresAt, &u.LastLoginAt, &u.CreatedAt, &u.ContactChangedAt} {
		c.time(t)
	}
}

func (c change) place(p *Place) {
	for _, name := range []*string{&p.UserID, &p.AccountID, &p.Account.ID, &p.Account.Name} {
		c.name(name)
	}
	c.time(&p.DeactivatedAt)
	c.time(&p.Account.ClosedAt)
}

func (c change) attempt(a *Attempt) {
	for _, name := range []*string{&a.ID, &a.Identifier, &a.UserID, &a.Country, &a.DeviceID} {
		c.name(name)
	}
	c.ip(&a.IP)
	c.time(&a.At)
}

// each returns a copy of the records, each after the change.
func each[R any](records []R, change func(*R)) []R {
	records = slices.Clone(records)
	for i := range records {
		change(&records[i])
	}
	return records
}

// shuffled returns the scene with the records of each kind in another order:
// which is the newer, their times and their place in the import say.
func (s *scene) shuffled(c chance) *scene {
	after := *s
	after.StaffNetworks, after.Places, after.Locks = mixed(c, s.StaffNetworks), mixed(c, s.Places), mixed(c, s.Locks)
	after.Attempts, after.Successes = mixed(c, s.Attempts), mixed(c, s.Successes)
	after.Sightings, after.NearMisses = mixed(c, s.Sightings), mixed(c, s.NearMisses)
	after.Codes, after.Mails, after.Texts = mixed(c, s.Codes), mixed(c, s.Mails), mixed(c, s.Texts)
	after.ResetLinks, after.Suppression = mixed(c, s.ResetLinks), mixed(c, s.Suppression)
	return &after
}

func mixed[R any](c chance, records []R) []R {
	records = slices.Clone(records)
	c.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	return records
}
