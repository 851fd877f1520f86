package actions

import (
	"testing"
	"time"
)

// living is one in use since noon, for some days.
func living(days int, changes ...func(*TempAdmin)) TempAdmin {
	t := TempAdmin{Site: SiteManaged, State: AdminInUse, BegunAt: noon, ExpiresAt: noon.Add(time.Duration(days) * aDay), Days: days}
	for _, change := range changes {
		change(&t)
	}
	return t
}

func toldOf(told AdminTold) func(*TempAdmin) { return func(t *TempAdmin) { t.Told = told } }

// TestNextDue: the reminders that weren't told, and then the end.
func TestNextDue(t *testing.T) {
	for name, row := range map[string]struct {
		admin TempAdmin
		want  time.Time
	}{
		"Day":           {living(3), noon.Add(2 * aDay)},
		"Hour":          {living(3, toldOf(ToldDay)), noon.Add(3*aDay - hour)},
		"End":           {living(3, toldOf(ToldDay|ToldHour)), noon.Add(3 * aDay)},
		"EndAfterBoth":  {living(3, toldOf(ToldHour)), noon.Add(3 * aDay)},
		"OneDay":        {living(1), noon.Add(aDay - hour)},
		"Received":      {living(3, func(t *TempAdmin) { t.State = AdminReceived }), noon.Add(2 * aDay)},
		"NotBegun":      {living(3, func(t *TempAdmin) { t.State = AdminAsked }), time.Time{}},
		"Stray":         {living(3, func(t *TempAdmin) { t.State = AdminStray }), time.Time{}},
		"Gone":          {living(3, func(t *TempAdmin) { t.State = AdminGone }), time.Time{}},
		"TroubleIsNone": {living(3, toldOf(ToldTrouble|ToldLeads)), noon.Add(2 * aDay)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := nextDue(row.admin); !got.Equal(row.want) {
				t.Errorf("it is %s, want %s", got, row.want)
			}
		})
	}
}

// TestLivesUntil: of a new end people hear anew, but not at once.
func TestLivesUntil(t *testing.T) {
	now := noon.Add(2 * aDay)
	for name, row := range map[string]struct {
		until, due time.Time
	}{
		"Days":   {now.Add(3 * aDay), now.Add(2 * aDay)},
		"OneDay": {now.Add(aDay), now.Add(aDay - hour)},
	} {
		t.Run(name, func(t *testing.T) {
			admin := living(3, toldOf(ToldDay|ToldHour|ToldLeads))
			admin.livesUntil(now, row.until)
			if !admin.ExpiresAt.Equal(row.until) || !admin.Due.Equal(row.due) || admin.Told.Has(ToldHour) || !admin.Told.Has(ToldLeads) {
				t.Errorf("it is %+v, want it due at %s", admin, row.due)
			}
		})
	}
}

// TestTaskOf: what was missed isn't made up for, but for the last.
func TestTaskOf(t *testing.T) {
	due := func(admin TempAdmin) TempAdmin {
		if admin.Due.IsZero() {
			admin.Due = noon
		}
		return admin
	}
	ending := func(site AdminSite) TempAdmin {
		return living(1, func(t *TempAdmin) { t.Site, t.State = site, AdminEnding })
	}
	for name, row := range map[string]struct {
		admin TempAdmin
		after time.Duration
		want  adminTask
	}{
		"JustBegun":      {living(3), 0, taskNone},
		"BeforeTheDay":   {living(3), 2*aDay - tick, taskNone},
		"Day":            {living(3), 2 * aDay, taskTellDay},
		"DayTold":        {living(3, toldOf(ToldDay)), 2 * aDay, taskNone},
		"Hour":           {living(3, toldOf(ToldDay)), 3*aDay - hour, taskTellHour},
		"BothMissed":     {living(3), 3*aDay - minute, taskTellHour},
		"AllMissed":      {living(3), 3 * aDay, taskExpire},
		"DaysTooLate":    {living(1), 4 * aDay, taskExpire},
		"SetBack":        {living(1, toldOf(ToldHour)), aDay - 2*hour, taskNone},
		"OneDayHasNoDay": {living(1), minute, taskNone},
		"Managed":        {ending(SiteManaged), 0, taskDelete},
		"Customers":      {ending(SiteCustomer), 0, taskAsk},
		"NotYet":         {living(1, func(t *TempAdmin) { t.Due = noon.Add(tick) }), 0, taskNone},
		"Stray":          {living(1, func(t *TempAdmin) { t.State = AdminStray }), 9 * aDay, taskNone},
		"Asked":          {living(1, func(t *TempAdmin) { t.State = AdminAsked }), 9 * aDay, taskNone},
	} {
		t.Run(name, func(t *testing.T) {
			if got := taskOf(due(row.admin), noon.Add(row.after)); got != row.want {
				t.Errorf("it is %q, want %q", got, row.want)
			}
		})
	}
	if got := taskOf(living(1), noon.Add(2*aDay)); got != taskNone {
		t.Errorf("with no moment it is %q", got)
	}
}

func TestBackOff(t *testing.T) {
	for _, row := range []struct {
		tries       int
		asked, want time.Duration
	}{
		{0, 0, minute}, {1, 0, minute}, {2, 0, 2 * minute}, {3, 0, 4 * minute}, {4, 0, 8 * minute}, {5, 0, 15 * minute},
		{6, 0, 30 * minute}, {7, 0, hour}, {1000, 0, hour},
		{1, 5 * minute, 5 * minute}, {6, minute, 30 * minute}, {1, 3 * hour, hour},
	} {
		if got := backOff(row.tries, row.asked); got != row.want {
			t.Errorf("after %d tries, asked for %s, it is %s, want %s", row.tries, row.asked, got, row.want)
		}
	}
}

func TestTroubleToTell(t *testing.T) {
	for name, row := range map[string]struct {
		told  AdminTold
		since time.Duration
		want  AdminTold
	}{
		"Fresh":      {0, hour - tick, 0},
		"Owner":      {0, hour, ToldTrouble},
		"OwnerTold":  {ToldTrouble, 3 * hour, 0},
		"Leads":      {ToldTrouble, 4 * hour, ToldLeads},
		"Both":       {0, 9 * hour, ToldTrouble | ToldLeads},
		"All":        {ToldTrouble | ToldLeads, 9 * aDay, 0},
		"SetBack":    {0, -hour, 0},
		"WithOthers": {ToldDay | ToldHour, hour, ToldTrouble},
	} {
		t.Run(name, func(t *testing.T) {
			admin := TempAdmin{TroubleSince: noon, Told: row.told}
			if got := troubleToTell(admin, noon.Add(row.since)); got != row.want {
				t.Errorf("it is %b, want %b", got, row.want)
			}
		})
	}
	if got := troubleToTell(TempAdmin{}, noon); got != 0 {
		t.Errorf("without trouble %b is told", got)
	}
}

// TestByHand: the steps name the user, and who gets its content.
func TestByHand(t *testing.T) {
	admin := TempAdmin{Site: SiteManaged, Login: "support-temp-abc"}
	for name, row := range map[string]struct {
		target Target
		want   []string
	}{
		"WordPress": {Target{Kind: TargetWordPress, URL: "https://shop.example/", User: "latchkey", Reassign: "editor"}, []string{
			"Open https://shop.example/wp-admin/users.php",
			"Sign in as latchkey, or as another administrator of the site.",
			"Search for the user support-temp-abc.",
			"Move the mouse over the user's row, and choose Delete.",
			`Choose "Attribute all content to", and there editor.`,
			"Choose Confirm Deletion.",
			"Search once more, and see that support-temp-abc isn't there any more.",
		}},
		"Directory": {Target{Kind: TargetDirectory, Account: "acc-1"}, []string{
			"Open the user administration of your product, as an admin of the account acc-1.",
			"Search for the user support-temp-abc.",
			"Delete the user, and confirm it.",
			"Search once more, and see that support-temp-abc isn't there any more.",
		}},
	} {
		t.Run(name, func(t *testing.T) { wantSame(t, byHand(admin, row.target), row.want) })
	}
	alone := byHand(admin, Target{Kind: TargetWordPress, User: "latchkey"})
	if alone[4] != `Choose "Attribute all content to", and there latchkey.` {
		t.Errorf("without a configured user it says %q", alone[4])
	}
	if got := byHand(TempAdmin{Site: SiteCustomer}, Target{}); got != nil {
		t.Errorf("of the customer's own it says %q", got)
	}
}

// wantSame checks a list.
func wantSame(t testing.TB, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d is %q, want %q", i+1, got[i], want[i])
		}
	}
}
