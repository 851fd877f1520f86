package actions

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
)

// admin is a call at the terminal.
func atTheTerminal() Call { return Call{Actor: Actor{ID: "terminal:ops", Roles: RolesOf(RoleAdmin)}} }

// blog is what is added in the tests.
func blog(changes ...func(*NewTarget)) NewTarget {
	n := NewTarget{Name: "Blog", URL: "https://blog.example/", User: "latchkey", Password: sitePassword}
	for _, change := range changes {
		change(&n)
	}
	return n
}

// opensAll has every target be one site.
func (d *desk) opensAll() *fakeSite {
	site := newFakeSite()
	d.Sites = map[TargetKind]func(Target, string) (Site, error){
		TargetWordPress: func(Target, string) (Site, error) { return site, nil },
	}
	return site
}

// TestAddTarget: looked at, sealed, audited; listed, tested and removed.
func TestAddTarget(t *testing.T) {
	d := office(t)
	site := d.opensAll()
	added, err := d.AddTarget(t.Context(), atTheTerminal(), blog())
	must(t, err)
	if added.URL != "https://blog.example" || added.Reassign != "latchkey" || added.Kind != TargetWordPress || site.called(callCheck) != 1 {
		t.Errorf("got %+v", added)
	}
	if password, err := d.targetPassword(t.Context(), added.Target); err != nil || password != sitePassword {
		t.Errorf("its password is %q, %v", password, err)
	}
	site.breaks(siteAway)
	_, err = d.TestTarget(t.Context(), atTheTerminal(), "blog")
	wantCode(t, err, Unavailable)
	_, err = d.AddTarget(t.Context(), atTheTerminal(), blog(func(n *NewTarget) { n.Name, n.URL = "Shop", "https://shop.example" }))
	wantCode(t, err, Unavailable)
	site.breaks("")
	_, err = d.TestTarget(t.Context(), atTheTerminal(), "another")
	wantCode(t, err, NotFound)
	d.keepsAdmin(t, func(a *TempAdmin) { a.Target = added.ID })
	_, err = d.RemoveTarget(t.Context(), atTheTerminal(), "blog")
	wantCode(t, err, Conflict)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		gone := d.admin(t, "ta-1")
		gone.State = AdminGone
		return tx.PutAdmin(t.Context(), gone)
	}))
	_, err = d.RemoveTarget(t.Context(), atTheTerminal(), "blog")
	must(t, err)
	if targets, err := d.Targets(t.Context()); err != nil || len(targets) != 0 || len(d.store.current().sealed) != 0 {
		t.Errorf("left are %v, %v", targets, err)
	}
	var acts []string
	for _, row := range d.store.current().audit {
		acts = append(acts, string(row.Act)+" "+string(row.Outcome))
		if strings.Contains(row.Detail, sitePassword) || !strings.HasPrefix(row.Detail, "Blog: wordpress, https://blog.example") {
			t.Errorf("the audit says %q", row.Detail)
		}
	}
	if got := strings.Join(acts, ", "); got != "target_add done, target_test failed, target_remove done" {
		t.Errorf("the audit says %s", got)
	}
}

// TestAddTargetAgain: the same name and site replaces the access, once it was looked at.
func TestAddTargetAgain(t *testing.T) {
	d := office(t)
	site := d.opensAll()
	first, err := d.AddTarget(t.Context(), atTheTerminal(), blog())
	must(t, err)
	again := blog(func(n *NewTarget) {
		n.Name, n.URL, n.User, n.Reassign, n.Password = "BLOG", "https://Blog.Example:443", "robot", "editor", "another password"
	})
	site.breaks(siteAway)
	d.changesNothing(t, func() {
		_, err := d.AddTarget(t.Context(), atTheTerminal(), again)
		wantCode(t, err, Unavailable)
	})
	site.breaks("")
	d.passes(aDay)
	second, err := d.AddTarget(t.Context(), atTheTerminal(), again)
	must(t, err)
	want := first.Target
	want.User, want.Reassign = "robot", "editor"
	kept, _, err := d.store.TargetByID(t.Context(), first.ID)
	if err != nil || first.Replaced || !second.Replaced || second.Target != want || kept != want || len(d.store.current().targets) != 1 {
		t.Errorf("got %+v, kept is %+v, %v", second, kept, err)
	}
	if password, err := d.targetPassword(t.Context(), kept); err != nil || password != "another password" {
		t.Errorf("its password is %q, %v", password, err)
	}
	row := d.written(t)
	if row.Act != ActTargetAdd || !row.At.Equal(d.now) || row.Detail != "Blog: wordpress, https://blog.example, as robot; its access was replaced" {
		t.Errorf("the audit says %+v", row)
	}
}

// TestAddTargetTaken: a name is of one site, and a site or an account of one name.
func TestAddTargetTaken(t *testing.T) {
	d := office(t)
	site := d.opensAll()
	_, err := d.AddTarget(t.Context(), atTheTerminal(), blog(func(n *NewTarget) { n.URL += "a" }))
	must(t, err)
	must(t, d.store.Tx(t.Context(), func(tx Tx) error {
		return tx.StartTarget(t.Context(), Target{ID: "t2", Name: "Ours", Kind: TargetDirectory, Account: "acc-1"})
	}))
	calls := len(site.calls)
	for name, taken := range map[string]struct {
		change func(*NewTarget)
		says   string
	}{
		"another site":    {func(n *NewTarget) { n.URL += "b" }, `a target "Blog" already`},
		"another host":    {func(n *NewTarget) { n.URL = "https://blog.example:8443/a" }, `a target "Blog" already`},
		"another kind":    {func(n *NewTarget) { n.Name = "ours" }, `a target "Ours" already`},
		"the site":        {func(n *NewTarget) { n.Name, n.URL = "Shop", "https://blog.example/a/" }, `The target "Blog" is that site`},
		"its other case":  {func(n *NewTarget) { n.Name, n.URL = "Shop", "https://BLOG.example./a" }, `The target "Blog" is that site`},
		"its port":        {func(n *NewTarget) { n.Name, n.URL = "Shop", "https://blog.example:443/a" }, `The target "Blog" is that site`},
		"the account":     {func(n *NewTarget) { *n = NewTarget{Name: "Shop", Account: "acc-1"} }, `The target "Ours" is that site or account`},
		"another account": {func(n *NewTarget) { *n = NewTarget{Name: "Ours", Account: "acc-2"} }, `a target "Ours" already`},
	} {
		_, err := d.AddTarget(t.Context(), atTheTerminal(), blog(func(n *NewTarget) { n.URL += "a" }, taken.change))
		if CodeOf(err) != Conflict || !strings.Contains(Explain(err).Sentence, taken.says) || len(site.calls) != calls {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(d.store.current().targets); n != 2 {
		t.Errorf("there are %d", n)
	}
}

// TestAddTargetRefused: what can't be a target, and who may not.
func TestAddTargetRefused(t *testing.T) {
	for name, wrong := range map[string]func(*NewTarget){
		"no name":       func(n *NewTarget) { n.Name = " " },
		"a long name":   func(n *NewTarget) { n.Name = strings.Repeat("é", 61) },
		"a line":        func(n *NewTarget) { n.Name = "a\nb" },
		"http":          func(n *NewTarget) { n.URL = "http://blog.example" },
		"user info":     func(n *NewTarget) { n.URL = "https://a:b@blog.example" },
		"a query":       func(n *NewTarget) { n.URL = "https://blog.example/?a=b" },
		"a fragment":    func(n *NewTarget) { n.URL = "https://blog.example/#" },
		"no host":       func(n *NewTarget) { n.URL = "https:///blog" },
		"no address":    func(n *NewTarget) { n.URL = "" },
		"ftp":           func(n *NewTarget) { n.URL = "ftp://blog.example" },
		"long":          func(n *NewTarget) { n.URL = "https://blog.example/" + strings.Repeat("a", 300) },
		"nearly local":  func(n *NewTarget) { n.URL = "http://127.0.0.1.example" },
		"no user":       func(n *NewTarget) { n.User = "" },
		"no password":   func(n *NewTarget) { n.Password = "" },
		"both":          func(n *NewTarget) { n.Account = "acc-1" },
		"kind":          func(n *NewTarget) { n.Kind = "joomla" },
		"account alone": func(n *NewTarget) { n.Kind, n.URL = TargetDirectory, "" },
	} {
		d := office(t)
		site := d.opensAll()
		_, err := d.AddTarget(t.Context(), atTheTerminal(), blog(wrong))
		if CodeOf(err) != Invalid || len(site.calls) != 0 || len(d.store.current().targets) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := office(t)
	d.opensAll()
	lead := Call{Actor: Actor{ID: "U8", Roles: RolesOf(RoleLead)}}
	_, err := d.AddTarget(t.Context(), lead, blog())
	wantCode(t, err, Forbidden)
	_, err = d.TestTarget(t.Context(), lead, "Blog")
	wantCode(t, err, Forbidden)
	_, err = d.RemoveTarget(t.Context(), lead, "Blog")
	wantCode(t, err, Forbidden)
	for _, address := range []string{"http://localhost:8080", "http://LOCALHOST", "http://127.0.0.1", "http://[::1]:99/shop", "https://blog.example/a/b"} {
		if err := CheckTargetURL(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestSiteGate: no more than four calls are under way at a target at once, however many
// ask, and each ends in time; who gives up before asked nothing.
func TestSiteGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, site := hosts(t)
		target, _, err := d.store.TargetByName(t.Context(), "Acme shop")
		must(t, err)
		site.breaks(siteSlow)
		var calls sync.WaitGroup
		for range 12 {
			calls.Go(func() {
				opened, err := d.site(t.Context(), target)
				if err != nil {
					t.Error(err)
					return
				}
				wantCode(t, opened.Check(t.Context()), Unavailable)
			})
		}
		synctest.Wait()
		impatient, cancel := context.WithTimeout(t.Context(), second)
		defer cancel()
		opened, err := d.site(t.Context(), target)
		must(t, err)
		_, _, err = opened.Look(impatient, "a", "")
		wantCode(t, err, Unavailable)
		calls.Wait()
		if site.most != SiteCalls || site.called(callCheck) != 12 || site.called(callLook) != 0 {
			t.Errorf("%d at once, %v", site.most, site.calls)
		}
	})
}
