package actions

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// TestAskForSecret: what the customer's page shows of a request that was made.
func TestAskForSecret(t *testing.T) {
	d := office(t)
	r := d.asks(t, ofJane)
	page := r.page(t)
	if page.State != RequestAsked || page.At != noon || page.ExpiresAt != noon.Add(hour) || page.Viewing {
		t.Errorf("the page says %+v", page)
	}
	if page.From != "Ana" || page.What != wifi().What || page.Why != wifi().Why {
		t.Errorf("the page says %+v", page)
	}
	if sum := sha256.Sum256(page.PublicKey); !bytes.Equal(sum[:], r.fingerprint) {
		t.Error("the link's fingerprint isn't that of the key")
	}
	stored := r.stored()
	if stored.UserID != "u-1" || stored.For != "j•••@a•••.example" || stored.Actor != "U1" || stored.Ticket != "#4711" || stored.KeyID != "k1" {
		t.Errorf("stored is %+v", stored)
	}
	d.holdsSealed(t, r.id, SealRequest)
	d.wantTold(t, "secret_request to U1")
	want := AuditEntry{
		At: noon, Act: ActSecretRequest, Actor: "U1", Subject: "u-1", Outcome: ActDone, Reason: wifi().Why, Ticket: "#4711",
		Detail: "asked: request " + shortHash(r.id) + ", for j•••@a•••.example",
	}
	if got := d.written(t); got != want {
		t.Errorf("the audit says\n%+v, want\n%+v", got, want)
	}
}

// TestAskForSecretOfAnybody: it may be asked of nobody in particular, and lives as
// long as the weekend needs.
func TestAskForSecretOfAnybody(t *testing.T) {
	d := office(t)
	d.now = time.Date(2026, 3, 13, 18, 0, 0, 0, time.UTC) // a Friday
	made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(func(n *NewRequest) { n.Lifetime = 0 }))
	if err != nil {
		t.Fatal(err)
	}
	if r := made.Report.Request; r.For != "" || r.UserID != "" || r.ExpiresAt != d.now.Add(3*aDay) || r.Proof != nil {
		t.Errorf("got %+v", r)
	}
	if made.Report.Mail != nil || made.Report.Since != d.now {
		t.Errorf("got %+v", made.Report)
	}
}

// TestAskForSecretRefused: nothing changes, and a sentence says why.
func TestAskForSecretRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*NewRequest)
		code   Code
	}{
		"nothing is asked for":     {func(n *NewRequest) { n.What = " \n" }, Invalid},
		"two lines":                {func(n *NewRequest) { n.What = "your Wi-Fi\nand more" }, Invalid},
		"201 characters":           {func(n *NewRequest) { n.What = strings.Repeat("é", 201) }, Invalid},
		"NUL":                      {func(n *NewRequest) { n.What = "your\x00Wi-Fi" }, Invalid},
		"no UTF-8":                 {func(n *NewRequest) { n.What = "your \xff Wi-Fi" }, Invalid},
		"a password in what":       {func(n *NewRequest) { n.What = "is the password hunter2 still right" }, Invalid},
		"no reason":                {func(n *NewRequest) { n.Why = "\t" }, Invalid},
		"a password in the reason": {func(n *NewRequest) { n.Why = "password: hunter2 didn't work" }, Invalid},
		"a reason too long":        {func(n *NewRequest) { n.Why = strings.Repeat("x", reasonLimit+1) }, Invalid},
		"a lifetime of its own":    {func(n *NewRequest) { n.Lifetime = 2 * hour }, Invalid},
		"a negative lifetime":      {func(n *NewRequest) { n.Lifetime = -hour }, Invalid},
		"an endless lifetime":      {func(n *NewRequest) { n.Lifetime = math.MaxInt64 }, Invalid},
		"mailed to nobody":         {func(n *NewRequest) { n.Mail = true }, Invalid},
		"for a whole page":         {func(n *NewRequest) { n.For = strings.Repeat("x", forLimit+1) }, Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			d.changesNothing(t, func() {
				_, err := d.AskForSecret(t.Context(), agent("k", ""), wifi(c.change))
				wantCode(t, err, c.code)
				if err != nil && strings.Contains(err.Error(), "unter2") {
					t.Errorf("the refusal says the password: %v", err)
				}
			})
		})
	}
}

// TestAskForSecretFits: the longest there may be, and what people really write.
func TestAskForSecretFits(t *testing.T) {
	d := office(t)
	for _, what := range []string{strings.Repeat("é", 200), "  the password of user X1234Y  ", "Ihr WLAN-Passwort"} {
		made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(func(n *NewRequest) { n.What = what }))
		if err != nil || made.Report.Request.What != strings.TrimSpace(what) {
			t.Errorf("%q: got %q, %v", what, made.Report.Request.What, err)
		}
	}
}

func TestAskForSecretNotSetUp(t *testing.T) {
	for name, change := range map[string]func(*desk){
		"no key":          func(d *desk) { d.Keys = Keyring{} },
		"no public pages": func(d *desk) { d.PublicURL = "" },
		"no mail":         func(d *desk) { d.Mailer = nil },
		"no database":     func(d *desk) { d.store.down = Errorf(Unavailable, "The database doesn't answer.") },
		"no directory":    func(d *desk) { d.directory.err = Errorf(Unavailable, "The directory doesn't answer.") },
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			change(d)
			d.changesNothing(t, func() {
				_, err := d.AskForSecret(t.Context(), agent("", ""), wifi(mailedToJane))
				wantCode(t, err, Unavailable)
			})
		})
	}
}

// TestAskForSecretWho: the policy decides, and a request is answered once.
func TestAskForSecretWho(t *testing.T) {
	d := office(t)
	_, err := d.AskForSecret(t.Context(), Call{Actor: Actor{ID: "U9"}}, wifi())
	wantCode(t, err, Forbidden)
	if entry := d.written(t); entry.Outcome != ActRefused || entry.Act != ActSecretRequest || entry.Reason != "" || entry.Detail != "" {
		t.Errorf("the audit says %+v", entry)
	}
	_, err = d.AskForSecret(t.Context(), agent("key", ""), wifi())
	wantCode(t, err, "")
	d.changesNothing(t, func() {
		_, err := d.AskForSecret(t.Context(), agent("key", ""), wifi())
		wantCode(t, err, Conflict)
	})
	d.store.state.brakes["U1"] = Brake{Actor: "U1", At: noon}
	_, err = d.AskForSecret(t.Context(), agent("", ""), wifi())
	wantCode(t, err, Forbidden)
	if len(d.store.state.requests) != 1 {
		t.Errorf("there are %d requests", len(d.store.state.requests))
	}
}

// TestAskForSecretQuota: 20 an hour for a Slack user, and none for the terminal.
func TestAskForSecretQuota(t *testing.T) {
	d := office(t)
	for i := range secretQuota {
		_, err := d.AskForSecret(t.Context(), agent(fmt.Sprint("key ", i), ""), wifi())
		wantCode(t, err, "")
	}
	d.changesNothing(t, func() {
		_, err := d.AskForSecret(t.Context(), agent("one too many", ""), wifi())
		wantCode(t, err, Conflict)
	})
	d.passes(hour)
	_, err := d.AskForSecret(t.Context(), agent("an hour later", ""), wifi())
	wantCode(t, err, "")

	terminal := Call{Actor: Actor{ID: "terminal:ana", Roles: RolesOf(RoleAdmin)}}
	for range secretQuota + 1 {
		_, err := d.AskForSecret(t.Context(), terminal, wifi())
		wantCode(t, err, "")
	}
}

// TestAskForSecretByMail: the link lies sealed for the mail, and nobody is handed it.
func TestAskForSecretByMail(t *testing.T) {
	d := office(t)
	made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(mailedToJane))
	if err != nil {
		t.Fatal(err)
	}
	r := made.Report.Request
	mail := d.store.state.mails[r.Mail]
	if made.Link != "" || mail.Ref != r.ID || mail.UserID != "u-1" || mail.Template != TemplateRequest || mail.Address != "" || mail.Copy {
		t.Errorf("the link is %q, the mail %+v", made.Link, mail)
	}
	if made.Report.Mail == nil || made.Report.Mail.State != MailQueued || made.Report.Mail.To != "j•••@a•••.example" {
		t.Errorf("the report says %+v", made.Report.Mail)
	}
	d.wantTold(t, "mail to email", "secret_request to U1")
	d.holdsSealed(t, r.ID, SealRequest)
	d.holdsSealed(t, mail.ID, SealMail)
	fragment, err := d.Keys.Unseal(d.store.state.sealed[sealedName(SealMail, mail.ID)])
	if err != nil {
		t.Fatal(err)
	}
	token, mark, _ := strings.Cut(string(fragment), ".")
	carried := requested{d: d, id: r.ID, token: raw(t, token), fingerprint: raw(t, mark)}
	if page := carried.page(t); page.State != RequestAsked || !bytes.Equal(fingerprint(page.PublicKey), carried.fingerprint) {
		t.Errorf("the page says %+v", page)
	}
}

// TestAskForSecretKeepsItsLink: once it is stored, nothing keeps the link from who
// asked, and nothing says that it failed.
func TestAskForSecretKeepsItsLink(t *testing.T) {
	for name, change := range map[string]func(*NewRequest){"handed over": ofJane, "mailed": mailedToJane} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			d.Reached = func(string) { d.store.down = errBroken }
			made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(change))
			if err != nil || made.Report.Request.State != RequestAsked || (made.Link == "") != (name == "mailed") {
				t.Errorf("got %+v, %v", made, err)
			}
		})
	}
}
