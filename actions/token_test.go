package actions

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"
)

// admin is a call of the admin U9.
func admin() Call { return Call{Actor: Actor{ID: "U9", Roles: RolesOf(RoleAdmin)}} }

// token makes a token.
func (d *desk) token(t *testing.T, name string, scopes ...Scope) string {
	t.Helper()
	made, err := d.CreateToken(t.Context(), admin(), name, scopes...)
	if err != nil {
		t.Fatal(err)
	}
	return made.Text
}

// listed is the token of that name, the first in the list.
func (d *desk) listed(t *testing.T, name string) Token {
	t.Helper()
	all, err := d.Tokens(t.Context(), admin())
	i := slices.IndexFunc(all, func(token Token) bool { return token.Name == name })
	if err != nil || i < 0 {
		t.Fatalf("%s isn't among %v, %v", name, all, err)
	}
	return all[i]
}

func TestCreateTokenOK(t *testing.T) {
	d := newDesk()
	made, err := d.CreateToken(t.Context(), admin(), "crm", ScopeDirectory, ScopeEvents, ScopeDirectory)
	if err != nil {
		t.Fatal(err)
	}
	secret, found := strings.CutPrefix(made.Text, "latchkey_")
	if raw, err := base64.RawURLEncoding.DecodeString(secret); !found || err != nil || len(raw) != 32 {
		t.Errorf("the text is %q", made.Text)
	}
	got := d.listed(t, "crm")
	if !slices.Equal(got.Scopes, []Scope{ScopeEvents, ScopeDirectory}) || got.CreatedBy != "U9" || !got.CreatedAt.Equal(noon) ||
		!got.LastUsedAt.IsZero() || !got.RevokedAt.IsZero() {
		t.Errorf("it is listed as %+v", got)
	}
	want := AuditEntry{At: noon, Act: ActTokenCreate, Actor: "U9", Outcome: ActDone, Detail: "crm: events, directory"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != want {
		t.Errorf("recorded %+v", audit)
	}
	for hash := range d.store.state.tokens {
		if strings.Contains(hash, secret) {
			t.Error("the text is kept")
		}
	}
	if d.token(t, "other", ScopeEvents) == made.Text {
		t.Error("two tokens have one text")
	}
}

func TestCreateTokenRefused(t *testing.T) {
	for name, row := range map[string]struct {
		name   string
		scopes []Scope
		code   Code
		says   string
	}{
		"NameEmpty":     {"", []Scope{ScopeEvents}, Invalid, "up to 64"},
		"NameLong":      {strings.Repeat("x", 65), []Scope{ScopeEvents}, Invalid, "up to 64"},
		"NameWithSpace": {"a b", []Scope{ScopeEvents}, Invalid, "up to 64"},
		"NameLikeAFlag": {"-x", []Scope{ScopeEvents}, Invalid, "up to 64"},
		"NameWithLine":  {"a\n", []Scope{ScopeEvents}, Invalid, "up to 64"},
		"NoScope":       {"a", nil, Invalid, "one of events, directory, secrets, links, tickets, changes"},
		"UnknownScope":  {"a", []Scope{ScopeEvents, "everything"}, Invalid, `"everything"; a scope is one of events, directory,`},
		"Taken":         {"crm", []Scope{ScopeEvents}, Conflict, "latchkey token revoke crm"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.token(t, "crm", ScopeEvents)
			_, err := d.CreateToken(t.Context(), admin(), row.name, row.scopes...)
			wantCode(t, err, row.code)
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("the error is %v", err)
			}
			if len(d.store.state.tokens) != 1 || len(d.store.state.audit) != 1 {
				t.Errorf("kept %v, recorded %v", d.store.state.tokens, d.store.state.audit)
			}
		})
	}
}

func TestTokensAreForAdmins(t *testing.T) {
	for _, role := range []Role{RoleAgent, RoleL2, RoleLead} {
		d := newDesk()
		d.token(t, "crm", ScopeEvents)
		call := Call{Actor: Actor{ID: "U1", Roles: RolesOf(role)}}
		_, created := d.CreateToken(t.Context(), call, "mine", ScopeEvents)
		_, listed := d.Tokens(t.Context(), call)
		for _, err := range []error{created, listed, d.RevokeToken(t.Context(), call, "crm")} {
			wantCode(t, err, Forbidden)
		}
		if len(d.store.state.tokens) != 1 || !d.listed(t, "crm").RevokedAt.IsZero() {
			t.Errorf("%s changed the tokens: %v", role, d.store.state.tokens)
		}
	}
}

func TestTokensNeedAKey(t *testing.T) {
	d := newDesk()
	d.token(t, "crm", ScopeEvents)
	d.store.keyed = false
	_, err := d.CreateToken(t.Context(), admin(), "other", ScopeEvents)
	wantCode(t, err, Unavailable)
	wantCode(t, d.RevokeToken(t.Context(), admin(), "crm"), Unavailable)
	if len(d.store.state.tokens) != 1 || !d.listed(t, "crm").RevokedAt.IsZero() {
		t.Errorf("without a record the tokens became %v", d.store.state.tokens)
	}
}

func TestRevokeToken(t *testing.T) {
	d := newDesk()
	text := d.token(t, "crm", ScopeEvents)
	if err := d.RevokeToken(t.Context(), admin(), "crm"); err != nil {
		t.Fatal(err)
	}
	if got := d.listed(t, "crm"); !got.RevokedAt.Equal(noon) {
		t.Errorf("it is listed as %+v", got)
	}
	want := AuditEntry{At: noon, Act: ActTokenRevoke, Actor: "U9", Outcome: ActDone, Detail: "crm"}
	if audit := d.store.state.audit; len(audit) != 2 || audit[1] != want {
		t.Errorf("recorded %+v", audit)
	}
	err := d.RevokeToken(t.Context(), admin(), "crm")
	wantCode(t, err, NotFound)
	if !strings.Contains(err.Error(), "latchkey token list") {
		t.Errorf("the error is %v", err)
	}
	// The name is free again, and the old text stays of no use.
	d.token(t, "crm", ScopeEvents)
	if _, err := d.Authenticate(t.Context(), text, ScopeEvents); err != ErrUnknownToken { //nolint:errorlint // the very same
		t.Errorf("the revoked one is let in: %v", err)
	}
}

func TestAuthenticateOK(t *testing.T) {
	d := newDesk()
	text := d.token(t, "crm", ScopeEvents, ScopeLinks)
	for _, asked := range [][]Scope{{ScopeEvents}, {ScopeLinks}, {ScopeDirectory, ScopeEvents}} {
		holder, err := d.Authenticate(t.Context(), text, asked...)
		if err != nil || holder.Name != "crm" || holder.Actor().ID != "token:crm" || !holder.Has(ScopeLinks) || holder.Has(ScopeDirectory) {
			t.Errorf("for %v: %+v, %v", asked, holder, err)
		}
	}
}

// Who sends a token that isn't one learns nothing of why.
func TestAuthenticateUnknown(t *testing.T) {
	d := newDesk()
	good := d.token(t, "crm", ScopeEvents)
	for name, text := range map[string]string{
		"Empty": "", "Short": good[:len(good)-1], "Long": good + "A", "VeryLong": good + strings.Repeat("A", 1<<20),
		"AnotherPrefix": "Latchkey_" + good[len("latchkey_"):], "NobodyMade": "latchkey_" + strings.Repeat("A", 43), "Space": " " + good[1:],
		"Hash": string(hashToken(good)),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := d.Authenticate(t.Context(), text, ScopeEvents); err != ErrUnknownToken { //nolint:errorlint // the very same
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestAuthenticateWrongScope(t *testing.T) {
	d := newDesk()
	text := d.token(t, "crm", ScopeSecrets)
	for _, asked := range [][]Scope{{ScopeEvents, ScopeDirectory}, nil} {
		_, err := d.Authenticate(t.Context(), text, asked...)
		if err == ErrUnknownToken { //nolint:errorlint // the very same
			t.Error("a known token is unknown")
		}
		wantCode(t, err, Forbidden)
	}
	if got := d.listed(t, "crm"); !got.LastUsedAt.IsZero() {
		t.Errorf("a use is noted: %+v", got)
	}
}

func TestAuthenticateNotesTheUseOnceAMinute(t *testing.T) {
	d := newDesk()
	text := d.token(t, "crm", ScopeEvents)
	for _, step := range []struct{ at, noted time.Duration }{
		{0, 0}, {time.Second, 0}, {time.Minute - time.Microsecond, 0}, {time.Minute, time.Minute}, {hour, hour},
	} {
		d.now = noon.Add(step.at)
		if _, err := d.Authenticate(t.Context(), text, ScopeEvents); err != nil {
			t.Fatal(err)
		}
		if got := d.listed(t, "crm").LastUsedAt; !got.Equal(noon.Add(step.noted)) {
			t.Errorf("after a use at %s the last one noted is %s", step.at, got)
		}
	}
}

func TestAuthenticateWithoutADatabase(t *testing.T) {
	d := newDesk()
	text := d.token(t, "crm", ScopeEvents)
	d.store.down = Errorf(Unavailable, "away")
	_, err := d.Authenticate(t.Context(), text, ScopeEvents)
	wantCode(t, err, Unavailable)
}
