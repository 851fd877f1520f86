package store_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
	"github.com/latchkey-bot/latchkey/store"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// asking is when the queries are asked.
var asking = time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)

// The most queries that looking somebody up takes, whatever the directory
// holds.
var queryLimits = map[string]int{
	"jane.doe":      19, // one user
	"sam":           4,  // several
	"jnae.doe":      7,  // nobody
	"GW-1":          9,  // an account
	"@acme.example": 9,  // the accounts of a domain
}

// TestQueries holds the number of queries, with little data and with more, and
// that each finds what it reads by an index.
func TestQueries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s, 1)
		few := ask(t, s)
		fill(t, s, 4)
		many := ask(t, s)
		for identifier, limit := range queryLimits {
			if most := max(few[identifier], many[identifier]); most != limit {
				t.Errorf("looking up %s took %d queries, and %d with more data; the most should be %d", identifier, few[identifier], many[identifier], limit)
			}
		}
	})
}

// scan is a plan that reads all of attempts or of another big table.
var scan = regexp.MustCompile(`Seq Scan on (attempts|users|deliveries|codes|audit |hourly_outcomes|secret|case|places|suppressions|temp_admins|targets|memberships)|SCAN (attempts|users|deliveries|codes|audit|hourly_outcomes|secrets|secret_bodies|secret_requests|case_events|case_followers|places|suppressions|targets|memberships)\b|SCAN (cases|temp_admins)$`)

// index is a step that reads an index of attempts: more of it than is needed,
// unless its condition follows and no filter besides.
var index = regexp.MustCompile(`Index (Only )?Scan .* on attempts`)

// ask looks everybody up and returns how many queries each took.
func ask(t *testing.T, s *store.Store) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for identifier := range queryLimits {
		_, asked, err := s.Ask(t.Context(), actions.Query{Identifier: identifier, At: asking})
		if err != nil {
			t.Fatal(err)
		}
		counts[identifier] = len(asked)
		for _, one := range asked {
			checkPlan(t, one)
		}
	}
	return counts
}

// checkPlan fails for a plan that reads a whole table.
func checkPlan(t *testing.T, asked store.Asked) {
	t.Helper()
	for i, step := range asked.Plan {
		next := strings.Join(asked.Plan[i+1:min(i+3, len(asked.Plan))], "\n")
		byIndex := strings.Contains(next, "Index Cond") && !strings.Contains(next, "Filter")
		if scan.MatchString(step) || (index.MatchString(step) && !byIndex) {
			t.Errorf("%s\nasked by\n%.400s\nis planned as\n%s", step, asked.Query, strings.Join(asked.Plan, "\n"))
			return
		}
	}
}

// TestMoreQueries holds the queries that aren't a snapshot's: how many each way
// of reading takes, and by which index. What jobs ask every few seconds is one.
func TestMoreQueries(t *testing.T) {
	type want struct {
		queries int
		index   string // in the last query's plan
	}
	wanted := map[string]want{
		"Watches":       {1, "watches_open"},
		"WatchesOf":     {1, "watches_(once|open)"},
		"Looks":         {1, "audit_actor"},
		"Lease":         {1, "outbox_due"},
		"UsersByID":     {1, "users_pkey|sqlite_autoindex_users_1"},
		"UsersByName":   {1, "users_email_key"},
		"AttemptsSince": {4, "attempts.*(customer|coalesce)"},
		"Tried":         {1, "attempts.*(customer|coalesce)"},

		"Operation":          {1, "operations_pkey|sqlite_autoindex_operations_1"},
		"UnderWay":           {1, "operations_(under_way|subject)"},
		"Abandoned":          {1, "operations_running[^~]*operations_running[^~]*operations_waiting"},
		"OperationsOf":       {1, "operations_subject"},
		"WritingActs":        {1, "operations_actor"},
		"LookedAt":           {1, "audit_looked_at"},
		"ApprovalOf":         {1, "approvals_operation"},
		"OpenApprovals":      {1, "approvals_open"},
		"Held":               {1, "verifications_(held|actor)"},
		"HeldBy":             {1, "verifications_actor"},
		"CountVerifications": {1, "verifications_user"},
		"LinkByID":           {1, "one_time_links_pkey|sqlite_autoindex_one_time_links_1"},
		"MailsOf":            {1, "mails_operation"},
		"MailFor":            {1, "mails_ref"},
		"Brake":              {1, "brakes_pkey|brakes USING PRIMARY KEY"},
		"Changes":            {1, "changes_seq_key|sqlite_autoindex_changes_2"},
		"EmailFree":          {1, "users_email_key[^~]*users_username_key"},
		"Admins":             {1, "memberships_admins"},
		"Applied":            {2, "locks_user"},

		"SecretByID":      {1, "secrets_pkey|sqlite_autoindex_secrets_1"},
		"SecretsBy":       {1, "secrets_actor"},
		"SecretsOver":     {1, "secrets_live"},
		"SecretOf":        {1, "secrets_operation"},
		"MadeSince":       {1, "secrets_actor[^~]*secret_requests_actor"},
		"RequestByID":     {1, "secret_requests_pkey|sqlite_autoindex_secret_requests_1"},
		"RequestsBy":      {1, "secret_requests_actor"},
		"RequestsOver":    {1, "secret_requests_open"},
		"HandoutsOver":    {1, "secret_bodies_pkey|PRIMARY KEY"},
		"SealedByID":      {1, "secret_bodies_pkey|PRIMARY KEY"},
		"SealedBefore":    {2, "secret_bodies_kid"},
		"SealedElsewhere": {1, "secret_bodies_kid[^~]*secret_bodies_kid"},
		"StillNamed":      {1, "secrets_live[^~]*secret_requests_open[^~]*one_time_links_(expires|good)"},
		"KeysKept":        {1, "secret_bodies_pkey|PRIMARY KEY"},

		"CaseByID":          {1, "cases_pkey|sqlite_autoindex_cases_1"},
		"OpenCase":          {1, "cases_key\\b"},
		"EventsOf":          {1, "case_events_pkey|case_events USING PRIMARY KEY"},
		"FollowersOf":       {1, "case_followers_pkey|case_followers USING PRIMARY KEY"},
		"CasesDue":          {1, "cases_due"},
		"CaseList":          {1, "cases_open\\b"},
		"CaseCountMine":     {1, "cases_open\\b[^~]*(case_followers_pkey|PRIMARY KEY)"},
		"CaseListMine":      {1, "cases_open\\b[^~]*(case_followers_pkey|PRIMARY KEY)"},
		"CaseListOwn":       {1, "cases_(open|key)\\b"},
		"CaseListUnclaimed": {1, "cases_open\\b"},
		"CaseListOverdue":   {1, "cases_open\\b"},
		"CaseAt":            {1, "places_case"},
		"ResolvedLately":    {1, "cases_resolved"},
		"OpenedSince":       {1, "cases_opened_by"},
		"EachCase":          {1, "cases_at\\b"},
		"Listed":            {1, "suppressions_address"},
		"EachSuppression":   {1, "suppressions_pkey|sqlite_autoindex_suppressions_1"},
		"Delisted":          {1, "suppressions_address"},
		"Spellings":         {1, "suppressions_address"},

		"AdminByID":         {1, "temp_admins_pkey|sqlite_autoindex_temp_admins_1"},
		"AdminOfRequest":    {1, "temp_admins_request"},
		"AdminAt":           {1, "temp_admins_(login|target)"},
		"AdminsLeased":      {1, "temp_admins_leased"},
		"AdminsLeft":        {1, "temp_admins_(target|login|open|leased)"},
		"AdminsDue":         {1, "temp_admins_due"},
		"AdminList":         {1, "temp_admins_at\\b"},
		"AdminListOpen":     {1, "temp_admins_open"},
		"AdminListStray":    {1, "temp_admins_open"},
		"AdminListTicket":   {1, "temp_admins_ticket"},
		"AdminListTarget":   {1, "temp_admins_(target|login)"},
		"AdminListActor":    {1, "temp_admins_actor[^~]*temp_admins_receiver"},
		"AdminListAll":      {1, "temp_admins_(login|target|ticket|open)"},
		"AdminCount":        {1, "temp_admins_open"},
		"TempAdmins":        {1, "users_username_key[^~]*memberships|memberships[^~]*users_username_key"},
		"TargetByID":        {1, "targets_pkey|sqlite_autoindex_targets_1"},
		"TargetByName":      {1, "targets_name_key_key|sqlite_autoindex_targets_2"},
		"FailedAlike":       {7, "hourly_outcomes"},
		"OpenIncidents":     {1, "incidents_open"},
		"IncidentByID":      {1, "incidents_pkey|sqlite_autoindex_incidents_1"},
		"IncidentsIn":       {1, "incidents_at"},
		"IncidentSpan":      {2, "hourly_outcomes(_pkey| USING PRIMARY KEY)"},
		"IncidentCustomers": {2, "users_username_key[^~]*users_email_key[^~]*users_mobile_key|Hash Join"},
		"IncidentTraces":    {2, "attempts.*(customer|coalesce)"},
		"SharedAccount":     {1, "memberships_(pkey|account)|sqlite_autoindex_memberships_1"},
		"CustomerStates":    {2, "locks_user"},
		"BulkItems":         {1, "bulk_items_(pkey|waiting)|sqlite_autoindex_bulk_items_1"},
		"BulkTally":         {1, "bulk_items_(pkey|waiting)|sqlite_autoindex_bulk_items_1"},
		"NameFree":          {2, "users_email_key[^~]*users_username_key"},
	}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s, 1)
		asked, err := s.AskMore(t.Context(), "jane", "jane@acme.example", "U1", asking)
		if err != nil {
			t.Fatal(err)
		}
		for way, want := range wanted {
			queries := asked[way]
			if len(queries) != want.queries {
				t.Errorf("%s took %d queries, want %d", way, len(queries), want.queries)
			}
			for _, one := range queries {
				checkPlan(t, one)
			}
			plan := strings.Join(queries[len(queries)-1].Plan, "\n")
			if !regexp.MustCompile(want.index).MatchString(plan) {
				t.Errorf("%s doesn't use %s:\n%s", way, want.index, plan)
			}
		}
	})
}

// TestWatchQueries: while nobody tries who is waited for, a check takes two
// queries, however many are, whatever others do, and finds what it reads by an
// index.
func TestWatchQueries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		fill(t, s, 1)
		err := s.Tx(t.Context(), func(tx actions.Tx) error {
			for i := range 20 {
				w := actions.Watch{
					ID: fmt.Sprint("w-", i), UserID: fmt.Sprintf("other-%05d", i), Actor: "U1", State: actions.Watching,
					StartedAt: asking, Until: asking.Add(30 * time.Minute),
				}
				if err := tx.StartWatch(t.Context(), w); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		asked, err := s.AskWatches(t.Context(), asking.Add(time.Minute))
		if err != nil || len(asked) != 2 {
			t.Errorf("it took %d queries, want 2; error: %v", len(asked), err)
		}
		for _, one := range asked {
			checkPlan(t, one)
		}
	})
}

// fill makes a directory with everything that is looked for, and n times as
// much besides.
func fill(t *testing.T, s *store.Store, n int) {
	t.Helper()
	jane := actions.User{ID: "jane", Username: "jane.doe", Status: actions.UserActive, Email: "jane@acme.example", Mobile: "+61 400 000 001"}
	bodies := []any{
		jane, actions.User{ID: "sam-1", Username: "sam"}, actions.User{ID: "sam-2", Username: "sam"},
		actions.Account{ID: "acc", Name: "Acme", GatewayIDs: []string{"GW-1"}},
		actions.Membership{UserID: "jane", AccountID: "acc"}, actions.Membership{UserID: "sam-1", AccountID: "acc"},
	}
	for i := range 20 * n {
		bodies = append(bodies, busy(i)...)
	}
	for i := range 300 * n {
		id := fmt.Sprintf("other-%05d", i)
		bodies = append(bodies, actions.User{ID: id, Username: id, Email: id + "@other.example"},
			actions.Attempt{ID: id, At: asking.Add(-time.Duration(i) * time.Minute), UserID: id, Outcome: actions.WrongPassword, DeviceID: id},
			actions.Attempt{ID: "u" + id, At: asking.Add(-time.Duration(i) * time.Minute), Identifier: "u" + id, Outcome: actions.UnknownUsername})
	}
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		var batch []actions.Record
		for i, body := range bodies {
			batch = append(batch, actions.Record{Body: body, Digest: []byte{1}})
			if i%n > 0 {
				continue
			}
			looked := actions.AuditEntry{At: asking, Act: actions.ActDiagnose, Subject: fmt.Sprint("user-", i), Outcome: actions.ActDone}
			if err := tx.Audit(t.Context(), looked); err != nil {
				return err
			}
		}
		_, err := tx.Put(t.Context(), batch)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	fillCases(t, s, n)
	fillAdmins(t, s, n)
}

// fillAdmins keeps temporary admins, most of them gone.
func fillAdmins(t *testing.T, s *store.Store, n int) {
	t.Helper()
	err := s.Tx(t.Context(), func(tx actions.Tx) error {
		for i := range 20 {
			name := fmt.Sprint("target-", i)
			if err := tx.StartTarget(t.Context(), actions.Target{ID: name, Name: name, At: asking}); err != nil && actions.CodeOf(err) != actions.Conflict {
				return err
			}
		}
		for i := range 300 * n {
			at := asking.Add(-time.Duration(i) * time.Hour)
			a := actions.TempAdmin{
				ID: fmt.Sprintf("%d-%05d", n, i), State: actions.AdminGone, Target: fmt.Sprint("target-", i%20), Login: fmt.Sprintf("%d-%05d", n, i),
				Actor: fmt.Sprint("U", i%30), Receiver: fmt.Sprint("U", i%31), Ticket: fmt.Sprint("#", i%50), Request: fmt.Sprint("r-", n, i), At: at,
			}
			if i%20 == 0 {
				a.State, a.Due = actions.AdminInUse, at
			}
			if err := tx.StartAdmin(t.Context(), a); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// fillCases opens cases and resolves most of them.
func fillCases(t *testing.T, s *store.Store, n int) {
	t.Helper()
	err := s.Cases(t.Context(), func(tx escalation.Tx) error {
		for i := range 300 * n {
			at := asking.Add(-time.Duration(i) * time.Hour)
			c := escalation.Case{
				ID: fmt.Sprintf("%d-%05d", n, i), Kind: escalation.Blocklist, State: escalation.Resolved, Agent: fmt.Sprint("U", i%30),
				Address: fmt.Sprintf("%05d@other.example", i%50), Reason: "It doesn't arrive.", At: at, ChangedAt: at, ResolvedAt: at,
			}
			if i%20 == 0 {
				c.State, c.Address, c.ResolvedAt, c.Due = escalation.Open, c.ID+"@other.example", time.Time{}, at
			}
			if _, err := tx.StartCase(t.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// busy is what happens to Jane in a minute.
func busy(i int) []any {
	id, at := fmt.Sprintf("jane-%05d", i), asking.Add(-time.Duration(i)*time.Minute)
	return []any{
		actions.LoginCode{ID: id, UserID: "jane", SentAt: at.Add(-time.Minute), UsedAt: at},
		actions.Attempt{ID: id, At: at, UserID: "jane", Outcome: []actions.Outcome{actions.WrongPassword, actions.Success}[i%2], DeviceID: fmt.Sprint("d", i%7)},
		actions.Attempt{ID: "near-" + id, At: at, Identifier: fmt.Sprintf("jane.d%c", 'a'+i%20), Outcome: actions.UnknownUsername},
		actions.Delivery{ID: id, Address: "jane@acme.example", At: at},
	}
}
