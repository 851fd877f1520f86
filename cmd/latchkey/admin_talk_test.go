package main

import (
	"net/http/httptest"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// adminTalks are the conversations about temporary admins.
var adminTalks = map[string]func(*helpdesk){
	"AdminLife": adminLife, "AdminForColleague": adminForColleague, "AdminDeclinedAndWithdrawn": adminDeclinedAndWithdrawn,
	"AdminThatCantBeMade": adminThatCantBeMade, "AdminMadeSlowly": adminMadeSlowly, "AdminFound": adminFound, "AdminFilledInWrong": adminFilledInWrong,
	"AdminOnTheCustomersSite": adminOnTheCustomersSite, "AdminNeverSent": adminNeverSent, "AdminEndsWithItsCase": adminEndsWithItsCase,
}

// managedSite is a WordPress that the desk manages.
type managedSite struct {
	*wordpressfake.Fake
	d *helpdesk
}

// manages adds a WordPress to the targets.
func (d *helpdesk) manages(name string) *managedSite {
	d.t.Helper()
	s := &managedSite{wordpressfake.New(), d}
	server := httptest.NewServer(s.Fake)
	d.t.Cleanup(func() { d.end(); server.Close() }) // the site outlives who looks after it
	d.beside(func(h *house) {
		_, err := h.actions.AddTarget(d.t.Context(), atTerminal(), actions.NewTarget{
			Name: name, URL: server.URL, User: wordpressfake.Login, Password: wordpressfake.Password,
		})
		if err != nil {
			d.t.Fatal(err)
		}
	})
	return s
}

// temporary are the logins of the site's temporary admins.
func (s *managedSite) temporary() []string {
	var logins []string
	for _, u := range s.Users() {
		if strings.HasPrefix(u.Login, actions.AdminPrefix) {
			logins = append(logins, u.Login)
		}
	}
	return logins
}

// has expects so many temporary admins, and returns the first.
func (s *managedSite) has(n int) string {
	s.d.t.Helper()
	logins := s.temporary()
	if len(logins) != n {
		s.d.t.Fatalf("the site has %q, want %d", logins, n)
	}
	if n == 0 {
		return ""
	}
	return logins[0]
}

// asksForAdmin has Ava ask for a temporary admin, and returns her card and what the two
// leads are asked.
func (d *helpdesk) asksForAdmin() (card, lead, boss *conversation.Message) {
	d.t.Helper()
	form := d.ava().Command("/tempadmin create #4711").Opens("Create temporary admin", "Which site?", "For whom?", "#4711")
	form.Fill("Reason", "the checkout fails only there").Submit()
	form.IsClosed()
	card = d.ava().ExpectDM("Create temporary admin – waiting for a second person", "Acme shop", "<@U0AGENT>")
	lead, boss = d.asked("<@U0AGENT> asks for *Create temporary admin*", "Acme shop", "the checkout fails only there", "#4711")
	return card, lead, boss
}

// adminLife: made with a second person, in by a one-time secret, extended, revoked, and
// gone.
func adminLife(d *helpdesk) {
	site := d.manages("Acme shop")
	asked, lead, boss := d.asksForAdmin()
	site.has(0)
	lead.HasButtons("Approve", "Decline").Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>").HasButtons()
	boss.Becomes("Approved by <@U0LEAD>").HasButtons()
	asked.Becomes("done", "Approved by <@U0LEAD>").HasButtons()
	login := site.has(1)
	card := d.ava().ExpectDM("In use", login, "Acme shop", "#4711", "nobody has seen it").HasButtons("Create one-time secret", "Extend", "Revoke")

	admin := d.valueOf(card, "Revoke")
	d.bo().ClickGone("temp_admin_secret", admin).DoesntRead("The link of your one-time secret").OnlyFor("U0BO")
	shown := card.Click("Create one-time secret").Reads("The link of your one-time secret").OnlyFor("U0AGENT")
	secret := d.ava().ExpectDM("Waiting").HasButtons("Show the passphrase", "Revoke")
	card = card.Loses("Create one-time secret")
	o := d.unlockedBy(d.secretFrom(shown), d.passphraseIn(secret.Click("Show the passphrase")))
	made, _ := site.User(login)
	o.wantOpened(d.t, d.outer, made.Password)
	secret.Becomes("Opened")
	secret.ExpectReply("Opened")
	d.ava().InDM().ClickGone("temp_admin_secret", admin).DoesntRead("The link of your one-time secret")

	form := card.Click("Extend").Opens("Extend temporary admin", login)
	form.Fill("Reason", "the plugin's author answers tomorrow").Submit()
	form.IsClosed()
	longer := d.ava().ExpectDM("Extend temporary admin – waiting for a second person", login)
	card = card.Becomes("wants it to end").HasButtons("Revoke")
	lead, boss = d.asked("<@U0AGENT> asks for *Extend temporary admin*", login, "the plugin's author answers tomorrow")
	boss.Click("Approve")
	boss.Becomes("Approved by <@U0BOSS>")
	lead.Becomes("Approved by <@U0BOSS>")
	longer.Becomes("done", "lives longer")
	card = card.Loses("wants it to end").HasButtons("Extend", "Revoke")

	d.bo().Command("/tempadmin list").Reads("In use", login, "Acme shop", "#4711").Click("Show").Reads(login).HasButtons("Extend", "Revoke")
	d.bo().Command("/tempadmin list mine").Reads("nothing to clean up").HasButtons("Create temporary admin", "Ask a customer").
		Click("Create temporary admin").Opens("Create temporary admin", "Which site?").Close()
	end := card.Click("Revoke").Opens("Revoke", login)
	end.Fill("Reason", "it was the cache").Submit().Reads("Gone", login)
	end.IsClosed()
	site.has(0)
	card.Becomes("Gone", "<@U0AGENT> revoked it").HasButtons()
	d.ava().Command("/tempadmin").Reads("nothing to clean up")
	row := d.wantAudit(actions.ActTempAdmin, actions.ActDone)[0]
	if row.Actor != "U0AGENT" || row.Approver != "U0LEAD" || row.Ticket != "#4711" || !strings.Contains(row.Detail, login) {
		d.t.Errorf("it is recorded as %+v", row)
	}
	d.wantAudit(actions.ActRevokeAdmin, actions.ActDone)
	d.wantAudit(actions.ActAdminGone, actions.ActDone)
}

// adminForColleague: who gets in has the password, and can't be who approves.
func adminForColleague(d *helpdesk) {
	site := d.manages("Acme shop")
	d.ava().Command("/diagnose robert@acme.example #600").Reads("wrong_password")
	form := d.ava().Command("/tempadmin create acme shop").Opens("Create temporary admin")
	if remembered := form.Value("Ticket"); remembered != "#600" {
		d.t.Errorf("the form has the ticket %q, so it would end with another than people see", remembered)
	}
	form.Fill("Ticket", "").Fill("For whom?", "U0LEAD").Fill("Reason", "she knows the plugin").Submit()
	form.IsClosed()
	mine := d.ava().ExpectDM("waiting for a second person", "<@U0LEAD>", "asked <@U0BOSS>")
	ask := d.boss().ExpectDM("<@U0AGENT> asks for *Create temporary admin*", "<@U0LEAD>").Becomes("<@U0LEAD>")
	ask.Click("Approve")
	ask.Becomes("Approved by <@U0BOSS>")
	mine.Becomes("done")
	login := site.has(1)
	theirs := d.lead().ExpectDM("In use", login, "it waits for you").HasButtons("Create one-time secret", "Extend", "Revoke")
	card := d.ava().ExpectDM("In use", login, "<@U0LEAD>").HasButtons("Extend", "Revoke")
	end := d.bo().Command("/tempadmin revoke " + login + " the ticket was spam").Reads("Gone").OnlyFor("U0BO")
	end.DoesntRead("password")
	card.Becomes("Gone", "<@U0BO> revoked it").HasButtons()
	card.ExpectReply("Gone")
	theirs.Becomes("Gone").HasButtons()
	theirs.ExpectReply("Gone")
	site.has(0)
	if row := d.wantAudit(actions.ActTempAdmin, actions.ActDone)[0]; row.Ticket != "" {
		d.t.Errorf("it ends with the ticket %s, which was taken out of the form", row.Ticket)
	}
}

// adminDeclinedAndWithdrawn: without a yes nothing is made.
func adminDeclinedAndWithdrawn(d *helpdesk) {
	site := d.manages("Acme shop")
	asked, lead, boss := d.asksForAdmin()
	lead.Click("Decline")
	lead.Becomes("Declined").HasButtons()
	boss.Becomes("Declined").HasButtons()
	asked.Becomes("<@U0LEAD> declined it").HasButtons()
	asked, lead, boss = d.asksForAdmin()
	asked.Click("Withdraw")
	asked.Becomes("took it back").HasButtons()
	lead.Becomes("took it back").HasButtons()
	boss.Becomes("took it back").HasButtons()
	site.has(0)
	d.ava().Command("/tempadmin").Reads("nothing to clean up")
	d.wantAudit(actions.ActTempAdmin, actions.ActRefused, actions.ActRefused)
}

// adminThatCantBeMade: the site doesn't let Latchkey in; nothing is announced that
// isn't so.
func adminThatCantBeMade(d *helpdesk) {
	site := d.manages("Acme shop")
	asked, lead, boss := d.asksForAdmin()
	site.Down(wordpressfake.Unauthorized)
	lead.Click("Approve")
	lead.Becomes("failed").HasButtons()
	boss.Becomes("failed").HasButtons()
	asked.Becomes("Create temporary admin – failed", "Acme shop").HasButtons()
	site.Up()
	site.has(0)
	d.wantAudit(actions.ActTempAdmin, actions.ActFailed)
}

// adminMadeSlowly: while the site takes its time, nobody reads that it waits for them.
func adminMadeSlowly(d *helpdesk) {
	site := d.manages("Acme shop")
	asked, lead, boss := d.asksForAdmin()
	d.ava().Command("/tempadmin list").Reads("Waiting for a second person")
	site.Down(wordpressfake.Slow)
	lead.Click("Approve")
	asked = asked.Becomes("under way").HasButtons()
	boss.Becomes("Approved by <@U0LEAD>").HasButtons()
	lead.Becomes("Approved by <@U0LEAD>").HasButtons()
	asked.Becomes("failed", "may have").HasButtons()
	site.Up()
	d.ava().ExpectDM("Being deleted", "before it counts as gone")
	d.ava().MayRead("before it counts as gone") // once more, if it is looked for meanwhile
}

// adminFound: one that nobody answers for is told to the leads, and adopted or deleted.
func adminFound(d *helpdesk) {
	site := d.manages("Acme shop")
	site.Add(wordpressfake.User{Login: "support-temp-forgotten", Role: "administrator"})
	site.Add(wordpressfake.User{Login: "support-temp-left", Role: "administrator"})
	d.beside(func(h *house) {
		h.actions.LeadsChannel = leadsRoom
		if err := h.actions.ReconcileAdmins(d.t.Context()); err != nil {
			d.t.Fatal(err)
		}
	})
	room := d.talk.In(leadsRoom)
	first := room.Expects("Nobody answers for it", "support-temp-forgotten").HasButtons("Adopt", "Delete now")
	second := room.Expects("Nobody answers for it", "support-temp-left").HasButtons("Adopt", "Delete now")
	end := second.As("U0LEAD").Click("Delete now").Opens("Delete now", "support-temp-left")
	end.Fill("Reason", "nobody knows it").Submit().Reads("Gone")
	second.Becomes("Gone").HasButtons()
	d.lead().ExpectDM("support-temp-left").DoesntRead("Who got in")
	form := first.As("U0LEAD").Click("Adopt").Opens("Adopt temporary admin", "support-temp-forgotten")
	form.Fill("Reason", "I still look into the checkout").Submit()
	form.IsClosed()
	asked := d.lead().ExpectDM("Adopt temporary admin – waiting for a second person")
	first = first.Becomes("<@U0LEAD> wants to answer for it")
	ask := d.boss().ExpectDM("<@U0LEAD> asks for *Adopt temporary admin*", "support-temp-forgotten").Becomes("support-temp-forgotten")
	ask.Click("Approve")
	ask.Becomes("Approved by <@U0BOSS>")
	asked.Becomes("done")
	first.Becomes("In use").HasButtons()
	d.lead().ExpectDM("In use", "support-temp-forgotten").HasButtons("Extend", "Revoke")
	d.bo().Command("/tempadmin adopt support-temp-forgotten").Reads("nothing to adopt")
	site.has(1)
	d.wantAudit(actions.ActAdminFound, actions.ActDone, actions.ActDone)
}

// adminFilledInWrong: what can't be is said beside its field, or names what can.
func adminFilledInWrong(d *helpdesk) {
	ava := d.ava()
	ava.Command("/tempadmin create").Reads("manages no site yet", "ask the customer")
	d.manages("Acme shop")
	ava.Command("/tempadmin destroy").Reads("create, ask, list, extend, revoke or adopt")
	ava.Command("/tempadmin create Globex").Reads("no site called")
	ava.Command("/tempadmin revoke").Reads("by its login")
	ava.Command("/tempadmin revoke support-temp-nobody why not").DoesntRead("E-")
	form := ava.Command("/tempadmin create").Opens("Create temporary admin")
	form.Submit()
	form.Refuses("Reason", "Please complete this required field.")
	form.Fill("Reason", "the checkout fails").Fill("Ticket", "soon").Submit()
	form.Refuses("Ticket", "A ticket is a number such as #4711, with letters and dashes if it has them. Please name one, or none.")
	form.Fill("Ticket", "").Fill("For whom?", "U0NOBODY").Submit()
	if said := form.Problem("For whom?"); said == "" {
		d.t.Error("somebody without a role gets in")
	}
	form.Close()
	form = ava.Command("/tempadmin ask").Opens("Ask a customer")
	form.Fill("Reason", "the error shows only there").Submit()
	form.Refuses("Which customer?", "Please say which customer: an e-mail address, a user name or a mobile number.")
	form.Fill("Which customer?", "nobody@nowhere.example").Submit()
	if said := form.Problem("Which customer?"); !strings.Contains(said, "No customer is known by that") {
		d.t.Errorf("of an unknown customer it says %q", said)
	}
	form.Close()
}

// adminOnTheCustomersSite: they make it, send its login, and delete it; they are asked
// to, and click that they did.
func adminOnTheCustomersSite(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/tempadmin ask robert@acme.example the checkout fails only there #4711").Opens("Ask a customer", "only when the problem shows on that customer's own site", "#4711")
	if said := form.Value("Reason"); said != "the checkout fails only there" {
		d.t.Errorf("the form's reason is %q", said)
	}
	form.Fill("Address of their site", "https://shop.acme.example").Submit()
	form.IsClosed()
	request := ava.ExpectDM("Login name and password of the temporary administrator", "r•••@a•••.example", "#4711")
	card := ava.ExpectDM("Asked", "the own site of", "r•••@a•••.example", "shop.acme.example", "#4711").HasButtons("Withdraw")
	request = request.Becomes("The link went by e-mail")
	card = card.Becomes("The mail with the steps and a link went to r•••@a•••.example")
	mail := d.mailTo("robert@acme.example", "/r/", "Administrator")
	d.answers(readRequestLink(d.t, mail.Text), sentContent)
	request = request.Becomes("Received").HasButtons("Open it", "Withdraw")
	card = card.Becomes("Received", "Open it with the request's card").HasButtons("Ask to delete it")
	card.ExpectReply("The login came")
	view := readRequestLink(d.t, request.Click("Open it").Link())
	if got, err := view.posts(d.t.Context(), d.outer, "open", nil); err != nil || string(unwired(d.t, got.Content)) != sentContent {
		d.t.Fatalf("opening is answered %d %q, %v", got.status, got.Error, err)
	}
	request.Becomes("Opened")
	request.ExpectReply("Opened")
	card = card.Becomes("In use").HasButtons("Ask to delete it")
	end := card.Click("Ask to delete it").Opens("Ask to delete it")
	end.Fill("Reason", "it was the cache").Submit().Reads("To be deleted by the customer")
	card = card.Becomes("To be deleted by the customer").HasButtons("Mark as deleted")
	card.ExpectReply("The customer is asked to delete it")
	mail = d.mailTo("robert@acme.example", "/l/", "Delete")
	if status, _, page := d.clickLink(mail, actions.LinkGoOn); status != 200 || !strings.Contains(page, "Thank") {
		d.t.Errorf("the click is answered %d:\n%s", status, page)
	}
	card.Becomes("Gone").HasButtons()
	card.ExpectReply("Gone")
	ava.Command("/tempadmin").Reads("nothing to clean up")
	d.wantAudit(actions.ActAskAdmin, actions.ActDone)
	rows := d.wantAudit(actions.ActAdminGone, actions.ActDone)
	if rows[0].Actor != "owner" || rows[0].Subject != "u-robert" {
		d.t.Errorf("it is recorded as %+v", rows[0])
	}
}

// adminNeverSent: what nobody answered is withdrawn, and what the customer says on the
// telephone counts.
func adminNeverSent(d *helpdesk) {
	ava := d.ava()
	ava.Command("/tempadmin list").Click("Ask a customer").Opens("Ask a customer").
		Fill("Which customer?", "robert@acme.example").Fill("Reason", "the error shows only there").Submit()
	request := ava.ExpectDM("Login name and password of the temporary administrator").Becomes("The link went by e-mail")
	card := ava.ExpectDM("Asked").Becomes("The mail with the steps and a link went to")
	end := card.Click("Withdraw").Opens("Withdraw")
	end.Fill("Reason", "it works again").Submit().Reads("Nothing came")
	card.Becomes("Nothing came").HasButtons()
	request.Becomes("Withdrawn")

	ava.Command("/tempadmin ask robert@acme.example it fails again").Opens("Ask a customer").Submit()
	request = ava.ExpectDM("Login name and password of the temporary administrator").Becomes("The link went by e-mail")
	card = ava.ExpectDM("Asked").Becomes("The mail with the steps and a link went to")
	d.answers(readRequestLink(d.t, d.mailTo("robert@acme.example", "/r/", "it fails again").Text), sentContent)
	request.Becomes("Received")
	card = card.Becomes("Received")
	card.ExpectReply("The login came")
	card.Click("Ask to delete it").Opens("Ask to delete it").Fill("Reason", "solved on the phone").Submit().Reads("To be deleted by the customer")
	request.Becomes("Withdrawn")
	card = card.Becomes("To be deleted by the customer")
	card.ExpectReply("The customer is asked to delete it")
	d.mailTo("robert@acme.example", "/l/")
	said := card.Click("Mark as deleted").Opens("Mark as deleted")
	said.Fill("Reason", "he told me so on the phone").Submit()
	said.IsClosed()
	card.Becomes("Gone").HasButtons()
	d.wantAudit(actions.ActAdminRemoved, actions.ActDone)
}

// adminEndsWithItsCase: resolving the escalation of its ticket ends it (RULES S3.5).
func adminEndsWithItsCase(d *helpdesk) {
	site := d.manages("Acme shop")
	asked, lead, boss := d.asksForAdmin()
	lead.Click("Approve")
	lead.Becomes("Approved by <@U0LEAD>")
	boss.Becomes("Approved by <@U0LEAD>")
	asked.Becomes("done")
	admin := d.ava().ExpectDM("In use")
	card, mine := d.claimed()
	resolve := card.As("U0ELTWO").Click("Resolve").Opens("Resolve")
	resolve.Choose("Outcome", "Not listed").Fill("Reason", "It isn't listed.").Submit()
	resolve.IsClosed()
	card.Becomes("Resolved").As("U0ELTWO").ExpectReply("isn't listed")
	mine.Becomes("Resolved").ExpectReply("isn't listed")
	admin.Becomes("Gone", "was resolved").HasButtons()
	admin.ExpectReply("Gone")
	site.has(0)
}
