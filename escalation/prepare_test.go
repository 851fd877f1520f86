package escalation

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// wantCode checks the code of an error.
func wantCode(t testing.TB, err error, want actions.Code) {
	t.Helper()
	if got := actions.CodeOf(err); got != want {
		t.Errorf("the error is %q (%v), want %q", got, err, want)
	}
}

// prepares is what ana reads before she escalates.
func (s *scene) prepares(t testing.TB, kind Kind, whom Whom) Preparation {
	t.Helper()
	p, err := s.Prepare(t.Context(), s.by(ana), kind, whom)
	must(t, err)
	return p
}

var jane = Whom{UserID: "u-1"}

func TestPrepareSaysWhatIsKnown(t *testing.T) {
	s := stage(t)
	_, lists := s.knows(t, bounced)
	lists.listed[address] = []actions.Suppression{
		{Address: address, List: actions.ListBounce, Since: noon.AddDate(0, 0, -3), Reason: "550 for jane@acme.example"},
		{Address: address, List: actions.ListUnsubscribe},
	}
	p := s.prepares(t, Blocklist, jane)
	want := []string{
		"Amazon SES has the address on its bounce list since 7 March 2026.",
		"Amazon SES has the address on its unsubscribe list; mail that is needed goes out all the same.",
		"The last mail, the reset of 10 March 2026 11:00 UTC, bounced: the mailbox refused it.",
	}
	if !slices.Equal(p.Known, want) || p.Unknowable != Unknowable {
		t.Errorf("known: %q, unknowable: %q", p.Known, p.Unknowable)
	}
	if p.Address != address || p.Priority != Normal || p.Whom != jane || p.Premature != "" || p.Joins != nil {
		t.Errorf("%+v", p)
	}
	if p.Person == nil || p.Person.Email != "j•••@a•••.example" {
		t.Errorf("the person is %+v", p.Person)
	}
	if !slices.Equal(p.Gateways, []Gateway{{ID: "GW-1001", Account: "Acme", Status: actions.AccountActive}}) {
		t.Errorf("the Gateway IDs are %v", p.Gateways)
	}
	if len(s.store.state.audit) != 0 || len(s.sent()) != 0 {
		t.Error("it was recorded")
	}
}

// By the address of one user their user is meant; of others there is the address
// alone.
func TestPrepareByAddress(t *testing.T) {
	for name, test := range map[string]struct {
		typed string
		users int // who have the address
		kind  Kind
		whom  Whom
		known string
		code  actions.Code
	}{
		"OneUser":            {" Jane@ACME.example ", 1, Blocklist, jane, "Amazon SES has the address on no list.", ""},
		"Nobody":             {"new@acme.example", 0, Delivery, Whom{Address: "new@acme.example"}, "Nobody on record has this address", ""},
		"Several":            {address, 2, Blocklist, Whom{Address: address}, "2 customers have this address on record", ""},
		"NoKindYet":          {"new@acme.example", 0, "", Whom{Address: "new@acme.example"}, "Nobody on record has this address", ""},
		"NobodysAccount":     {"new@acme.example", 0, Account, Whom{}, "", actions.NotFound},
		"SeveralsAccount":    {address, 2, Account, Whom{}, "", actions.Invalid},
		"OnesAccount":        {address, 1, Account, jane, "", ""},
		"NoAddress":          {"jane", 1, Blocklist, Whom{}, "", actions.Invalid},
		"Nothing":            {" ", 1, Blocklist, Whom{}, "", actions.Invalid},
		"TwoLines":           {"jane@acme.example\n<!channel>", 1, Blocklist, Whom{}, "", actions.Invalid},
		"ByUserNameOfAnyone": {"jane.doe@elsewhere.example", 1, Blocklist, Whom{Address: "jane.doe@elsewhere.example"}, "Nobody on record", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			directory, _ := s.knows(t)
			if test.users == 2 {
				joan := directory.customers["u-1"]
				joan.Users = []actions.User{{ID: "u-2", Username: "joan", Status: actions.UserActive, Email: address}}
				directory.customers["u-2"] = joan
			}
			if name == "ByUserNameOfAnyone" {
				directory.customers["u-1"].Users[0].Username = test.typed
			}
			p, err := s.Prepare(t.Context(), s.by(ana), test.kind, Whom{Address: test.typed})
			wantCode(t, err, test.code)
			if IsAboutAddress(err) != (test.code != "") {
				t.Errorf("%v is beside another field", err)
			}
			if p.Whom != test.whom || !strings.Contains(strings.Join(p.Known, " "), test.known) {
				t.Errorf("%+v, and known is %q", p.Whom, p.Known)
			}
			if p.Kind == Account && (p.Address != "" || p.Known != nil || p.Unknowable != "") {
				t.Errorf("a case that isn't about mail names the address: %+v", p)
			}
		})
	}
}

// A locked user gets no mail, so that L2 can't find out yet why none arrives (RULES
// S4.6).
func TestPrepareIsPremature(t *testing.T) {
	for kind, want := range map[Kind]bool{Blocklist: true, Delivery: true, Account: false, Security: false, Other: false, "": false} {
		s := stage(t)
		s.knows(t, locked)
		p := s.prepares(t, kind, jane)
		if (p.Premature != "") != want || (p.Instead == actions.ActUnlock) != want {
			t.Errorf("%s: %q, instead %q", kind, p.Premature, p.Instead)
		}
		if said := strings.Contains(strings.Join(p.Known, " "), "unlock"); said != (kind == "") {
			t.Errorf("%s: known is %q", kind, p.Known)
		}
	}
	s := stage(t)
	s.knows(t)
	if p := s.prepares(t, Blocklist, jane); p.Premature != "" || p.Instead != "" {
		t.Errorf("without a lock: %q", p.Premature)
	}
}

func TestPrepareUsualPriority(t *testing.T) {
	s := stage(t)
	s.knows(t)
	for kind, want := range map[Kind]Priority{Blocklist: Normal, Account: Normal, Security: Urgent, Delivery: Normal, Other: Normal} {
		if got := s.prepares(t, kind, jane).Priority; got != want {
			t.Errorf("%s is %s", kind, got)
		}
	}
}

// A list that doesn't answer is said to, and nothing is made of it.
func TestPrepareWithoutAnswer(t *testing.T) {
	s := stage(t)
	_, lists := s.knows(t)
	lists.down = errors.New("a time-out")
	if known := s.prepares(t, Blocklist, jane).Known; known[0] != "Amazon SES didn't answer, so what it holds back isn't known." || known[1] != "No mail to the address is on record." {
		t.Errorf("known is %q", known)
	}
}

func TestPrepareNamesTheOpenCase(t *testing.T) {
	s := stage(t)
	s.knows(t)
	s.has(t, Claimed)
	w := s.watched()
	if joins := s.prepares(t, Blocklist, jane).Joins; joins == nil || joins.ID != id {
		t.Errorf("it joins %+v", joins)
	}
	if joins := s.prepares(t, Delivery, jane).Joins; joins != nil {
		t.Errorf("another kind joins %+v", joins)
	}
	s.has(t, Resolved)
	if joins := s.prepares(t, Blocklist, jane).Joins; joins != nil {
		t.Errorf("it joins what is resolved: %+v", joins)
	}
	if w.transactions != 0 {
		t.Error("who only looks holds others up")
	}
}

func TestPrepareRefused(t *testing.T) {
	for name, test := range map[string]struct {
		who   string
		kind  Kind
		whom  Whom
		setup func(s *scene, d *fakeDirectory)
		code  actions.Code
	}{
		"Guest":     {guest, Blocklist, jane, func(*scene, *fakeDirectory) {}, actions.Forbidden},
		"Stopped":   {ana, Blocklist, jane, func(s *scene, _ *fakeDirectory) { s.stops(ana) }, actions.Forbidden},
		"NoChannel": {ana, Blocklist, jane, func(s *scene, _ *fakeDirectory) { s.Channel = "" }, actions.Conflict},
		"NoKind":    {ana, "gossip", jane, func(*scene, *fakeDirectory) {}, actions.Invalid},
		"NoUser":    {ana, Account, Whom{UserID: "u-9"}, func(*scene, *fakeDirectory) {}, actions.NotFound},
		"NoAddress": {ana, Delivery, jane, func(_ *scene, d *fakeDirectory) { d.customers["u-1"].Users[0].Email = "" }, actions.Invalid},
		"Down": {ana, Other, jane, func(_ *scene, d *fakeDirectory) {
			d.down = actions.Errorf(actions.Unavailable, "It doesn't answer.")
		}, actions.Unavailable},
		"StoreDown": {ana, Other, jane, func(s *scene, _ *fakeDirectory) {
			s.store.down = actions.Errorf(actions.Unavailable, "It doesn't answer.")
		}, actions.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := stage(t)
			directory, _ := s.knows(t)
			test.setup(s, directory)
			_, err := s.Prepare(t.Context(), s.by(test.who), test.kind, test.whom)
			wantCode(t, err, test.code)
		})
	}
}

// stops has somebody stopped who did too much.
func (s *scene) stops(who string) {
	s.store.state.brakes[who] = actions.Brake{Actor: who, Why: "Too much.", At: s.now}
}

// Without an address, a form that asks for the kind opens all the same: other kinds
// need none.
func TestPrepareWithoutAddress(t *testing.T) {
	s := stage(t)
	s.knows(t, withoutEmail)
	for _, kind := range []Kind{"", Account, Security, Other} {
		if p := s.prepares(t, kind, jane); p.Address != "" || len(p.Gateways) != 1 || p.Unknowable != "" {
			t.Errorf("%s: %+v", kind, p)
		}
	}
}

// What a case keeps is bounded, and names neither the address nor others'.
func TestFactsAreBounded(t *testing.T) {
	long := strings.Repeat("jane@acme.example ", 100)
	finding := actions.Finding{Evidence: make([]actions.Evidence, 9)}
	finding.Evidence[0].Text = long
	kept := keptFindings([]actions.Finding{finding, finding, finding, finding})
	if len(kept) != 3 || len(kept[2].Evidence) != 5 || len([]rune(kept[0].Evidence[0].Text)) != wordsKept+1 || finding.Evidence[0].Text != long {
		t.Errorf("kept: %d findings, %d lines", len(kept), len(kept[0].Evidence))
	}
	s := stage(t)
	_, lists := s.knows(t, bounced)
	lists.listed[address] = make([]actions.Suppression, 12)
	for i := range lists.listed[address] {
		lists.listed[address][i] = actions.Suppression{List: actions.SuppressionList(fmt.Sprint("list ", i)), Since: noon.AddDate(0, 0, -i)}
	}
	lists.listed[address][0] = actions.Suppression{Address: address, List: actions.ListBlock, Reason: long, Since: noon}
	k, err := s.look(t.Context(), Blocklist, jane, noon)
	must(t, err)
	must(t, s.lookFurther(t.Context(), &k, Blocklist, noon))
	entries := k.facts.Lists[0].Entries
	if len(entries) != 10 || entries[0].Address != "" || strings.Contains(entries[0].Reason, address) || len([]rune(entries[0].Reason)) != wordsKept+1 {
		t.Errorf("kept of the lists: %+v", entries)
	}
	if strings.Contains(k.facts.LastMail.Detail, address) || k.facts.LastMail.Status != actions.Bounced {
		t.Errorf("the last mail is %+v", k.facts.LastMail)
	}
	if lists.listed[address][0].Address != address {
		t.Error("what the system said was changed")
	}
}

// The case about the same that was resolved lately is named.
func TestFactsNameTheCaseBefore(t *testing.T) {
	for age, want := range map[time.Duration]string{ReopenTime - time.Second: id, ReopenTime: ""} {
		s := stage(t)
		s.knows(t)
		s.has(t, Resolved)
		s.later(age)
		k, err := s.look(t.Context(), Blocklist, jane, s.now)
		must(t, err)
		must(t, s.lookFurther(t.Context(), &k, Blocklist, s.now))
		if k.facts.Before != want {
			t.Errorf("after %s: %q", age, k.facts.Before)
		}
	}
}

// How every mail fared is said in words.
func TestMailSentences(t *testing.T) {
	seen := map[string]bool{}
	for _, status := range []actions.DeliveryStatus{
		actions.Queued, actions.Sent, actions.Delivered, actions.Opened, actions.Bounced, actions.Complained, actions.Suppressed, actions.Failed,
	} {
		said := (&Mail{Kind: actions.DeliveryCode, Status: status, At: noon}).sentence()
		if seen[said] || !strings.HasPrefix(said, "The last mail, the code of 10 March 2026 12:00 UTC, ") || strings.Contains(said, "ended as") {
			t.Errorf("%s: %q", status, said)
		}
		seen[said] = true
	}
}

func TestChooseGateway(t *testing.T) {
	one := []Gateway{{ID: "GW-1"}}
	two := []Gateway{{ID: "GW-1"}, {ID: "§ 2"}}
	for _, test := range []struct {
		name     string
		gateways []Gateway
		given    string
		want     string // "": refused
	}{
		{"TheOnlyOne", one, "", "GW-1"},
		{"Picked", two, "§ 2", "§ 2"},
		{"WhichOne", two, "", ""},
		{"NoneOnRecord", nil, "", ""},
		{"Typed", nil, " GW 10/a-1_2. ", "GW 10/a-1_2."},
		{"TypedBesideOnRecord", one, "GW-7", "GW-7"},
		{"Odd", nil, "§ 2", ""},
		{"Mention", nil, "<!channel>", ""},
		{"TwoLines", nil, "GW-1\nGW-2", ""},
		{"FortyCharacters", nil, strings.Repeat("a", 40), strings.Repeat("a", 40)},
		{"TooLong", nil, strings.Repeat("a", 41), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := chooseGateway(test.gateways, test.given)
			if got != test.want || IsAboutGateway(err) != (test.want == "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// Each Gateway ID is offered once, with its account.
func TestGatewaysOf(t *testing.T) {
	got := gatewaysOf([]actions.Place{place("a", "Acme (jane@acme.example)", "GW-1", "GW-2"), place("b", "Beta", "GW-2", "GW-3"), place("c", "Gamma")})
	active := actions.AccountActive
	want := []Gateway{{"GW-1", "Acme (j•••@a•••.example)", active}, {"GW-2", "Acme (j•••@a•••.example)", active}, {"GW-3", "Beta", active}}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
