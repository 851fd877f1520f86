package actions

import (
	"fmt"
	"testing"
	"time"
)

// refuse has a stranger refused, after so much time.
func (d *desk) refuse(t *testing.T, after time.Duration, actor, key string) {
	t.Helper()
	d.now = d.now.Add(after)
	err := d.Refuse(t.Context(), Call{Actor: Actor{ID: actor}, Key: key}, ActDiagnose)
	wantCode(t, err, Forbidden)
	if err.Error() != ErrRefused().Error() {
		t.Errorf("the refused reads %q", err)
	}
}

// recorded are the rows of the audit in short.
func (d *desk) recorded() []string {
	rows := []string{}
	for _, e := range d.store.state.audit {
		rows = append(rows, fmt.Sprint(e.Actor, " ", e.Act, " ", e.Outcome, " ", e.Detail))
	}
	return rows
}

func (d *desk) wantRecorded(t *testing.T, want ...string) {
	t.Helper()
	if got := d.recorded(); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
}

const (
	firstRefusal = "U9 diagnose refused "
	countOfTwo   = "U9 refusals refused 2 more refused in the hour from 2026-03-10T12:00:00Z"
)

func TestRefuseRecordsTheFirstOfAnHour(t *testing.T) {
	d := newDesk()
	d.refuse(t, 0, "U9", "k-1")
	d.refuse(t, minute, "U9", "k-2")
	d.refuse(t, hour-minute-tick, "U9", "k-3")
	d.wantRecorded(t, firstRefusal)
	d.refuse(t, 0, "U8", "k-4")
	d.wantRecorded(t, firstRefusal, "U8 diagnose refused ")
}

func TestRefuseCountsTheOthersWhenTheHourIsOver(t *testing.T) {
	d := newDesk()
	d.refuse(t, 0, "U9", "k-1")
	d.refuse(t, minute, "U9", "k-2")
	d.refuse(t, minute, "U9", "k-3")
	d.refuse(t, hour-2*minute, "U9", "k-4") // exactly an hour after the first
	d.wantRecorded(t, firstRefusal, countOfTwo, firstRefusal)
	d.refuse(t, minute, "U9", "k-5")
	d.wantRecorded(t, firstRefusal, countOfTwo, firstRefusal)
}

func TestRefuseAloneInItsHourIsNotCounted(t *testing.T) {
	d := newDesk()
	d.refuse(t, 0, "U9", "k-1")
	d.refuse(t, 2*hour, "U9", "k-2")
	d.wantRecorded(t, firstRefusal, firstRefusal)
}

func TestRefuseTwiceInAnHour(t *testing.T) {
	d := newDesk()
	d.refuse(t, 0, "U9", "k-1")
	d.refuse(t, minute, "U9", "k-2")
	d.close(t, hour)
	d.wantRecorded(t, firstRefusal, "U9 refusals refused 1 more refused in the hour from 2026-03-10T12:00:00Z")
}

func TestRefuseReplayed(t *testing.T) {
	d := newDesk()
	d.refuse(t, 0, "U9", "k-1")
	d.refuse(t, minute, "U9", "k-1")
	if hour := d.store.state.hours["U9"]; hour.Count != 1 {
		t.Errorf("counted %d", hour.Count)
	}
}

// Who is refused hears so, even when it can't be recorded.
func TestRefuseWithoutADatabase(t *testing.T) {
	d := newDesk()
	d.store.down = errBroken
	d.refuse(t, 0, "U9", "k-1")
	d = newDesk()
	d.store.keyed = false
	d.refuse(t, 0, "U9", "k-1")
	d.wantRecorded(t)
}

func TestCloseRefusals(t *testing.T) {
	d := newDesk()
	d.refuse(t, 0, "U9", "k-1")
	d.refuse(t, minute, "U9", "k-2")
	d.refuse(t, 0, "U9", "k-3")
	d.refuse(t, 0, "U8", "k-4")
	before := []string{firstRefusal, "U8 diagnose refused "}
	d.close(t, hour-minute-tick)
	d.wantRecorded(t, before...)
	d.close(t, tick)
	d.wantRecorded(t, append(before, countOfTwo)...)
	d.close(t, 9*hour)
	d.wantRecorded(t, append(before, countOfTwo)...)
	d.refuse(t, 0, "U8", "k-5")
	d.wantRecorded(t, append(before, countOfTwo, "U8 diagnose refused ")...)
}

// close closes the hours that are over, after so much time.
func (d *desk) close(t *testing.T, after time.Duration) {
	t.Helper()
	d.now = d.now.Add(after)
	if err := d.CloseRefusals(t.Context()); err != nil {
		t.Fatal(err)
	}
}
