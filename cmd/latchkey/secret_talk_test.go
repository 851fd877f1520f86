package main

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// sentContent is what agents send, and customers send back, in these talks.
const sentContent = "Bluebird7!to-the-staging-site"

// secretTalks are the conversations about one-time secrets.
var secretTalks = map[string]func(*helpdesk){
	"SecretHandedOver": secretHandedOver, "SecretMailed": secretMailed, "SecretFilledInWrong": secretFilledInWrong,
	"SecretLockedAndSentAgain": secretLockedAndSentAgain, "SecretRevoked": secretRevoked,
	"SecretThatSlackLoses": secretThatSlackLoses, "SecretAskedFor": secretAskedFor, "SecretAskedForByMail": secretAskedForByMail, "PasswordSetByHand": passwordSetByHand,
}

// secretFrom reads the link in a message that only one person sees, with the
// passphrase when it has one.
func (d *helpdesk) secretFrom(shown *conversation.Message) opener {
	d.t.Helper()
	return readSecretLink(d.t, shown.Link()).with(d.t, nil)
}

// unlockedBy is the opener of a secret that has a passphrase.
func (d *helpdesk) unlockedBy(o opener, passphrase string) opener {
	d.t.Helper()
	status := o.wantStatus(d.t, d.outer, "live")
	if !status.Passphrase || status.AttemptsLeft == 0 || status.Rounds != 600_000 {
		d.t.Fatalf("its passphrase is told of as %+v", status)
	}
	return o.with(d.t, stretched(d.t, passphrase, unwired(d.t, status.Salt), status.Rounds))
}

// passphraseIn reads the five words in a message.
func (d *helpdesk) passphraseIn(shown *conversation.Message) string {
	d.t.Helper()
	for _, word := range strings.Fields(shown.Words()) {
		if strings.Count(word, "-") == 4 {
			return word
		}
	}
	d.t.Fatalf("no passphrase stands in\n%s", shown.Words())
	return ""
}

// secretHandedOver: the link is shown where it was asked for and to nobody else,
// the passphrase behind a second click, and the card follows.
func secretHandedOver(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/secret #4711").Opens("Send a secret", "Generate a password", "Lifetime", "Passphrase", "#4711")
	form.Click("Generate a password")
	form = ava.ExpectModal("Send a secret", "Generate a password")
	made := form.Value("Content")
	if len(made) < 16 {
		d.t.Fatalf("what was generated has %d characters", len(made))
	}
	form.Fill("Whom is it for?", "robert@acme.example").Submit()
	form.IsClosed()
	shown := ava.ExpectEphemeral("The link of your one-time secret", "r•••@a•••.example", "opens once").OnlyFor("U0AGENT")
	card := ava.ExpectDM("Waiting", "r•••@a•••.example", "Nobody has opened it yet", "#4711").HasButtons("Show the passphrase", "Revoke")
	o := d.secretFrom(shown)
	d.bo().ClickGone("show_passphrase", d.valueOf(card, "Show the passphrase")).DoesntRead("-").OnlyFor("U0BO")
	words := d.passphraseIn(shown.Click("Show the passphrase").OnlyFor("U0AGENT"))
	if status := o.wantStatus(d.t, d.outer, "live"); status.From != "Ava" && status.From == "" {
		d.t.Errorf("it is sent by %q", status.From)
	}
	o = d.unlockedBy(o, words)
	o.wantOpened(d.t, d.outer, made)
	card = card.Becomes("Opened", "deleted here").HasButtons("Send another")
	card.ExpectReply("Opened")
	if got, err := o.opens(d.t.Context(), d.outer); err != nil || got.status != http.StatusGone || got.Error != "revealed" {
		d.t.Errorf("a second opening is answered %d %q, %v", got.status, got.Error, err)
	}
	again := card.Click("Send another").Opens("Send a secret")
	if again.Value("Whom is it for?") == "" || again.Value("Content") != "" {
		d.t.Errorf("the form for another has %q for %q", again.Value("Content"), again.Value("Whom is it for?"))
	}
	again.Close()
	ava.Command("/secret list").Reads("Opened", "r•••@a•••.example", "#4711").DoesntRead(made, words).OnlyFor("U0AGENT")
	d.bo().Command("/secret list").Reads("You have sent no secret")
	row := d.wantAudit(actions.ActSecret, actions.ActDone)[0]
	if row.Actor != "U0AGENT" || row.Subject != "u-robert" || row.Ticket != "#4711" || strings.Contains(row.Detail, o.name) {
		d.t.Errorf("it is recorded as %+v", row)
	}
	d.wantAudit(actions.ActSecretEnded, actions.ActDone)
}

// secretMailed: the link goes to the address on file, and the passphrase another
// way.
func secretMailed(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/secret #4711").Opens("Send a secret", "E-mail it to the customer's address on file")
	form.Fill("Content", sentContent).Choose("Who gets the link?", "E-mail it to the customer's address on file").Submit()
	form.Refuses("Whom is it for?", "Please say which customer it is mailed to: an e-mail address, a user name or a mobile number.")
	form.Fill("Whom is it for?", "nobody@nowhere.example").Submit()
	form.Refuses("Whom is it for?", "No customer is known by that, so there is no address on file. Please look them up with /diagnose, or hand the link over yourself.")
	form.Fill("Whom is it for?", "robert@acme.example").Submit()
	form.IsClosed()
	shown := ava.ExpectEphemeral("goes by e-mail to r•••@a•••.example", "another way").DoesntRead("/s/")
	card := ava.ExpectDM("Waiting", "r•••@a•••.example").Becomes("The link went by e-mail")
	words := d.passphraseIn(shown.Click("Show the passphrase"))
	mail := d.mailTo("robert@acme.example", "/s/")
	if strings.Contains(mail.Text+mail.HTML+mail.Subject, words) {
		d.t.Error("the mail has the passphrase")
	}
	o := d.unlockedBy(readSecretLink(d.t, mail.Text).with(d.t, nil), words)
	o.wantOpened(d.t, d.outer, sentContent)
	card.Becomes("Opened")
	card.ExpectReply("Opened")
	d.wantAudit(actions.ActSecret, actions.ActRefused, actions.ActDone)
}

// secretFilledInWrong: what is wrong is said beside its field, and nothing that was
// typed is lost.
func secretFilledInWrong(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/secret").Opens("Send a secret")
	form.Submit()
	form.Refuses("Content", "Please write what to send, or press Generate a password.")
	form.Fill("Content", sentContent).Choose("Passphrase", "Use my own, which both of us know").Fill("Own passphrase", "short").Submit()
	form.Refuses("Own passphrase", "The passphrase is too short: it needs at least 8 characters. Please choose a longer one, or let Latchkey make one.")
	form.Choose("Passphrase", "No passphrase: whoever has the link first opens it").Fill("Own passphrase", "our-old-teacher").Submit()
	form.Refuses("Own passphrase", "You wrote a passphrase of your own. Please choose it above, or clear this line.")
	form.Choose("Passphrase", "Use my own, which both of us know").Fill("Ticket", "soon").Submit()
	form.Refuses("Ticket", "A ticket is a number such as #4711, with letters and dashes if it has them. Please name one, or none.")
	form.Fill("Ticket", "").Fill("Own passphrase", " our-old-teacher ").Submit()
	form.IsClosed()
	shown := ava.ExpectEphemeral("The link of your one-time secret")
	card := ava.ExpectDM("Waiting").HasButtons("Revoke")
	d.unlockedBy(d.secretFrom(shown), "our-old-teacher").wantOpened(d.t, d.outer, sentContent)
	card.Becomes("Opened")
	card.ExpectReply("Opened")
}

// secretLockedAndSentAgain: five wrong passphrases end it, its sender is told, and
// whoever has the link can say that they need a new one.
func secretLockedAndSentAgain(d *helpdesk) {
	ava := d.ava()
	ava.Command("/secret").Opens("Send a secret").Fill("Content", sentContent).Submit()
	o := d.secretFrom(ava.ExpectEphemeral("The link of your one-time secret"))
	card := ava.ExpectDM("Waiting")
	wrong := d.unlockedBy(o, "not-the-words-of-it")
	for left := 4; left > 0; left-- {
		got, err := wrong.opens(d.t.Context(), d.outer)
		if err != nil || got.status != http.StatusForbidden || got.Error != "wrong_passphrase" || got.AttemptsLeft != left {
			d.t.Fatalf("a wrong passphrase is answered %d %q, %d left, %v", got.status, got.Error, got.AttemptsLeft, err)
		}
	}
	if got, err := wrong.opens(d.t.Context(), d.outer); err != nil || got.status != http.StatusGone || got.Error != "locked" {
		d.t.Fatalf("the fifth is answered %d %q, %v", got.status, got.Error, err)
	}
	card.Becomes("Locked", "somebody else has the link").HasButtons("Send another")
	card.ExpectReply("Locked")
	o.wantStatus(d.t, d.outer, "locked")
	for range 2 {
		if got, err := post(d.t.Context(), d.outer+"/s/"+o.name+"/again", map[string]string{"link": wire.EncodeToString(o.link)}); err != nil || got.status != http.StatusOK {
			d.t.Errorf("asking for a new one is answered %d, %v", got.status, err)
		}
	}
	card.Becomes("Somebody with the link needs a new one")
	card.ExpectReply("needs a new one")
}

// secretRevoked: its sender makes it of no use, once; a colleague can't.
func secretRevoked(d *helpdesk) {
	ava := d.ava()
	ava.Command("/secret").Opens("Send a secret").Fill("Content", sentContent).
		Choose("Passphrase", "No passphrase: whoever has the link first opens it").Choose("Lifetime", "15 minutes").Submit()
	o := d.secretFrom(ava.ExpectEphemeral("The link of your one-time secret").DoesntRead("passphrase"))
	card := ava.ExpectDM("Waiting").HasButtons("Revoke")
	d.bo().ClickGone("revoke_secret", o.name).OnlyFor("U0BO").DoesntRead("Revoked")
	o.wantStatus(d.t, d.outer, "live")
	ava.Command("/secret list").Reads("Waiting").Click("Revoke").Reads("revoked")
	card.Becomes("Revoked").HasButtons("Send another")
	o.wantStatus(d.t, d.outer, "revoked")
	ava.InDM().ClickGone("revoke_secret", o.name).Reads("revoked")
	ava.Command("/secret list").Reads("Revoked")
	d.wantAudit(actions.ActSecretRevoke, actions.ActDone)
}

// secretThatSlackLoses: what is shown once is shown another way when Slack fails, and
// when there is none, whoever asked reads that.
func secretThatSlackLoses(d *helpdesk) {
	ava := d.ava()
	d.slack.Fail("chat.postEphemeral", slackfake.Failure{Error: "not_in_channel", Times: 1})
	ava.Command("/secret").Opens("Send a secret").Fill("Content", sentContent).Submit()
	shown := ava.ExpectEphemeral("The link of your one-time secret").OnlyFor("U0AGENT")
	card := ava.ExpectDM("Waiting")
	d.slack.Fail("response_url", slackfake.Failure{Down: true})
	card.Click("Show the passphrase")
	words := d.passphraseIn(ava.ExpectEphemeral("The passphrase of your one-time secret").OnlyFor("U0AGENT"))
	d.slack.Recover()
	d.unlockedBy(d.secretFrom(shown), words).wantOpened(d.t, d.outer, sentContent)
	card.Becomes("Opened")
	card.ExpectReply("Opened")
	d.slack.Fail("chat.postEphemeral", slackfake.Failure{Error: "fatal_error"})
	ava.Command("/secret").Opens("Send a secret").Fill("Content", sentContent).Submit()
	ava.ExpectDM("Slack didn't let me show you what only you may see", "end it on its card").DoesntRead("/s/")
	ava.ExpectDM("Waiting").HasButtons("Show the passphrase", "Revoke")
	d.slack.Recover()
}

// secretAskedFor: the customer's page seals, who asked opens it once, and the
// thread hears of both.
func secretAskedFor(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/secret request #4711").Opens("Ask for a secret", "only when the problem shows on that customer's own site", "Reason")
	form.Submit()
	form.Refuses("Reason", "Please complete this required field.")
	form.Fill("What do you need?", "The login of your staging site").Fill("Reason", "the error shows only there").
		Fill("Whom do you ask?", "robert@acme.example").Submit()
	form.IsClosed()
	shown := ava.ExpectEphemeral("The link for the customer").OnlyFor("U0AGENT")
	card := ava.ExpectDM("Asked", "The login of your staging site", "r•••@a•••.example", "#4711").HasButtons("Withdraw")
	d.answers(readRequestLink(d.t, shown.Link()), sentContent)
	card = card.Becomes("Received", "You can open it once").HasButtons("Open it", "Withdraw")
	card.ExpectReply("Received", "The login of your staging site")
	request := d.valueOf(card, "Open it")
	d.bo().ClickGone("open_request", request).DoesntRead("Open the page").OnlyFor("U0BO")
	old := readRequestLink(d.t, card.Click("Open it").Reads("The page that opens what came").OnlyFor("U0AGENT").Link())
	view := readRequestLink(d.t, card.Click("Open it").Link())
	if got, err := old.posts(d.t.Context(), d.outer, "open", nil); err != nil || got.status != http.StatusNotFound {
		d.t.Errorf("an older link is answered %d %q, %v", got.status, got.Error, err)
	}
	got, err := view.posts(d.t.Context(), d.outer, "open", nil)
	if err != nil || got.status != http.StatusOK || string(unwired(d.t, got.Content)) != sentContent {
		d.t.Fatalf("opening is answered %d %q, %v", got.status, got.Error, err)
	}
	card = card.Becomes("Opened", "<@U0AGENT> opened it").HasButtons("Ask again")
	card.ExpectReply("Opened", "<@U0AGENT>")
	if got, err := view.posts(d.t.Context(), d.outer, "open", nil); err != nil || got.status != http.StatusGone || got.Error != "opened" {
		d.t.Errorf("a second opening is answered %d %q, %v", got.status, got.Error, err)
	}
	ava.InDM().ClickGone("open_request", request).DoesntRead("Open the page")
	card.Click("Ask again").Opens("Ask for a secret", "The login of your staging site").Close()
	d.wantAudit(actions.ActSecretRequest, actions.ActDone)
	d.wantAudit(actions.ActSecretReceived, actions.ActDone)
}

// answers sends what a request asks for, as the customer's browser does.
func (d *helpdesk) answers(l requestLink, content string) {
	d.t.Helper()
	page, err := l.posts(d.t.Context(), d.outer, "status", nil)
	if err != nil || page.State != "asked" {
		d.t.Fatalf("the request is %q (%d), %v", page.State, page.status, err)
	}
	sent := wired(l.seals(d.t, unwired(d.t, page.Key), content))
	if got, err := l.posts(d.t.Context(), d.outer, "send", sent); err != nil || got.status != http.StatusOK {
		d.t.Fatalf("what was sealed is answered %d %q, %v", got.status, got.Error, err)
	}
	if got, err := l.posts(d.t.Context(), d.outer, "send", sent); err != nil || got.status != http.StatusConflict {
		d.t.Errorf("a second post is answered %d %q, %v", got.status, got.Error, err)
	}
}

// secretAskedForByMail goes to the address on file, and is withdrawn with what came.
func secretAskedForByMail(d *helpdesk) {
	ava := d.ava()
	form := ava.Command("/secret request").Opens("Ask for a secret")
	form.Fill("What do you need?", "The key of your site").Fill("Reason", "the error shows only there").Fill("Whom do you ask?", "robert@acme.example").
		Choose("Who gets the link?", "E-mail it to the customer's address on file").Submit()
	ava.ExpectEphemeral("goes by e-mail to r•••@a•••.example").DoesntRead("/r/")
	card := ava.ExpectDM("Asked", "The key of your site").Becomes("The link went by e-mail")
	link := readRequestLink(d.t, d.mailTo("robert@acme.example", "/r/", "The key of your site", "the error shows only there").Text)
	d.answers(link, sentContent)
	card.Becomes("Received")
	card.ExpectReply("Received")
	card.Click("Withdraw").Reads("withdrew it")
	card.Becomes("Withdrawn").HasButtons("Ask again")
	if page, err := link.posts(d.t.Context(), d.outer, "status", nil); err != nil || page.State != "withdrawn" {
		d.t.Errorf("the page says %q, %v", page.State, err)
	}
}

// passwordSetByHand: a second person approves, the password is known to nobody but
// who opens the secret, and is the one that the product learns of.
func passwordSetByHand(d *helpdesk) {
	answer := d.lead().Command("/diagnose robert@acme.example #4711").Reads("wrong_password")
	form := answer.Click("More remedies").Click("Set a password by hand").
		Opens("Set a password", "Sets a password that Latchkey makes up", "must be changed at the first login", "A second person will be asked")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "no mail arrives there").Submit()
	card := d.lead().ExpectDM("waiting for a second person", "asked <@U0BOSS>,")
	ask := d.boss().ExpectDM("<@U0LEAD> asks for *Set a password by hand*", "Robert Stone", "Ends every session").Becomes("Robert Stone")
	ask.Click("Approve")
	ask.Becomes("Approved by <@U0BOSS>")
	card = card.Becomes("Set a password by hand – done", "Approved by <@U0BOSS>", "· sent ·")
	d.wantChanges(actions.ChangePasswordSet, actions.ChangeSessions)
	if mail := d.mailTo("robert@acme.example"); strings.Contains(mail.Text, "/s/") {
		d.t.Errorf("the notice has a link:\n%s", mail.Text)
	}
	operation := d.valueOf(card, "Make the one-time link")
	d.boss().ClickGone("hand_out", operation).DoesntRead("The link of your one-time secret").OnlyFor("U0BOSS")
	shown := card.Click("Make the one-time link").Reads("The link of your one-time secret").OnlyFor("U0LEAD")
	secret := d.lead().ExpectDM("Waiting", "the password that was set by hand").HasButtons("Show the passphrase", "Revoke")
	card.Loses("Make the one-time link")
	o := d.unlockedBy(d.secretFrom(shown), d.passphraseIn(secret.Click("Show the passphrase")))
	got, err := o.opens(d.t.Context(), d.outer)
	if err != nil || got.status != http.StatusOK {
		d.t.Fatalf("opening is answered %d %q, %v", got.status, got.Error, err)
	}
	password, err := o.reads(got)
	if err != nil || len(password) < 16 {
		d.t.Fatalf("what was opened has %d characters, %v", len(password), err)
	}
	d.wantPassword("u-robert", password)
	secret.Becomes("Opened").HasButtons()
	secret.ExpectReply("Opened")
	d.lead().InDM().ClickGone("hand_out", operation).DoesntRead("The link of your one-time secret")
	d.wantAudit(actions.ActSetPassword, actions.ActDone)
}

// wantPassword expects that the hash which the product learns of is that of a
// password.
func (d *helpdesk) wantPassword(user, password string) {
	d.t.Helper()
	var told struct {
		Changes []struct {
			Kind   actions.ChangeKind `json:"kind"`
			UserID string             `json:"user_id"`
			Hash   string             `json:"password_hash"`
		} `json:"changes"`
	}
	if status := d.api(http.MethodGet, "/v1/changes?after=0", d.change, nil, &told); status != http.StatusOK {
		d.t.Fatalf("changes are answered with %d", status)
	}
	for _, c := range told.Changes {
		if c.Kind == actions.ChangePasswordSet && c.UserID == user && isHashOf(c.Hash, password) {
			return
		}
	}
	d.t.Errorf("the product doesn't learn of this password: %+v", told.Changes)
}

// isHashOf reports whether a hash in PHC's form, with the cost that we use, is that
// of a password.
func isHashOf(phc, password string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[3] != "m=19456,t=2,p=1" {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	hash, err := base64.RawStdEncoding.DecodeString(parts[5])
	return err == nil && bytes.Equal(hash, argon2.IDKey([]byte(password), salt, 2, 19*1024, 1, 32))
}
