package blocks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// All can be unlocked while somebody is locked, and nobody is about it.
func TestIncidentButtons(t *testing.T) {
	show, unlock, left := "incident_people i-1|0", "bulk_unlock i-1", "bulk_left_out o-1|0"
	for name, c := range map[string]struct {
		locked int
		unlock *actions.OperationReport
		want   []string
	}{
		"OK":       {34, nil, []string{show, unlock}},
		"Nobody":   {0, nil, []string{show}},
		"Asked":    {34, at(bulk(actions.OperationAsked)), []string{show}},
		"UnderWay": {34, at(bulk(actions.OperationRunning)), []string{show, left}},
		"Done":     {4, at(bulk(actions.OperationDone)), []string{show, unlock, left}},
		"Failed":   {4, at(bulk(actions.OperationFailed)), []string{show, unlock, left}},
	} {
		r := incident()
		r.Locked, r.Unlock = c.locked, c.unlock
		if got := buttons(t, blocks.Incident(r)); !slices.Equal(got, c.want) {
			t.Errorf("%s: the buttons are %q, want %q", name, got, c.want)
		}
	}
}

func at(r actions.OperationReport) *actions.OperationReport { return &r }

// The cards of a bulk unlock are about no single customer, and can be withdrawn while it
// waits.
func TestBulkUnlockButtons(t *testing.T) {
	for state, want := range map[actions.OperationState][]string{
		actions.OperationAsked:   {"withdraw o-1", "incident_people i-1|0"},
		actions.OperationRunning: {"incident_people i-1|0", "bulk_left_out o-1|0"},
		actions.OperationDone:    {"incident_people i-1|0", "bulk_left_out o-1|0"},
		actions.OperationFailed:  {"incident_people i-1|0", "bulk_left_out o-1|0"},
		actions.OperationRefused: {"incident_people i-1|0", "bulk_left_out o-1|0"},
	} {
		if got := buttons(t, blocks.Operation(bulk(state))); !slices.Equal(got, want) {
			t.Errorf("%s: the buttons are %q, want %q", state, got, want)
		}
	}
	approval := blocks.Approval(bulk(actions.OperationAsked))
	text := read(t, approval)
	if missing := inOrder(text, "*Unlock all*", "*34 customers of an incident*", "*What will happen*", "34 customers are looked at"); missing != "" || strings.Contains(text, "Not verified") {
		t.Errorf("%q isn't in, or nobody called, in:\n%s", missing, text)
	}
	all, _ := sent(t, approval)
	confirm := all[len(all)-1].list("elements")[0].object("confirm").object("text").string("text")
	if !strings.Contains(confirm, "for 34 customers of an incident") {
		t.Errorf("it asks %q", confirm)
	}
}

// The progress adds up.
func TestBulkProgress(t *testing.T) {
	for want, c := range map[string]struct {
		state             actions.OperationState
		done, failed, out int
	}{
		"20 of 34 customers unlocked · 1 left out · 13 to go":              {actions.OperationRunning, 20, 0, 1},
		"0 of 34 customers unlocked · 34 to go":                            {actions.OperationRunning, 0, 0, 0},
		"31 of 34 customers unlocked · 1 left out · *2 failed*":            {actions.OperationDone, 31, 2, 3},
		"30 of 34 customers unlocked · *4 failed*":                         {actions.OperationFailed, 30, 4, 4},
		"12 of 34 customers unlocked · 1 left out · *1 failed* · 20 to go": {actions.OperationRunning, 12, 1, 2},
	} {
		r := bulk(c.state)
		r.Bulk.Done, r.Bulk.Failed, r.Bulk.LeftOut, r.Bulk.More = c.done, c.failed, nil, c.out
		if text := read(t, blocks.Operation(r)); !strings.Contains(text, "*Progress:* "+want+"\n") {
			t.Errorf("%q isn't in:\n%s", want, text)
		}
	}
}

// However many were left out, those who have room are there, and the others are counted.
func TestManyLeftOut(t *testing.T) {
	r := bulk(actions.OperationDone)
	r.Bulk.Total, r.Bulk.Done, r.Bulk.Failed, r.Bulk.LeftOut, r.Bulk.More = 30_000, 10_000, 0, nil, 10_000
	for i := range 10_000 {
		r.Bulk.LeftOut = append(r.Bulk.LeftOut, actions.LeftOut{Person: actions.Person{ID: "u", Name: fmt.Sprintf("Somebody %d", i)}, Why: strings.Repeat("because ", 30)})
	}
	message := blocks.Operation(r)
	fine(t, "many left out", message, blocks.Approval(r), blocks.OperationLine(r))
	text := read(t, message)
	shown := strings.Count(text, "*Somebody ")
	if want := fmt.Sprintf("…and %d more", 20_000-shown); shown < 5 || !strings.Contains(text, want) {
		t.Errorf("%d are shown, and %q isn't in:\n%s", shown, want, text)
	}
}

// The banner stands on top, and isn't said twice.
func TestBannerOfAnIncident(t *testing.T) {
	d := locked()
	d.Facts.Incident = &actions.IncidentFact{ID: "i-1", Outcome: actions.WrongPassword, Since: ago(1), Customers: 1}
	text := read(t, blocks.Diagnosis(d, reader))
	if !strings.HasPrefix(text, "*Incident:* 1 customer fails the same way since <!date^") || strings.Contains(text, "Not only them") {
		t.Errorf("the banner isn't on top, or is said twice, in:\n%s", text)
	}
}

// It stands on top, too, of a name that nobody has.
func TestBannerForNobody(t *testing.T) {
	d := none()
	d.Facts.Incident = &actions.IncidentFact{ID: "i-1", Outcome: actions.UnknownUsername, Since: ago(1), Customers: 40}
	if text := read(t, blocks.Diagnosis(d, reader)); !strings.HasPrefix(text, "*Incident:* 40 customers fail the same way since <!date^") {
		t.Errorf("the banner isn't on top of:\n%s", text)
	}
}

// With nobody to unlock there is nothing to submit, and the modal knows its incident.
func TestBulkUnlockModal(t *testing.T) {
	r := incident()
	if view := blocks.BulkUnlockModal(r); view.PrivateMetadata != "i-1" || view.CallbackID != blocks.BulkUnlockModalID || view.Submit.Text != "Ask for approval" {
		t.Errorf("it is %q, %q", view.CallbackID, view.PrivateMetadata)
	}
	if r.Locked = 0; blocks.BulkUnlockModal(r).Submit != nil {
		t.Error("there is something to submit")
	}
	if view := blocks.HandShiftModal(0); view.Submit != nil || view.PrivateMetadata != "" {
		t.Error("there is something to hand over")
	}
}

// More lines than a page has lead on, and nobody is skipped.
func TestPeopleOfAnIncident(t *testing.T) {
	page := actions.IncidentPage{Incident: openIncident(), Offset: 30, Total: 10_030}
	for i := range 10_000 {
		p := person()
		p.ID = fmt.Sprintf("u-%d", i)
		page.People = append(page.People, actions.IncidentPerson{Person: p, At: ago(1), Locked: i%2 == 0})
	}
	message := blocks.IncidentPeople(page)
	fine(t, "many people", message)
	got := buttons(t, message)
	if last := len(got) - 1; last < 15 || got[last] != fmt.Sprintf("incident_people i-1|%d", 30+last) {
		t.Errorf("the last of %d buttons is %q", len(got), got[last])
	}
}

// All who were left out are there with why, each to be diagnosed, and more lead on; with nobody
// left out no button leads there.
func TestPeopleLeftOut(t *testing.T) {
	p := actions.LeftOutPage{Operation: "o-1", Incident: openIncident(), Offset: 15, Total: 33}
	for i := range actions.LockoutPageSize {
		left := actions.LeftOut{Person: person(), Why: fmt.Sprintf("They are protected: reason %d.", i)}
		left.Person.ID = fmt.Sprintf("u-%d", i)
		p.People = append(p.People, left)
	}
	message := blocks.LeftOut(p)
	fine(t, "people left out", message)
	got := buttons(t, message)
	if len(got) != 16 || got[0] != "diagnose u-0" || got[14] != "diagnose u-14" || got[15] != "bulk_left_out o-1|30" {
		t.Errorf("the buttons are %q", got)
	}
	if missing := inOrder(read(t, message), "16 to 30 of 33", "They are protected: reason 0.", "reason 14.", "and 3 more"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, read(t, message))
	}
	all := bulk(actions.OperationDone)
	all.Bulk.LeftOut, all.Bulk.More, all.Bulk.Failed = nil, 0, 0
	if got := buttons(t, blocks.Operation(all)); !slices.Equal(got, []string{"incident_people i-1|0"}) {
		t.Errorf("with nobody left out the buttons are %q", got)
	}
}

// What can't be delivered is said by its name.
func TestDeadLettersForLeads(t *testing.T) {
	for kind, want := range map[actions.OutgoingKind]string{
		actions.OutgoingDigest: "*Daily digest*", actions.OutgoingIncident: "*Card of an incident*", actions.OutgoingHome: "*Home of the app*",
	} {
		text := read(t, blocks.DeadLetters([]actions.DeadLetter{{ID: "1", Kind: kind, To: "C0LEADS", At: now}}))
		if !strings.Contains(text, want) {
			t.Errorf("%s is said as:\n%s", kind, text)
		}
	}
}
