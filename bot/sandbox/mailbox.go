package sandbox

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// The bounds of a mail.
const (
	mailLimit     = 1 << 20 // bytes
	mailReceivers = 10
	mailPatience  = 10 * time.Second
	mailDepth     = 4 // of parts within parts
	mailParts     = 20
)

// Mailbox is the mail server of the demo, on loopback: it takes every mail, for
// whomever, and puts it into the post.
type Mailbox struct {
	server *smtp.Server
	door   net.Listener
	url    string
	ended  chan error
}

// OpenMailbox begins to take mails at a free address until it is closed.
func OpenMailbox(ctx context.Context, post *Post) (*Mailbox, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the demo's mail server: %w", err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{post: post}, nil }))
	server.Domain, server.EnableSMTPUTF8 = "localhost", true
	server.MaxMessageBytes, server.MaxRecipients = mailLimit, mailReceivers
	server.ReadTimeout, server.WriteTimeout = mailPatience, mailPatience
	server.ErrorLog = silence{}
	m := &Mailbox{server: server, door: l, url: "smtp://" + l.Addr().String(), ended: make(chan error, 1)}
	go func() { m.ended <- server.Serve(l) }()
	return m, nil
}

// URL is where mails are sent to, smtp://….
func (m *Mailbox) URL() string { return m.url }

// Close takes no more mails. The listener is closed beside the server, which may
// not have begun with it yet.
func (m *Mailbox) Close() error {
	err := m.server.Close()
	_ = m.door.Close() // mostly closed by the server
	if ended := <-m.ended; ended != nil && !errors.Is(ended, smtp.ErrServerClosed) && !errors.Is(ended, net.ErrClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// silence keeps the server from writing to the process's own log: whoever sends
// reads what went wrong.
type silence struct{}

// Printf writes nothing.
func (silence) Printf(string, ...any) {}

// Println writes nothing.
func (silence) Println(...any) {}

// delivery is a conversation with somebody who sends mails.
type delivery struct {
	post *Post
	to   []string
}

// Mail begins a mail.
func (d *delivery) Mail(string, *smtp.MailOptions) error { d.to = nil; return nil }

// Rcpt adds a receiver: anybody.
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error { d.to = append(d.to, to); return nil }

// Data takes the mail: one for each receiver.
func (d *delivery) Data(r io.Reader) error {
	m, err := ReadMail(r)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "The mail can't be read"}
	}
	m.At = d.post.now().UTC()
	for _, to := range d.to {
		m.To = to
		d.post.Deliver(m)
	}
	return nil
}

// Reset forgets a mail that was begun.
func (d *delivery) Reset() { d.to = nil }

// Logout ends the conversation.
func (d *delivery) Logout() error { return nil }

// ReadMail reads a message: who it says it is from and for, its subject, and
// the first plain and the first HTML text in it. It fails for one that isn't
// put together as MIME has it.
func ReadMail(r io.Reader) (Mail, error) {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return Mail{}, fmt.Errorf("reading a mail: %w", err)
	}
	m := Mail{From: sender(message.Header), To: decoded(message.Header.Get("To")), Subject: decoded(message.Header.Get("Subject"))}
	if err := m.part(textproto.MIMEHeader(message.Header), message.Body, mailDepth); err != nil {
		return Mail{}, err
	}
	return m, nil
}

// sender is who a mail says it is from, as mail programs show it.
func sender(header mail.Header) string {
	from, err := header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Name == "" {
		return decoded(header.Get("From"))
	}
	return from[0].Name + " <" + from[0].Address + ">"
}

// decoded is a header in plain words.
func decoded(header string) string {
	if plain, err := new(mime.WordDecoder).DecodeHeader(header); err == nil {
		return plain
	}
	return header
}

// part reads a part of the mail, and those within it.
func (m *Mail) part(header textproto.MIMEHeader, body io.Reader, depth int) error {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if header.Get("Content-Type") == "" {
		kind, err = "text/plain", nil
	}
	if err != nil {
		return fmt.Errorf("reading what a part of a mail is: %w", err)
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.parts(multipart.NewReader(body, params["boundary"]), depth)
	}
	to := map[string]*string{"text/plain": &m.Text, "text/html": &m.HTML}[kind]
	if to == nil || *to != "" {
		return nil
	}
	text, err := io.ReadAll(plain(header, body))
	if err != nil {
		return fmt.Errorf("reading a part of a mail: %w", err)
	}
	*to = strings.ReplaceAll(string(text), "\r\n", "\n")
	return nil
}

func (m *Mail) parts(r *multipart.Reader, depth int) error {
	if depth == 0 {
		return errors.New("a mail has parts within parts without end")
	}
	for range mailParts {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the parts of a mail: %w", err)
		}
		if err := m.part(p.Header, p, depth-1); err != nil {
			return err
		}
	}
	return errors.New("a mail has too many parts")
}

// plain undoes how a part is encoded for its way.
func plain(header textproto.MIMEHeader, body io.Reader) io.Reader {
	switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}
