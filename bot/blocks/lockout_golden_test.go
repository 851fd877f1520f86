package blocks_test

import (
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

func TestGoldenOfLockouts(t *testing.T) {
	today := tuesday()
	today.Now = today.Until.Add(-6 * time.Hour)
	week := tuesday()
	week.Asked.Days = actions.Days{First: "2026-03-04", N: 7}
	old := quietDay()
	old.Fresh = actions.Freshness{Stale: true, Text: "The newest record is 9 hours old: what happened since isn't in here."}
	first := tuesday()
	first.Usual, first.LastWeek, first.Causes = -1, -1, []actions.CauseCount{{Cause: actions.CauseLockedAttempts, Customers: 12, Usual: -1}}
	calm := quietDay()
	calm.Desk.AdminsAlive = 1
	incidents := []actions.Incident{openIncident(), overIncident()}
	for name, message := range map[string]blocks.Message{
		"lockouts_digest":        blocks.Lockouts(tuesday(), tuesdaysCases(), true),
		"lockouts_today":         blocks.Lockouts(today, tuesdaysCases(), false),
		"lockouts_week":          blocks.Lockouts(week, tuesdaysCases(), false),
		"lockouts_account":       blocks.Lockouts(thirtyDays(), tuesdaysCases(), false),
		"lockouts_first":         blocks.Lockouts(first, escalation.Numbers{}, true),
		"lockouts_calm":          blocks.Lockouts(calm, escalation.Numbers{}, true),
		"lockouts_quiet":         blocks.Lockouts(quietDay(), escalation.Numbers{}, true),
		"lockouts_quiet_old":     blocks.Lockouts(old, escalation.Numbers{}, true),
		"lockouts_empty":         blocks.Lockouts(actions.LockoutReport{}, escalation.Numbers{}, true),
		"lockouts_full":          blocks.Lockouts(crowded(), crowdedCases(), true),
		"lockout_list":           blocks.LockoutList(listPage(actions.ListCustomers, 240, twoPeople()...)),
		"lockout_list_cause":     blocks.LockoutList(listPage(actions.ListCause+"locked_attempts", 2, twoPeople()...)),
		"lockout_list_none":      blocks.LockoutList(listPage(actions.ListOut, 0)),
		"lockout_list_judged":    blocks.LockoutList(judgedPage()),
		"lockout_list_accounts":  blocks.LockoutList(listPage(actions.ListAccounts, 1, actions.LockoutLine{Account: &tuesday().Accounts[0]})),
		"lockout_list_networks":  blocks.LockoutList(listPage(actions.ListNetworks, 2, actions.LockoutLine{Network: &tuesday().Networks[0]}, actions.LockoutLine{Network: &tuesday().Networks[1]})),
		"lockout_list_names":     blocks.LockoutList(listPage(actions.ListNames, 17, triedNames()...)),
		"lockout_list_incidents": blocks.LockoutList(listPage(actions.ListIncidents, 2, actions.LockoutLine{Incident: &incidents[0]}, actions.LockoutLine{Incident: &incidents[1]})),
		"lockout_list_unopened":  blocks.LockoutList(unopenedPage()),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

// judgedPage is a list of diagnoses that were wrong.
func judgedPage() actions.LockoutPage {
	jane, w := person(), judgedWatch(actions.JudgedWrong).Watch
	return listPage(actions.ListWrong, 1, actions.LockoutLine{Person: &jane, Judged: &w})
}

// unopenedPage is a list of secrets that ran out.
func unopenedPage() actions.LockoutPage {
	s := secret(actions.SecretExpired)
	return listPage(actions.ListUnopened, 1, actions.LockoutLine{Secret: &s})
}

func TestGoldenOfIncidents(t *testing.T) {
	over := incident()
	over.Incident, over.Locked = overIncident(), 0
	unlocking, unlocked := incident(), incident()
	asked, running, done := bulk(actions.OperationAsked), bulk(actions.OperationRunning), bulk(actions.OperationDone)
	unlocking.Unlock, unlocked.Unlock, unlocked.Locked = &running, &done, 4
	alone := actions.IncidentReport{Incident: actions.Incident{ID: "i-1", Outcome: actions.LockedOut, At: ago(time.Hour), Customers: 1, Peak: 1}, Now: now}
	people := actions.IncidentPage{Incident: openIncident(), Total: 40, Now: now, People: []actions.IncidentPerson{
		{Person: person(), At: ago(time.Minute), Locked: true}, {Person: sam(), At: ago(2 * time.Minute), In: true}, {Person: sam(), At: ago(3 * time.Minute)},
	}}
	left := actions.LeftOutPage{Operation: "o-1", Incident: openIncident(), Total: 17, People: []actions.LeftOut{
		{Person: person(), Why: "They are protected: unlock them one by one, with a second person."}, {Person: actions.Person{ID: "u-9"}, Why: "<@U0BOB> is unlocking them already."},
		{Person: sam()},
	}}
	among := locked()
	among.Facts.Incident = &actions.IncidentFact{ID: "i-1", Outcome: actions.WrongPassword, Since: ago(47 * time.Minute), Customers: 40}
	for name, message := range map[string]blocks.Message{
		"incident":              blocks.Incident(incident()),
		"incident_over":         blocks.Incident(over),
		"incident_unlocking":    blocks.Incident(unlocking),
		"incident_unlocked":     blocks.Incident(unlocked),
		"incident_alone":        blocks.Incident(alone),
		"incident_people":       blocks.IncidentPeople(people),
		"incident_people_none":  blocks.IncidentPeople(actions.IncidentPage{Incident: openIncident(), Offset: 40, Total: 40}),
		"bulk_left_out":         blocks.LeftOut(left),
		"bulk_left_out_none":    blocks.LeftOut(actions.LeftOutPage{Operation: "o-1", Incident: openIncident(), Offset: 17, Total: 17}),
		"incident_diagnosis":    blocks.Diagnosis(among, reader),
		"incident_shared":       blocks.Shared(again(among), "U0AGENT"),
		"incident_ticket_note":  blocks.TicketNote(again(among)),
		"bulk_asked":            blocks.Operation(asked),
		"bulk_running":          blocks.Operation(running),
		"bulk_done":             blocks.Operation(done),
		"bulk_failed":           blocks.Operation(bulk(actions.OperationFailed)),
		"bulk_line":             blocks.OperationLine(running),
		"bulk_approval":         blocks.Approval(asked),
		"bulk_approval_decided": blocks.Approval(done),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfShifts(t *testing.T) {
	for name, shift := range map[string]escalation.Shift{
		"shift_handed": {To: "U0BEN", Moved: 6, Left: []escalation.Case{escalated(escalation.Claimed).Case}, More: true}, "shift_handed_none": {To: "U0BEN"},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, blocks.ShiftHanded(shift)) })
	}
}

func TestGoldenOfLeadsModals(t *testing.T) {
	none := incident()
	none.Locked = 0
	for name, view := range map[string]slack.ModalViewRequest{
		"modal_bulk_unlock":      blocks.BulkUnlockModal(incident()),
		"modal_bulk_unlock_none": blocks.BulkUnlockModal(none),
		"modal_hand_shift":       blocks.HandShiftModal(7),
		"modal_hand_shift_one":   blocks.HandShiftModal(1),
		"modal_hand_shift_none":  blocks.HandShiftModal(0),
	} {
		t.Run(name, func(t *testing.T) {
			goldenJSON(t, name, view)
			fineModal(t, view)
		})
	}
}
