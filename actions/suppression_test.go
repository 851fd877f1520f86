package actions

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestListedBy asks all systems at once: one that is silent, or broken, takes the
// others nothing, and is one warning without the address.
func TestListedBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own, provider, mute, broken := lists("own", "jane@acme.example"), lists("provider", "john@acme.example"), lists("mute"), lists("broken")
		mute.mute, broken.down = true, Errorf(Unavailable, "It doesn't answer.")
		d, log := newDesk(), new(bytes.Buffer)
		d.Lists, d.Log = []Suppressions{own, mute, provider, broken}, slog.New(slog.NewTextHandler(log, nil))
		began := time.Now()
		got := d.ListedBy(t.Context(), "Jane@acme.example")
		want := []Listing{{Source: "own", Entries: own.listed}, {Source: "mute", Silent: true}, {Source: "provider"}, {Source: "broken", Silent: true}}
		for i := range got {
			if len(got[i].Entries) == 0 {
				got[i].Entries = nil
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if took := time.Since(began); took != 700*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		if lines := strings.Count(log.String(), "\n"); lines != 2 || strings.Contains(strings.ToLower(log.String()), "jane") {
			t.Errorf("the log says %s", log)
		}
	})
}

// TestListedByAsItIsWritten: a system that tells capitals apart is asked about each
// spelling that is known, and what it says is said once.
func TestListedByAsItIsWritten(t *testing.T) {
	d, exact := newDesk(), lists("exact", "JANE@acme.example", "jane@acme.example", "Jane@Acme.Example")
	exact.exact, exact.listed[0].Since = true, noon
	d.Lists = []Suppressions{lists("own"), exact, lists("other", "jane@acme.example")}
	known := func() (written [][]string) {
		t.Helper()
		for _, listing := range d.ListedBy(t.Context(), "jane@acme.example") {
			var one []string
			for _, entry := range listing.Entries {
				one = append(one, entry.Address)
			}
			written = append(written, one)
		}
		return written
	}
	if diff := cmp.Diff([][]string{nil, {"jane@acme.example"}, {"jane@acme.example"}}, known()); diff != "" {
		t.Errorf("before they were read: %s", diff)
	}
	if err := d.ReadLists(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := []string{"JANE@acme.example", "jane@acme.example", "Jane@Acme.Example"}
	if diff := cmp.Diff([][]string{nil, all, {"jane@acme.example"}}, known()); diff != "" {
		t.Error(diff)
	}
	d.store.down = errBroken
	for i, listing := range d.ListedBy(t.Context(), "jane@acme.example") {
		if listing.Silent != (i > 0) {
			t.Errorf("without the spellings: %+v", listing)
		}
	}
}

func TestListedByNobody(t *testing.T) {
	if got := newDesk().ListedBy(t.Context(), "jane@acme.example"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

// TestHeldBack: a wish to get no newsletters holds nothing back that somebody needs.
func TestHeldBack(t *testing.T) {
	for list, want := range map[SuppressionList]bool{
		ListBounce: true, ListComplaint: true, ListBlock: true, ListGlobal: true, ListUnsubscribe: false,
	} {
		if got := HeldBack([]Suppression{{List: ListUnsubscribe}, {List: list}}); got != want {
			t.Errorf("%s: %t", list, got)
		}
	}
}
