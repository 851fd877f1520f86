package actions

import (
	"strings"
	"testing"
	"time"
)

// request is what somebody typed in a channel where it may not be done.
var request = Parked{Command: "/diagnose", Text: "jane@acme.example", Action: "share", Value: "u-1"}

func TestPark(t *testing.T) {
	d := newDesk()
	id, err := d.Park(t.Context(), agent("k-1", ""), request)
	if err != nil || len(id) < 20 {
		t.Fatalf("%q, %v", id, err)
	}
	d.now = d.now.Add(30*minute - tick)
	want := request
	want.ID, want.Actor, want.At = id, "U1", noon
	if got, err := d.Unpark(t.Context(), agent("k-1", ""), id); err != nil || got != want {
		t.Errorf("fetched %+v, %v", got, err)
	}
	_, err = d.Unpark(t.Context(), agent("k-2", ""), id)
	wantCode(t, err, NotFound)
}

// TestParkLeavesTheKey: what the request asks for claims the key when it is done.
func TestParkLeavesTheKey(t *testing.T) {
	d := newDesk()
	call := agent("k-1", "")
	id, err := d.Park(t.Context(), call, request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Unpark(t.Context(), call, id); err != nil {
		t.Fatal(err)
	}
	d.diagnose(t, call)
}

func TestUnparkNotFound(t *testing.T) {
	for name, row := range map[string]struct {
		call  Call
		id    string // "": the right one
		after time.Duration
	}{
		"TooLate":       {agent("k-2", ""), "", 30 * minute},
		"Unknown":       {agent("k-2", ""), "another", 0},
		"SomebodyElses": {Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAdmin)}}, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			id, err := d.Park(t.Context(), agent("k-1", ""), request)
			if err != nil {
				t.Fatal(err)
			}
			if row.id != "" {
				id = row.id
			}
			d.now = d.now.Add(row.after)
			got, err := d.Unpark(t.Context(), row.call, id)
			wantCode(t, err, NotFound)
			if got != (Parked{}) {
				t.Errorf("fetched %+v", got)
			}
		})
	}
}

func TestParkRefused(t *testing.T) {
	d := newDesk()
	stranger := Call{Actor: Actor{ID: "U9"}}
	_, err := d.Park(t.Context(), stranger, request)
	wantCode(t, err, Forbidden)
	_, err = d.Unpark(t.Context(), stranger, "any")
	wantCode(t, err, Forbidden)
	_, err = d.Park(t.Context(), agent("k-1", ""), Parked{Text: strings.Repeat("x", parkLimit+1)})
	wantCode(t, err, Invalid)
	if n := len(d.store.state.parked); n != 0 {
		t.Errorf("%d requests are kept", n)
	}
}
