// Package mail writes and sends what customers read.
//
//   - [Writer] makes messages of templates, in the language of the customer: plain
//     text, HTML and texts for mobiles. [LoadTemplates] lays a company's own over
//     those that are shipped; templates/ holds these.
//   - [SMTP] sends them, and tells a refusal from a fault and from silence.
//   - [Courier] takes them from the outbox until it is stopped.
//
// go-mail speaks SMTP. It can't be told to end a conversation early, and doesn't
// hang up when one fails before it began; so connections are made here (conn.go).
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/latchkey-bot/latchkey/actions"
)

// SMTP sends letters by a mail server, each over its own connection. It is an
// [actions.Mailer].
type SMTP struct {
	server  server
	from    *netmail.Address
	domain  string // of from
	options Options
}

// Options are what may be different; the zero value is right for a company's mail
// server.
type Options struct {
	// Timeout is how long saying hello may take, and then how long sending may, each.
	Timeout time.Duration // 0: one minute
	// Roots are who vouches for the server; nil: whom the system trusts.
	Roots *x509.CertPool
	// Dial opens connections; nil: the network's own.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Now is the clock for the date of a letter; nil: the system's.
	Now func() time.Time
}

const (
	sendTimeout = time.Minute
	dialTimeout = 15 * time.Second
)

// NewSMTP makes a mailer of smtp://user:password@host:port (port 587, or 25 on
// loopback, without one) or smtps:// (465), and of the address that letters come
// from, with a name or without. On smtp:// STARTTLS is demanded, except on
// loopback. Its errors never show the password.
func NewSMTP(rawURL, from string, o Options) (*SMTP, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New(`the address that mails come from can't be read; it looks like "Acme Support <support@acme.example>"`)
	}
	server, err := parseServer(rawURL)
	if err != nil {
		return nil, err
	}
	if o.Timeout == 0 {
		o.Timeout = sendTimeout
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	_, domain, _ := strings.Cut(sender.Address, "@")
	s := &SMTP{server: server, from: sender, domain: domain, options: o}
	if _, err := gomail.NewClient(server.host, s.settings(&line{})...); err != nil {
		return nil, fmt.Errorf("the mail server can't be set up: %w", err)
	}
	return s, nil
}

// server is what the URL of a mail server says.
type server struct {
	host     string
	port     int
	implicit bool
	loopback bool
	user     *url.Userinfo
}

// errURL is for a URL that isn't a mail server's. It doesn't quote it: there is a
// password in it.
var errURL = errors.New("the mail server's URL can't be read; it looks like smtp://user:password@mail.acme.example:587, " +
	"with smtps:// for TLS from the start, and %40 for an @ in user or password")

// parseServer reads the URL of a mail server.
func parseServer(rawURL string) (server, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return server{}, errURL
	}
	s := server{host: u.Hostname(), implicit: u.Scheme == "smtps", loopback: isLoopback(u.Hostname()), user: u.User}
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return server{}, errURL
	case s.implicit:
		s.port = 465
	case s.loopback:
		s.port = 25
	default:
		s.port = 587
	}
	if given := u.Port(); given != "" {
		if s.port, err = strconv.Atoi(given); err != nil || s.port < 1 || s.port > 65535 {
			return server{}, errURL
		}
	}
	return s, nil
}

// isLoopback reports whether a host is this very machine.
func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// settings set up go-mail for one letter. TLS from the start is made by the line
// itself; on loopback there is nobody to hide from, and certificates rarely fit.
func (s *SMTP) settings(l *line) []gomail.Option {
	policy := gomail.TLSMandatory
	if s.server.implicit || s.server.loopback {
		policy = gomail.NoTLS
	}
	settings := []gomail.Option{
		gomail.WithPort(s.server.port), gomail.WithTimeout(s.options.Timeout), gomail.WithDialContextFunc(l.dial),
		gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(s.tlsConfig()), gomail.WithoutNoop(), gomail.WithoutRset(),
	}
	if s.server.user != nil {
		settings = append(settings, gomail.WithSMTPAuthCustom(&l.credentials))
	}
	return settings
}

// tlsConfig is how the server proves who it is.
func (s *SMTP) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: s.server.host, RootCAs: s.options.Roots, MinVersion: tls.VersionTLS12}
}

var _ actions.Mailer = (*SMTP)(nil)
