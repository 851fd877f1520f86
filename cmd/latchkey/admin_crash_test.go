package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// siteWard is a ward that manages a WordPress, which outlives the processes of these
// tests.
type siteWard struct {
	*ward
	site   *wordpressfake.Fake
	target actions.Target
}

// openSiteWard opens one on an empty database.
func openSiteWard(t *testing.T, databaseURL string) *siteWard {
	t.Helper()
	s := &siteWard{ward: openWard(t, databaseURL), site: wordpressfake.New()}
	server := httptest.NewServer(s.site)
	t.Cleanup(server.Close)
	target, err := s.actions.AddTarget(t.Context(), atTerminal(), actions.NewTarget{
		Name: "Acme shop", Kind: actions.TargetWordPress, URL: server.URL, User: wordpressfake.Login, Reassign: wordpressfake.Owner,
		Password: wordpressfake.Password,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.target = target.Target
	return s
}

// adminDays is how long the temporary admins of these tests live.
const adminDays = 3

// asksForAdmin asks for a temporary admin for Ann; a second person has to approve it.
func (s *siteWard) asksForAdmin() (id, approval string) {
	s.t.Helper()
	asked, err := s.actions.CreateAdmin(s.t.Context(), s.as("UANN"), actions.NewAdmin{Target: s.target.Name, Reason: "The cart is empty.", Days: adminDays})
	if err != nil || asked.Approval == nil {
		s.t.Fatalf("got %+v, %v", asked.Operation, err)
	}
	return asked.Operation.Subject, asked.Approval.ID
}

// approves has the lead approve, and expects that it is done.
func (s *siteWard) approves(approval string) {
	s.t.Helper()
	done, err := s.actions.Approve(s.t.Context(), s.as("ULEAD"), approval)
	if err != nil || done.Operation.State != actions.OperationDone {
		s.t.Fatalf("it is %s (%s), %v", done.Operation.State, done.Operation.Why, err)
	}
}

// makesAdmin makes a temporary admin for Ann.
func (s *siteWard) makesAdmin() (id string) {
	s.t.Helper()
	id, approval := s.asksForAdmin()
	s.approves(approval)
	return id
}

// admin is a temporary admin as it is now.
func (s *siteWard) admin(id string) actions.AdminReport {
	s.t.Helper()
	report, err := s.actions.AdminReport(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

// sweeps does twice, once every lease is over, what a server does all the time: the
// second time there is nothing to do.
func (s *siteWard) sweeps() {
	s.t.Helper()
	for range 2 {
		s.pass(5 * time.Minute)
		for _, do := range []func(context.Context) error{s.actions.CarryOn, s.actions.SweepAdmins} {
			if err := do(s.t.Context()); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// wantUsers expects that the site has its own users, and of temporary admins these.
func (s *siteWard) wantUsers(logins ...string) {
	s.t.Helper()
	var own int
	var temporary []string
	for _, u := range s.site.Users() {
		if !strings.HasPrefix(u.Login, actions.AdminPrefix) {
			own++
			continue
		}
		temporary = append(temporary, u.Login)
		if u.Role != "administrator" {
			s.t.Errorf("%s is %q there", u.Login, u.Role)
		}
	}
	if own != 3 || !slices.Equal(temporary, logins) {
		s.t.Errorf("the site has %d users of its own, and %v; want %v", own, temporary, logins)
	}
}

// wantStory expects that the audit tells this of a temporary admin, and nothing twice.
func (s *siteWard) wantStory(id string, acts ...actions.Act) {
	s.t.Helper()
	var story []actions.Act
	err := s.store.AuditRows(s.t.Context(), 0, func(row actions.AuditRow) error {
		if row.Entry.Subject == id {
			story = append(story, row.Entry.Act)
			if row.Entry.Outcome != actions.ActDone {
				s.t.Errorf("%s is %s: %s", row.Entry.Act, row.Entry.Outcome, row.Entry.Detail)
			}
		}
		return nil
	})
	if err != nil || !slices.Equal(story, acts) {
		s.t.Errorf("the audit tells %v, %v; want %v", story, err, acts)
	}
	s.wantAudit()
}

// adminCrash tells a process of this test what to do, and at which step to end.
type adminCrash struct {
	Database, Step, Do string
	Now                time.Time
	ID                 string // of the temporary admin, or of the approval
}

// adminDoings are what such a process can do.
var adminDoings = map[string]func(context.Context, *ward, adminCrash) error{
	"approve": func(ctx context.Context, w *ward, c adminCrash) error {
		_, err := w.actions.Approve(ctx, w.as("ULEAD"), c.ID)
		return err
	},
	"hand_out": func(ctx context.Context, w *ward, c adminCrash) error {
		_, err := w.actions.HandOutAdmin(ctx, w.as("UANN"), c.ID, "Ann")
		return err
	},
	"revoke": func(ctx context.Context, w *ward, c adminCrash) error {
		_, err := w.actions.RevokeAdmin(ctx, w.as("UANN"), c.ID, "It is done.")
		return err
	},
	"sweep": func(ctx context.Context, w *ward, _ adminCrash) error { return w.actions.SweepAdmins(ctx) },
}

// adminEnding is where a process ends: before brings a temporary admin into the state
// and returns what the process is to do, after is what another finds once it carried
// on.
type adminEnding struct {
	before func(*siteWard) (id string, c adminCrash)
	after  func(s *siteWard, id, step string)
}

// adminEndings has what ends at the steps of each act, by what stands before the ":"
// of the step.
var adminEndings = map[string]adminEnding{
	string(actions.ActTempAdmin):   {(*siteWard).beforeMade, (*siteWard).wantMade},
	string(actions.ActExtendAdmin): {(*siteWard).beforeExtended, (*siteWard).wantExtended},
	string(actions.ActAdoptAdmin):  {(*siteWard).beforeAdopted, (*siteWard).wantAdopted},
	"secret_create":                {(*siteWard).beforeHandedOut, (*siteWard).wantHandedOut},
	"temp_admin_end":               {(*siteWard).beforeRevoked, (*siteWard).wantTakenBack},
	"expired":                      {(*siteWard).beforeExpired, (*siteWard).wantTimedOut},
}

// TestAdminsWhenAProcessEnds kills a process at each named step of making, extending,
// adopting, handing out and ending a temporary admin, and has another carry on: the
// site has exactly the users that it should, the secret opens once or never, and the
// audit tells it once. Unless the whole is asked for, each step is taken on one
// database only, in turn.
func TestAdminsWhenAProcessEnds(t *testing.T) {
	t.Parallel()
	if told := os.Getenv(crashVariable); told != "" {
		endAtAdminStep(t, told)
		return
	}
	for i, step := range slices.Concat(actions.Steps(), actions.SecretSteps(), actions.AdminSteps()) {
		name, _, _ := strings.Cut(step, ":")
		e, known := adminEndings[name]
		if !known && slices.Contains(actions.AdminSteps(), step) {
			t.Errorf("no process ends at %s", step)
		}
		if !known {
			continue // it isn't about temporary admins
		}
		elsewhere, also := endsElsewhere(name)
		if !also || inFull() || i%2 == 0 {
			t.Run("sqlite/"+step, func(t *testing.T) { t.Parallel(); e.at(t, storetest.SQLiteURL(t), step) })
		}
		if also && (inFull() || i%2 == 1) {
			t.Run("postgres/"+step, func(t *testing.T) { t.Parallel(); elsewhere.at(t, storetest.PostgresURL(t), step) })
		}
	}
}

// endsElsewhere is what ends at the steps of an act on the other database, too: where
// something on a site is touched. What is revoked on the one is ended by time there.
func endsElsewhere(act string) (e adminEnding, also bool) {
	switch act {
	case string(actions.ActTempAdmin):
		return adminEndings[act], true
	case "temp_admin_end":
		return adminEndings["expired"], true
	default:
		return adminEnding{}, false
	}
}

// at has a process end at the step, and another carry on.
func (e adminEnding) at(t *testing.T, databaseURL, step string) {
	s := openSiteWard(t, databaseURL)
	id, c := e.before(s)
	c.Database, c.Step, c.Now = databaseURL, step, s.clock()
	killAt(t, "TestAdminsWhenAProcessEnds", c)
	s.sweeps()
	e.after(s, id, step)
}

// endAtAdminStep is the process that ends.
func endAtAdminStep(t *testing.T, told string) {
	var c adminCrash
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		t.Fatal(err)
	}
	w := reopenWard(t, c.Database, c.Now)
	w.actions.Reached = func(step string) {
		if step == c.Step {
			endProcess(t)
		}
	}
	t.Fatalf("%s was never reached: %v", c.Step, adminDoings[c.Do](t.Context(), w, c))
}

func (s *siteWard) beforeMade() (string, adminCrash) {
	id, approval := s.asksForAdmin()
	return id, adminCrash{Do: "approve", ID: approval}
}

// wantMade: it was made once, its password opens once and is the site's, and it goes
// with its time.
func (s *siteWard) wantMade(id, _ string) {
	s.t.Helper()
	r := s.admin(id)
	if r.Admin.State != actions.AdminInUse || r.Handout != actions.HandoutWaits || r.Admin.Approver != "ULEAD" {
		s.t.Fatalf("got %+v, %s", r.Admin, r.Handout)
	}
	s.wantUsers(r.Admin.Login)
	s.wantStory(id, actions.ActTempAdmin)
	s.wantHandsOutOnce(id)
	s.wantStory(id, actions.ActTempAdmin, actions.ActAdminSecret)
	s.ends(id, actions.ActTempAdmin, actions.ActAdminSecret)
}

// wantHandsOutOnce: the secret of the password is made once, and opens with what the site
// lets in.
func (s *siteWard) wantHandsOutOnce(id string) {
	s.t.Helper()
	made, err := s.actions.HandOutAdmin(s.t.Context(), s.as("UANN"), id, "Ann")
	if err != nil {
		s.t.Fatal(err)
	}
	if user, found := s.site.User(s.admin(id).Admin.Login); s.opensSecret(made) != user.Password || !found || len(user.Password) < 12 {
		s.t.Errorf("the site has another password of %s", user.Login)
	}
	link := readSecretLink(s.t, made.Link)
	if status, err := s.actions.SecretStatus(s.t.Context(), link.name, link.with(s.t, nil).link); err != nil || status.State != actions.SecretRevealed {
		s.t.Errorf("the secret is %s, %v", status.State, err)
	}
	_, err = s.actions.HandOutAdmin(s.t.Context(), s.as("UANN"), id, "Ann")
	wantCode(s.t, err, actions.Conflict)
}

// ends has its time pass, and expects that it goes, told once.
func (s *siteWard) ends(id string, before ...actions.Act) {
	s.t.Helper()
	s.pass(actions.AdminDaysMost * 24 * time.Hour)
	s.sweeps()
	s.wantGone(id, actions.AdminExpired, append(before, actions.ActAdminEnded, actions.ActAdminGone)...)
}

// wantGone: the site has none, and the record says why.
func (s *siteWard) wantGone(id string, end actions.AdminEnd, story ...actions.Act) {
	s.t.Helper()
	if r := s.admin(id); r.Admin.State != actions.AdminGone || r.Admin.End != end || r.Admin.EndedAt.IsZero() || r.Handout == actions.HandoutWaits {
		s.t.Errorf("it is %+v, %s", r.Admin, r.Handout)
	}
	s.wantUsers()
	s.wantStory(id, story...)
}

func (s *siteWard) beforeExtended() (string, adminCrash) {
	id := s.makesAdmin()
	s.pass(24 * time.Hour)
	asked, err := s.actions.ExtendAdmin(s.t.Context(), s.as("UANN"), id, "It takes longer.", actions.AdminDaysMost)
	if err != nil || asked.Approval == nil {
		s.t.Fatalf("got %+v, %v", asked.Operation, err)
	}
	return id, adminCrash{Do: "approve", ID: asked.Approval.ID}
}

// wantExtended: it ends later, counted from when that was asked for.
func (s *siteWard) wantExtended(id, _ string) {
	s.t.Helper()
	r := s.admin(id)
	if asked := s.clock().Add(-10 * time.Minute); !r.Admin.ExpiresAt.Equal(asked.Add(actions.AdminDaysMost * 24 * time.Hour)) {
		s.t.Errorf("asked at %s it ends at %s", asked, r.Admin.ExpiresAt)
	}
	s.wantUsers(r.Admin.Login)
	s.ends(id, actions.ActTempAdmin, actions.ActExtendAdmin)
}

func (s *siteWard) beforeAdopted() (string, adminCrash) {
	s.site.Add(wordpressfake.User{Login: actions.AdminPrefix + "abcdefghjk", Role: "administrator"})
	if err := s.actions.ReconcileAdmins(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	list, err := s.actions.Admins(s.t.Context(), s.as("UANN"), false, 0)
	if err != nil || len(list.Open) != 1 || list.Open[0].Admin.State != actions.AdminStray {
		s.t.Fatalf("got %+v, %v", list, err)
	}
	id := list.Open[0].Admin.ID
	asked, err := s.actions.AdoptAdmin(s.t.Context(), s.as("UANN"), id, "It is mine.", adminDays)
	if err != nil || asked.Approval == nil {
		s.t.Fatalf("got %+v, %v", asked.Operation, err)
	}
	return id, adminCrash{Do: "approve", ID: asked.Approval.ID}
}

// wantAdopted: Ann answers for it, and it goes with its time.
func (s *siteWard) wantAdopted(id, _ string) {
	s.t.Helper()
	r := s.admin(id)
	if r.Admin.State != actions.AdminInUse || r.Admin.Actor != "UANN" {
		s.t.Errorf("got %+v", r.Admin)
	}
	s.wantUsers(r.Admin.Login)
	s.ends(id, actions.ActAdminFound, actions.ActAdoptAdmin)
}

func (s *siteWard) beforeHandedOut() (string, adminCrash) {
	id := s.makesAdmin()
	return id, adminCrash{Do: "hand_out", ID: id}
}

// wantHandedOut: what wasn't stored didn't happen, and of what was nobody has the link,
// so that it opens never.
func (s *siteWard) wantHandedOut(id, step string) {
	s.t.Helper()
	if strings.HasSuffix(step, ":sealed") {
		s.wantHandsOutOnce(id)
	} else {
		_, err := s.actions.HandOutAdmin(s.t.Context(), s.as("UANN"), id, "Ann")
		wantCode(s.t, err, actions.Conflict)
	}
	s.ends(id, actions.ActTempAdmin, actions.ActAdminSecret)
}

func (s *siteWard) beforeRevoked() (string, adminCrash) {
	id := s.makesAdmin()
	return id, adminCrash{Do: "revoke", ID: id}
}

// wantTakenBack: it is gone, and what was revoked once isn't revoked again.
func (s *siteWard) wantTakenBack(id, _ string) {
	s.t.Helper()
	story := []actions.Act{actions.ActTempAdmin, actions.ActRevokeAdmin, actions.ActAdminGone}
	s.wantGone(id, actions.AdminRevoked, story...)
	if r, err := s.actions.RevokeAdmin(s.t.Context(), s.as("UANN"), id, "It is done."); err != nil || r.Admin.State != actions.AdminGone {
		s.t.Errorf("once more: %+v, %v", r.Admin, err)
	}
	s.wantGone(id, actions.AdminRevoked, story...)
}

func (s *siteWard) beforeExpired() (string, adminCrash) {
	id := s.makesAdmin()
	s.pass(adminDays * 24 * time.Hour)
	return id, adminCrash{Do: "sweep", ID: id}
}

func (s *siteWard) wantTimedOut(id, _ string) {
	s.t.Helper()
	s.wantGone(id, actions.AdminExpired, actions.ActTempAdmin, actions.ActAdminEnded, actions.ActAdminGone)
}
