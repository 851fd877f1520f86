package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
)

// office is a real mail server. Its hooks say how it treats what comes.
type office struct {
	address  string
	port     string
	password string // wanted, when set
	rcpt     func(to string) error
	data     func(c *smtp.Conn, r io.Reader) error
	after    func(c *smtp.Conn) // a letter was taken and answered

	mu        sync.Mutex
	letters   []string
	receivers []string
	secrets   []string // passwords that it was shown
}

// open opens it; setup sees the server before.
func (o *office) open(t *testing.T, setup func(*smtp.Server)) *office {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &visit{office: o, conn: c}, nil }))
	server.Domain, server.ErrorLog = "mail.acme.example", quiet{}
	if setup != nil {
		setup(server)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if server.TLSConfig != nil && server.LMTP { // stands for TLS from the first byte
		server.LMTP = false
		l = tls.NewListener(l, server.TLSConfig)
	}
	o.address = l.Addr().String()
	_, o.port, _ = net.SplitHostPort(o.address)
	ended := make(chan struct{})
	go func() { defer close(ended); _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	return o
}

// got is what arrived.
func (o *office) got() (letters, receivers []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.letters, o.receivers
}

// saw are the passwords that it was shown.
func (o *office) saw() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.secrets
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// visit is one conversation.
type visit struct {
	office *office
	conn   *smtp.Conn
	to     string
	taken  bool
}

func (v *visit) AuthMechanisms() []string {
	if v.office.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		v.office.mu.Lock()
		defer v.office.mu.Unlock()
		v.office.secrets = append(v.office.secrets, password)
		if password != v.office.password {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "wrong: " + password}
		}
		return nil
	}), nil
}

func (v *visit) Mail(string, *smtp.MailOptions) error { return nil }

func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	v.to = to
	if v.office.rcpt != nil {
		return v.office.rcpt(to)
	}
	return nil
}

func (v *visit) Data(r io.Reader) error {
	if v.office.data != nil {
		return v.office.data(v.conn, r)
	}
	all, err := io.ReadAll(r)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.letters, v.office.receivers = append(v.office.letters, string(all)), append(v.office.receivers, v.to)
	v.taken = true
	return err
}

func (v *visit) Reset() {
	if v.taken && v.office.after != nil {
		v.office.after(v.conn)
	}
}

func (v *visit) Logout() error { return nil }

// mailer makes a mailer for an office under its name, as if it stood elsewhere.
func (o *office) mailer(t *testing.T, rawURL string, more mail.Options) *mail.SMTP {
	t.Helper()
	more.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, o.address)
	}
	more.Now = func() time.Time { return time.Date(2026, 3, 2, 9, 41, 0, 0, time.UTC) }
	m, err := mail.NewSMTP(rawURL, "Acme Support <support@acme.example>", more)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// local makes a mailer for an office on this machine.
func (o *office) local(t *testing.T) *mail.SMTP {
	t.Helper()
	return o.mailer(t, "smtp://127.0.0.1:"+o.port, mail.Options{})
}

const (
	canaryLink = "https://latchkey.example/l/abc#canaryToken0123456789"
	canaryTo   = "jane.doe@customer.example"
)

// letter is one to a customer.
func letter() actions.Letter {
	return actions.Letter{
		ID: "M1", To: canaryTo, Subject: "Grüße", Text: "Hello\n\n" + canaryLink + "\n", HTML: "<p>Hello</p>", Language: "en",
	}
}

// sendError is what Send returned, which must give nothing away.
func sendError(t *testing.T, err error) *actions.SendError {
	t.Helper()
	var sent *actions.SendError
	if !errors.As(err, &sent) {
		t.Fatalf("the error is %T %v, not a SendError", err, err)
	}
	for _, private := range []string{"jane", "doe@", "customer.example", "canaryToken", "hunter2"} {
		if strings.Contains(err.Error(), private) {
			t.Errorf("the error shows %q: %v", private, err)
		}
	}
	return sent
}

// certificate is one for mail.acme.example, and who vouches for it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"mail.acme.example"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}
