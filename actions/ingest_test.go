package actions

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func holderOf(scopes ...Scope) TokenHolder { return TokenHolder{Name: "crm", Scopes: scopes} }

// ingests sends records with a token of the scope directory.
func (d *desk) ingests(t *testing.T, all ...any) Imported {
	t.Helper()
	taken, err := d.Ingest(t.Context(), holderOf(ScopeDirectory), lines(all...))
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// kept is the user of that ID in the store.
func (d *desk) kept(id string) User { return d.store.state.records["user "+id].Body.(User) }

func TestIngestOK(t *testing.T) {
	d := newDesk()
	taken := d.ingests(t, User{ID: "u"}, attemptOf("u", noon, Success))
	if taken.Imported != 2 || taken.Skipped != 0 || taken.Records["user"] != (Count{New: 1}) {
		t.Errorf("taken: %+v", taken)
	}
	want := AuditEntry{At: noon, Act: ActImport, Actor: "token:crm", Outcome: ActDone, Detail: "2 records"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != want {
		t.Errorf("recorded %+v", audit)
	}
}

// What each scope may send, of every kind there is.
func TestIngestScopes(t *testing.T) {
	for _, row := range []struct {
		record            any
		events, directory bool
	}{
		{attemptOf("", noon, Success), true, true}, {Delivery{ID: "d"}, true, true},
		{LoginCode{ID: "c", UserID: "u"}, true, true}, {ResetLink{ID: "r", UserID: "u"}, true, true},
		{Account{ID: "acc"}, false, true}, {User{ID: "v"}, false, true}, {Membership{UserID: "u", AccountID: "a"}, false, true},
		{Lock{ID: "l", UserID: "u"}, false, true}, {Suppression{}, false, true},
		{StaffNetwork{CIDR: "192.0.2.0/24"}, false, false},
	} {
		kind := Record{Body: row.record}.Kind()
		for _, given := range []struct {
			scopes []Scope
			may    bool
		}{
			{[]Scope{ScopeEvents}, row.events}, {[]Scope{ScopeDirectory}, row.directory}, {[]Scope{ScopeEvents, ScopeDirectory}, row.directory},
			{[]Scope{ScopeSecrets, ScopeLinks, ScopeTickets, ScopeChanges}, false}, {nil, false},
		} {
			d := newDesk()
			d.imports(t, User{ID: "u"}, Account{ID: "a"})
			before := slices.Clone(d.stored())
			_, err := d.Ingest(t.Context(), holderOf(given.scopes...), lines(row.record))
			if given.may {
				if err != nil || len(d.stored()) == len(before) {
					t.Errorf("%s with %v: %v, stored %v", kind, given.scopes, err, d.stored())
				}
				continue
			}
			wantCode(t, err, Forbidden)
			var bad *BadLine
			if !errors.As(err, &bad) || bad.Field != "type" || !slices.Equal(d.stored(), before) {
				t.Errorf("%s with %v: %v, stored %v", kind, given.scopes, err, d.stored())
			}
		}
	}
}

func TestIngestSaysWhichScopeIsNeeded(t *testing.T) {
	for want, record := range map[string]any{
		`Line 1, field "type": a record of the type user needs a token of the scope directory.`:     User{ID: "u"},
		`Line 1, field "type": a record of the type staff_network comes only from latchkey import.`: StaffNetwork{},
	} {
		_, err := newDesk().Ingest(t.Context(), holderOf(ScopeEvents), lines(record))
		var ours *Error
		if !errors.As(err, &ours) || ours.Sentence != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestIngestBadLine(t *testing.T) {
	d := newDesk()
	_, err := d.Ingest(t.Context(), holderOf(ScopeDirectory), lines(User{ID: "u"}, badLine(2)))
	var bad *BadLine
	if !errors.As(err, &bad) || bad.Line != 2 || CodeOf(err) == Forbidden || len(d.stored()) > 0 {
		t.Errorf("%v, stored %v", err, d.stored())
	}
}

// Only an import says who is protected, and what is sent takes it from nobody.
func TestIngestKeepsProtection(t *testing.T) {
	d := newDesk()
	protected := User{ID: "u", Username: "jane", Protected: true}
	d.imports(t, protected)
	d.ingests(t, User{ID: "u", Username: "jane.doe"})
	if got := d.kept("u"); !got.Protected || got.Username != "jane.doe" {
		t.Errorf("kept %+v", got)
	}
	d.imports(t, User{ID: "u", Username: "jane.doe"})
	if d.kept("u").Protected {
		t.Error("an import can't take a protection away")
	}
}

// What is sent of a protected user is what an import of the same would be, so
// that one doesn't undo what came after the other.
func TestOverDigestsAsAnImportWould(t *testing.T) {
	stored := User{ID: "u", Username: "jane", Protected: true}
	imported := Record{Body: stored, Digest: Digest(stored)}
	plain := stored
	plain.Protected = false
	sent := Record{Body: plain, Digest: Digest(plain), SentAt: noon}
	if got := sent.Over(stored); string(got.Digest) != string(imported.Digest) {
		t.Error("the two have different digests")
	}
	if got := sent.Over(plain); string(got.Digest) != string(sent.Digest) {
		t.Error("the digest of nobody protected changes")
	}
	if got := imported.Over(User{ID: "u", Email: "x", ContactChangedAt: noon}); !reflect.DeepEqual(got, imported) {
		t.Errorf("an import is changed: %+v", got)
	}
	other := Record{Body: User{ID: "u", Email: "new@acme.example"}, TakenAt: noon}
	if got := other.Over(User{ID: "u", Email: "old@acme.example"}).Body.(User); !got.ContactChangedAt.Equal(noon) {
		t.Errorf("an import of another contact begins no hold: %+v", got)
	}
	changed := stored
	changed.ContactChangedAt = noon
	if got := imported.Over(changed).Body.(User); !got.ContactChangedAt.Equal(noon) {
		t.Errorf("an import of the same contact forgets when it changed: %+v", got)
	}
}

func TestIngestChangedContact(t *testing.T) {
	jane := User{ID: "u", Username: "jane", Email: "jane@acme.example", Mobile: "+61 400 000 001", ContactChangedAt: noon.Add(-48 * hour)}
	with := func(change func(*User)) User { u := jane; u.ContactChangedAt = time.Time{}; change(&u); return u }
	before := jane.ContactChangedAt
	for name, row := range map[string]struct {
		sent User
		want time.Time
	}{
		"Email":        {with(func(u *User) { u.Email = "eve@acme.example" }), noon},
		"EmailGone":    {with(func(u *User) { u.Email = "" }), noon},
		"Mobile":       {with(func(u *User) { u.Mobile = "+61 400 000 002" }), noon},
		"MobileGone":   {with(func(u *User) { u.Mobile = "" }), noon},
		"MobileWords":  {with(func(u *User) { u.Mobile = "ask me" }), noon},
		"Both":         {with(func(u *User) { u.Email, u.Mobile = "", "" }), noon},
		"Earlier":      {with(func(u *User) { u.Email, u.ContactChangedAt = "eve@acme.example", noon.Add(-hour) }), noon},
		"Later":        {with(func(u *User) { u.Email, u.ContactChangedAt = "eve@acme.example", noon.Add(hour) }), noon.Add(hour)},
		"Case":         {with(func(u *User) { u.Email = "Jane@ACME.example" }), before},
		"Spaces":       {with(func(u *User) { u.Mobile = "+61400000001" }), before},
		"NameOnly":     {with(func(u *User) { u.Username = "jane.doe" }), before},
		"SaidEarlier":  {with(func(u *User) { u.ContactChangedAt = noon.Add(-72 * hour) }), before},
		"SaidLater":    {with(func(u *User) { u.ContactChangedAt = noon.Add(-hour) }), noon.Add(-hour)},
		"NothingKnown": {with(func(*User) {}), before},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			d.imports(t, jane)
			d.ingests(t, row.sent)
			if got := d.kept("u").ContactChangedAt; !got.Equal(row.want) {
				t.Errorf("the contact changed at %s, want %s", got, row.want)
			}
		})
	}
}

func TestIngestNewUserHasNoChangedContact(t *testing.T) {
	d := newDesk()
	d.ingests(t, User{ID: "u", Email: "jane@acme.example"})
	if got := d.kept("u").ContactChangedAt; !got.IsZero() {
		t.Errorf("the contact changed at %s", got)
	}
}

// Blind words hold nothing of the line, whatever stood there.
func TestBadLineBlind(t *testing.T) {
	for _, row := range []struct {
		bad             BadLine
		field, sentence string
	}{
		{BadLine{Line: 7, Field: "outcome", Problem: "must be one of success", Value: "secret"}, "outcome", `Line 7, field "outcome": must be one of success.`},
		{BadLine{Line: 7, Problem: "not JSON"}, "", `Line 7: not JSON.`},
		{BadLine{Line: 7, Field: "jane@acme.example", Problem: "unknown field"}, "", `Line 7: unknown field.`},
		{BadLine{Line: 7, Field: strings.Repeat("x", 41), Problem: "unknown field"}, "", `Line 7: unknown field.`},
		{BadLine{Line: 7, Field: "colour", Problem: "unknown field"}, "colour", `Line 7, field "colour": unknown field.`},
	} {
		if field, sentence := row.bad.Blind(); field != row.field || sentence != row.sentence {
			t.Errorf("%q, %q; want %q, %q", field, sentence, row.field, row.sentence)
		}
	}
}
