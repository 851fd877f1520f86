package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/latchkey-bot/latchkey/actions"
)

// setsPassword has ULEAD set a password for Jane by hand, which UBOSS approves.
func (w *ward) setsPassword() actions.OperationReport {
	w.t.Helper()
	asked := w.does("ULEAD", vouched(actions.ActSetPassword), actions.OperationAsked)
	report, err := w.actions.Approve(w.t.Context(), w.as("UBOSS"), asked.Approval.ID)
	if err != nil || report.Operation.State != actions.OperationDone {
		w.t.Fatalf("it is %s (%s), %v", report.Operation.State, report.Operation.Why, err)
	}
	return report
}

// handsOut has ULEAD make the one-time link.
func (w *ward) handsOut(operation string) actions.SecretMade {
	w.t.Helper()
	made, err := w.actions.HandOut(w.t.Context(), w.as("ULEAD"), operation, "Lea Lead")
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

// opensSecret opens a secret as its receiver does.
func (w *ward) opensSecret(made actions.SecretMade) string {
	w.t.Helper()
	link := readSecretLink(w.t, made.Link)
	status, err := w.actions.SecretStatus(w.t.Context(), link.name, link.with(w.t, nil).link)
	if err != nil || !status.Protected || status.Rounds == 0 {
		w.t.Fatalf("got %+v, %v", status, err)
	}
	o := link.with(w.t, stretched(w.t, made.Passphrase, status.Salt, status.Rounds))
	opened, err := w.actions.OpenSecret(w.t.Context(), link.name, o.link, o.claim)
	if err != nil || opened.Body == nil {
		w.t.Fatalf("got %s, %v", opened.State, err)
	}
	content, err := o.decrypts(opened.Nonce, opened.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return content
}

// handout is what the card says of the password.
func (w *ward) handout(operation string) actions.Handout {
	w.t.Helper()
	report, err := w.actions.Report(w.t.Context(), operation)
	if err != nil {
		w.t.Fatal(err)
	}
	return report.Handout
}

// keeps reports whether the password still lies sealed.
func (w *ward) keeps(operation string) bool {
	w.t.Helper()
	_, found, err := w.store.SealedByID(w.t.Context(), actions.SealHandout, operation)
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

// passwordHash is the hash that the product learned last.
func (w *ward) passwordHash() string {
	w.t.Helper()
	recorded, _, err := w.store.Changes(w.t.Context(), 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	hash := ""
	for _, r := range recorded {
		if r.Change.Kind == actions.ChangePasswordSet {
			hash = r.Change.PasswordHash
		}
	}
	return hash
}

// wantPassword expects that a password is the one that was set.
func (w *ward) wantPassword(password string) {
	w.t.Helper()
	var version int
	var memory, times uint32
	var threads uint8
	var rest string
	phc := w.passwordHash()
	if _, err := fmt.Sscanf(phc, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &memory, &times, &threads, &rest); err != nil {
		w.t.Fatalf("%q isn't argon2id as PHC has it: %v", phc, err)
	}
	salt, hash, _ := strings.Cut(rest, "$")
	decode := func(text string) []byte {
		raw, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil {
			w.t.Fatal(err)
		}
		return raw
	}
	want := decode(hash)
	if got := argon2.IDKey([]byte(password), decode(salt), times, memory, threads, uint32(len(want))); !bytes.Equal(got, want) {
		w.t.Error("what was handed out isn't the password that was set")
	}
}

// TestPasswordByHand: a lead asks, another approves, the first hands it out, and
// the customer reads it once (RULES S4.8).
func TestPasswordByHand(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		w.refused("ULEAD", order(actions.ActSetPassword), "Nothing proves")
		asked := w.does("ULEAD", vouched(actions.ActSetPassword), actions.OperationAsked)
		if w.keeps(asked.Operation.ID) || !strings.Contains(strings.Join(asked.Does, " "), "changed at the first login") {
			t.Errorf("before anybody approved it, it says %q", asked.Does)
		}
		report, err := w.actions.Approve(t.Context(), w.as("UBOSS"), asked.Approval.ID)
		if err != nil || report.Handout != actions.HandoutWaits || report.Afterwards == "" {
			t.Fatalf("got %+v, %v", report, err)
		}
		w.wantChanges(actions.ChangePasswordSet, actions.ChangeSessions)
		if !w.person(jane).MustReset {
			t.Error("it needn't be changed at the first login")
		}
		// once refused for want of proof, then done
		if rows := w.entries(actions.ActSetPassword); len(rows) != 2 || rows[1].Outcome != actions.ActDone || rows[1].Approver != "UBOSS" || rows[1].Actor != "ULEAD" {
			t.Errorf("the audit has %+v", rows)
		}
		w.deliver()
		if letter := w.mails.last(t); letter.To != janeMail || len(w.mails.letters) != 1 {
			t.Errorf("told is %s, %d times", letter.To, len(w.mails.letters))
		}
		w.told(actions.OutgoingOperation)
		made := w.handsOut(report.Operation.ID)
		w.wantTold(actions.OutgoingOperation, "ULEAD")
		w.wantTold(actions.OutgoingSecret, "ULEAD")
		s := made.Report.Secret
		if s.Operation != report.Operation.ID || s.UserID != jane || s.For != "j•••@a•••.example" || s.From != "Lea Lead" || s.Ticket != "#4711" ||
			!s.ExpiresAt.Equal(w.clock().Add(24*time.Hour)) || len(strings.Split(made.Passphrase, "-")) != 5 {
			t.Errorf("the secret is %+v", s)
		}
		if w.handout(report.Operation.ID) != actions.HandoutMade || w.keeps(report.Operation.ID) {
			t.Errorf("the card says %q", w.handout(report.Operation.ID))
		}
		w.one(actions.ActSecretHandout, actions.ActDone)
		w.wantPassword(w.opensSecret(made))
	})
}

// TestPasswordStaysSealed: nothing that stays holds the password, neither while it
// waits nor once it was read.
func TestPasswordStaysSealed(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	report := w.setsPassword()
	w.deliver()
	made := w.handsOut(report.Operation.ID)
	password := w.opensSecret(made)
	kept := w.log.String() + fmt.Sprint(report, made.Report, w.mails.letters)
	for _, name := range []string{w.path, w.path + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		kept += string(content)
	}
	if !strings.Contains(kept, janeName) {
		t.Fatal("nothing is proven")
	}
	for what, secret := range map[string]string{
		"the password": password, "the passphrase": made.Passphrase, "the link": strings.Split(made.Link, "#")[1],
	} {
		if strings.Contains(kept, secret) {
			t.Errorf("%s stays somewhere", what)
		}
	}
}

// TestPasswordWithoutAddress: unlike a reset it helps who has no address; then
// nobody can be told, and it says so.
func TestPasswordWithoutAddress(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*ward){
		"NoAddress": func(w *ward) { w.becomes(func(u *actions.User) { u.Email, u.Mobile = "", "" }) },
		"NoMail":    func(w *ward) { w.actions.Mailer = nil },
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			change(w)
			prepared, err := w.actions.Prepare(t.Context(), w.as("ULEAD"), actions.ActSetPassword, jane)
			if err != nil || prepared.Refused || !strings.Contains(strings.Join(prepared.Does, " "), "Tells nobody by e-mail") {
				t.Fatalf("got %+v, %v", prepared, err)
			}
			report := w.setsPassword()
			if len(report.Mails) != 0 || report.Handout != actions.HandoutWaits {
				t.Errorf("got %+v", report)
			}
			w.wantPassword(w.opensSecret(w.handsOut(report.Operation.ID)))
		})
	}
}

// TestPasswordIsRefused where it lets nobody in.
func TestPasswordIsRefused(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*ward)
		words  string
	}{
		"Disabled":  {func(w *ward) { w.becomes(func(u *actions.User) { u.Status = actions.UserDisabled }) }, "can re-enable them"},
		"Invited":   {func(w *ward) { w.becomes(func(u *actions.User) { u.Status = actions.UserInvited }) }, "never finished their invitation"},
		"Shared":    {func(w *ward) { w.locks(actions.LockSharing) }, "The login was shared"},
		"Locked":    {func(w *ward) { w.locks(actions.LockAttempts) }, "Unlock them first"},
		"Cancelled": {func(w *ward) { w.account(actions.AccountCancelled) }, "account is cancelled"},
		"Provider":  {func(w *ward) { w.becomes(func(u *actions.User) { u.HasPassword = false }) }, "sign in with a provider"},
		"NoPages":   {func(w *ward) { w.actions.PublicURL = "" }, "LATCHKEY_PUBLIC_URL"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			row.change(w)
			w.refused("ULEAD", vouched(actions.ActSetPassword), row.words)
			w.wantChanges()
		})
	}
	t.Run("AnAgent", func(t *testing.T) {
		w := openWardOnSQLite(t)
		_, err := w.actions.Do(t.Context(), w.as("UANN"), vouched(actions.ActSetPassword))
		wantCode(t, err, actions.Forbidden)
	})
}

// TestPasswordWarns of what speaks against it.
func TestPasswordWarns(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		change func(*ward)
		words  string
	}{
		"AFreshContact": {func(w *ward) { w.becomes(func(u *actions.User) { u.ContactChangedAt = w.clock().Add(-time.Hour) }) }, "speak to the owner"},
		"AnAttack": {func(w *ward) {
			w.tries(25, actions.WrongPassword)
			w.put(actions.Lock{ID: "lock-1", UserID: jane, Kind: actions.LockAttempts, At: w.clock().Add(-time.Minute), ReleasedAt: w.clock()})
		}, "hand it to L2"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWardOnSQLite(t)
			row.change(w)
			prepared, err := w.actions.Prepare(t.Context(), w.as("ULEAD"), actions.ActSetPassword, jane)
			if err != nil || prepared.Refused || !strings.Contains(prepared.Warning, row.words) {
				t.Errorf("got %+v, %v", prepared, err)
			}
		})
	}
}

// TestPasswordIsOffered to whom it is for, among what may help.
func TestPasswordIsOffered(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	d, err := w.actions.Diagnose(t.Context(), w.as("ULEAD"), actions.Query{Identifier: janeName})
	if err != nil {
		t.Fatal(err)
	}
	for _, offer := range d.Offers {
		if offer.Act == actions.ActSetPassword && !offer.First {
			return
		}
	}
	t.Errorf("offered are %+v", d.Offers)
}

// TestHandOutIsForWhoAsked: not for who approved it, nor for an agent.
func TestHandOutIsForWhoAsked(t *testing.T) {
	t.Parallel()
	w := openWardOnSQLite(t)
	operation := w.setsPassword().Operation.ID
	for _, id := range []string{"UBOSS", "UANN"} {
		_, err := w.actions.HandOut(t.Context(), w.as(id), operation, id)
		wantCode(t, err, actions.Forbidden)
	}
	if rows := w.entries(actions.ActSecretHandout); len(rows) != 2 || rows[0].Outcome != actions.ActRefused || rows[0].Subject != jane || rows[0].Actor != "UBOSS" {
		t.Errorf("the audit has %+v", rows)
	}
	if w.handout(operation) != actions.HandoutWaits {
		t.Errorf("it is %q", w.handout(operation))
	}
	for name, other := range map[string]string{"Nothing": "no-such", "AnotherAct": w.does("ULEAD", order(actions.ActSendUsername), actions.OperationDone).Operation.ID} {
		_, err := w.actions.HandOut(t.Context(), w.as("ULEAD"), other, "Lea")
		if actions.CodeOf(err) != actions.NotFound {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestHandOutAtOnce: there is one link, whoever clicks how often.
func TestHandOutAtOnce(t *testing.T) {
	t.Parallel()
	onEachWard(t, func(t *testing.T, w *ward) {
		operation := w.setsPassword().Operation.ID
		calls := []actions.Call{w.as("ULEAD"), w.as("ULEAD"), w.as("ULEAD"), w.as("ULEAD")}
		made := make([]actions.SecretMade, len(calls))
		var all sync.WaitGroup
		for i, call := range calls {
			all.Go(func() {
				var err error
				if made[i], err = w.actions.HandOut(t.Context(), call, operation, "Lea"); err != nil && actions.CodeOf(err) != actions.Conflict {
					t.Error(err)
				}
			})
		}
		all.Wait()
		links := 0
		for _, m := range made {
			if m.Link != "" {
				links++
				w.wantPassword(w.opensSecret(m))
			}
		}
		if links != 1 {
			t.Errorf("there are %d links", links)
		}
		w.one(actions.ActSecretHandout, actions.ActDone)
		_, err := w.actions.HandOut(t.Context(), w.as("ULEAD"), operation, "Lea")
		if actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "made already") {
			t.Errorf("got %v", err)
		}
	})
}
