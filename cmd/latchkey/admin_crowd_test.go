package main

import (
	"crypto/rand"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/wordpress/wordpressfake"
)

// crowdOfAdmins are sites that have temporary admins whose time is over at once.
type crowdOfAdmins struct {
	sites  []*wordpressfake.Fake
	admins int
}

// crowds adds so many sites to a ward, with so many temporary admins on each.
func (s *siteWard) crowds(sites, each int) crowdOfAdmins {
	s.t.Helper()
	c := crowdOfAdmins{admins: sites * each}
	expires := s.clock().Add(time.Hour)
	for i := range sites {
		site := wordpressfake.New()
		server := httptest.NewServer(site)
		s.t.Cleanup(server.Close)
		target, err := s.actions.AddTarget(s.t.Context(), atTerminal(), actions.NewTarget{
			Name: fmt.Sprint("Shop ", i), URL: server.URL, User: wordpressfake.Login, Password: wordpressfake.Password,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		c.sites = append(c.sites, site)
		s.within(func(tx actions.Tx) error {
			for n := range each {
				login := fmt.Sprint(actions.AdminPrefix, "crowd-", n)
				user := site.Add(wordpressfake.User{Login: login, Role: "administrator"})
				err := tx.StartAdmin(s.t.Context(), actions.TempAdmin{
					ID: rand.Text(), Site: actions.SiteManaged, State: actions.AdminInUse, Target: target.ID, Login: login, RemoteID: fmt.Sprint(user.ID),
					Actor: "UANN", Receiver: "UANN", Approver: "ULEAD", Reason: "The cart is empty.", Ticket: "#4711",
					At: s.clock(), BegunAt: s.clock(), ExpiresAt: expires, Days: 1, Due: expires,
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	s.pass(time.Hour)
	return c
}

// wantGoneOnce expects that each was deleted by one request, at most 4 at once of a site,
// and that the audit says so once.
func (s *siteWard) wantGoneOnce(c crowdOfAdmins) {
	s.t.Helper()
	deleted := 0
	for _, site := range c.sites {
		for _, asked := range site.Asked() {
			if strings.HasPrefix(asked, "DELETE ") {
				deleted++
			}
		}
		if n := len(site.Users()); n != 3 || site.Busiest() > actions.SiteCalls {
			s.t.Errorf("a site has %d users, and had %d calls under way", n, site.Busiest())
		}
	}
	deleted -= len(c.sites) // asked for when the target was added, of nobody
	ended, gone := len(s.entries(actions.ActAdminEnded)), len(s.entries(actions.ActAdminGone))
	if deleted != c.admins || ended != c.admins || gone != c.admins {
		s.t.Errorf("of %d, %d were deleted; the audit has %d that ended and %d that are gone", c.admins, deleted, ended, gone)
	}
	if left := s.left(); left != 0 {
		s.t.Errorf("%d are left", left)
	}
	s.wantAudit()
}

// TestAdminsGoneOnce: two servers at once delete each temporary admin once, and no more
// at a time on a site than one may. A few of them will do unless the whole is asked for.
func TestAdminsGoneOnce(t *testing.T) {
	t.Parallel()
	sites, each := 5, 8
	if inFull() {
		sites, each = 50, 20
	}
	onEachKeyed(t, func(t *testing.T, databaseURL string) {
		s := openSiteWard(t, databaseURL)
		crowd := s.crowds(sites, each)
		other := reopenWard(t, databaseURL, s.clock())
		begin, ticks := time.Now(), 0
		for s.left() > 0 && ticks < crowd.admins {
			sweepAtOnce(t, s.ward, other)
			ticks++
		}
		t.Logf("%d on %d sites in %s, %d sweeps of each server", crowd.admins, sites, time.Since(begin), ticks)
		s.wantGoneOnce(crowd)
	})
}

// sweepAtOnce has servers sweep at the same moment.
func sweepAtOnce(t *testing.T, servers ...*ward) {
	t.Helper()
	var sweeping sync.WaitGroup
	for _, w := range servers {
		sweeping.Go(func() {
			if err := w.actions.SweepAdmins(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	sweeping.Wait()
}

// left is how many temporary admins aren't gone.
func (s *siteWard) left() int {
	s.t.Helper()
	left, err := s.store.AdminCount(s.t.Context(), actions.AdminFilter{Open: true})
	if err != nil {
		s.t.Fatal(err)
	}
	return left
}
