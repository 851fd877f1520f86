package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// TestServeMails: with a mail server, a command ends in the mailbox of the
// customer: in plain and as HTML, in the words of their account's brand, and without a
// trace in Slack of what only the customer may read.
func TestServeMails(t *testing.T) {
	databaseURL := "sqlite:" + filepath.Join(t.TempDir(), "latchkey.db")
	importCompany(t, databaseURL)
	post := sandbox.NewPost(nonsense)
	box, err := sandbox.OpenMailbox(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	s := serveOn(t, databaseURL)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	s.config.Mail = Mail{SMTPURL: box.URL(), MailFrom: "Acme <support@acme.example>"}
	s.config.Words = Words{LoginURL: "https://acme.example/login", Closing: "Yours, the desk"}
	s.config.PublicURL = s.outer
	s = s.again()
	command := slackfake.Command{
		User: "U0AGENT", Channel: slackfake.DirectMessage("U0AGENT"), Name: "/latchkey", Text: "username robert@acme.example forgot it #4711",
	}
	if _, err := s.app.Command(t.Context(), command); err != nil {
		t.Fatal(err)
	}
	select {
	case <-post.Changed(0):
	case <-time.After(30 * time.Second):
		t.Fatal("no mail came in half a minute")
	}
	m := post.All().Mails[0]
	if m.To != "robert@acme.example" || m.From != "Acme <support@acme.example>" || !strings.Contains(m.Subject, skylark) {
		t.Errorf("the mail is for %s from %s about %q", m.To, m.From, m.Subject)
	}
	for name, text := range map[string]string{"text": m.Text, "HTML": m.HTML} {
		for _, want := range []string{"robert.stone", "https://acme.example/login", "Yours, the desk"} {
			if !strings.Contains(text, want) {
				t.Errorf("its %s lacks %s: %s", name, want, text)
			}
		}
	}
	for _, c := range s.slack.View("U0AGENT").Conversations {
		for _, message := range c.Messages {
			if strings.Contains(message.Text+string(message.Blocks), "robert.stone") {
				t.Errorf("the user name stands in Slack: %s", message.Text)
			}
		}
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
}
