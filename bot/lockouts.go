package bot

import (
	"context"
	"strconv"
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// lockouts says who was locked out, why, and how they got in again.
func (b *Bot) lockouts(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.Lockouts(ctx, r.call, r.text)
	if err != nil {
		return nil, err
	}
	numbers, err := b.desk.Numbers(ctx, report.From, report.Until)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.Lockouts(report, numbers, false))
}

// lockoutList shows the list behind a number of it.
func (b *Bot) lockoutList(ctx context.Context, r request) (*reply, error) {
	asked, list, offset, ok := blocks.ReadLockoutRef(r.value)
	if !ok {
		return nil, actions.Errorf(actions.Invalid, "That button leads nowhere any more. Please type `%s` again.", b.name("lockouts"))
	}
	page, err := b.actions.LockoutList(ctx, r.call, asked, list, offset)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.LockoutList(page))
}

// caseList lists the cases that a number counts.
func (b *Bot) caseList(ctx context.Context, r request) (*reply, error) {
	asked, ok := blocks.ReadCaseRef(r.value)
	if !ok {
		return nil, actions.Errorf(actions.Invalid, "That button leads nowhere any more. Please type `%s list` instead.", b.name("escalate"))
	}
	return b.listCases(ctx, r, asked)
}

// adminList lists the temporary admins that aren't gone.
func (b *Bot) adminList(ctx context.Context, r request) (*reply, error) {
	own, offset, ok := blocks.ReadAdminRef(r.value)
	if !ok {
		return nil, actions.Errorf(actions.Invalid, "That button leads nowhere any more. Please type `%s list` instead.", b.name("tempadmin"))
	}
	return b.adminsFrom(ctx, r, own, offset)
}

// renderDigest draws the digest of a day.
func (s *sending) renderDigest(ctx context.Context) (blocks.Message, error) {
	report, err := s.bot.actions.DigestReport(ctx, s.m.Ref)
	if err != nil {
		return blocks.Message{}, err
	}
	numbers, err := s.bot.desk.Numbers(ctx, report.From, report.Until)
	if err != nil {
		return blocks.Message{}, err
	}
	return blocks.Lockouts(report, numbers, true), nil
}

// pageAsked reads which part of which record's list a button leads to.
func pageAsked(value string) (id string, offset int, err error) {
	id, from, _ := strings.Cut(value, "|")
	offset, err = strconv.Atoi(from)
	if err != nil && from != "" || offset < 0 {
		return "", 0, actions.Errorf(actions.Invalid, "That button leads nowhere any more. Please open the list again from the incident's message.")
	}
	return id, offset, nil
}

// incidentPeople shows a part of the customers of an incident.
func (b *Bot) incidentPeople(ctx context.Context, r request) (*reply, error) {
	id, offset, err := pageAsked(r.value)
	if err != nil {
		return nil, err
	}
	page, err := b.actions.IncidentPeople(ctx, r.call, id, offset)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.IncidentPeople(page))
}

// leftOut shows a part of those whom a bulk unlock left out.
func (b *Bot) leftOut(ctx context.Context, r request) (*reply, error) {
	id, offset, err := pageAsked(r.value)
	if err != nil {
		return nil, err
	}
	page, err := b.actions.LeftOutOf(ctx, r.call, id, offset)
	if err != nil {
		return nil, err
	}
	return newReply(blocks.LeftOut(page))
}

// bulkUnlock opens the form that unlocks all that an incident locked.
func (b *Bot) bulkUnlock(ctx context.Context, r request) (*reply, error) {
	report, err := b.actions.LookIncident(ctx, r.call, r.value)
	if err != nil {
		return nil, err
	}
	return nil, b.workspace.OpenModal(ctx, r.in.Trigger, blocks.BulkUnlockModal(report))
}

// bulkUnlockFilled asks for it. The card of what waits for a second person follows in
// the direct message.
func (b *Bot) bulkUnlockFilled(ctx context.Context, r request) (*reply, error) {
	reason, incident, err := reasoned(r)
	if err != nil {
		return nil, err
	}
	_, err = b.actions.UnlockAll(ctx, r.call, incident, reason)
	return nil, b.besideText(ctx, blocks.ReasonInput, err)
}
