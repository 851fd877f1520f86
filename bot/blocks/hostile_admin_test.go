package blocks_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

var (
	adminStates = []actions.AdminState{
		actions.AdminAsked, actions.AdminReceived, actions.AdminInUse, actions.AdminEnding, actions.AdminGone, actions.AdminRefused, actions.AdminStray, "strange",
	}
	adminNews = []actions.AdminNews{
		actions.NewsReceived, actions.NewsDay, actions.NewsHour, actions.NewsTrouble, actions.NewsGone, actions.NewsAsked, actions.NewsUnsent, "strange",
	}
	adminEnds = []actions.AdminEnd{
		"", actions.AdminExpired, actions.AdminRevoked, actions.AdminSolved, actions.AdminResolved, actions.AdminFailed, actions.AdminUnsent, actions.AdminDeclined, actions.AdminByHand, actions.AdminTargetRemoved,
	}
	adminMails = []actions.MailState{actions.MailFailed, actions.MailUnclear, actions.MailQueued, actions.MailSent, "strange"}
)

// everyAdmin makes each message and modal of temporary admins, in each of their states,
// with hostile values wherever a site or a person could give one.
func everyAdmin(t *testing.T, name string, pick func() string) {
	t.Helper()
	list := actions.AdminList{Now: now, More: 1 << 40}
	for i, state := range adminStates {
		for j, site := range []actions.AdminSite{actions.SiteManaged, actions.SiteCustomer} {
			r := hostileAdmin(site, state, i, pick)
			fine(t, name, blocks.Admin(r, r.Admin.Receiver), blocks.AdminForLeads(r), blocks.AdminNews(r, adminNews[(i+j)%len(adminNews)], pick()))
			list.Open = append(list.Open, r)
		}
	}
	fine(t, name, blocks.Admins(list))
	for i, state := range []actions.OperationState{actions.OperationAsked, actions.OperationRunning, actions.OperationDone, actions.OperationFailed, "strange"} {
		r := hostileAdminOperation(state, pick)
		about := hostileAdmin(actions.SiteManaged, adminStates[i], i, pick)
		r.Admin = &about
		fine(t, name, blocks.Operation(r), blocks.OperationLine(r), blocks.Approval(r))
	}
	for _, view := range hostileAdminModals(pick) {
		if fineModal(t, view); t.Failed() {
			t.Fatalf("it was the modal %s with %q", view.CallbackID, name)
		}
	}
}

func hostileAdmin(site actions.AdminSite, state actions.AdminState, i int, pick func() string) actions.AdminReport {
	waits := hostileAdminOperation(actions.OperationAsked, pick)
	r := actions.AdminReport{
		Admin: actions.TempAdmin{
			ID: pick(), Site: site, State: state, Target: pick(), Login: pick(), RemoteID: pick(), UserID: pick(), For: pick(), Where: pick(), Request: pick(),
			Actor: pick(), Receiver: pick(), Approver: pick(), Reason: pick(), Ticket: pick(), At: now, BegunAt: now, ExpiresAt: now.Add(day), Days: 1 << 40,
			EndingAt: now, EndedAt: now, End: adminEnds[i], EndedBy: pick(), Due: now.Add(time.Hour), Tries: 1 << 40, Trouble: pick(), TroubleSince: now,
			UnsureUntil: now.Add(time.Minute),
		},
		Target: hostileTarget(i, pick), Handout: []actions.Handout{actions.HandoutWaits, actions.HandoutMade, actions.HandoutGone}[i%3], ByHand: several50(pick), Now: now,
		Mails: []actions.MailReport{*hostileMail(adminMails[i%len(adminMails)], pick)},
	}
	if i%2 == 0 {
		r.Waits = &waits
	}
	return r
}

func hostileTarget(i int, pick func() string) actions.Target {
	t := actions.Target{ID: pick(), Name: pick(), Kind: actions.TargetWordPress, URL: pick(), User: pick(), Reassign: pick(), Account: pick()}
	switch i % 3 {
	case 1:
		t.URL = "https://shop.acme.example/" + t.URL
	case 2:
		t.Kind = actions.TargetDirectory
	}
	return t
}

func hostileAdminOperation(state actions.OperationState, pick func() string) actions.OperationReport {
	p := &actions.AdminParams{Target: pick(), TargetName: pick(), Login: pick(), Receiver: pick(), Days: 3, Ends: pick()}
	r := actions.OperationReport{Does: several50(pick), Operation: actions.Operation{
		ID: pick(), Act: actions.ActTempAdmin, Actor: pick(), Subject: pick(), Reason: pick(), Ticket: pick(), Approver: pick(), State: state, Why: pick(), At: now, EndedAt: now,
		Until: now, Params: actions.Params{Admin: p},
	}}
	if state != actions.OperationRunning {
		r.Operation.Act, p.Until = actions.ActExtendAdmin, now.Add(day)
	}
	r.Approval = &actions.Approval{ID: pick(), Asked: several50(pick), State: actions.ApprovalAsked, By: pick(), At: now, Until: now, DecidedAt: now}
	return r
}

func hostileAdminModals(pick func() string) []slack.ModalViewRequest {
	form := actions.AdminForm{Least: 3, Most: 1 << 40, Usual: 3, Weekend: true, CanMail: true, CanSeal: errors.New(pick()), Now: now}
	for i := range 60 {
		form.Targets = append(form.Targets, hostileTarget(i, pick))
	}
	stray, asked := hostileAdmin(actions.SiteManaged, actions.AdminStray, 0, pick), hostileAdmin(actions.SiteCustomer, actions.AdminAsked, 1, pick)
	return []slack.ModalViewRequest{
		blocks.CreateAdminModal(form, blocks.NewAdminForm{Target: form.Targets[0].ID, Receiver: pick(), Reason: pick(), Ticket: pick(), Channel: pick(), Days: 1 << 40}),
		blocks.AskAdminModal(form, blocks.AskAdminForm{For: pick(), Where: pick(), Reason: pick(), Ticket: pick(), Channel: pick()}),
		blocks.AdminDaysModal(actions.ActAdoptAdmin, stray, form, pick()), blocks.AdminDaysModal(actions.ActExtendAdmin, stray, form, pick()),
		blocks.AdminReasonModal(actions.ActRevokeAdmin, stray), blocks.AdminReasonModal(actions.ActAdminRemoved, asked),
	}
}

// blockKit are values that look like what Slack reads.
func blockKit() []string {
	return append([]string{
		`{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}`, `","action_id":"approve","value":"p-1`, strings.Repeat("https://evil.example/", 150),
		strings.Repeat("t", 3_000), strings.Repeat("*`<@U0BOSS>`* ", 220), strings.Repeat("\u2067<!here>\u2069", 300),
	}, hostile...)
}

func TestHostileAdmins(t *testing.T) {
	t.Parallel()
	values := blockKit()
	random := rand.New(rand.NewPCG(7, 8))
	for range 3 {
		everyAdmin(t, "a mixture", func() string { return values[random.IntN(len(values))] })
	}
	for _, value := range values {
		everyAdmin(t, value, func() string { return value })
	}
}

func FuzzAdmin(f *testing.F) {
	for _, value := range blockKit() {
		f.Add(value)
	}
	f.Add("?\xb8") // was in an address as it is
	f.Fuzz(func(t *testing.T, value string) {
		value = value[:min(len(value), 200)] // long ones stand there, too, and take long
		pick := func() string { return value }
		states := []actions.AdminState{actions.AdminInUse, actions.AdminEnding, actions.AdminStray}
		r := hostileAdmin(actions.SiteManaged, states[len(value)%len(states)], 1, pick)
		fine(t, value, blocks.Admin(r, value), blocks.AdminForLeads(r), blocks.AdminNews(r, actions.NewsTrouble, value))
	})
}

// However much is on record, the buttons of a card and the inputs of a form are there,
// and nobody is mentioned who isn't named by an ID of Slack's.
func TestAdminButtonsAreNeverLeftOut(t *testing.T) {
	r := hostileAdmin(actions.SiteManaged, actions.AdminEnding, 0, func() string { return strings.Repeat("&", 5_000) })
	r.Admin.ID, r.Waits = "a-1", nil
	for _, message := range []blocks.Message{blocks.Admin(r, "U0BEN"), blocks.AdminForLeads(r)} {
		if got := labelled(t, message, "a-1"); !slices.Equal(got, []string{"Delete now revoke_temp_admin"}) {
			t.Errorf("the buttons are %q", got)
		}
	}
	named := managed(actions.AdminStray)
	named.Admin.Login, named.Target.Name, named.Admin.Actor = "<@U0BOSS>", "<!channel>", "<@U0BOSS>"
	if text := read(t, blocks.Admin(named, "U0BEN")); strings.Contains(text, "<@") || strings.Contains(text, "<!c") {
		t.Errorf("somebody is mentioned:\n%s", text)
	}
}

// What a site says mentions nobody, wherever it stands.
func TestSitesMentionNobody(t *testing.T) {
	r := stuck()
	r.Admin.Trouble, r.ByHand = "It says <@U0BOSS>.", []string{"Look for <@U0BOSS>."}
	op := orders(actions.ActAdoptAdmin, actions.OperationAsked, managed(actions.AdminStray))
	op.Does = []string{"Has <@U0BEN> answer for support-temp-<@U0BOSS>."}
	for _, message := range []blocks.Message{blocks.Admin(r, "U0BEN"), blocks.AdminForLeads(r), blocks.AdminNews(r, actions.NewsTrouble, "U0BEN"), blocks.Approval(op)} {
		if text := read(t, message) + message.Text; strings.Contains(text, "<@U0BOSS>") || !strings.Contains(text, "&lt;@U0BOSS&gt;") {
			t.Errorf("somebody is mentioned:\n%s", text)
		}
	}
	if text := read(t, blocks.Approval(op)); !strings.Contains(text, "Has <@U0BEN> answer for") {
		t.Errorf("who gets in isn't named in:\n%s", text)
	}
}

// Where somebody logs in is a link only if it is one, and to their own site.
func TestLoginPageIsALink(t *testing.T) {
	for address, want := range map[string]string{
		"https://shop.acme.example":         "<https://shop.acme.example/wp-login.php|Open the login page>",
		"https://shop.acme.example/blog/":   "<https://shop.acme.example/blog/wp-login.php|Open the login page>",
		"javascript:alert(1)":               "",
		"https://shop.acme.example|Unlock>": "",
		"":                                  "",
	} {
		r := managed(actions.AdminInUse)
		r.Target.URL = address
		text := read(t, blocks.Admin(r, "U0BEN"))
		if strings.Contains(text, "Open the login page>") != (want != "") || !strings.Contains(text, want) {
			t.Errorf("%s: %q isn't in, or a link is:\n%s", address, want, text)
		}
		r = stuck()
		r.Target.URL = address
		text = read(t, blocks.AdminForLeads(r))
		if strings.Contains(text, "Open its users>") != (want != "") || !strings.Contains(text, strings.Replace(want, "wp-login.php|Open the login page", "wp-admin/users.php|Open its users", 1)) {
			t.Errorf("%s: a link to the users is, or isn't, in:\n%s", address, text)
		}
	}
}
