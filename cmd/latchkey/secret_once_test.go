package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/web"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// vault is a house that sends secrets, with the world's clock.
type vault struct {
	*house
	t        *testing.T
	database string
	log      *safeBuffer
}

// openVault opens a vault on a database.
func openVault(t *testing.T, databaseURL string) *vault {
	t.Helper()
	keys, err := actions.ParseKeyring(testKey)
	if err != nil {
		t.Fatal(err)
	}
	v := &vault{t: t, database: databaseURL, log: &safeBuffer{}}
	if v.house, err = openHouse(t.Context(), databaseURL, keys, actions.Rules{}, quiet(terminal{err: v.log})); err != nil {
		t.Fatal(err)
	}
	v.actions.PublicURL = publicURL
	t.Cleanup(func() {
		if err := v.close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// onEachVault runs a test with a vault on each database.
func onEachVault(t *testing.T, test func(*testing.T, *vault)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, openVault(t, storetest.SQLiteURL(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, openVault(t, storetest.PostgresURL(t))) })
}

// serves opens the pages of the house for customers, and returns where.
func (v *vault) serves() string { return servePages(v.t, v.house, v.log) }

// servePages serves the pages of a house that customers open.
func servePages(t testing.TB, h *house, log io.Writer) string {
	mux := http.NewServeMux()
	config := &Config{Listening: Listening{PublicURL: publicURL}, Words: Words{Brand: "Skylark"}}
	config.pages(mux, web.NewGuard(publicURL, nil), h, quiet(terminal{err: log}))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// sends makes a secret.
func (v *vault) sends(content string, kind actions.PassphraseKind) (secretLink, actions.SecretMade) {
	v.t.Helper()
	n := actions.NewSecret{Content: content, Lifetime: time.Hour, Passphrase: kind, From: "Ava"}
	if kind == actions.PassphraseOwn {
		n.Own = ownPassphrase
	}
	call := atTerminal()
	if kind == actions.PassphraseWords {
		call = agent("UANN") // who can look at the words again, so that they lie sealed, too
	}
	made, err := v.actions.CreateSecret(v.t.Context(), call, n)
	if err != nil {
		v.t.Fatal(err)
	}
	return readSecretLink(v.t, made.Link), made
}

const ownPassphrase = "a canary in a coal mine"

// process is a server in a process of its own; it returns where it is reached from
// outside.
func process(t *testing.T, databaseURL string) string {
	t.Helper()
	slack := slackfake.Start(slackfake.Config{})
	t.Cleanup(slack.Close)
	server := exec.CommandContext(t.Context(), "latchkey", "serve")
	server.Env = append(os.Environ(),
		"LATCHKEY_DATABASE_URL="+databaseURL, "LATCHKEY_SECRET_KEY="+testKey, "LATCHKEY_PUBLIC_URL="+publicURL,
		"LATCHKEY_LISTEN=127.0.0.1:0", "LATCHKEY_INTERNAL_LISTEN=127.0.0.1:0", "LATCHKEY_AGENTS=U0AGENT",
		"LATCHKEY_SLACK_BOT_TOKEN="+slack.Token(), "LATCHKEY_SLACK_SIGNING_SECRET="+slack.SigningSecret(), "LATCHKEY_SLACK_API_URL="+slack.APIURL(),
	)
	server.Cancel = func() error { return server.Process.Signal(syscall.SIGTERM) }
	said, err := server.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // the context of the test is over by then
		if err := server.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("a server ended with %v", err)
		}
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		var line struct{ Msg, Outer string }
		if err := json.Unmarshal(lines.Bytes(), &line); err == nil && line.Msg == "listening" {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return "http://" + line.Outer
		}
	}
	t.Fatalf("a server ended before it listened: %v", lines.Err())
	return ""
}

// TestSecretsOpenOnce: of many clients who open a secret at the same moment, all
// with the right proofs, exactly one gets the body, be it at one server or at two. A few
// of both will do unless the whole is asked for.
func TestSecretsOpenOnce(t *testing.T) {
	t.Parallel()
	secrets, clients := 40, 20
	if inFull() {
		secrets, clients = 400, 50
	}
	t.Run("sqlite", func(t *testing.T) {
		v := openVault(t, storetest.SQLiteURL(t))
		v.opensOnce(secrets, clients, v.serves())
	})
	t.Run("postgres", func(t *testing.T) {
		v := openVault(t, storetest.PostgresURL(t))
		v.opensOnce(secrets/10, clients, v.serves())
	})
	t.Run("postgres, two processes", func(t *testing.T) {
		v := openVault(t, storetest.PostgresURL(t))
		v.opensOnce(secrets, clients, process(t, v.database), process(t, v.database))
	})
}

// opensOnce sends secrets, and has each opened by so many clients at once.
func (v *vault) opensOnce(secrets, clients int, servers ...string) {
	v.t.Helper()
	group, ctx := errgroup.WithContext(v.t.Context())
	group.SetLimit(4)
	for i := range secrets {
		content := fmt.Sprint("canary ", i)
		link, _ := v.sends(content, actions.PassphraseNone)
		o := link.with(v.t, nil)
		group.Go(func() error { return o.rush(ctx, content, clients, servers) })
	}
	if err := group.Wait(); err != nil {
		v.t.Error(err)
	}
	v.wantSealed(0)
}

// rush has so many clients open the secret at once, and fails unless exactly one of
// them reads it, and all others that it was opened.
func (o opener) rush(ctx context.Context, content string, clients int, servers []string) error {
	got, err := atOnce(clients, func(i int) (answered, error) { return o.opens(ctx, servers[i%len(servers)]) })
	if err != nil {
		return err
	}
	bodies := 0
	for _, a := range got {
		switch {
		case a.status == http.StatusGone && a.Error == "revealed" && a.Body == "":
		case a.status == http.StatusOK:
			bodies++
			if read, err := o.reads(a); err != nil || read != content {
				return fmt.Errorf("what was opened isn't what was sent: %w", err)
			}
		default:
			return fmt.Errorf("a client is answered %d %q %q", a.status, a.Error, a.State)
		}
	}
	if bodies != 1 {
		return fmt.Errorf("%d clients got the body", bodies)
	}
	return nil
}

// atOnce does something so often, all at the same moment.
func atOnce(n int, do func(i int) (answered, error)) ([]answered, error) {
	got, wrong := make([]answered, n), make([]error, n)
	start, all := make(chan struct{}), sync.WaitGroup{}
	for i := range n {
		all.Go(func() {
			<-start
			got[i], wrong[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return got, errors.Join(wrong...)
}

// wantSealed expects how many sealed things there are.
func (v *vault) wantSealed(want int) {
	v.t.Helper()
	if got := countSealed(v.t, v.database); got != want {
		v.t.Errorf("%d things lie sealed, want %d", got, want)
	}
}

// countSealed is how many sealed things lie in a database.
func countSealed(t testing.TB, databaseURL string) (n int) {
	t.Helper()
	db := behind(t, databaseURL)
	if err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM secret_bodies`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWrongPassphrasesAtOnce: fifty wrong passphrases at the same moment spend
// exactly the five attempts there are, and the body is gone.
func TestWrongPassphrasesAtOnce(t *testing.T) {
	t.Parallel()
	onEachVault(t, func(t *testing.T, v *vault) {
		server := v.serves()
		link, _ := v.sends("canary", actions.PassphraseOwn)
		live := link.with(t, nil).wantStatus(t, server, "live")
		if !live.Passphrase || live.AttemptsLeft != 5 || live.Rounds != actions.SecretRounds {
			t.Errorf("the page is told %+v", live)
		}
		wrong := link.with(t, stretched(t, "not it, though long", unwired(t, live.Salt), live.Rounds))
		got, err := atOnce(50, func(int) (answered, error) { return wrong.opens(t.Context(), server) })
		if err != nil {
			t.Fatal(err)
		}
		var left []int
		for _, a := range got {
			switch {
			case a.status == http.StatusForbidden && a.Error == "wrong_passphrase":
				left = append(left, a.AttemptsLeft)
			case a.status != http.StatusGone || a.Error != "locked":
				t.Errorf("a client is answered %d %q", a.status, a.Error)
			}
		}
		slices.Sort(left)
		if !slices.Equal(left, []int{1, 2, 3, 4}) {
			t.Errorf("the attempts left are %v", left)
		}
		wrong.wantStatus(t, server, "locked")
		right := link.with(t, stretched(t, ownPassphrase, unwired(t, live.Salt), live.Rounds))
		late, err := right.opens(t.Context(), server)
		wantAnswer(t, late, err, http.StatusGone, "locked")
		v.wantSealed(0)
	})
}

// TestSecretSurvivesItsFirstTries: four wrong passphrases, and whoever has only the
// ID, spend nothing that the right one needs.
func TestSecretSurvivesItsFirstTries(t *testing.T) {
	t.Parallel()
	onEachVault(t, func(t *testing.T, v *vault) {
		server := v.serves()
		link, made := v.sends("canary", actions.PassphraseWords)
		salt := unwired(t, link.with(t, nil).wantStatus(t, server, "live").Salt)
		wrong := link.with(t, stretched(t, "not it, though long", salt, actions.SecretRounds))
		for left := 4; left > 0; left-- {
			got, err := wrong.opens(t.Context(), server)
			wantAnswer(t, got, err, http.StatusForbidden, "wrong_passphrase")
			if got.AttemptsLeft != left {
				t.Errorf("%d attempts are left, want %d", got.AttemptsLeft, left)
			}
		}
		stranger := link
		stranger.root = slices.Repeat([]byte{7}, 32)
		for range 10 {
			got, err := stranger.with(t, nil).opens(t.Context(), server)
			wantAnswer(t, got, err, http.StatusNotFound, "incomplete_link")
		}
		link.with(t, stretched(t, made.Passphrase, salt, actions.SecretRounds)).wantOpened(t, server, "canary")
	})
}
