package main

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// product is the company's product, which redeems codes and learns of changes.
var product = actions.TokenHolder{Name: "product", Scopes: []actions.Scope{actions.ScopeLinks, actions.ScopeChanges}}

// link sends a link and reads it out of the mail.
func (p *postRoom) link(mail string, template actions.Template) (id, token string) {
	p.t.Helper()
	return linkIn(p.t, p.sends(actions.Mail{ID: mail, Template: template}).Text)
}

// use clicks a link.
func (p *postRoom) use(id, token string) actions.LinkOutcome {
	p.t.Helper()
	o, err := p.actions.UseLink(p.t.Context(), id, token, actions.LinkGoOn)
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

// other is a token of the right form that is wrong.
func other(token string) string {
	if token[0] == 'A' {
		return "B" + token[1:]
	}
	return "A" + token[1:]
}

// TestLinkIsGoodOnce: it hands out a code that the product redeems once, within
// 60 seconds.
func TestLinkIsGoodOnce(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		for template, purpose := range map[actions.Template]actions.LinkPurpose{
			actions.TemplateReset: actions.LinkReset, actions.TemplateLoginLink: actions.LinkLogin,
		} {
			id, token := p.link("mail-"+string(template), template)
			if got := p.actions.LinkPage(t.Context(), id); got != purpose {
				t.Errorf("the page is for %q", got)
			}
			o := p.use(id, token)
			if o.State != actions.LinkLive || o.Purpose != purpose || o.Code == "" || o.Locale != "de-DE" {
				t.Errorf("%s: got %+v", template, o)
			}
			if again := p.use(id, token); again.State != actions.LinkSpent || again.Code != "" {
				t.Errorf("%s again: got %+v", template, again)
			}
			_, _, err := p.actions.RedeemLinkCode(t.Context(), actions.TokenHolder{Scopes: []actions.Scope{actions.ScopeDirectory}}, o.Code)
			wantCode(t, err, actions.Forbidden)
			p.pass(59 * time.Second)
			user, what, err := p.actions.RedeemLinkCode(t.Context(), product, o.Code)
			if err != nil || user != jane || what != purpose {
				t.Errorf("%s: redeemed %q, %q, %v", template, user, what, err)
			}
			_, _, used := p.actions.RedeemLinkCode(t.Context(), product, o.Code)
			_, _, unknown := p.actions.RedeemLinkCode(t.Context(), product, other(o.Code))
			_, _, nonsense := p.actions.RedeemLinkCode(t.Context(), product, "x")
			for _, err := range []error{used, unknown, nonsense} {
				if wantCode(t, err, actions.NotFound); err.Error() != used.Error() {
					t.Errorf("told apart: %v, %v", err, used)
				}
			}
		}
	})
}

// TestLinkCodeRunsOut after 60 seconds.
func TestLinkCodeRunsOut(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		o := p.use(p.link("m1", actions.TemplateReset))
		p.pass(60 * time.Second)
		_, _, err := p.actions.RedeemLinkCode(t.Context(), product, o.Code)
		wantCode(t, err, actions.NotFound)
	})
}

// TestTwoClicksAtOnce: one gets in.
func TestTwoClicksAtOnce(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, token := p.link("m1", actions.TemplateLoginLink)
		older, olderToken := p.link("m2", actions.TemplateReset) // of the same customer
		var all sync.WaitGroup
		outcomes := make([]actions.LinkOutcome, 6)
		errs := make([]error, len(outcomes))
		for i := range outcomes {
			all.Go(func() {
				if i%2 == 0 {
					outcomes[i], errs[i] = p.actions.UseLink(t.Context(), id, token, actions.LinkGoOn)
				} else {
					outcomes[i], errs[i] = p.actions.UseLink(t.Context(), older, olderToken, actions.LinkGoOn)
				}
			})
		}
		all.Wait()
		won := 0
		for i, o := range outcomes {
			if o.Code != "" {
				won++
			} else if errs[i] != nil || o.State != actions.LinkSpent {
				t.Errorf("got %+v, %v", o, errs[i])
			}
		}
		if won != 1 {
			t.Errorf("%d got in", won)
		}
	})
}

// TestNobodyCancelsACustomersLink: a newer link, a wrong token and looking at
// the page leave it good, until one is used.
func TestNobodyCancelsACustomersLink(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, token := p.link("m1", actions.TemplateLoginLink)
		newer, newerToken := p.link("m2", actions.TemplateReset)
		for _, wrong := range [][2]string{{id, other(token)}, {id, newerToken}, {other(id), token}, {id, ""}, {"", token}, {id, token + "A"}, {"../" + id, token}} {
			o, err := p.actions.UseLink(t.Context(), wrong[0], wrong[1], actions.LinkGoOn)
			if err != nil || o != (actions.LinkOutcome{State: actions.LinkIncomplete}) {
				t.Errorf("%q: got %+v, %v", wrong, o, err)
			}
		}
		if got := p.actions.LinkPage(t.Context(), other(id)); got != "" {
			t.Errorf("a page for nothing: %q", got)
		}
		p.actions.LinkPage(t.Context(), id)
		if o := p.use(id, token); o.Code == "" {
			t.Errorf("got %+v", o)
		}
		if o := p.use(newer, newerToken); o.State != actions.LinkSpent {
			t.Errorf("the other one: got %+v", o)
		}
		_, err := p.actions.UseLink(t.Context(), id, token, actions.LinkDeny)
		wantCode(t, err, actions.Invalid)
	})
}

// TestLinkRunsOut: after 15 minutes, and only with the right token does it say
// so.
func TestLinkRunsOut(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, token := p.link("m1", actions.TemplateReset)
		p.pass(15 * time.Minute)
		if o := p.use(id, token); o.State != actions.LinkExpired || o.Purpose != actions.LinkReset {
			t.Errorf("got %+v", o)
		}
		if o := p.use(id, other(token)); o.State != actions.LinkIncomplete || o.Purpose != "" {
			t.Errorf("got %+v", o)
		}
	})
}

// TestLinkOfWhoMayNotLogIn: it opens nothing that the login page wouldn't, says
// so in the customer's language, and works once support has helped.
func TestLinkOfWhoMayNotLogIn(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, token := p.link("m1", actions.TemplateReset)
		user, account := p.person(jane), actions.Account{ID: "a1", Name: "Acme", Status: actions.AccountActive}
		lock := actions.Lock{ID: "l1", UserID: jane, Kind: actions.LockManual, At: actions.Instant(p.clock())}
		disabled, cancelled, released, moved := user, account, lock, user
		disabled.Status, cancelled.Status = actions.UserDisabled, actions.AccountCancelled
		p.pass(time.Minute)
		released.ReleasedAt, moved.ContactChangedAt = actions.Instant(p.clock()), actions.Instant(p.clock())
		for _, c := range []struct {
			bad, good any
			says      string
		}{
			{disabled, user, "abgeschaltet"}, {cancelled, account, "abgeschaltet"}, {lock, released, "gesperrt"},
		} {
			p.put(c.bad)
			if o := p.use(id, token); o.State != actions.LinkRefused || o.Code != "" || !strings.Contains(o.Sentence, c.says) {
				t.Errorf("%+v: got %+v", c.bad, o)
			}
			p.put(c.good)
		}
		if o := p.use(id, token); o.Code == "" {
			t.Errorf("after support has helped: got %+v", o)
		}
		other, otherToken := p.link("m2", actions.TemplateReset)
		p.pass(time.Minute)
		moved.ContactChangedAt = actions.Instant(p.clock())
		p.put(moved)
		if o := p.use(other, otherToken); o.State != actions.LinkRefused || !strings.Contains(o.Sentence, "Kontaktdaten") {
			t.Errorf("after a contact changed: got %+v", o)
		}
	})
}

// TestChangesAreForTheProduct: by scope, and bounded.
func TestChangesAreForTheProduct(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		change := actions.Change{ID: "op1/sessions_revoked", Kind: actions.ChangeSessions, UserID: jane, At: actions.Instant(p.clock())}
		if err := p.store.Apply(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		_, _, err := p.actions.ChangesAfter(t.Context(), actions.TokenHolder{Scopes: []actions.Scope{actions.ScopeLinks}}, 0)
		wantCode(t, err, actions.Forbidden)
		_, _, err = p.actions.ChangesAfter(t.Context(), product, -1)
		wantCode(t, err, actions.Invalid)
		changes, more, err := p.actions.ChangesAfter(t.Context(), product, 0)
		if err != nil || more || len(changes) != 1 || changes[0].Change.UserID != jane {
			t.Errorf("got %+v, %v, %v", changes, more, err)
		}
	})
}
