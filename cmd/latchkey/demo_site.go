package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
	"github.com/latchkey-bot/latchkey/bot/sandbox"
)

// acmeShop is the site that the demo's company manages, with the login that Latchkey
// has there, and its owner, who keeps what a temporary admin wrote.
const acmeShop = "Acme shop"

// shopSince is how long ago the shop was opened.
const shopSince = 212 * 24 * time.Hour

// shopSite is that site: a WordPress on loopback, whose list of users the page shows.
type shopSite struct {
	*sandbox.Site
	fake *wordpressfake.Fake
	url  string
}

// openSite opens it. The returned function closes it.
func (d *demo) openSite(ctx context.Context, log *slog.Logger) (closeSite func() error, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("opening the demo's site: %w", err)
	}
	d.clock.Set(-shopSince)
	fake := wordpressfake.NewAt(d.clock.Now)
	d.clock.Set(0)
	d.shop = &shopSite{Site: sandbox.NewSite(acmeShop, "shop.acme.example"), fake: fake, url: "http://" + l.Addr().String()}
	d.shop.look()
	server := newServer(d.shop, log)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	return func() error {
		err := server.Close()
		if why := <-ended; !errors.Is(why, http.ErrServerClosed) {
			err = errors.Join(err, why)
		}
		return err
	}, nil
}

// ServeHTTP answers as the site, and shows what that changed.
func (s *shopSite) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.fake.ServeHTTP(w, r)
	s.look()
}

// look shows who is there now, the newest first.
func (s *shopSite) look() {
	var users []sandbox.SiteUser
	for _, u := range slices.Backward(s.fake.Users()) {
		users = append(users, sandbox.SiteUser{
			Login: u.Login, Name: u.Name, Role: capital(u.Role), Since: u.Registered, Temporary: strings.HasPrefix(u.Login, actions.AdminPrefix),
		})
	}
	s.Show(users)
}

// capital is a word as it begins a sentence.
func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// manage has Latchkey manage the site, as who runs it would.
func (d *demo) manage(ctx context.Context) error {
	_, err := d.house.actions.AddTarget(ctx, atTerminal(), actions.NewTarget{
		Name: acmeShop, URL: d.shop.url, User: wordpressfake.Login, Reassign: wordpressfake.Owner, Password: wordpressfake.Password,
	})
	return err
}
