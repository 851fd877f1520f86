package mail_test

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
)

// read takes a delivered letter apart: its headers and its parts by their type.
func read(t *testing.T, raw string) (netmail.Header, map[string]string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the letter is %q, %v", kind, err)
	}
	parts := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := r.NextRawPart()
		if err != nil {
			return m.Header, parts
		}
		if got := part.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			t.Errorf("a part is encoded as %q", got)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		parts[part.Header.Get("Content-Type")] = strings.ReplaceAll(string(body), "\r\n", "\n")
	}
}

func TestSend(t *testing.T) {
	o := new(office).open(t, nil)
	if err := o.local(t).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	letters, receivers := o.got()
	if len(letters) != 1 || receivers[0] != canaryTo {
		t.Fatalf("%d letters arrived, for %v", len(letters), receivers)
	}
	header, parts := read(t, letters[0])
	for key, want := range map[string]string{
		"From": `"Acme Support" <support@acme.example>`, "To": "<" + canaryTo + ">", "Subject": "=?UTF-8?q?Gr=C3=BC=C3=9Fe?=",
		"Message-Id": "<latchkey-M1@acme.example>", "Auto-Submitted": "auto-generated", "Date": "Mon, 02 Mar 2026 09:41:00 +0000",
		"Content-Language": "en", "X-Mailer": "", "User-Agent": "", "Bcc": "", "Cc": "",
	} {
		if got := header.Get(key); got != want {
			t.Errorf("%s is %q, not %q", key, got, want)
		}
	}
	if got := parts["text/plain; charset=UTF-8"]; got != letter().Text {
		t.Errorf("the plain part is %q", got)
	}
	if got := parts["text/html; charset=UTF-8"]; got != letter().HTML {
		t.Errorf("the HTML part is %q", got)
	}
}

func TestMessageID(t *testing.T) {
	o := new(office).open(t, nil)
	m, odd := o.local(t), letter()
	odd.ID = "odd>\r\nBcc: eve@evil.example"
	for _, l := range []actions.Letter{letter(), letter(), odd, odd} {
		if err := m.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	letters, _ := o.got()
	var ids []string
	for _, raw := range letters {
		header, _ := read(t, raw)
		ids = append(ids, header.Get("Message-Id"))
		if header.Get("Bcc") != "" {
			t.Errorf("the ID made a header: %v", header)
		}
	}
	if ids[0] != ids[1] || ids[2] != ids[3] || ids[0] == ids[2] {
		t.Errorf("the IDs are %v", ids)
	}
}

func TestSendTakesNoHeaders(t *testing.T) {
	o := new(office).open(t, nil)
	l := letter()
	l.Subject, l.Language = "Hi\r\nBcc: eve@evil.example\n\nBody\u2028!", "en\r\nX-Evil: 1"
	if err := o.local(t).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	letters, _ := o.got()
	header, parts := read(t, letters[0])
	if header.Get("Bcc") != "" || header.Get("X-Evil") != "" || len(parts) != 2 {
		t.Errorf("a header came in: %v", header)
	}
	plain, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if want := "Hi Bcc: eve@evil.example Body !"; err != nil || plain != want {
		t.Errorf("the subject is %q, %v", plain, err)
	}
	for _, to := range []string{
		canaryTo + "\r\nBcc: eve@evil.example", canaryTo + ", eve@evil.example", "Jane <" + canaryTo + ">", "", canaryTo + "\r\nDATA", "<" + canaryTo + ">",
	} {
		l := letter()
		l.To = to
		if sent := sendError(t, o.local(t).Send(t.Context(), l)); !sent.Refused {
			t.Errorf("%q isn't refused: %v", to, sent)
		}
	}
	if letters, _ := o.got(); len(letters) != 1 {
		t.Errorf("%d letters arrived", len(letters))
	}
}

func TestSendByTLS(t *testing.T) {
	proof, roots := certificate(t)
	o := (&office{password: "hunter2"}).open(t, func(s *smtp.Server) { s.TLSConfig = proof })
	const url = "smtp://latchkey:hunter2@mail.acme.example"
	t.Run("OK", func(t *testing.T) {
		if err := o.mailer(t, url, mail.Options{Roots: roots}).Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
		if secrets := o.saw(); len(secrets) != 1 || secrets[0] != "hunter2" {
			t.Errorf("the server saw %d passwords", len(secrets))
		}
	})
	t.Run("NobodyVouches", func(t *testing.T) {
		sent := sendError(t, o.mailer(t, url, mail.Options{}).Send(t.Context(), letter()))
		if sent.Refused || sent.Unclear || !strings.Contains(sent.Sentence, "certificate") {
			t.Errorf("it is %+v", sent)
		}
	})
	t.Run("WrongPassword", func(t *testing.T) {
		sent := sendError(t, o.mailer(t, "smtp://latchkey:wrong@mail.acme.example", mail.Options{Roots: roots}).Send(t.Context(), letter()))
		if sent.Refused || sent.Unclear || !strings.Contains(sent.Sentence, "password") || strings.Contains(sent.Error(), "wrong:") {
			t.Errorf("it is %v", sent)
		}
	})
	t.Run("FromTheFirstByte", func(t *testing.T) {
		o := (&office{password: "hunter2"}).open(t, func(s *smtp.Server) { s.TLSConfig, s.LMTP = proof, true })
		if err := o.mailer(t, "smtps://latchkey:hunter2@mail.acme.example", mail.Options{Roots: roots}).Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
		if letters, _ := o.got(); len(letters) != 1 {
			t.Errorf("%d letters arrived", len(letters))
		}
	})
}

func TestSendNeedsTLSElsewhere(t *testing.T) {
	o := (&office{password: "hunter2"}).open(t, func(s *smtp.Server) { s.AllowInsecureAuth = true })
	sent := sendError(t, o.mailer(t, "smtp://latchkey:hunter2@mail.acme.example", mail.Options{}).Send(t.Context(), letter()))
	if sent.Refused || sent.Unclear || !strings.Contains(sent.Sentence, "encryption") {
		t.Errorf("it is %v", sent)
	}
	if letters, _ := o.got(); len(letters) != 0 || len(o.saw()) != 0 {
		t.Error("something went over the open line")
	}
	if err := o.mailer(t, "smtp://latchkey:hunter2@127.0.0.1", mail.Options{}).Send(t.Context(), letter()); err != nil {
		t.Errorf("on loopback: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	refuse := func(code int, message string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: message}
	}
	for name, c := range map[string]struct {
		office  *office
		refused bool
		says    string
	}{
		"UnknownMailbox": {
			office:  &office{rcpt: func(to string) error { return refuse(550, "5.1.1 <"+to+">: user jane.doe is unknown") }},
			refused: true, says: "The mail server of their address refused it (550): 5.1.1 … user … is unknown. Check",
		},
		"Greylisted": {
			office: &office{rcpt: func(to string) error { return refuse(451, "4.7.1 come back later, "+to) }},
			says:   "The mail server can't take it now (451): 4.7.1 come back later, …. Latchkey tries again",
		},
		"Content": {
			office: &office{data: func(_ *smtp.Conn, r io.Reader) error {
				_, err := io.Copy(io.Discard, r)
				if err != nil {
					return err
				}
				return refuse(554, "5.7.1 spam link "+canaryLink+" 123456 found")
			}},
			refused: true, says: "The mail server refused the message (554): 5.7.1 spam link … found. Please tell",
		},
		"FullDisk": {
			office: &office{data: func(_ *smtp.Conn, r io.Reader) error {
				_, err := io.Copy(io.Discard, r)
				if err != nil {
					return err
				}
				return refuse(452, "4.3.1 disk full")
			}},
			says: "The mail server can't take it now (452): 4.3.1 disk full.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := c.office.open(t, nil)
			sent := sendError(t, o.local(t).Send(t.Context(), letter()))
			if sent.Refused != c.refused || sent.Unclear || !strings.HasPrefix(sent.Sentence, c.says) {
				t.Errorf("it is %+v", sent)
			}
		})
	}
}

func TestSendToNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	m, err := mail.NewSMTP("smtp://"+address, "support@acme.example", mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sent := sendError(t, m.Send(t.Context(), letter()))
	if sent.Refused || sent.Unclear || !strings.Contains(sent.Sentence, "doesn't answer") {
		t.Errorf("it is %+v", sent)
	}
}

func TestSendToSilence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	m, err := mail.NewSMTP("smtp://"+l.Addr().String(), "support@acme.example", mail.Options{Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	sent := sendError(t, m.Send(t.Context(), letter()))
	if sent.Refused || sent.Unclear {
		t.Errorf("it is %+v", sent)
	}
}

func TestGoneAfterData(t *testing.T) {
	release := make(chan struct{})
	for name, data := range map[string]func(c *smtp.Conn, r io.Reader) error{
		"HungUp": func(c *smtp.Conn, r io.Reader) error {
			_, _ = io.Copy(io.Discard, r)
			return c.Conn().Close()
		},
		"Silent": func(_ *smtp.Conn, r io.Reader) error {
			_, _ = io.Copy(io.Discard, r)
			<-release
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := (&office{data: data}).open(t, nil)
			m := o.mailer(t, "smtp://127.0.0.1", mail.Options{Timeout: 200 * time.Millisecond})
			if sent := sendError(t, m.Send(t.Context(), letter())); !sent.Unclear || sent.Refused {
				t.Errorf("it is %+v", sent)
			}
		})
	}
	close(release)
}

// TestStoppedAfterData is for a process that is told to end while the server thinks.
func TestStoppedAfterData(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	o := (&office{data: func(_ *smtp.Conn, r io.Reader) error {
		_, _ = io.Copy(io.Discard, r)
		stop()
		<-release
		return nil
	}}).open(t, nil)
	if sent := sendError(t, o.local(t).Send(ctx, letter())); !sent.Unclear {
		t.Errorf("it is %+v", sent)
	}
}

func TestGoneWithinData(t *testing.T) {
	o := (&office{data: func(c *smtp.Conn, _ io.Reader) error {
		_ = c.Conn().(*net.TCPConn).SetLinger(0)
		return c.Conn().Close()
	}}).open(t, nil)
	long := letter()
	long.Text = strings.Repeat("A long line that goes on and on.\n", 500_000)
	if sent := sendError(t, o.local(t).Send(t.Context(), long)); sent.Unclear || sent.Refused {
		t.Errorf("it is %+v", sent)
	}
}

// TestNoFarewell is for a server that has the letter and doesn't part politely: a
// second try would double it.
func TestNoFarewell(t *testing.T) {
	o := (&office{after: func(c *smtp.Conn) { _ = c.Conn().Close() }}).open(t, nil)
	if err := o.local(t).Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	if letters, _ := o.got(); len(letters) != 1 {
		t.Errorf("%d letters arrived", len(letters))
	}
}

func TestNewSMTP(t *testing.T) {
	for _, url := range []string{
		"", "mail.acme.example", "http://u:hunter2@mail.acme.example", "smtp://", "smtp://u:hunter2@mail.acme.example/x", "smtp://u:hunter2@mail.acme.example:0",
		"smtp://u:hun%zzter2@mail.acme.example", "smtp://u:hunter2@mail.acme.example:99999", "smtp://u:hunter2@mail.acme.example?tls=no", "smtp://u:hunter2 @x",
	} {
		_, err := mail.NewSMTP(url, "support@acme.example", mail.Options{})
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "%zz") {
			t.Errorf("%s: %v", url, err)
		}
	}
	if _, err := mail.NewSMTP("smtp://mail.acme.example", "nobody", mail.Options{}); err == nil {
		t.Error("a sender without an address is taken")
	}
}
