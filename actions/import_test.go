package actions

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"
)

// lines yields records and errors as a file does: the nth is line n.
func lines(all ...any) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for i, one := range all {
			var record Record
			err, isError := one.(error)
			if !isError {
				record = Record{Body: one, Digest: []byte(fmt.Sprint(one)), File: "acme.jsonl", Line: i + 1}
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

func badLine(n int) error { return &BadLine{File: "acme.jsonl", Line: n, Problem: "not JSON"} }

func attemptOf(user string, at time.Time, outcome Outcome) Attempt {
	return Attempt{At: at, Identifier: "jane", UserID: user, Outcome: outcome}
}

// stored are the names of the records in the store, in the order they came in.
func (d *desk) stored() []string { return d.store.state.order }

func (d *desk) imports(t *testing.T, all ...any) Tally {
	t.Helper()
	tally, err := d.Import(t.Context(), Call{Actor: Actor{ID: "terminal:root"}}, Import{Lines: lines(all...)})
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

func TestImportOK(t *testing.T) {
	d := newDesk()
	tally := d.imports(t, Account{ID: "acc"}, User{ID: "u"}, Membership{UserID: "u", AccountID: "acc"})
	if tally.Total() != 3 || tally["user"] != (Count{New: 1}) {
		t.Errorf("the tally is %v", tally)
	}
	want := AuditEntry{At: noon, Act: ActImport, Actor: "terminal:root", Outcome: ActDone, Detail: "3 records"}
	if audit := d.store.state.audit; len(audit) != 1 || audit[0] != want {
		t.Errorf("recorded %+v", audit)
	}
	again := d.imports(t, Account{ID: "acc"}, User{ID: "u", Username: "jane"})
	if again["account"] != (Count{Unchanged: 1}) || again["user"] != (Count{Changed: 1}) {
		t.Errorf("the second tally is %v", again)
	}
}

func TestImportWithoutAKey(t *testing.T) {
	d := newDesk()
	d.store.keyed = false
	if d.imports(t, User{ID: "u"}); len(d.store.state.audit) > 0 || len(d.stored()) != 1 {
		t.Errorf("stored %v, recorded %v", d.stored(), d.store.state.audit)
	}
}

func TestImportPointsForward(t *testing.T) {
	d := newDesk()
	tally := d.imports(t,
		Membership{UserID: "u", AccountID: "acc"}, Lock{ID: "l", UserID: "u"}, LoginCode{ID: "c", UserID: "u"},
		Delivery{ID: "d", UserID: "u"}, ResetLink{ID: "r", UserID: "u"}, attemptOf("u", noon, Success),
		User{ID: "u"}, Account{ID: "acc"})
	if tally.Total() != 8 {
		t.Errorf("the tally is %v", tally)
	}
}

// Forward over more than a batch, as a file sorted by kind may do.
func TestImportPointsFarForward(t *testing.T) {
	d := newDesk()
	all := make([]any, 0, 2*batchSize+2)
	for i := range 2*batchSize + 1 {
		all = append(all, attemptOf("u", noon.Add(time.Duration(i)), WrongPassword))
	}
	read := 0
	in := Import{Lines: lines(append(all, User{ID: "u"})...), Progress: func(n int) { read = n }}
	tally, err := d.Import(t.Context(), Call{}, in)
	if err != nil || tally["attempt"].New != 2*batchSize+1 || read != 2*batchSize+2 {
		t.Errorf("the tally is %v, %v; progress %d", tally, err, read)
	}
}

// What is held back isn't overtaken by a later record of its kind, which would
// then count as the older of two at the same instant.
func TestImportKeepsTheOrderOfAKind(t *testing.T) {
	d := newDesk()
	d.imports(t, User{ID: "here"})
	d.imports(t, Lock{ID: "1", UserID: "here"}, Lock{ID: "2", UserID: "later"}, Lock{ID: "3", UserID: "here"}, User{ID: "later"},
		Lock{ID: "4", UserID: "here"})
	want := []string{"user here", "user later", "lock 1", "lock 2", "lock 3", "lock 4"}
	if !slices.Equal(d.stored(), want) {
		t.Errorf("stored %v, want %v", d.stored(), want)
	}
}

// A batch may hold a record and its replacement: the later one wins.
func TestImportLaterWins(t *testing.T) {
	d := newDesk()
	d.imports(t, Lock{ID: "l", UserID: "u", Kind: LockManual}, User{ID: "u"}, Lock{ID: "l", UserID: "u", Kind: LockSharing})
	if got := d.store.state.records["lock l"].Body.(Lock).Kind; got != LockSharing {
		t.Errorf("the lock is of kind %s", got)
	}
}

func TestImportDangling(t *testing.T) {
	membership := func(user, account string) any { return Membership{UserID: user, AccountID: account} }
	for name, row := range map[string]struct {
		record       any
		field, names string
	}{
		"MembershipUser":    {membership("nobody", "acc"), "user_id", "nobody"},
		"MembershipAccount": {membership("u", "nothing"), "account_id", "nothing"},
		"MembershipBoth":    {membership("nobody", "nothing"), "user_id", "nobody"},
		"Lock":              {Lock{ID: "l", UserID: "nobody"}, "user_id", "nobody"},
		"Attempt":           {attemptOf("nobody", noon, Success), "user_id", "nobody"},
		"Code":              {LoginCode{ID: "c", UserID: "nobody"}, "user_id", "nobody"},
		"Delivery":          {Delivery{ID: "d", UserID: "nobody"}, "user_id", "nobody"},
		"ResetLink":         {ResetLink{ID: "r", UserID: "nobody"}, "user_id", "nobody"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			_, err := d.Import(t.Context(), Call{}, Import{Lines: lines(User{ID: "u"}, Account{ID: "acc"}, row.record)})
			var bad *BadLine
			if !errors.As(err, &bad) || bad.File != "acme.jsonl" || bad.Line != 3 || bad.Field != row.field || bad.Value != row.names {
				t.Errorf("the error is %v", err)
			}
			if len(d.stored()) > 0 || len(d.store.state.audit) > 0 {
				t.Errorf("stored %v", d.stored())
			}
		})
	}
}

func TestImportDanglingShowsLittle(t *testing.T) {
	_, err := newDesk().Import(t.Context(), Call{}, Import{Lines: lines(Lock{ID: "l", UserID: strings.Repeat("ü", 500)})})
	if err == nil || strings.Count(err.Error(), "ü") > 40 {
		t.Errorf("the error is %v", err)
	}
}

func TestImportPointsToNobodyIsFine(t *testing.T) {
	if tally := newDesk().imports(t, attemptOf("", noon, Success), Delivery{ID: "d"}, Suppression{}, StaffNetwork{}); tally.Total() != 4 {
		t.Errorf("the tally is %v", tally)
	}
}

func TestImportBadLine(t *testing.T) {
	d := newDesk()
	_, err := d.Import(t.Context(), Call{}, Import{Lines: lines(User{ID: "u"}, badLine(2), User{ID: "v"})})
	if err == nil || err.Error() != "acme.jsonl, line 2: not JSON" || len(d.stored()) > 0 {
		t.Errorf("the error is %v; stored %v", err, d.stored())
	}
}

func TestImportSkip(t *testing.T) {
	d := newDesk()
	var skipped []string
	tally, err := d.Import(t.Context(), Call{}, Import{
		Lines: lines(User{ID: "u"}, badLine(2), Lock{ID: "l", UserID: "nobody"}, Lock{ID: "m", UserID: "u"}),
		Skip:  func(bad *BadLine) { skipped = append(skipped, fmt.Sprint(bad.Line, bad.Field)) },
	})
	if err != nil || tally.Total() != 2 || !slices.Equal(skipped, []string{"2", "3user_id"}) {
		t.Errorf("the tally is %v, %v; skipped %v", tally, err, skipped)
	}
	if !slices.Equal(d.stored(), []string{"user u", "lock m"}) {
		t.Errorf("stored %v", d.stored())
	}
}

// Skip is for bad lines, not for a file that can't be read.
func TestImportSkipNotABrokenFile(t *testing.T) {
	d := newDesk()
	skip := func(*BadLine) { t.Error("skipped") }
	_, err := d.Import(t.Context(), Call{}, Import{Lines: lines(User{ID: "u"}, errBroken), Skip: skip})
	if !errors.Is(err, errBroken) || len(d.stored()) > 0 {
		t.Errorf("the error is %v; stored %v", err, d.stored())
	}
}

func TestImportMadeIDs(t *testing.T) {
	first, other := attemptOf("", noon, WrongPassword), attemptOf("", noon, Success)
	named := first
	named.ID = "a-1"
	file := []any{first, other, first, named}
	d := newDesk()
	if tally := d.imports(t, file...); tally["attempt"] != (Count{New: 4}) {
		t.Errorf("the tally is %v", tally)
	}
	before := slices.Clone(d.stored())
	if tally := d.imports(t, file...); tally["attempt"].New != 0 || !slices.Equal(d.stored(), before) {
		t.Errorf("the second tally is %v; stored %v", tally, d.stored())
	}
	if d.imports(t, first, first, first); len(d.stored()) != len(before)+1 {
		t.Errorf("a third equal one: stored %v", d.stored())
	}
}

// Two that differ in anything are two, whatever field it is.
func TestFingerprint(t *testing.T) {
	base := Attempt{At: noon, Identifier: "a", Outcome: Success}
	seen := map[string]string{base.Fingerprint(): "the same"}
	for name, change := range map[string]func(*Attempt){
		"At": func(a *Attempt) { a.At = noon.Add(tick) }, "Identifier": func(a *Attempt) { a.Identifier = "A" },
		"Outcome": func(a *Attempt) { a.Outcome = WrongPassword }, "UserID": func(a *Attempt) { a.UserID = "x" },
		"IP": func(a *Attempt) { a.IP = "x" }, "Country": func(a *Attempt) { a.Country = "x" }, "ASN": func(a *Attempt) { a.ASN = "x" },
		"DeviceID": func(a *Attempt) { a.DeviceID = "x" }, "UserAgent": func(a *Attempt) { a.UserAgent = "x" },
		"VPN": func(a *Attempt) { a.VPN = true }, "Resource": func(a *Attempt) { a.Resource = "x" },
	} {
		a := base
		change(&a)
		if other, twice := seen[a.Fingerprint()]; twice {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		seen[a.Fingerprint()] = name
	}
	stored := base
	stored.Seq, stored.ID = 9, "b"
	if stored.Fingerprint() != base.Fingerprint() {
		t.Error("the place in the import changes the fingerprint")
	}
}

func TestImportReplayed(t *testing.T) {
	d := newDesk()
	in := Import{Lines: lines(User{ID: "u"})}
	if _, err := d.Import(t.Context(), Call{Key: "k-1"}, in); err != nil {
		t.Fatal(err)
	}
	_, err := d.Import(t.Context(), Call{Key: "k-1"}, in)
	wantCode(t, err, Conflict)
}

// What is held back comes back from its file as it was.
func TestImportHeldBackUnchanged(t *testing.T) {
	lock := Lock{ID: "l", UserID: "u", Kind: LockManual, At: noon.Add(tick), ReleasedAt: noon.Add(hour), Detail: "ü\x7f"}
	d := newDesk()
	d.imports(t, lock, User{ID: "u"})
	got := d.store.state.records["lock l"]
	if got.Body != any(lock) || got.File != "acme.jsonl" || got.Line != 1 || string(got.Digest) != fmt.Sprint(lock) {
		t.Errorf("stored %+v, want %+v", got, lock)
	}
}

func TestBadLineError(t *testing.T) {
	for want, bad := range map[string]BadLine{
		`a.jsonl, line 7, field "at": missing`: {File: "a.jsonl", Line: 7, Field: "at", Problem: "missing"},
		`standard input, line 1: not JSON`:     {File: "-", Line: 1, Problem: "not JSON"},
	} {
		if bad.Error() != want {
			t.Errorf("the error is %q, want %q", bad.Error(), want)
		}
	}
}

func TestInstant(t *testing.T) {
	sydney := time.FixedZone("", 11*3600)
	if got := Instant(time.Date(2026, 3, 10, 23, 0, 0, 1999, sydney)); got != noon.Add(tick) {
		t.Errorf("the instant is %s", got)
	}
	if !Instant(time.Time{}.In(sydney)).IsZero() {
		t.Error("no time is an instant")
	}
}
