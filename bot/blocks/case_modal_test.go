package blocks_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// What the forms ask for comes back as it was, with nothing of the customer's in what
// they carry.
func TestEscalateFormIsReadBack(t *testing.T) {
	form := blocks.EscalateForm{UserID: "u-1", Channel: "C0SUPPORT", Thread: "1773481920.000100"}
	view := blocks.EscalateModal(escalating(), form)
	typed := map[string]string{
		"kind": "delivery", "priority": "urgent", "gateway": " GW-1002 ", "reason": " why ", "ticket": "#4712", "address": " new@acme.example ",
	}
	got, err := blocks.ReadEscalateModal(view.PrivateMetadata, typed)
	want := form
	want.Kind, want.Priority, want.Gateway, want.Reason, want.Ticket, want.Address = escalation.Delivery, escalation.Urgent, "GW-1002", "why", "#4712", "new@acme.example"
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	whom := blocks.EscalateWhomModal(blocks.EscalateForm{Channel: "C0SUPPORT"})
	got, err = blocks.ReadEscalateModal(whom.PrivateMetadata, map[string]string{"whom": "jane.doe", "kind": "account"})
	if diff := cmp.Diff(blocks.EscalateForm{Channel: "C0SUPPORT", Address: "jane.doe", Kind: escalation.Account}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, wrong := range []string{"", "u-1", " - -", "-  u-1"} {
		if got, err := blocks.ReadEscalateModal(wrong, nil); err == nil {
			t.Errorf("%q is read as %+v", wrong, got)
		}
	}
	stranger := blocks.EscalateModal(typedAddress(), blocks.EscalateForm{Address: "new@acme.example"})
	if stranger.PrivateMetadata != "- -" {
		t.Errorf("the form of an address carries %q", stranger.PrivateMetadata)
	}
}

// The ID of a user may be any text, and stays what it is.
func TestEscalateFormKeepsAnyUserID(t *testing.T) {
	for _, id := range []string{"", "-", "two words", " - ", "u-1 C0SUPPORT 1773481920.000100", "tab\tand\nline", strings.Repeat("ü", 256), strings.Repeat("x", 512)} {
		for _, place := range [][2]string{{"", ""}, {"C0SUPPORT", ""}, {"C0SUPPORT", "1773481920.000100"}} {
			want := blocks.EscalateForm{UserID: id, Channel: place[0], Thread: place[1]}
			for _, view := range []slack.ModalViewRequest{blocks.EscalateModal(typedAddress(), want), blocks.EscalateWhomModal(want)} {
				got, err := blocks.ReadEscalateModal(view.PrivateMetadata, nil)
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%s: %v (-want +got):\n%s", view.CallbackID, err, diff)
				}
			}
		}
	}
}

// Slack itself asks only for what is labelled Reason; all else is checked beside its
// field.
func TestCaseFormsRequireReasonAlone(t *testing.T) {
	r := escalated(escalation.WaitingAgent)
	views := append(caseModals(r), blocks.EscalateModal(typedAddress(), blocks.EscalateForm{}), blocks.EscalateModal(escalating(), blocks.EscalateForm{}),
		blocks.EscalateWhomModal(blocks.EscalateForm{}))
	for _, view := range views {
		_, byID := inputs(t, view)
		for id, input := range byID {
			label := input.object("label").string("text")
			if required := input["optional"] != true; required != (label == "Reason") || (id == blocks.ReasonInput) != (label == "Reason") || (id == blocks.TicketInput) != (label == "Ticket") {
				t.Errorf("%s: %s is labelled %q, and required: %t", view.CallbackID, id, label, required)
			}
		}
	}
}

// The forms ask for what their case needs.
func TestCaseFormsAskForWhatIsMissing(t *testing.T) {
	usual := []string{"kind", "gateway", "priority", "reason", "ticket"}
	for name, row := range map[string]struct {
		view slack.ModalViewRequest
		want []string
	}{
		"User":      {blocks.EscalateModal(escalating(), blocks.EscalateForm{}), usual},
		"Address":   {blocks.EscalateModal(typedAddress(), blocks.EscalateForm{}), slices.Insert(slices.Clone(usual), 1, "address")},
		"Premature": {blocks.EscalateModal(premature(), blocks.EscalateForm{}), nil},
		"Whom":      {blocks.EscalateWhomModal(blocks.EscalateForm{}), slices.Insert(slices.Clone(usual), 1, "whom")},
		"Ask":       {blocks.AskModal(escalated(escalation.Claimed)), []string{"question", "customer"}},
		"Reply":     {blocks.ReplyModal(escalated(escalation.Claimed)), []string{"reason", "customer"}},
		"Waiting":   {blocks.ReplyModal(escalated(escalation.WaitingCustomer)), []string{"reason", "customer"}},
		"Unclaimed": {blocks.ReplyModal(escalated(escalation.Open)), []string{"reason"}},
		"Resolve":   {blocks.ResolveModal(escalated(escalation.Claimed)), []string{"outcome", "reason"}},
		"Other":     {blocks.ResolveModal(anotherKind(escalation.Other)), []string{"reason"}},
		"HandOver":  {blocks.CaseHandOverModal(escalated(escalation.Claimed)), []string{"colleague"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, _ := inputs(t, row.view); !slices.Equal(got, row.want) {
				t.Errorf("it asks for %q, want %q", got, row.want)
			}
		})
	}
	view := blocks.EscalateModal(premature(), blocks.EscalateForm{})
	if got := pressed(t, view); !slices.Equal(got, []string{"unlock u-1"}) || view.Submit != nil {
		t.Errorf("too early there are %q, and something to submit: %t", got, view.Submit != nil)
	}
	if joins := blocks.EscalateModal(joining(), blocks.EscalateForm{}); joins.Submit.Text != "Join" {
		t.Errorf("it submits by %q", joins.Submit.Text)
	}
}

// What is known already is chosen, and nothing else is.
func TestCaseFormsAreFilledIn(t *testing.T) {
	many := escalating()
	for range 20 {
		many.Gateways = append(many.Gateways, escalation.Gateway{ID: "GW-2" + strings.Repeat("0", len(many.Gateways))})
	}
	one := blocks.EscalateForm{Gateway: "GW-1002", Priority: escalation.Urgent}
	for name, row := range map[string]struct {
		view slack.ModalViewRequest
		want map[string]string
	}{
		"Usual":   {blocks.EscalateModal(escalating(), blocks.EscalateForm{}), map[string]string{"kind": "blocklist", "priority": "normal", "gateway": ""}},
		"Chosen":  {blocks.EscalateModal(escalating(), one), map[string]string{"kind": "blocklist", "priority": "urgent", "gateway": "GW-1002"}},
		"Single":  {blocks.EscalateModal(joining(), blocks.EscalateForm{}), map[string]string{"gateway": "GW-1001"}},
		"Many":    {blocks.EscalateModal(many, one), map[string]string{"gateway": "GW-1002"}},
		"Unknown": {blocks.EscalateModal(escalating(), blocks.EscalateForm{Kind: "strange", Gateway: "GW-9"}), map[string]string{"kind": "", "gateway": ""}},
		"Outcome": {blocks.ResolveModal(escalated(escalation.Claimed)), map[string]string{"outcome": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			fineModal(t, row.view)
			_, byID := inputs(t, row.view)
			got := map[string]string{}
			for id := range row.want {
				got[id] = byID[id].object("element").object("initial_option").string("value")
			}
			if !maps.Equal(got, row.want) {
				t.Errorf("chosen are %q, want %q", got, row.want)
			}
		})
	}
}
