package records

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-bot/latchkey/actions"
)

var (
	ten    = time.Date(2026, 3, 10, 10, 0, 0, 0, time.UTC)
	eleven = ten.Add(time.Hour)
	twelve = ten.Add(2 * time.Hour)
)

// example is a record with every field, and one with the required ones only.
type example struct {
	full, least         string
	wantFull, wantLeast any
}

// examples is one of each kind (IMPORT.md).
var examples = map[string]example{
	"account": {
		full: `{"type":"account","id":"acc","name":"Acme","status":"trial_expired","gateway_ids":["GW-1","GW-2"],"status_reason":"unpaid",
			"owner":"lead@us.example","created_at":"2026-03-10T10:00:00Z","closed_at":"2026-03-10T11:00:00Z","brand":"blue"}`,
		wantFull: actions.Account{
			ID: "acc", Name: "Acme", Status: actions.AccountTrialExpired, GatewayIDs: []string{"GW-1", "GW-2"}, StatusReason: "unpaid",
			Owner: "lead@us.example", CreatedAt: ten, ClosedAt: eleven, Brand: "blue",
		},
		least:     `{"type":"account","id":"acc","name":"Acme","status":"active"}`,
		wantLeast: actions.Account{ID: "acc", Name: "Acme", Status: actions.AccountActive},
	},
	"user": {
		full: `{"type":"user","id":"u","username":"jane.doe","status":"invited","email":"Jane@Acme.example","email_verified":true,
			"mobile":"+61 400 000 123","mobile_verified":true,"first_name":"Jane","last_name":"Döe","disabled_reason":"left",
			"expires_at":"2026-03-10T10:00:00Z","has_password":false,"login_methods":["google","saml"],"must_reset":true,
			"opted_out":["email","sms"],"last_login_at":"2026-03-10T11:00:00Z","created_at":"2026-03-10T12:00:00Z","protected":true,
			"locale":"de-CH","contact_changed_at":"2026-03-10T10:00:00Z"}`,
		wantFull: actions.User{
			ID: "u", Username: "jane.doe", Status: actions.UserInvited, Email: "Jane@Acme.example", EmailVerified: true,
			Mobile: "+61 400 000 123", MobileVerified: true, FirstName: "Jane", LastName: "Döe", DisabledReason: "left",
			ExpiresAt: ten, HasPassword: false, LoginMethods: []string{"google", "saml"}, MustReset: true,
			OptedOut: []actions.Channel{actions.ChannelEmail, actions.ChannelSMS}, LastLoginAt: eleven, CreatedAt: twelve, Protected: true,
			Locale: "de-CH", ContactChangedAt: ten,
		},
		least:     `{"type":"user","id":"u","username":"jane.doe","status":"active"}`,
		wantLeast: actions.User{ID: "u", Username: "jane.doe", Status: actions.UserActive, HasPassword: true, LoginMethods: []string{"password"}},
	},
	"membership": {
		full: `{"type":"membership","user_id":"u","account_id":"acc","role":"admin","status":"deactivated","deactivated_by":"boss",
			"deactivated_at":"2026-03-10T10:00:00Z","keeps_login":true}`,
		wantFull: actions.Membership{
			UserID: "u", AccountID: "acc", Role: "admin", Status: actions.MembershipDeactivated, DeactivatedBy: "boss", DeactivatedAt: ten, KeepsLogin: true,
		},
		least:     `{"type":"membership","user_id":"u","account_id":"acc","role":"member","status":"active"}`,
		wantLeast: actions.Membership{UserID: "u", AccountID: "acc", Role: "member", Status: actions.MembershipActive},
	},
	"lock": {
		full: `{"type":"lock","id":"l","user_id":"u","kind":"sharing","at":"2026-03-10T10:00:00Z","until":"2026-03-10T12:00:00Z",
			"released_at":"2026-03-10T11:00:00Z","detail":"5 networks"}`,
		wantFull:  actions.Lock{ID: "l", UserID: "u", Kind: actions.LockSharing, At: ten, Until: twelve, ReleasedAt: eleven, Detail: "5 networks"},
		least:     `{"type":"lock","id":"l","user_id":"u","kind":"manual","at":"2026-03-10T10:00:00Z"}`,
		wantLeast: actions.Lock{ID: "l", UserID: "u", Kind: actions.LockManual, At: ten},
	},
	"attempt": {
		full: `{"type":"attempt","at":"2026-03-10T10:00:00Z","identifier":" Jane ","outcome":"code_superseded","id":"a","user_id":"u","ip":"::1",
			"country":"AU","asn":"AS64500","device_id":"d","user_agent":"Mozilla/5.0 \"x\"","vpn":true,"resource":"/report"}`,
		wantFull: actions.Attempt{
			At: ten, Identifier: " Jane ", Outcome: actions.CodeSuperseded, ID: "a", UserID: "u", IP: "::1",
			Country: "AU", ASN: "AS64500", DeviceID: "d", UserAgent: `Mozilla/5.0 "x"`, VPN: true, Resource: "/report",
		},
		least:     `{"type":"attempt","at":"2026-03-10T10:00:00Z","identifier":"","outcome":"success"}`,
		wantLeast: actions.Attempt{At: ten, Outcome: actions.Success},
	},
	"code": {
		full: `{"type":"code","id":"c","user_id":"u","channel":"sms","sent_at":"2026-03-10T10:00:00Z","address":"+61 400","expires_at":"2026-03-10T12:00:00Z",
			"used_at":"2026-03-10T11:00:00Z"}`,
		wantFull: actions.LoginCode{
			ID: "c", UserID: "u", Channel: actions.ChannelSMS, SentAt: ten, Address: "+61 400", ExpiresAt: twelve, UsedAt: eleven,
		},
		least:     `{"type":"code","id":"c","user_id":"u","channel":"email","sent_at":"2026-03-10T10:00:00Z"}`,
		wantLeast: actions.LoginCode{ID: "c", UserID: "u", Channel: actions.ChannelEmail, SentAt: ten},
	},
	"delivery": {
		full: `{"type":"delivery","id":"d","address":"Jane@Acme.example","kind":"login_link","status":"complained","at":"2026-03-10T10:00:00Z",
			"user_id":"u","detail":"550 no"}`,
		wantFull: actions.Delivery{
			ID: "d", Address: "Jane@Acme.example", Kind: actions.DeliveryLoginLink, Status: actions.Complained, At: ten, UserID: "u", Detail: "550 no",
		},
		least:     `{"type":"delivery","id":"d","address":"x","kind":"notice","status":"queued","at":"2026-03-10T10:00:00Z"}`,
		wantLeast: actions.Delivery{ID: "d", Address: "x", Kind: actions.DeliveryNotice, Status: actions.Queued, At: ten},
	},
	"reset_link": {
		full: `{"type":"reset_link","id":"r","user_id":"u","sent_at":"2026-03-10T10:00:00Z","expires_at":"2026-03-10T12:00:00Z",
			"used_at":"2026-03-10T11:00:00Z","used_ip":"192.0.2.1"}`,
		wantFull:  actions.ResetLink{ID: "r", UserID: "u", SentAt: ten, ExpiresAt: twelve, UsedAt: eleven, UsedIP: "192.0.2.1"},
		least:     `{"type":"reset_link","id":"r","user_id":"u","sent_at":"2026-03-10T10:00:00Z","expires_at":"2026-03-10T12:00:00Z"}`,
		wantLeast: actions.ResetLink{ID: "r", UserID: "u", SentAt: ten, ExpiresAt: twelve},
	},
	"suppression": {
		full:      `{"type":"suppression","address":"jane@acme.example","list":"global","since":"2026-03-10T10:00:00Z","reason":"spam trap"}`,
		wantFull:  actions.Suppression{Address: "jane@acme.example", List: actions.ListGlobal, Since: ten, Reason: "spam trap"},
		least:     `{"type":"suppression","address":"jane@acme.example","list":"bounce","since":"2026-03-10T10:00:00Z"}`,
		wantLeast: actions.Suppression{Address: "jane@acme.example", List: actions.ListBounce, Since: ten},
	},
	"staff_network": {
		full:      `{"type":"staff_network","cidr":"198.51.100.0/24","note":"office"}`,
		wantFull:  actions.StaffNetwork{CIDR: "198.51.100.0/24", Note: "office"},
		least:     `{"type":"staff_network","cidr":"2001:db8::1"}`,
		wantLeast: actions.StaffNetwork{CIDR: "2001:db8::1"},
	},
}

func TestReadEveryField(t *testing.T) {
	for kind, e := range examples {
		t.Run(kind, func(t *testing.T) {
			for line, want := range map[string]any{e.full: e.wantFull, e.least: e.wantLeast} {
				record, bad := imported.parse([]byte(line))
				if bad != nil {
					t.Fatal(bad)
				}
				if diff := cmp.Diff(want, record.Body); diff != "" {
					t.Error(diff)
				}
				if record.Kind() != kind {
					t.Errorf("it is of kind %q", record.Kind())
				}
			}
		})
	}
	if len(examples) != len(imported) {
		t.Errorf("%d examples of %d kinds", len(examples), len(imported))
	}
}

// The digest tells an identical record from a changed one, whatever its form.
func TestDigest(t *testing.T) {
	digestOf := func(line string) string {
		record, bad := imported.parse([]byte(line))
		if bad != nil {
			t.Fatal(bad)
		}
		return string(record.Digest)
	}
	a := digestOf(`{"type":"account","id":"acc","name":"Acme","status":"active"}`)
	if same := digestOf(`{ "status":"active","name":"\u0041cme","brand":null,"id":"acc","type":"account"}`); same != a || len(a) != 16 {
		t.Errorf("the same record has the digests %x and %x", a, same)
	}
	if other := digestOf(`{"type":"account","id":"acc","name":"Acme","status":"trial"}`); other == a {
		t.Errorf("another record has the digest %x too", a)
	}
	if attempt := digestOf(examples["attempt"].full); attempt != "" {
		t.Errorf("an attempt has the digest %x", attempt)
	}
}
