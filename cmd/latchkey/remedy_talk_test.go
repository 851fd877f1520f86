package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// remedyTalks is what agents, leads and customers live through, each a
// conversation with a server of its own. Together they press every button and
// submit every modal.
var remedyTalks = map[string]func(*helpdesk){
	"UnlockFromTheDiagnosis": unlockFromTheDiagnosis, "UnlockInOneLine": unlockInOneLine, "UnlockAndSendReset": unlockAndSendReset,
	"UnlockThatCantHelp": unlockThatCantHelp, "UnlockManual": unlockManual, "UnlockUnderAttack": unlockUnderAttack,
	"ResetEmail": resetEmail, "ResetEmailOfALockedUser": resetEmailOfALockedUser, "UserNameAndLoginLink": userNameAndLoginLink,
	"Invitation": invitation, "MailServerIsDown": mailServerIsDown, "LinkThatIsOlder": linkThatIsOlder,
	"VerifyByMail": verifyByMail, "VerifyBySMS": verifyBySMS, "CodeAgain": codeAgain,
	"ReenableAfterSharing": reenableAfterSharing, "AttestedAndDeclined": attestedAndDeclined, "NobodyApprovesThemselves": nobodyApprovesThemselves,
	"WithdrawnBeforeItsApproval": withdrawnBeforeItsApproval, "WithdrawnBeforeItsOwnerAnswers": withdrawnBeforeItsOwnerAnswers,
	"TwoLeadsAtOnce": twoLeadsAtOnce, "ReenableTheDisabled": reenableTheDisabled,
	"ProfileConfirmed": profileConfirmed, "ProfileDenied": profileDenied, "ProfileFilledInWrong": profileFilledInWrong,
	"Sessions": sessions, "ReinviteAndUndo": reinviteAndUndo, "HandOver": handOver,
	"Brake": brake, "DeadLetter": deadLetter, "ForeignChannel": foreignChannel, "WhoMay": whoMay, "ButtonsThatOnlyRead": buttonsThatOnlyRead,
}

// alsoOnPostgres are the talks that are held on both databases.
var alsoOnPostgres = []string{"UnlockAndSendReset", "ReenableAfterSharing", "SecretMailed", "SecretAskedFor", "PasswordSetByHand", "CaseLife", "AdminLife", "Incident", "Lockouts"}

// TestRemedyTalks holds them all, and then looks whether every button was pressed
// and every modal submitted by somebody.
func TestRemedyTalks(t *testing.T) {
	t.Parallel()
	touched, held := &touches{}, 0
	maps.Copy(remedyTalks, secretTalks)
	maps.Copy(remedyTalks, caseTalks)
	maps.Copy(remedyTalks, adminTalks)
	maps.Copy(remedyTalks, leadTalks)
	t.Run("talks", func(t *testing.T) {
		for _, name := range slices.Sorted(maps.Keys(remedyTalks)) {
			t.Run(name, func(t *testing.T) {
				held++
				t.Parallel()
				remedyTalks[name](openHelpdesk(t, storetest.SQLiteURL(t), touched))
			})
			if slices.Contains(alsoOnPostgres, name) {
				t.Run(name+"OnPostgres", func(t *testing.T) {
					t.Parallel()
					remedyTalks[name](openHelpdesk(t, storetest.PostgresURL(t), touched))
				})
			}
		}
	})
	if held < len(remedyTalks) {
		return // some were chosen by name, and can't do for all
	}
	for _, button := range bot.Buttons() {
		if !touched.has("block_actions " + button) {
			t.Errorf("nobody presses the button %q", button)
		}
	}
	for _, modal := range bot.Modals() {
		if !touched.has("view_submission " + modal) {
			t.Errorf("nobody submits the modal %q", modal)
		}
	}
}

// helpdesk is a server with all that it reaches: a Slack with those who work
// there, a mail server, a text service; and the tokens of the product.
type helpdesk struct {
	*served
	t                     *testing.T
	talk                  *conversation.Talk
	post                  *sandbox.Post
	mailbox               *sandbox.Mailbox
	door                  *door  // before the mailbox
	events, links, change string // tokens
	stopped               bool
	// digested is when the digest was due last, and told: half a day ago, so that none is
	// while people talk.
	digested time.Time
}

// Where L2 and the leads are, and the group that is called.
const (
	l2Room    = "C0LTWO"
	leadsRoom = "C0LEADS"
	l2Group   = "S0LTWO"
)

// The tokens of the desk's text service, where customers reach it, and where they
// log in.
const (
	phoneToken = "phone-token"
	publicURL  = "https://latchkey.example"
	loginPage  = "https://acme.example/login"
)

// openHelpdesk opens a desk over the demo's company. wire carries what Slack sends;
// changes are made to the configuration.
func openHelpdesk(t *testing.T, databaseURL string, wire http.RoundTripper, changes ...func(*Config)) *helpdesk {
	t.Helper()
	d := &helpdesk{t: t, post: sandbox.NewPost(newSerial()), digested: time.Now().UTC().Truncate(time.Minute).Add(-12 * time.Hour)}
	var err error
	if d.mailbox, err = sandbox.OpenMailbox(t.Context(), d.post); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.mailbox.Close(); err != nil {
			t.Error(err)
		}
	})
	d.door = openDoor(t, strings.TrimPrefix(d.mailbox.URL(), "smtp://"))
	phone := httptest.NewServer(sandbox.Phone(d.post, phoneToken))
	t.Cleanup(phone.Close)
	d.moveIn(t, databaseURL)
	d.served = serveOn(t, databaseURL, func(c *Config) {
		c.People = People{
			Agents: "U0AGENT,U0BO", L2: "U0ELTWO,U0LTWO", Leads: "U0LEAD,U0BOSS",
			SupportChannels: "C0SUPPORT", L2Channel: l2Room, LeadsChannel: leadsRoom, L2Group: l2Group,
		}
		c.Mail = Mail{SMTPURL: "smtp://" + d.door.at.Addr().String(), MailFrom: "support@skylark.example", SMSURL: phone.URL, SMSToken: phoneToken}
		c.Words = Words{
			Brand: "Skylark", LoginURL: loginPage, Closing: "Your Skylark team",
			TicketSearchURL: "https://tickets.example/?q={query}", CRMSearchURL: "https://crm.example/{query}",
		}
		c.PublicURL, c.DigestAt = publicURL, d.digested.Format("15:04")
		for _, change := range changes {
			change(c)
		}
	})
	d.staff()
	d.app = d.reach(wire)
	d.talk = conversation.Start(t, d.slack, d.app, d.end)
	return d
}

// newSerial names the pieces of the post.
func newSerial() func() string {
	n := 0
	return func() string { n++; return "post-" + strings.Repeat("i", n) }
}

// moveIn imports the company, the residents alone, and makes the tokens.
func (d *helpdesk) moveIn(t *testing.T, databaseURL string) {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		t.Fatal(err)
	}
	in := actions.Import{Lines: records.Read("company", bytes.NewReader(companyOf(&crowd{now: time.Now().UTC()})))}
	if _, err := h.actions.Import(t.Context(), atTerminal(), in); err != nil {
		t.Fatal(err)
	}
	for scope, token := range map[actions.Scope]*string{actions.ScopeEvents: &d.events, actions.ScopeLinks: &d.links, actions.ScopeChanges: &d.change} {
		made, err := h.actions.CreateToken(t.Context(), atTerminal(), "product-"+string(scope), scope)
		if err != nil {
			t.Fatal(err)
		}
		*token = made.Text
	}
	told := func(context.Context) error { return nil }
	if _, err := h.actions.RunOnce(t.Context(), "digest", d.digested.Truncate(24*time.Hour).AddDate(0, 0, -1), time.Minute, told); err != nil {
		t.Fatal(err)
	}
	if err := h.close(); err != nil {
		t.Fatal(err)
	}
}

// staff are those who work there. Both leads work in the same zone, so that both
// are on duty, or neither is.
func (d *helpdesk) staff() {
	for _, id := range []string{"U0BO", "U0ELTWO", "U0LTWO", "U0LEAD", "U0BOSS"} {
		d.slack.AddMember(atWork(id))
	}
	d.slack.SetGroup(l2Group, "U0ELTWO", "U0LTWO")
	d.slack.AddChannel(slackfake.Channel{ID: l2Room, Name: "l2-melbourne"})
	d.slack.AddChannel(slackfake.Channel{ID: leadsRoom, Name: "leads", Private: true, Members: []string{"U0LEAD", "U0BOSS"}})
}

// end stops the server, which delivers what is under way.
func (d *helpdesk) end() {
	if d.stopped {
		return
	}
	d.stopped = true
	if err := d.stop(); err != nil {
		d.t.Errorf("stopping: %v", err)
	}
}

// ava is the agent, and so on.
func (d *helpdesk) ava() *conversation.Person   { return d.talk.As("U0AGENT") }
func (d *helpdesk) bo() *conversation.Person    { return d.talk.As("U0BO") }
func (d *helpdesk) ltwo() *conversation.Person  { return d.talk.As("U0LTWO") }
func (d *helpdesk) eltwo() *conversation.Person { return d.talk.As("U0ELTWO") }
func (d *helpdesk) lead() *conversation.Person  { return d.talk.As("U0LEAD") }
func (d *helpdesk) boss() *conversation.Person  { return d.talk.As("U0BOSS") }

// audited ends the server and returns the audit's rows of an act.
func (d *helpdesk) audited(act actions.Act) []actions.AuditEntry {
	d.t.Helper()
	d.end()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		d.t.Fatal(err)
	}
	h, err := openHouse(d.t.Context(), d.databaseURL, keys, actions.Rules{}, quiet(terminal{err: io.Discard}))
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = h.close() }()
	var rows []actions.AuditEntry
	err = h.store.AuditRows(context.Background(), 0, func(row actions.AuditRow) error {
		if row.Entry.Act == act {
			rows = append(rows, row.Entry)
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

// wantAudit expects the outcomes of an act, in order.
func (d *helpdesk) wantAudit(act actions.Act, outcomes ...actions.AuditOutcome) []actions.AuditEntry {
	d.t.Helper()
	rows := d.audited(act)
	var got []actions.AuditOutcome
	for _, row := range rows {
		got = append(got, row.Outcome)
	}
	if !slices.Equal(got, outcomes) {
		d.t.Fatalf("%s is recorded as %v: %+v", act, got, rows)
	}
	return rows
}

// touches notes what is pressed and submitted on the way to the app.
type touches struct{ seen safeSet }

// RoundTrip notes the request and sends it on.
func (s *touches) RoundTrip(r *http.Request) (*http.Response, error) {
	if what := touchOf(r); what != "" {
		s.seen.add(what)
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (s *touches) has(what string) bool { return s.seen.has(what) }
