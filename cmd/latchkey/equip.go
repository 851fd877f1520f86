package main

import (
	"log/slog"
	netmail "net/mail"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/mail"
	"github.com/latchkey-bot/latchkey/actions/sms"
	"github.com/latchkey-bot/latchkey/actions/wordpress"
)

// gear is what the use cases reach customers with, and what they go by.
type gear struct {
	mailer actions.Mailer
	texter actions.Texter
	writer actions.Writer
	timing timing
	lists  []actions.Suppressions // besides the directory's own
}

// gear makes it. A template that can't be used is named with its file and line,
// before anything is opened.
func (c *Config) gear() (g gear, err error) {
	if g, err = c.carriers(); err != nil {
		return gear{}, err
	}
	if g.writer, err = mail.New(c.Templates, c.Brand); err != nil {
		return gear{}, usagef("LATCHKEY_TEMPLATES: %v", err)
	}
	if g.timing, err = c.timing(); err != nil {
		return gear{}, err
	}
	g.lists, err = c.lists()
	return g, err
}

// carriers makes what carries messages to customers, as far as it is configured.
// Its errors show no secret.
func (m *Mail) carriers() (g gear, err error) {
	if m.SMTPURL != "" {
		if g.mailer, err = mail.NewSMTP(m.SMTPURL, m.MailFrom, mail.Options{}); err != nil {
			return gear{}, usagef("LATCHKEY_SMTP_URL and LATCHKEY_MAIL_FROM can't be used: %v.", err)
		}
	}
	if m.SMSURL != "" {
		if g.texter, err = sms.New(m.SMSURL, m.SMSToken, sms.Options{}); err != nil {
			return gear{}, usagef("LATCHKEY_SMS_URL and LATCHKEY_SMS_TOKEN can't be used: %v.", err)
		}
	}
	return g, nil
}

// equip gives the use cases what they reach customers with and go by, and the
// company's own words.
func (c *Config) equip(h *house, g gear) {
	a := h.actions
	a.Lists = append(a.Lists, g.lists...)
	c.staff(h.desk, g.timing)
	a.Retention, _ = actions.ParseRetention(c.Retention) // it was checked
	a.Mailer, a.Texter, a.Writer = g.mailer, g.texter, g.writer
	a.Brand, a.Closing, a.LoginURL, a.PublicURL = c.Brand, c.Closing, c.LoginURL, c.PublicURL
	a.Colleagues, a.Searches, a.LeadsChannel = c.colleagues(), c.searches(), c.LeadsChannel
	a.DigestAt = c.digestAt()
}

// openSites gives the use cases the ways to the targets on which temporary admins are
// made.
func openSites(a *actions.Actions) {
	a.Sites = map[actions.TargetKind]func(actions.Target, string) (actions.Site, error){
		actions.TargetWordPress: wordpress.Open, actions.TargetDirectory: a.DirectorySite,
	}
}

// digestAt is when the digest is told, after midnight.
func (t *Team) digestAt() time.Duration {
	at, err := time.Parse("15:04", t.DigestAt)
	if err != nil {
		return 8 * time.Hour // it was checked
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}

// colleagues is the domain that mail comes from, "" without one.
func (m *Mail) colleagues() string {
	from, err := netmail.ParseAddress(m.MailFrom)
	if err != nil {
		return ""
	}
	return actions.Domain(from.Address)
}

// searches are where closed accounts are looked up.
func (w *Words) searches() []actions.Search {
	var all []actions.Search
	for _, s := range []actions.Search{{Name: "Tickets", URL: w.TicketSearchURL}, {Name: "CRM", URL: w.CRMSearchURL}} {
		if s.URL != "" {
			all = append(all, s)
		}
	}
	return all
}

// courier has the letters sent that wait in the outbox.
func (h *house) courier(log *slog.Logger) *mail.Courier {
	return &mail.Courier{Outbox: h.outbox, Actions: h.actions, Log: log, Now: h.actions.Now}
}
