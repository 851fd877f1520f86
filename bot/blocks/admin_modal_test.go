package blocks_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// choices are the texts that can be chosen in an input, and the chosen one's value.
func choices(t *testing.T, view slack.ModalViewRequest, id string) (texts []string, chosen string) {
	t.Helper()
	_, byID := inputs(t, view)
	element := byID[id].object("element")
	for _, option := range element.list("options") {
		texts = append(texts, option.object("text").string("text"))
	}
	return texts, element.object("initial_option").string("value")
}

func hintOf(t *testing.T, view slack.ModalViewRequest, id string) string {
	t.Helper()
	_, byID := inputs(t, view)
	return byID[id].object("hint").string("text")
}

// Slack asks only for the reason; what else is missing is said beside its field.
func TestAdminModalsAskFor(t *testing.T) {
	form := adminForm(false)
	for name, row := range map[string]struct {
		view     slack.ModalViewRequest
		id       string
		metadata string
		want     string
	}{
		"Create":  {blocks.CreateAdminModal(form, blocks.NewAdminForm{Channel: "C0SUPPORT"}), "temp_admin_modal", "C0SUPPORT", "target receiver days reason ticket"},
		"Ask":     {blocks.AskAdminModal(form, blocks.AskAdminForm{Channel: "C0SUPPORT"}), "ask_temp_admin_modal", "C0SUPPORT", "for where days reason ticket"},
		"Extend":  {blocks.AdminDaysModal(actions.ActExtendAdmin, managed(actions.AdminInUse), form, ""), "extend_temp_admin_modal", "a-1", "days reason"},
		"Adopt":   {blocks.AdminDaysModal(actions.ActAdoptAdmin, managed(actions.AdminStray), form, ""), "adopt_temp_admin_modal", "a-1", "days reason ticket"},
		"Revoke":  {blocks.AdminReasonModal(actions.ActRevokeAdmin, managed(actions.AdminInUse)), "revoke_temp_admin_modal", "a-1", "reason"},
		"Removed": {blocks.AdminReasonModal(actions.ActAdminRemoved, customers(actions.AdminEnding)), "temp_admin_removed_modal", "a-2", "reason"},
	} {
		t.Run(name, func(t *testing.T) {
			ids, byID := inputs(t, row.view)
			if strings.Join(ids, " ") != row.want || row.view.CallbackID != row.id || row.view.PrivateMetadata != row.metadata {
				t.Errorf("%s with %q asks for %q", row.view.CallbackID, row.view.PrivateMetadata, ids)
			}
			for id, block := range byID {
				if optional := block["optional"] == true; optional == (id == blocks.ReasonInput) {
					t.Errorf("%s is optional: %t", id, optional)
				}
			}
			if label := byID[blocks.ReasonInput].object("label").string("text"); label != "Reason" {
				t.Errorf("the reason is called %q", label)
			}
		})
	}
}

// A lifetime is one of those that the rule allows, the usual one chosen, and a weekend is
// explained in a sentence (RULES S3.4).
func TestAdminLifetimes(t *testing.T) {
	const weekend = "On a Friday after 17:00 and on a weekend it is at least 3 days"
	odd := adminForm(false)
	odd.Least, odd.Most, odd.Usual = 9, 12, -4
	dateless := adminForm(false)
	dateless.Now, dateless.Zone = time.Time{}, nil
	for name, row := range map[string]struct {
		form        actions.AdminForm
		days        int
		first, last string
		options     int
		chosen      string
		weekend     bool
	}{
		"Week":     {adminForm(false), 0, "1 day", "7 days (until Sat 21 Mar)", 7, "1", false},
		"Weekend":  {adminForm(true), 0, "3 days (until Tue 17 Mar)", "7 days (until Sat 21 Mar)", 5, "3", true},
		"Chosen":   {adminForm(true), 5, "3 days (until Tue 17 Mar)", "7 days (until Sat 21 Mar)", 5, "5", true},
		"TooShort": {adminForm(true), 1, "3 days (until Tue 17 Mar)", "7 days (until Sat 21 Mar)", 5, "3", true},
		"Dateless": {dateless, 2, "1 day", "7 days", 7, "2", false},
		"Odd":      {odd, 0, "7 days (until Sat 21 Mar)", "7 days (until Sat 21 Mar)", 1, "7", false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, view := range []slack.ModalViewRequest{
				blocks.CreateAdminModal(row.form, blocks.NewAdminForm{Days: row.days}), blocks.AskAdminModal(row.form, blocks.AskAdminForm{Days: row.days}),
			} {
				texts, chosen := choices(t, view, blocks.DaysInput)
				if len(texts) != row.options || texts[0] != row.first || texts[len(texts)-1] != row.last || chosen != row.chosen {
					t.Errorf("to choose from are %q, chosen is %q", texts, chosen)
				}
				if said := strings.Contains(hintOf(t, view, blocks.DaysInput), weekend); said != row.weekend {
					t.Errorf("the weekend is explained: %t", said)
				}
			}
		})
	}
}

// The day that a lifetime ends on is the team's, not that of UTC.
func TestAdminLifetimeInTheTeamsZone(t *testing.T) {
	form := adminForm(false)
	form.Now = time.Date(2026, 3, 14, 13, 30, 0, 0, time.UTC) // Sunday already in Melbourne
	if texts, _ := choices(t, blocks.CreateAdminModal(form, blocks.NewAdminForm{}), blocks.DaysInput); texts[1] != "2 days (until Tue 17 Mar)" {
		t.Errorf("to choose from are %q", texts)
	}
}

// One can only be extended to a later end, even on a weekend, and never beyond 7 days.
func TestAdminIsExtendedLater(t *testing.T) {
	for name, row := range map[string]struct {
		left   time.Duration
		first  string
		chosen string
	}{
		"AnHour": {time.Hour, "1 day", "3"}, "ADay": {day, "2 days (until Mon 16 Mar)", "3"}, "FiveDays": {5*day + time.Hour, "6 days (until Fri 20 Mar)", "6"}, "AWeek": {7 * day, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := managed(actions.AdminInUse)
			r.Admin.ExpiresAt = now.Add(row.left)
			view := blocks.AdminDaysModal(actions.ActExtendAdmin, r, adminForm(true), "still <broken>")
			fineModal(t, view)
			texts, chosen := choices(t, view, blocks.DaysInput)
			if row.first == "" {
				if texts != nil || view.Submit != nil {
					t.Errorf("to choose from are %q", texts)
				}
				return
			}
			if texts[0] != row.first || texts[len(texts)-1] != "7 days (until Sat 21 Mar)" || chosen != row.chosen {
				t.Errorf("to choose from are %q, chosen is %q", texts, chosen)
			}
			if got := standing(t, view)[blocks.ReasonInput]; got != "still <broken>" {
				t.Errorf("the reason is %q", got)
			}
		})
	}
}

// What was filled in comes back, and nothing else is read.
func TestAdminModalsAreReadBack(t *testing.T) {
	create := blocks.NewAdminForm{Target: "t-2", Receiver: "U0BEN", Reason: "the shop", Ticket: "#4711", Channel: "C0SUPPORT", Days: 3}
	view := blocks.CreateAdminModal(adminForm(true), create)
	typed := standing(t, view)
	_, byID := inputs(t, view)
	typed[blocks.ReceiverInput] = byID[blocks.ReceiverInput].object("element").string("initial_user")
	if got, err := blocks.ReadCreateAdminModal(view.PrivateMetadata, typed); got != create || err != nil {
		t.Errorf("it is read as %+v, %v", got, err)
	}
	ask := blocks.AskAdminForm{For: "jane@acme.example", Where: "https://jane.example", Reason: "the shop", Ticket: "#4711", Channel: "C0SUPPORT", Days: 7}
	view = blocks.AskAdminModal(adminForm(true), ask)
	if got, err := blocks.ReadAskAdminModal(view.PrivateMetadata, standing(t, view)); got != ask || err != nil {
		t.Errorf("it is read as %+v, %v", got, err)
	}
	for _, days := range []string{"x", "0", "-1", "8", "1.5", "99999999999999999999"} {
		wrong := map[string]string{blocks.DaysInput: days}
		_, created := blocks.ReadCreateAdminModal("C0SUPPORT", wrong)
		_, asked := blocks.ReadAskAdminModal("C0SUPPORT", wrong)
		if actions.CodeOf(created) != actions.Invalid || actions.CodeOf(asked) != actions.Invalid {
			t.Errorf("%s days are read: %v, %v", days, created, asked)
		}
	}
	if got, err := blocks.ReadCreateAdminModal("", nil); got != (blocks.NewAdminForm{}) || err != nil {
		t.Errorf("nothing is read as %+v, %v", got, err)
	}
}

// As long as a menu has room, a site is chosen; with more of them its name is typed.
func TestManyTargets(t *testing.T) {
	hostile := manyTargets(3, "a")
	hostile[1].ID, hostile[2].Name = strings.Repeat("i", 151), " "
	for name, row := range map[string]struct {
		targets []actions.Target
		menu    bool
	}{
		"Fifty":       {manyTargets(50, "Acme shop in the quiet street of a rather small town"), true},
		"FiftyQuoted": {manyTargets(50, strings.Repeat(`"`, 30)), true},
		"Hundred":     {manyTargets(101, "Acme"), false},
		"Thousands":   {manyTargets(5_000, "Acme"), false},
		"NotAnOption": {hostile, false},
	} {
		t.Run(name, func(t *testing.T) {
			view := blocks.CreateAdminModal(
				actions.AdminForm{Targets: row.targets, Least: 1, Most: 7, Usual: 1, Now: now}, blocks.NewAdminForm{Target: row.targets[0].ID, Reason: strings.Repeat("w", 500)})
			fineModal(t, view)
			texts, chosen := choices(t, view, blocks.TargetInput)
			if (len(texts) == len(row.targets)) != row.menu || (chosen == row.targets[0].ID) != row.menu {
				t.Errorf("%d can be chosen, and %q is", len(texts), chosen)
			}
			if typed := standing(t, view)[blocks.TargetInput]; !row.menu && typed != row.targets[0].Name {
				t.Errorf("typed is %q", typed)
			}
			if hint := hintOf(t, view, blocks.TargetInput); !row.menu && !strings.Contains(hint, strconv.Itoa(len(row.targets))+" sites") {
				t.Errorf("the hint is %q", hint)
			}
		})
	}
}

// Who gets in is chosen already only if Slack knows such a person.
func TestReceiverIsChosenAlready(t *testing.T) {
	for id, want := range map[string]string{"U0BEN": "U0BEN", "": "", "terminal:ann": "", "<@U0BEN>": ""} {
		_, byID := inputs(t, blocks.CreateAdminModal(adminForm(false), blocks.NewAdminForm{Receiver: id}))
		if got := byID[blocks.ReceiverInput].object("element").string("initial_user"); got != want {
			t.Errorf("%q: chosen is %q", id, got)
		}
	}
}

// Nothing is asked for that can't be had.
func TestAdminModalsWithNothingToAsk(t *testing.T) {
	for want, view := range map[string]slack.ModalViewRequest{
		"Latchkey manages no site yet": blocks.CreateAdminModal(actions.AdminForm{CanMail: true}, blocks.NewAdminForm{}),
		"no customer can be asked":     blocks.AskAdminModal(actions.AdminForm{}, blocks.AskAdminForm{}),
	} {
		message := blocks.Message{Text: "x", Blocks: view.Blocks.BlockSet}
		if ids, _ := inputs(t, view); ids != nil || view.Submit != nil || !strings.Contains(read(t, message), want) {
			t.Errorf("it asks for %q and says\n%s", ids, read(t, message))
		}
	}
}

// A form says what will happen before it asks why.
func TestAdminReasonSaysWhatHappens(t *testing.T) {
	for want, r := range map[string]actions.AdminReport{
		"It is deleted on the site at once": managed(actions.AdminInUse), "Nothing is made then": managed(actions.AdminAsked),
		"The link in the customer's mail ends": customers(actions.AdminAsked), "The customer gets a mail with the steps": customers(actions.AdminInUse),
	} {
		view := blocks.AdminReasonModal(actions.ActRevokeAdmin, r)
		all := []string{read(t, blocks.Message{Text: "x", Blocks: view.Blocks.BlockSet})}
		if !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("%q isn't in %q", want, all)
		}
	}
}
