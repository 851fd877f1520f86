package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testLetters(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, mailIsWhole) })
	t.Run("Found", func(t *testing.T) { each(t, mailsFound) })
	t.Run("InTheDirectory", func(t *testing.T) { each(t, mailInTheDirectory) })
}

// mail is a message of an operation, begun at the moment plus d.
func mail(id, operation, ref string, d time.Duration) actions.Mail {
	return actions.Mail{
		ID: id, Operation: operation, Ref: ref, Kind: actions.DeliveryPasswordReset, Template: actions.TemplateReset, UserID: "user-1",
		Via: actions.ChannelEmail, State: actions.MailQueued, At: moment.Add(d),
	}
}

func (s *site) mails(t testing.TB, mails ...actions.Mail) {
	t.Helper()
	for _, m := range mails {
		s.in(t, func(tx actions.Tx) error { return tx.StartMail(t.Context(), m) })
	}
}

// mail reads a message, in both ways.
func (s *site) mail(t testing.TB, id string) actions.Mail {
	t.Helper()
	m, err := s.MailByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, err := tx.Mail(t.Context(), id)
		same(t, "the message in a transaction", locked, m)
		return err
	})
	return m
}

func mailIsWhole(t *testing.T, s *site) {
	m := mail("m1", "op-1", "v1", 0)
	m.Address, m.Copy, m.Subject, m.Text = "cc@acme.example", true, "Hi", "[insert link here]\n🔑"
	m.Purpose, m.Contact, m.Details = actions.ActChangeEmail, "j•••@a•••.example", "GW-1"
	s.mails(t, m)
	s.restart(t)
	same(t, "the message", s.mail(t, "m1"), m)
	leased, err := s.Lease(t.Context(), moment, time.Minute, 10, []actions.OutgoingKind{actions.OutgoingMail})
	if err != nil || len(leased) != 1 || leased[0].Ref != "m1" || leased[0].To != "email" || !leased[0].At.Equal(moment) {
		t.Errorf("to be delivered: %+v, %v", leased, err)
	}
	m.Address, m.State, m.Why, m.SentAt = "dd@acme.example", actions.MailFailed, "No such mailbox.", moment.Add(time.Second)
	s.in(t, func(tx actions.Tx) error { return tx.KeepMail(t.Context(), m) })
	same(t, "the kept message", s.mail(t, "m1"), m)
	for _, id := range []string{"m2", "", "m1\x00"} {
		if _, err := s.MailByID(t.Context(), id); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("the message %q: %v", id, err)
		}
	}
}

func mailsFound(t *testing.T, s *site) {
	s.mails(t, mail("m2", "op-1", "", time.Second), mail("m1", "op-1", "v1", 0), mail("m3", "op-2", "v1", time.Minute), mail("m0", "", "", 0))
	for operation, want := range map[string]string{"op-1": "m1 m2", "op-3": "", "": ""} {
		found, err := s.MailsOf(t.Context(), operation)
		if got := strings.Join(idsOf(found, func(m actions.Mail) string { return m.ID }), " "); err != nil || got != want {
			t.Errorf("of %q: %s, %v; want %s", operation, got, err, want)
		}
	}
	for ref, want := range map[string]string{"v1": "m3", "v2": "", "": ""} {
		m, found, err := s.MailFor(t.Context(), ref)
		if err != nil || m.ID != want || found != (want != "") {
			t.Errorf("for %q: %s, %v, %v; want %s", ref, m.ID, found, err, want)
		}
	}
}

// mailInTheDirectory: what Latchkey knows of its own messages is seen by the
// diagnosis, and a system's word of the same one replaces it.
func mailInTheDirectory(t *testing.T, s *site) {
	user := person("user-1", "jane")
	user.Email = "jane@acme.example"
	s.put(t, user)
	delivery := actions.Delivery{
		ID: "latchkey-m1", Address: user.Email, Kind: actions.DeliveryPasswordReset, Status: actions.Sent, At: moment, UserID: "user-1",
	}
	link := actions.ResetLink{ID: "latchkey-m1", UserID: "user-1", SentAt: moment, ExpiresAt: moment.Add(15 * time.Minute)}
	put := func() {
		t.Helper()
		s.in(t, func(tx actions.Tx) error {
			if err := tx.PutDelivery(t.Context(), delivery); err != nil {
				return err
			}
			return tx.PutResetLink(t.Context(), link)
		})
		got := s.lookBy(t, actions.Query{UserID: "user-1", At: moment})
		same(t, "the deliveries", got.Mails, []actions.Delivery{delivery}, anyPlace)
		same(t, "the reset links", got.ResetLinks, []actions.ResetLink{link}, anyPlace)
	}
	put()
	delivery.Status, delivery.Detail, link.UsedAt = actions.Failed, "550\uFFFD", moment
	put()
	delivery.Status, link.UsedIP = actions.Delivered, "203.0.113.9"
	if tally := s.put(t, delivery, link); tally["delivery"].Changed != 1 || tally["reset_link"].Changed != 1 {
		t.Errorf("what a system said changed %v", tally)
	}
	got := s.lookBy(t, actions.Query{UserID: "user-1", At: moment})
	same(t, "the delivery as the system says", got.Mails, []actions.Delivery{delivery}, anyPlace)
	same(t, "the link as the system says", got.ResetLinks, []actions.ResetLink{link}, anyPlace)
}
