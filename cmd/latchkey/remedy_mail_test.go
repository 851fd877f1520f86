package main

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
)

// TestResetMail: the link and the login link stand in the customer's copy only
// (RULES S1.7, S4.8), and the directory, the card and the report know of it.
func TestResetMail(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		p.sends(actions.Mail{
			ID: "m1", Template: actions.TemplateReset, Kind: actions.DeliveryPasswordReset,
			Text: "[Customer Name]: [insert link here] or [loginLink], [user name]",
		})
		copied := p.sends(actions.Mail{
			ID: "m2", Template: actions.TemplateReset, Kind: actions.DeliveryPasswordReset, Copy: true, Address: "boss@acme.example",
			Text: "[Customer Name]: [insert link here] or [loginLink], [user name]",
		})
		mine := p.mails.letters[0]
		if links := linkPattern.FindAllString(mine.Text, -1); mine.To != janeMail || mine.ID != "m1" || len(links) != 2 ||
			!strings.HasPrefix(mine.Text, "Jane: ") || !strings.HasSuffix(mine.Text, janeName) || mine.Subject != "About Acme Cloud" {
			t.Errorf("got %+v", mine)
		}
		if copied.To != "boss@acme.example" || copied.Text != "Jane: [insert link here] or [loginLink], [user name]" {
			t.Errorf("the copy says %+v", copied)
		}
		m := p.mail("m1")
		if m.State != actions.MailSent || m.Address != janeMail || !m.SentAt.Equal(actions.Instant(p.clock())) {
			t.Errorf("got %+v", m)
		}
		s := p.snapshot()
		if len(s.Mails) != 1 || s.Mails[0].ID != "latchkey-m1" || s.Mails[0].Status != actions.Sent {
			t.Errorf("the directory knows of %+v", s.Mails)
		}
		if len(s.ResetLinks) != 1 || s.ResetLinks[0].ExpiresAt.Sub(s.ResetLinks[0].SentAt) != 15*time.Minute {
			t.Errorf("the directory knows of %+v", s.ResetLinks)
		}
		if cards := p.cards(); len(cards) != 2 || cards[0].Kind != actions.OutgoingOperation || cards[0].To != "UAGENT" {
			t.Errorf("got %+v", cards)
		}
	})
}

// TestMailThatIsRefused fails, and the agent reads why; a lead may have it tried
// once more.
func TestMailThatIsRefused(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id := p.start(actions.Mail{ID: "m1", Template: actions.TemplateReset}, actions.OperationDone)
		p.mails.answer = &actions.SendError{Refused: true, Sentence: "There is no such mailbox."}
		err := p.actions.SendMail(t.Context(), id)
		var refused *actions.SendError
		if !errors.As(err, &refused) || !refused.Refused {
			t.Errorf("got %v", err)
		}
		if m := p.mail(id); m.State != actions.MailFailed || m.Why != "There is no such mailbox." {
			t.Errorf("got %+v", m)
		}
		report, err := p.actions.Report(t.Context(), p.mail(id).Operation)
		if err != nil || len(report.Mails) != 1 || report.Afterwards != "" {
			t.Errorf("the customer would be told %q, %v", report.Afterwards, err)
		}
		if s := p.snapshot(); len(s.Mails) != 1 || s.Mails[0].Status != actions.Failed || len(s.ResetLinks) != 0 {
			t.Errorf("the directory knows of %+v, %+v", s.Mails, s.ResetLinks)
		}
		if cards := p.cards(); len(cards) != 1 {
			t.Errorf("got %+v", cards)
		}
		p.mails.answer = nil
		if err := p.actions.SendMail(t.Context(), id); err != nil || p.mail(id).State != actions.MailSent {
			t.Errorf("tried again: %v, %+v", err, p.mail(id))
		}
		if s := p.snapshot(); len(s.Mails) != 1 || s.Mails[0].Status != actions.Sent {
			t.Errorf("the directory knows of %+v", s.Mails)
		}
	})
}

// TestMailWhoseFateIsUnclear isn't sent again: it may have arrived.
func TestMailWhoseFateIsUnclear(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	id := p.start(actions.Mail{ID: "m1", Template: actions.TemplateReset}, actions.OperationDone)
	p.mails.answer = &actions.SendError{Unclear: true, Sentence: "The mail server went silent."}
	if err := p.actions.SendMail(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	p.mails.answer = nil
	if err := p.actions.SendMail(t.Context(), id); err != nil || len(p.mails.letters) != 0 {
		t.Errorf("got %v, sent %+v", err, p.mails.letters)
	}
	if m := p.mail(id); m.State != actions.MailUnclear || m.Why == "" {
		t.Errorf("got %+v", m)
	}
	if err := p.actions.MailGivenUp(t.Context(), id, "given up"); err != nil || p.mail(id).State != actions.MailUnclear {
		t.Errorf("got %v, %+v", err, p.mail(id))
	}
}

// TestMailServerIsDown: the message waits to be tried again, and the agent reads
// why, and once nobody tries any more, that.
func TestMailServerIsDown(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	id := p.start(actions.Mail{ID: "m1", Template: actions.TemplateReset}, actions.OperationDone)
	p.mails.answer = &actions.SendError{Sentence: "The mail server doesn't answer."}
	for _, cards := range []int{1, 0} { // the second try says nothing new
		if err := p.actions.SendMail(t.Context(), id); !errors.Is(err, p.mails.answer) {
			t.Errorf("got %v", err)
		}
		if m, got := p.mail(id), len(p.cards()); m.State != actions.MailQueued || !strings.Contains(m.Why, "doesn't answer") || got != cards {
			t.Errorf("got %+v, %d cards", m, got)
		}
	}
	if err := p.actions.MailGivenUp(t.Context(), id, "The mail server didn't answer for a day."); err != nil {
		t.Fatal(err)
	}
	if m := p.mail(id); m.State != actions.MailFailed || !strings.Contains(m.Why, "a day") || len(p.cards()) != 1 {
		t.Errorf("got %+v", m)
	}
}

// TestProcessEndsAfterSending: what a crash left in between is sent again, with
// a link of its own, and the first one works, too.
func TestProcessEndsAfterSending(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id := p.start(actions.Mail{ID: "m1", Template: actions.TemplateReset}, actions.OperationDone)
		p.mails.crash = true
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			_ = p.actions.SendMail(t.Context(), id)
			t.Error("the process goes on")
		}()
		<-gone
		p.mails.crash = false
		if m := p.mail(id); m.State != actions.MailQueued {
			t.Errorf("got %+v", m)
		}
		if err := p.actions.SendMail(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if len(p.mails.letters) != 2 || p.mails.letters[0].ID != p.mails.letters[1].ID || p.mails.letters[0].Text == p.mails.letters[1].Text {
			t.Fatalf("got %+v", p.mails.letters)
		}
		first, token := linkIn(t, p.mails.letters[0].Text)
		if o, err := p.actions.UseLink(t.Context(), first, token, actions.LinkGoOn); err != nil || o.Code == "" {
			t.Errorf("the first link: %+v, %v", o, err)
		}
		if s := p.snapshot(); len(s.ResetLinks) != 1 || s.ResetLinks[0].UsedAt.IsZero() {
			t.Errorf("the directory knows of %+v", s.ResetLinks)
		}
	})
}

// TestMailToAContactThatChangedSince isn't sent: whoever put the new one there
// may be the attacker.
func TestMailToAContactThatChangedSince(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	for _, template := range []actions.Template{actions.TemplateReset, actions.TemplateLoginLink, actions.TemplateUsername, actions.TemplateShared} {
		id := p.start(actions.Mail{ID: string(template), Template: template}, actions.OperationDone)
		p.pass(time.Minute)
		user := p.person(jane)
		user.Email, user.ContactChangedAt = "mallory@evil.example", actions.Instant(p.clock())
		p.put(user)
		if err := p.actions.SendMail(t.Context(), id); err == nil || p.mail(id).State != actions.MailFailed {
			t.Errorf("%s: got %v", template, err)
		}
	}
	if len(p.mails.letters) != 0 {
		t.Errorf("sent %+v", p.mails.letters)
	}
}

// TestMailWithoutAnAddress says so.
func TestMailWithoutAnAddress(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	user := p.person(jane)
	user.Email = ""
	p.put(user)
	id := p.start(actions.Mail{ID: "m1", Template: actions.TemplateReset}, actions.OperationDone)
	if err := p.actions.SendMail(t.Context(), id); err == nil || !strings.Contains(p.mail(id).Why, "no such contact") {
		t.Errorf("got %v, %+v", err, p.mail(id))
	}
}

// TestLateCodeIsNotSent: whoever was on the phone has hung up.
func TestLateCodeIsNotSent(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	report, err := p.actions.Verify(t.Context(), agent("UANN"), jane, actions.ChannelEmail, "")
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := p.store.MailFor(t.Context(), report.Verification.ID)
	if err != nil {
		t.Fatal(err)
	}
	p.pass(31 * time.Minute)
	if err := p.actions.SendMail(t.Context(), m.ID); err == nil || len(p.mails.letters) != 0 {
		t.Errorf("got %v, sent %+v", err, p.mails.letters)
	}
	if cards := p.cards(); len(cards) != 1 || cards[0].Kind != actions.OutgoingVerification {
		t.Errorf("got %+v", cards)
	}
}

// TestLinkInASubject isn't sent: subjects are shown in lists and kept in logs.
func TestLinkInASubject(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	id := p.start(actions.Mail{ID: "m1", Template: actions.TemplateReset, Subject: "Your [insert link here]"}, actions.OperationDone)
	if err := p.actions.SendMail(t.Context(), id); err == nil || len(p.mails.letters) != 0 {
		t.Errorf("got %v, sent %+v", err, p.mails.letters)
	}
}

// anyPlaceholder is what no customer should read.
var anyPlaceholder = regexp.MustCompile(`\[[A-Za-z ]+\]`)

// TestShippedTemplatesAreFilled: of every message that is shipped, in every
// language, no placeholder is left in the customer's.
func TestShippedTemplatesAreFilled(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	writer, err := mail.New("", "Acme")
	if err != nil {
		t.Fatal(err)
	}
	p.actions.Writer = writer
	for _, locale := range []string{"en", "de", "fr", "es", "pt"} {
		user := p.person(jane)
		user.Locale = locale
		p.put(user)
		for _, template := range actions.Templates() {
			p.pass(time.Hour)
			state := actions.OperationDone
			m := actions.Mail{ID: locale + "-" + string(template), Template: template}
			switch template { //nolint:exhaustive // the others need nothing
			case actions.TemplateCode:
				p.asks(agent("UANN"), actions.ChannelEmail, actions.ActUnlock)
				continue
			case actions.TemplateConfirm, actions.TemplateConfirmFor:
				state, m.Address, m.Contact, m.Details = actions.OperationOwner, janeMail, "j•••@a•••.example", "Ugo Rossi"
			case actions.TemplateChanged:
				m.Address, m.Contact = janeMail, "j•••@a•••.example"
			case actions.TemplateHandOver:
				m.Address, m.Details = "owner@latchkey.example", "Acme is closed."
			case actions.TemplateSecret, actions.TemplateRequest, actions.TemplateAdminAsk, actions.TemplateAdminDelete:
				p.sendsSealed(template)
				continue
			}
			if err := p.actions.SendMail(t.Context(), p.start(m, state)); err != nil {
				t.Errorf("%s: %v", m.ID, err)
			}
			p.within(func(tx actions.Tx) error { // so that the next may be begun
				op := actions.Operation{ID: "op-" + m.ID, State: actions.OperationRefused, EndedAt: p.clock()}
				_, err := tx.MoveOperation(t.Context(), op, actions.OperationOwner, "")
				return err
			})
		}
	}
	if want := 5 * len(actions.Templates()); len(p.mails.letters) != want {
		t.Errorf("sent %d, want %d", len(p.mails.letters), want)
	}
	for _, letter := range p.mails.letters {
		if left := anyPlaceholder.FindString(letter.Subject + letter.Text + letter.HTML); left != "" || letter.HTML == "" {
			t.Errorf("%s says %q: %s", letter.ID, left, letter.Text)
		}
	}
}

// sendsSealed mails Jane what only its use case can: a secret, a question for one, for a
// temporary admin, or to delete that.
func (p *postRoom) sendsSealed(template actions.Template) {
	p.t.Helper()
	ctx, ann := p.t.Context(), agent("UANN")
	var err error
	switch template { //nolint:exhaustive // the others are mailed as they are
	case actions.TemplateSecret:
		_, err = p.actions.CreateSecret(ctx, ann, actions.NewSecret{
			Content: "a canary", Passphrase: actions.PassphraseOwn, Own: "our first teacher", From: "Ann", For: janeMail, Mail: true,
		})
	case actions.TemplateRequest:
		_, err = p.actions.AskForSecret(ctx, ann, actions.NewRequest{
			What: "The key of your site", Why: "the error shows only there", From: "Ann", For: janeMail, Mail: true,
		})
	case actions.TemplateAdminAsk:
		_, err = p.actions.AskAdmin(ctx, ann, actions.NewAdminAsk{For: janeMail, Where: "https://shop.example", Why: "the error shows only there", From: "Ann", Days: 3})
	case actions.TemplateAdminDelete:
		now := p.clock()
		admin := actions.TempAdmin{
			ID: "admin-" + now.Format(time.RFC3339), Site: actions.SiteCustomer, State: actions.AdminInUse, UserID: jane, Actor: "UANN", Receiver: "UANN",
			Reason: "the error shows only there", At: now, BegunAt: now, ExpiresAt: now.Add(24 * time.Hour), Days: 1,
		}
		p.within(func(tx actions.Tx) error { return tx.StartAdmin(ctx, admin) })
		_, err = p.actions.RevokeAdmin(ctx, ann, admin.ID, "it is solved")
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.deliver()
}

// TestImportThatRewritesContacts: the old and the new contact are told, without
// a link or a name; sending the same again tells nobody, and an import's own
// correction neither.
func TestImportThatRewritesContacts(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		made, err := p.actions.CreateToken(t.Context(), atTerminal(), "crm", actions.ScopeDirectory)
		if err != nil {
			t.Fatal(err)
		}
		holder := actions.TokenHolder{Name: "crm", Scopes: made.Scopes}
		user := p.person(jane)
		user.Email, user.Mobile = "mallory@evil.example", "+1 202 555 0199"
		for range 2 {
			if _, err := p.actions.Ingest(t.Context(), holder, linesOf(user)); err != nil {
				t.Fatal(err)
			}
		}
		if sent := p.deliver(); sent != 4 {
			t.Errorf("sent %d", sent)
		}
		told := map[string]string{}
		for _, letter := range append(p.mails.letters, p.texts.letters...) {
			told[letter.To] += letter.Text
		}
		const says = "Your contact is now m•••@e•••.example, •••99. [insert link here] [user name]"
		for _, to := range []string{janeMail, "mallory@evil.example", "+49 170 1234567", "+1 202 555 0199"} {
			if told[to] != says {
				t.Errorf("%s was told %q", to, told[to])
			}
		}
		if len(told) != 4 {
			t.Errorf("told %+v", told)
		}
		if _, ways, _, err := p.actions.Ways(t.Context(), agent("UANN"), jane); err != nil || ways[0].Refused == "" || ways[1].Refused == "" {
			t.Errorf("the new contacts may prove: %+v, %v", ways, err)
		}
		user.Email = janeMail
		p.put(user)
		if sent := p.deliver(); sent != 0 {
			t.Errorf("an import tells of its correction: %d", sent)
		}
	})
}

// TestNoSecretIsKept: neither code, token nor link, nor what they make of it,
// stands anywhere in the database's files or in the log.
func TestNoSecretIsKept(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	verification, code := p.asks(agent("UANN"), actions.ChannelEmail, "")
	if _, err := p.actions.Prove(t.Context(), agent("UANN"), verification, wrong(code)); err == nil {
		t.Error("a wrong code proves")
	}
	id, token := linkIn(t, p.sends(actions.Mail{ID: "m1", Template: actions.TemplateReset}).Text)
	unused, unusedToken := linkIn(t, p.sends(actions.Mail{ID: "m2", Template: actions.TemplateLoginLink}).Text)
	o, err := p.actions.UseLink(t.Context(), id, token, actions.LinkGoOn)
	if err != nil || o.Code == "" {
		t.Fatalf("got %+v, %v", o, err)
	}
	if _, err := p.actions.UseLink(t.Context(), unused, token, actions.LinkGoOn); err != nil {
		t.Error(err)
	}
	files := p.log.String()
	for _, name := range []string{p.path, p.path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files += string(content)
	}
	if !strings.Contains(files, janeName) {
		t.Fatal("the files don't hold what they should: nothing is proven")
	}
	for what, secret := range map[string]string{
		"a token": token, "an unused token": unusedToken, "a link": id + "#", "the product's code": o.Code, "the caller's code": code,
	} {
		if strings.Contains(files, secret) {
			t.Errorf("%s is kept", what)
		}
	}
}
