package records

import (
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// The years in which an attempt may lie.
const (
	firstYear = 1970
	lastYear  = 2100
)

var attemptFields = fields[actions.Attempt]{
	must(within(moment("at", attemptAt), firstYear, lastYear, attemptAt)),
	identifier(),
	must(oneOf("outcome", func(a *actions.Attempt) *actions.Outcome { return &a.Outcome }, actions.Outcomes...)),
	id("id", func(a *actions.Attempt) *string { return &a.ID }),
	id("user_id", func(a *actions.Attempt) *string { return &a.UserID }),
	text("ip", func(a *actions.Attempt) *string { return &a.IP }),
	text("country", func(a *actions.Attempt) *string { return &a.Country }),
	textOrNumber("asn", func(a *actions.Attempt) *string { return &a.ASN }),
	id("device_id", func(a *actions.Attempt) *string { return &a.DeviceID }),
	text("user_agent", func(a *actions.Attempt) *string { return &a.UserAgent }),
	flag("vpn", func(a *actions.Attempt) *bool { return &a.VPN }),
	text("resource", func(a *actions.Attempt) *string { return &a.Resource }),
}

func attemptAt(a *actions.Attempt) *time.Time { return &a.At }

// identifier is required, but a customer may well have typed nothing.
func identifier() field[actions.Attempt] {
	f := text("identifier", func(a *actions.Attempt) *string { return &a.Identifier })
	f.required = true
	return f
}

var codeFields = fields[actions.LoginCode]{
	must(id("id", func(c *actions.LoginCode) *string { return &c.ID })),
	must(id("user_id", func(c *actions.LoginCode) *string { return &c.UserID })),
	must(oneOf("channel", func(c *actions.LoginCode) *actions.Channel { return &c.Channel }, actions.ChannelEmail, actions.ChannelSMS)),
	must(moment("sent_at", func(c *actions.LoginCode) *time.Time { return &c.SentAt })),
	text("address", func(c *actions.LoginCode) *string { return &c.Address }),
	moment("expires_at", func(c *actions.LoginCode) *time.Time { return &c.ExpiresAt }),
	moment("used_at", func(c *actions.LoginCode) *time.Time { return &c.UsedAt }),
}

var deliveryFields = fields[actions.Delivery]{
	must(id("id", func(d *actions.Delivery) *string { return &d.ID })),
	must(id("address", func(d *actions.Delivery) *string { return &d.Address })),
	must(oneOf("kind", func(d *actions.Delivery) *actions.DeliveryKind { return &d.Kind },
		actions.DeliveryPasswordReset, actions.DeliveryUsername, actions.DeliveryLoginLink, actions.DeliveryCode, actions.DeliveryNotice)),
	must(oneOf("status", func(d *actions.Delivery) *actions.DeliveryStatus { return &d.Status },
		actions.Queued, actions.Sent, actions.Delivered, actions.Opened, actions.Deferred,
		actions.Bounced, actions.Complained, actions.Suppressed, actions.Failed)),
	must(moment("at", func(d *actions.Delivery) *time.Time { return &d.At })),
	id("user_id", func(d *actions.Delivery) *string { return &d.UserID }),
	text("detail", func(d *actions.Delivery) *string { return &d.Detail }),
}

var resetLinkFields = fields[actions.ResetLink]{
	must(id("id", func(r *actions.ResetLink) *string { return &r.ID })),
	must(id("user_id", func(r *actions.ResetLink) *string { return &r.UserID })),
	must(moment("sent_at", func(r *actions.ResetLink) *time.Time { return &r.SentAt })),
	must(moment("expires_at", func(r *actions.ResetLink) *time.Time { return &r.ExpiresAt })),
	moment("used_at", func(r *actions.ResetLink) *time.Time { return &r.UsedAt }),
	text("used_ip", func(r *actions.ResetLink) *string { return &r.UsedIP }),
}

var suppressionFields = fields[actions.Suppression]{
	must(id("address", func(s *actions.Suppression) *string { return &s.Address })),
	must(oneOf("list", func(s *actions.Suppression) *actions.SuppressionList { return &s.List },
		actions.ListBounce, actions.ListComplaint, actions.ListUnsubscribe, actions.ListBlock, actions.ListGlobal)),
	must(moment("since", func(s *actions.Suppression) *time.Time { return &s.Since })),
	text("reason", func(s *actions.Suppression) *string { return &s.Reason }),
}
