package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// openPost opens what the customers are reached by, on loopback: a mail server
// and a text service, as every company has them, that put what comes into the
// post. The returned function closes both.
func (d *demo) openPost(ctx context.Context, log *slog.Logger) (closePost func() error, err error) {
	mailbox, err := sandbox.OpenMailbox(ctx, d.post)
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the demo's text service: %w", err), mailbox.Close())
	}
	token := nonsense()
	phone := newServer(sandbox.Phone(d.post, token), log)
	ended := make(chan error, 1)
	go func() { ended <- phone.Serve(l) }()

	d.config.SMTPURL, d.config.MailFrom = mailbox.URL(), skylark+" support <support@skylark.example>"
	d.config.SMSURL, d.config.SMSToken = "http://"+l.Addr().String()+"/", token
	d.config.LoginURL = "http://" + d.page.Addr().String() + "/login"
	return func() error {
		err := errors.Join(mailbox.Close(), phone.Close())
		if why := <-ended; !errors.Is(why, http.ErrServerClosed) {
			err = errors.Join(err, why)
		}
		return err
	}, nil
}
