package blocks_test

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// everyLockout makes each message and modal of lockouts, incidents and Home, with hostile
// values wherever a record or a person could give one.
func everyLockout(t *testing.T, name string, pick func() string) {
	t.Helper()
	r := hostileReport(pick)
	d := escalation.Numbers{Opened: 1 << 40, Resolved: 1 << 40, MissedFirst: 1 << 40, MissedResolution: 1 << 40, Open: 1 << 40, Unclaimed: 1 << 40, Overdue: 1 << 40}
	alone := r
	alone.Asked.Account = ""
	quiet := actions.LockoutReport{Asked: r.Asked, AccountName: pick(), Fresh: r.Fresh, Audit: r.Audit, Now: now}
	fine(t, name, blocks.Lockouts(r, d, true), blocks.Lockouts(alone, d, false), blocks.Lockouts(quiet, escalation.Numbers{}, true))
	for _, list := range []actions.LockoutList{actions.ListCustomers, actions.ListRight, actions.LockoutList(pick()), actions.ListCause + actions.LockoutList(pick())} {
		fine(t, name, blocks.LockoutList(hostilePage(list, pick)))
	}
	for i, state := range []actions.OperationState{actions.OperationAsked, actions.OperationRunning, actions.OperationDone, actions.OperationFailed, "strange"} {
		op := hostileBulk(state, pick)
		report := actions.IncidentReport{Incident: hostileIncident(pick), People: people(12, pick), More: 1 << 40, Locked: 1 << 40, Now: now}
		if i > 0 {
			report.Unlock = &op
		}
		fine(t, name, blocks.Operation(op), blocks.OperationLine(op), blocks.Approval(op), blocks.Incident(report))
		if fineModal(t, blocks.BulkUnlockModal(report)); t.Failed() {
			t.Fatalf("it was the modal with %q", name)
		}
	}
	page := actions.IncidentPage{Incident: hostileIncident(pick), Total: 1 << 40}
	for _, p := range people(16, pick) {
		page.People = append(page.People, actions.IncidentPerson{Person: p, At: now, In: true})
	}
	left := actions.LeftOutPage{Operation: pick(), Incident: hostileIncident(pick), Offset: 1 << 40, Total: 1 << 41}
	for _, p := range people(16, pick) {
		left.People = append(left.People, actions.LeftOut{Person: p, Why: pick()})
	}
	among := hostileUser(pick)
	among.Facts.Incident = &actions.IncidentFact{ID: pick(), Outcome: actions.Outcome(pick()), Since: now, Customers: 1 << 40}
	fine(t, name, blocks.IncidentPeople(page), blocks.LeftOut(left), blocks.Diagnosis(among, reader), blocks.Shared(among, pick()), blocks.TicketNote(among))
	view := hostileHome(r, d, pick)
	fine(t, name,
		blocks.HomeList(actions.HomePage{Part: actions.HomeApprovals, Total: 1 << 40, Approvals: view.Approvals, Now: now}, map[string]string{}),
		blocks.HomeList(actions.HomePage{Part: actions.HomeVerified, Offset: 1 << 40, Total: 1 << 41, Verified: view.Verified, Now: now}, nil),
		blocks.HomeList(actions.HomePage{Part: actions.HomePart(pick()), Total: 12, Watches: view.Watches, Zone: melbourne}, nil))
	home := atHome(view)
	withinBlocks(t, home, 100)
	if nothingLinked(t, home); t.Failed() {
		t.Fatalf("it was Home with %q", name)
	}
}

func hostileReport(pick func() string) actions.LockoutReport {
	r := tuesday()
	r.Asked, r.AccountName = actions.Lockouts{Days: actions.Days{First: pick(), N: 1 << 40}, Account: pick()}, pick()
	r.Fresh, r.Audit, r.Now = actions.Freshness{Stale: true, Text: pick()}, actions.AuditHead{Rows: 1 << 60, Head: pick()}, now
	r.Usual, r.Median, r.Worst, r.LastWeek = 1e9, 1<<62, 1<<62, 1<<40
	r.Causes, r.Back, r.Accounts, r.Networks, r.Incidents = nil, nil, nil, nil, nil
	for range 12 {
		r.Causes = append(r.Causes, actions.CauseCount{Cause: actions.Cause(pick()), Customers: 1 << 40, Usual: 1e9})
		r.Back = append(r.Back, actions.BackCount{How: actions.BackBy(pick()), Customers: 1 << 40})
		r.Accounts = append(r.Accounts, actions.UnusualAccount{ID: pick(), Name: pick(), Customers: 1 << 40, Usual: 1e9})
		r.Networks = append(r.Networks, actions.UnusualNetwork{Network: netip.Prefix{}, Customers: 1 << 40, Names: 1 << 40, In: 1 << 40})
		r.Incidents = append(r.Incidents, hostileIncident(pick))
	}
	return r
}

func hostileIncident(pick func() string) actions.Incident {
	i := actions.Incident{ID: pick(), Outcome: actions.Outcome(pick()), At: now, SeenAt: now.Add(time.Hour), Customers: 1 << 40, Peak: 1 << 40, Usual: 1e9}
	for _, kind := range []actions.ShareKind{actions.ShareNetwork, actions.ShareAccount, actions.ShareClient, actions.ShareCountry, actions.ShareVPN, actions.ShareKind(pick())} {
		i.Shares = append(i.Shares, actions.Share{Kind: kind, What: pick(), ID: pick(), Customers: 1 << 39})
	}
	return i
}

func hostilePage(list actions.LockoutList, pick func() string) actions.LockoutPage {
	p := actions.LockoutPage{Asked: actions.Lockouts{Days: actions.Days{First: pick(), N: 1}, Account: pick()}, List: list, Offset: 1 << 40, Total: 1 << 41, Now: now}
	for i, one := range people(16, pick) {
		w, s := hostileWatch(actions.WatchIn, pick).Watch, hostileSecret(actions.SecretExpired, "", pick)
		incident := hostileIncident(pick)
		w.Judgement = actions.Judgement(pick())
		lockout := actions.Lockout{Began: now, BackAt: now, How: actions.BackBy(pick()), Cause: actions.Cause(pick()), Tries: 1 << 40}
		line := []actions.LockoutLine{
			{Person: &one, Lockouts: 1 << 40, Lockout: lockout}, {Person: &one, Judged: &w}, {Judged: &w},
			{Account: &actions.UnusualAccount{ID: pick(), Name: pick()}}, {Network: &actions.UnusualNetwork{}}, {Secret: &s}, {},
			{Name: &actions.TriedName{Name: pick(), Failures: 1 << 40, Networks: 1 << 40}}, {Incident: &incident},
		}[i%9]
		p.Lines = append(p.Lines, line)
	}
	return p
}

func hostileBulk(state actions.OperationState, pick func() string) actions.OperationReport {
	r := hostileOperation(state, actions.ApprovalAsked, pick)
	r.Person, r.Operation.Act = actions.Person{}, actions.ActBulkUnlock
	r.Bulk = &actions.BulkReport{Incident: hostileIncident(pick), Total: 1 << 41, Done: 1 << 40, Failed: 3, More: 1 << 39}
	for _, p := range people(25, pick) {
		r.Bulk.LeftOut = append(r.Bulk.LeftOut, actions.LeftOut{Person: p, Why: pick()})
	}
	return r
}

func hostileHome(r actions.LockoutReport, d escalation.Numbers, pick func() string) blocks.HomeView {
	h := blocks.HomeView{
		Viewer: actions.RolesOf(actions.RoleAdmin), Zone: melbourne, Now: now, MoreSecrets: 1 << 40, MoreApprovals: 1 << 40, Today: &r, Desk: d, Incidents: r.Incidents,
		Looks: hostileLooks(12, pick), Links: map[string]string{}, Help: help(), Admins: actions.AdminList{More: 1 << 40},
	}
	for i := range 12 {
		c := hostileCase(escalation.Claimed, escalation.Blocklist, pick).Case
		if i%2 == 0 {
			c.Resolution.EndsAt = ago(time.Hour)
		}
		h.Cases.Cases, h.Links[c.ID] = append(h.Cases.Cases, c), pick()
		h.Secrets = append(h.Secrets, hostileSecret(actions.SecretLive, actions.MailFailed, pick))
		h.Requests = append(h.Requests, hostileRequest(requestStates[i%len(requestStates)], "", pick))
		h.Admins.Open = append(h.Admins.Open, hostileAdmin(actions.SiteManaged, adminStates[i%len(adminStates)], i%len(adminEnds), pick))
		h.Approvals = append(h.Approvals, hostileOperation(actions.OperationAsked, actions.ApprovalAsked, pick), hostileBulk(actions.OperationAsked, pick))
		h.Verified = append(h.Verified, actions.VerificationReport{Person: people(1, pick)[0], To: pick(), Verification: actions.Verification{
			State: actions.VerificationHolds, Via: actions.Channel(pick()), Ticket: pick(), HeldAt: now,
		}})
		h.Watches = append(h.Watches, hostileWatch(actions.Watching, pick))
	}
	h.Queue = &escalation.Part{Cases: h.Cases.Cases, More: 1 << 40}
	return h
}

func TestHostileLockouts(t *testing.T) {
	t.Parallel()
	values := blockKit()
	random := rand.New(rand.NewPCG(9, 10))
	for range 3 {
		everyLockout(t, "a mixture", func() string { return values[random.IntN(len(values))] })
	}
	for _, value := range values {
		everyLockout(t, value, func() string { return value })
	}
}

// FuzzLockouts: whatever a record says, it is shown as text.
func FuzzLockouts(f *testing.F) {
	for _, value := range blockKit() {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		// One of them for each value, and none for long ones, since drawing takes long.
		value = value[:min(len(value), 40)]
		pick := func() string { return value }
		switch len(value) % 8 {
		case 0:
			fine(t, value, blocks.Lockouts(hostileReport(pick), escalation.Numbers{}, true))
		case 1, 2:
			page := hostilePage(actions.ListOut, pick)
			page.Lines = page.Lines[:min(len(page.Lines), 3)]
			fine(t, value, blocks.LockoutList(page))
		default:
			fine(t, value, blocks.Incident(actions.IncidentReport{Incident: hostileIncident(pick), People: people(2, pick), Locked: 2, Now: now}))
		}
	})
}

// However hostile the names, the end of the audit is there, and so are the buttons of Home.
func TestDigestKeepsTheAudit(t *testing.T) {
	for _, value := range blockKit() {
		r := hostileReport(func() string { return value })
		r.Asked, r.Audit.Head = tuesday().Asked, strings.Repeat("ab", 32)
		if text := read(t, blocks.Lockouts(r, crowdedCases(), true)); !strings.Contains(text, "`"+r.Audit.Head+"`") {
			t.Fatalf("with %.40q the audit isn't in:\n%s", value, text)
		}
	}
}
