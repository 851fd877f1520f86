package mail_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/latchkey-bot/latchkey/actions/mail"
)

// TestCheck speaks with a mail server up to our address, and says what stands in the
// way, without the password; no mail is sent.
func TestCheck(t *testing.T) {
	config, roots := certificate(t)
	secure := func(s *smtp.Server) { s.TLSConfig = config }
	open := &office{password: "hunter2"}
	open.open(t, secure)
	for name, test := range map[string]struct {
		office *office
		url    string
		more   mail.Options
		says   string // "" when all is well
	}{
		"OK":         {open, "smtp://robot:hunter2@mail.acme.example", mail.Options{Roots: roots}, ""},
		"WrongWord":  {open, "smtp://robot:hunter3@mail.acme.example", mail.Options{Roots: roots}, "doesn't take the user name and password (535)"},
		"WrongName":  {open, "smtp://robot:hunter2@smtp.acme.example", mail.Options{Roots: roots}, "certificate doesn't fit"},
		"Stranger":   {open, "smtp://robot:hunter2@mail.acme.example", mail.Options{}, "certificate doesn't fit"},
		"NoTLS":      {(&office{}).open(t, nil), "smtp://mail.acme.example", mail.Options{}, "offers no encryption"},
		"NoPassword": {(&office{}).open(t, secure), "smtp://robot:hunter2@mail.acme.example", mail.Options{Roots: roots}, "takes no user name and password"},
	} {
		err := test.office.mailer(t, test.url, test.more).Check(t.Context())
		var trouble *mail.CheckError
		switch {
		case test.says == "" && err != nil, test.says != "" && !errors.As(err, &trouble):
			t.Errorf("%s: %v", name, err)
		case test.says != "" && (!strings.Contains(trouble.Sentence, test.says) || trouble.Mend == "" || strings.Contains(trouble.Sentence+trouble.Mend, "hunter")):
			t.Errorf("%s: %+v", name, trouble)
		}
	}
	if letters, _ := open.got(); len(letters) != 0 {
		t.Errorf("a mail was sent: %v", letters)
	}
	away, err := mail.NewSMTP("smtp://mail.acme.example", "support@acme.example", mail.Options{
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var trouble *mail.CheckError
	if err := away.Check(t.Context()); !errors.As(err, &trouble) || !trouble.Passing || !strings.Contains(trouble.Mend, "LATCHKEY_SMTP_URL") {
		t.Errorf("away: %v", err)
	}
}
