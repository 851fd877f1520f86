package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testMail(t *testing.T) {
	t.Run("Addresses", func(t *testing.T) { each(t, mailByAddress) })
	t.Run("NoAddress", func(t *testing.T) { each(t, mailOfNoAddress) })
	t.Run("Suppression", func(t *testing.T) { each(t, suppressionOfAddress) })
	t.Run("NewestFirst", func(t *testing.T) { each(t, mailNewestFirst) })
	t.Run("Limited", func(t *testing.T) { each(t, mailLimited) })
}

func deliveryTo(id, address string) actions.Delivery {
	return actions.Delivery{ID: id, Address: address, Kind: actions.DeliveryCode, Status: actions.Sent, At: ago(time.Hour)}
}

func deliveryID(d actions.Delivery) string { return d.ID }

func mailByAddress(t *testing.T, s *site) {
	ofAnother := deliveryTo("another's", "joe@acme.example")
	ofAnother.UserID = "user-1" // an address says whose it is
	s.put(t, sampleUser, deliveryTo("a", "JANE@acme.EXAMPLE"), deliveryTo("b", "jane@acme.example"), deliveryTo("c", "jane@acme.example.com"),
		deliveryTo("d", "+61400000001"), deliveryTo("e", "(61) 400-000.001"), deliveryTo("f", "+61 400 000 0011"), ofAnother)
	got := s.look(t, "jane.doe")
	same(t, "mails", idsOf(got.Mails, deliveryID), []string{"b", "a"})
	same(t, "texts", idsOf(got.Texts, deliveryID), []string{"e", "d"})
}

// mailOfNoAddress holds that a user without an address gets nobody's mail.
func mailOfNoAddress(t *testing.T, s *site) {
	s.put(t, person("user-2", "joe"), deliveryTo("a", ""), deliveryTo("b", "joe"),
		actions.Suppression{Address: "", List: actions.ListBlock, Since: ago(day)})
	got := s.look(t, "joe")
	same(t, "mails, texts and lists", len(got.Mails)+len(got.Texts)+len(got.Suppression), 0)
}

func suppressionOfAddress(t *testing.T, s *site) {
	on := func(address string, list actions.SuppressionList, days int) actions.Suppression {
		return actions.Suppression{Address: address, List: list, Since: ago(time.Duration(days) * day), Reason: "why"}
	}
	s.put(t, sampleUser, on("JANE@ACME.example", actions.ListBounce, 3), on("jane@acme.example", actions.ListGlobal, 1),
		on("jane@acme.example", actions.ListUnsubscribe, 400), on("joe@acme.example", actions.ListBlock, 1))
	got := idsOf(s.look(t, "jane.doe").Suppression, func(s actions.Suppression) string { return string(s.List) })
	same(t, "lists", got, []string{"global", "bounce", "unsubscribe"})
}

// mailNewestFirst holds the order of everything that was sent.
func mailNewestFirst(t *testing.T, s *site) {
	bodies := []any{sampleUser}
	for i, minutes := range []int{30, 10, 50, 10} {
		at, id := ago(time.Duration(minutes)*time.Minute), fmt.Sprint(i)
		bodies = append(bodies,
			actions.LoginCode{ID: id, UserID: "user-1", SentAt: at}, actions.ResetLink{ID: id, UserID: "user-1", SentAt: at, ExpiresAt: at},
			actions.Lock{ID: id, UserID: "user-1", At: at}, actions.Delivery{ID: id, Address: sampleUser.Email, At: at},
			actions.Delivery{ID: "text " + id, Address: sampleUser.Mobile, At: at})
	}
	s.put(t, bodies...)
	got, want := s.look(t, "jane.doe"), []string{"3", "1", "0", "2"}
	same(t, "codes", idsOf(got.Codes, func(c actions.LoginCode) string { return c.ID }), want)
	same(t, "reset links", idsOf(got.ResetLinks, func(l actions.ResetLink) string { return l.ID }), want)
	same(t, "locks", idsOf(got.Locks, func(l actions.Lock) string { return l.ID }), want)
	same(t, "mails", idsOf(got.Mails, deliveryID), want)
	same(t, "texts", idsOf(got.Texts, deliveryID), []string{"text 3", "text 1", "text 0", "text 2"})
}

// mailLimited holds the bound of every section, the newest within it.
func mailLimited(t *testing.T, s *site) {
	bodies := []any{sampleUser}
	for i := range actions.RecordLimit + 1 {
		at, id := ago(time.Duration(i)*time.Minute), fmt.Sprintf("%03d", i)
		bodies = append(bodies,
			actions.LoginCode{ID: id, UserID: "user-1", SentAt: at}, actions.ResetLink{ID: id, UserID: "user-1", SentAt: at, ExpiresAt: at},
			actions.Lock{ID: id, UserID: "user-1", At: at}, actions.Delivery{ID: id, Address: sampleUser.Email, At: at},
			actions.Account{ID: id, Name: "Acme", Status: actions.AccountActive},
			actions.Membership{UserID: "user-1", AccountID: id, Role: "member", Status: actions.MembershipActive})
	}
	s.put(t, bodies...)
	got, limit := s.look(t, "jane.doe"), actions.RecordLimit
	for what, n := range map[string]int{
		"codes": len(got.Codes), "reset links": len(got.ResetLinks), "locks": len(got.Locks), "mails": len(got.Mails), "places": len(got.Places),
	} {
		same(t, "how many "+what, n, limit)
	}
	same(t, "the newest and the oldest", []string{got.Mails[0].ID, got.Codes[limit-1].ID, got.Places[0].Account.ID}, []string{"000", "499", "000"})
}
