package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
)

// spelledNames are spellings of the names of who is forgotten.
var spelledNames = []string{
	" GONE@EXAMPLE.COM ", "gone@example.com.", "mailto:gone@example.com", "MAILTO:Gone@example.com?subject=Hi", "Gina One <gone@example.com>",
	`"gone@example.com"`, "“gone@example.com”", "ｇｏｎｅ＠example.com", "gone\u200b@example.com", "\ufeffgone@example.com", "gone%40example.com",
	"[gone@example.com]", "gone@example.com hunter2", "user=gone@example.com", "<G.ONE>", " g.one\t", "Gina One", "One, Gina", "+61 (491) 570 999", "tel. +61 491 570-999",
}

// othersNames are names near theirs that aren't.
var othersNames = []string{"mary.gone@example.com", "gone@example.com.au", "gon@example.com", "ｂｏｂ@example.com", "Regina Oneil", "61491570998"}

// spelledLives are records without a user that have a name of somebody, as it is spelled.
func spelledLives(names []string) []any {
	var bodies []any
	for i, name := range names {
		id := fmt.Sprint(len(names), "-", i)
		bodies = append(bodies, typed("u"+id, name, moment, actions.UnknownUsername), typed("w"+id, name, moment, actions.WrongPassword),
			actions.Delivery{ID: id, Address: name, At: moment}, actions.Suppression{Address: name, List: "bounce", Since: moment})
	}
	return bodies
}

// tablesOfNames are where those lie.
var tablesOfNames = []string{"attempts", "unknown_names", "hourly_outcomes", "deliveries", "suppressions"}

// countNames counts what lies there.
func (s *site) countNames(t *testing.T) string {
	t.Helper()
	text := ""
	for _, table := range tablesOfNames {
		text += s.value(t, `SELECT count(*) FROM `+table) + " "
	}
	return text
}

// spelledNamesGo: however a name is spelled, it goes, and comes back with no import; what is
// like it stays.
func spelledNamesGo(t *testing.T, s *site) {
	s.put(t, spelledLives(othersNames)...)
	others := s.countNames(t)
	s.put(t, gone, bob)
	s.put(t, spelledLives(spelledNames)...)
	bobs := try("bob's", bob.ID, moment, actions.Success)
	bobs.Identifier = "Gina One <gone@example.com>"
	s.put(t, bobs, actions.LoginCode{ID: "c-b", UserID: bob.ID, Address: "mailto:gone@example.com", SentAt: moment})
	if err := s.forget(t, "\tGONE@example.com "); err != nil {
		t.Fatal(err)
	}
	same(t, "what Bob typed", s.value(t, `SELECT identifier FROM attempts WHERE id = 'bob''s'`), "")
	same(t, "where Bob's code went", s.value(t, `SELECT address FROM codes`), "")
	s.exec(t, `DELETE FROM attempts WHERE id = 'bob''s'`)
	same(t, "what is left of others", s.countNames(t), others)
	same(t, "hours counted", s.value(t, `SELECT sum(customers) FROM outcome_totals`), s.value(t, `SELECT count(*) FROM hourly_outcomes`))
	for _, body := range spelledLives(spelledNames) {
		for kind, n := range s.put(t, body) {
			if n.New+n.Changed > 0 {
				t.Errorf("%s: %+v of %+v", kind, n, body)
			}
		}
	}
	same(t, "what is left after imports", s.countNames(t), others)
	s.put(t, actions.User{ID: "user-new", Username: "new", Email: "gone@example.com", Status: actions.UserActive}, typed("new", " GONE@example.com.", moment, actions.WrongPassword))
	same(t, "what their address's new owner typed", s.value(t, `SELECT count(*) FROM attempts WHERE id = 'new'`), "1")
}

// ownersSpellingsStay: a spelling that is another's name stays theirs.
func ownersSpellingsStay(t *testing.T, s *site) {
	s.put(t, gone, actions.User{ID: "u-dot", Username: "g.one.", Status: actions.UserActive}, actions.User{ID: "u-gina", Username: "gina", FirstName: "Gina", LastName: "One", Status: actions.UserActive})
	bodies := []any{typed("a-1", "G.ONE.", moment, actions.UnknownUsername), typed("a-2", "g.one", moment, actions.WrongPassword), actions.StaffNetwork{CIDR: "192.0.2.0/24", Note: "Gina One's desk"}}
	s.put(t, bodies...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	same(t, "what is left", s.value(t, `SELECT identifier FROM attempts`), "G.ONE.")
	network := bodies[2].(actions.StaffNetwork)
	network.Note += "!"
	s.put(t, bodies[0], bodies[1], network)
	same(t, "what is left after an import", s.value(t, `SELECT identifier FROM attempts`), "G.ONE.")
	same(t, "the note about another of that name", s.value(t, `SELECT note FROM staff_networks`), "Gina One's desk!")
}

// manySpellingsGo: more spellings than a statement may name go all the same.
func manySpellingsGo(t *testing.T, s *site) {
	bodies := []any{gone}
	for i := range 1200 {
		bodies = append(bodies, typed(fmt.Sprint(i), fmt.Sprintf("No. %d <gone@example.com>", i), moment, actions.UnknownUsername))
	}
	s.put(t, bodies...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	same(t, "what is left", s.countNames(t), "0 0 0 0 0 ")
}

// namingTexts are texts that name who is forgotten, and what is left of them.
var namingTexts = map[string]string{
	"Gina One at home, +61 491 570 999":           "[erased] at home, [erased]",
	"asked by One, Gina (+61 491 570 999)":        "asked by [erased] ([erased])",
	"GINA ONE's, see [gone@example.com]":          "[erased]'s, see [[erased]]",
	"gone@example.com/x, user=gone@example.com":   "[erased]/x, user=[erased]",
	"/reset?mail=gone%40example.com&x=1":          "/reset?mail=[erased]&x=1",
	"/x?for=ｇｏｎｅ＠example.com&y=ｇ":                 "/x?for=[erased]&y=ｇ",
	"by gone\u200b@example.com, Zoë":              "by [erased], Zoë",
	"u%3Dgone%40example.com%26x":                  "u%3D[erased]%26x",
	"Regina One; Gina Onetwo and +61 491 570 998": "Regina One; Gina Onetwo and +61 491 570 998",
	"Mozilla/5.0 (X11; Linux) g.one/2":            "Mozilla/5.0 (X11; Linux) [erased]/2",
}

// othersWith are records of others that have a text.
func othersWith(text string) []any {
	disabled := bob
	disabled.DisabledReason = text
	attempt := try("a-b", bob.ID, moment, actions.WrongPassword)
	attempt.Identifier, attempt.Resource, attempt.UserAgent, attempt.DeviceID = "bob@example.com", text, text, "d-1"
	nobodys := typed("a-n", "somebody", moment, actions.UnknownUsername)
	nobodys.Resource, nobodys.UserAgent = text, text
	return []any{
		disabled, actions.Account{ID: "acc-1", Name: "Acme", StatusReason: text}, actions.Lock{ID: "l-b", UserID: bob.ID, Kind: actions.LockManual, At: moment, Detail: text},
		attempt, nobodys, actions.Delivery{ID: "d-b", UserID: bob.ID, Address: "bob@example.com", At: moment, Detail: text},
		actions.Suppression{Address: "bob@example.com", List: "bounce", Since: moment, Reason: text}, actions.StaffNetwork{CIDR: "192.0.2.0/24", Note: text},
	}
}

// wantTexts expects a text in each column that has one.
func (s *site) wantTexts(t *testing.T, when, want string) {
	t.Helper()
	for _, query := range []string{
		`SELECT disabled_reason FROM users WHERE id = 'u-b'`, `SELECT status_reason FROM accounts`, `SELECT detail FROM locks`, `SELECT detail FROM deliveries`,
		`SELECT reason FROM suppressions`, `SELECT note FROM staff_networks`, `SELECT resource FROM attempts WHERE id = 'a-b'`, `SELECT user_agent FROM attempts WHERE id = 'a-b'`,
		`SELECT resource FROM attempts WHERE id = 'a-n'`, `SELECT user_agent FROM attempts WHERE id = 'a-n'`,
	} {
		same(t, when+" "+query, s.value(t, query), want)
	}
}

// everyTextGoesWithout: what names them goes out of every text of others, in attempts too, and
// the same file brings nothing of it back, whether it is on record then or not.
func everyTextGoesWithout(t *testing.T, s *site) {
	next := gone
	for text, want := range namingTexts {
		s.put(t, append(othersWith(text), next)...)
		if err := s.forget(t, next.ID); err != nil {
			t.Fatal(err)
		}
		s.wantTexts(t, "forgotten,", want)
		s.put(t, othersWith(text)...)
		s.wantTexts(t, "imported again,", want)
		for _, table := range []string{"users", "accounts", "locks", "attempts", "deliveries", "suppressions", "staff_networks"} {
			s.exec(t, `DELETE FROM `+table)
		}
		s.put(t, othersWith(text)...)
		s.wantTexts(t, "imported into nothing,", want)
		next.ID += "x" // somebody new of the same name
	}
}

// othersDevicesGoWithout: an ID of a device that has their address, or is their ID, becomes one
// without, the same for the same device: whoever else logs in from it still is known there.
func othersDevicesGoWithout(t *testing.T, s *site) {
	var attempts []any
	for i, device := range []string{"phone of gone@example.com", "phone of gone@example.com", "pad of gone@example.com", "user-gone", "d-1"} {
		attempt := try(fmt.Sprint("a-", i), bob.ID, moment, actions.WrongPassword)
		attempt.DeviceID = device
		attempts = append(attempts, attempt)
	}
	s.put(t, append(attempts, gone, bob)...)
	if err := s.forget(t, gone.ID); err != nil {
		t.Fatal(err)
	}
	devices := `SELECT count(*) || ' ' || count(DISTINCT device_id) || ' ' || max(CASE WHEN id = 'a-0' THEN device_id END) FROM attempts WHERE device_id NOT LIKE '%gone%'`
	forgotten := s.value(t, devices)
	if !strings.HasPrefix(forgotten, "5 4 device-") {
		t.Errorf("forgotten, the devices are %s", forgotten)
	}
	for kind, n := range s.put(t, attempts...) {
		if n.New+n.Changed > 0 {
			t.Errorf("%s: %+v", kind, n)
		}
	}
	s.exec(t, `DELETE FROM attempts`)
	s.put(t, attempts...)
	same(t, "the devices, imported into nothing", s.value(t, devices), forgotten)
	same(t, "another device", s.value(t, `SELECT device_id FROM attempts WHERE id = 'a-4'`), "d-1")
}

// manyAttempts are attempts of more than a few others with a text.
func manyAttempts(prefix, agent string) []any {
	var bodies []any
	for i := range 11 {
		id := fmt.Sprint(prefix, i)
		attempt := try("a-"+id, "u-"+id, moment, actions.WrongPassword)
		attempt.Identifier, attempt.UserAgent, attempt.DeviceID = id, agent, agent
		bodies = append(bodies, actions.User{ID: "u-" + id, Username: id, Status: actions.UserActive, DisabledReason: agent}, attempt)
	}
	return bodies
}

// commonWordsStay: a name that many others' attempts have is a word there, and stays, now and
// later; what was typed still is their name. One that a few have goes.
func commonWordsStay(t *testing.T, s *site) {
	const agent = "Mozilla/5.0 (windows10) Mobile Safari/604.1"
	owner := actions.User{ID: "u-s", Username: "windows10", Email: "safari@example.com", FirstName: "Mobile", LastName: "Safari", Status: actions.UserActive}
	others := manyAttempts("bo", agent)
	few := manyAttempts("lea", "by Safari, Mobile")[:6]
	once := typed("once", "Windows10", moment, actions.UnknownUsername)
	s.put(t, slices.Concat(others, few, []any{owner, once, actions.Account{ID: "acc-1", Name: "Acme", Owner: "windows10"}})...)
	if err := s.forget(t, owner.ID); err != nil {
		t.Fatal(err)
	}
	counts := `SELECT count(*) || ' ' || count(DISTINCT user_agent) FROM attempts WHERE user_agent IN ('` + agent + `', 'by [erased]') AND user_id IS NOT NULL`
	for _, when := range []string{"forgotten", "imported again", "imported into nothing"} {
		same(t, "attempts of others, "+when, s.value(t, counts), "14 2")
		same(t, "their devices, "+when, s.value(t, `SELECT count(*) FROM attempts WHERE device_id = '`+agent+`'`), "11")
		same(t, "reasons of others, "+when, s.value(t, `SELECT count(*) FROM users WHERE disabled_reason = '`+agent+`'`), "11")
		same(t, "what was typed, "+when, s.value(t, `SELECT count(*) FROM attempts WHERE id = 'once'`), "0")
		if when == "imported again" {
			s.exec(t, `DELETE FROM attempts`)
		}
		s.put(t, slices.Concat(others, few, []any{once})...)
	}
	same(t, "the owner", s.value(t, `SELECT owner FROM accounts`), actions.Erased)
	s.put(t, actions.User{ID: "u-new", Username: "windows10", Status: actions.UserActive}, once)
	same(t, "what its new owner typed", s.value(t, `SELECT count(*) FROM attempts WHERE id = 'once'`), "1")
}

// namesakesTextsStay: what has the full name of somebody on record, too, may be about them.
func namesakesTextsStay(t *testing.T, s *site) {
	elise := actions.User{ID: "u-elise", Username: "e.strauss", Email: "elise@example.com", FirstName: "Élise", LastName: "Strauß", Status: actions.UserActive}
	namesake := actions.User{ID: "u-living", Username: "living", FirstName: "ÉLISE", LastName: "STRAUSS", Status: actions.UserActive, DisabledReason: "Élise Strauß asked (elise@example.com)"}
	network := actions.StaffNetwork{CIDR: "192.0.2.0/24", Note: "the desk of Strauß, Élise"}
	s.put(t, elise, namesake, network, typed("a-1", "Élise Strauß", moment, actions.UnknownUsername), typed("a-2", "for Élise Strauß", moment, actions.UnknownUsername))
	if err := s.forget(t, elise.ID); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"forgotten", "imported again"} {
		same(t, "the namesake, "+when, s.value(t, `SELECT disabled_reason FROM users`), "Élise Strauß asked ([erased])")
		same(t, "what was typed, "+when, s.value(t, `SELECT count(*) || ' ' || (SELECT count(*) FROM unknown_names) FROM attempts`), "2 2")
		same(t, "the note, "+when, s.value(t, `SELECT note FROM staff_networks`), network.Note)
		s.put(t, elise, namesake, network)
	}
}
