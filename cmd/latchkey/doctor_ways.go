package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
	"github.com/latchkey-bot/latchkey/bot"
)

// ways looks at the ways to customers, and back, all at once.
func (d *doctor) ways(ctx context.Context) []bot.Checked {
	looks := []func(context.Context) bot.Checked{d.publicURL, d.smtp, d.sms, d.ses}
	found := make([]bot.Checked, len(looks))
	var all sync.WaitGroup
	for i, look := range looks {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, wayLimit)
			defer cancel()
			found[i] = look(ctx)
		})
	}
	all.Wait()
	return found
}

// certificateDays is how long before a certificate ends that is said, in days.
const certificateDays = 21

// publicURL is public_url: whether a Latchkey answers there.
func (d *doctor) publicURL(ctx context.Context) bot.Checked {
	c := bot.Found("public_url", "Latchkey answers at LATCHKEY_PUBLIC_URL.")
	if d.PublicURL == "" {
		c.Warn("LATCHKEY_PUBLIC_URL isn't set, so there are no pages for customers: no secrets and no links.", "Set it to where your proxy serves LATCHKEY_LISTEN.")
		return c
	}
	if err := plainURL(d.PublicURL); err != nil {
		c.Fail(fmt.Sprintf("LATCHKEY_PUBLIC_URL %v.", err), "Correct it.")
		return c
	}
	answer, err := healthy(ctx, d.transport, d.PublicURL)
	if err != nil {
		c.Fail(unhealthy(answer, err))
		return c
	}
	if u, err := url.Parse(d.PublicURL); err == nil && loopback(u.Hostname()) {
		c.Warn("LATCHKEY_PUBLIC_URL is this machine's own address: neither Slack nor customers reach it.", "Set it to an https:// address that they reach.")
	}
	if answer.tls != nil {
		judgeCertificate(&c, answer.tls, d.now())
	}
	return c
}

// unhealthy says why no Latchkey answers, and how that is mended.
func unhealthy(answer health, err error) (sentence, mend string) {
	var wrong *tls.CertificateVerificationError
	var name x509.HostnameError
	switch {
	case errors.As(err, &wrong), errors.As(err, &name):
		return fmt.Sprintf("The certificate at LATCHKEY_PUBLIC_URL isn't taken: %v.", err), "Renew it, with its whole chain, for the name in LATCHKEY_PUBLIC_URL."
	case errors.Is(err, errOther) && answer.status >= 300 && answer.status < 400:
		return "LATCHKEY_PUBLIC_URL leads on to another address, which Slack doesn't follow.", "Set LATCHKEY_PUBLIC_URL to the address that it leads to."
	case errors.Is(err, errOther):
		return fmt.Sprintf("At LATCHKEY_PUBLIC_URL %v.", err), "Have the proxy pass every path there to LATCHKEY_LISTEN, and check that 'latchkey serve' runs."
	}
	return fmt.Sprintf("LATCHKEY_PUBLIC_URL can't be reached (%v).", err),
		"Start 'latchkey serve', have the proxy pass https:// to LATCHKEY_LISTEN, and check the name's DNS entry and the firewall."
}

// judgeCertificate says when a certificate ends soon.
func judgeCertificate(c *bot.Checked, state *tls.ConnectionState, now time.Time) {
	for _, certificate := range state.PeerCertificates {
		left := certificate.NotAfter.Sub(now)
		if days := int(math.Ceil(left.Hours() / 24)); days <= certificateDays {
			c.Warn(fmt.Sprintf("The certificate at LATCHKEY_PUBLIC_URL ends in %s, on %s.", plural(days, "day"), certificate.NotAfter.UTC().Format(time.DateOnly)),
				"Renew it, and find out why that didn't happen by itself.")
			return
		}
	}
}

// withoutURL is what went wrong, without the address, which may hold a secret.
func withoutURL(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		return inURL.Err
	}
	return err
}

// smtp is smtp: whether the mail server takes mail from us. None is sent.
func (d *doctor) smtp(ctx context.Context) bot.Checked {
	c := bot.Found("smtp", "The mail server takes mail from LATCHKEY_MAIL_FROM.")
	if d.SMTPURL == "" {
		c.Sentence = "Mail can only be copied by hand: LATCHKEY_SMTP_URL isn't set."
		return c
	}
	server, err := mail.NewSMTP(d.SMTPURL, d.MailFrom, mail.Options{Timeout: wayLimit})
	if err != nil {
		c.Fail(fmt.Sprintf("LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM can't be used: %v.", err), "Correct them.")
		return c
	}
	var trouble *mail.CheckError
	if errors.As(server.Check(ctx), &trouble) {
		c.Fail(trouble.Sentence, trouble.Mend)
	}
	return c
}

// sms is sms: whether something answers where texts are posted to. None is sent.
func (d *doctor) sms(ctx context.Context) bot.Checked {
	c := bot.Found("sms", "Something answers where texts are posted to.")
	if d.SMSURL == "" {
		c.Sentence = "No texts are sent: LATCHKEY_SMS_URL isn't set."
		return c
	}
	g, err := (&Mail{SMSURL: d.SMSURL, SMSToken: d.SMSToken}).carriers()
	service, checks := g.texter.(interface {
		Check(ctx context.Context) (status int, err error)
	})
	if err != nil || !checks {
		c.Fail("LATCHKEY_SMS_URL and LATCHKEY_SMS_TOKEN can't be used.", "Correct them: an https:// address, and a token without spaces.")
		return c
	}
	switch status, err := service.Check(ctx); {
	case err != nil:
		c.Fail(fmt.Sprintf("LATCHKEY_SMS_URL can't be reached (%v).", err), "Correct it, and check that the service runs and this machine may reach it.")
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		c.Warn(fmt.Sprintf("The text service turns Latchkey away (%d).", status), "Compare LATCHKEY_SMS_TOKEN with the token that it wants.")
	case status == http.StatusNotFound || status == http.StatusGone:
		c.Warn(fmt.Sprintf("There is nothing at LATCHKEY_SMS_URL (%d), unless it is silent to who doesn't post.", status), "Compare the path in LATCHKEY_SMS_URL with the service's.")
	case status >= http.StatusInternalServerError && status != http.StatusNotImplemented:
		c.Warn(fmt.Sprintf("The text service fails (%d).", status), "Look into its log.")
	}
	return c
}

// ses is ses: whether the list of the mail provider can be read.
func (d *doctor) ses(ctx context.Context) bot.Checked {
	c := bot.Found("ses", "Amazon SES shows which addresses it holds mail back from.")
	if d.SES == (SES{}) {
		c.Sentence = "No mail provider is asked which addresses it holds mail back from: LATCHKEY_SES_REGION isn't set."
		return c
	}
	lists, err := d.lists()
	if agreed := d.SES.agree(); agreed != nil || err != nil || len(lists) == 0 {
		c.Fail("The variables LATCHKEY_SES_… can't be used together.", "Set LATCHKEY_SES_REGION, _ACCESS_KEY_ID and _SECRET_ACCESS_KEY, or none.")
		return c
	}
	client, checks := lists[0].(interface {
		Check(ctx context.Context) error
	})
	if !checks {
		return c
	}
	err = client.Check(ctx)
	switch {
	case errors.Is(err, actions.ErrTurnedAway):
		c.Fail("Amazon SES turns Latchkey away: the access key isn't valid, or may not list suppressed destinations.",
			"Check LATCHKEY_SES_ACCESS_KEY_ID and its secret, and allow ses:ListSuppressedDestinations, ses:GetSuppressedDestination and ses:DeleteSuppressedDestination.")
	case err != nil:
		c.Fail(strings.TrimSuffix(actions.Explain(err).Sentence, " Please tell your Latchkey admin."),
			"Check LATCHKEY_SES_REGION and LATCHKEY_SES_URL, and that this machine may reach Amazon.")
	}
	return c
}
