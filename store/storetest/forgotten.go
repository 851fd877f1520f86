package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testForgotten(t *testing.T) { each(t, remediesForgotten) }

// remediesForgotten: what ended before a moment goes, what is at it or hasn't
// ended stays, and with the zero time everything does.
func remediesForgotten(t *testing.T, s *site) {
	limit := ago(90 * day)
	for id, at := range map[string]time.Time{"old": limit.Add(-time.Microsecond), "edge": limit} {
		op := operation(id, actions.ActUnlock, id, -900*day)
		op.State, op.EndedAt = actions.OperationDone, at
		s.start(t, op)
		a, v, m := approval(id, id, 0), verification(id, "U1", "", 0), mail(id, id, "", 0)
		a.Until, v.At, m.At, m.State = at, at, at, actions.MailSent
		s.ask(t, a)
		s.verify(t, v)
		s.mails(t, m)
		s.pull(t, actions.Brake{Actor: id, Why: "Much.", At: ago(900 * day)})
		s.release(t, actions.Brake{Actor: id, ReleasedAt: at})
		l := oneTimeLink(id, "user-1", actions.LinkLogin)
		l.ExpiresAt = at
		s.links(t, l)
		code := actions.LinkCode{Hash: []byte(id), UserID: "user-1", Purpose: actions.LinkLogin, ExpiresAt: at}
		s.in(t, func(tx actions.Tx) error { return tx.StartLinkCode(t.Context(), code) })
		one, asked := secret(id, "U1"), request(id, "U1")
		one.ExpiresAt, asked.ExpiresAt = at, at
		s.secrets(t, one)
		s.requests(t, asked)
		for _, purpose := range everyPurpose {
			s.seal(t, sealed(purpose, id, "test"))
		}
	}
	s.start(t, operation("running", actions.ActUnlock, "running", -900*day))
	waits, sent := mail("waits", "", "", -900*day), mail("sent", "running", "", -900*day)
	sent.State = actions.MailSent
	s.mails(t, waits, sent) // one is to be delivered yet, what the other was sent for isn't over
	s.seal(t, sealed(actions.SealMail, waits.ID, "test"))
	s.pull(t, actions.Brake{Actor: "held", Why: "Much.", At: ago(900 * day)})
	counts := func() map[string]string {
		counts := map[string]string{}
		for _, table := range []string{"operations", "approvals", "verifications", "mails", "brakes", "one_time_links", "link_codes", "secrets", "secret_requests", "secret_bodies"} {
			counts[table] = s.value(t, `SELECT count(*) FROM `+table)
		}
		return counts
	}
	all := map[string]string{
		"operations": "3", "approvals": "2", "verifications": "2", "mails": "4", "brakes": "3", "one_time_links": "2", "link_codes": "2",
		"secrets": "2", "secret_requests": "2", "secret_bodies": "21",
	}
	forget := func(keep actions.Keep) map[string]string {
		s.in(t, func(tx actions.Tx) error { return tx.Forget(t.Context(), keep) })
		return counts()
	}
	same(t, "with the zero time", forget(actions.Keep{}), all)
	all["one_time_links"], all["link_codes"] = "1", "1"
	same(t, "links", forget(actions.Keep{Links: limit}), all)
	want := map[string]string{
		"operations": "2", "approvals": "1", "verifications": "1", "mails": "3", "brakes": "2", "one_time_links": "1", "link_codes": "1",
		"secrets": "1", "secret_requests": "1", "secret_bodies": "15", // the audit's keys stay, and what has an end of its own
	}
	same(t, "what is done", forget(actions.Keep{Done: limit, Secrets: limit}), want)
	s.operation(t, "running")
	s.operation(t, "edge")
	for _, id := range []string{"edge", "waits", "sent"} {
		s.mail(t, id)
	}
	for _, purpose := range everyPurpose {
		_, found := s.sealed(t, purpose, "old")
		same(t, "whether the old "+string(purpose)+" is still there", found, slices.Contains(keptPurposes, purpose))
	}
}

// everyPurpose is what things are sealed for.
var everyPurpose = []actions.Purpose{
	actions.SealSecret, actions.SealPassphrase, actions.SealMail, actions.SealRequest, actions.SealAnswer, actions.SealHandout, actions.SealAudit,
	actions.SealTarget, actions.SealAdmin, actions.SealForget,
}

// keptPurposes are those of which nothing goes by its age alone.
var keptPurposes = []actions.Purpose{actions.SealAudit, actions.SealTarget, actions.SealAdmin, actions.SealForget}
