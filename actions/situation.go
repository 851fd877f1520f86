package actions

import (
	"cmp"
	"net/netip"
	"slices"
	"time"
)

// situation is a snapshot of one user, prepared for judging: nothing of it
// lies after the moment, staff's attempts are out of it, and what many causes
// ask is worked out once. The words are those of CAUSES.md.
type situation struct {
	Snapshot
	user      User
	rules     Rules
	abilities Abilities
	mask      Masker

	attempts  []Attempt // the user's own, in the window, newest first; staff's never count
	last      *Attempt  // the newest recent attempt
	success   *Attempt  // the newest success, however old
	in        bool      // the last attempt is a success
	open      []Lock    // open locks, newest first
	lockEnded time.Time // the newest end of a lock
	bursts    bursts
}

// newSituation prepares a snapshot with exactly one user.
func newSituation(snapshot Snapshot, rules Rules, abilities Abilities) *situation {
	s := &situation{Snapshot: snapshot, user: snapshot.Users[0], rules: rules, abilities: abilities}
	s.mask = NewMasker(snapshot.Identifier).Of(s.user)
	s.hideFuture()
	s.attempts = s.counting(s.Attempts)
	s.Successes = s.counting(s.Successes)
	s.Sightings = s.counting(s.Sightings)
	s.NearMisses = s.counting(s.NearMisses)
	if len(s.attempts) > 0 && s.recent(s.attempts[0].At) {
		s.last = &s.attempts[0]
	}
	if len(s.Successes) > 0 {
		s.success = &s.Successes[0]
	}
	s.in = s.ended(Success)
	for _, lock := range s.Locks {
		if lock.Open(s.At) {
			s.open = append(s.open, lock)
		} else if ended := lock.EndedAt(s.At); ended.After(s.lockEnded) {
			s.lockEnded = ended
		}
	}
	s.bursts = findBursts(s)
	return s
}

// counting returns the attempts that count: those up to the moment, not from a
// staff network (RULES S0.4), newest first.
func (s *Snapshot) counting(attempts []Attempt) []Attempt {
	counting := make([]Attempt, 0, len(attempts))
	for _, a := range attempts {
		if !a.At.After(s.At) && !FromStaff(s.StaffNetworks, a) {
			counting = append(counting, a)
		}
	}
	slices.SortStableFunc(counting, func(a, b Attempt) int { return b.Compare(a) })
	return counting
}

// hideFuture removes what lies after the moment: records of that time don't
// exist yet, times inside a record are empty.
func (s *situation) hideFuture() {
	s.Locks = until(s.At, s.Locks, func(l Lock) (time.Time, int64) { return l.At, 0 })
	s.Codes = until(s.At, s.Codes, func(c LoginCode) (time.Time, int64) { return c.SentAt, c.Seq })
	s.Mails = until(s.At, s.Mails, func(d Delivery) (time.Time, int64) { return d.At, d.Seq })
	s.Texts = until(s.At, s.Texts, func(d Delivery) (time.Time, int64) { return d.At, d.Seq })
	s.ResetLinks = until(s.At, s.ResetLinks, func(r ResetLink) (time.Time, int64) { return r.SentAt, r.Seq })
	s.Suppression = until(s.At, s.Suppression, func(p Suppression) (time.Time, int64) { return p.Since, 0 })
	s.user.ExpiresAt = s.past(s.user.ExpiresAt)
	s.user.LastLoginAt = s.past(s.user.LastLoginAt)
	s.user.CreatedAt = s.past(s.user.CreatedAt)
	s.user.ContactChangedAt = s.past(s.user.ContactChangedAt)
	for i := range s.Codes {
		s.Codes[i].ExpiresAt, s.Codes[i].UsedAt = s.past(s.Codes[i].ExpiresAt), s.past(s.Codes[i].UsedAt)
	}
	for i := range s.ResetLinks {
		link := &s.ResetLinks[i]
		link.ExpiresAt, link.UsedAt = s.past(link.ExpiresAt), s.past(link.UsedAt)
	}
	s.Places = slices.Clone(s.Places)
	for i := range s.Places {
		place := &s.Places[i]
		place.DeactivatedAt, place.Account.ClosedAt = s.past(place.DeactivatedAt), s.past(place.Account.ClosedAt)
		place.Account = s.mask.account(place.Account)
	}
}

// until returns a copy of the records whose time isn't after the moment, newest
// first; at the same instant the later imported is the newer.
func until[R any](at time.Time, records []R, when func(R) (at time.Time, seq int64)) []R {
	var kept []R
	for _, r := range records {
		if t, _ := when(r); !t.After(at) {
			kept = append(kept, r)
		}
	}
	slices.SortStableFunc(kept, func(a, b R) int {
		aAt, aSeq := when(a)
		bAt, bSeq := when(b)
		return cmp.Or(bAt.Compare(aAt), cmp.Compare(bSeq, aSeq))
	})
	return kept
}

// past returns t, or the zero time when it lies after the moment.
func (s *situation) past(t time.Time) time.Time {
	if t.After(s.At) {
		return time.Time{}
	}
	return t
}

// recent reports whether t is later than 7 days before the moment.
func (s *Snapshot) recent(t time.Time) bool {
	return !t.IsZero() && t.After(s.At.Add(-RecentWindow)) && !t.After(s.At)
}

// ended reports whether the last attempt has this outcome.
func (s *situation) ended(outcome Outcome) bool { return s.last != nil && s.last.Outcome == outcome }

// current reports whether t is recent and newer than the newest success, which
// is what makes mail, codes and reset links current.
func (s *situation) current(t time.Time) bool {
	return s.recent(t) && (s.success == nil || t.After(s.success.At))
}

// lockOf returns the newest open lock of a kind.
func (s *situation) lockOf(kind LockKind) *Lock {
	for i := range s.open {
		if s.open[i].Kind == kind {
			return &s.open[i]
		}
	}
	return nil
}

// shutOut reports whether the user has memberships and none lets in.
func (s *situation) shutOut() bool {
	return len(s.Places) > 0 && !slices.ContainsFunc(s.Places, Place.LetsIn)
}

// placesWith returns the user's places in accounts of that status.
func (s *situation) placesWith(status AccountStatus) []Place {
	var places []Place
	for _, p := range s.Places {
		if p.Account.Status == status {
			places = append(places, p)
		}
	}
	return places
}

// recentAttempts returns the recent attempts of the user, newest first.
func (s *situation) recentAttempts() []Attempt {
	for i, a := range s.attempts {
		if !s.recent(a.At) {
			return s.attempts[:i]
		}
	}
	return s.attempts
}

// attemptsSinceSuccess returns the recent attempts after the newest success.
func (s *situation) attemptsSinceSuccess() []Attempt {
	recent := s.recentAttempts()
	for i, a := range recent {
		if s.success != nil && a.Compare(*s.success) <= 0 {
			return recent[:i]
		}
	}
	return recent
}

// currentMails returns the current deliveries to the e-mail address, newest
// first, of the given kinds or of any.
func (s *situation) currentMails(kinds ...DeliveryKind) []Delivery {
	return s.currentOf(s.Mails, kinds...)
}

func (s *situation) currentOf(deliveries []Delivery, kinds ...DeliveryKind) []Delivery {
	var current []Delivery
	for _, d := range deliveries {
		if s.current(d.At) && (len(kinds) == 0 || slices.Contains(kinds, d.Kind)) {
			current = append(current, d)
		}
	}
	return current
}

// currentLink returns the newest current reset link.
func (s *situation) currentLink() *ResetLink {
	for i := range s.ResetLinks {
		if s.current(s.ResetLinks[i].SentAt) {
			return &s.ResetLinks[i]
		}
	}
	return nil
}

// currentCodes returns the current codes, newest first.
func (s *situation) currentCodes() []LoginCode {
	var current []LoginCode
	for _, c := range s.Codes {
		if s.current(c.SentAt) {
			current = append(current, c)
		}
	}
	return current
}

// optedOut reports whether the user switched a channel off.
func (s *situation) optedOut(channel Channel) bool { return slices.Contains(s.user.OptedOut, channel) }

// lastLogin returns the later of last_login_at and the newest success, zero
// when the user never logged in.
func (s *situation) lastLogin() time.Time {
	last := s.user.LastLoginAt
	if s.success != nil && s.success.At.After(last) {
		last = s.success.At
	}
	return last
}

// monthsBefore returns the same day some months before t, clamped to the end of
// the month, in UTC.
func monthsBefore(t time.Time, months int) time.Time {
	t = t.UTC()
	first := time.Date(t.Year(), t.Month()-time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	lastDay := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), lastDay)-1)
}

// networksOf counts the attempts by network, those without an address under
// the zero one.
func networksOf(attempts []Attempt) map[netip.Prefix]int {
	networks := map[netip.Prefix]int{}
	for _, a := range attempts {
		networks[a.Network()]++
	}
	return networks
}
