package actions

import (
	"testing"
	"time"
)

// subjectSalt is what the chained store hashes its users with.
var subjectSalt = []byte("subject salt")

// chained is a store whose audit has three rows, the first and last with text.
func chained(t *testing.T, keys Keyring) *fakeStore {
	t.Helper()
	s := newFakeStore()
	entries := []AuditEntry{
		{At: noon, Act: ActDiagnose, Actor: "U1", Subject: "u-1", Outcome: ActDone, Reason: "called", Ticket: "#1", Approver: "U2"},
		{At: noon.Add(tick), Act: ActDiagnose, Actor: "U1", Outcome: ActRefused},
		{At: noon.Add(minute), Act: ActImport, Actor: "terminal:root", Outcome: ActDone, Detail: "3 records"},
	}
	for i, entry := range entries {
		row := AuditRow{Entry: entry, SubjectSalt: subjectSalt}
		pseudonym := Pseudonym(subjectSalt, entry.Subject)
		if entry.Reason+entry.Detail != "" {
			row.Salt = []byte("salt")
		}
		row.Link = NewLink(entry, pseudonym, row.Salt)
		if err := row.Link.Seal(keys, int64(i+1), s.head); err != nil {
			t.Fatal(err)
		}
		s.rows, s.count, s.head = append(s.rows, row), row.Link.Seq, row.Link.MAC
	}
	return s
}

func TestVerifyAuditOK(t *testing.T) {
	keys := ring(t, "k1:"+key(1))
	s := chained(t, keys)
	got, err := VerifyAudit(t.Context(), s, keys)
	if err != nil || got.Rows != 3 || string(got.Head) != string(s.head) {
		t.Errorf("verified %+v, %v", got, err)
	}
	empty, err := VerifyAudit(t.Context(), newFakeStore(), keys)
	if err != nil || empty.Rows != 0 {
		t.Errorf("an empty audit: %+v, %v", empty, err)
	}
}

// A key that is kept for opening verifies what it once sealed.
func TestVerifyAuditAfterANewKey(t *testing.T) {
	s := chained(t, ring(t, "k1:"+key(1)))
	if _, err := VerifyAudit(t.Context(), s, ring(t, "k2:"+key(2)+",k1:"+key(1))); err != nil {
		t.Error(err)
	}
	_, err := VerifyAudit(t.Context(), s, ring(t, "k2:"+key(2)))
	wantCode(t, err, Unavailable)
	_, err = VerifyAudit(t.Context(), s, ring(t, "k1:"+key(2)))
	wantCode(t, err, Conflict)
}

// Text may be deleted, the link stays.
func TestVerifyAuditWithoutText(t *testing.T) {
	keys := ring(t, "k1:"+key(1))
	s := chained(t, keys)
	s.rows[0].Entry.Reason, s.rows[0].Entry.Subject, s.rows[0].Salt = "", "", nil
	if _, err := VerifyAudit(t.Context(), s, keys); err != nil {
		t.Error(err)
	}
}

func TestVerifyAuditTampered(t *testing.T) {
	keys := ring(t, "k1:"+key(1)+",k2:"+key(2))
	link := func(change func(*Link)) func(*fakeStore) { return func(s *fakeStore) { change(&s.rows[0].Link) } }
	for name, tamper := range map[string]func(*fakeStore){
		"Seq":            link(func(l *Link) { l.Seq = 2 }),
		"At":             link(func(l *Link) { l.At = l.At.Add(time.Microsecond) }),
		"Act":            link(func(l *Link) { l.Act = ActHelp }),
		"Actor":          link(func(l *Link) { l.Actor = "U9" }),
		"Subject":        link(func(l *Link) { l.Subject = Pseudonym(subjectSalt, "u-2") }),
		"Outcome":        link(func(l *Link) { l.Outcome = ActFailed }),
		"Ticket":         link(func(l *Link) { l.Ticket = "" }),
		"Approver":       link(func(l *Link) { l.Approver = "U3" }),
		"KeyID":          link(func(l *Link) { l.KeyID = "k2" }),
		"ReasonHash":     link(func(l *Link) { l.ReasonHash = nil }),
		"DetailHash":     link(func(l *Link) { l.DetailHash = l.ReasonHash }),
		"MAC":            link(func(l *Link) { l.MAC = append([]byte{l.MAC[0] ^ 1}, l.MAC[1:]...) }),
		"FieldsShifted":  link(func(l *Link) { l.Actor, l.Subject = l.Actor+l.Subject[:1], l.Subject[1:] }),
		"ReasonText":     func(s *fakeStore) { s.rows[0].Entry.Reason = "asked nicely" },
		"DetailText":     func(s *fakeStore) { s.rows[2].Entry.Detail = "4 records" },
		"TextPutIn":      func(s *fakeStore) { s.rows[1].Entry.Reason = "was asked to" },
		"TextUnsalted":   func(s *fakeStore) { s.rows[0].Entry.Reason, s.rows[0].Salt = "asked nicely", nil },
		"User":           func(s *fakeStore) { s.rows[0].Entry.Subject = "u-2" },
		"UserPutIn":      func(s *fakeStore) { s.rows[1].Entry.Subject = "u-2" },
		"Salt":           func(s *fakeStore) { s.rows[0].Salt = []byte("pepper") },
		"FirstRemoved":   func(s *fakeStore) { s.rows = s.rows[1:] },
		"MiddleRemoved":  func(s *fakeStore) { s.rows = append(s.rows[:1:1], s.rows[2]) },
		"LastRemoved":    func(s *fakeStore) { s.rows = s.rows[:2] },
		"AllRemoved":     func(s *fakeStore) { s.rows = nil },
		"Swapped":        func(s *fakeStore) { s.rows[0], s.rows[1] = s.rows[1], s.rows[0] },
		"HeadOfAnother":  func(s *fakeStore) { s.head = s.rows[0].Link.MAC },
		"RowOfAnother":   func(s *fakeStore) { s.rows[1] = chained(t, ring(t, "k1:"+key(3))).rows[1] },
		"FirstRowsTwice": func(s *fakeStore) { s.rows = append(s.rows[:1:1], s.rows...) },
	} {
		t.Run(name, func(t *testing.T) {
			s := chained(t, keys)
			tamper(s)
			_, err := VerifyAudit(t.Context(), s, keys)
			wantCode(t, err, Conflict)
		})
	}
}

func TestSealWithoutAKey(t *testing.T) {
	var link Link
	wantCode(t, link.Seal(Keyring{}, 1, nil), Unavailable)
}

func TestHashText(t *testing.T) {
	if HashText([]byte("salt"), "") != nil {
		t.Error("no text has a hash")
	}
	if string(HashText([]byte("salt"), "text")) == string(HashText([]byte("pepper"), "text")) {
		t.Error("the salt makes no difference")
	}
}
