package mail

import (
	"errors"
	"slices"
	"strings"

	"github.com/wneessen/go-mail/smtp"
)

// credentials prove who we are, by the best way that the server offers. go-mail's
// own choice doesn't know of TLS that was there before it.
type credentials struct {
	user, password, host string
	loopback             bool
	chosen               smtp.Auth // nil before they were asked for
}

// errNoWay is for a server that takes credentials in no way we know.
var errNoWay = errors.New("the mail server offers none of SCRAM, PLAIN and LOGIN")

// Start chooses a way and begins it. The password goes in the clear only over TLS
// or on loopback.
func (c *credentials) Start(info *smtp.ServerInfo) (string, []byte, error) {
	offered := strings.Split(strings.ToUpper(strings.Join(info.Auth, " ")), " ")
	switch {
	case slices.Contains(offered, "SCRAM-SHA-256"):
		c.chosen = smtp.ScramSHA256Auth(c.user, c.password)
	case slices.Contains(offered, "PLAIN"):
		c.chosen = smtp.PlainAuth("", c.user, c.password, c.host, c.loopback)
	case slices.Contains(offered, "LOGIN"):
		c.chosen = smtp.LoginAuth(c.user, c.password, c.host, c.loopback)
	default:
		return "", nil, errNoWay
	}
	return c.chosen.Start(info)
}

// Next goes on with the way that was chosen.
func (c *credentials) Next(fromServer []byte, more bool) ([]byte, error) {
	return c.chosen.Next(fromServer, more)
}
