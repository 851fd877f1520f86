// Package suppressiontest is the one suite that every implementation of
// [actions.Suppressions] must pass: the directory's own lists and each mail
// provider's.
package suppressiontest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// Lists is a system with nothing on its lists.
type Lists struct {
	actions.Suppressions
	// Kinds are the lists that it has; with Several an address may be on more than
	// one of them.
	Kinds   []actions.SuppressionList
	Several bool
	// List puts addresses on its lists.
	List func(t *testing.T, listed ...actions.Suppression)
	// Customer is who has an address: the ID of their user.
	Customer func(t *testing.T, address string) string
	// Silence has it not answer any more.
	Silence func(t *testing.T)
}

// since is when the suite's addresses were listed.
var since = time.Date(2026, 3, 9, 17, 4, 5, 678000*1000, time.UTC)

const jane = "jane@acme.example"

// Conformance runs the suite: open makes a system for each of its tests.
func Conformance(t *testing.T, open func(t *testing.T) Lists) {
	for name, test := range map[string]func(*testing.T, Lists){
		"HasAName": hasAName, "NotListed": notListed, "Listed": listed, "NewestFirst": newestFirst, "Capitals": capitals,
		"OddAddresses": oddAddresses, "Delisted": delisted, "DelistedTwice": delistedTwice, "DelistedFromNothing": delistedFromNothing,
		"UnsubscribedStays": unsubscribedStays, "ListedAgain": listedAgain, "EachOfNothing": eachOfNothing, "EachOfMany": eachOfMany,
		"EachStops": eachStops, "Silent": isSilent, "Cancelled": cancelled,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// on is jane on a list.
func on(list actions.SuppressionList) actions.Suppression {
	return actions.Suppression{Address: jane, List: list, Since: since}
}

// holding are the lists of a system that hold back all mail.
func (l Lists) holding() []actions.SuppressionList {
	return slices.DeleteFunc(slices.Clone(l.Kinds), func(list actions.SuppressionList) bool { return !list.HoldsBack() })
}

// of asks about an address.
func (l Lists) of(t *testing.T, address string) []actions.Suppression {
	t.Helper()
	entries, err := l.Listed(t.Context(), address)
	if err != nil {
		t.Fatalf("asking about %s: %v", address, err)
	}
	return entries
}

// takes has it take an address off.
func (l Lists) takes(t *testing.T, id, address string) {
	t.Helper()
	change := actions.Change{ID: id, Kind: actions.ChangeDelisted, UserID: l.Customer(t, address), Email: address, At: since.Add(24 * time.Hour)}
	if err := l.Delist(t.Context(), change); err != nil {
		t.Fatalf("delisting %s: %v", address, err)
	}
}

// want expects that an address is on these lists, and no others.
func (l Lists) want(t *testing.T, address string, lists ...actions.SuppressionList) {
	t.Helper()
	var got []actions.SuppressionList
	for _, s := range l.of(t, address) {
		if actions.AddressKey(s.Address) != actions.AddressKey(address) {
			t.Errorf("asked about %s, it says what %s is on", address, s.Address)
		}
		got = append(got, s.List)
	}
	if !slices.Equal(got, lists) {
		t.Errorf("%s is on %v, want %v", address, got, lists)
	}
}

func hasAName(t *testing.T, l Lists) {
	if l.Name() == "" {
		t.Error("it has no name")
	}
}

func notListed(t *testing.T, l Lists) {
	l.List(t, actions.Suppression{Address: "not" + jane, List: l.Kinds[0], Since: since})
	l.want(t, jane)
}

func listed(t *testing.T, l Lists) {
	for i, list := range l.Kinds {
		s := actions.Suppression{Address: fmt.Sprint("jane", i, "@acme.example"), List: list, Since: since}
		l.List(t, s)
		got := l.of(t, s.Address)
		if len(got) != 1 || got[0].List != list || !got[0].Since.Equal(since) || got[0].Since.Location() != time.UTC {
			t.Errorf("got %+v, want %+v", got, s)
		}
	}
}

func newestFirst(t *testing.T, l Lists) {
	for i, list := range l.Kinds {
		s := on(list)
		s.Since = since.Add(time.Duration(i) * time.Hour)
		l.List(t, s)
	}
	if !l.Several {
		l.want(t, jane, l.Kinds[len(l.Kinds)-1]) // the newest takes the place of the others
		return
	}
	want := slices.Clone(l.Kinds)
	slices.Reverse(want)
	l.want(t, jane, want...)
}

// capitals: mail to an address is held back however it is written.
func capitals(t *testing.T, l Lists) {
	list := l.holding()[0]
	l.List(t, on(list))
	l.want(t, "Jane@ACME.example", list)
	l.takes(t, "1", "Jane@ACME.example")
	l.want(t, jane)
	l.List(t, actions.Suppression{Address: "John.Doe@Acme.Example", List: list, Since: since})
	l.want(t, "John.Doe@acme.example", list)
	l.takes(t, "2", "John.Doe@acme.example")
	l.want(t, "John.Doe@Acme.Example")
}

func oddAddresses(t *testing.T, l Lists) {
	list := l.holding()[0]
	for i, address := range []string{
		"jane+news@acme.example", "jane/doe@acme.example", "100%25@acme.example", "jané@bücher.example", "j'o&h=n?#;@acme.example",
		"../../v2@acme.example", "jane doe@acme.example", "~jane_-*!@acme.example", "jane%2fdoe@acme.example",
	} {
		l.List(t, actions.Suppression{Address: address, List: list, Since: since})
		l.want(t, address, list)
		l.takes(t, fmt.Sprint("odd-", i), address)
		l.want(t, address)
	}
}

func delisted(t *testing.T, l Lists) {
	lists := l.holding()
	other := actions.Suppression{Address: "john@acme.example", List: lists[0], Since: since}
	l.List(t, on(lists[0]), other)
	if l.Several {
		for _, list := range lists[1:] {
			l.List(t, on(list))
		}
	}
	l.takes(t, "1", jane)
	l.want(t, jane)
	l.want(t, other.Address, other.List)
}

func delistedTwice(t *testing.T, l Lists) {
	l.List(t, on(l.holding()[0]))
	l.takes(t, "1", jane)
	l.takes(t, "1", jane)
	l.want(t, jane)
}

func delistedFromNothing(t *testing.T, l Lists) {
	l.takes(t, "1", jane)
	l.want(t, jane)
}

// unsubscribedStays: that is the customer's wish (RULES S2.2).
func unsubscribedStays(t *testing.T, l Lists) {
	left := []actions.SuppressionList{}
	if slices.Contains(l.Kinds, actions.ListUnsubscribe) && l.Several {
		left = append(left, actions.ListUnsubscribe)
		l.List(t, on(actions.ListUnsubscribe))
	}
	l.List(t, on(l.holding()[0]))
	l.takes(t, "1", jane)
	l.want(t, jane, left...)
}

func listedAgain(t *testing.T, l Lists) {
	again := on(l.holding()[0])
	l.List(t, again)
	l.takes(t, "1", jane)
	again.Since = since.Add(48 * time.Hour)
	l.List(t, again)
	l.want(t, jane, again.List)
	l.takes(t, "2", jane)
	l.want(t, jane)
}

// all reads everything, and expects nothing twice.
func (l Lists) all(t *testing.T) map[string]actions.Suppression {
	t.Helper()
	all := map[string]actions.Suppression{}
	err := l.Each(t.Context(), func(page []actions.Suppression) error {
		for _, s := range page {
			name := actions.AddressKey(s.Address) + " " + string(s.List)
			if _, twice := all[name]; twice {
				t.Errorf("%s came twice", name)
			}
			all[name] = s
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func eachOfNothing(t *testing.T, l Lists) {
	if all := l.all(t); len(all) > 0 {
		t.Errorf("got %v", slices.Collect(maps.Keys(all)))
	}
}

func eachOfMany(t *testing.T, l Lists) {
	var many []actions.Suppression
	for i := range 2345 {
		many = append(many, actions.Suppression{
			Address: fmt.Sprintf("c%04d@acme.example", i), List: l.Kinds[i%len(l.Kinds)], Since: since.Add(time.Duration(i) * time.Microsecond),
		})
	}
	l.List(t, many...)
	all := l.all(t)
	if len(all) != len(many) {
		t.Errorf("%d came, of %d", len(all), len(many))
	}
	for _, s := range many {
		if got := all[s.Address+" "+string(s.List)]; !got.Since.Equal(s.Since) {
			t.Fatalf("got %+v, want %+v", got, s)
		}
	}
}

var errEnough = errors.New("enough")

func eachStops(t *testing.T, l Lists) {
	l.List(t, on(l.Kinds[0]))
	if err := l.Each(t.Context(), func([]actions.Suppression) error { return errEnough }); !errors.Is(err, errEnough) {
		t.Errorf("got %v", err)
	}
}

// calls are what can be asked of a system.
func (l Lists) calls(ctx context.Context, userID string) map[string]error {
	_, asked := l.Listed(ctx, jane)
	return map[string]error{
		"Listed": asked,
		"Delist": l.Delist(ctx, actions.Change{ID: "1", Kind: actions.ChangeDelisted, UserID: userID, Email: jane, At: since}),
		"Each":   l.Each(ctx, func([]actions.Suppression) error { return nil }),
	}
}

func isSilent(t *testing.T, l Lists) {
	userID := l.Customer(t, jane)
	l.Silence(t)
	for name, err := range l.calls(t.Context(), userID) {
		if actions.CodeOf(err) != actions.Unavailable {
			t.Errorf("%s returns %v", name, err)
		}
	}
}

func cancelled(t *testing.T, l Lists) {
	userID := l.Customer(t, jane)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range l.calls(ctx, userID) {
		if err == nil {
			t.Errorf("%s went on for somebody who stopped waiting", name)
		}
	}
}
