package store

import (
	"context"

	"github.com/latchkey-bot/latchkey/actions"
)

// unname takes what names somebody who was forgotten out of records about others: a field
// that is a name or an address of theirs, or has it in it; and in longer texts what reads as
// an address, a number, an ID, a full name, or a user name that is no mere word (see
// actions.Identifies). Bare words stay in longer texts: nothing is kept that would tell them
// from other words.
func (t *importTx) unname(ctx context.Context, rows []row) (err error) {
	free := freed{}
	for i := range rows {
		rows[i].record.Body = eachText(rows[i].record.Body, func(text string, whole bool) string {
			if err != nil || text == "" {
				return text
			}
			found := t.forgotten.mentions(text, whole)
			if len(found) == 0 {
				return text
			}
			if found, err = t.unowned(ctx, found, free); len(found) == 0 {
				return text
			}
			return without(text, whole, found)
		}, t.forgotten.Device)
	}
	return err
}

// without is a text without what names somebody; nothing of one that is a name as a whole.
func without(text string, whole bool, found []mention) string {
	if whole {
		return ""
	}
	spans := make([][2]int, len(found))
	for i, one := range found {
		spans[i] = one.at
	}
	return actions.Without(text, spans)
}

// eachText changes every text of a record in which somebody else may be named; whole are
// those that are one name. The ID of a device that names somebody becomes another, made by device.
func eachText(body any, change func(text string, whole bool) string, device func(id string) string) any {
	switch body := body.(type) {
	case actions.Account:
		body.Owner, body.StatusReason = change(body.Owner, true), change(body.StatusReason, false)
		return body
	case actions.User:
		body.DisabledReason = change(body.DisabledReason, false)
		return body
	case actions.Membership:
		body.DeactivatedBy = change(body.DeactivatedBy, true)
		return body
	case actions.Lock:
		body.Detail = change(body.Detail, false)
		return body
	case actions.Attempt:
		if body.UserID != "" {
			body.Identifier = change(body.Identifier, true)
		}
		body.Resource, body.UserAgent = change(body.Resource, false), change(body.UserAgent, false)
		if change(body.DeviceID, false) != body.DeviceID {
			body.DeviceID = device(body.DeviceID)
		}
		return body
	case actions.LoginCode:
		body.Address = change(body.Address, true)
		return body
	case actions.Delivery:
		body.Detail = change(body.Detail, false)
		if body.UserID != "" {
			body.Address = change(body.Address, true)
		}
		return body
	case actions.Suppression:
		body.Reason = change(body.Reason, false)
		return body
	case actions.StaffNetwork:
		body.Note = change(body.Note, false)
		return body
	}
	return body
}
