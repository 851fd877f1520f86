package actions

import (
	"context"
	"strings"
	"time"
)

// offsetMost is how far a list goes: nobody clicks further.
const offsetMost = 1_000_000

// listOf is how the customers of a list are chosen and ordered.
type listOf struct {
	fits  func(*lockedOut) bool
	order func(a, b *lockedOut) int
}

var lockoutLists = map[LockoutList]listOf{
	ListCustomers: {(*lockedOut).inDays, newestFirst},
	ListOut:       {(*lockedOut).isOut, longestOut},
	ListBack:      {(*lockedOut).isBack, slowestFirst},
	ListRepeat:    {(*lockedOut).repeated, oftenFirst},
	ListAttacked:  {(*lockedOut).isHit, newestFirst},
}

// customers is how the customers of a list are chosen; found is false for a list of
// something else.
func (l LockoutList) customers() (of listOf, found bool) {
	if id, caused := strings.CutPrefix(string(l), string(ListCause)); caused {
		return listOf{func(p *lockedOut) bool { return p.inDays() && p.last.Cause == Cause(id) }, newestFirst}, placeOf(Cause(id)) >= 0
	}
	of, found = lockoutLists[l]
	return of, found
}

// LockoutList returns a part of a list behind a number; it is a row of the audit.
// Errors: Forbidden; Invalid for a list or days that there aren't; Conflict for a request
// that was answered before; Unavailable.
func (a *Actions) LockoutList(ctx context.Context, call Call, asked Lockouts, list LockoutList, offset int) (LockoutPage, error) {
	if !May(call.Actor.Roles, ActLockouts) {
		return LockoutPage{}, a.Refuse(ctx, call, ActLockouts)
	}
	if _, err := a.Unbraked(ctx, call, ActLockouts); err != nil {
		return LockoutPage{}, err
	}
	if _, err := readDays(asked.Days); err != nil {
		return LockoutPage{}, err
	}
	if offset < 0 || offset > offsetMost || len(asked.Account) > IdentifierLimit {
		return LockoutPage{}, errNoList()
	}
	page := LockoutPage{Asked: asked, List: list, Offset: offset, Now: Instant(a.Now()), Zone: a.zone()}
	if err := a.fillPage(ctx, &page); err != nil {
		return LockoutPage{}, err
	}
	if err := a.recordLockouts(ctx, call, asked, "the list "+string(list)); err != nil {
		return LockoutPage{}, err
	}
	return page, nil
}

func errNoList() error {
	return Errorf(Invalid, "There is no such list. Please ask for the report again with /lockouts, and press one of its buttons.")
}

// fillPage reads the lines of a page.
func (a *Actions) fillPage(ctx context.Context, page *LockoutPage) error {
	if of, customers := page.List.customers(); customers {
		return a.fillCustomers(ctx, page, of)
	}
	switch page.List {
	case ListRight:
		return a.fillWatches(ctx, page, JudgedRight)
	case ListWrong:
		return a.fillWatches(ctx, page, JudgedWrong)
	case ListAccounts:
		return a.fillUnusual(ctx, page)
	case ListNetworks:
		return a.fillNetworks(ctx, page)
	case ListNames:
		return a.fillNames(ctx, page)
	case ListIncidents:
		return a.fillIncidents(ctx, page)
	case ListUnopened:
		return a.fillUnopened(ctx, page)
	default:
		return errNoList()
	}
}

// part is the part of a list that a page shows.
func part[T any](page *LockoutPage, all []T) []T {
	page.Total = len(all)
	return pageOf(all, page.Offset, LockoutPageSize)
}

// pageOf are those of a list from an offset on, at most size.
func pageOf[T any](all []T, offset, size int) []T {
	from := min(offset, len(all))
	return all[from:min(from+size, len(all))]
}

func (a *Actions) fillCustomers(ctx context.Context, page *LockoutPage, of listOf) error {
	s, err := a.survey(ctx, page.Asked, page.Now, time.Time{})
	if err != nil {
		return err
	}
	var ids []string
	for _, who := range part(page, s.people(of.fits, of.order)) {
		line := LockoutLine{Lockouts: who.times, Lockout: who.last}
		if page.List == ListRepeat {
			line.Lockouts = who.often
		}
		page.Lines, ids = append(page.Lines, line), append(ids, who.last.UserID)
	}
	return a.fillPeople(ctx, page, ids)
}

// fillPeople says who the lines of a page are about, masked; of who is gone, only the ID.
func (a *Actions) fillPeople(ctx context.Context, page *LockoutPage, ids []string) error {
	people, err := a.peopleOf(ctx, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		person, found := people[id]
		if !found {
			person = Person{ID: id}
		}
		page.Lines[i].Person = &person
	}
	return nil
}

// fillWatches lists whose diagnosis was judged so, the newest judgement first.
func (a *Actions) fillWatches(ctx context.Context, page *LockoutPage, j Judgement) error {
	first, err := readDays(page.Asked.Days)
	if err != nil {
		return err
	}
	judged, err := a.judgedIn(ctx, page.Asked, spanOf(first, page.Asked.Days.N, a.zone()))
	if err != nil {
		return err
	}
	var so []Watch
	for _, w := range judged {
		if w.Judgement == j {
			so = append(so, w)
		}
	}
	var ids []string
	for _, w := range part(page, so) {
		page.Lines, ids = append(page.Lines, LockoutLine{Judged: &w}), append(ids, w.UserID)
	}
	return a.fillPeople(ctx, page, ids)
}

func (a *Actions) fillUnusual(ctx context.Context, page *LockoutPage) error {
	r, err := a.lockoutReport(ctx, page.Asked)
	if err != nil {
		return err
	}
	for _, account := range part(page, r.Accounts) {
		page.Lines = append(page.Lines, LockoutLine{Account: &account})
	}
	return nil
}

func (a *Actions) fillNetworks(ctx context.Context, page *LockoutPage) error {
	s, err := a.survey(ctx, page.Asked, page.Now, time.Time{})
	if err != nil {
		return err
	}
	for _, network := range part(page, s.unusualNetworks()) {
		page.Lines = append(page.Lines, LockoutLine{Network: &network})
	}
	return nil
}

// fillNames lists the names that were tried and that nobody has.
func (a *Actions) fillNames(ctx context.Context, page *LockoutPage) error {
	s, err := a.survey(ctx, page.Asked, page.Now, time.Time{})
	if err != nil {
		return err
	}
	for _, name := range part(page, s.mostTried()) {
		name.Name = MaskName(name.Name)
		page.Lines = append(page.Lines, LockoutLine{Name: &name})
	}
	page.Total = s.strangers
	return nil
}

func (a *Actions) fillIncidents(ctx context.Context, page *LockoutPage) error {
	first, err := readDays(page.Asked.Days)
	if err != nil {
		return err
	}
	incidents, err := a.incidentsIn(ctx, page.Asked, spanOf(first, page.Asked.Days.N, a.zone()), page.Now)
	if err != nil {
		return err
	}
	for _, incident := range part(page, incidents) {
		page.Lines = append(page.Lines, LockoutLine{Incident: &incident})
	}
	return nil
}

// fillUnopened lists the secrets that nobody opened, the one that ran out last first.
func (a *Actions) fillUnopened(ctx context.Context, page *LockoutPage) error {
	first, err := readDays(page.Asked.Days)
	if err != nil {
		return err
	}
	in := spanOf(first, page.Asked.Days.N, a.zone())
	desk, err := a.Store.DeskNumbers(ctx, in, page.Now)
	if err != nil {
		return err
	}
	secrets, err := a.Store.Unopened(ctx, in, page.Now, LockoutPageSize, page.Offset)
	if err != nil {
		return err
	}
	page.Total = desk.Unopened
	for _, secret := range secrets {
		report, err := a.reportSecret(ctx, secret)
		if err != nil {
			return err
		}
		page.Lines = append(page.Lines, LockoutLine{Secret: &report})
	}
	return nil
}
