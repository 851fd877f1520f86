package blocks_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// withinLimits checks a message against Slack's limits.
func withinLimits(t *testing.T, m blocks.Message) {
	t.Helper()
	if n := utf8.RuneCountInString(m.Text); n == 0 || n > 40_000 {
		t.Errorf("a text of %d characters", n)
	}
	if n := len(m.Blocks); n == 0 || n > 50 {
		t.Errorf("%d blocks", n)
	}
	size := 0
	for i, block := range m.Blocks {
		raw, err := json.Marshal(block)
		if err != nil {
			t.Fatal(err)
		}
		size += utf8.RuneCount(raw) - 5*strings.Count(string(raw), `\u00`)
		if wrong := wrong(block); wrong != "" {
			t.Errorf("block %d: %s\n%s", i, wrong, raw)
		}
	}
	if size >= 13_000 {
		t.Errorf("all blocks together have %d characters", size)
	}
}

func wrong(block slack.Block) string {
	switch b := block.(type) {
	case *slack.HeaderBlock:
		return length("header", b.Text.Text, 150)
	case *slack.SectionBlock:
		if b.Accessory != nil {
			button := b.Accessory.ButtonElement
			for _, wrong := range []string{
				length("button", button.Text.Text, 75), length("value", button.Value, 2000), length("action_id", button.ActionID, 255),
			} {
				if wrong != "" {
					return wrong
				}
			}
		}
		if !b.Text.Verbatim {
			return "a text in which Slack looks for links"
		}
		return length("section", b.Text.Text, 3000)
	case *slack.ContextBlock:
		if n := len(b.ContextElements.Elements); n == 0 || n > 10 {
			return fmt.Sprintf("%d elements", n)
		}
		for _, element := range b.ContextElements.Elements {
			if wrong := length("context", element.(*slack.TextBlockObject).Text, 2000); wrong != "" {
				return wrong
			}
		}
	case *slack.DividerBlock:
	default:
		return fmt.Sprintf("a %T, whose limits nobody checks", block)
	}
	return ""
}

func length(what, text string, limit int) string {
	if n := utf8.RuneCountInString(text); n == 0 || n > limit {
		return fmt.Sprintf("a %s of %d characters, not 1 to %d", what, n, limit)
	}
	return ""
}

// hostile are values that records may hold.
var hostile = []string{
	strings.Repeat("n", 400), strings.Repeat("<&>", 140), strings.Repeat("🧑🏽‍🚒", 100), strings.Repeat("שלום עולם ", 40), strings.Repeat("مرحبا", 80),
	"<!channel>", "<!here|x>", "<@U0BOSS>", "<!subteam^S0ALL>", "<https://evil.example|Unlock>", "https://evil.example @channel #general",
	"\u202egnp.exe\u202c", "a\nb\r\nc\x00\x1b", "*bold* _it_ ~st~ `code` ```pre```", "> quote", "", " ", "&lt;", "\xff\xfe", "<!date^1^{date}|x>",
	strings.Repeat("&amp;", 700), strings.Repeat("x y ", 2000),
}

// TestHostileRecords fills a diagnosis with hostile values, fifty of
// everything, in many mixtures: no limit is broken, nothing is mentioned or
// linked.
func TestHostileRecords(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func() string { return hostile[random.IntN(len(hostile))] }
	check := func(name string, d actions.Diagnosis) {
		t.Helper()
		message := blocks.Diagnosis(d, blocks.Reader{ID: pick(), L2: "<!subteam^S0L2>"})
		withinLimits(t, message)
		nothingLinked(t, message)
		if t.Failed() {
			t.Fatalf("it was %s", name)
		}
	}
	for range 12 {
		check("a user", hostileUser(pick))
		check("several", actions.Diagnosis{Identifier: pick(), Matches: people(25, pick), Facts: actions.Facts{Cut: pick()}})
		nobody := hostileUser(pick)
		nobody.User, nobody.Facts.NearNames = nil, people(50, pick)
		check("nobody", nobody)
		check("accounts", hostileAccounts(pick))
	}
	quiet := func() string { return "x" }
	many := hostileAccounts(quiet)
	many.Facts.Failed = nil // nothing but blocks, and more of them than Slack takes
	check("many accounts", many)
	for _, value := range hostile { // and each of them everywhere at once
		only := func() string { return value }
		check(value, hostileUser(only))
		check(value, hostileAccounts(only))
		check(value, actions.Diagnosis{Identifier: value, Matches: people(25, only)})
		withinLimits(t, blocks.Sentence("x"+value))
		nothingLinked(t, blocks.Sentence("x"+value))
	}
}

func people(n int, pick func() string) []actions.Person {
	var all []actions.Person
	for range n {
		all = append(all, actions.Person{
			ID: pick(), Name: pick(), Username: pick(), Email: pick(), Mobile: pick(), Status: actions.UserStatus(pick()), Locale: pick(),
		})
	}
	return all
}

func hostileUser(pick func() string) actions.Diagnosis {
	d := actions.Diagnosis{Identifier: pick(), User: &people(1, pick)[0]}
	d.User.Email = d.Identifier
	for range 50 {
		finding := actions.Finding{
			Cause: actions.CauseEmailSuppressed, Grade: actions.Indicated, Summary: "S" + pick(), TellCaller: pick(), TellCustomer: pick(),
			Remedies: []actions.RemedyID{actions.Unlock, actions.Escalate, "no_such_remedy"},
		}
		for range 50 {
			finding.Evidence = append(finding.Evidence, actions.Evidence{At: now, Source: pick(), Text: pick()})
		}
		d.Findings = append(d.Findings, finding)
		d.Facts.Accounts = append(d.Facts.Accounts, account(pick))
		fact := actions.AttemptFact{At: now, Outcome: actions.Outcome(pick()), Typed: pick(), IP: pick(), Country: pick(), VPN: true, Staff: true}
		d.Facts.LastSuccess = &fact
		d.Facts.LastFailures = append(d.Facts.LastFailures, fact)
		d.Facts.Locks = append(d.Facts.Locks, actions.LockFact{ID: pick(), Kind: actions.LockKind(pick()), At: now, EndedAt: now, Detail: pick()})
		d.Facts.Support = append(d.Facts.Support, actions.SupportFact{At: now, Actor: pick(), Act: actions.Act(pick()), Outcome: actions.ActDone})
	}
	d.Facts.Freshness = actions.Freshness{Stale: true, Text: pick(), NewestAttempt: now}
	d.Facts.Contact = &actions.Contact{
		Email: pick(), Mobile: pick(), OptedOut: []actions.Channel{actions.Channel(pick()), actions.Channel(pick())}, ChangedAt: now, ChangedLately: true,
	}
	d.Facts.Protected, d.Unrecorded, d.Facts.Cut = true, true, pick()
	d.Facts.Alike = &actions.AlikeFact{Outcome: actions.Outcome(pick()), Customers: 1 << 40, Usual: 1e9}
	return d
}

func account(pick func() string) actions.AccountFact {
	var gateways []string
	for range 50 {
		gateways = append(gateways, pick())
	}
	return actions.AccountFact{
		ID: "a", Name: pick(), Status: actions.AccountStatus(pick()), Reason: pick(), GatewayIDs: gateways, Owner: pick(), ClosedAt: now,
		Role: pick(), Membership: actions.MembershipStatus(pick()), Members: 3,
	}
}

func hostileAccounts(pick func() string) actions.Diagnosis {
	d := actions.Diagnosis{Identifier: pick()}
	fail := actions.AccountFail{AccountID: "a", Cut: true}
	for _, p := range people(50, pick) {
		fail.Users = append(fail.Users, actions.UserFail{Person: p, Outcome: actions.Outcome(pick()), At: now, Failures: 7, InSince: now})
	}
	for range 25 {
		d.Facts.Accounts = append(d.Facts.Accounts, account(pick))
		d.Facts.Failed = append(d.Facts.Failed, fail)
	}
	return d
}

// ours are the only forms in angle brackets that we write.
var ours = regexp.MustCompile(`^(!date\^\d+\^\{date_short_pretty\} \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC|!subteam\^S0L2|@[UW][A-Z0-9]+)$`)

var angled = regexp.MustCompile(`<([^>]*)>?`)

// nothingLinked finds whatever Slack would read as a mention or a link, and
// escapes that were cut in two.
func nothingLinked(t *testing.T, m blocks.Message) {
	t.Helper()
	texts := []string{m.Text}
	for _, block := range m.Blocks {
		switch b := block.(type) {
		case *slack.SectionBlock:
			texts = append(texts, b.Text.Text)
		case *slack.ContextBlock:
			texts = append(texts, b.ContextElements.Elements[0].(*slack.TextBlockObject).Text)
		}
	}
	for _, text := range texts {
		for _, form := range angled.FindAllStringSubmatch(text, -1) {
			if !ours.MatchString(form[1]) {
				t.Errorf("%q is read as markup in %q", form[0], text)
			}
		}
		rest := strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(text)
		if strings.Contains(rest, "&") {
			t.Errorf("an escape is cut in two in %q", text)
		}
		if strings.ContainsAny(text, "\u202e\x00\x1b\r") || !utf8.ValidString(text) {
			t.Errorf("something invisible is in %q", text)
		}
	}
}

func TestMentionInARecordMentionsNobody(t *testing.T) {
	d := locked()
	d.User.Name, d.Findings[0].Evidence[0].Text = "<!channel>", "see <https://evil.example|this> @here"
	message := blocks.Diagnosis(d, reader)
	nothingLinked(t, message)
	if !strings.Contains(message.Text, "&lt;!channel&gt;") {
		t.Errorf("the name is gone: %q", message.Text)
	}
}

func TestBlocklistQuestion(t *testing.T) {
	const question = "@support-melbourne GW-1001 - Can you please investigate if jane@acme.example is on the email Global Black List?"
	read := func(d actions.Diagnosis) string {
		raw, err := json.Marshal(blocks.Diagnosis(d, reader).Blocks)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	if got := read(locked()); !strings.Contains(got, question) {
		t.Errorf("the question isn't in %s", got)
	}
	for name, change := range map[string]func(*actions.Diagnosis){
		"AskedByName":    func(d *actions.Diagnosis) { d.Identifier, d.User.Email = "jane", "j•••@a•••.example" },
		"MailIsFine":     func(d *actions.Diagnosis) { d.Findings = d.Findings[:1] },
		"NoGatewayID":    func(d *actions.Diagnosis) { d.Facts.Accounts = nil },
		"ChosenByButton": func(d *actions.Diagnosis) { d.Identifier, d.User.Email = "", "" },
	} {
		d := locked()
		change(&d)
		if strings.Contains(read(d), "Global Black List") {
			t.Errorf("%s: the question is there", name)
		}
	}
}

func TestColleaguesAreCountedWithoutOneself(t *testing.T) {
	for want, actors := range map[string][]string{
		"2 colleagues helped today":    {"U0BEN", "terminal:ann", "U0AGENT", "U0BEN"},
		"1 colleague helped today":     {"U0BEN"},
		"Support in the last 24 hours": {"U0AGENT"},
	} {
		d := locked()
		d.Facts.Support = nil
		for _, actor := range actors {
			d.Facts.Support = append(d.Facts.Support, actions.SupportFact{At: ago(time.Hour), Actor: actor, Act: actions.ActDiagnose, Outcome: actions.ActDone})
		}
		raw, err := json.Marshal(blocks.Diagnosis(d, reader).Blocks)
		if err != nil || !strings.Contains(string(raw), want) {
			t.Errorf("%q isn't there, %v", want, err)
		}
	}
}
