package mail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	netmail "net/mail"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"github.com/latchkey-bot/latchkey/actions"
)

// Send sends an e-mail. Its error is an [*actions.SendError] without the address
// and the content: Refused when the server won't ever take it, Unclear when it
// went silent after it had everything, else worth another try.
func (s *SMTP) Send(ctx context.Context, letter actions.Letter) error {
	message, err := s.message(letter)
	if err != nil {
		return err
	}
	l := s.line()
	defer l.cut()
	client, err := gomail.NewClient(s.server.host, s.settings(l)...)
	if err != nil {
		return unusable(err)
	}
	conversation, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return l.unopened(err, letter)
	}
	defer context.AfterFunc(ctx, l.cut)()
	err = client.SendWithSMTPClient(conversation, message)
	if !message.IsDelivered() {
		return l.unsent(err, letter)
	}
	l.hurry()
	_ = conversation.Quit() // it has the letter, whatever it says to that
	return nil
}

// message puts a letter into MIME: plain text first, HTML as the better
// alternative. It has no pixel and no rewritten link, and answers itself to no
// machine.
func (s *SMTP) message(letter actions.Letter) (*gomail.Msg, error) {
	to, err := netmail.ParseAddress(letter.To)
	if err != nil || to.Address != letter.To {
		return nil, &actions.SendError{
			Refused:  true,
			Sentence: "The address on file isn't one that mail can go to. Check it with the customer and correct it in their profile.",
		}
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(s.from)
	m.ToMailAddress(to)
	m.Subject(oneLine(letter.Subject))
	m.SetMessageIDWithValue(s.messageID(letter.ID))
	m.SetDateWithValue(s.options.Now())
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if letter.Language != "" {
		m.SetGenHeader("Content-Language", oneLine(letter.Language))
	}
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	if letter.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	}
	return m, nil
}

// plainID is an ID that can stand in a Message-ID as it is.
var plainID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// messageID names a letter, the same however often it is tried, so that a mailbox
// that gets it twice can tell.
func (s *SMTP) messageID(id string) string {
	if !plainID.MatchString(id) {
		sum := sha256.Sum256([]byte(id))
		id = hex.EncodeToString(sum[:16])
	}
	return "latchkey-" + id + "@" + s.domain
}

// oneLine is a text for a header: whatever would break the line is a space.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\u0085' {
			return ' '
		}
		return r
	}, text)), " ")
}
