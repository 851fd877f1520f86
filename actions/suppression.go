package actions

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Suppressions is a system that holds mail back from addresses: the directory's
// own lists (the package store) or a mail provider's (the package actions/ses). No
// provider says what other providers' global lists hold, and some accept mail and
// drop it silently: what isn't listed here may be held back all the same (RULES
// S4.9).
type Suppressions interface {
	// Name is what people call it, such as "Amazon SES".
	Name() string
	// Listed returns what an address stands on, newest first; nothing when it is on
	// no list. A system that tells capitals apart may miss what stands there in other
	// ones, and is asked about each spelling that is known; so it is with Delist.
	// Unavailable when the system doesn't answer.
	Listed(ctx context.Context, address string) ([]Suppression, error)
	// Delist takes c.Email off every list but "unsubscribe". An address that is on
	// none is no error, and the same change again, by its ID and Email, has no second
	// effect.
	// Errors: NotFound when the directory doesn't know c.UserID, Unavailable when
	// the system doesn't answer, or, because of ErrTurnedAway, surely did nothing.
	Delist(ctx context.Context, c Change) error
	// Each calls yield with all that is listed, page by page, until it returns an
	// error. Unavailable when the system doesn't answer.
	Each(ctx context.Context, yield func([]Suppression) error) error
}

// HoldsBack reports whether a list holds back all mail: the customer can take
// themselves off "unsubscribe", and nobody else may (RULES S2.2).
func (l SuppressionList) HoldsBack() bool { return l != ListUnsubscribe }

// Listing is what one system said about an address.
type Listing struct {
	Source  string        `json:"source"` // its name
	Entries []Suppression `json:"entries,omitempty"`
	Silent  bool          `json:"silent,omitempty"` // it didn't answer, so nothing is known
}

// listedLimit is how long one system is waited for when an address is looked up:
// the form that shows it must be there within 2 s of a click, with all else that is
// read for it and the way to Slack. What is slower is silent.
const listedLimit = 700 * time.Millisecond

// ListedBy asks every system about an address, at once. One that doesn't answer
// within 700 ms is Silent; that is logged and no error.
func (a *Actions) ListedBy(ctx context.Context, address string) []Listing {
	listings := make([]Listing, len(a.Lists))
	var asked sync.WaitGroup
	for i := range a.Lists {
		asked.Go(func() { listings[i] = a.listing(ctx, i, address) })
	}
	asked.Wait()
	return listings
}

// listing asks a.Lists[i] about an address.
func (a *Actions) listing(ctx context.Context, i int, address string) Listing {
	ctx, cancel := context.WithTimeout(ctx, listedLimit)
	defer cancel()
	source := a.Lists[i].Name()
	entries, err := a.entriesOf(ctx, i, address)
	if err != nil {
		a.Log.WarnContext(ctx, "a system doesn't say which lists an address is on", "system", source, "error", err)
		return Listing{Source: source, Silent: true}
	}
	return Listing{Source: source, Entries: entries}
}

// entriesOf asks a.Lists[i] about each spelling of an address, at once, and returns
// what it stands on, newest first.
func (a *Actions) entriesOf(ctx context.Context, i int, address string) ([]Suppression, error) {
	written, err := a.spellings(ctx, i, address)
	if err != nil {
		return nil, err
	}
	answers, errs := make([][]Suppression, len(written)), make([]error, len(written))
	var asked sync.WaitGroup
	for n, one := range written {
		asked.Go(func() { answers[n], errs[n] = a.Lists[i].Listed(ctx, one) })
	}
	asked.Wait()
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	var entries []Suppression
	for _, entry := range slices.Concat(answers...) {
		if !slices.ContainsFunc(entries, func(s Suppression) bool { return s.Address == entry.Address && s.List == entry.List }) {
			entries = append(entries, entry)
		}
	}
	slices.SortStableFunc(entries, func(x, y Suppression) int { return y.Since.Compare(x.Since) })
	return entries, nil
}

// spellings are the ways of writing an address that a.Lists[i] is asked about:
// Amazon SES, for one, tells capitals apart, and what it has was read from it hour by
// hour. The first system is the directory, to which they are all the same.
func (a *Actions) spellings(ctx context.Context, i int, address string) ([]string, error) {
	if i == 0 {
		return []string{address}, nil
	}
	known, err := a.Store.Spellings(ctx, address)
	known = slices.DeleteFunc(known, func(one string) bool { return one == address })
	return append([]string{address}, known...), err
}

// HeldBack reports whether one of the entries holds back all mail.
func HeldBack(entries []Suppression) bool {
	return slices.ContainsFunc(entries, func(s Suppression) bool { return s.List.HoldsBack() })
}
