package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// secretCrash tells a process of this test what to do, and at which step to end.
type secretCrash struct {
	Database, Keys string
	Step           string
	Now            time.Time
	Do             string // one of the keys of doings
	ID             string // of the secret, the request or the mail
	Proof, Claim   []byte // of a link
	Answer         actions.RequestAnswer
	Letters        string // the file that letters are written to
}

// doings are what such a process can do. Each returns an error only when the step
// was never reached.
var doings = map[string]func(context.Context, *ward, secretCrash) error{
	"create": func(ctx context.Context, w *ward, _ secretCrash) error {
		_, err := w.actions.CreateSecret(ctx, w.as("UANN"), plainSecret())
		return err
	},
	"open": func(ctx context.Context, w *ward, c secretCrash) error {
		_, err := w.actions.OpenSecret(ctx, c.ID, c.Proof, c.Claim)
		return err
	},
	"revoke": func(ctx context.Context, w *ward, c secretCrash) error {
		_, err := w.actions.RevokeSecret(ctx, w.as("UANN"), c.ID)
		return err
	},
	"mail":   func(ctx context.Context, w *ward, c secretCrash) error { return w.actions.SendMail(ctx, c.ID) },
	"expire": func(ctx context.Context, w *ward, _ secretCrash) error { return w.actions.ExpireSecrets(ctx) },
	"ask": func(ctx context.Context, w *ward, _ secretCrash) error {
		_, err := w.actions.AskForSecret(ctx, w.as("UANN"), plainRequest())
		return err
	},
	"receive": func(ctx context.Context, w *ward, c secretCrash) error {
		_, _, err := w.actions.ReceiveAnswer(ctx, c.ID, c.Proof, c.Answer)
		return err
	},
	"view": func(ctx context.Context, w *ward, c secretCrash) error {
		_, err := w.actions.ViewAnswer(ctx, c.ID, c.Proof)
		return err
	},
	"rekey": func(ctx context.Context, w *ward, _ secretCrash) error {
		_, err := w.actions.Rekey(ctx, atTerminal(), func(int, int) {})
		return err
	},
}

// crashContent is what is sent and asked for here.
const crashContent = "the canary that outlived the process"

// plainSecret is a secret without a passphrase.
func plainSecret() actions.NewSecret {
	return actions.NewSecret{Content: crashContent, Lifetime: time.Hour, Passphrase: actions.PassphraseNone, From: "Ann"}
}

func plainRequest() actions.NewRequest {
	return actions.NewRequest{What: "the key of your shop", Why: "it fails there only", From: "Ann", Lifetime: time.Hour}
}

// ending is where a process ends: before brings the secret into the state and
// returns what the process is to do, after is what another finds, and carries on.
type ending struct {
	before func(*ward) (secretCrash, subject)
	after  func(*ward, subject)
}

// subject is what the processes are about.
type subject struct {
	link    opener
	request requestLink
	view    requestLink
	id      string // of the secret or the request
	mail    string
	letters string
}

// endings has one for each step.
var endings = map[string]ending{
	"secret_create:sealed":   {creating, (*ward).wantNothing},
	"secret_create:stored":   {creating, (*ward).wantOrphan},
	"secret_open:taken":      {opening, (*ward).wantOpensOnce},
	"secret_open:done":       {opening, (*ward).wantRevealed},
	"secret_revoke:ended":    {revoking, (*ward).wantOpensOnce},
	"secret_revoke:done":     {revoking, (*ward).wantRevoked},
	"secret_mail:unsealed":   {mailing, (*ward).wantMailed},
	"secret_mail:sent":       {mailing, (*ward).wantMailedAgain},
	"secret_mail:wiped":      {mailing, (*ward).wantMailedBefore},
	"secret_expire:ended":    {expiring, (*ward).wantExpired},
	"request_create:stored":  {asking, (*ward).wantAsked},
	"request_receive:stored": {receiving, (*ward).wantSentAgain},
	"request_receive:done":   {receiving, (*ward).wantReceived},
	"request_open:taken":     {viewing, (*ward).wantReadOnce},
	"request_open:done":      {viewing, (*ward).wantRead},
	"rekey:batch":            {rekeying, (*ward).wantRekeyed},
	"rekey:done":             {rekeying, (*ward).wantRekeyed},
}

// TestSecretsWhenAProcessEnds kills a process at each named step, and has another
// carry on: no secret opens twice, none is lost that was acknowledged, none is read
// without its link.
func TestSecretsWhenAProcessEnds(t *testing.T) {
	t.Parallel()
	if told := os.Getenv(crashVariable); told != "" {
		endAtSecretStep(t, told)
		return
	}
	for _, step := range actions.SecretSteps() {
		e, known := endings[step]
		if !known {
			t.Errorf("no process ends at %s", step)
			continue
		}
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			e.at(t, step)
		})
	}
}

// at has a process end at the step, and carries on.
func (e ending) at(t *testing.T, step string) {
	database := storetest.SQLiteURL(t)
	w := openWard(t, database)
	c, about := e.before(w)
	c.Database, c.Step, c.Now, c.Letters = database, step, w.clock(), about.letters
	if c.Keys == "" {
		c.Keys = testKey
	}
	told, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSecretsWhenAProcessEnds$", "-test.count=1")
	child.Env = append(os.Environ(), crashVariable+"="+string(told))
	out, err := child.CombinedOutput()
	exit := new(exec.ExitError)
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL { //nolint:forcetypeassert // on the systems that this runs on
		t.Fatalf("the process ended with %v: %s", err, out)
	}
	e.after(w, about)
}

// endAtSecretStep is the process that ends.
func endAtSecretStep(t *testing.T, told string) {
	var c secretCrash
	if err := json.Unmarshal([]byte(told), &c); err != nil {
		t.Fatal(err)
	}
	w := wardOver(rekeyedPostRoom(t, c.Database, c.Keys))
	w.now, w.calls = c.Now, 1000 // no call of the other's
	w.actions.Mailer = postOffice(c.Letters)
	w.actions.Reached = func(step string) {
		if step == c.Step {
			endProcess(t)
		}
	}
	t.Fatalf("%s was never reached: %v", c.Step, doings[c.Do](t.Context(), w, c))
}

// postOffice writes letters to a file, where they outlive the process.
type postOffice string

func (p postOffice) Send(_ context.Context, letter actions.Letter) error {
	return os.WriteFile(string(p), []byte(letter.Text), 0o600)
}

func creating(*ward) (secretCrash, subject) { return secretCrash{Do: "create"}, subject{} }

// sent makes a secret without a passphrase.
func (w *ward) sent() (opener, actions.SecretMade) {
	w.t.Helper()
	made, err := w.actions.CreateSecret(w.t.Context(), w.as("UANN"), plainSecret())
	if err != nil {
		w.t.Fatal(err)
	}
	return readSecretLink(w.t, made.Link).with(w.t, nil), made
}

func opening(w *ward) (secretCrash, subject) {
	o, _ := w.sent()
	return secretCrash{Do: "open", ID: o.name, Proof: o.link, Claim: o.claim}, subject{link: o}
}

func revoking(w *ward) (secretCrash, subject) {
	o, _ := w.sent()
	return secretCrash{Do: "revoke", ID: o.name}, subject{link: o}
}

func mailing(w *ward) (secretCrash, subject) {
	n := plainSecret()
	n.For, n.Mail, n.Passphrase, n.Own = janeMail, true, actions.PassphraseOwn, ownPassphrase
	made, err := w.actions.CreateSecret(w.t.Context(), w.as("UANN"), n)
	if err != nil {
		w.t.Fatal(err)
	}
	s := made.Report.Secret
	return secretCrash{Do: "mail", ID: s.Mail}, subject{id: s.ID, mail: s.Mail, letters: filepath.Join(w.t.TempDir(), "letters")}
}

func expiring(w *ward) (secretCrash, subject) {
	o, _ := w.sent()
	w.pass(2 * time.Hour)
	return secretCrash{Do: "expire"}, subject{link: o}
}

func asking(*ward) (secretCrash, subject) { return secretCrash{Do: "ask"}, subject{} }

// asksJane makes a request, and returns its customer's link and the answer that they
// send.
func (w *ward) asksJane() (subject, actions.RequestAnswer) {
	w.t.Helper()
	made, err := w.actions.AskForSecret(w.t.Context(), w.as("UANN"), plainRequest())
	if err != nil {
		w.t.Fatal(err)
	}
	link := readRequestLink(w.t, made.Link)
	page, err := w.actions.RequestStatus(w.t.Context(), link.name, link.token)
	if err != nil || page.State != actions.RequestAsked {
		w.t.Fatalf("the page is told %+v, %v", page.State, err)
	}
	return subject{request: link, id: link.name}, link.seals(w.t, page.PublicKey, crashContent)
}

func receiving(w *ward) (secretCrash, subject) {
	about, answer := w.asksJane()
	return secretCrash{Do: "receive", ID: about.id, Proof: about.request.token, Answer: answer}, about
}

// answered is a request that was answered.
func (w *ward) answered() subject {
	w.t.Helper()
	about, answer := w.asksJane()
	_, taken, err := w.actions.ReceiveAnswer(w.t.Context(), about.id, about.request.token, answer)
	if err != nil || !taken {
		w.t.Fatalf("the answer is taken: %t, %v", taken, err)
	}
	return about
}

// viewOf is the link by which the agent opens what came.
func (w *ward) viewOf(id string) requestLink {
	w.t.Helper()
	text, _, err := w.actions.RequestLink(w.t.Context(), w.as("UANN"), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return readRequestLink(w.t, text)
}

func viewing(w *ward) (secretCrash, subject) {
	about := w.answered()
	about.view = w.viewOf(about.id)
	return secretCrash{Do: "view", ID: about.id, Proof: about.view.token}, about
}

// newerKeys are the server's keys once another seals.
const newerKeys = "k2:YWJjZGVmZ2hpamtsbW5vcGFiY2RlZmdoaWprbG1ub3A=," + testKey

func rekeying(w *ward) (secretCrash, subject) {
	about := w.answered()
	about.link, _ = w.sent()
	return secretCrash{Do: "rekey", Keys: newerKeys}, about
}
