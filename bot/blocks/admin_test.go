package blocks_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// The buttons of a card follow its state, and only who gets in hands out the password.
func TestAdminButtons(t *testing.T) {
	made := managed(actions.AdminInUse)
	made.Handout = actions.HandoutMade
	for name, row := range map[string]struct {
		report actions.AdminReport
		viewer string
		want   []string
	}{
		"Asked":             {waiting(actions.ActTempAdmin, actions.AdminAsked), "U0AGENT", []string{"Withdraw revoke_temp_admin"}},
		"BeingMade":         {managed(actions.AdminAsked), "U0AGENT", []string{"Withdraw revoke_temp_admin"}},
		"InUse":             {managed(actions.AdminInUse), "U0AGENT", []string{"Extend extend_temp_admin", "Revoke revoke_temp_admin"}},
		"GetsIn":            {managed(actions.AdminInUse), "U0BEN", []string{"Create one-time secret temp_admin_secret", "Extend extend_temp_admin", "Revoke revoke_temp_admin"}},
		"HandedOut":         {made, "U0BEN", []string{"Extend extend_temp_admin", "Revoke revoke_temp_admin"}},
		"ToBeExtended":      {waiting(actions.ActExtendAdmin, actions.AdminInUse), "U0AGENT", []string{"Revoke revoke_temp_admin"}},
		"Ending":            {managed(actions.AdminEnding), "U0AGENT", nil},
		"Trouble":           {stuck(), "U0AGENT", []string{"Delete now revoke_temp_admin"}},
		"Gone":              {managed(actions.AdminGone), "U0AGENT", nil},
		"Refused":           {managed(actions.AdminRefused), "U0AGENT", nil},
		"Stray":             {managed(actions.AdminStray), "U0AGENT", []string{"Adopt adopt_temp_admin", "Delete now revoke_temp_admin"}},
		"ToBeAdopted":       {waiting(actions.ActAdoptAdmin, actions.AdminStray), "U0AGENT", []string{"Delete now revoke_temp_admin"}},
		"CustomersAsked":    {customers(actions.AdminAsked), "U0AGENT", []string{"Withdraw revoke_temp_admin"}},
		"CustomersReceived": {customers(actions.AdminReceived), "U0AGENT", []string{"Ask to delete it revoke_temp_admin"}},
		"CustomersInUse":    {customers(actions.AdminInUse), "U0AGENT", []string{"Ask to delete it revoke_temp_admin"}},
		"CustomersEnding":   {customers(actions.AdminEnding), "U0AGENT", []string{"Mark as deleted temp_admin_removed"}},
		"CustomersGone":     {customers(actions.AdminGone), "U0AGENT", nil},
		"CustomersRefused":  {customers(actions.AdminRefused), "U0AGENT", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := labelled(t, blocks.Admin(row.report, row.viewer), row.report.Admin.ID); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

// labelled are a message's buttons, each as it says and what it does; their value is
// the ID of a record and nothing else.
func labelled(t *testing.T, m blocks.Message, id string) []string {
	t.Helper()
	var found []string
	all, _ := sent(t, m)
	for _, block := range all {
		for _, element := range block.list("elements") {
			if element.is("button") {
				found = append(found, element.object("text").string("text")+" "+element.string("action_id"))
				if element.string("value") != id {
					t.Errorf("a button carries %q", element.string("value"))
				}
			}
		}
	}
	return found
}

// What deletes something asks first; what can be tried again, or only asks, doesn't.
func TestEndingAnAdminAsksFirst(t *testing.T) {
	for name, row := range map[string]struct {
		report actions.AdminReport
		want   string
	}{
		"InUse":     {managed(actions.AdminInUse), "danger: It is deleted on the site at once, and whoever works with it is out."},
		"Stray":     {managed(actions.AdminStray), "danger: It is deleted on the site at once, whoever made it."},
		"Asked":     {managed(actions.AdminAsked), "danger: Nothing is made then"},
		"Customers": {customers(actions.AdminAsked), "danger: The link in the customer's mail ends"},
	} {
		if asked := questions(t, blocks.Admin(row.report, "U0BEN")); len(asked) != 1 || !strings.HasPrefix(asked["revoke_temp_admin"], row.want) {
			t.Errorf("%s: asked are %q", name, asked)
		}
	}
	for _, report := range []actions.AdminReport{stuck(), customers(actions.AdminInUse), customers(actions.AdminEnding)} {
		if asked := questions(t, blocks.Admin(report, "U0AGENT")); len(asked) != 0 {
			t.Errorf("%s: asked are %q", report.Admin.State, asked)
		}
	}
}

// A card says why one ended, whoever or whatever ended it.
func TestAdminSaysWhyItEnded(t *testing.T) {
	for end, want := range map[actions.AdminEnd]string{
		actions.AdminExpired: "Its time was over <!date^", actions.AdminRevoked: "<@U0LEA> revoked it <!date^", actions.AdminSolved: "Ticket #4711 was solved",
		actions.AdminResolved: "The case of ticket #4711 was resolved", actions.AdminFailed: "couldn't be made as it should", actions.AdminUnsent: "No login came.",
		actions.AdminDeclined: "wasn't approved, or was taken back", actions.AdminByHand: "Somebody deleted it by hand.", "strange": "has no such user any more",
	} {
		r := managed(actions.AdminGone)
		r.Admin.End, r.Admin.EndedBy = end, "U0LEA"
		if text := read(t, blocks.Admin(r, "U0AGENT")); !strings.Contains(text, want) || !strings.HasPrefix(text, "*Gone:*") {
			t.Errorf("%s: %q isn't in:\n%s", end, want, text)
		}
	}
}

// One whose target was removed isn't said to be gone: nobody asked, and somebody must look.
func TestAdminWhoseTargetWasRemoved(t *testing.T) {
	r := managed(actions.AdminGone)
	r.Target, r.Admin.End, r.Admin.Where = actions.Target{}, actions.AdminTargetRemoved, "Acme shop, https://shop.example"
	for _, m := range []blocks.Message{blocks.Admin(r, "U0AGENT"), blocks.AdminForLeads(r), blocks.AdminNews(r, actions.NewsGone, "U0AGENT")} {
		text := read(t, m)
		if !strings.Contains(text, "please delete it there by hand") || strings.Contains(text, "was asked") || strings.Contains(text, "Gone") {
			t.Errorf("it says:\n%s", text)
		}
	}
	if text := read(t, blocks.Admin(r, "U0AGENT")); !strings.Contains(text, "Acme shop, https://shop.example") {
		t.Errorf("it doesn't say where:\n%s", text)
	}
}

// Until the site says that one is gone, no card says so.
func TestAdminIsNeverGoneTooEarly(t *testing.T) {
	unsure := managed(actions.AdminEnding)
	unsure.Admin.UnsureUntil = now.Add(time.Minute)
	for _, r := range []actions.AdminReport{managed(actions.AdminEnding), stuck(), unsure, customers(actions.AdminEnding)} {
		for _, m := range []blocks.Message{blocks.Admin(r, "U0BEN"), blocks.AdminForLeads(r), blocks.AdminNews(r, actions.NewsGone, "U0BEN")} {
			if strings.Contains(m.Text, "Gone:") || strings.Contains(m.Text, "no such user any more") {
				t.Errorf("it is said to be gone: %s", m.Text)
			}
		}
	}
}

// What can't be deleted comes with the exact steps to do it by hand, in order, on the
// card, in the news and for the leads, and as it is heard, too.
func TestTroubleComesWithSteps(t *testing.T) {
	for name, message := range map[string]blocks.Message{
		"Card": blocks.Admin(stuck(), "U0AGENT"), "News": blocks.AdminNews(stuck(), actions.NewsTrouble, "U0AGENT"), "Leads": blocks.AdminForLeads(stuck()),
	} {
		missing := inOrder(read(t, message), "*It can't be deleted* since <!date^", "tried 7 times", "its application password isn't valid any more",
			"*To delete it by hand*\n1. Log in at", "\n2. Open Users", "\n3. Press Delete", "Then press *Delete now*")
		if missing != "" {
			t.Errorf("%s: %q isn't there, or not in its place, in:\n%s", name, missing, read(t, message))
		}
		if name != "Card" && !strings.Contains(message.Text, "3. Press Delete") {
			t.Errorf("%s: the steps aren't heard: %s", name, message.Text)
		}
	}
}

// The leads' card has buttons only while somebody has to do something.
func TestLeadsButtons(t *testing.T) {
	for name, row := range map[string]struct {
		report actions.AdminReport
		want   []string
	}{
		"Trouble": {stuck(), []string{"Delete now revoke_temp_admin"}},
		"Stray":   {managed(actions.AdminStray), []string{"Adopt adopt_temp_admin", "Delete now revoke_temp_admin"}},
		"Adopted": {managed(actions.AdminInUse), nil},
		"Ending":  {managed(actions.AdminEnding), nil},
		"Gone":    {managed(actions.AdminGone), nil},
	} {
		if got := labelled(t, blocks.AdminForLeads(row.report), "a-1"); !slices.Equal(got, row.want) {
			t.Errorf("%s: the buttons are %q, want %q", name, got, row.want)
		}
	}
}

// How long one still lives is rounded, and never less than a minute.
func TestTimeLeft(t *testing.T) {
	for left, want := range map[time.Duration]string{
		3*day - time.Second: "3 days left", 7 * day: "7 days left", 47 * time.Hour: "47 hours left", day: "24 hours left", 59*time.Minute + 40*time.Second: "1 hour left",
		61 * time.Minute: "1 hour left", 90 * time.Second: "2 minutes left", time.Second: "1 minute left", 0: "", -time.Hour: "",
	} {
		r := managed(actions.AdminInUse)
		r.Admin.ExpiresAt = now.Add(left)
		text := read(t, blocks.Admin(r, "U0AGENT"))
		if _, ends, _ := strings.Cut(text, "*Ends:* "); !strings.Contains(ends, want) || strings.Contains(ends, " left") != (want != "") {
			t.Errorf("%s: it is said as %s", left, ends)
		}
	}
}

// A second person sees whom they let in, where, why and until when, and what they answer
// for; whom nobody can prove isn't asked about.
func TestApprovalOfAnAdmin(t *testing.T) {
	create := orders(actions.ActTempAdmin, actions.OperationAsked, managed(actions.AdminAsked))
	create.Does = []string{"It waits for <@U0BEN>."}
	for name, row := range map[string]struct {
		report actions.OperationReport
		want   []string
	}{
		"Create": {create, []string{"*Create temporary admin*", "`support-temp-k3x9p2ma7q` on *Acme shop*", "https://shop.acme.example", "*Who gets in:* <@U0BEN>",
			"*Why:* the checkout shows an error", "*How long:* 3 days from when it is made, so until about <!date^" + unix(3*day), "It waits for <@U0BEN>.", "ticket #4711", "nor whoever gets in can approve it"}},
		"Extend": {orders(actions.ActExtendAdmin, actions.OperationAsked, managed(actions.AdminInUse)), []string{"*Extend temporary admin*", "*Who gets in:* <@U0BEN>",
			"*How long:* until <!date^" + unix(3*day), ", instead of <!date^" + unix(day)}},
		"Adopt": {orders(actions.ActAdoptAdmin, actions.OperationAsked, managed(actions.AdminStray)), []string{"*Adopt temporary admin*", "*How long:* until <!date^" + unix(3*day)}},
	} {
		t.Run(name, func(t *testing.T) {
			message := blocks.Approval(row.report)
			text := read(t, message)
			if missing := inOrder(text, row.want...); missing != "" || strings.Contains(text, "verified") || strings.Count(text, "the checkout") != 1 {
				t.Errorf("%q isn't there, or something twice, in:\n%s", missing, text)
			}
			if !strings.Contains(message.Text, "Who gets in: <@U0BEN>") || len(buttons(t, message)) != 2 {
				t.Errorf("it is heard as %s", message.Text)
			}
			if asked := questions(t, message)["approve"]; !strings.Contains(asked, " on Acme shop: it is carried out at once") {
				t.Errorf("asked is %q", asked)
			}
		})
	}
}

func unix(later time.Duration) string { return strconv.FormatInt(now.Add(later).Unix(), 10) }

// What came of an operation on a temporary admin speaks of the site, and offers nothing
// that is for a customer.
func TestOperationOnAnAdmin(t *testing.T) {
	for name, row := range map[string]struct {
		act   actions.Act
		state actions.OperationState
		want  string
	}{
		"Running":      {actions.ActTempAdmin, actions.OperationRunning, "read back on the site"},
		"Done":         {actions.ActTempAdmin, actions.OperationDone, "the site shows an administrator"},
		"Failed":       {actions.ActTempAdmin, actions.OperationFailed, "What there may be of it is deleted again"},
		"Extended":     {actions.ActExtendAdmin, actions.OperationDone, "it lives longer"},
		"NotExtended":  {actions.ActExtendAdmin, actions.OperationFailed, "It ends when it did before."},
		"Adopted":      {actions.ActAdoptAdmin, actions.OperationDone, "<@U0AGENT> answers for it"},
		"NotAdopted":   {actions.ActAdoptAdmin, actions.OperationFailed, "Nobody answers for it yet."},
		"NeverAdopted": {actions.ActAdoptAdmin, actions.OperationRefused, "Nothing was changed."},
	} {
		r := orders(row.act, row.state, managed(actions.AdminInUse))
		r.Handout = actions.HandoutWaits
		message := blocks.Operation(r)
		text := read(t, message) + blocks.OperationLine(r).Text
		if !strings.Contains(text, row.want) || strings.Contains(text, "directory") || strings.Contains(text, "customer") || buttons(t, message) != nil {
			t.Errorf("%s: %q isn't in, or something strange is:\n%s", name, row.want, text)
		}
	}
	if got := buttons(t, blocks.Operation(orders(actions.ActTempAdmin, actions.OperationAsked, managed(actions.AdminAsked)))); !slices.Equal(got, []string{"withdraw o-1"}) {
		t.Errorf("the buttons are %q", got)
	}
}

// What isn't known is left out, and nobody is told to press what they don't have.
func TestNewsOfAnAdmin(t *testing.T) {
	late := managed(actions.AdminInUse)
	late.Now = time.Time{}
	for name, row := range map[string]struct {
		message blocks.Message
		want    string
	}{
		"ForColleague": {blocks.AdminNews(customers(actions.AdminReceived), actions.NewsReceived, "U0BEN"), "<@U0AGENT> can open it, once."},
		"DayUnknown":   {blocks.AdminNews(late, actions.NewsDay, "U0BEN"), "*Ends in 24 hours:*"},
		"HourUnknown":  {blocks.AdminNews(late, actions.NewsHour, "U0BEN"), "*Ends in 1 hour:*"},
		"ToBeExtended": {blocks.AdminNews(waiting(actions.ActExtendAdmin, actions.AdminInUse), actions.NewsHour, "U0BEN"), "unless a second person approves before"},
		"Unasked":      {blocks.AdminNews(undelivered(customers(actions.AdminEnding)), actions.NewsAsked, "U0AGENT"), "*The last mail couldn't be sent* to j•••@a•••.example"},
		"OtherVersion": {blocks.AdminNews(managed(actions.AdminInUse), "strange", "U0BEN"), "*In use:*"},
	} {
		if text := read(t, row.message); !strings.Contains(text, row.want) {
			t.Errorf("%s: %q isn't in:\n%s", name, row.want, text)
		}
	}
}

// However many there are, the list is as it came, says how many it leaves out, and has a
// button beside each and the two for another one.
func TestListOfAdmins(t *testing.T) {
	for name, row := range map[string]struct {
		open, more int
		target     string
		least      int
	}{
		"One": {1, 0, "Acme shop", 1}, "Some": {20, 0, "Acme shop", 13}, "More": {20, 980, "Acme shop", 13}, "Thousands": {5_000, 7, strings.Repeat("&", 60), 7},
	} {
		t.Run(name, func(t *testing.T) {
			list := actions.AdminList{Now: now, Zone: time.UTC, Offset: 100, More: row.more, Alone: true}
			for i := range row.open {
				r := managed(actions.AdminInUse)
				r.Admin.ID, r.Target.Name = "admin-"+strconv.Itoa(i), row.target
				list.Open = append(list.Open, r)
			}
			message := blocks.Admins(list)
			withinLimits(t, message)
			got := buttons(t, message)
			shown := slices.IndexFunc(got, func(b string) bool { return !strings.HasPrefix(b, "temp_admin_look ") })
			if onward := "temp_admin_list mine|" + strconv.Itoa(100+shown); row.open+row.more > shown && got[shown] != onward {
				t.Errorf("the button behind the list is %q, want %q", got[shown], onward)
			} else if row.open+row.more > shown {
				got = slices.Delete(got, shown, shown+1)
			}
			if text := read(t, message); !strings.Contains(text, "*Your temporary admins*, those in trouble first · 101 to ") {
				t.Errorf("which of them these are isn't said:\n%s", text)
			}
			if shown < row.least || got[0] != "temp_admin_look admin-0" || !slices.Equal(got[shown:], []string{"temp_admin -", "ask_temp_admin -"}) {
				t.Errorf("the buttons are %q", got)
			}
			left := "and " + strconv.Itoa(row.open+row.more-shown) + " more"
			if said := strings.Contains(read(t, message), left); said != (row.open+row.more > shown) {
				t.Errorf("%d of %d are shown; that there are more is said: %t", shown, row.open+row.more, said)
			}
		})
	}
	if message := blocks.Admins(actions.AdminList{Offset: 20}); message.Text != "There is nothing more on the list of temporary admins." {
		t.Errorf("beyond the last it says %q", message.Text)
	}
	for alone, want := range map[bool]string{true: "You have no temporary admin anywhere: nothing to clean up.", false: "There is no temporary admin anywhere: nothing to clean up."} {
		message := blocks.Admins(actions.AdminList{Alone: alone})
		if message.Text != want || len(buttons(t, message)) != 2 {
			t.Errorf("an empty list is said as %q", message.Text)
		}
	}
}

// A dead letter says which card or news it was.
func TestDeadLettersOfAdmins(t *testing.T) {
	text := read(t, blocks.DeadLetters([]actions.DeadLetter{
		{ID: "m-1", Kind: actions.OutgoingAdmin, To: "U0AGENT", At: now}, {ID: "m-2", Kind: actions.OutgoingAdminNews, To: "U0AGENT", At: now},
		{ID: "m-3", Kind: actions.OutgoingAdminLeads, To: "C0LEADS", At: now},
	}))
	if missing := inOrder(text, "*Card of a temporary admin*", "*What became of a temporary admin*", "*Card of a temporary admin for the leads*", "to <#C0LEADS>"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, text)
	}
}

// What was done for a customer is said in words, on their card and in the note.
func TestActsOnAdminsInWords(t *testing.T) {
	d := locked()
	d.Facts.Support = []actions.SupportFact{{At: now, Actor: "U0AGENT", Act: actions.ActAskAdmin, Outcome: actions.ActDone}, {At: now, Actor: "U0BEN", Act: actions.ActAdminGone, Outcome: actions.ActDone}}
	for _, message := range []blocks.Message{blocks.Diagnosis(d, reader), blocks.TicketNote(d)} {
		if missing := inOrder(read(t, message), "asked for a temporary admin", "a temporary admin is gone"); missing != "" {
			t.Errorf("%q isn't in:\n%s", missing, read(t, message))
		}
	}
}

// Each act's label fits as the title of its modal.
func TestLabelsOfAdmins(t *testing.T) {
	form := adminForm(false)
	for want, view := range map[string]slack.ModalViewRequest{
		"Create temporary admin": blocks.CreateAdminModal(form, blocks.NewAdminForm{}), "Ask a customer": blocks.AskAdminModal(form, blocks.AskAdminForm{}),
		"Extend temporary admin": blocks.AdminDaysModal(actions.ActExtendAdmin, managed(actions.AdminInUse), form, ""),
		"Adopt temporary admin":  blocks.AdminDaysModal(actions.ActAdoptAdmin, managed(actions.AdminStray), form, ""),
		"Revoke":                 blocks.AdminReasonModal(actions.ActRevokeAdmin, managed(actions.AdminInUse)),
		"Withdraw":               blocks.AdminReasonModal(actions.ActRevokeAdmin, managed(actions.AdminAsked)),
		"Delete now":             blocks.AdminReasonModal(actions.ActRevokeAdmin, managed(actions.AdminStray)),
		"Ask to delete it":       blocks.AdminReasonModal(actions.ActRevokeAdmin, customers(actions.AdminInUse)),
		"Mark as deleted":        blocks.AdminReasonModal(actions.ActAdminRemoved, customers(actions.AdminEnding)),
	} {
		if view.Title.Text != want {
			t.Errorf("the title is %q, want %q", view.Title.Text, want)
		}
	}
}

func TestReadAdminRef(t *testing.T) {
	for _, whose := range []bool{true, false} {
		if own, offset, ok := blocks.ReadAdminRef(blocks.AdminRef(whose, 20)); own != whose || offset != 20 || !ok {
			t.Errorf("it comes back as %v, %d, %v", own, offset, ok)
		}
	}
	if own, offset, ok := blocks.ReadAdminRef("-"); own || offset != 0 || !ok {
		t.Errorf("without a choice it is %v, %d, %v", own, offset, ok)
	}
	for _, value := range []string{"", "mine", "mine|", "mine|-1", "mine|x", "all|1|2", "theirs|0", "|0", "-|0", "all|99999999999"} {
		if own, offset, ok := blocks.ReadAdminRef(value); ok {
			t.Errorf("%q is read as %v, %d", value, own, offset)
		}
	}
}
