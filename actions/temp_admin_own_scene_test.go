package actions

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// wantsIn is the temporary admin that U1 asks jane for.
func wantsIn(changes ...func(*NewAdminAsk)) NewAdminAsk {
	n := NewAdminAsk{For: "jane@acme.example", Where: "https://shop.example", Why: "To see why orders fail", From: "Ana", Days: 2}
	for _, change := range changes {
		change(&n)
	}
	return n
}

// ownAdmin is a temporary admin that a customer was asked for.
type ownAdmin struct {
	d    *desk
	post *postman
	id   string
}

// asksAdmin asks jane for a temporary admin, and mails her.
func asksAdmin(t testing.TB, changes ...func(*NewAdminAsk)) ownAdmin {
	t.Helper()
	d, post := posts(t)
	report, err := d.AskAdmin(t.Context(), agent("", "#4711"), wantsIn(changes...))
	must(t, err)
	o := ownAdmin{d, post, report.Admin.ID}
	o.mailsAll(t)
	d.told()
	return o
}

// stored is the record.
func (o ownAdmin) stored(t testing.TB) TempAdmin { t.Helper(); return o.d.admin(t, o.id) }

// mailsAll delivers the messages that wait, and says what else is told.
func (o ownAdmin) mailsAll(t testing.TB) {
	t.Helper()
	for _, m := range o.d.store.current().outbox {
		if m.Kind == OutgoingMail {
			_ = o.d.SendMail(t.Context(), m.Ref) // one that fails says so on the card
		}
	}
}

// request is what the customer has of the link in their first mail.
func (o ownAdmin) request(t testing.TB) requested {
	t.Helper()
	_, link, found := strings.Cut(o.post.letters[0].Text, "https://help.acme.example/r/")
	id, rest, _ := strings.Cut(link, "#")
	if !found || len(rest) < 87 {
		t.Fatalf("there is no link in %q", o.post.letters[0].Text)
	}
	token, mark, _ := strings.Cut(rest[:87], ".")
	return requested{o.d, id, raw(t, token), raw(t, mark)}
}

// link is the one in the newest mail, by which the customer says that it is deleted.
func (o ownAdmin) link(t testing.TB) (id, token string) {
	t.Helper()
	text := o.post.letters[len(o.post.letters)-1].Text
	_, link, found := strings.Cut(text, "https://help.acme.example/l/")
	id, rest, _ := strings.Cut(link, "#")
	if !found || len(rest) < 43 {
		t.Fatalf("there is no link in %q", text)
	}
	return id, rest[:43]
}

// clicks has the customer press the button of a link.
func (o ownAdmin) clicks(t testing.TB, id, token string) LinkOutcome {
	t.Helper()
	outcome, err := o.d.UseLink(t.Context(), id, token, LinkGoOn)
	must(t, err)
	return outcome
}

// sweeps has the time pass and what is due be done.
func (o ownAdmin) sweeps(t testing.TB, after time.Duration) {
	t.Helper()
	o.d.passes(after)
	must(t, o.d.SweepAdmins(t.Context()))
	o.mailsAll(t)
}

// endingAdmin is one that the customer sent, and was asked to delete.
func endingAdmin(t testing.TB) ownAdmin {
	t.Helper()
	o := asksAdmin(t)
	o.request(t).answers(t, canary)
	o.sweeps(t, 2*aDay)
	if got := o.stored(t); got.State != AdminEnding || got.Tries != 1 {
		t.Fatalf("it is %+v", got)
	}
	o.d.told()
	return o
}

// ownNews is what is told of it: kinds and receivers, with the news, without mails.
func (o ownAdmin) ownNews() []string {
	var told []string
	for _, m := range o.d.store.current().outbox {
		switch _, news := m.Record(); m.Kind {
		case OutgoingMail, OutgoingRequest:
		case OutgoingAdminNews:
			told = append(told, news+" to "+m.To)
		default:
			told = append(told, string(m.Kind)+" to "+m.To)
		}
	}
	o.d.store.state.outbox = nil
	return slices.Compact(told)
}

// wantNews checks what is told of it.
func (o ownAdmin) wantNews(t testing.TB, want ...string) {
	t.Helper()
	if got := o.ownNews(); !slices.Equal(got, want) {
		t.Errorf("%q is told, want %q", got, want)
	}
}

// keepsQuiet checks that nothing with which one gets in, nor a link, lies readable in
// what is kept, or waits to be told.
func (o ownAdmin) keepsQuiet(t testing.TB, secrets ...string) {
	t.Helper()
	var all []string
	state := o.d.store.current()
	for _, e := range state.audit {
		all = append(all, e.Detail, e.Reason, e.Subject, e.Actor)
	}
	for _, m := range state.outbox {
		all = append(all, m.Ref, m.To, m.ID)
	}
	for _, m := range state.mails {
		all = append(all, m.Subject, m.Text, m.Details, m.Why, m.Contact)
	}
	for _, delivery := range state.deliveries {
		all = append(all, delivery.Detail)
	}
	for _, admin := range state.admins {
		all = append(all, admin.Reason, admin.Where, admin.For, admin.Trouble)
	}
	for _, text := range all {
		for _, secret := range append(secrets, canary, "https://help.acme.example/", "jane@acme.example") {
			if strings.Contains(text, secret) {
				t.Errorf("%q has %q in it", text, secret)
			}
		}
	}
}
