package web_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
	"github.com/latchkey-bot/latchkey/bot/web"
)

// ledger is a ChangeFeed of a few changes.
type ledger struct {
	counterOf
	changes []actions.Recorded
	more    bool
	failed  error
	asked   []int64
}

func (l *ledger) ChangesAfter(_ context.Context, holder actions.TokenHolder, after int64) ([]actions.Recorded, bool, error) {
	if !holder.Has(actions.ScopeChanges) {
		return nil, false, errors.New("asked by nobody")
	}
	l.asked = append(l.asked, after)
	return l.changes, l.more, l.failed
}

const changesPath = "/v1/changes"

func TestChanges(t *testing.T) {
	at := time.Date(2026, 7, 26, 9, 41, 0, 5000, time.UTC)
	for name, test := range map[string]struct {
		change actions.Change
		want   string
	}{
		"Unlocked": {
			actions.Change{Kind: actions.ChangeUnlocked, Locks: []actions.LockKind{actions.LockAttempts, actions.LockInactivity}},
			`"kind":"unlocked","user_id":"u1","locks":["attempts","inactivity"]}`,
		},
		"UnlockedIndicated": {
			actions.Change{Kind: actions.ChangeUnlocked, Indicated: actions.LockInactivity, Since: at}, `"kind":"unlocked","user_id":"u1","locks":["inactivity"]}`,
		},
		"Contact": {
			actions.Change{Kind: actions.ChangeContact, Email: "jane@acme.example", Mobile: "+61 400 000 000"},
			`"kind":"contact_changed","user_id":"u1","email":"jane@acme.example","mobile":"+61 400 000 000"}`,
		},
		"Password": {
			actions.Change{Kind: actions.ChangePasswordSet, PasswordHash: "$argon2id$v=19$x"}, `"kind":"password_set","user_id":"u1","password_hash":"$argon2id$v=19$x"}`,
		},
		"Deleted":      {actions.Change{Kind: actions.ChangeDeleted}, `"kind":"user_deleted","user_id":"u1"}`},
		"AdminDeleted": {actions.Change{Kind: actions.ChangeAdminDeleted}, `"kind":"temp_admin_deleted","user_id":"u1"}`},
		"AdminMade": {
			actions.Change{
				Kind: actions.ChangeAdminMade, PasswordHash: "$argon2id$v=19$x",
				User: &actions.User{
					ID: "u1", Username: "support-temp-abc234", Status: actions.UserActive, Email: "support-temp-abc234@latchkey.invalid",
					FirstName: "Temporary support admin", HasPassword: true,
				},
				Memberships: []actions.Membership{{UserID: "u1", AccountID: "a1", Role: "admin", Status: actions.MembershipActive}},
			},
			`"kind":"temp_admin_made","user_id":"u1","password_hash":"$argon2id$v=19$x","user":{"id":"u1","username":"support-temp-abc234",` +
				`"status":"active","email":"support-temp-abc234@latchkey.invalid","first_name":"Temporary support admin","has_password":true},` +
				`"memberships":[{"user_id":"u1","account_id":"a1","role":"admin","status":"active"}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			test.change.ID, test.change.UserID, test.change.At = "op1/step", "u1", at
			feed := &ledger{counterOf: counterOf(actions.ScopeChanges), changes: []actions.Recorded{{Seq: 7, Change: test.change}}, more: true}
			answer := ask(web.Changes(feed, silent), http.MethodGet, changesPath+"?after=6", "")
			want := `{"changes":[{"seq":7,"id":"op1/step","at":"2026-07-26T09:41:00.000005Z",` + test.want + `],"more":true}` + "\n"
			if answer.Code != http.StatusOK || answer.Body.String() != want || len(feed.asked) != 1 || feed.asked[0] != 6 {
				t.Errorf("got %d %s, want %s; asked %v", answer.Code, answer.Body, want, feed.asked)
			}
		})
	}
}

// A user and memberships are told as they are imported: what is told can be read
// as records.
func TestChangesUser(t *testing.T) {
	at := time.Date(2026, 7, 26, 9, 41, 0, 0, time.UTC)
	user := actions.User{
		ID: "u2", Username: "jane", Status: actions.UserInvited, Email: "jane@acme.example", EmailVerified: true, Mobile: "+61400000000",
		MobileVerified: true, FirstName: "Jane", LastName: "Doe", DisabledReason: "left", ExpiresAt: at, LoginMethods: []string{"sso"}, MustReset: true,
		OptedOut: []actions.Channel{actions.ChannelSMS}, LastLoginAt: at, CreatedAt: at, Protected: false, Locale: "en-AU", ContactChangedAt: at,
	}
	place := actions.Membership{UserID: "u2", AccountID: "a1", Role: "member", Status: actions.MembershipDeactivated, DeactivatedBy: "u9", DeactivatedAt: at, KeepsLogin: true}
	feed := &ledger{counterOf: counterOf(actions.ScopeChanges), changes: []actions.Recorded{{Seq: 1, Change: actions.Change{
		ID: "op1/created", Kind: actions.ChangeCreated, UserID: "u2", At: at, User: &user, Memberships: []actions.Membership{place},
	}}}}
	body := ask(web.Changes(feed, silent), http.MethodGet, changesPath, "").Body.String()
	userPart := body[strings.Index(body, `"user":{`)+len(`"user":`) : strings.Index(body, `,"memberships":[`)]
	placePart := body[strings.Index(body, `"memberships":[`)+len(`"memberships":[`) : strings.LastIndex(body, `]}],"more":false}`)]
	lines := `{"type":"user",` + userPart[1:] + "\n" + `{"type":"membership",` + placePart[1:] + "\n"
	n := 0
	for record, err := range records.ReadSent(strings.NewReader(lines)) {
		if err != nil {
			t.Fatalf("%v in %s", err, lines)
		}
		if n++; record.Line != n {
			t.Errorf("record %d is of line %d", n, record.Line)
		}
	}
	if n != 2 || !strings.Contains(userPart, `"has_password":false`) {
		t.Errorf("%d records: %s", n, lines)
	}
}

func TestChangesNone(t *testing.T) {
	feed := &ledger{counterOf: counterOf(actions.ScopeChanges)}
	if got := ask(web.Changes(feed, silent), http.MethodGet, changesPath+"?after=0", "").Body.String(); got != `{"changes":[],"more":false}`+"\n" {
		t.Errorf("got %s", got)
	}
}

func TestChangesAfter(t *testing.T) {
	for query, want := range map[string]int64{"": 0, "?after=0": 0, "?after=12": 12, "?after=9223372036854775807": math.MaxInt64} {
		feed := &ledger{counterOf: counterOf(actions.ScopeChanges)}
		if answer := ask(web.Changes(feed, silent), http.MethodGet, changesPath+query, ""); answer.Code != 200 || len(feed.asked) != 1 || feed.asked[0] != want {
			t.Errorf("%q: got %d, asked %v", query, answer.Code, feed.asked)
		}
	}
	for _, query := range []string{"?after=", "?after=-1", "?after=+1", "?after=x", "?after=1.0", "?after=01", "?after=9223372036854775808", "?after=1&after=2"} {
		feed := &ledger{counterOf: counterOf(actions.ScopeChanges)}
		answer := ask(web.Changes(feed, silent), http.MethodGet, changesPath+query, "")
		if answer.Code != 400 || !strings.Contains(answer.Body.String(), `{"error":"after is`) || len(feed.asked) > 0 {
			t.Errorf("%q: got %d %s, asked %v", query, answer.Code, answer.Body, feed.asked)
		}
	}
}

func TestChangesRefused(t *testing.T) {
	for name, test := range map[string]struct {
		method string
		change func(*http.Request)
		failed error
		status int
	}{
		"NoToken":     {"GET", func(r *http.Request) { r.Header.Del("Authorization") }, nil, 401},
		"OtherScope":  {"GET", header("Authorization", "Bearer other"), nil, 403},
		"Post":        {"POST", func(*http.Request) {}, nil, 405},
		"Unavailable": {"GET", func(*http.Request) {}, actions.Errorf(actions.Unavailable, "No database."), 503},
		"Defect":      {"GET", func(*http.Request) {}, errors.New("boom"), 500},
	} {
		t.Run(name, func(t *testing.T) {
			feed := &ledger{counterOf: counterOf(actions.ScopeChanges), failed: test.failed}
			answer := ask(web.Changes(feed, silent), test.method, changesPath+"?after=1", "", test.change)
			if answer.Code != test.status || strings.Contains(answer.Body.String(), "boom") {
				t.Errorf("got %d %s", answer.Code, answer.Body)
			}
		})
	}
}
