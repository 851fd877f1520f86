package actions

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"time"
)

// incidentsRead is how many incidents a report has at most; there is one of an outcome at
// a time, so that no report of some days comes near.
const incidentsRead = 1000

// report makes the numbers of a survey. It is a pure function.
func (s *survey) report(r *LockoutReport) {
	r.From, r.Until = s.days.From, s.days.Until
	r.Usual, r.LastWeek = -1, -1
	if s.usual > 0 {
		sum := 0
		for _, past := range s.past[:s.usual] {
			sum += past.customers
		}
		r.Usual, r.Over = s.mean(sum), s.usual
	}
	if s.lastWeek >= 0 {
		r.LastWeek = s.past[s.lastWeek].customers
	}
	back, causes := map[BackBy]int{}, map[Cause]int{}
	var times []time.Duration
	for _, p := range s.out {
		s.reportOne(r, p, back, causes)
		if p.isBack() {
			times = append(times, p.last.BackAt.Sub(p.last.Began))
		}
	}
	r.Causes, r.Back = s.causeCounts(causes), backCounts(back)
	r.Median, r.Worst = medianOf(times)
	r.Networks, r.Accounts, r.Strangers = s.unusualNetworks(), s.unusualAccounts(), s.strangers
}

// reportOne counts one customer.
func (s *survey) reportOne(r *LockoutReport, p *lockedOut, back map[BackBy]int, causes map[Cause]int) {
	if p.repeated() {
		r.Repeat++
	}
	if p.isHit() {
		r.Attacked++
	}
	if !p.inDays() {
		return
	}
	r.Customers++
	causes[p.last.Cause]++
	if p.isOut() {
		r.Out++
		return
	}
	back[p.last.How]++
}

// causeCounts are the causes with what is usual, the most frequent first, then by rank.
func (s *survey) causeCounts(customers map[Cause]int) []CauseCount {
	var counts []CauseCount
	for cause, n := range customers {
		before := 0
		for _, past := range s.past[:s.usual] {
			before += past.causes[cause]
		}
		counts = append(counts, CauseCount{Cause: cause, Customers: n, Usual: s.mean(before)})
	}
	slices.SortFunc(counts, func(a, b CauseCount) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(placeOf(a.Cause), placeOf(b.Cause)))
	})
	return counts
}

// placeOf is where a cause stands in the table; -1 for none.
func placeOf(id Cause) int { return slices.IndexFunc(causes, func(c cause) bool { return c.id == id }) }

// backCounts are how they got in again, the most frequent first.
func backCounts(customers map[BackBy]int) []BackCount {
	var counts []BackCount
	for how, n := range customers {
		counts = append(counts, BackCount{How: how, Customers: n})
	}
	slices.SortFunc(counts, func(a, b BackCount) int {
		return cmp.Or(cmp.Compare(b.Customers, a.Customers), cmp.Compare(a.How, b.How))
	})
	return counts
}

// medianOf returns the median, of an even number the mean of the middle two, and the
// longest, in whole seconds; zero of none.
func medianOf(times []time.Duration) (median, worst time.Duration) {
	if len(times) == 0 {
		return 0, 0
	}
	times = slices.Sorted(slices.Values(times))
	middle := len(times) / 2
	median = times[middle]
	if len(times)%2 == 0 {
		median = (times[middle-1] + times[middle]) / 2
	}
	return median.Truncate(time.Second), times[len(times)-1].Truncate(time.Second)
}

// lockoutReport is the report of what somebody asks for. Errors: Invalid, Unavailable.
func (a *Actions) lockoutReport(ctx context.Context, asked Lockouts) (LockoutReport, error) {
	now := Instant(a.Now())
	r := LockoutReport{Asked: asked, Now: now, Zone: a.zone()}
	oldest, newest, err := a.Store.AttemptsReach(ctx, now)
	if err != nil {
		return LockoutReport{}, err
	}
	r.Fresh = freshness(Snapshot{At: now, NewestAttempt: newest})
	s, err := a.survey(ctx, asked, now, oldest)
	if err != nil {
		return LockoutReport{}, err
	}
	s.report(&r)
	for _, fill := range []func(context.Context, *LockoutReport) error{a.fillAccounts, a.fillJudged, a.fillDesk} {
		if err := fill(ctx, &r); err != nil {
			return LockoutReport{}, err
		}
	}
	return r, nil
}

// survey reads what was tried and finds out who was locked out. oldest is the first
// attempt on record; zero: the days aren't compared with others.
func (a *Actions) survey(ctx context.Context, asked Lockouts, now, oldest time.Time) (*survey, error) {
	first, err := readDays(asked.Days)
	if err != nil {
		return nil, err
	}
	s := newSurvey(asked, first, oldest, a.zone(), a.Rules)
	q := s.query(now)
	return s, a.Store.EachTries(ctx, q, func(tries []Tries) error { return a.surveyTries(ctx, s, q, tries) })
}

// surveyTries takes into account what some customers tried. What else is on record is
// read of those alone who were locked out, and earlier successes of those alone
// who failed in bursts.
func (a *Actions) surveyTries(ctx context.Context, s *survey, q TriesQuery, tries []Tries) error {
	runs := map[string][]failing{}
	hits := map[string][]Attempt{} // failures in the days that hold a burst
	var ids, burst []string
	for _, t := range tries {
		s.addTries(t)
		if t.UserID == "" {
			continue
		}
		found, hit := s.failings(t.Attempts)
		if len(found) == 0 {
			continue
		}
		runs[t.UserID], ids = found, append(ids, t.UserID)
		if hit != nil {
			hits[t.UserID] = hit
		}
		if hit != nil || slices.ContainsFunc(found, func(f failing) bool { return f.bursts(nil).any != nil }) {
			burst = append(burst, t.UserID)
		}
	}
	records, own, err := a.lockoutRecords(ctx, Span{s.begins(), q.To}, ids, burst)
	if err != nil {
		return err
	}
	for _, id := range ids {
		var lockouts []Lockout
		for _, f := range runs[id] {
			lockouts = append(lockouts, lockoutOf(id, f, own[id], records[id], s.rules))
		}
		s.add(lockouts, s.attacked(hits[id], own[id]), records[id].Accounts)
	}
	return nil
}

// lockoutRecords reads what else is on record of users in a time, its end included, and
// the successes of those who failed in bursts.
func (a *Actions) lockoutRecords(ctx context.Context, of Span, ids, burst []string) (records map[string]LockoutRecords, own map[string][]Attempt, err error) {
	if len(ids) > 0 {
		records, err = a.Store.LockoutRecords(ctx, ids, of.From, of.Until)
	}
	if err == nil && len(burst) > 0 {
		own, err = a.Store.SuccessesOf(ctx, burst, of.From.Add(-ownNetworkFor), of.Until)
	}
	return records, own, err
}

// fillAccounts names the accounts of a report.
func (a *Actions) fillAccounts(ctx context.Context, r *LockoutReport) error {
	var ids []string
	for _, account := range r.Accounts {
		ids = append(ids, account.ID)
	}
	if r.Asked.Account != "" {
		ids = append(ids, r.Asked.Account)
	}
	if len(ids) == 0 {
		return nil
	}
	accounts, err := a.Store.AccountsByID(ctx, ids)
	name := func(id string) string { return NewMasker("").account(accounts[id]).Name }
	for i := range r.Accounts {
		r.Accounts[i].Name = name(r.Accounts[i].ID)
	}
	r.AccountName = name(r.Asked.Account)
	return err
}

// fillJudged counts the diagnoses that somebody judged.
func (a *Actions) fillJudged(ctx context.Context, r *LockoutReport) error {
	judged, err := a.judgedIn(ctx, r.Asked, Span{r.From, r.Until})
	for _, w := range judged {
		switch w.Judgement {
		case JudgedRight:
			r.Right++
		case JudgedWrong:
			r.Wrong++
		}
	}
	return err
}

// judgedIn are the watches whose diagnosis somebody judged in a span, of the account that
// is asked for.
func (a *Actions) judgedIn(ctx context.Context, asked Lockouts, in Span) ([]Watch, error) {
	judged, err := a.Store.Judged(ctx, in)
	if err != nil || asked.Account == "" || len(judged) == 0 {
		return judged, err
	}
	members, err := a.Store.MembersOf(ctx, asked.Account)
	return slices.DeleteFunc(judged, func(w Watch) bool { return !members[w.UserID] }), err
}

// incidentsIn are the incidents that lasted at some moment of a span, as of now. None is
// about one account.
func (a *Actions) incidentsIn(ctx context.Context, asked Lockouts, in Span, now time.Time) ([]Incident, error) {
	if asked.Account != "" {
		return nil, nil
	}
	return a.Store.IncidentsIn(ctx, in.From, earlier(in.Until, now), incidentsRead)
}

// fillDesk reads what support has open, the incidents and the end of the audit.
func (a *Actions) fillDesk(ctx context.Context, r *LockoutReport) (err error) {
	if r.Incidents, err = a.incidentsIn(ctx, r.Asked, Span{r.From, r.Until}, r.Now); err != nil {
		return err
	}
	if r.Desk, err = a.Store.DeskNumbers(ctx, Span{r.From, r.Until}, r.Now); err != nil {
		return err
	}
	rows, head, err := a.Store.AuditHead(ctx)
	r.Audit = AuditHead{Rows: rows, Head: hex.EncodeToString(head)}
	return err
}
