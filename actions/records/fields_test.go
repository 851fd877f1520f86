package records

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// schema says what each field holds, as IMPORT.md has it: an id, text, a time,
// a flag, a list, a network, or one of the values named. Required fields have
// a star.
var schema = map[string]map[string]string{
	"account": {
		"id": "id*", "name": "text*", "status": "active trial trial_expired cancelled payment_hold*", "gateway_ids": "list",
		"status_reason": "text", "owner": "text", "created_at": "time", "closed_at": "time", "brand": "text",
	},
	"user": {
		"id": "id*", "username": "text*", "status": "active invited disabled expired*", "email": "text", "email_verified": "flag",
		"mobile": "text", "mobile_verified": "flag", "first_name": "text", "last_name": "text", "disabled_reason": "text",
		"expires_at": "time", "has_password": "flag", "login_methods": "list", "must_reset": "flag", "opted_out": "list",
		"last_login_at": "time", "created_at": "time", "protected": "flag", "locale": "text", "contact_changed_at": "time",
	},
	"membership": {
		"user_id": "id*", "account_id": "id*", "role": "admin member*", "status": "active deactivated*", "deactivated_by": "text",
		"deactivated_at": "time", "keeps_login": "flag",
	},
	"lock": {
		"id": "id*", "user_id": "id*", "kind": "attempts inactivity sharing manual*", "at": "time*", "until": "time", "released_at": "time",
		"detail": "text",
	},
	"attempt": {
		"at": "time*", "identifier": "text*", "outcome": "success wrong_password unknown_username locked disabled expired payment_hold " +
			"shared ip_blocked password_expired wrong_method mfa_failed code_wrong code_expired code_superseded not_published*",
		"id": "id", "user_id": "id", "ip": "text", "country": "text", "asn": "text", "device_id": "id", "user_agent": "text", "vpn": "flag",
		"resource": "text",
	},
	"code": {
		"id": "id*", "user_id": "id*", "channel": "email sms*", "sent_at": "time*", "address": "text", "expires_at": "time", "used_at": "time",
	},
	"delivery": {
		"id": "id*", "address": "id*", "kind": "password_reset username login_link code notice*",
		"status": "queued sent delivered opened deferred bounced complained suppressed failed*", "at": "time*", "user_id": "id", "detail": "text",
	},
	"reset_link": {
		"id": "id*", "user_id": "id*", "sent_at": "time*", "expires_at": "time*", "used_at": "time", "used_ip": "text",
	},
	"suppression": {
		"address": "id*", "list": "bounce complaint unsubscribe block global*", "since": "time*", "reason": "text",
	},
	"staff_network": {"cidr": "network*", "note": "text"},
}

// everyField tries something on every field of every kind, with the form of
// what it holds.
func everyField(t *testing.T, try func(t *testing.T, line with, form string, required bool)) {
	t.Helper()
	for _, kind := range slices.Sorted(maps.Keys(schema)) {
		for _, field := range slices.Sorted(maps.Keys(schema[kind])) {
			t.Run(kind+"/"+field, func(t *testing.T) {
				form, required := strings.CutSuffix(schema[kind][field], "*")
				try(t, with{t, kind, field}, form, required)
			})
		}
	}
}

// with puts a value into a field of a full record.
type with struct {
	t           *testing.T
	kind, field string
}

func (w with) line(value string) []byte {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(examples[w.kind].full), &members); err != nil {
		w.t.Fatal(err)
	}
	if delete(members, w.field); value != "" {
		members[w.field] = json.RawMessage(value)
	}
	line, err := json.Marshal(members)
	if err != nil {
		w.t.Fatal(err)
	}
	return line
}

// good checks that the field takes the value.
func (w with) good(value string) {
	w.t.Helper()
	if _, bad := imported.parse(w.line(value)); bad != nil {
		w.t.Errorf("%.60s: %v", value, bad)
	}
}

// bad checks that the value is refused for this field, and why.
func (w with) bad(value, problem string) {
	w.t.Helper()
	_, bad := imported.parse(w.line(value))
	if bad == nil {
		w.t.Errorf("%.60s is taken", value)
	} else if bad.Field != w.field || !strings.Contains(bad.Error(), problem) {
		w.t.Errorf("%.60s: %v, want %q", value, bad, problem)
	}
}

func TestReadMissing(t *testing.T) {
	everyField(t, func(_ *testing.T, line with, _ string, required bool) {
		for _, value := range []string{"", "null"} {
			if required {
				line.bad(value, "missing")
			} else {
				line.good(value)
			}
		}
	})
}

func TestReadWrongType(t *testing.T) {
	everyField(t, func(_ *testing.T, line with, form string, _ bool) {
		for value, right := range map[string]string{`{"a":1}`: "", `["x"]`: "list", `true`: "flag", `7.5`: "", `-7`: ""} {
			if form == right && line.field != "opted_out" {
				line.good(value)
			} else {
				line.bad(value, "must be")
			}
		}
	})
}

func TestReadStrings(t *testing.T) {
	everyField(t, func(_ *testing.T, line with, form string, required bool) {
		if form != "id" && form != "text" {
			return
		}
		line.good(`"\u00e4 \ud83d\ude00 \\ \" /"`)
		line.bad(`"a\u0000b"`, "U+0000")
		if required && line.field != "identifier" {
			line.bad(`""`, "empty")
		} else {
			line.good(`""`)
		}
		longest, tooLong := `"`+strings.Repeat("x", 512)+`"`, `"`+strings.Repeat("x", 513)+`"`
		if line.good(longest); form == "id" {
			line.bad(tooLong, "longer than 512 bytes")
		} else {
			line.good(tooLong)
		}
	})
}

func TestReadTimes(t *testing.T) {
	everyField(t, func(_ *testing.T, line with, form string, _ bool) {
		if form != "time" {
			return
		}
		for _, good := range []string{
			"2026-03-10T10:00:00Z", "2026-03-10T10:00:00.123456789+11:00", "2026-03-10t10:00:00z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59-00:00",
		} {
			line.good(`"` + good + `"`)
		}
		for _, bad := range []string{
			"2026-03-10", "2026-03-10 10:00:00Z", "2026-03-10T10:00:00", "2026-03-10T9:00:00Z", "2026-03-10T10:00:00,5Z", "2026-02-29T10:00:00Z",
			"2026-13-10T10:00:00Z", "2026-03-10T24:00:00Z", "2026-03-10T10:00:00+24:00", "2026-03-10T10:00:00+1100", "now", "1773136800",
		} {
			line.bad(`"`+bad+`"`, "RFC 3339")
		}
		line.bad(`1773136800`, "must be a string")
	})
}

func TestReadOneOf(t *testing.T) {
	everyField(t, func(_ *testing.T, line with, form string, _ bool) {
		if slices.Contains([]string{"id", "text", "time", "flag", "list", "network"}, form) {
			return
		}
		values := strings.Fields(form)
		for _, value := range values {
			line.good(`"` + value + `"`)
		}
		line.bad(`"nonsense"`, `"nonsense" must be one of `+strings.Join(values, ", "))
		line.bad(`"`+strings.ToUpper(values[0])+`"`, "must be one of")
		line.bad(`""`, "empty")
	})
}

func TestReadFlagsAndLists(t *testing.T) {
	everyField(t, func(_ *testing.T, line with, form string, _ bool) {
		switch form {
		case "flag":
			line.good("false")
			line.bad(`"true"`, "must be true or false")
			line.bad("1", "must be true or false")
		case "list":
			line.good("[]")
			line.bad(`"x"`, "must be a list")
			line.bad(`[1]`, "each item must be a string")
			line.bad(`["a\u0000"]`, "U+0000")
			line.bad(`[`+strings.Repeat(`"x",`, 1000)+`"x"]`, "more than 1000")
		}
	})
}

func TestReadOptedOut(t *testing.T) {
	line := with{t, "user", "opted_out"}
	line.good(`["sms"]`)
	line.bad(`["sms","fax"]`, `"fax" must be one of email, sms`)
	with{t, "user", "login_methods"}.bad(`["`+strings.Repeat("x", 513)+`"]`, "longer than 512 bytes")
}

func TestReadAttemptYears(t *testing.T) {
	line := with{t, "attempt", "at"}
	line.good(`"2100-12-31T23:59:59Z"`)
	line.bad(`"2101-01-01T00:00:00Z"`, "out of range: the years 1970 to 2100")
	line.bad(`"1969-12-31T23:59:59Z"`, "out of range: the years 1970 to 2100")
	line.bad(`"2100-12-31T23:59:59-01:00"`, "out of range: the years 1970 to 2100")
}

// Feeds write the numbers of networks both ways.
func TestReadASNAsNumber(t *testing.T) {
	line := with{t, "attempt", "asn"}
	record, bad := imported.parse(line.line("64500"))
	if bad != nil || record.Body.(actions.Attempt).ASN != "64500" {
		t.Errorf("read %+v, %v", record.Body, bad)
	}
	line.bad("1e3", "must be a string")
}

func TestReadStaffNetwork(t *testing.T) {
	line := with{t, "staff_network", "cidr"}
	line.good(`"2001:db8::/32"`)
	line.good(`"198.51.100.7"`)
	line.bad(`"office"`, "must be a network")
	line.bad(`"198.51.100.0/33"`, "must be a network")
}

func TestReadNames(t *testing.T) {
	for kind := range schema {
		t.Run(kind, func(t *testing.T) {
			with{t, kind, "colour"}.bad(`"blue"`, "unknown field")
			with{t, kind, "Id"}.bad(`"blue"`, "unknown field")
			with{t, kind, ""}.bad(`"blue"`, "unknown field")
		})
	}
}

func TestReadTwice(t *testing.T) {
	for line, field := range map[string]string{
		`{"type":"account","id":"acc","id":"acc","name":"Acme","status":"active"}`:      "id",
		`{"type":"account","id":"acc","\u0069d":"acc","name":"Acme","status":"active"}`: "id",
		`{"type":"account","type":"user","id":"u"}`:                                     "type",
	} {
		if _, bad := imported.parse([]byte(line)); bad == nil || bad.Field != field || bad.Problem != givenTwice {
			t.Errorf("%s: %v", line, bad)
		}
	}
}
