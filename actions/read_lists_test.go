package actions

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// keeps are the addresses that are kept of a system.
func (d *desk) keeps(source string) (addresses []string) {
	for _, row := range d.store.state.kept[source] {
		addresses = append(addresses, row.Address)
	}
	slices.Sort(addresses)
	return addresses
}

// wantKept expects these addresses to be kept of a system.
func (d *desk) wantKept(t *testing.T, source string, addresses ...string) {
	t.Helper()
	if got := d.keeps(source); !slices.Equal(got, addresses) {
		t.Errorf("of %s %v are kept, want %v", source, got, addresses)
	}
}

// TestReadLists keeps what every system but the directory lists, and drops what it
// doesn't list any more.
func TestReadLists(t *testing.T) {
	d, own, ses, other := newDesk(), lists("own", "a@acme.example"), lists("SES", "a@acme.example", "b@acme.example", "c@acme.example"), lists("other")
	d.Lists = []Suppressions{own, ses, other}
	if err := d.ReadLists(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.wantKept(t, "SES", "a@acme.example", "b@acme.example", "c@acme.example")
	d.wantKept(t, "own")
	d.now = d.now.Add(hour)
	ses.listed = ses.listed[1:]
	if err := d.ReadLists(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.wantKept(t, "SES", "b@acme.example", "c@acme.example")
}

// TestReadListsHalfWay: what broke half way drops nothing, and doesn't hinder the
// others.
func TestReadListsHalfWay(t *testing.T) {
	d, ses, other := newDesk(), lists("SES", "a@acme.example", "b@acme.example", "c@acme.example"), lists("other", "z@acme.example")
	d.Lists = []Suppressions{lists("own"), ses, other}
	if err := d.ReadLists(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(hour)
	ses.listed, ses.breaks = lists("SES", "d@acme.example", "e@acme.example", "f@acme.example").listed, 1
	other.listed = nil
	err := d.ReadLists(t.Context())
	if CodeOf(err) != Unavailable || !strings.Contains(err.Error(), "the list of SES") {
		t.Errorf("got %v", err)
	}
	d.wantKept(t, "SES", "a@acme.example", "b@acme.example", "c@acme.example", "d@acme.example", "e@acme.example")
	d.wantKept(t, "other")
	ses.breaks = -1
	if err := d.ReadLists(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.wantKept(t, "SES", "d@acme.example", "e@acme.example", "f@acme.example")
}

// TestReadListsStops: a database that doesn't answer, and a job that has to end.
func TestReadListsStops(t *testing.T) {
	d := newDesk()
	d.Lists = []Suppressions{lists("own"), lists("SES", "a@acme.example"), lists("other", "b@acme.example")}
	d.store.down = errBroken
	if err := d.ReadLists(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	d.store.down = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.ReadLists(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	d.wantKept(t, "SES")
}

// TestReadListsWithoutAny: the directory alone needs no reading.
func TestReadListsWithoutAny(t *testing.T) {
	for _, systems := range [][]Suppressions{nil, {lists("own", "a@acme.example")}} {
		d := newDesk()
		d.Lists = systems
		if err := d.ReadLists(t.Context()); err != nil || len(d.store.state.kept) > 0 {
			t.Errorf("got %v, %v", d.store.state.kept, err)
		}
	}
}
