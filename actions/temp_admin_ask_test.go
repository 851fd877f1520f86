package actions

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOwnAdminLife: a customer is asked, sends the credentials, is asked to delete it,
// and says by a click that they did.
func TestOwnAdminLife(t *testing.T) {
	d, post := posts(t)
	report, err := d.AskAdmin(t.Context(), agent("", "4711"), wantsIn())
	must(t, err)
	o := ownAdmin{d, post, report.Admin.ID}
	got := o.stored(t)
	if got.Site != SiteCustomer || got.State != AdminAsked || got.UserID != "u-1" || got.For != "j•••@a•••.example" || got.Where != "https://shop.example" ||
		got.Actor != "U1" || got.Receiver != "U1" || got.Reason != "To see why orders fail" || got.Ticket != "4711" || got.Days != 2 ||
		!got.At.Equal(noon) || !got.Due.IsZero() || !got.ExpiresAt.IsZero() {
		t.Errorf("asked for is %+v", got)
	}
	if e := d.written(t); e.Act != ActAskAdmin || e.Actor != "U1" || e.Subject != "u-1" || e.Reason != "To see why orders fail" ||
		e.Detail != "temporary admin on https://shop.example: asked by mail for one, for j•••@a•••.example" {
		t.Errorf("the audit says %+v", e)
	}
	d.wantTold(t, "mail to email", "secret_request to U1", "temp_admin to U1")
	must(t, d.SendMail(t.Context(), d.store.state.requests[got.Request].Mail))
	d.wantTold(t, "secret_request to U1", "temp_admin to U1")

	r := o.request(t)
	if r.id != got.Request || post.letters[0].To != "jane@acme.example" {
		t.Fatalf("the letter is %+v", post.letters[0])
	}
	page := r.page(t)
	if page.From != "Ana" || page.What != "Login name and password of the temporary administrator (https://shop.example)" ||
		page.Why != "To see why orders fail" || !page.ExpiresAt.Equal(noon.Add(7*aDay)) {
		t.Errorf("the customer reads %+v", page)
	}
	d.passes(hour)
	r.answers(t, canary)
	got = o.stored(t)
	if got.State != AdminReceived || !got.BegunAt.Equal(d.now) || !got.ExpiresAt.Equal(d.now.Add(2*aDay)) || !got.Due.Equal(d.now.Add(aDay)) {
		t.Errorf("received is %+v", got)
	}
	d.wantTold(t, "temp_admin to U1", "temp_admin_news to U1", "secret_request to U1")
	if viewed := r.views(t, r.viewing(t)); string(viewed.Content) != canary {
		t.Errorf("opened is %q", viewed.Content)
	}
	if got = o.stored(t); got.State != AdminInUse || !got.Due.Equal(d.now.Add(aDay)) {
		t.Errorf("opened is %+v", got)
	}
	d.wantTold(t, "temp_admin to U1", "secret_request to U1", "secret_request_opened to U1")

	o.sweeps(t, 2*aDay)
	if got = o.stored(t); got.State != AdminEnding || got.End != AdminExpired || got.EndedBy != "latchkey" || !got.EndingAt.Equal(d.now) || got.Tries != 1 {
		t.Errorf("ending is %+v", got)
	}
	o.wantNews(t, "temp_admin to U1", "asked to U1", "temp_admin to U1")
	id, token := o.link(t)
	d.passes(minute)
	if outcome := o.clicks(t, id, token); outcome.State != LinkLive || outcome.Purpose != LinkRemoved || outcome.Code != "" || outcome.Sentence != "" {
		t.Errorf("the click comes to %+v", outcome)
	}
	if got = o.stored(t); got.State != AdminGone || !got.EndedAt.Equal(d.now) || !got.Due.IsZero() || got.End != AdminExpired {
		t.Errorf("gone is %+v", got)
	}
	if e := d.written(t); e.Act != ActAdminGone || e.Actor != "owner" || e.Subject != "u-1" || e.Ticket != "4711" {
		t.Errorf("the audit says %+v", e)
	}
	o.wantNews(t, "temp_admin to U1", "gone to U1")
	o.keepsQuiet(t, id, token, r.id)
	o.sweeps(t, 30*aDay)
	o.wantNews(t)
}

// TestOwnAdminLanguage: what is asked for is said in the customer's language.
func TestOwnAdminLanguage(t *testing.T) {
	for locale, want := range map[string]string{
		"de_AT": "Benutzername und Passwort", "fr": "Identifiant et mot de passe", "es-419": "Nombre de usuario", "pt-BR": "Nome de usuário",
		"en-AU": "Login name", "ja": "Login name", "": "Login name",
	} {
		d, _ := posts(t, user(func(u *User) { u.Locale = locale }))
		report, err := d.AskAdmin(t.Context(), agent("", ""), wantsIn(func(n *NewAdminAsk) { n.Where = "" }))
		must(t, err)
		if what := d.store.state.requests[report.Admin.Request].What; !strings.HasPrefix(what, want) || strings.Contains(what, "(") {
			t.Errorf("in %q it asks for %q", locale, what)
		}
	}
}

// TestAskAdminRefused: what can't be asked isn't, and says which field is to blame.
func TestAskAdminRefused(t *testing.T) {
	friday := time.Date(2026, 3, 13, 17, 1, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*NewAdminAsk)
		scene  option
		at     time.Time
		code   Code
		field  string
	}{
		"nobody":                 {change: func(n *NewAdminAsk) { n.For = " " }, code: Invalid, field: "for"},
		"somebody unknown":       {change: func(n *NewAdminAsk) { n.For = "joe@acme.example" }, code: NotFound, field: "for"},
		"no address on file":     {scene: user(func(u *User) { u.Email = "" }), change: func(n *NewAdminAsk) { n.For = "jane.doe" }, code: Conflict, field: "for"},
		"a contact just changed": {scene: user(func(u *User) { u.ContactChangedAt = noon.Add(-hour) }), code: Conflict, field: "for"},
		"a protected customer":   {scene: user(func(u *User) { u.Protected = true }), code: Conflict, field: "for"},
		"a script's address":     {change: func(n *NewAdminAsk) { n.Where = "javascript:alert(1)" }, code: Invalid, field: "where"},
		"an address that isn't":  {change: func(n *NewAdminAsk) { n.Where = "ftp://shop.example" }, code: Invalid, field: "where"},
		"a login in the address": {change: func(n *NewAdminAsk) { n.Where = "https://admin:pw@shop.example" }, code: Invalid, field: "where"},
		"a query in the address": {change: func(n *NewAdminAsk) { n.Where = "https://shop.example/?token=x" }, code: Invalid, field: "where"},
		"words for an address":   {change: func(n *NewAdminAsk) { n.Where = "their shop" }, code: Invalid, field: "where"},
		"a long address":         {change: func(n *NewAdminAsk) { n.Where = strings.Repeat("x", whereLimit+1) }, code: Invalid, field: "where"},
		"no reason":              {change: func(n *NewAdminAsk) { n.Why = " " }, code: Invalid, field: "reason"},
		"a password as a reason": {change: func(n *NewAdminAsk) { n.Why = "password: hunter22!" }, code: Invalid, field: "reason"},
		"a week and a day":       {change: func(n *NewAdminAsk) { n.Days = 8 }, code: Invalid, field: "days"},
		"less than nothing":      {change: func(n *NewAdminAsk) { n.Days = -1 }, code: Invalid, field: "days"},
		"a day over a weekend":   {change: func(n *NewAdminAsk) { n.Days = 2 }, at: friday, code: Invalid, field: "days"},
	} {
		t.Run(name, func(t *testing.T) {
			var options []option
			if c.scene != nil {
				options = append(options, c.scene)
			}
			d, _ := posts(t, options...)
			if !c.at.IsZero() {
				d.now = c.at
			}
			var changes []func(*NewAdminAsk)
			if c.change != nil {
				changes = append(changes, c.change)
			}
			_, err := d.AskAdmin(t.Context(), agent("", ""), wantsIn(changes...))
			wantCode(t, err, c.code)
			if got := AdminField(err); got != c.field || strings.Contains(err.Error(), "hand the link over") {
				t.Errorf("the error is about %q: %v", got, err)
			}
			if s := d.store.current(); len(s.admins)+len(s.requests)+len(s.mails)+len(s.sealed)+len(s.outbox) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

// TestAskAdminWho: an agent may, who was stopped may not, nor who asked too often, and
// the same request asks once.
func TestAskAdminWho(t *testing.T) {
	d, _ := posts(t)
	_, err := d.AskAdmin(t.Context(), Call{Actor: Actor{ID: "U9"}}, wantsIn())
	wantCode(t, err, Forbidden)
	d.store.state.brakes["U1"] = Brake{Actor: "U1", At: noon}
	_, err = d.AskAdmin(t.Context(), agent("", ""), wantsIn())
	wantCode(t, err, Forbidden)
	delete(d.store.state.brakes, "U1")
	_, err = d.AskAdmin(t.Context(), agent("key", ""), wantsIn())
	must(t, err)
	_, err = d.AskAdmin(t.Context(), agent("key", ""), wantsIn())
	wantCode(t, err, Conflict)
	for range secretQuota - 1 {
		_, err = d.AskAdmin(t.Context(), agent("", ""), wantsIn())
		must(t, err)
	}
	_, err = d.AskAdmin(t.Context(), agent("", ""), wantsIn())
	wantCode(t, err, Conflict)
	if got := len(d.store.current().admins); got != secretQuota {
		t.Errorf("%d were asked for", got)
	}
}

// TestAskAdminUsual: who chooses no lifetime gets the usual one.
func TestAskAdminUsual(t *testing.T) {
	for at, want := range map[time.Time]int{noon: 1, time.Date(2026, 3, 13, 16, 59, 0, 0, time.UTC): 1, time.Date(2026, 3, 13, 17, 0, 0, 0, time.UTC): 3} {
		d, _ := posts(t)
		d.now = at
		report, err := d.AskAdmin(t.Context(), agent("", ""), wantsIn(func(n *NewAdminAsk) { n.Days = 0 }))
		must(t, err)
		if got := d.admin(t, report.Admin.ID).Days; got != want {
			t.Errorf("at %v it lives for %d days, want %d", at, got, want)
		}
	}
}

// TestOwnAdminFollows: the record follows its request, whatever becomes of that.
func TestOwnAdminFollows(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(*testing.T, ownAdmin)
		state AdminState
		end   AdminEnd
		by    string
		news  []string
	}{
		"nobody answered": {func(t *testing.T, o ownAdmin) {
			o.d.passes(7 * aDay)
			must(t, o.d.ExpireSecrets(t.Context()))
		}, AdminRefused, AdminUnsent, "latchkey", []string{"temp_admin to U1", "unsent to U1"}},
		"withdrawn": {func(t *testing.T, o ownAdmin) { o.request(t).withdraws(t) }, AdminRefused, AdminUnsent, "U1", []string{"temp_admin to U1"}},
		"withdrawn at the terminal": {func(t *testing.T, o ownAdmin) {
			_, err := o.d.WithdrawRequest(t.Context(), Call{Actor: Actor{ID: "terminal:root", Roles: RolesOf(RoleAdmin)}}, o.request(t).id)
			must(t, err)
		}, AdminRefused, AdminUnsent, "terminal:root", []string{"temp_admin to U1", "unsent to U1"}},
		"revoked before it came": {func(t *testing.T, o ownAdmin) {
			_, err := o.d.RevokeAdmin(t.Context(), agent("", ""), o.id, "they called back")
			must(t, err)
		}, AdminRefused, AdminUnsent, "U1", []string{"temp_admin to U1"}},
		"nobody opened what came": {func(t *testing.T, o ownAdmin) {
			o.request(t).answers(t, canary)
			o.d.store.state.outbox = nil
			kept := o.stored(t)
			kept.ExpiresAt = noon.Add(30 * aDay) // later than the answer waits
			o.d.store.state.admins[o.id] = kept
			o.d.passes(7 * aDay)
			must(t, o.d.ExpireSecrets(t.Context()))
		}, AdminEnding, AdminExpired, "latchkey", []string{"temp_admin to U1", "secret_request_news to U1"}},
		"withdrawn after it came": {func(t *testing.T, o ownAdmin) {
			o.request(t).answers(t, canary)
			o.d.store.state.outbox = nil
			o.request(t).withdraws(t)
		}, AdminEnding, AdminRevoked, "U1", []string{"temp_admin to U1"}},
		"over before it was opened": {func(t *testing.T, o ownAdmin) {
			o.request(t).answers(t, canary)
			o.d.store.state.outbox = nil
			o.sweeps(t, 2*aDay)
			if got := o.request(t).stored(); got.State != RequestWithdrawn || got.Reason == "" {
				t.Errorf("the request is %+v", got)
			}
			o.d.holdsSealed(t, o.request(t).id)
		}, AdminEnding, AdminExpired, "latchkey", []string{"temp_admin to U1", "asked to U1", "temp_admin to U1"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := asksAdmin(t)
			c.do(t, o)
			got := o.stored(t)
			if got.State != c.state || got.End != c.end || got.EndedBy != c.by || got.State.Final() == got.EndedAt.IsZero() || got.State.Final() != got.Due.IsZero() {
				t.Errorf("it is %+v", got)
			}
			o.wantNews(t, c.news...)
			row := slices.ContainsFunc(o.d.store.current().audit, func(e AuditEntry) bool {
				return (e.Act == ActAdminEnded || e.Act == ActRevokeAdmin) && e.Subject == "u-1" && e.Actor == c.by
			})
			if !row {
				t.Errorf("the audit doesn't say that it ended: %+v", o.d.store.current().audit)
			}
			o.keepsQuiet(t)
		})
	}
}

// TestOwnAdminNeverMailed: one whose mail fails never was, and who asked hears why.
func TestOwnAdminNeverMailed(t *testing.T) {
	for name, fail := range map[string]func(*desk, *postman){
		"refused by the server": func(_ *desk, p *postman) { p.answer = &SendError{Refused: true, Sentence: "No such mailbox."} },
		"deleted meanwhile":     func(d *desk, _ *postman) { d.directory.scene.Users = nil },
		"another contact":       func(d *desk, _ *postman) { d.directory.scene.Users[0].ContactChangedAt = d.now.Add(minute) },
		"no contact":            func(d *desk, _ *postman) { d.directory.scene.Users[0].Email = "" },
	} {
		t.Run(name, func(t *testing.T) {
			d, post := posts(t)
			report, err := d.AskAdmin(t.Context(), agent("", ""), wantsIn())
			must(t, err)
			o := ownAdmin{d, post, report.Admin.ID}
			fail(d, post)
			request := o.stored(t).Request
			mail := d.store.state.requests[request].Mail
			o.ownNews()
			if err := d.SendMail(t.Context(), mail); err == nil {
				t.Error("it was sent")
			}
			if got := o.stored(t); got.State != AdminRefused || got.End != AdminUnsent || got.EndedBy != "latchkey" {
				t.Errorf("it is %+v", got)
			}
			o.wantNews(t, "temp_admin to U1", "unsent to U1", "temp_admin to U1")
			d.holdsSealed(t, request)
			d.holdsSealed(t, mail)
		})
	}
}

// TestOwnAdminOptedOut: who switched our texts and news off gets this mail all the same:
// it is about what they are helped with just now.
func TestOwnAdminOptedOut(t *testing.T) {
	d, post := posts(t, optedOutOf(ChannelSMS, ChannelEmail))
	report, err := d.AskAdmin(t.Context(), agent("", ""), wantsIn())
	must(t, err)
	ownAdmin{d, post, report.Admin.ID}.mailsAll(t)
	if len(post.letters) != 1 {
		t.Errorf("%d letters were sent", len(post.letters))
	}
}

// TestOtherRequestsMoveNothing: a request for anything else has nothing to do with it.
func TestOtherRequestsMoveNothing(t *testing.T) {
	o := asksAdmin(t)
	before := o.stored(t)
	r := o.d.asks(t, ofJane)
	r.answers(t, canary)
	r.views(t, r.viewing(t))
	if got := o.stored(t); got != before {
		t.Errorf("it became %+v", got)
	}
}
