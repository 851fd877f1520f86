package sandbox_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// withSite opens a page that shows a site, and whose clock can be moved on.
func withSite(t *testing.T, change func(*sandbox.Config)) (*town, *sandbox.Site) {
	t.Helper()
	site := sandbox.NewSite("Acme <shop>", "shop.acme.example")
	return openWith(t, func(c *sandbox.Config) {
		c.Site = site
		if change != nil {
			change(c)
		}
	}), site
}

// TestSite: the page has a place for the site, and its users are those that it was
// told of.
func TestSite(t *testing.T) {
	w, site := withSite(t, nil)
	if page := w.get("/").body; !strings.Contains(page, `<h2 id="site-title">Acme &lt;shop&gt;</h2>`) || strings.Contains(page, "data-hours") {
		t.Error("the page doesn't show the site, or a clock that nobody can move on")
	}
	if got := w.get("/api/site").body; !strings.Contains(got, `"known":false`) || !strings.Contains(got, `"users":[]`) {
		t.Errorf("before anything is known: %s", got)
	}
	since := time.Date(2026, 3, 2, 9, 14, 0, 0, time.UTC)
	users := []sandbox.SiteUser{{Login: "anna", Name: "Anna Berg", Role: "Administrator", Since: since}}
	site.Show(users)
	before := site.Version()
	site.Show(users)
	if site.Version() != before {
		t.Error("the same users again are news")
	}
	site.Show(append(users, sandbox.SiteUser{Login: "support-temp-k4m2", Role: "Administrator", Since: since, Temporary: true}))
	var got struct {
		Users []sandbox.SiteUser `json:"users"`
		Known bool               `json:"known"`
	}
	if err := json.Unmarshal([]byte(w.get("/api/site").body), &got); err != nil || !got.Known || len(got.Users) != 2 || !got.Users[1].Temporary || !got.Users[0].Since.Equal(since) {
		t.Errorf("the page reads %+v, %v", got, err)
	}
	site.Show(nil)
	if got := w.get("/api/site").body; !strings.Contains(got, `"known":true`) || !strings.Contains(got, `"users":[]`) {
		t.Errorf("once nobody is left: %s", got)
	}
}

// TestNoSite: a sandbox without a site has no place for one.
func TestNoSite(t *testing.T) {
	w := open(t)
	if got := w.get("/api/site"); got.status != http.StatusNotFound {
		t.Errorf("the users of no site: %d", got.status)
	}
	if page := w.get("/").body; strings.Contains(page, `id="site"`) || strings.Contains(page, `id="open-site"`) {
		t.Error("the page has a place for a site that isn't there")
	}
}
