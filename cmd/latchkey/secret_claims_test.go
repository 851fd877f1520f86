package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// evidence is a house in which secrets and requests were sent, opened, revoked and
// mailed, and what nobody who reads its database may find.
type evidence struct {
	*ward
	server  string
	hidden  map[string][]byte
	waiting secretLink // without a passphrase
	locked  secretLink // with ownPassphrase
	salt    []byte     // of that
	mailed  string     // ID of a secret whose mail waits
	asked   requestLink
	request string // ID of a request whose answer waits
}

// gather sends all of it.
func gather(t *testing.T, databaseURL string) *evidence {
	t.Helper()
	w := openWard(t, databaseURL)
	e := &evidence{ward: w, server: servePages(t, w.house, w.log), hidden: map[string][]byte{}}
	e.waiting, _ = e.sends("waiting", actions.NewSecret{Passphrase: actions.PassphraseNone})
	_, words := e.sends("in words", actions.NewSecret{Passphrase: actions.PassphraseWords})
	e.hide("generated passphrase", []byte(words.Passphrase))
	var own actions.SecretMade
	e.locked, own = e.sends("protected", actions.NewSecret{Passphrase: actions.PassphraseOwn, Own: ownPassphrase})
	e.hide("own passphrase", []byte(ownPassphrase))
	e.salt = unwired(t, e.locked.with(t, nil).wantStatus(t, e.server, "live").Salt)
	e.derived("protected", e.locked.with(t, stretched(t, ownPassphrase, e.salt, actions.SecretRounds)))

	opened, _ := e.sends("opened", actions.NewSecret{Passphrase: actions.PassphraseNone})
	opened.with(t, nil).wantOpened(t, e.server, content("opened"))
	_, revoked := e.sends("revoked", actions.NewSecret{Passphrase: actions.PassphraseNone})
	if _, err := w.actions.RevokeSecret(t.Context(), w.as("UANN"), revoked.Report.Secret.ID); err != nil {
		t.Fatal(err)
	}
	_, mailed := e.sends("mailed", actions.NewSecret{Passphrase: actions.PassphraseOwn, Own: ownPassphrase, For: janeMail, Mail: true})
	e.mailed, _ = mailed.Report.Secret.ID, own
	e.asks()
	return e
}

// content is what is sent under a name.
func content(name string) string { return "the canary that was " + name + " sings" }

// sends makes a secret, and notes what nobody may find.
func (e *evidence) sends(name string, n actions.NewSecret) (secretLink, actions.SecretMade) {
	e.t.Helper()
	n.Content, n.Lifetime, n.From = content(name), time.Hour, "Ann"
	made, err := e.actions.CreateSecret(e.t.Context(), e.as("UANN"), n)
	if err != nil {
		e.t.Fatal(err)
	}
	e.hide(name+": content", []byte(n.Content))
	if n.Mail {
		return secretLink{}, made
	}
	link := readSecretLink(e.t, made.Link)
	e.hide(name+": root", link.root)
	e.derived(name, link.with(e.t, nil))
	return link, made
}

// asks has two requests answered, and one of them opened.
func (e *evidence) asks() {
	e.t.Helper()
	for _, name := range []string{"answered", "read"} {
		n := actions.NewRequest{What: "the key of your shop", Why: "it fails there only", From: "Ann", Lifetime: time.Hour}
		made, err := e.actions.AskForSecret(e.t.Context(), e.as("UANN"), n)
		if err != nil {
			e.t.Fatal(err)
		}
		e.asked = readRequestLink(e.t, made.Link)
		id := made.Report.Request.ID
		e.answers(e.asked, content(name))
		e.hide(name+": content", []byte(content(name)))
		e.hide(name+": token", e.asked.token)
		if name == "answered" {
			e.request = id
			continue
		}
		view := e.view(id)
		e.hide(name+": token of the view", view.token)
		got, err := view.posts(e.t.Context(), e.server, "open", nil)
		if err != nil || string(unwired(e.t, got.Content)) != content(name) {
			e.t.Fatalf("the agent is answered %d %q, %v", got.status, got.Error, err)
		}
	}
}

// answers sends something for a request, as the customer's page does.
func (e *evidence) answers(link requestLink, text string) {
	e.t.Helper()
	page, err := link.posts(e.t.Context(), e.server, "status", nil)
	if err != nil || page.State != "asked" {
		e.t.Fatalf("the page is told %d %q %q, %v", page.status, page.State, page.Error, err)
	}
	got, err := link.posts(e.t.Context(), e.server, "send", wired(link.seals(e.t, unwired(e.t, page.Key), text)))
	if err != nil || got.State != "received" {
		e.t.Fatalf("the answer is answered %d %q %q, %v", got.status, got.State, got.Error, err)
	}
}

// view makes the link by which who asked opens what came.
func (e *evidence) view(id string) requestLink {
	e.t.Helper()
	text, _, err := e.actions.RequestLink(e.t.Context(), e.as("UANN"), id)
	if err != nil {
		e.t.Fatal(err)
	}
	return readRequestLink(e.t, text)
}

// hide notes what nobody may find.
func (e *evidence) hide(name string, raw []byte) { e.hidden[name] = raw }

// derived notes what a link is made into.
func (e *evidence) derived(name string, o opener) {
	e.hide(name+": proof of the link", o.link)
	e.hide(name+": claim", o.claim)
	e.hide(name+": key", o.enc)
}

// wantHidden looks for all of it in bytes, as it is and as it is commonly written.
func (e *evidence) wantHidden(where string, all []byte) {
	e.t.Helper()
	for name, raw := range e.hidden {
		for _, written := range [][]byte{
			raw, []byte(wire.EncodeToString(raw)), []byte(base64.RawStdEncoding.EncodeToString(raw)),
			[]byte(hex.EncodeToString(raw)), bytes.ToUpper([]byte(hex.EncodeToString(raw))),
		} {
			if bytes.Contains(all, written) {
				e.t.Errorf("%s lies in %s", name, where)
			}
		}
	}
}

// TestDatabaseTellsNothing: the files of the database and of its log, copied while
// it is in use, hold nothing of what was sent, nor what would open it.
func TestDatabaseTellsNothing(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		e := gather(t, storetest.SQLiteURL(t))
		var all []byte
		for _, ending := range []string{"", "-wal"} {
			file, err := os.ReadFile(e.path + ending)
			if err != nil || len(file) == 0 {
				t.Fatalf("the file %q has %d bytes, %v", ending, len(file), err)
			}
			all = append(all, file...)
		}
		e.wantThere(all)
		e.wantHidden("the database", all)
	})
	t.Run("postgres", func(t *testing.T) {
		cluster := storetest.NewCluster(t, false)
		e := gather(t, cluster.URL)
		all := clusterFiles(t, cluster.URL)
		e.wantThere(all)
		e.wantHidden("the database", all)
	})
}

// wantThere expects that the files are those of this database: what isn't hidden
// is found.
func (e *evidence) wantThere(all []byte) {
	e.t.Helper()
	for _, plain := range []string{e.waiting.name, "the key of your shop", janeName} {
		if !bytes.Contains(all, []byte(plain)) {
			e.t.Errorf("%q isn't found, and should be", plain)
		}
	}
}

// clusterFiles reads every file of a PostgreSQL server, its log included.
func clusterFiles(t *testing.T, databaseURL string) []byte {
	t.Helper()
	db := behind(t, databaseURL)
	does(t, db, `CHECKPOINT`)
	var folder string
	if err := db.QueryRowContext(t.Context(), `SHOW data_directory`).Scan(&folder); err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // the server removes files of its own meanwhile
		}
		file, err := os.Open(path)
		if err != nil {
			return nil // likewise
		}
		defer func() { _ = file.Close() }()
		_, err = io.Copy(&all, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.Bytes()
}

// TestServerKeyAlone: with the database and the server's key, what was sent and
// handed over can be unwrapped and not be opened; with its link it can. What
// somebody was asked for and lies unopened can be read, and the link of a mail that
// waits, as is claimed; not what was opened.
func TestServerKeyAlone(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteURL, "postgres": storetest.PostgresURL} {
		t.Run(name, func(t *testing.T) {
			e := gather(t, url(t))
			var unwrapped []byte
			sealed := e.sealed()
			for _, s := range sealed {
				plain, err := e.actions.Keys.Unseal(s)
				if err != nil {
					t.Fatalf("unwrapping: %v", err)
				}
				unwrapped = append(unwrapped, plain...)
			}
			delete(e.hidden, "generated passphrase") // its sender can see it again
			e.wantHidden("what the server's key unwraps", unwrapped)
			e.needsRoot(sealed)
			e.keyReads(sealed)
		})
	}
}

// sealed is all that lies sealed, as somebody reads it who has the database.
func (e *evidence) sealed() []actions.Sealed {
	e.t.Helper()
	url := e.path
	if !strings.Contains(url, "://") {
		url = "sqlite:" + url
	}
	rows, err := behind(e.t, url).QueryContext(e.t.Context(), `SELECT purpose, id, kid, body FROM secret_bodies`)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []actions.Sealed
	for rows.Next() {
		var s actions.Sealed
		if err := rows.Scan(&s.Purpose, &s.ID, &s.KeyID, &s.Body); err != nil {
			e.t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		e.t.Fatal(err)
	}
	return all
}

// unwrap is what the server's key makes of one sealed thing.
func (e *evidence) unwrap(sealed []actions.Sealed, purpose actions.Purpose, id string) []byte {
	e.t.Helper()
	i := slices.IndexFunc(sealed, func(s actions.Sealed) bool { return s.Purpose == purpose && s.ID == id })
	if i < 0 {
		e.t.Fatalf("nothing lies sealed as %s", purpose)
	}
	plain, err := e.actions.Keys.Unseal(sealed[i])
	if err != nil {
		e.t.Fatal(err)
	}
	return plain
}

// needsRoot tries to open what waits with all that the database has, and then with
// its link.
func (e *evidence) needsRoot(sealed []actions.Sealed) {
	e.t.Helper()
	body := e.unwrap(sealed, actions.SealSecret, e.waiting.name)
	s, _, err := e.store.SecretByID(e.t.Context(), e.waiting.name)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, root := range [][]byte{make([]byte, 32), s.LinkProof, s.ClaimProof} {
		guess := e.waiting
		guess.root = root
		o := guess.with(e.t, nil)
		for _, key := range [][]byte{root, o.enc} {
			o.enc = key
			if _, err := o.decrypts(body[:12], body[12:]); err == nil {
				e.t.Error("it opens without its link")
			}
		}
	}
	if read, err := e.waiting.with(e.t, nil).decrypts(body[:12], body[12:]); err != nil || read != content("waiting") {
		e.t.Errorf("with its link it doesn't open: %v", err)
	}
	body = e.unwrap(sealed, actions.SealSecret, e.locked.name)
	if _, err := e.locked.with(e.t, nil).decrypts(body[:12], body[12:]); err == nil {
		e.t.Error("it opens with its link and without its passphrase")
	}
	key := stretched(e.t, ownPassphrase, e.salt, actions.SecretRounds)
	if read, err := e.locked.with(e.t, key).decrypts(body[:12], body[12:]); err != nil || read != content("protected") {
		e.t.Errorf("with its link and its passphrase it doesn't open: %v", err)
	}
}

// keyReads: what the server's key does read, and no more of it than is said.
func (e *evidence) keyReads(sealed []actions.Sealed) {
	e.t.Helper()
	count := map[actions.Purpose]int{}
	for _, s := range sealed {
		count[s.Purpose]++
	}
	for purpose, want := range map[actions.Purpose]int{
		actions.SealSecret: 4, actions.SealPassphrase: 1, actions.SealMail: 1, actions.SealRequest: 1, actions.SealAnswer: 1,
	} {
		if count[purpose] != want {
			e.t.Errorf("%d things lie sealed as %s, want %d", count[purpose], purpose, want)
		}
	}
	if private := e.unwrap(sealed, actions.SealRequest, e.request); len(private) != 32 {
		e.t.Errorf("the key of a request has %d bytes", len(private))
	}
	s, _, err := e.store.SecretByID(e.t.Context(), e.mailed)
	if err != nil {
		e.t.Fatal(err)
	}
	if root := e.unwrap(sealed, actions.SealMail, s.Mail); len(unwired(e.t, string(root))) != 32 {
		e.t.Errorf("the root of a link that is to be mailed has %d bytes", len(root))
	}
}

// TestBurntIsGone: once a secret was opened and the database closed, its file holds
// nothing more of the body.
func TestBurntIsGone(t *testing.T) {
	t.Parallel()
	v := openVault(t, storetest.SQLiteURL(t))
	server := v.serves()
	link, _ := v.sends("canary", actions.PassphraseNone)
	body, found, err := v.store.SealedByID(t.Context(), actions.SealSecret, link.name)
	if err != nil || !found {
		t.Fatalf("got %t, %v", found, err)
	}
	link.with(t, nil).wantOpened(t, server, "canary")
	db := behind(t, v.database)
	does(t, db, `PRAGMA wal_checkpoint(TRUNCATE)`)
	for _, ending := range []string{"", "-wal"} {
		file, err := os.ReadFile(strings.TrimPrefix(v.database, "sqlite:") + ending)
		if err != nil || bytes.Contains(file, body.Body[:24]) {
			t.Errorf("the file %q still has the body, or: %v", ending, err)
		}
	}
}
