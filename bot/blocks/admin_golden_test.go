package blocks_test

import (
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

func TestGoldenOfAdmins(t *testing.T) {
	made, gone := managed(actions.AdminInUse), managed(actions.AdminInUse)
	made.Handout, gone.Handout = actions.HandoutMade, actions.HandoutGone
	unsure := managed(actions.AdminEnding)
	unsure.Admin.End, unsure.Admin.UnsureUntil = actions.AdminFailed, now.Add(8*time.Minute)
	directory := managed(actions.AdminInUse)
	directory.Target = actions.Target{ID: "t-3", Name: "Own desk", Kind: actions.TargetDirectory, Account: "a-77"}
	for name, message := range map[string]blocks.Message{
		"admin_asked":        blocks.Admin(waiting(actions.ActTempAdmin, actions.AdminAsked), "U0AGENT"),
		"admin_made":         blocks.Admin(managed(actions.AdminAsked), "U0AGENT"),
		"admin_in_use":       blocks.Admin(managed(actions.AdminInUse), "U0AGENT"),
		"admin_receiver":     blocks.Admin(managed(actions.AdminInUse), "U0BEN"),
		"admin_handed_out":   blocks.Admin(made, "U0BEN"),
		"admin_too_late":     blocks.Admin(gone, "U0BEN"),
		"admin_directory":    blocks.Admin(directory, "U0BEN"),
		"admin_extended":     blocks.Admin(waiting(actions.ActExtendAdmin, actions.AdminInUse), "U0BEN"),
		"admin_ending":       blocks.Admin(managed(actions.AdminEnding), "U0AGENT"),
		"admin_unsure":       blocks.Admin(unsure, "U0AGENT"),
		"admin_trouble":      blocks.Admin(stuck(), "U0AGENT"),
		"admin_gone":         blocks.Admin(managed(actions.AdminGone), "U0AGENT"),
		"admin_refused":      blocks.Admin(managed(actions.AdminRefused), "U0AGENT"),
		"admin_stray":        blocks.Admin(managed(actions.AdminStray), "U0AGENT"),
		"admin_back":         blocks.Admin(back(), "U0AGENT"),
		"admin_secret":       blocks.Secret(passwordOf(actions.SecretLive)),
		"admin_secret_lost":  blocks.Secret(passwordOf(actions.SecretLocked)),
		"admin_adopting":     blocks.Admin(waiting(actions.ActAdoptAdmin, actions.AdminStray), "U0AGENT"),
		"admin_list":         blocks.Admins(adminList()),
		"admin_list_none":    blocks.Admins(actions.AdminList{}),
		"admin_leads":        blocks.AdminForLeads(stuck()),
		"admin_leads_stray":  blocks.AdminForLeads(managed(actions.AdminStray)),
		"admin_leads_gone":   blocks.AdminForLeads(managed(actions.AdminGone)),
		"admin_approval":     blocks.Approval(orders(actions.ActTempAdmin, actions.OperationAsked, managed(actions.AdminAsked))),
		"admin_approved":     blocks.Approval(orders(actions.ActTempAdmin, actions.OperationDone, managed(actions.AdminInUse))),
		"admin_extension":    blocks.Approval(orders(actions.ActExtendAdmin, actions.OperationAsked, managed(actions.AdminInUse))),
		"admin_operation":    blocks.Operation(orders(actions.ActTempAdmin, actions.OperationAsked, managed(actions.AdminAsked))),
		"admin_done":         blocks.Operation(orders(actions.ActTempAdmin, actions.OperationDone, managed(actions.AdminInUse))),
		"admin_failed":       blocks.Operation(orders(actions.ActTempAdmin, actions.OperationFailed, managed(actions.AdminEnding))),
		"admin_operation_in": blocks.OperationLine(orders(actions.ActAdoptAdmin, actions.OperationDone, managed(actions.AdminInUse))),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfCustomersAdmins(t *testing.T) {
	for name, message := range map[string]blocks.Message{
		"admin_customer_asked":    blocks.Admin(customers(actions.AdminAsked), "U0AGENT"),
		"admin_customer_received": blocks.Admin(customers(actions.AdminReceived), "U0AGENT"),
		"admin_customer_in_use":   blocks.Admin(customers(actions.AdminInUse), "U0AGENT"),
		"admin_customer_ending":   blocks.Admin(customers(actions.AdminEnding), "U0AGENT"),
		"admin_customer_unasked":  blocks.Admin(undelivered(customers(actions.AdminEnding)), "U0AGENT"),
		"admin_customer_gone":     blocks.Admin(customers(actions.AdminGone), "U0AGENT"),
		"admin_customer_refused":  blocks.Admin(undelivered(customers(actions.AdminRefused)), "U0AGENT"),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfAdminNews(t *testing.T) {
	hour := managed(actions.AdminInUse)
	hour.Admin.ExpiresAt = now.Add(59 * time.Minute)
	for name, message := range map[string]blocks.Message{
		"admin_news_received":     blocks.AdminNews(customers(actions.AdminReceived), actions.NewsReceived, "U0AGENT"),
		"admin_news_day":          blocks.AdminNews(managed(actions.AdminInUse), actions.NewsDay, "U0AGENT"),
		"admin_news_day_customer": blocks.AdminNews(customers(actions.AdminInUse), actions.NewsDay, "U0AGENT"),
		"admin_news_hour":         blocks.AdminNews(hour, actions.NewsHour, "U0AGENT"),
		"admin_news_trouble":      blocks.AdminNews(stuck(), actions.NewsTrouble, "U0AGENT"),
		"admin_news_gone":         blocks.AdminNews(managed(actions.AdminGone), actions.NewsGone, "U0AGENT"),
		"admin_news_asked":        blocks.AdminNews(customers(actions.AdminEnding), actions.NewsAsked, "U0AGENT"),
		"admin_news_unsent":       blocks.AdminNews(undelivered(customers(actions.AdminRefused)), actions.NewsUnsent, "U0AGENT"),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, message) })
	}
}

func TestGoldenOfAdminModals(t *testing.T) {
	for name, view := range map[string]slack.ModalViewRequest{
		"modal_admin": blocks.CreateAdminModal(adminForm(false), blocks.NewAdminForm{Receiver: "U0AGENT", Channel: "C0SUPPORT"}),
		"modal_admin_weekend": blocks.CreateAdminModal(adminForm(true), blocks.NewAdminForm{
			Target: "t-2", Receiver: "U0BEN", Reason: "The checkout fails there only", Ticket: "#4711", Channel: "D0AGENT", Days: 4,
		}),
		"modal_admin_nowhere": blocks.CreateAdminModal(actions.AdminForm{}, blocks.NewAdminForm{}),
		"modal_admin_ask": blocks.AskAdminModal(adminForm(true), blocks.AskAdminForm{
			For: "jane@acme.example", Where: "https://jane.example", Reason: "The error shows only there", Ticket: "#4711", Channel: "C0SUPPORT",
		}),
		"modal_admin_unmailed": blocks.AskAdminModal(actions.AdminForm{}, blocks.AskAdminForm{}),
		"modal_admin_extend":   blocks.AdminDaysModal(actions.ActExtendAdmin, managed(actions.AdminInUse), adminForm(true), "still broken"),
		"modal_admin_adopt":    blocks.AdminDaysModal(actions.ActAdoptAdmin, managed(actions.AdminStray), adminForm(true), ""),
		"modal_admin_revoke":   blocks.AdminReasonModal(actions.ActRevokeAdmin, managed(actions.AdminInUse)),
		"modal_admin_removed":  blocks.AdminReasonModal(actions.ActAdminRemoved, customers(actions.AdminEnding)),
	} {
		t.Run(name, func(t *testing.T) {
			goldenJSON(t, name, view)
			fineModal(t, view)
		})
	}
}
