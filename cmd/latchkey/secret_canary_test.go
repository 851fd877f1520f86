package main

import (
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// toldOnce is what was shown to somebody, or mailed, in the talks about secrets.
type toldOnce struct {
	contents, passphrases, links []string // links: what follows # in them
}

// TestSecretCanary: contents, passphrases and what follows # in a link stand in no
// message that stays, no log, no audit and no row of the database, whatever was
// played. Links and passphrases are shown to one person only, contents never.
func TestSecretCanary(t *testing.T) {
	t.Parallel()
	wire := &wiretap{}
	d := openHelpdesk(t, storetest.SQLiteURL(t), wire)
	d.slack.Tap(wire.hear)
	told := d.playSecrets()
	d.end()
	if len(told.contents) < 4 || len(told.passphrases) < 2 || len(told.links) < 5 {
		t.Fatalf("too little was told: %d, %d, %d", len(told.contents), len(told.passphrases), len(told.links))
	}
	whispered := 0
	stays := map[string]string{"the log": d.log.String(), "the database": d.cells(nil)}
	for _, request := range wire.requests {
		plain := decoded([]string{request})
		for _, content := range told.contents {
			if strings.Contains(plain, content) && !redrawsAForm(request) {
				t.Errorf("a content is told to Slack: %.300s", plain)
			}
		}
		for _, once := range slices.Concat(told.passphrases, told.links) {
			if !strings.Contains(plain, once) {
				continue
			}
			if whispered++; !whispers(request) {
				t.Errorf("a link or passphrase stands in a message that stays: %.300s", plain)
			}
		}
	}
	if whispered < 6 { // three links and three passphrases
		t.Errorf("only %d links and passphrases were shown: nothing is proven", whispered)
	}
	for where, text := range stays {
		if !strings.Contains(text, map[string]string{"the log": `"listening"`, "the database": "robert.stone"}[where]) {
			t.Errorf("%s isn't read: nothing is proven", where)
		}
		for _, once := range slices.Concat(told.contents, told.passphrases, told.links) {
			if strings.Contains(text, once) {
				t.Errorf("%s has one of %d letters", where, len(once))
			}
		}
	}
	if raw, err := os.ReadFile(strings.TrimPrefix(d.databaseURL, "sqlite:")); err != nil || slices.ContainsFunc(told.contents, func(c string) bool { return strings.Contains(string(raw), c) }) {
		t.Errorf("the file of the database has a content, or can't be read: %v", err)
	}
}

// redrawsAForm reports whether a request draws a form anew, into which a password
// was generated: it is as fleeting as what is typed there.
func redrawsAForm(request string) bool {
	return strings.Contains(request, `"view_id"`) && strings.Contains(request, `"callback_id":"secret"`)
}

// whispers reports whether a request shows something to one person, and for no
// longer than they don't load Slack anew.
func whispers(request string) bool {
	if strings.HasPrefix(request, "{") {
		return strings.Contains(request, `"response_type":"ephemeral"`) && !strings.Contains(request, `"replace_original":true`)
	}
	form, err := url.ParseQuery(request)
	return err == nil && form.Get("user") != "" && form.Get("channel") != "" && form.Get("ts") == ""
}

// playSecrets sends and asks in every way there is, in the wrong channel too.
func (d *helpdesk) playSecrets() (told toldOnce) {
	d.t.Helper()
	ava := d.ava()
	reads := func(m *conversation.Message) string {
		_, fragment, _ := strings.Cut(m.Link(), "#")
		told.links = append(told.links, fragment)
		return m.Link()
	}
	// Elsewhere, generated, with words.
	ava.In("C0RANDOM").Command("/secret").Click("Continue in DM")
	form := ava.ExpectModal("Send a secret")
	form.Click("Generate a password")
	form = ava.ExpectModal("Send a secret")
	told.contents = append(told.contents, form.Value("Content"))
	form.Fill("Whom is it for?", "robert@acme.example").Submit()
	shown := ava.ExpectEphemeral("The link of your one-time secret")
	card := ava.ExpectDM("Waiting")
	words := d.passphraseIn(shown.Click("Show the passphrase"))
	told.passphrases = append(told.passphrases, words)
	d.unlockedBy(readSecretLink(d.t, reads(shown)).with(d.t, nil), words).wantOpened(d.t, d.outer, told.contents[0])
	card.Becomes("Opened")
	card.ExpectReply("Opened")
	d.playMailedSecret(&told)
	// A request, and a password set by hand.
	ava.Command("/secret request").Opens("Ask for a secret").Fill("What do you need?", "The login of your staging site").Fill("Reason", "the error shows only there").Submit()
	asked := readRequestLink(d.t, reads(ava.ExpectEphemeral("The link for the customer")))
	card = ava.ExpectDM("Asked")
	told.contents = append(told.contents, "Canary-of-a-customer-77")
	d.answers(asked, "Canary-of-a-customer-77")
	card = card.Becomes("Received")
	card.ExpectReply("Received")
	view := readRequestLink(d.t, reads(card.Click("Open it")))
	if got, err := view.posts(d.t.Context(), d.outer, "open", nil); err != nil || string(unwired(d.t, got.Content)) != "Canary-of-a-customer-77" {
		d.t.Errorf("what came isn't read: %v", err)
	}
	card.Becomes("Opened")
	card.ExpectReply("Opened")
	d.playPassword(&told, reads)
	return told
}

// playMailedSecret has one mailed, with a passphrase of Ava's own, and leaves it
// unopened.
func (d *helpdesk) playMailedSecret(told *toldOnce) {
	d.t.Helper()
	ava := d.ava()
	told.contents, told.passphrases = append(told.contents, "Canary-by-mail-88!"), append(told.passphrases, "canary of our own")
	ava.Command("/secret").Opens("Send a secret").Fill("Content", "Canary-by-mail-88!").Fill("Whom is it for?", "robert@acme.example").
		Choose("Passphrase", "Use my own, which both of us know").Fill("Own passphrase", "canary of our own").
		Choose("Who gets the link?", "E-mail it to the customer's address on file").Submit()
	ava.ExpectEphemeral("goes by e-mail")
	ava.ExpectDM("Waiting").Becomes("The link went by e-mail")
	told.links = append(told.links, wire.EncodeToString(readSecretLink(d.t, d.mailTo("robert@acme.example", "/s/").Text).root))
}

// playPassword has a password set by hand, handed out and read.
func (d *helpdesk) playPassword(told *toldOnce, reads func(*conversation.Message) string) {
	d.t.Helper()
	form := d.lead().Command("/latchkey setpassword finn@acme.example").Opens("Set a password")
	form.Tick("Verified", knowsTheCaller).Fill("Reason", "no mail arrives there").Submit()
	card := d.lead().ExpectDM("waiting for a second person")
	ask := d.boss().ExpectDM("Set a password by hand").Becomes("Set a password by hand")
	ask.Click("Approve")
	ask.Becomes("Approved by <@U0BOSS>")
	card = card.Becomes("Set a password by hand – done", "· sent ·")
	shown := card.Click("Make the one-time link")
	secret := d.lead().ExpectDM("Waiting")
	card.Loses("Make the one-time link")
	words := d.passphraseIn(secret.Click("Show the passphrase"))
	told.passphrases = append(told.passphrases, words)
	o := d.unlockedBy(readSecretLink(d.t, reads(shown)).with(d.t, nil), words)
	got, err := o.opens(d.t.Context(), d.outer)
	if err != nil {
		d.t.Fatal(err)
	}
	password, err := o.reads(got)
	if err != nil {
		d.t.Fatal(err)
	}
	told.contents = append(told.contents, password)
	secret.Becomes("Opened")
	secret.ExpectReply("Opened")
}
