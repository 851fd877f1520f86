package storetest

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/latchkey-bot/latchkey/actions"
)

// anyPlace leaves out the place in the order of import.
var anyPlace = cmp.Options{
	cmpopts.IgnoreFields(actions.Attempt{}, "Seq"), cmpopts.IgnoreFields(actions.LoginCode{}, "Seq"),
	cmpopts.IgnoreFields(actions.Delivery{}, "Seq"), cmpopts.IgnoreFields(actions.ResetLink{}, "Seq"),
}

func testRecords(t *testing.T) {
	t.Run("RoundTrip", func(t *testing.T) { each(t, roundTrip) })
	t.Run("OnlyWhatIsRequired", func(t *testing.T) { each(t, roundTripBare) })
	t.Run("TimesAreUTCAndMicroseconds", func(t *testing.T) { each(t, roundTripTimes) })
	t.Run("IdenticalAgain", func(t *testing.T) { each(t, identicalAgain) })
	t.Run("IdenticalAfterAChangeOfOurs", func(t *testing.T) { each(t, identicalAfterOurs) })
	t.Run("ReplacedKeepsItsPlace", func(t *testing.T) { each(t, replacedKeepsPlace) })
	t.Run("TwiceInABatch", func(t *testing.T) { each(t, twiceInABatch) })
	t.Run("TwiceInAnImport", func(t *testing.T) { each(t, twiceInAnImport) })
}

// checkSamples compares what the directory has of user-1 with records.
func checkSamples(t *testing.T, s *site, bodies []any) {
	t.Helper()
	got := s.lookBy(t, actions.Query{UserID: "user-1", At: moment})
	same(t, "the user", got.Users, []actions.User{bodies[1].(actions.User)})
	same(t, "the place", got.Places, []actions.Place{{Membership: bodies[2].(actions.Membership), Account: bodies[0].(actions.Account)}})
	same(t, "the lock", got.Locks, []actions.Lock{bodies[3].(actions.Lock)})
	same(t, "the attempt", got.Attempts, []actions.Attempt{bodies[4].(actions.Attempt)}, anyPlace)
	same(t, "the code", got.Codes, []actions.LoginCode{bodies[5].(actions.LoginCode)}, anyPlace)
	same(t, "the delivery", got.Mails, []actions.Delivery{bodies[6].(actions.Delivery)}, anyPlace)
	same(t, "the reset link", got.ResetLinks, []actions.ResetLink{bodies[7].(actions.ResetLink)}, anyPlace)
	same(t, "the suppression", got.Suppression, []actions.Suppression{bodies[8].(actions.Suppression)})
	network := bodies[9].(actions.StaffNetwork)
	if prefix, _ := network.Prefix(); len(got.StaffNetworks) != 1 || got.StaffNetworks[0] != prefix {
		t.Errorf("the staff's networks are %v, not %v", got.StaffNetworks, prefix)
	}
	same(t, "the network's note", s.value(t, `SELECT note FROM staff_networks`), network.Note)
}

func roundTrip(t *testing.T, s *site) {
	s.put(t, samples()...)
	checkSamples(t, s, samples())
	s.put(t, changedSamples()...)
	bodies := changedSamples()
	suppression := bodies[8].(actions.Suppression)
	user := bodies[1].(actions.User)
	user.Email = suppression.Address // so that the list is the user's
	delivery := bodies[6].(actions.Delivery)
	delivery.Address = suppression.Address
	bodies[1], bodies[6] = user, delivery
	s.put(t, bodies...)
	checkSamples(t, s, bodies)
	same(t, "the account by its new ID", len(s.look(t, "gw-3").Accounts), 1)
	same(t, "the account by an old ID", len(s.look(t, "GW-1").Accounts), 0)
}

func roundTripBare(t *testing.T, s *site) {
	bodies := []any{
		actions.Account{ID: "acc-1", Name: "Acme", Status: actions.AccountTrial},
		actions.User{ID: "user-1", Username: "jane", Status: actions.UserInvited, Email: "j@acme.example"},
		actions.Membership{UserID: "user-1", AccountID: "acc-1", Role: "member", Status: actions.MembershipActive},
		actions.Lock{ID: "lock-1", UserID: "user-1", Kind: actions.LockManual, At: ago(time.Hour)},
		actions.Attempt{ID: "at-1", At: ago(time.Hour), Identifier: "JANE", Outcome: actions.NotPublished},
		actions.LoginCode{ID: "code-1", UserID: "user-1", Channel: actions.ChannelEmail, SentAt: ago(time.Hour)},
		actions.Delivery{ID: "mail-1", Address: "j@acme.example", Kind: actions.DeliveryNotice, Status: actions.Queued, At: ago(time.Hour)},
		actions.ResetLink{ID: "link-1", UserID: "user-1", SentAt: ago(time.Hour), ExpiresAt: ago(0)},
		actions.Suppression{Address: "j@acme.example", List: actions.ListGlobal, Since: ago(time.Hour)},
		actions.StaffNetwork{CIDR: "2001:db8::/32"},
	}
	s.put(t, bodies...)
	checkSamples(t, s, bodies)
}

func roundTripTimes(t *testing.T, s *site) {
	vienna := time.FixedZone("Vienna", 3600)
	precise := ago(time.Hour).Add(123_456_789)
	cut := ago(time.Hour).Add(123_456_000)
	s.put(t, person("user-1", "jane"),
		actions.Lock{ID: "lock-1", UserID: "user-1", Kind: actions.LockAttempts, At: precise.In(vienna), Until: precise},
		try("at-1", "user-1", precise.In(vienna), actions.WrongPassword))
	got := s.look(t, "jane")
	same(t, "the lock", got.Locks, []actions.Lock{{ID: "lock-1", UserID: "user-1", Kind: actions.LockAttempts, At: cut, Until: cut}})
	same(t, "the attempt", got.Attempts, []actions.Attempt{try("at-1", "user-1", cut, actions.WrongPassword)}, anyPlace)
	if name := got.Attempts[0].At.Location().String(); name != "UTC" {
		t.Errorf("the attempt's time is in %s, not in UTC", name)
	}
	again := s.put(t, try("at-1", "user-1", precise, actions.WrongPassword))
	same(t, "the tally of the same again", again, actions.Tally{"attempt": {Unchanged: 1}})
}

func identicalAgain(t *testing.T, s *site) {
	s.put(t, samples()...)
	before := s.look(t, "jane.doe")
	for range 2 {
		s.put(t, samples()...)
	}
	same(t, "what the directory has", s.look(t, "jane.doe"), before, cmpopts.EquateComparable(netip.Prefix{}))
}

// identicalAfterOurs holds that what Latchkey did since the last import
// survives an identical one.
func identicalAfterOurs(t *testing.T, s *site) {
	ours := map[string]string{
		"accounts": "brand", "users": "locale", "memberships": "role", "locks": "detail", "codes": "address",
		"deliveries": "detail", "reset_links": "used_ip", "suppressions": "reason",
	}
	s.put(t, samples()...)
	for table, column := range ours {
		s.exec(t, "UPDATE "+table+" SET "+column+" = 'ours'")
	}
	tally := s.put(t, samples()...)
	for kind, n := range tally {
		same(t, "the tally of "+kind, n, actions.Count{Unchanged: 1})
	}
	for table, column := range ours {
		same(t, table+"."+column+" after an identical record", s.value(t, "SELECT "+column+" FROM "+table), "ours")
	}
	s.put(t, changedSamples()...)
	same(t, "the user's locale after a changed record", s.value(t, "SELECT locale FROM users"), "de-AT")
}

func replacedKeepsPlace(t *testing.T, s *site) {
	at := ago(time.Hour)
	pair := func(n, detail string) []any {
		return []any{
			actions.User{ID: "user-" + n, Username: "jane", Status: actions.UserActive, FirstName: detail},
			actions.Lock{ID: "lock-" + n, UserID: "user-0", Kind: actions.LockManual, At: at, Detail: detail},
			actions.Attempt{ID: "at-" + n, UserID: "user-0", At: at, Outcome: actions.WrongPassword, Resource: detail},
			actions.LoginCode{ID: "code-" + n, UserID: "user-0", SentAt: at, Address: detail},
			actions.Delivery{ID: "mail-" + n, Address: "zoe@acme.example", At: at, Detail: detail},
			actions.ResetLink{ID: "link-" + n, UserID: "user-0", SentAt: at, ExpiresAt: at, UsedIP: detail},
		}
	}
	zoe := person("user-0", "zoe")
	zoe.Email = "zoe@acme.example"
	s.put(t, zoe)
	s.put(t, pair("2", "")...) // 2 before 1: the place isn't the ID's
	s.put(t, pair("1", "")...)
	s.put(t, pair("2", "changed")...)
	got := s.look(t, "zoe")
	same(t, "users", userIDs(s.look(t, "jane").Users), []string{"user-2", "user-1"})
	same(t, "locks", idsOf(got.Locks, func(l actions.Lock) string { return l.ID + l.Detail }), []string{"lock-1", "lock-2changed"})
	same(t, "attempts", idsOf(got.Attempts, func(a actions.Attempt) string { return a.ID + a.Resource }), []string{"at-1", "at-2changed"})
	same(t, "codes", idsOf(got.Codes, func(c actions.LoginCode) string { return c.ID + c.Address }), []string{"code-1", "code-2changed"})
	same(t, "mails", idsOf(got.Mails, func(d actions.Delivery) string { return d.ID + d.Detail }), []string{"mail-1", "mail-2changed"})
	same(t, "links", idsOf(got.ResetLinks, func(l actions.ResetLink) string { return l.ID + l.UsedIP }), []string{"link-1", "link-2changed"})
	if got.Attempts[0].Seq <= got.Attempts[1].Seq {
		t.Errorf("the newer attempt has the place %d, the older %d", got.Attempts[0].Seq, got.Attempts[1].Seq)
	}
}

// thrice is one identity between another's.
func thrice() []any {
	old := person("user-2", "jane")
	young := old
	young.FirstName = "Jane"
	at := ago(time.Hour)
	return []any{
		old, person("user-1", "jane"), young,
		try("at-2", "user-1", at, actions.WrongPassword), try("at-1", "user-1", at, actions.LockedOut), try("at-2", "user-1", at, actions.Success),
	}
}

func twiceInABatch(t *testing.T, s *site) {
	same(t, "the first tally", s.put(t, thrice()...), actions.Tally{"user": {New: 2, Changed: 1}, "attempt": {New: 2, Changed: 1}})
	// Whoever tried last comes first; without attempts of theirs, the order of import shows.
	users := s.lookBy(t, actions.Query{Identifier: "jane", At: ago(2 * time.Hour)}).Users
	same(t, "users", idsOf(users, func(u actions.User) string { return u.ID + u.FirstName }), []string{"user-2Jane", "user-1"})
	attempts := s.lookBy(t, actions.Query{UserID: "user-1", At: moment}).Attempts
	same(t, "attempts", idsOf(attempts, func(a actions.Attempt) string { return a.ID + string(a.Outcome) }), []string{"at-1locked", "at-2success"})
	same(t, "the tally of the same again", s.put(t, thrice()...), actions.Tally{"user": {Unchanged: 3}, "attempt": {Unchanged: 3}})
}

func twiceInAnImport(t *testing.T, s *site) {
	for range 2 {
		err := s.Import(t.Context(), func(tx actions.ImportTx) error {
			for _, body := range thrice() {
				if _, err := tx.Put(t.Context(), records(body)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		users := s.lookBy(t, actions.Query{UserID: "user-2", At: moment}).Users
		same(t, "the last content", users[0].FirstName, "Jane")
		attempts := s.lookBy(t, actions.Query{UserID: "user-1", At: moment}).Attempts
		same(t, "attempts", idsOf(attempts, func(a actions.Attempt) string { return a.ID + string(a.Outcome) }), []string{"at-1locked", "at-2success"})
	}
}
