package storetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/latchkey-bot/latchkey/actions"
)

func testApply(t *testing.T) {
	t.Run("Abilities", func(t *testing.T) { each(t, appliesAll) })
	t.Run("Unlocked", func(t *testing.T) { each(t, applyUnlocked) })
	t.Run("Indicated", func(t *testing.T) { each(t, applyIndicated) })
	t.Run("DisabledAndEnabled", func(t *testing.T) { each(t, applyEnabled) })
	t.Run("Contact", func(t *testing.T) { each(t, applyContact) })
	t.Run("ContactTaken", func(t *testing.T) { each(t, applyContactTaken) })
	t.Run("ContactsAtOnce", func(t *testing.T) { each(t, applyContactsAtOnce) })
	t.Run("Marks", func(t *testing.T) { each(t, applyMarks) })
	t.Run("DeletedAndCreated", func(t *testing.T) { each(t, applyDeleted) })
	t.Run("DeletedStaysSo", func(t *testing.T) { each(t, deletedStaysDeleted) })
	t.Run("CreatedOverAnother", func(t *testing.T) { each(t, createdOverAnother) })
	t.Run("NobodyThere", func(t *testing.T) { each(t, applyToNobody) })
	t.Run("ImportDoesntUndo", func(t *testing.T) { each(t, importDoesntUndo) })
}

// apply makes a change twice, the second time without effect, and reads it back
// before and after.
func (s *site) apply(t testing.TB, c actions.Change) {
	t.Helper()
	if shown := s.applied(t, c); shown {
		t.Errorf("%s shows before it was made", c.Kind)
	}
	for range 2 {
		if err := s.Apply(t.Context(), c); err != nil {
			t.Fatalf("%s: %v", c.Kind, err)
		}
		if shown := s.applied(t, c); !shown {
			t.Errorf("%s doesn't show", c.Kind)
		}
	}
	same(t, "how often "+c.ID+" is recorded", s.value(t, `SELECT count(*) FROM changes WHERE id = '`+c.ID+`'`), "1")
}

func (s *site) applied(t testing.TB, c actions.Change) bool {
	t.Helper()
	shown, err := s.Applied(t.Context(), c)
	if err != nil {
		t.Fatalf("reading %s back: %v", c.Kind, err)
	}
	return shown
}

// changing is a change of user-1 at the moment.
func changing(id string, kind actions.ChangeKind) actions.Change {
	return actions.Change{ID: id, Kind: kind, UserID: "user-1", At: moment}
}

// changed reads user-1, who must be there, and looks up what hangs on them.
func (s *site) changed(t testing.TB) actions.Snapshot {
	t.Helper()
	got := s.lookBy(t, actions.Query{UserID: "user-1", At: moment})
	if len(got.Users) != 1 {
		t.Fatalf("user-1 is %d users", len(got.Users))
	}
	return got
}

// appliesAll: what the directory says that it can do, and nothing else.
func appliesAll(t *testing.T, s *site) {
	can := s.Abilities()
	for _, kind := range []actions.ChangeKind{
		actions.ChangeUnlocked, actions.ChangeDisabled, actions.ChangeEnabled, actions.ChangeContact, actions.ChangePasswordSet,
		actions.ChangeSessions, actions.ChangeFactor, actions.ChangeInvited, actions.ChangeDeleted, actions.ChangeCreated,
		actions.ChangeDelisted, actions.ChangeAdminMade, actions.ChangeAdminDeleted,
	} {
		if !can.Can(kind) {
			t.Errorf("it can't make %s", kind)
		}
	}
	same(t, "whether it can check a temporary admin", can.Can(actions.ChangeAdminChecked), false)
	if err := s.Apply(t.Context(), changing("c1", "painted")); actions.CodeOf(err) != actions.Unavailable || can.Can("painted") {
		t.Errorf("painting a user: %v", err)
	}
	if s.applied(t, changing("c1", "painted")) {
		t.Error("they look painted")
	}
}

func lockOf(id string, kind actions.LockKind, change func(*actions.Lock)) actions.Lock {
	l := actions.Lock{ID: id, UserID: "user-1", Kind: kind, At: ago(time.Hour)}
	change(&l)
	return l
}

func applyUnlocked(t *testing.T, s *site) {
	none := func(*actions.Lock) {}
	open := []any{
		lockOf("attempts", actions.LockAttempts, none), lockOf("for-a-while", actions.LockAttempts, func(l *actions.Lock) { l.Until = ago(-day) }),
		lockOf("inactivity", actions.LockInactivity, none),
	}
	kept := []any{
		lockOf("manual", actions.LockManual, none), lockOf("ran-out", actions.LockAttempts, func(l *actions.Lock) { l.Until = ago(time.Minute) }),
		lockOf("released", actions.LockAttempts, func(l *actions.Lock) { l.ReleasedAt = ago(time.Minute) }),
		lockOf("others", actions.LockAttempts, func(l *actions.Lock) { l.UserID = "user-2" }),
		lockOf("later", actions.LockAttempts, func(l *actions.Lock) { l.At = ago(-time.Minute) }),
	}
	s.put(t, append(append([]any{person("user-1", "jane"), person("user-2", "joe")}, open...), kept...)...)
	c := changing("op-1/unlocked", actions.ChangeUnlocked)
	c.Locks = []actions.LockKind{actions.LockAttempts, actions.LockInactivity}
	s.apply(t, c)
	s.restart(t)
	got := s.lookBy(t, actions.Query{UserID: "user-1", At: ago(-time.Hour)}).Locks
	want := []actions.Lock{}
	for _, body := range slices.Concat(open, kept) {
		l := body.(actions.Lock)
		if slices.Contains(open, body) {
			l.ReleasedAt = moment
		}
		if l.UserID == "user-1" {
			want = append(want, l)
		}
	}
	byID := cmpopts.SortSlices(func(a, b actions.Lock) bool { return a.ID < b.ID })
	same(t, "the locks", got, want, byID)
	same(t, "locks released at the moment", len(slices.DeleteFunc(got, func(l actions.Lock) bool { return !l.ReleasedAt.Equal(moment) })), len(open))
}

func applyIndicated(t *testing.T, s *site) {
	s.put(t, person("user-1", "jane"))
	c := changing("op-1/unlocked", actions.ChangeUnlocked)
	c.Indicated, c.Since = actions.LockAttempts, ago(time.Minute)
	s.apply(t, c)
	same(t, "the locks", s.changed(t).Locks, []actions.Lock{
		{ID: "op-1/unlocked", UserID: "user-1", Kind: actions.LockAttempts, At: ago(time.Minute), ReleasedAt: moment},
	})
	c.ID, c.Since = "op-2/unlocked", time.Time{} // without an attempt
	s.apply(t, c)
	locks := s.changed(t).Locks
	same(t, "how many", len(locks), 2)
	if !slices.ContainsFunc(locks, func(l actions.Lock) bool { return l.ID == c.ID && l.At.Equal(moment) && l.ReleasedAt.Equal(moment) }) {
		t.Errorf("the one without a beginning: %+v", locks)
	}
}

func applyEnabled(t *testing.T, s *site) {
	user := person("user-1", "jane")
	s.put(t, user, lockOf("l1", actions.LockSharing, func(*actions.Lock) {}), lockOf("l2", actions.LockManual, func(*actions.Lock) {}))
	s.apply(t, changing("op-1/disabled", actions.ChangeDisabled))
	same(t, "the disabled user's state", s.changed(t).Users[0].Status, actions.UserDisabled)
	s.exec(t, `UPDATE users SET disabled_reason = 'sharing'`)
	c := changing("op-2/enabled", actions.ChangeEnabled)
	c.Locks = []actions.LockKind{actions.LockSharing}
	s.apply(t, c)
	got := s.changed(t)
	same(t, "the enabled user", got.Users[0], user)
	for _, l := range got.Locks {
		same(t, "whether "+l.ID+" is open", l.Open(moment), l.ID == "l2")
	}
}

func applyContact(t *testing.T, s *site) {
	user := person("user-1", "jane")
	user.Email, user.Mobile = "jane@acme.example", "+61 400 000 001"
	user.EmailVerified, user.MobileVerified = true, true
	s.put(t, user)
	c := changing("op-1/contact", actions.ChangeContact)
	c.Email = "Jane.Doe@New.example"
	s.apply(t, c)
	user.Email, user.EmailVerified, user.ContactChangedAt = c.Email, false, moment
	same(t, "with another e-mail", s.changed(t).Users[0], user)
	c = changing("op-2/contact", actions.ChangeContact)
	c.Mobile, c.At = "+61 400 000 002", moment.Add(time.Second)
	s.apply(t, c)
	user.Mobile, user.MobileVerified, user.ContactChangedAt = c.Mobile, false, c.At
	same(t, "with another mobile", s.changed(t).Users[0], user)
	for identifier, want := range map[string]int{
		"jane.doe@new.example": 1, "61400000002": 1, "jane@acme.example": 0, "61400000001": 0,
	} {
		same(t, "who is "+identifier, len(s.look(t, identifier).Users), want)
	}
}

func applyContactTaken(t *testing.T, s *site) {
	mine, has, called := person("user-1", "jane"), person("user-2", "joe"), person("user-3", "Jim@Acme.example")
	mine.Email, has.Email = "jane@acme.example", "Joe@Acme.example"
	s.put(t, mine, has, called)
	for _, email := range []string{"joe@acme.example", "jim@acme.example"} {
		c := changing("op-1/contact", actions.ChangeContact)
		c.Email = email
		if err := s.Apply(t.Context(), c); actions.CodeOf(err) != actions.Conflict {
			t.Errorf("taking %s: %v", email, err)
		}
	}
	same(t, "the user", s.changed(t).Users[0], mine)
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "0")
	c := changing("op-1/contact", actions.ChangeContact) // what was refused claimed nothing
	c.Email = "JANE@acme.example"
	s.apply(t, c)
}

// applyContactsAtOnce: of an e-mail and a mobile that change at the same moment
// neither takes the other back.
func applyContactsAtOnce(t *testing.T, s *site) {
	s.put(t, person("user-1", "jane"))
	for round := range 5 {
		email, mobile := fmt.Sprint(round, "@acme.example"), fmt.Sprint("+61 400 000 00", round)
		atOnce(func(i int) bool {
			c := changing(fmt.Sprint(round, "/", i), actions.ChangeContact)
			if i%2 == 0 {
				c.Email = email
			} else {
				c.Mobile = mobile
			}
			err := s.Apply(t.Context(), c)
			if err != nil {
				t.Error(err)
			}
			return err == nil
		})
		user := s.changed(t).Users[0]
		same(t, "the contacts", []string{user.Email, user.Mobile}, []string{email, mobile})
	}
}

func applyMarks(t *testing.T, s *site) {
	user := person("user-1", "jane")
	user.HasPassword = false
	s.put(t, user)
	c := changing("op-1/password_set", actions.ChangePasswordSet)
	c.PasswordHash = "$argon2id$v=19$canary"
	s.apply(t, c)
	user.HasPassword, user.MustReset = true, true
	same(t, "the user", s.changed(t).Users[0], user)
	for _, kind := range []actions.ChangeKind{actions.ChangeSessions, actions.ChangeFactor, actions.ChangeInvited} {
		c := changing("op-1/"+string(kind), kind)
		s.apply(t, c)
		next := changing("op-2/"+string(kind), kind)
		next.At = moment.Add(time.Hour)
		s.apply(t, next)
		if !s.applied(t, c) {
			t.Errorf("the first %s doesn't show after a second", kind)
		}
	}
	same(t, "where the hash stands", s.value(t, `SELECT id FROM changes WHERE content LIKE '%canary%'`), c.ID)
	// A mark of another time, or a password that needn't be changed, isn't it.
	c.At = moment.Add(time.Microsecond)
	same(t, "a later password", s.applied(t, c), false)
	s.exec(t, `UPDATE users SET must_reset = (1 = 0)`)
	c.At = moment
	same(t, "a password that may stay", s.applied(t, c), false)
}

func applyDeleted(t *testing.T, s *site) {
	s.put(t, samples()...)
	before := s.changed(t)
	s.apply(t, changing("op-1/user_deleted", actions.ChangeDeleted))
	for _, table := range []string{"users", "memberships", "user_marks"} {
		same(t, "rows of "+table, s.value(t, `SELECT count(*) FROM `+table), "0")
	}
	user := sampleUser
	c := changing("op-1/user_created", actions.ChangeCreated)
	c.UserID, user.ID = "user-9", "user-9"
	membership := sampleMembership
	membership.UserID = "user-9"
	c.User, c.Memberships = &user, []actions.Membership{membership}
	s.apply(t, c)
	got := s.lookBy(t, actions.Query{UserID: "user-9", At: moment})
	same(t, "the new user", got.Users, []actions.User{user})
	same(t, "their place", got.Places, []actions.Place{{Membership: membership, Account: sampleAccount}})
	same(t, "who is found by name", userIDs(s.look(t, "jane.doe").Users), []string{"user-9"})
	// And back again.
	c = changing("op-1/user_deleted-9", actions.ChangeDeleted)
	c.UserID = "user-9"
	s.apply(t, c)
	c = changing("op-2/user_created", actions.ChangeCreated)
	old := sampleUser
	c.User, c.Memberships = &old, []actions.Membership{sampleMembership}
	s.apply(t, c)
	after := s.changed(t)
	same(t, "who came back", after.Users, before.Users)
	same(t, "their place", after.Places, before.Places)
	same(t, "their locks", after.Locks, before.Locks)
	same(t, "an import of the same", s.put(t, sampleUser)["user"], actions.Count{Unchanged: 1})
}

// deletedStaysDeleted: the nightly import of the same records doesn't bring a
// user back, and isn't rejected because of what happened to them.
func deletedStaysDeleted(t *testing.T, s *site) {
	s.put(t, samples()...)
	s.apply(t, changing("op-1/user_deleted", actions.ChangeDeleted))
	tally := s.put(t, samples()...)
	same(t, "the tally", tally, everyKind(actions.Count{Unchanged: 1}))
	same(t, "users", s.value(t, `SELECT count(*) FROM users`), "0")
	same(t, "memberships", s.value(t, `SELECT count(*) FROM memberships`), "0")
	err := s.Import(t.Context(), func(tx actions.ImportTx) error {
		missing, err := tx.Missing(t.Context(), []string{"user-1", "user-2"}, nil)
		same(t, "who is missing", missing.Users, map[string]bool{"user-2": true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	// Another record is the product's word that they are there.
	bodies := changedSamples()
	tally = s.put(t, bodies...)
	same(t, "the tally of the user", tally["user"], actions.Count{New: 1})
	same(t, "the tally of the membership", tally["membership"], actions.Count{New: 1})
	same(t, "the user", s.changed(t).Users[0], bodies[1].(actions.User))
}

func createdOverAnother(t *testing.T, s *site) {
	s.put(t, sampleUser)
	other, same1 := sampleUser, sampleUser
	other.Email = "somebody@else.example"
	c := changing("op-1/user_created", actions.ChangeCreated)
	c.User = &other
	if err := s.Apply(t.Context(), c); actions.CodeOf(err) != actions.Conflict {
		t.Errorf("over another profile: %v", err)
	}
	same(t, "whether that shows", s.applied(t, c), false)
	c.User, c.Memberships = &same1, []actions.Membership{sampleMembership}
	s.apply(t, c) // the product was quicker: it is the same person
	same(t, "the user", s.changed(t).Users[0], sampleUser)
	c = changing("op-2/user_created", actions.ChangeCreated)
	if err := s.Apply(t.Context(), c); actions.CodeOf(err) != actions.Unavailable {
		t.Errorf("nobody: %v", err)
	}
}

func applyToNobody(t *testing.T, s *site) {
	for _, kind := range s.Abilities().Changes {
		if kind == actions.ChangeCreated || kind == actions.ChangeAdminMade {
			continue
		}
		c := changing("op-1/"+string(kind), kind)
		if err := s.Apply(t.Context(), c); actions.CodeOf(err) != actions.NotFound {
			t.Errorf("%s: %v", kind, err)
		}
		same(t, string(kind)+" shows", s.applied(t, c), kind == actions.ChangeDeleted || kind == actions.ChangeAdminDeleted)
	}
	same(t, "changes", s.value(t, `SELECT count(*) FROM changes`), "0")
}

// importDoesntUndo: a record identical to the one last imported leaves what was
// done here.
func importDoesntUndo(t *testing.T, s *site) {
	user := person("user-1", "jane")
	user.Status, user.Email = actions.UserDisabled, "jane@acme.example"
	bodies := []any{user, lockOf("l1", actions.LockAttempts, func(*actions.Lock) {})}
	s.put(t, bodies...)
	enabled := changing("op-1/enabled", actions.ChangeEnabled)
	enabled.Locks = []actions.LockKind{actions.LockAttempts}
	contact := changing("op-1/contact", actions.ChangeContact)
	contact.Email = "new@acme.example"
	s.apply(t, enabled)
	s.apply(t, contact)
	tally := s.put(t, bodies...)
	same(t, "the tally", tally, actions.Tally{"user": {Unchanged: 1}, "lock": {Unchanged: 1}})
	if !s.applied(t, enabled) || !s.applied(t, contact) {
		t.Error("an identical record undid it")
	}
}
