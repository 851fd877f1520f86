package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// The server's keys of these tests, one after the other.
const (
	keyTwo   = "k2:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A="
	keyThree = "k3:QUJDREVGR0hJSktMTU5PUEFCQ0RFRkdISUpLTE1OT1A="
)

// onEachKeyed runs a test with an empty database of each kind.
func onEachKeyed(t *testing.T, test func(*testing.T, string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, storetest.SQLiteURL(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, storetest.PostgresURL(t)) })
}

// keyed opens a ward with these keys, at a moment.
func keyed(t *testing.T, databaseURL, keys string, now time.Time) *ward {
	t.Helper()
	w := wardOver(rekeyedPostRoom(t, databaseURL, keys))
	w.now = now
	w.calls = int(now.Unix()) // no call of another's
	return w
}

// rekeys seals everything anew.
func (w *ward) rekeys() actions.RekeyReport {
	w.t.Helper()
	report, err := w.actions.Rekey(w.t.Context(), atTerminal(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return report
}

// wantAudit expects that the audit is whole.
func (w *ward) wantAudit() {
	w.t.Helper()
	if _, err := actions.VerifyAudit(w.t.Context(), w.store, w.actions.Keys); err != nil {
		w.t.Error(err)
	}
}

// wantKeysRefused expects that the database doesn't open with these keys.
func wantKeysRefused(t *testing.T, databaseURL, serverKeys, names string) {
	t.Helper()
	ring, err := actions.ParseKeyring(serverKeys)
	if err != nil {
		t.Fatal(err)
	}
	h, err := openHouse(t.Context(), databaseURL, ring, actions.Rules{}, quiet(terminal{err: t.Output()}))
	if err == nil {
		t.Errorf("it opens with %s", ring.IDs())
		_ = h.close()
		return
	}
	if actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), names) {
		t.Errorf("with %s it says %v", ring.IDs(), err)
	}
}

// sentUnderOne is what was made while there was the first key.
type sentUnderOne struct {
	opened, shut actions.SecretMade
	request      requestLink
	id           string // of the request
	operation    string // whose password waits
}

// sends makes one of everything.
func (w *ward) sendsOfAll() (s sentUnderOne) {
	w.t.Helper()
	s.operation = w.setsPassword().Operation.ID
	for _, to := range []*actions.SecretMade{&s.opened, &s.shut} {
		made, err := w.actions.CreateSecret(w.t.Context(), w.as("UANN"), actions.NewSecret{Content: "made under the first key", Passphrase: actions.PassphraseWords, Lifetime: 7 * 24 * time.Hour})
		if err != nil {
			w.t.Fatal(err)
		}
		*to = made
	}
	asked, err := w.actions.AskForSecret(w.t.Context(), w.as("UANN"), actions.NewRequest{What: "The password of the site", Why: "To look at it there.", Lifetime: 7 * 24 * time.Hour})
	if err != nil {
		w.t.Fatal(err)
	}
	s.request, s.id = readRequestLink(w.t, asked.Link), asked.Report.Request.ID
	return s
}

// stillWork opens, hands out, answers and views what was made under another key.
func (s sentUnderOne) stillWork(w *ward) {
	w.t.Helper()
	ctx := w.t.Context()
	if got := w.opensSecret(s.opened); got != "made under the first key" {
		w.t.Errorf("it holds %q", got)
	}
	if words, err := w.actions.ShowPassphrase(ctx, w.as("UANN"), s.shut.Report.Secret.ID); err != nil || words != s.shut.Passphrase {
		w.t.Errorf("the passphrase isn't the same: %v", err)
	}
	w.wantPassword(w.opensSecret(w.handsOut(s.operation)))
	page, err := w.actions.RequestStatus(ctx, s.id, s.request.token)
	if err != nil || page.State != actions.RequestAsked {
		w.t.Fatalf("the request is %+v, %v", page, err)
	}
	if _, taken, err := w.actions.ReceiveAnswer(ctx, s.id, s.request.token, s.request.seals(w.t, page.PublicKey, "hunter2")); err != nil || !taken {
		w.t.Fatalf("the answer isn't taken: %v", err)
	}
	view, _, err := w.actions.RequestLink(ctx, w.as("UANN"), s.id)
	if err != nil {
		w.t.Fatal(err)
	}
	viewed, err := w.actions.ViewAnswer(ctx, s.id, unwired(w.t, view[strings.Index(view, "#")+1:]))
	if err != nil || string(viewed.Content) != "hunter2" {
		w.t.Errorf("what came is %s, %v", viewed.State, err)
	}
}

// TestRekey: what was made under the first key lives on under two, and once it has
// ended the second is enough, for the audit too.
func TestRekey(t *testing.T) {
	t.Parallel()
	onEachKeyed(t, func(t *testing.T, databaseURL string) {
		one := openWard(t, databaseURL)
		sent := one.sendsOfAll()
		two := keyed(t, databaseURL, keyTwo+","+testKey, one.clock().Add(time.Hour))
		report := two.rekeys()
		// The bodies and passphrases of two secrets, a password, the key of a request.
		if report.KeyID != "k2" || report.Sealed != 6 || report.Retired != nil || len(report.Named) != 1 || report.Named[0].KeyID != "k1" || report.Named[0].Live != 3 {
			t.Errorf("got %+v", report)
		}
		if again := two.rekeys(); again.Sealed != 0 || len(again.Named) != 1 {
			t.Errorf("once more: %+v", again)
		}
		sent.stillWork(two)
		two.wantAudit()
		wantKeysRefused(t, databaseURL, keyTwo, `"k1"`)

		two.pass(8 * 24 * time.Hour)
		two.expires()
		if report = two.rekeys(); len(report.Retired) != 1 || report.Retired[0] != "k1" || report.Named != nil {
			t.Errorf("after all has ended: %+v", report)
		}
		rows := two.entries(actions.ActRekey)
		if len(rows) != 3 || !strings.HasPrefix(rows[0].Actor, "terminal:") || !strings.Contains(rows[2].Detail, "retired: k1") {
			t.Errorf("the audit has %+v", rows)
		}

		alone := keyed(t, databaseURL, keyTwo, two.clock())
		alone.wantAudit()
		sent.areUnknown(alone)
		alone.refused("UANN", order(actions.ActUnlock), "Nothing is locked") // it goes on
		alone.wantAudit()
		wantKeysRefused(t, databaseURL, testKey, `"k2"`)
		wantKeysRefused(t, databaseURL, keyTwo+","+"k1:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=", "differs")

		third := keyed(t, databaseURL, keyThree+","+keyTwo, alone.clock().Add(time.Hour))
		if report = third.rekeys(); len(report.Retired) != 1 || report.Retired[0] != "k2" || report.Sealed != 1 { // the audit's key of k1
			t.Errorf("the third key: %+v", report)
		}
		last := keyed(t, databaseURL, keyThree, third.clock())
		last.wantAudit()
	})
}

// areUnknown: what was made under a key that is gone looks like what nobody made.
func (s sentUnderOne) areUnknown(w *ward) {
	w.t.Helper()
	link := readSecretLink(w.t, s.shut.Link)
	if status, err := w.actions.SecretStatus(w.t.Context(), link.name, link.with(w.t, nil).link); err != nil || status.State != "" {
		w.t.Errorf("the secret is %q, %v", status.State, err)
	}
	if page, err := w.actions.RequestStatus(w.t.Context(), s.id, s.request.token); err != nil || page.State != "" {
		w.t.Errorf("the request is %q, %v", page.State, err)
	}
}

// TestRekeyIsForAdmins.
func TestRekeyIsForAdmins(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	_, err := w.actions.Rekey(t.Context(), w.as("ULEAD"), nil)
	wantCode(t, err, actions.Forbidden)
	w.actions.Keys = actions.Keyring{}
	_, err = w.actions.Rekey(t.Context(), atTerminal(), nil)
	wantCode(t, err, actions.Unavailable)
}

// sealMany seals that many things under the keys of a ward.
func (w *ward) sealMany(n int) {
	w.t.Helper()
	w.within(func(tx actions.Tx) error {
		for i := range n {
			s, err := w.actions.Keys.Seal(actions.SealSecret, fmt.Sprint("body-", i), fmt.Append(nil, "content ", i))
			if err != nil {
				return err
			}
			if err := tx.PutSealed(w.t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestRekeyIsGoneOnWith: one that was stopped keeps what it did, and the next does
// the rest; nothing is sealed twice, and everything opens.
func TestRekeyIsGoneOnWith(t *testing.T) {
	t.Parallel()
	const things = 450
	onEachKeyed(t, func(t *testing.T, databaseURL string) {
		one := openWard(t, databaseURL)
		one.sealMany(things)
		two := keyed(t, databaseURL, keyTwo+","+testKey, one.clock())
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		_, err := two.actions.Rekey(ctx, atTerminal(), func(done, total int) {
			if done != 200 || total != things {
				t.Errorf("it tells %d of %d", done, total)
			}
			stop()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
		var told []string
		report, err := two.actions.Rekey(t.Context(), atTerminal(), func(done, total int) { told = append(told, fmt.Sprint(done, "/", total)) })
		if err != nil || report.Sealed != things-200 || strings.Join(told, " ") != "200/250 250/250" || len(report.Retired) != 1 {
			t.Errorf("got %+v, %v, %v", report, told, err)
		}
		alone := keyed(t, databaseURL, keyTwo, two.clock())
		for i := range things {
			s, _, err := alone.store.SealedByID(t.Context(), actions.SealSecret, fmt.Sprint("body-", i))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := alone.actions.Keys.Unseal(s); err != nil || string(plain) != fmt.Sprint("content ", i) {
				t.Fatalf("%d holds %q, %v", i, plain, err)
			}
		}
	})
}

// TestRekeyTwiceAtOnce: two that run at the same time do it all together, and
// retire the key once.
func TestRekeyTwiceAtOnce(t *testing.T) {
	t.Parallel()
	onEachKeyed(t, func(t *testing.T, databaseURL string) {
		one := openWard(t, databaseURL)
		one.sealMany(450)
		var all sync.WaitGroup
		for range 2 {
			two := keyed(t, databaseURL, keyTwo+","+testKey, one.clock())
			all.Go(func() {
				if _, err := two.actions.Rekey(t.Context(), atTerminal(), nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		alone := keyed(t, databaseURL, keyTwo, one.clock())
		alone.wantAudit()
		if n, err := alone.store.SealedElsewhere(t.Context(), "k2"); err != nil || n != 0 {
			t.Errorf("left are %d, %v", n, err)
		}
	})
}

// TestRekeyWhatWasChanged stops, says so, and retires no key.
func TestRekeyWhatWasChanged(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLiteURL(t)
	one := openWard(t, databaseURL)
	one.sealMany(3)
	does(t, behind(t, databaseURL), `UPDATE secret_bodies SET body = zeroblob(60) WHERE id = 'body-1'`)
	two := keyed(t, databaseURL, keyTwo+","+testKey, one.clock())
	_, err := two.actions.Rekey(t.Context(), atTerminal(), nil)
	if err == nil || !strings.Contains(err.Error(), "it was changed") || strings.Contains(err.Error(), "body-1") {
		t.Errorf("got %v", err)
	}
	wantKeysRefused(t, databaseURL, keyTwo, `"k1"`)
}

// TestKeptAuditKeyChecksOnlyTheAudit: nothing else opens with it, and one that was
// changed stops nothing but the check.
func TestKeptAuditKeyChecksOnlyTheAudit(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLiteURL(t)
	one := openWard(t, databaseURL)
	one.does("UANN", order(actions.ActSendUsername), actions.OperationDone)
	two := keyed(t, databaseURL, keyTwo+","+testKey, one.clock())
	two.rekeys()
	alone := keyed(t, databaseURL, keyTwo, one.clock())
	alone.wantAudit()
	sealed, err := one.actions.Keys.Seal(actions.SealSecret, "x", []byte("y"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = alone.actions.Keys.Unseal(sealed)
	wantCode(t, err, actions.Unavailable)

	does(t, behind(t, databaseURL), `UPDATE secret_bodies SET body = zeroblob(60)`)
	changed := keyed(t, databaseURL, keyTwo, one.clock())
	if _, err := actions.VerifyAudit(t.Context(), changed.store, changed.actions.Keys); err == nil || !strings.Contains(changed.log.String(), "can't be checked") {
		t.Errorf("the check says %v", err)
	}
}
