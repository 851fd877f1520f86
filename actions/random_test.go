package actions

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// chance makes random situations, the same ones at every run. Times lie on a
// coarse grid, so that the edges of windows and equal instants come up.
type chance struct{ *rand.Rand }

func newChance(seed uint64) chance { return chance{rand.New(rand.NewPCG(seed, 1))} }

func pick[T any](c chance, from ...T) T { return from[c.IntN(len(from))] }

// scene makes a random situation.
func (c chance) scene() *scene {
	options := []option{c.user(), c.rules()}
	for range c.IntN(4) {
		options = append(options, pick(c, c.history(), c.history(), c.breakIn()))
	}
	for range c.IntN(5) {
		options = append(options, c.record())
	}
	return stage(options...)
}

// ago is a random time before the moment, seldom after it.
func (c chance) ago() time.Duration {
	n := time.Duration(c.IntN(40) - 1)
	return pick(c, n*second, n*minute, n*5*minute, n*hour, n*12*hour, n*aDay) + pick(c, 0, 0, 0, tick, -tick)
}

func (c chance) user() option {
	changes := []func(*User){
		func(u *User) { u.Status = pick(c, UserActive, UserInvited, UserDisabled, UserExpired) },
		func(u *User) { u.ExpiresAt = noon.Add(-c.ago()) },
		func(u *User) { u.LastLoginAt = pick(c, time.Time{}, noon.AddDate(0, -3, 0), noon.AddDate(0, -3, -1)) },
		func(u *User) { u.CreatedAt = pick(c, time.Time{}, noon.AddDate(0, -3, 0), noon.Add(tick)) },
		func(u *User) { u.HasPassword, u.LoginMethods = false, nil },
		func(u *User) { u.MustReset = true },
		func(u *User) { u.Email = "" },
		func(u *User) {
			u.OptedOut = pick(c, []Channel{ChannelEmail}, []Channel{ChannelSMS}, []Channel{ChannelSMS, ChannelEmail})
		},
		func(u *User) { u.Username = pick(c, "jd", "maria", "Müller", "0400 000 123") },
	}
	return user(func(u *User) {
		for range pick(c, 0, 0, 1, 2) {
			pick(c, changes...)(u)
		}
	})
}

func (c chance) rules() option {
	return func(s *scene) {
		s.rules = Rules{LockAfter: pick(c, 3, 3, 0, 1), IdleMonths: pick(c, 3, 3, 0, 12)}
		s.abilities.TellsUnknownUser = c.IntN(5) > 0
		for range pick(c, 0, 0, 0, 1, 2) {
			s.Places = append(s.Places, c.place())
		}
		s.Places = s.Places[pick(c, 0, 0, min(1, len(s.Places)-1)):]
	}
}

func (c chance) place() Place {
	p := place(fmt.Sprint("Acme ", c.IntN(9)),
		pick(c, AccountActive, AccountTrial, AccountTrialExpired, AccountCancelled, AccountPaymentHold))
	p.Status, p.KeepsLogin = pick(c, MembershipActive, MembershipDeactivated), c.IntN(3) == 0
	return p
}

// history is a series of attempts.
func (c chance) history() option {
	n, outcome, ip, moves := pick(c, 1, 1, 2, 5, 12, 25), c.outcome(), c.ip(), c.IntN(2) == 0
	return times(n, c.ago(), pick(c, 0, tick, second, 20*second, minute, hour), func(ago time.Duration) option {
		if moves && c.IntN(10) == 0 {
			outcome = c.outcome()
		}
		if moves && c.IntN(3) == 0 {
			ip = c.ip()
		}
		return tried(ago, outcome, from(ip), on(pick(c, "", "laptop", "phone")), in(pick(c, "", "AU", "de", "NZ")),
			func(a *Attempt) { a.VPN = c.IntN(3) > 0 })
	})
}

// breakIn is a run of failures about as long as a burst, and a success about
// as late as a takeover's.
func (c chance) breakIn() option {
	ip, first, step := c.ip(), c.ago(), pick(c, second, 20*second, 30*second)
	n := 18 + c.IntN(6)
	success := first - time.Duration(n)*step - pick(c, -5*minute, 0, 9*minute, 11*minute)
	return all(times(n, first, step, wrongFrom(ip)), tried(success, Success, from(pick(c, ip, ip, c.ip()))))
}

func (c chance) outcome() Outcome {
	return pick(c, append([]Outcome{Success, Success, Success, WrongPassword, WrongPassword, LockedOut}, Outcomes...)...)
}

func (c chance) ip() string {
	return pick(c, home, home, away, staff, "", "::ffff:"+home, "2001:db8:1::7", network(c.IntN(9)))
}

// record is something other than an attempt.
func (c chance) record() option {
	kind := pick(c, DeliveryPasswordReset, DeliveryUsername, DeliveryLoginLink, DeliveryCode, DeliveryNotice)
	state := pick(c, Queued, Sent, Delivered, Opened, Deferred, Bounced, Complained, Suppressed, Failed)
	return pick(c,
		lockedFor(pick(c, LockAttempts, LockInactivity, LockSharing, LockManual), c.ago()+hour,
			pick(c, func(*Lock) {}, released(c.ago()), ranOut(c.ago()))),
		mailed(c.ago(), kind, state),
		texted(c.ago(), kind, state),
		coded(c.ago(), pick(c, ChannelEmail, ChannelSMS)),
		times(3, c.ago(), minute, codeUsed),
		linked(c.ago(), pick(c, func(*ResetLink) {}, usedAfter(second), usedAfter(hour))),
		suppressed(c.ago(), pick(c, ListBounce, ListUnsubscribe, ListGlobal)),
		mistyped(c.ago(), pick(c, "jane.dow", "jd.", "mario", "jane@acme.exampel"), from(c.ip())),
	)
}
