package blocks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

func TestGoldenOfHome(t *testing.T) {
	idle := blocks.HomeView{Viewer: actions.RolesOf(actions.RoleAdmin), Now: now, Queue: &escalation.Part{}, Help: help()}
	quiet := quietDay()
	idle.Today = &quiet
	for name, view := range map[string]blocks.HomeView{
		"home_agent": agentsHome(), "home_lead": leadsHome(), "home_full": crowdedHome(), "home_idle": idle,
	} {
		t.Run(name, func(t *testing.T) {
			message := atHome(view)
			goldenJSON(t, name, map[string]any{"blocks": message.Blocks})
			withinBlocks(t, message, 100)
			nothingLinked(t, message)
		})
	}
}

// TestGoldenOfHomeList: pages of the parts of Home that no other list has.
func TestGoldenOfHomeList(t *testing.T) {
	h := leadsHome()
	for name, page := range map[string]actions.HomePage{
		"home_list_approvals": {Part: actions.HomeApprovals, Total: 3, Approvals: h.Approvals},
		"home_list_verified":  {Part: actions.HomeVerified, Total: 17, Verified: h.Verified},
		"home_list_watches":   {Part: actions.HomeWatches, Offset: 15, Total: 16, Watches: h.Watches},
		"home_list_none":      {Part: actions.HomeWatches, Offset: 15, Total: 15},
	} {
		page.Now, page.Zone = h.Now, h.Zone
		t.Run(name, func(t *testing.T) { golden(t, name, blocks.HomeList(page, h.Links)) })
	}
}

func TestReadHomeRef(t *testing.T) {
	for _, part := range []actions.HomePart{actions.HomeApprovals, actions.HomeVerified, actions.HomeWatches} {
		if of, offset, ok := blocks.ReadHomeRef(blocks.HomeRef(part, 30)); of != part || offset != 30 || !ok {
			t.Errorf("%s comes back as %s, %d, %v", part, of, offset, ok)
		}
	}
	for _, value := range []string{"", "-", "watches", "watches|", "watches|-1", "watches|x", "watches|1|2", "everything|0", "|0", "watches|99999999999"} {
		if of, offset, ok := blocks.ReadHomeRef(value); ok {
			t.Errorf("%q is read as %s, %d", value, of, offset)
		}
	}
}

// What needs somebody first stands first.
func TestOrderOfHome(t *testing.T) {
	text := read(t, atHome(leadsHome()))
	if missing := inOrder(text, "Who can't log in?", "*Waiting for you*", "*Delete and re-invite*", "*Unlock all*", "for 34 customers of an incident",
		"*resolution overdue*", "*Your open cases*", "*Your secrets*", "*Your temporary admins*", "*Callers verified*", "*You are waiting for*",
		"*The queue, most urgent first*", "*Today's numbers*", "*Incidents*", "*Your last diagnoses*", "What Latchkey can do"); missing != "" {
		t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
	}
}

// A day of incidents isn't called quiet, also when nobody was locked out.
func TestHomeOfAnIncidentIsNotQuiet(t *testing.T) {
	h, quiet := leadsHome(), quietDay()
	h.Today, h.Desk = &quiet, escalation.Numbers{}
	if text := read(t, atHome(h)); !strings.Contains(text, "Enjoy the quiet!") {
		t.Errorf("nothing happened, and it says:\n%s", text)
	}
	quiet.Incidents = tuesday().Incidents
	h.Incidents = quiet.Incidents
	if text := read(t, atHome(h)); strings.Contains(text, "Enjoy the quiet!") || !strings.Contains(text, "Nobody was locked out") {
		t.Errorf("there is an incident, and it says:\n%s", text)
	}
}

// A late case stands among what waits, and nowhere else.
func TestLateCaseStandsOnHomeOnce(t *testing.T) {
	text := read(t, atHome(agentsHome()))
	if n := strings.Count(text, "*resolution overdue*"); n != 1 {
		t.Errorf("it is said %d times in:\n%s", n, text)
	}
}

// That no case is late is said only when it holds for those that aren't shown, too.
func TestLateCasesThatAreNotShown(t *testing.T) {
	h := agentsHome()
	h.Cases = escalation.Part{Cases: someCases(3, escalation.Claimed), More: 7}
	if text := read(t, atHome(h)); !strings.Contains(text, "no case of yours is late") || strings.Contains(text, "Cases of yours that are late") {
		t.Errorf("none is late:\n%s", text)
	}
	h.Cases.MoreLate = 3
	text := read(t, atHome(h))
	if strings.Contains(text, "no case of yours is late") {
		t.Errorf("three are late:\n%s", text)
	}
	if missing := inOrder(text, "*Cases of yours that are late*", "3 more", "*Your open cases*", "4 more"); missing != "" {
		t.Errorf("%q isn't there in:\n%s", missing, text)
	}
}

// Without today's numbers the rest of a lead's Home is there, and says so.
func TestHomeWithoutNumbers(t *testing.T) {
	h := leadsHome()
	h.Today, h.Incidents, h.Desk, h.Uncounted = nil, nil, escalation.Numbers{}, true
	text := read(t, atHome(h))
	if missing := inOrder(text, "*Waiting for you*", "*The queue, most urgent first*", "*Today's numbers*", "Today's numbers couldn't be counted just now.", "*Your last diagnoses*"); missing != "" {
		t.Errorf("%q isn't there in:\n%s", missing, text)
	}
}

// An approval leads to its card, on Home and on the list.
func TestApprovalsLeadToTheirCards(t *testing.T) {
	h := leadsHome()
	h.Approvals = h.Approvals[:1]
	link := map[string]string{h.Approvals[0].Approval.ID: "https://acme.slack.example/archives/D0LEA/p42"}
	page := actions.HomePage{Part: actions.HomeApprovals, Total: 1, Approvals: h.Approvals, Now: h.Now}
	const want = "<https://acme.slack.example/archives/D0LEA/p42|Open the card>"
	h.Links = link
	for name, message := range map[string]blocks.Message{"Home": atHome(h), "the list": blocks.HomeList(page, link)} {
		if text := read(t, message); strings.Count(text, want) != 1 {
			t.Errorf("%s doesn't lead to it:\n%s", name, text)
		}
	}
}

// Clocks say until when, and how long that still is.
func TestClocksOnHome(t *testing.T) {
	at := func(d time.Duration, clock string) string {
		h := blocks.HomeView{Now: now, Zone: melbourne, Secrets: agentsHome().Secrets}
		h.Secrets[0].Secret.ExpiresAt = now.Add(d)
		text := read(t, atHome(h))
		_, after, _ := strings.Cut(text, "until <!date^")
		_, after, _ = strings.Cut(after, clock)
		line, _, _ := strings.Cut(after, "\n")
		return line
	}
	for d, want := range map[time.Duration]string{ // it is 20:52 in Melbourne
		2 * time.Hour:                    "|11:52 UTC>, 2 h left",
		119*time.Minute + 40*time.Second: "|11:51 UTC>, 2 h left",
		119 * time.Minute:                "|11:51 UTC>, 1 h 59 min left",
		24 * time.Minute:                 "|10:16 UTC>, 24 minutes left",
		10 * time.Second:                 "|09:52 UTC>, 1 minute left",
		0:                                "|09:52 UTC>, over now",
	} {
		if got := at(d, "^{time}"); got != want {
			t.Errorf("in %s: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{
		4 * time.Hour:                 "|2026-03-14 13:52 UTC>, 4 h left",
		26 * time.Hour:                "|2026-03-15 11:52 UTC>, 26 h left",
		72*time.Hour - 20*time.Second: "|2026-03-17 09:51 UTC>, 3 days left",
	} {
		if got := at(d, "^{date_short_pretty} {time}"); got != want {
			t.Errorf("in %s: %q, want %q", d, got, want)
		}
	}
}

// Who may not press something has no button for it.
func TestQuickActions(t *testing.T) {
	for name, c := range map[string]struct {
		roles actions.Roles
		want  []string
	}{
		"nobody": {0, []string{"diagnose_somebody -"}},
		"agent":  {actions.RolesOf(actions.RoleAgent), []string{"diagnose_somebody -", "home_secret -", "home_request -", "home_escalate -", "temp_admin_list -"}},
	} {
		if got := buttons(t, atHome(blocks.HomeView{Viewer: c.roles})); !slices.Equal(got, c.want) {
			t.Errorf("%s has %q, want %q", name, got, c.want)
		}
	}
}

// Who has no case has none to hand over.
func TestHandOverIsForWhoHasCases(t *testing.T) {
	h := agentsHome()
	if got := buttons(t, atHome(h)); !slices.Contains(got, "hand_shift -") {
		t.Errorf("the buttons are %q", got)
	}
	h.Cases = escalation.Part{}
	if got := buttons(t, atHome(h)); slices.Contains(got, "hand_shift -") {
		t.Errorf("the buttons are %q", got)
	}
}

// Ten thousand of everything: each part has something, says how much more there is, and leads
// there; nothing is cut at the end but the help.
func TestHomeOfTenThousand(t *testing.T) {
	t.Parallel()
	h := crowdedHome()
	h.Help = blocks.Message{}
	message := atHome(h)
	withinBlocks(t, message, 100)
	text := read(t, message)
	if strings.Contains(text, "left out") {
		t.Errorf("something is left out:\n%s", text)
	}
	titles := []string{"*Waiting for you*", "*Your open cases*", "*Your secrets*", "*Your temporary admins*", "*Callers verified*", "*You are waiting for*",
		"*The queue, most urgent first*", "*Today's numbers*", "*Incidents*", "*Your last diagnoses*"}
	for i, title := range titles {
		_, part, _ := strings.Cut(text, title)
		if i+1 < len(titles) {
			part, _, _ = strings.Cut(part, titles[i+1])
		}
		if part == "" || !strings.Contains(part, " more") || strings.Count(part, "\n") < 2 {
			t.Errorf("%s has nothing, or doesn't say that there is more:\n%s", title, part)
		}
	}
	got := buttons(t, message)
	for _, want := range []string{"case_list -", "hand_shift -", "secret_list -", "temp_admin_list -", "temp_admin_list mine|0", "home_list approvals|0", "home_list verified|0", "home_list watches|0", "lockout_list 2026-03-10+1||incidents|0", "diagnose u-1", "incident_people incident-0|0", "lockout_list 2026-03-10+1||customers|0"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q isn't among the buttons %q", want, got)
		}
	}
}
