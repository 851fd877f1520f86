package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// paper writes for a terminal: coloured only when somebody reads it.
type paper struct {
	out    io.Writer
	colour bool
	err    error
}

func newPaper(out io.Writer) *paper {
	return &paper{out: out, colour: isTerminal(out) && os.Getenv("NO_COLOR") == ""}
}

// show writes a diagnosis for a person at a terminal.
func show(out io.Writer, d actions.Diagnosis) error {
	p := newPaper(out)
	p.heading(d)
	p.incident(d.Facts.Incident)
	for i, f := range d.Findings {
		p.finding(i, f)
	}
	p.facts(d.Facts)
	p.freshness(d.Facts.Freshness)
	return p.err
}

func (p *paper) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format+"\n", args...)
	}
}

// The looks of text on a terminal.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p *paper) in(look, text string) string {
	if !p.colour {
		return text
	}
	return "\x1b[" + look + "m" + text + "\x1b[0m"
}

// plain takes control characters out of what came from outside, so that a
// record can't steer the terminal.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || (r >= 0x7f && r < 0xa0) || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return '�'
		}
		return r
	}, s)
}

// when says a time, in the zone of the server's clock: UTC.
func when(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" }

func (p *paper) heading(d actions.Diagnosis) {
	switch {
	case d.User != nil:
		p.line("%s", p.in(bold, plain(describe(*d.User))))
	case len(d.Matches) > 0:
		p.line("%s", p.in(bold, fmt.Sprintf("%d users fit %s; who tried last comes first. Ask again by the ID:", len(d.Matches), plain(d.Identifier))))
		for _, m := range d.Matches {
			p.line("  %s", plain(describe(m)))
		}
	case len(d.Facts.Failed) > 0:
		for i, a := range d.Facts.Accounts {
			p.account(a, d.Facts.Failed[i])
		}
	default:
		p.line("%s", p.in(bold, "Nobody is known as "+plain(d.Identifier)))
	}
}

// incident says that many customers fail as this one does: there is one cause to look for.
func (p *paper) incident(i *actions.IncidentFact) {
	if i != nil {
		p.line("%s", p.in(red, fmt.Sprintf("Incident: %s failed the same way (%s) since %s", plural(i.Customers, "customer"), i.Outcome.Words(), when(i.Since))))
	}
}

// describe names a user on one line.
func describe(u actions.Person) string {
	parts := []string{u.ID}
	for _, part := range []string{u.Name, u.Username, u.Email, u.Mobile} {
		if part != "" && part != parts[len(parts)-1] {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " · ") + " (" + string(u.Status) + ")"
}

func (p *paper) account(a actions.AccountFact, fail actions.AccountFail) {
	p.line("%s", p.in(bold, plain(accountLine(a))))
	p.line("  %s; %d of them failed in the last day", plural(a.Members, "member"), len(fail.Users))
	for _, f := range fail.Users {
		since := "not in since"
		if !f.InSince.IsZero() {
			since = "in since " + when(f.InSince)
		}
		p.line("  %s: %s at %s, %s, %s", plain(describe(f.Person)), f.Outcome.Words(), when(f.At), plural(f.Failures, "failure"), since)
	}
	if fail.Cut {
		p.line("  … and more")
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func accountLine(a actions.AccountFact) string {
	text := fmt.Sprintf("%s is %s", a.Name, a.Status.Words())
	if a.Reason != "" {
		text += ", reason " + a.Reason
	}
	if len(a.GatewayIDs) > 0 {
		text += " · Gateway ID " + strings.Join(a.GatewayIDs, ", ")
	}
	if a.Owner != "" {
		text += " · owner " + a.Owner
	}
	return text
}

var gradeLooks = map[actions.Grade]string{actions.Proven: green, actions.Indicated: yellow, actions.Unknown: dim}

func (p *paper) finding(i int, f actions.Finding) {
	p.line("")
	title := fmt.Sprintf("%s (%s)", f.Cause, f.Grade)
	if i > 0 {
		title = "also: " + title
	}
	p.line("%s", p.in(gradeLooks[f.Grade], title))
	p.line("  %s", plain(f.Summary))
	for _, e := range f.Evidence {
		p.line("  %s  %s", p.in(dim, when(e.At)), plain(e.Text))
	}
	if i > 0 {
		return // what leads has to be settled first
	}
	for _, id := range f.Remedies {
		if remedy, ok := actions.RemedyFor(id); ok {
			p.line("  → %s %s", remedy.Step, p.in(dim, "("+remedy.Who+")"))
		}
	}
	p.line("  to anybody not yet verified: %s", plain(f.TellCaller))
	if f.TellCustomer != "" {
		p.line("  to the verified customer: %s", plain(f.TellCustomer))
	}
	if f.Article != "" {
		p.line("  an article for them: %s", plain(f.Article))
	}
}

func (p *paper) facts(f actions.Facts) {
	if f.Contact == nil && len(f.NearNames) == 0 {
		return
	}
	p.line("")
	if len(f.NearNames) > 0 {
		p.line("Nearly the same name, only to ask about:")
		for _, near := range f.NearNames {
			p.line("  %s", plain(describe(near)))
		}
		return
	}
	p.contact(*f.Contact)
	for _, a := range f.Accounts {
		p.line("%-14s%s; %s, %s", "account", plain(accountLine(a)), a.Role, a.Membership)
	}
	p.attempts(f)
	for _, l := range f.Locks {
		state := p.in(red, "open")
		if !l.Open {
			state = "ended " + when(l.EndedAt)
		}
		p.line("%-14s%s since %s, %s", "lock", l.Kind.Words(), when(l.At), state)
	}
	if f.Protected {
		p.line("%-14s%s", "protected", "nothing is done to this user without a second person")
	}
	for _, s := range f.Support {
		p.line("%-14s%s %s by %s (%s)", "support", when(s.At), s.Act, plain(s.Actor), s.Outcome)
	}
	if f.Alike != nil {
		p.line("%-14s%d other customers in the last hour, %.1f are usual", "fail alike", f.Alike.Customers, f.Alike.Usual)
	}
	if f.Cut != "" {
		p.line("%-14s%s", "not read", f.Cut)
	}
}

// attempts prints the newest attempts, and the last success when it is older.
func (p *paper) attempts(f actions.Facts) {
	for _, a := range f.LastAttempts {
		p.line("%-14s%s", "attempt", attemptLine(a))
	}
	older := func(s actions.AttemptFact) bool {
		n := len(f.LastAttempts)
		return n == 0 || s.At.Before(f.LastAttempts[n-1].At)
	}
	if f.LastSuccess != nil && older(*f.LastSuccess) {
		p.line("%-14s%s", "last success", attemptLine(*f.LastSuccess))
	}
	if f.Failures > 0 {
		p.line("%-14s%s in the last 7 days", "in all", plural(f.Failures, "failure"))
	}
}

func (p *paper) contact(c actions.Contact) {
	text := contactLine(c.Email, "no e-mail", c.EmailVerified) + ", " + contactLine(c.Mobile, "no mobile", c.MobileVerified)
	for _, channel := range c.OptedOut {
		text += ", opted out of " + channel.Words()
	}
	if c.ChangedLately {
		text += ", changed " + when(c.ChangedAt)
	}
	p.line("%-14s%s", "contact", plain(text))
}

func contactLine(value, none string, verified bool) string {
	switch {
	case value == "":
		return none
	case verified:
		return value + " (verified)"
	}
	return value + " (not verified)"
}

func attemptLine(a actions.AttemptFact) string {
	text := when(a.At) + "  " + a.Outcome.Words()
	if a.IP != "" {
		text += " from " + a.IP
	}
	if a.Country != "" {
		text += " (" + a.Country + ")"
	}
	if a.VPN {
		text += ", over a VPN"
	}
	if a.Staff {
		text += ", our own staff: doesn't count"
	}
	return plain(text)
}

func (p *paper) freshness(f actions.Freshness) {
	p.line("")
	if f.Stale {
		p.line("%s", p.in(yellow, "Careful: "+f.Text))
		return
	}
	p.line("%s", p.in(dim, f.Text))
}
