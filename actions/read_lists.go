package actions

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ListReads is what the directory knows of how addresses are written on lists.
type ListReads interface {
	// Spellings returns the ways in which an address is written on the lists that are
	// known, its own and those kept of other systems, those that it was taken off
	// included; at most ten.
	Spellings(ctx context.Context, address string) ([]string, error)
}

// ListTx is how the directory keeps what other systems list, beside the lists of
// its own, so that a diagnosis knows of them.
type ListTx interface {
	// KeepListed keeps a page of what a system lists, with seen, the moment when the
	// run that reads it began; another run may have seen the same meanwhile, and then
	// the later moment stays. What the import brought itself stays as it is, and what
	// Latchkey took off a list of that system at seen or later stays off.
	KeepListed(ctx context.Context, source string, listed []Suppression, seen time.Time) error
	// DropListed removes what a system listed once and no run has seen since the one
	// that began at seen.
	DropListed(ctx context.Context, source string, seen time.Time) error
	// DelistKept takes an address off what is kept of a system's lists, but
	// "unsubscribe": at that moment the system was seen to list it no more.
	DelistKept(ctx context.Context, source, address string, at time.Time) error
}

// ReadLists has the directory know what the other systems list: each is read page
// by page, and what it doesn't list any more goes once it was read to its end. It
// is a job of the cron table, safe to run anywhere at any time.
//
// A system that doesn't answer doesn't hinder the others; the errors come joined.
func (a *Actions) ReadLists(ctx context.Context) error {
	var failures []error
	for i, system := range a.Lists {
		if i == 0 || ctx.Err() != nil {
			continue // the first is the directory itself
		}
		if err := a.readList(ctx, system); err != nil {
			failures = append(failures, fmt.Errorf("reading the list of %s: %w", system.Name(), err))
		}
	}
	return errors.Join(append(failures, ctx.Err())...)
}

// readList reads one system, each page in a transaction of its own.
func (a *Actions) readList(ctx context.Context, system Suppressions) error {
	source, began := system.Name(), Instant(a.Now())
	err := system.Each(ctx, func(page []Suppression) error {
		return a.Store.Tx(ctx, func(tx Tx) error { return tx.KeepListed(ctx, source, page, began) })
	})
	if err != nil {
		return err
	}
	return a.Store.Tx(ctx, func(tx Tx) error { return tx.DropListed(ctx, source, began) })
}
