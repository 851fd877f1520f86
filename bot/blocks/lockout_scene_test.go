package blocks_test

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// melbourne is the team's zone; the golden files need its name only.
var melbourne = time.FixedZone("Australia/Melbourne", 11*3600)

// tuesday are the lockouts of Tuesday, 10 March, as they are told the morning after.
func tuesday() actions.LockoutReport {
	return actions.LockoutReport{
		Asked: actions.Lockouts{Days: actions.Days{First: "2026-03-10", N: 1}},
		From:  time.Date(2026, 3, 10, 0, 0, 0, 0, melbourne), Until: time.Date(2026, 3, 11, 0, 0, 0, 0, melbourne),
		Now: time.Date(2026, 3, 11, 8, 0, 0, 0, melbourne), Zone: melbourne,
		Customers: 12, Usual: 8, LastWeek: 14, Out: 3, Median: 24 * time.Minute, Worst: 6*time.Hour + 12*time.Minute, Right: 5, Wrong: 1, Repeat: 2, Attacked: 1,
		Causes: []actions.CauseCount{
			{Cause: actions.CauseLockedAttempts, Customers: 6, Usual: 3.5}, {Cause: actions.CauseWrongPassword, Customers: 3, Usual: 3},
			{Cause: actions.CausePasswordExpired, Customers: 2, Usual: 4}, {Cause: actions.CauseUnderAttack, Customers: 1, Usual: 0},
		},
		Back: []actions.BackCount{
			{How: actions.BackUnlocked, Customers: 5}, {How: actions.BackReset, Customers: 2}, {How: actions.BackByReset, Customers: 1}, {How: actions.BackAlone, Customers: 1},
		},
		Accounts: []actions.UnusualAccount{{ID: "a-1", Name: "Acme Pty Ltd", Customers: 5, Usual: 0.5}},
		Networks: []actions.UnusualNetwork{
			{Network: netip.MustParsePrefix("203.0.113.0/24"), Customers: 1, Names: 40, Attack: true},
			{Network: netip.MustParsePrefix("198.51.100.0/24"), Customers: 10, In: 9},
		},
		Strangers: 44, Incidents: []actions.Incident{overIncident()},
		Desk:  actions.DeskNumbers{AdminsAlive: 2, AdminsOverdue: 1, AdminsUnconfirmed: 1, Unopened: 1, DeadLetters: 2},
		Audit: actions.AuditHead{Rows: 1_234_567, Head: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
	}
}

// tuesdaysCases are the cases of that day.
func tuesdaysCases() escalation.Numbers {
	return escalation.Numbers{Opened: 4, Resolved: 1, MissedFirst: 1, MissedResolution: 2, Open: 6, Unclaimed: 2, Overdue: 1}
}

// quietDay is a day on which nothing happened.
func quietDay() actions.LockoutReport {
	r := tuesday()
	return actions.LockoutReport{Asked: r.Asked, From: r.From, Until: r.Until, Now: r.Now, Zone: r.Zone, Usual: 8, LastWeek: 14, Audit: r.Audit}
}

// thirtyDays are those of one account, until today.
func thirtyDays() actions.LockoutReport {
	r := tuesday()
	r.Asked = actions.Lockouts{Days: actions.Days{First: "2026-02-10", N: 30}, Account: "a-1"}
	r.AccountName, r.Customers, r.Usual, r.LastWeek = "Acme Pty Ltd", 1, 1, 1
	r.Causes, r.Accounts, r.Networks, r.Strangers, r.Out, r.Repeat, r.Attacked, r.Wrong = r.Causes[3:], nil, nil, 0, 1, 0, 1, 0
	r.Back, r.Median, r.Worst, r.Incidents = nil, 0, 0, nil
	return r
}

// allCauses are those that a lockout may have.
func allCauses() []actions.Cause {
	return []actions.Cause{
		actions.CauseUnderAttack, actions.CauseStaleSavedPassword, actions.CauseCredentialShared, actions.CauseLockedAttempts, actions.CauseLockedInactivity,
		actions.CauseLockedManually, actions.CauseUserDisabled, actions.CauseUserExpired, actions.CausePaymentHold, actions.CauseIPBlocked,
		actions.CausePasswordExpired, actions.CauseWrongLoginMethod, actions.CauseMFAFailed, actions.CauseCodeWrong, actions.CauseCodeExpired,
		actions.CauseCodeSuperseded, actions.CauseNotPublished, actions.CauseUnknownUsername, actions.CauseWrongPassword,
	}
}

// crowded is a report with ten thousand of everything, and each cause.
func crowded() actions.LockoutReport {
	const many = 10_000
	r := tuesday()
	r.Customers, r.Usual, r.LastWeek, r.Out, r.Right, r.Wrong, r.Repeat, r.Attacked, r.Strangers = many, 1_234.56, many/3, many, many, many, many, many, many
	r.Causes, r.Accounts, r.Networks, r.Incidents, r.Back = nil, nil, nil, nil, nil
	for _, cause := range allCauses() {
		r.Causes = append(r.Causes, actions.CauseCount{Cause: cause, Customers: many, Usual: 1_234.56})
	}
	for _, how := range []actions.BackBy{actions.BackUnlocked, actions.BackReset, actions.BackHelped, actions.BackByReset, actions.BackReleased, actions.BackRanOut, actions.BackAlone} {
		r.Back = append(r.Back, actions.BackCount{How: how, Customers: many})
	}
	for i := range many {
		r.Accounts = append(r.Accounts, actions.UnusualAccount{ID: fmt.Sprintf("account-%d", i), Name: fmt.Sprintf("A company with a rather long name, number %d", i), Customers: many, Usual: 17.25})
		r.Networks = append(r.Networks, actions.UnusualNetwork{Network: netip.MustParsePrefix("2001:db8:1234::/48"), Customers: many, Names: many, In: many, Attack: true})
		incident := openIncident()
		incident.ID = fmt.Sprintf("incident-%d", i)
		r.Incidents = append(r.Incidents, incident)
	}
	r.Desk = actions.DeskNumbers{AdminsAlive: many, AdminsOverdue: many, AdminsUnconfirmed: many, AdminsAsked: many, AdminsStray: many, Unopened: many, DeadLetters: many}
	return r
}

func crowdedCases() escalation.Numbers {
	return escalation.Numbers{Opened: 10_000, Resolved: 10_000, MissedFirst: 10_000, MissedResolution: 10_000, Open: 10_000, Unclaimed: 10_000, Overdue: 10_000}
}

// lockout is how long Jane was out.
func lockout() actions.Lockout {
	return actions.Lockout{
		UserID: "u-1", Began: ago(3 * time.Hour), Last: ago(170 * time.Minute), BackAt: ago(156 * time.Minute), How: actions.BackUnlocked,
		Cause: actions.CauseLockedAttempts, Tries: 5, Network: netip.MustParsePrefix("203.0.113.0/24"),
	}
}

// stillOut is how long Sam is.
func stillOut() actions.Lockout {
	o := lockout()
	o.BackAt, o.How, o.Cause, o.Tries = time.Time{}, "", actions.CauseWrongPassword, 1
	return o
}

// sam is somebody else.
func sam() actions.Person {
	return actions.Person{ID: "u-2", Username: "s•••", Email: "s•••@o•••.example", Status: actions.UserDisabled}
}

// listPage is a part of a list, of which more follows.
func listPage(list actions.LockoutList, total int, lines ...actions.LockoutLine) actions.LockoutPage {
	return actions.LockoutPage{Asked: tuesday().Asked, List: list, Total: total, Lines: lines, Now: now, Zone: melbourne}
}

// twoPeople are lines of Jane, who is in again, and Sam, who isn't.
func twoPeople() []actions.LockoutLine {
	jane, other := person(), sam()
	return []actions.LockoutLine{{Person: &jane, Lockouts: 3, Lockout: lockout()}, {Person: &other, Lockouts: 1, Lockout: stillOut()}}
}

// triedNames are lines of names that nobody has.
func triedNames() []actions.LockoutLine {
	network := netip.MustParsePrefix("203.0.113.0/24")
	return []actions.LockoutLine{
		{Name: &actions.TriedName{Name: "j•••@a•••.example", Failures: actions.AttemptLimit, At: ago(time.Hour), Network: network, Networks: 3}},
		{Name: &actions.TriedName{Name: "r•••", Failures: 1, At: ago(2 * time.Hour), Network: network, Networks: 1}},
		{Name: &actions.TriedName{Failures: 1, At: ago(2 * time.Hour), Networks: 1}},
	}
}

// openIncident is an incident that lasts.
func openIncident() actions.Incident {
	return actions.Incident{
		ID: "i-1", Outcome: actions.WrongPassword, At: ago(47 * time.Minute), SeenAt: ago(time.Minute), Customers: 40, Peak: 36, Usual: 2.4,
		Shares: []actions.Share{
			{Kind: actions.ShareNetwork, What: "203.0.113.0/24", Customers: 40}, {Kind: actions.ShareAccount, What: "Acme Pty Ltd", ID: "a-1", Customers: 38},
			{Kind: actions.ShareVPN, What: "VPN", Customers: 33},
		},
	}
}

// overIncident is one that is over.
func overIncident() actions.Incident {
	i := openIncident()
	i.ID, i.At, i.SeenAt, i.EndedAt = "i-0", ago(96*time.Hour), ago(95*time.Hour-10*time.Minute), ago(94*time.Hour)
	return i
}

// incident is what leads see of one.
func incident() actions.IncidentReport {
	return actions.IncidentReport{Incident: openIncident(), People: []actions.Person{person(), sam()}, More: 38, Locked: 34, Now: now, Zone: melbourne}
}

// bulk is the bulk unlock of the incident in a state.
func bulk(state actions.OperationState) actions.OperationReport {
	r := operation(actions.ActBulkUnlock, state)
	r.Person, r.Does = actions.Person{}, []string{"34 customers are looked at once more, and who still is locked is unlocked.", "Leaves out who is protected, under attack or taken over, and names them."}
	r.Operation.Subject, r.Operation.Reason, r.Operation.Actor, r.Operation.Ticket = "i-1", "the login page was broken until 09:40", "U0LEA", ""
	r.Approval = &actions.Approval{ID: "p-1", Operation: "o-1", Asked: []string{"U0BOB"}, State: actions.ApprovalAsked, At: now, Until: now.Add(30 * time.Minute)}
	r.Bulk = &actions.BulkReport{Incident: openIncident(), Total: 34}
	if state == actions.OperationAsked {
		return r
	}
	r.Approval.State, r.Approval.By, r.Approval.DecidedAt, r.Operation.Approver = actions.ApprovalGiven, "U0BOB", now, "U0BOB"
	r.Bulk.Done, r.Bulk.LeftOut = 20, []actions.LeftOut{{Person: person(), Why: "Protected: nothing is done to them without a second person of their own."}}
	if state.Final() {
		r.Bulk.Done, r.Bulk.Failed, r.Bulk.More = 30, 1, 2
		r.Bulk.LeftOut = append(r.Bulk.LeftOut, actions.LeftOut{Person: sam(), Why: "The directory didn't answer."})
	}
	return r
}
