package actions

import (
	"strings"
	"testing"
	"time"
)

// TestHandOutAdmin: only who gets in has the password, once.
func TestHandOutAdmin(t *testing.T) {
	d, site := hosts(t)
	made := d.madeAdmin(t)
	for _, other := range []string{"U1", "U8", "U3"} {
		_, err := d.HandOutAdmin(t.Context(), d.as(t, other), made.ID, "Ana")
		wantCode(t, err, Forbidden)
	}
	if shown, err := d.AdminReport(t.Context(), made.ID); err != nil || shown.Handout != HandoutWaits {
		t.Fatalf("it %s, %v", shown.Handout, err)
	}
	d.now = d.now.Add(20 * hour)
	out, err := d.HandOutAdmin(t.Context(), d.as(t, "U2"), made.ID, "Ana")
	must(t, err)
	s := out.Report.Secret
	if s.Actor != "U2" || s.Operation != made.Operation || s.For != made.Login || !s.ExpiresAt.Equal(made.ExpiresAt) || out.Passphrase == "" {
		t.Errorf("got %+v", s)
	}
	id, root, _ := strings.Cut(strings.TrimPrefix(out.Link, "https://help.acme.example/s/"), "#")
	sent := sentSecret{d: d, made: out, id: id, root: raw(t, root)}
	keys := sent.keys(t, out.Passphrase)
	if got := sent.reads(t, keys, sent.opens(t, keys)); got != site.password(made.Login) {
		t.Errorf("it reads %q", got)
	}
	_, err = d.HandOutAdmin(t.Context(), d.as(t, "U2"), made.ID, "Ana")
	wantCode(t, err, Conflict)
	if shown, err := d.AdminReport(t.Context(), made.ID); err != nil || shown.Handout != HandoutMade {
		t.Errorf("it %s, %v", shown.Handout, err)
	}
	_, err = d.HandOutAdmin(t.Context(), d.as(t, "U2"), "nobody", "Ana")
	wantCode(t, err, NotFound)
}

// TestDropAdminPassword: what ends takes its password along, sealed or in a secret.
func TestDropAdminPassword(t *testing.T) {
	d, _ := hosts(t)
	drop := func(a TempAdmin) {
		must(t, d.store.Tx(t.Context(), func(tx Tx) error { return d.dropAdminPassword(t.Context(), tx, a) }))
	}
	sealed := d.madeAdmin(t)
	drop(sealed)
	_, err := d.HandOutAdmin(t.Context(), d.as(t, "U2"), sealed.ID, "Ana")
	wantCode(t, err, Conflict)
	d.now = d.now.Add(minute)
	handed := d.madeAdmin(t)
	out, err := d.HandOutAdmin(t.Context(), d.as(t, "U2"), handed.ID, "Ana")
	must(t, err)
	drop(handed)
	drop(handed) // again is no harm
	if s := d.store.current().secrets[out.Report.Secret.ID]; s.State != SecretRevoked {
		t.Errorf("the secret is %s", s.State)
	}
	if _, lies, _ := d.store.SealedByID(t.Context(), SealSecret, out.Report.Secret.ID); lies {
		t.Error("its body lies sealed")
	}
}

// TestHandOutAdminEnded: an ended one hands out nothing, even before the sweep came.
func TestHandOutAdminEnded(t *testing.T) {
	d, _ := hosts(t)
	made := d.madeAdmin(t)
	d.now = made.ExpiresAt
	_, err := d.HandOutAdmin(t.Context(), d.as(t, "U2"), made.ID, "Ana")
	wantCode(t, err, Conflict)
	if len(d.store.current().secrets) != 0 {
		t.Error("there is a secret")
	}
}

// TestAdminsList: those in trouble first, then by their end; one's own alone.
func TestAdminsList(t *testing.T) {
	d, _ := hosts(t)
	later := d.keepsAdmin(t, func(a *TempAdmin) { a.ExpiresAt = noon.Add(2 * aDay) })
	sooner := d.keepsAdmin(t, nil)
	trouble := d.keepsAdmin(t, func(a *TempAdmin) { a.State, a.Trouble, a.Actor, a.Receiver = AdminEnding, "It is down.", "U3", "U3" })
	d.keepsAdmin(t, func(a *TempAdmin) { a.State = AdminGone })
	for own, want := range map[bool]string{false: trouble.ID + sooner.ID + later.ID, true: sooner.ID + later.ID} {
		list, err := d.Admins(t.Context(), d.as(t, "U1"), own, 0)
		must(t, err)
		got := ""
		for _, r := range list.Open {
			got += r.Admin.ID
			if r.Target.Name != "Acme shop" || len(r.ByHand) == 0 {
				t.Errorf("got %+v", r)
			}
		}
		if got != want || list.More != 0 || list.Alone != own {
			t.Errorf("own %t: got %q, %d more", own, got, list.More)
		}
	}
	_, err := d.Admins(t.Context(), d.as(t, "U-STRANGER"), false, 0)
	wantCode(t, err, Forbidden)
}

// TestAdminFor: found by ID and by login, unless two are called so.
func TestAdminFor(t *testing.T) {
	d, _ := hosts(t)
	kept := d.keepsAdmin(t, nil)
	for _, named := range []string{kept.ID, " " + strings.ToUpper(kept.Login) + " "} {
		if r, err := d.AdminFor(t.Context(), d.as(t, "U1"), named); err != nil || r.Admin.ID != kept.ID {
			t.Errorf("%q: %+v, %v", named, r, err)
		}
	}
	_, err := d.AdminFor(t.Context(), d.as(t, "U1"), "owner")
	wantCode(t, err, NotFound)
	_, err = d.AdminFor(t.Context(), d.as(t, "U-STRANGER"), kept.ID)
	wantCode(t, err, Forbidden)
	d.site1(t, "Another")
	d.keepsAdmin(t, func(a *TempAdmin) { a.Target, a.Login = "target of Another", kept.Login })
	_, err = d.AdminFor(t.Context(), d.as(t, "U1"), kept.Login)
	wantCode(t, err, Conflict)
}

// TestAdminsListInPages: every one is on one page, and each page says how many follow.
func TestAdminsListInPages(t *testing.T) {
	d, _ := hosts(t)
	const many = 2*adminsShown + 3
	for i := range many {
		d.keepsAdmin(t, func(a *TempAdmin) { a.ExpiresAt = noon.Add(time.Duration(i) * minute) })
	}
	seen := map[string]bool{}
	for offset := 0; offset < many; offset += adminsShown {
		list, err := d.Admins(t.Context(), d.as(t, "U1"), true, offset)
		must(t, err)
		if list.Offset != offset || list.More != max(many-offset-adminsShown, 0) {
			t.Errorf("from %d: %d, and %d more", list.Offset, len(list.Open), list.More)
		}
		for _, r := range list.Open {
			seen[r.Admin.ID] = true
		}
	}
	if len(seen) != many {
		t.Errorf("%d are on the pages", len(seen))
	}
	if list, err := d.Admins(t.Context(), d.as(t, "U1"), true, 5000); err != nil || len(list.Open) > 0 || list.More > 0 {
		t.Errorf("beyond the last: %+v, %v", list, err)
	}
	_, err := d.Admins(t.Context(), d.as(t, "U1"), true, -1)
	wantCode(t, err, Invalid)
}
