package storetest

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

func testLinks(t *testing.T) {
	t.Run("Whole", func(t *testing.T) { each(t, linkIsWhole) })
	t.Run("SpentAtOnce", func(t *testing.T) { each(t, linkSpentAtOnce) })
	t.Run("Others", func(t *testing.T) { each(t, otherLinksSpent) })
	t.Run("Code", func(t *testing.T) { each(t, linkCode) })
	t.Run("CodeTakenAtOnce", func(t *testing.T) { each(t, linkCodeTakenAtOnce) })
}

// oneTimeLink is a link made at the moment.
func oneTimeLink(id, user string, purpose actions.LinkPurpose) actions.OneTimeLink {
	return actions.OneTimeLink{
		ID: id, Purpose: purpose, UserID: user, Operation: "op-1", Mail: "mail-1", Proof: []byte{0, 7, 255}, KeyID: "k1",
		At: moment, ExpiresAt: moment.Add(15 * time.Minute),
	}
}

func (s *site) links(t testing.TB, links ...actions.OneTimeLink) {
	t.Helper()
	for _, l := range links {
		s.in(t, func(tx actions.Tx) error { return tx.StartLink(t.Context(), l) })
	}
}

// link reads a link, in both ways.
func (s *site) link(t testing.TB, id string) (l actions.OneTimeLink, found bool) {
	t.Helper()
	l, found, err := s.LinkByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	s.in(t, func(tx actions.Tx) error {
		locked, there, err := tx.OneTimeLink(t.Context(), id)
		same(t, "the link in a transaction", locked, l)
		same(t, "there in a transaction", there, found)
		return err
	})
	return l, found
}

func (s *site) spend(t testing.TB, id string, at time.Time) (spent bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { spent, err = tx.SpendLink(t.Context(), id, at); return err })
	return spent
}

func linkIsWhole(t *testing.T, s *site) {
	l := oneTimeLink("l1", "user-1", actions.LinkReset)
	s.links(t, l)
	s.restart(t)
	got, _ := s.link(t, "l1")
	same(t, "the link", got, l)
	for _, id := range []string{"l2", "", "l1\x00"} {
		if l, found := s.link(t, id); found {
			t.Errorf("the link %q: %+v", id, l)
		}
	}
	if s.spend(t, "l1", l.ExpiresAt) || s.spend(t, "l2", moment) {
		t.Error("a link was spent that ran out, or that nobody has")
	}
	l.SpentAt = l.ExpiresAt.Add(-time.Microsecond)
	if !s.spend(t, "l1", l.SpentAt) {
		t.Error("it wasn't spent")
	}
	got, _ = s.link(t, "l1")
	same(t, "the spent link", got, l)
}

func linkSpentAtOnce(t *testing.T, s *site) {
	s.links(t, oneTimeLink("l1", "user-1", actions.LinkLogin))
	same(t, "who spent it", atOnce(func(int) bool { return s.spend(t, "l1", moment) }), 1)
}

// atOnce does something eight times at once and counts how often it said yes.
func atOnce(do func(i int) bool) int { return timesAtOnce(8, do) }

// timesAtOnce does something n times at once and counts how often it said yes.
func timesAtOnce(n int, do func(i int) bool) int {
	var all sync.WaitGroup
	var yes atomic.Int64
	begin := make(chan bool)
	for i := range n {
		all.Go(func() {
			<-begin
			if do(i) {
				yes.Add(1)
			}
		})
	}
	close(begin)
	all.Wait()
	return int(yes.Load())
}

func otherLinksSpent(t *testing.T, s *site) {
	old, over := oneTimeLink("spent", "user-1", actions.LinkLogin), oneTimeLink("over", "user-1", actions.LinkLogin)
	old.SpentAt, over.ExpiresAt = ago(time.Minute), moment
	s.links(t, oneTimeLink("login", "user-1", actions.LinkLogin), oneTimeLink("reset", "user-1", actions.LinkReset),
		oneTimeLink("confirm", "user-1", actions.LinkConfirm), oneTimeLink("other", "user-2", actions.LinkLogin), old, over)
	s.in(t, func(tx actions.Tx) error {
		return tx.SpendLinks(t.Context(), "user-1", []actions.LinkPurpose{actions.LinkLogin, actions.LinkReset}, moment)
	})
	var spent []string
	for _, id := range []string{"login", "reset", "confirm", "other", "spent", "over"} {
		if l, _ := s.link(t, id); l.SpentAt.Equal(moment) {
			spent = append(spent, id)
		}
	}
	same(t, "what was spent", strings.Join(spent, " "), "login reset")
	s.in(t, func(tx actions.Tx) error { return tx.SpendLinks(t.Context(), "user-2", nil, moment) })
	if l, _ := s.link(t, "other"); !l.SpentAt.IsZero() {
		t.Error("a link of no purpose that was named was spent")
	}
}

func (s *site) takeCode(t testing.TB, hash []byte, at time.Time) (c actions.LinkCode, found bool) {
	t.Helper()
	s.in(t, func(tx actions.Tx) (err error) { c, found, err = tx.TakeLinkCode(t.Context(), hash, at); return err })
	return c, found
}

func linkCode(t *testing.T, s *site) {
	code := actions.LinkCode{Hash: []byte{1, 0, 255}, UserID: "user-1", Purpose: actions.LinkLogin, ExpiresAt: moment.Add(time.Minute)}
	s.in(t, func(tx actions.Tx) error { return tx.StartLinkCode(t.Context(), code) })
	if _, found := s.takeCode(t, code.Hash, code.ExpiresAt); found {
		t.Error("it was good when it had run out")
	}
	got, found := s.takeCode(t, code.Hash, moment)
	if !found {
		t.Error("it wasn't found")
	}
	same(t, "the code", got, code)
	if _, found := s.takeCode(t, code.Hash, moment); found {
		t.Error("it was good twice")
	}
}

func linkCodeTakenAtOnce(t *testing.T, s *site) {
	code := actions.LinkCode{Hash: []byte{9}, UserID: "user-1", Purpose: actions.LinkReset, ExpiresAt: moment.Add(time.Minute)}
	s.in(t, func(tx actions.Tx) error { return tx.StartLinkCode(t.Context(), code) })
	taken := atOnce(func(int) bool { _, found := s.takeCode(t, code.Hash, moment); return found })
	same(t, fmt.Sprint("who got it of ", 8), taken, 1)
}
