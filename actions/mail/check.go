package mail

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"

	gomail "github.com/wneessen/go-mail"

	"github.com/latchkey-bot/latchkey/actions"
)

// CheckError says what stands between Latchkey and its mail server, for who set both
// up. It shows no password.
type CheckError struct {
	Sentence string // what is wrong
	Mend     string // how it is mended
	Passing  bool   // it may be over by itself
}

// Error is what is wrong.
func (e *CheckError) Error() string { return e.Sentence }

// Check speaks with the mail server as [SMTP.Send] does, up to the address that mail
// comes from, and sends nothing. Its error is a [*CheckError].
func (s *SMTP) Check(ctx context.Context) error {
	l := s.line()
	defer l.cut()
	client, err := gomail.NewClient(s.server.host, s.settings(l)...)
	if err != nil {
		return l.unfit(err)
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return l.closed(err)
	}
	defer context.AfterFunc(ctx, l.cut)()
	if err := conversation.Mail(s.from.Address); err != nil {
		return unwelcome(err)
	}
	l.hurry()
	_ = conversation.Reset() // whatever it says to that: nothing was sent
	_ = conversation.Quit()
	return nil
}

// closed says why a conversation never began.
func (l *line) closed(err error) *CheckError {
	var answer *textproto.Error
	switch {
	case l.credentials.chosen != nil && errors.As(err, &answer): // what it says may quote the password
		return &CheckError{
			Sentence: fmt.Sprintf("The mail server doesn't take the user name and password (%d).", answer.Code), Passing: answer.Code < 500,
			Mend: "Correct USER:PASSWORD in LATCHKEY_SMTP_URL; write %40 for an @ in them, and %2F for a /. Some servers want a password made for apps.",
		}
	case errors.Is(err, errNoWay):
		return &CheckError{
			Sentence: "The mail server takes no user name and password here, or in no way that Latchkey knows (SCRAM-SHA-256, PLAIN, LOGIN).",
			Mend:     "Take USER:PASSWORD out of LATCHKEY_SMTP_URL, or name the port for those who log in, mostly 587.",
		}
	case errors.As(err, &answer):
		return &CheckError{
			Sentence: "The mail server turns Latchkey away " + reply(answer, actions.Letter{}), Passing: answer.Code < 500,
			Mend: "Have the mail server take connections from this machine's address.",
		}
	case silent(err):
		return &CheckError{
			Sentence: fmt.Sprintf("The mail server doesn't answer (%v).", err), Passing: true,
			Mend: "Correct the host and the port in LATCHKEY_SMTP_URL, and let this machine reach them; smtps:// is for TLS from the first byte (465).",
		}
	}
	return l.unfit(err)
}

// unfit is for a mail server that Latchkey won't speak with.
func (l *line) unfit(err error) *CheckError {
	return &CheckError{
		Sentence: fmt.Sprintf("The mail server offers no encryption, or its certificate doesn't fit its name (%v).", err),
		Mend: "Name the server in LATCHKEY_SMTP_URL as its certificate does, renew the certificate if it ran out, " +
			"or have the server offer STARTTLS; smtps:// is for TLS from the first byte.",
	}
}

// unwelcome is for a mail server that takes no mail from our address.
func unwelcome(err error) *CheckError {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return &CheckError{Sentence: "The mail server went silent before it took our address.", Mend: "Look into its log.", Passing: true}
	}
	return &CheckError{
		Sentence: "The mail server doesn't take mail from LATCHKEY_MAIL_FROM " + reply(answer, actions.Letter{}), Passing: answer.Code < 500,
		Mend: "Have it let this user send from that address, or name another address in LATCHKEY_MAIL_FROM.",
	}
}
