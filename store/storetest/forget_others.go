package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testForgetOthers(t *testing.T) {
	t.Run("NumberID", func(t *testing.T) { each(t, numberIDForgotten) })
	t.Run("WordName", func(t *testing.T) { each(t, wordNameForgotten) })
	t.Run("Rows", func(t *testing.T) { each(t, othersRowsStay) })
	t.Run("Confirmer", func(t *testing.T) { each(t, confirmerIsAwaited) })
	t.Run("AdminOperation", func(t *testing.T) { each(t, adminOperationGoes) })
	t.Run("Texts", func(t *testing.T) { each(t, othersTextsComeWithout) })
	t.Run("Cards", func(t *testing.T) { each(t, emptiedCardsAreFound) })
	t.Run("Spelled", func(t *testing.T) { each(t, spelledNamesGo) })
	t.Run("SpelledByOwner", func(t *testing.T) { each(t, ownersSpellingsStay) })
	t.Run("ManySpellings", func(t *testing.T) { each(t, manySpellingsGo) })
	t.Run("EveryText", func(t *testing.T) { each(t, everyTextGoesWithout) })
	t.Run("Devices", func(t *testing.T) { each(t, othersDevicesGoWithout) })
	t.Run("CommonWords", func(t *testing.T) { each(t, commonWordsStay) })
	t.Run("Namesakes", func(t *testing.T) { each(t, namesakesTextsStay) })
	t.Run("NoKey", func(t *testing.T) { each(t, tombstonesNeedTheirKey) })
}

// bob is somebody else.
var bob = actions.User{ID: "u-b", Username: "bob.roe", Email: "bob@example.com", Status: actions.UserActive}

// auditOfBob is a row of the audit about him.
func auditOfBob(reason string) actions.AuditEntry {
	return actions.AuditEntry{At: moment, Act: actions.ActUnlock, Actor: "U1", Subject: bob.ID, Outcome: actions.ActDone, Reason: reason}
}

// numberIDForgotten: an ID that is a number stands in times, networks and texts about
// others, which stay as they are; it goes where it says who somebody is.
func numberIDForgotten(t *testing.T, s *site) {
	s.put(t, actions.User{ID: "10", Username: "jane.doe", Email: "jane@example.com", Status: actions.UserActive}, bob,
		actions.Account{ID: "acc-1", Name: "Acme", Owner: "10", StatusReason: "10"},
		actions.Lock{ID: "l-b", UserID: bob.ID, Kind: actions.LockAttempts, At: moment, Detail: "10"})
	op := operation("op-bob", actions.ActUnlock, bob.ID, 0)
	op.Reason, op.Params.Since, op.Params.Begun = "10 failures since 09:10", time.Date(2026, 3, 10, 9, 10, 0, 0, time.UTC), time.Date(2026, 3, 10, 10, 10, 10, 0, time.UTC)
	op.Params.MailText, op.Params.Locks = "10", []actions.LockKind{actions.LockAttempts}
	s.start(t, op)
	i := sampleIncident
	i.Shares = []actions.Share{{Kind: actions.ShareNetwork, What: "192.0.10.0/24", ID: "10", Customers: 10}}
	s.breaksOut(t, i)
	s.audit(t, auditOfBob("Bob called at 10:15 about ticket 4711"))
	shares := s.value(t, `SELECT shares FROM incidents`)
	if err := s.forget(t, "10"); err != nil {
		t.Fatal(err)
	}
	same(t, "Bob's operation", s.operation(t, "op-bob"), op)
	if _, err := s.Abandoned(t.Context(), moment.Add(time.Hour), 10); err != nil {
		t.Errorf("what was left half done can't be read: %v", err)
	}
	same(t, "Bob's reason", s.value(t, `SELECT reason FROM audit_texts`), "Bob called at 10:15 about ticket 4711")
	same(t, "Bob's lock", s.value(t, `SELECT detail FROM locks`), "10")
	same(t, "the incident", s.value(t, `SELECT shares FROM incidents`), shares)
	same(t, "the account", s.value(t, `SELECT owner || status_reason FROM accounts`), actions.Erased+"10")
}

// wordNameForgotten: a user name that is a word stands in texts about others, and so may
// what somebody typed once.
func wordNameForgotten(t *testing.T, s *site) {
	mistyped := try("a-1", "u-w", moment, actions.WrongPassword)
	mistyped.Identifier = "called"
	s.put(t, actions.User{ID: "u-w", Username: "will", Email: "will@example.com", Status: actions.UserActive}, bob, mistyped,
		typed("a-2", "called", moment, actions.UnknownUsername), typed("a-3", "WILL", moment, actions.UnknownUsername),
		actions.Account{ID: "acc-1", Name: "Acme", Owner: "Will", StatusReason: "they will pay"})
	op := operation("op-bob", actions.ActUnlock, bob.ID, 0)
	op.Params.MailText, op.Params.Via, op.Reason = "You will get in.", "will", "Bob will call, ask will@example.com"
	s.start(t, op)
	s.audit(t, auditOfBob("Bob will call back, he called already"))
	if err := s.forget(t, "u-w"); err != nil {
		t.Fatal(err)
	}
	op.Reason = "Bob will call, ask " + actions.Erased
	same(t, "Bob's operation", s.operation(t, "op-bob"), op)
	same(t, "Bob's reason", s.value(t, `SELECT reason FROM audit_texts`), "Bob will call back, he called already")
	same(t, "the account", s.value(t, `SELECT owner || status_reason FROM accounts`), actions.Erased+"they will pay")
	same(t, "what nobody had", s.value(t, `SELECT id FROM attempts`), "a-2")
	s.put(t, actions.Account{ID: "acc-1", Name: "Acme", Owner: "Will", StatusReason: "will pay at once"}, typed("a-4", "called", moment, actions.UnknownUsername))
	same(t, "the account as it comes again", s.value(t, `SELECT owner || status_reason FROM accounts`), "will pay at once")
	same(t, "what nobody has", s.value(t, `SELECT count(*) FROM attempts`), "2")
}

// othersRowsStay: rows about somebody else with the address of who is forgotten stay, without
// it; so does an operation that they confirmed.
func othersRowsStay(t *testing.T, s *site) {
	theirs := try("a-b", bob.ID, moment, actions.WrongPassword)
	theirs.Identifier = "gone@example.com"
	s.put(t, gone, bob, theirs, actions.Delivery{ID: "d-b", UserID: bob.ID, Address: "gone@example.com", At: moment, Detail: "for user-gone, gone@example.com"},
		actions.LoginCode{ID: "c-b", UserID: bob.ID, Address: "Gone@example.com", SentAt: moment})
	op := operation("op-bob", actions.ActUnlock, bob.ID, 0)
	op.State, op.Lease, op.Params.Confirmer, op.Params.OldEmail = actions.OperationDone, "", gone.ID, "gone@example.com"
	s.start(t, op)
	m := mail("m-b", "op-bob", "", 0)
	m.UserID, m.Address, m.State = bob.ID, "gone@example.com", actions.MailQueued
	s.mails(t, m)
	l := oneTimeLink("l-b", bob.ID, actions.LinkConfirm)
	l.Mail, l.Operation = "m-b", "op-bob"
	s.links(t, l)
	c := escalated("C1", "U1", 0)
	c.UserID, c.Address = bob.ID, "gone@example.com"
	s.cases(t, c)
	if err := s.forget(t, gone.ID); actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "on its way to their address") {
		t.Errorf("while a message goes to their address: %v", err)
	}
	s.exec(t, `UPDATE mails SET state = 'sent'`)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		`SELECT address || '|' || address_key || '|' || detail FROM deliveries`: "||for user-gone, " + actions.Erased, `SELECT id || address FROM codes`: "c-b",
		`SELECT id || address FROM mails`: "m-b", `SELECT id FROM one_time_links`: "l-b", `SELECT identifier || '|' || identifier_key FROM attempts`: "|",
		`SELECT id || address || user_id FROM cases`: "C1" + bob.ID,
	} {
		same(t, query, s.value(t, query), want)
	}
	op.Params.Confirmer, op.Params.OldEmail = actions.Erased, actions.Erased
	same(t, "Bob's operation", s.operation(t, "op-bob"), op)
}

// confirmerIsAwaited: while somebody else's change of contact waits for them, they aren't
// forgotten.
func confirmerIsAwaited(t *testing.T, s *site) {
	s.put(t, gone, bob)
	op := operation("op-bob", actions.ActUnlock, bob.ID, 0)
	op.State, op.Lease, op.Params.Confirmer = actions.OperationOwner, "", gone.ID
	s.start(t, op)
	if err := s.forget(t, gone.ID); actions.CodeOf(err) != actions.Conflict || !strings.Contains(err.Error(), "confirm it") {
		t.Errorf("while they are to confirm it: %v", err)
	}
	s.exec(t, `UPDATE operations SET state = 'done'`)
	if err := s.forget(t, gone.ID); err != nil {
		t.Error(err)
	}
}

// adminOperationGoes: what was done with a temporary admin on somebody's site is about them.
func adminOperationGoes(t *testing.T, s *site) {
	s.put(t, gone)
	one := customers("ta-1", "U1", "")
	one.UserID, one.State = gone.ID, actions.AdminGone
	s.admins(t, one)
	op := operation("op-ta", actions.ActTempAdmin, "ta-1", 0)
	op.Reason = "her site is down, she rang from hospital"
	s.start(t, op)
	s.ask(t, approval("ap-1", "op-ta", 0))
	if err := s.forget(t, gone.ID); actions.CodeOf(err) != actions.Conflict {
		t.Errorf("while that is under way: %v", err)
	}
	s.exec(t, `UPDATE operations SET state = 'done', lease = ''`)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"temp_admins", "operations", "approvals"} {
		same(t, table, s.value(t, `SELECT count(*) FROM `+table), "0")
	}
}

// othersTextsComeWithout: records of others that change and name them come without that.
func othersTextsComeWithout(t *testing.T, s *site) {
	s.put(t, append(lives(), bob)...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	disabled := bob
	disabled.Status, disabled.DisabledReason = actions.UserDisabled, "asked by gone@example.com (+61491570999), not mary.gone@example.com"
	attempt := try("a-9", bob.ID, moment, actions.WrongPassword)
	attempt.Identifier = "gone@example.com"
	own := try("a-8", bob.ID, moment, actions.WrongPassword)
	own.Identifier = "bob@example.com"
	s.put(t, disabled, actions.Account{ID: "acc-1", Name: "Acme", Owner: "Gina One <gone@example.com>", Brand: "x"},
		actions.Membership{UserID: bob.ID, AccountID: "acc-1", Role: "admin", Status: actions.MembershipActive, DeactivatedBy: "user-gone"},
		actions.Lock{ID: "l-9", UserID: bob.ID, Kind: actions.LockManual, At: moment, Detail: "by g.one."}, attempt, own,
		actions.Delivery{ID: "d-9", UserID: bob.ID, Address: "gone@example.com", At: moment, Detail: "<gone@example.com>: no such user"},
		actions.LoginCode{ID: "c-9", UserID: bob.ID, Address: "gone@example.com", SentAt: moment})
	same(t, "Bob's reason", s.value(t, `SELECT disabled_reason FROM users`), "asked by [erased] ([erased]), not mary.gone@example.com")
	same(t, "what Bob typed", s.value(t, `SELECT identifier FROM attempts WHERE id = 'a-8'`), "bob@example.com")
	same(t, "Bob's mail", s.value(t, `SELECT detail FROM deliveries WHERE id = 'd-9'`), "<[erased]>: no such user")
	s.exec(t, `UPDATE users SET disabled_reason = ''`)
	s.nothingOf(t, "after the next import,")
}

// emptiedCardsAreFound: cards that stand where messages were emptied, and those of incidents
// that last or whose card is on its way, but none that is about who was forgotten.
func emptiedCardsAreFound(t *testing.T, s *site) {
	s.breaksOut(t, sampleIncident)
	for _, place := range []string{`'incident', 'C1', 'i-1', 'C1', '1.1'`, `'operation', 'U1', 'op-1', 'D1', '2.2'`, `'operation', 'U1', 'op-2', 'D1', '3.3'`} {
		s.exec(t, `INSERT INTO places (kind, receiver, ref, channel, ts, at) SELECT `+place+`, at FROM incidents`)
	}
	s.exec(t, `INSERT INTO places (kind, receiver, ref, channel, ts, at) SELECT 'incident', 'C1', 'i-over', 'C1', '4.4', at FROM incidents`)
	for ref, delivered := range map[string]string{"i-over": "at", "i-before": "at", "i-sent": "seen_at", "i-1": "NULL", "i-first": "NULL"} {
		s.exec(t, `INSERT INTO outbox (id, kind, receiver, ref, at, due, tries, why, request, delivered_at)
			SELECT 'of-`+ref+`', 'incident', 'C1', '`+ref+`', at, seen_at, 1, '', '', `+delivered+` FROM incidents`)
	}
	var found []actions.Outgoing
	s.in(t, func(tx actions.Tx) (err error) {
		found, err = tx.CardsAt(t.Context(), []actions.Posted{{Channel: "D1", TS: "2.2"}, {Channel: "C1", TS: "3.3"}}, sampleIncident.SeenAt)
		return err
	})
	incident := func(ref string) actions.Outgoing {
		return actions.Outgoing{Kind: actions.OutgoingIncident, To: "C1", Ref: ref}
	}
	same(t, "the cards", found, []actions.Outgoing{incident("i-1"), incident("i-first"), incident("i-sent"), {Kind: actions.OutgoingOperation, To: "U1", Ref: "op-1"}})
}

// tombstonesNeedTheirKey: without it nobody can be told from who was forgotten, and nothing
// is taken in.
func tombstonesNeedTheirKey(t *testing.T, s *site) {
	s.put(t, lives()...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	s.exec(t, `DELETE FROM secret_bodies WHERE purpose = 'forget'`)
	if _, err := s.tryPut(t.Context(), gone); actions.CodeOf(err) != actions.Unavailable || !strings.Contains(err.Error(), "restore the table secret_bodies") {
		t.Errorf("without the key: %v", err)
	}
	same(t, "the users", s.value(t, `SELECT count(*) FROM users`), "0")
}
