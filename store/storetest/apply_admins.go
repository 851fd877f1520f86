package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testApplyAdmins(t *testing.T) {
	t.Run("MadeAndDeleted", func(t *testing.T) { each(t, applyAdminMade) })
	t.Run("MadeAgain", func(t *testing.T) { each(t, applyAdminAgain) })
	t.Run("MadeAgainAfterImport", func(t *testing.T) { each(t, applyAdminAfterImport) })
	t.Run("NotOverAnother", func(t *testing.T) { each(t, applyAdminNotOverAnother) })
	t.Run("NobodyElse", func(t *testing.T) { each(t, applyAdminNobodyElse) })
	t.Run("ImportKeepsIt", func(t *testing.T) { each(t, importKeepsAdmin) })
	t.Run("BroughtBack", func(t *testing.T) { each(t, adminBroughtBack) })
	t.Run("AtOnce", func(t *testing.T) { each(t, adminsMadeAtOnce) })
}

const adminLogin = actions.AdminPrefix + "abc234"

// makesAdmin is a change that makes a temporary admin in acc-1 at the moment.
func makesAdmin(id, hash string) actions.Change {
	user := person(adminLogin, adminLogin)
	user.Email, user.FirstName, user.CreatedAt = adminLogin+"@latchkey.invalid", "Temporary support admin", moment
	return actions.Change{
		ID: id, Kind: actions.ChangeAdminMade, UserID: adminLogin, At: moment, PasswordHash: hash, User: &user,
		Memberships: []actions.Membership{{UserID: adminLogin, AccountID: "acc-1", Role: "admin", Status: actions.MembershipActive}},
	}
}

// deletesAdmin is a change that deletes it.
func deletesAdmin(id string) actions.Change {
	return actions.Change{ID: id, Kind: actions.ChangeAdminDeleted, UserID: adminLogin, At: moment.Add(day)}
}

// adminsAt reads the temporary admins of acc-1, and those who are admins there.
func (s *site) adminsAt(t testing.TB) (temporary, all []string) {
	t.Helper()
	found, err := s.TempAdmins(t.Context(), "acc-1")
	if err != nil {
		t.Fatal(err)
	}
	admins, err := s.Admins(t.Context(), []string{"acc-1"})
	if err != nil {
		t.Fatal(err)
	}
	return userIDs(found), userIDs(admins)
}

func (s *site) checkAdmins(t testing.TB, what string, want ...string) {
	t.Helper()
	temporary, all := s.adminsAt(t)
	want = append([]string{}, want...)
	same(t, what+": the temporary admins", temporary, want)
	same(t, what+": the admins", all, want)
}

func applyAdminMade(t *testing.T, s *site) {
	s.put(t, sampleAccount)
	made := makesAdmin("op-1/temp_admin_made", "$argon2id$v=19$one")
	made.User.HasPassword = false // it gets one
	s.apply(t, made)
	want := *made.User
	want.HasPassword = true
	same(t, "the user", s.user(t, adminLogin), want)
	s.checkAdmins(t, "made", adminLogin)
	deleted := deletesAdmin("a1/deleted")
	s.apply(t, deleted)
	s.checkAdmins(t, "deleted")
	for _, table := range []string{"users", "memberships", "user_marks"} {
		same(t, "rows of "+table, s.value(t, `SELECT count(*) FROM `+table), "0")
	}
	same(t, "whether it shows as made", s.applied(t, made), false)
	got, _ := s.changes(t, 0, 10)
	same(t, "what the product learns", got, []actions.Recorded{{Seq: 1, Change: made}, {Seq: 2, Change: deleted}})
	// The same login is made anew, and deleted by another change.
	s.apply(t, makesAdmin("op-2/temp_admin_made", "$argon2id$v=19$two"))
	s.apply(t, deletesAdmin("a2/deleted"))
	s.checkAdmins(t, "deleted again")
}

// applyAdminAgain: the same user by another change is no second one, and gets that
// password and that role, whatever became of it meanwhile.
func applyAdminAgain(t *testing.T, s *site) {
	s.put(t, sampleAccount)
	first := makesAdmin("op-1/temp_admin_made", "$argon2id$v=19$one")
	s.apply(t, first)
	s.exec(t, `UPDATE users SET status = 'disabled', disabled_reason = 'so', must_reset = (1 = 1), email = 'x@evil.example', email_key = 'x@evil.example'`,
		`UPDATE memberships SET role = 'member', status = 'deactivated'`)
	same(t, "whether it shows", s.applied(t, first), false)
	temporary, all := s.adminsAt(t)
	same(t, "the temporary admins of any role", temporary, []string{adminLogin})
	same(t, "the admins", all, []string{})
	again := makesAdmin("op-2/temp_admin_made", "$argon2id$v=19$two")
	again.At = moment.Add(time.Minute)
	s.apply(t, again)
	same(t, "the user", s.user(t, adminLogin), *again.User)
	s.checkAdmins(t, "made again", adminLogin)
	same(t, "users", s.value(t, `SELECT count(*) FROM users`), "1")
	same(t, "who has the other e-mail", len(s.look(t, "x@evil.example").Users), 0)
	got, _ := s.changes(t, 1, 10)
	same(t, "what the product learns", got, []actions.Recorded{{Seq: 2, Change: again}})
	// A password that was never set, or whose setting isn't written down, isn't there.
	later := again
	later.At = again.At.Add(time.Microsecond)
	same(t, "a later password", s.applied(t, later), false)
	s.exec(t, `UPDATE users SET has_password = (1 = 0)`)
	same(t, "without a password", s.applied(t, again), false)
	bare := makesAdmin("op-3/temp_admin_made", "")
	same(t, "without a hash", actions.CodeOf(s.Apply(t.Context(), bare)), actions.Unavailable)
}

// applyAdminAfterImport: what an import said of it is replaced, and an identical one
// doesn't bring that back.
func applyAdminAfterImport(t *testing.T, s *site) {
	made := makesAdmin("op-1/temp_admin_made", "$argon2id$v=19$one")
	user, place := *made.User, made.Memberships[0]
	user.Status, place.Role = actions.UserDisabled, "member"
	s.put(t, sampleAccount, user, place)
	s.apply(t, made)
	tally := s.put(t, sampleAccount, user, place)
	one := actions.Count{Unchanged: 1}
	same(t, "an identical import", tally, actions.Tally{"account": one, "user": one, "membership": one})
	same(t, "whether it still shows", s.applied(t, made), true)
	s.checkAdmins(t, "after the import", adminLogin)
}

// applyAdminNotOverAnother: whoever has the ID, the name or the address stays who they
// are.
func applyAdminNotOverAnother(t *testing.T, s *site) {
	s.put(t, sampleAccount)
	made := makesAdmin("op-1/temp_admin_made", "$argon2id$v=19$one")
	for name, other := range map[string]actions.User{
		"its ID": person(adminLogin, "jane"), "its name": person("user-1", "Support-Temp-ABC234"),
		"its address": {ID: "user-1", Username: "jane", Email: made.User.Email}, "its address as a name": person("user-1", made.User.Email),
	} {
		t.Run(name, func(t *testing.T) {
			s.put(t, other)
			same(t, "making it", actions.CodeOf(s.Apply(t.Context(), made)), actions.Conflict)
			same(t, "whether it shows", s.applied(t, made), false)
			same(t, "the other", s.user(t, other.ID), other)
			same(t, "memberships", s.value(t, `SELECT count(*) FROM memberships`), "0")
			s.exec(t, `DELETE FROM users`)
		})
	}
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "0")
	s.apply(t, made) // what was refused claimed nothing
}

// applyAdminNobodyElse: only who is called as temporary admins are is made or deleted
// as one.
func applyAdminNobodyElse(t *testing.T, s *site) {
	s.put(t, sampleAccount, sampleUser, sampleMembership)
	before := s.changed(t)
	deleted := changing("a1/deleted", actions.ChangeAdminDeleted)
	same(t, "deleting a customer", actions.CodeOf(s.Apply(t.Context(), deleted)), actions.Conflict)
	user := sampleUser
	made := changing("op-1/temp_admin_made", actions.ChangeAdminMade)
	made.User, made.PasswordHash = &user, "$argon2id$v=19$one"
	same(t, "making a customer one", actions.CodeOf(s.Apply(t.Context(), made)), actions.Conflict)
	nobody := makesAdmin("op-2/temp_admin_made", "$argon2id$v=19$one")
	nobody.UserID = "user-1"
	same(t, "making another", actions.CodeOf(s.Apply(t.Context(), nobody)), actions.Unavailable)
	same(t, "deleting nobody", actions.CodeOf(s.Apply(t.Context(), deletesAdmin("a2/deleted"))), actions.NotFound)
	same(t, "the customer", s.changed(t), before)
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "0")
}

// importKeepsAdmin: an import of everybody else leaves it alone.
func importKeepsAdmin(t *testing.T, s *site) {
	s.put(t, samples()...)
	made := makesAdmin("op-1/temp_admin_made", "$argon2id$v=19$one")
	s.apply(t, made)
	s.put(t, samples()...)
	s.put(t, changedSamples()...)
	same(t, "whether it is there", s.applied(t, made), true)
	temporary, _ := s.adminsAt(t)
	same(t, "the temporary admins", temporary, []string{adminLogin})
}

// adminBroughtBack: a record that an import had before doesn't bring a deleted one
// back; another one does, and that shows.
func adminBroughtBack(t *testing.T, s *site) {
	made, deleted := makesAdmin("op-1/temp_admin_made", "$argon2id$v=19$one"), deletesAdmin("a1/deleted")
	s.put(t, sampleAccount)
	s.apply(t, made)
	user, place := *made.User, made.Memberships[0]
	user.Locale = "en" // as the product sends it
	s.put(t, user, place)
	s.apply(t, deleted)
	s.put(t, user, place)
	same(t, "whether it is deleted after an identical import", s.applied(t, deleted), true)
	s.checkAdmins(t, "after an identical import")
	user.LastLoginAt = moment
	s.put(t, user, place)
	same(t, "whether it is deleted after another import", s.applied(t, deleted), false)
	s.checkAdmins(t, "after another import", adminLogin)
	same(t, "whether it shows as made", s.applied(t, made), false)
	s.apply(t, deletesAdmin("a1/deleted-2"))
	same(t, "whether it is deleted in the end", s.applied(t, deleted), true)
	s.checkAdmins(t, "in the end")
}

// adminsMadeAtOnce: of many changes that make it at once there is one user, with every
// change told; and of many that delete it, one does.
func adminsMadeAtOnce(t *testing.T, s *site) {
	s.put(t, sampleAccount)
	servers := s.servers(t)
	made := timesAtOnce(crowd, func(i int) bool {
		c := makesAdmin(fmt.Sprint("op-", i%10, "/temp_admin_made"), "$argon2id$v=19$one")
		err := servers[i%len(servers)].Apply(t.Context(), c)
		if err != nil {
			t.Error(err)
		}
		return err == nil
	})
	same(t, "told well", made, crowd)
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "10")
	s.checkAdmins(t, "made", adminLogin)
	deleted := timesAtOnce(crowd, func(i int) bool {
		err := servers[i%len(servers)].Apply(t.Context(), deletesAdmin(fmt.Sprint("a", i, "/deleted")))
		if err != nil && actions.CodeOf(err) != actions.NotFound {
			t.Error(err)
		}
		return err == nil
	})
	same(t, "who deleted it", deleted, 1)
	s.checkAdmins(t, "deleted")
}
