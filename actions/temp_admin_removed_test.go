package actions

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOwnAdminReminders: the customer is asked at once, after 1, 3 and 7 days, and then
// every week, each time with a link of its own; the agent hears of the first.
func TestOwnAdminReminders(t *testing.T) {
	o := endingAdmin(t)
	asked := o.stored(t).EndingAt
	var days []int
	links := map[string]bool{}
	for range 30 {
		o.sweeps(t, aDay)
		if len(o.post.letters)-2 == len(days) {
			continue
		}
		days = append(days, int(o.d.now.Sub(asked)/aDay))
		id, token := o.link(t)
		links[id], links[token] = true, true
	}
	if want := []int{1, 3, 7, 14, 21, 28}; !slices.Equal(days, want) {
		t.Errorf("they are asked on the days %v, want %v", days, want)
	}
	if len(links) != 2*len(days) || len(o.d.store.current().fakeLinks) != 1+len(days) {
		t.Errorf("there are %d IDs and tokens in %d mails", len(links), len(days))
	}
	if got := o.ownNews(); len(got) != 1 || got[0] != "temp_admin to U1" {
		t.Errorf("%q is told", got)
	}
	for id, link := range o.d.store.current().fakeLinks {
		if link.Purpose != LinkRemoved || link.Operation != o.id || link.UserID != "u-1" || !link.ExpiresAt.Equal(link.At.Add(30*aDay)) {
			t.Errorf("the link %s is %+v", id, link)
		}
	}
}

// TestOwnAdminRemindersAfterAPause: whoever was off for days asks once, not as often as
// it would have, and the days count from the first time.
func TestOwnAdminRemindersAfterAPause(t *testing.T) {
	for pause, next := range map[time.Duration]int{5 * aDay: 7, 7 * aDay: 14, 10 * aDay: 14, 100 * aDay: 105} {
		o := endingAdmin(t)
		o.sweeps(t, pause)
		o.sweeps(t, 0)
		if got := o.stored(t); got.Tries != 2 || !got.Due.Equal(got.EndingAt.Add(time.Duration(next)*aDay)) {
			t.Errorf("after %v it was asked %d times, and next at %v", pause, got.Tries, got.Due)
		}
	}
}

// TestOwnAdminMailSays: the mail says who asks, about what, and until when its link is
// good.
func TestOwnAdminMailSays(t *testing.T) {
	o := asksAdmin(t)
	o.d.Writer = placed{}
	o.request(t).answers(t, canary)
	o.sweeps(t, 2*aDay)
	letter := o.post.letters[len(o.post.letters)-1]
	for _, want := range []string{"from Ana", "until 2026-04-11 12:00 UTC", "about https://shop.example\nTo see why orders fail"} {
		if !strings.Contains(letter.Text, want) {
			t.Errorf("it doesn't say %q: %s", want, letter.Text)
		}
	}
}

// placed writes what a mail says of its link.
type placed struct{}

func (placed) Write(w Writing) (Written, error) {
	w.Text = "from [sender] until [until] about [details]: [insert link here]"
	return echo{}.Write(w)
}

// TestOwnAdminMailFails: whoever can't be asked to delete it isn't forgotten: who
// answers for it hears so once, the card says why, and they are asked again.
func TestOwnAdminMailFails(t *testing.T) {
	for name, c := range map[string]struct {
		fail, mend func(*desk, *postman)
	}{
		"refused by the server": {
			func(_ *desk, p *postman) { p.answer = &SendError{Refused: true, Sentence: "No such mailbox."} },
			func(_ *desk, p *postman) { p.answer = nil },
		},
		"no contact": {
			func(d *desk, _ *postman) { d.directory.scene.Users[0].Email = "" },
			func(d *desk, _ *postman) { d.directory.scene.Users[0].Email = "jane@acme.example" },
		},
		"customer deleted": {
			func(d *desk, _ *postman) { d.directory.scene.Users = nil },
			func(d *desk, _ *postman) { d.directory.scene.Users = stage().Users },
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := asksAdmin(t)
			o.request(t).answers(t, canary)
			o.d.told()
			c.fail(o.d, o.post)
			o.sweeps(t, 2*aDay)
			got := o.stored(t)
			if got.State != AdminEnding || got.Trouble == "" || !got.TroubleSince.Equal(o.d.now) || got.Due.IsZero() {
				t.Errorf("it is %+v", got)
			}
			o.wantNews(t, "temp_admin to U1", "asked to U1", "temp_admin to U1", "trouble to U1", "temp_admin to U1")
			o.sweeps(t, aDay)
			if again := o.stored(t); again.Tries != 2 || again.Trouble == "" || !again.TroubleSince.Equal(got.TroubleSince) {
				t.Errorf("the second time it is %+v", again)
			}
			o.wantNews(t, "temp_admin to U1")
			c.mend(o.d, o.post)
			o.sweeps(t, 2*aDay)
			if mended := o.stored(t); mended.Trouble != "" || !mended.TroubleSince.IsZero() || mended.State != AdminEnding {
				t.Errorf("once they could be asked it is %+v", mended)
			}
			if outcome := o.clicks2(t); outcome.State != LinkLive || o.stored(t).State != AdminGone {
				t.Errorf("the click comes to %+v", outcome)
			}
		})
	}
}

// clicks2 has the customer press the button of the newest link.
func (o ownAdmin) clicks2(t testing.TB) LinkOutcome {
	t.Helper()
	id, token := o.link(t)
	return o.clicks(t, id, token)
}

// TestOwnAdminMailTooLate: a mail that waited until it was deleted isn't sent, and is no
// trouble; nor one whose record was forgotten.
func TestOwnAdminMailTooLate(t *testing.T) {
	for name, before := range map[string]func(ownAdmin){
		"deleted meanwhile": func(o ownAdmin) {
			_, err := o.d.AdminRemoved(t.Context(), agent("", ""), o.id, "they called")
			must(t, err)
		},
		"forgotten": func(o ownAdmin) { delete(o.d.store.state.admins, o.id) },
	} {
		t.Run(name, func(t *testing.T) {
			o := endingAdmin(t)
			o.d.passes(aDay)
			must(t, o.d.SweepAdmins(t.Context()))
			sent := len(o.post.letters)
			mails := o.d.store.current().outbox
			before(o)
			o.d.store.state.outbox = mails
			o.mailsAll(t)
			if len(o.post.letters) != sent {
				t.Error("it was sent")
			}
			for _, m := range o.d.store.current().mails {
				if m.State == MailFailed && (m.Template != TemplateAdminDelete || m.Why == "") || m.State == MailQueued {
					t.Errorf("the mail is %+v", m)
				}
			}
			if got := o.d.store.current().admins[o.id]; got.Trouble != "" {
				t.Errorf("it is %+v", got)
			}
		})
	}
}

// TestRemovedByLink: one click counts; a second one, and other links, change nothing more.
func TestRemovedByLink(t *testing.T) {
	o := endingAdmin(t)
	first, firstToken := o.link(t)
	o.sweeps(t, aDay)
	second, secondToken := o.link(t)
	if first == second {
		t.Fatal("both mails have one link")
	}
	o.d.told()
	if outcome := o.clicks(t, second, secondToken); outcome.State != LinkLive {
		t.Errorf("the first click comes to %+v", outcome)
	}
	gone := o.stored(t)
	rows := len(o.d.store.current().audit)
	o.wantNews(t, "temp_admin to U1", "gone to U1")
	o.d.passes(hour)
	if outcome := o.clicks(t, second, secondToken); outcome.State != LinkSpent || outcome.Purpose != LinkRemoved {
		t.Errorf("the second click comes to %+v", outcome)
	}
	if outcome := o.clicks(t, first, firstToken); outcome.State != LinkLive {
		t.Errorf("the other link comes to %+v", outcome)
	}
	if outcome := o.clicks(t, first, firstToken); outcome.State != LinkSpent {
		t.Errorf("the other link, pressed again, comes to %+v", outcome)
	}
	if got := o.stored(t); got != gone || len(o.d.store.current().audit) != rows {
		t.Errorf("it became %+v", got)
	}
	o.wantNews(t)
	o.keepsQuiet(t, first, firstToken, second, secondToken)
}

// TestRemovedByLinkNot: what isn't a good link changes nothing, and says what it is.
func TestRemovedByLinkNot(t *testing.T) {
	o := endingAdmin(t)
	id, token := o.link(t)
	o.d.changesNothing(t, func() {
		if got := o.d.LinkPage(t.Context(), id); got != LinkRemoved {
			t.Errorf("the page is for %q", got)
		}
		if outcome := o.clicks(t, id, randomText(linkTokenBytes)); outcome.State != LinkIncomplete || outcome.Purpose != "" {
			t.Errorf("a wrong token comes to %+v", outcome)
		}
		_, err := o.d.UseLink(t.Context(), id, token, LinkDeny)
		wantCode(t, err, Invalid)
		o.d.directory.err = errBroken
		if _, err := o.d.UseLink(t.Context(), id, token, LinkGoOn); err == nil {
			t.Error("it works without a directory")
		}
		o.d.directory.err = nil
		o.d.passes(30 * aDay)
		if outcome := o.clicks(t, id, token); outcome.State != LinkExpired {
			t.Errorf("after 30 days it comes to %+v", outcome)
		}
	})
}

// TestRemovedByTheDeleted: a customer who was deleted meanwhile may still say so, and so
// may one whose record nobody has any more.
func TestRemovedByTheDeleted(t *testing.T) {
	o := endingAdmin(t)
	o.d.directory.scene.Users = nil
	if outcome := o.clicks2(t); outcome.State != LinkLive || outcome.Locale != "" || o.stored(t).State != AdminGone {
		t.Errorf("it comes to %+v", outcome)
	}
	o = endingAdmin(t)
	delete(o.d.store.state.admins, o.id)
	if outcome := o.clicks2(t); outcome.State != LinkLive {
		t.Errorf("of a forgotten one it comes to %+v", outcome)
	}
}

// TestRemovedAtOnce: of two who press at once, one is heard.
func TestRemovedAtOnce(t *testing.T) {
	o := endingAdmin(t)
	id, token := o.link(t)
	o.d.crossed(func() {
		if outcome := o.clicks(t, id, token); outcome.State != LinkLive {
			t.Errorf("who was faster comes to %+v", outcome)
		}
	})
	if outcome := o.clicks(t, id, token); outcome.State != LinkSpent {
		t.Errorf("who was slower comes to %+v", outcome)
	}
}

// TestRemovedAllOrNothing: a click that can't be written down counts for nothing.
func TestRemovedAllOrNothing(t *testing.T) {
	o := endingAdmin(t)
	id, token := o.link(t)
	o.d.changesNothing(t, func() {
		o.d.Store = &crossing{fakeStore: o.d.store, lost: errBroken}
		if _, err := o.d.UseLink(t.Context(), id, token, LinkGoOn); err == nil {
			t.Error("it counted")
		}
	})
	o.d.Store = o.d.store
	if outcome := o.clicks(t, id, token); outcome.State != LinkLive {
		t.Errorf("it comes to %+v", outcome)
	}
}

// TestAdminRemoved: an agent may say so, for a reason, and once.
func TestAdminRemoved(t *testing.T) {
	o := endingAdmin(t)
	_, err := o.d.AdminRemoved(t.Context(), Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAgent)}}, o.id, "Jane said so on the phone")
	must(t, err)
	if got := o.stored(t); got.State != AdminGone || !got.EndedAt.Equal(o.d.now) || !got.Due.IsZero() {
		t.Errorf("it is %+v", got)
	}
	if e := o.d.written(t); e.Act != ActAdminRemoved || e.Actor != "U2" || e.Subject != "u-1" || e.Reason != "Jane said so on the phone" || e.Ticket != "#4711" {
		t.Errorf("the audit says %+v", e)
	}
	o.wantNews(t, "temp_admin to U1", "gone to U1")
	o.d.changesNothing(t, func() {
		report, err := o.d.AdminRemoved(t.Context(), agent("", ""), o.id, "once more")
		if err != nil || report.Admin.State != AdminGone {
			t.Errorf("a second time it is %+v, %v", report.Admin, err)
		}
	})
}

// TestAdminRemovedNot: not without a reason, not of one that nobody was asked to delete.
func TestAdminRemovedNot(t *testing.T) {
	asked, received := asksAdmin(t), asksAdmin(t)
	received.request(t).answers(t, canary)
	managed, _ := hosts(t)
	ours := ownAdmin{d: managed, id: managed.keepsAdmin(t, func(a *TempAdmin) { a.State, a.EndingAt = AdminEnding, noon }).ID}
	refused := asksAdmin(t)
	refused.request(t).withdraws(t)
	over := endingAdmin(t)
	stopped := endingAdmin(t)
	stopped.d.store.state.brakes["U1"] = Brake{Actor: "U1", At: noon}
	for name, c := range map[string]struct {
		o      ownAdmin
		call   Call
		id     string
		reason string
		code   Code
	}{
		"asked":           {asked, agent("", ""), asked.id, "they said so", Conflict},
		"received":        {received, agent("", ""), received.id, "they said so", Conflict},
		"never was":       {refused, agent("", ""), refused.id, "they said so", Conflict},
		"managed":         {ours, agent("", ""), ours.id, "they said so", Conflict},
		"nobody's":        {over, agent("", ""), "another", "they said so", NotFound},
		"no reason":       {over, agent("", ""), over.id, " ", Invalid},
		"a password":      {over, agent("", ""), over.id, "password: hunter22!", Invalid},
		"no role":         {over, Call{Actor: Actor{ID: "U9"}}, over.id, "they said so", Forbidden},
		"who was stopped": {stopped, agent("", ""), stopped.id, "they said so", Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			before := c.o.d.store.current().admins[c.id]
			_, err := c.o.d.AdminRemoved(t.Context(), c.call, c.id, c.reason)
			wantCode(t, err, c.code)
			if c.o.d.store.current().admins[c.id] != before {
				t.Error("it changed")
			}
		})
	}
}

// TestOwnAdminLogsNothing: nothing of a whole life stands in the log, also when its
// mails fail.
func TestOwnAdminLogsNothing(t *testing.T) {
	var lines bytes.Buffer
	o := asksAdmin(t)
	o.d.Log = slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r := o.request(t)
	r.answers(t, canary)
	r.views(t, r.viewing(t))
	o.post.answer = &SendError{Refused: true, Sentence: "No such mailbox."}
	o.sweeps(t, 2*aDay)
	o.post.answer = nil
	o.sweeps(t, aDay)
	id, token := o.link(t)
	o.clicks(t, id, token)
	o.keepsQuiet(t, id, token, encoded(r.token))
	for _, secret := range []string{canary, id, token, r.id, encoded(r.token), "jane@acme.example"} {
		if strings.Contains(lines.String(), secret) {
			t.Errorf("the log has %q in it: %s", secret, &lines)
		}
	}
}
