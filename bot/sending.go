package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// delivered are the kinds of messages that are delivered here; see render.
var delivered = []actions.OutgoingKind{
	actions.OutgoingWatchEnded, actions.OutgoingOperation, actions.OutgoingApproval, actions.OutgoingVerification,
	actions.OutgoingBrake, actions.OutgoingHandOver, actions.OutgoingSecret, actions.OutgoingSecretNews, actions.OutgoingRequest,
	actions.OutgoingRequestReceived, actions.OutgoingRequestOpened, actions.OutgoingRequestNews,
}

// sending is one try to deliver a message.
type sending struct {
	bot *Bot
	m   actions.Outgoing
	// told is when Slack was last told the message; zero when it didn't come to that.
	told time.Time
	// unclear: the message may stand in Slack without our knowing where.
	unclear bool
	posted  actions.Posted // where the message stands, of a kind that follows its record
}

// send renders the message from the records and shows it. A panic is a failure
// like any other.
func (s *sending) send(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
		}
	}()
	message, err := s.bot.render(ctx, s.m)
	if err != nil {
		return err
	}
	channel := s.m.To
	if isMember(channel) {
		if channel, err = s.bot.dms.get(ctx, s.m.To, false); err != nil {
			return err
		}
	}
	place, there, err := s.stands(ctx, channel)
	switch {
	case err != nil:
		return err
	case there && !s.m.Kind.Follows():
		return nil
	case there:
		if err = s.update(ctx, place, message); !errors.Is(err, ErrNoMessage) {
			return err
		}
	}
	return s.post(ctx, channel, message)
}

// stands finds where the message stands already: its place, or, after a try
// that may have posted it, the message with its key.
func (s *sending) stands(ctx context.Context, channel string) (place actions.Posted, there bool, err error) {
	if s.m.Kind.Follows() {
		place, there, err = s.bot.outbox.Place(ctx, s.m.Kind, s.m.To, s.m.Ref)
	}
	if there || err != nil || !s.m.Unclear {
		return place, there, err
	}
	ts, there, err := s.bot.workspace.Find(ctx, channel, s.m.ID)
	if err == nil && !there {
		s.unclear = false
	}
	return actions.Posted{Channel: channel, TS: ts}, there, err
}

// update writes a message anew that stands in Slack.
func (s *sending) update(ctx context.Context, place actions.Posted, message blocks.Message) error {
	s.told = s.bot.now()
	err := s.bot.workspace.Update(ctx, place.Channel, place.TS, message)
	if err == nil {
		s.posted = place
	}
	return err
}

// post writes a new message.
func (s *sending) post(ctx context.Context, channel string, message blocks.Message) error {
	ts, err := s.write(ctx, channel, message)
	s.unclear = mayBeThere(err)
	if err == nil && s.m.Kind.Follows() {
		s.posted = actions.Posted{Channel: channel, TS: ts}
	}
	return err
}

// write posts the message: in the thread of the card that it belongs to, or, when
// that is gone or was never there, by itself.
func (s *sending) write(ctx context.Context, channel string, message blocks.Message) (ts string, err error) {
	s.told = s.bot.now()
	if card := s.m.Kind.Below(); card != "" {
		place, there, err := s.bot.outbox.Place(ctx, card, s.m.To, s.m.Ref)
		if err != nil {
			return "", err
		}
		if there {
			ts, err := s.bot.workspace.Reply(ctx, place.Channel, place.TS, message, s.m.ID)
			if !errors.Is(err, ErrNoMessage) {
				return ts, err
			}
		}
	}
	return s.bot.workspace.Post(ctx, channel, message, s.m.ID)
}

// isMember reports whether a Slack ID is somebody's, and not a channel's.
func isMember(id string) bool { return id != "" && (id[0] == 'U' || id[0] == 'W') }

// render draws a message whole from the database: the outbox itself holds no
// content.
func (b *Bot) render(ctx context.Context, m actions.Outgoing) (blocks.Message, error) {
	switch m.Kind {
	case actions.OutgoingWatchEnded:
		return drawn(ctx, m, b.actions.WatchReport, blocks.WatchEnded)
	case actions.OutgoingOperation:
		return drawn(ctx, m, b.actions.Report, blocks.Operation)
	case actions.OutgoingApproval:
		return drawn(ctx, m, b.actions.ApprovalReport, blocks.Approval)
	case actions.OutgoingVerification:
		return drawn(ctx, m, b.actions.ProofReport, blocks.Verification)
	case actions.OutgoingBrake:
		return drawn(ctx, m, b.actions.BrakeReport, blocks.Braked)
	case actions.OutgoingHandOver:
		return drawn(ctx, m, b.actions.Report, blocks.HandedOver)
	case actions.OutgoingSecret:
		return drawn(ctx, m, b.actions.SecretReport, blocks.Secret)
	case actions.OutgoingSecretNews:
		return drawn(ctx, m, b.actions.SecretReport, blocks.SecretNews)
	case actions.OutgoingRequest:
		return drawn(ctx, m, b.actions.RequestReport, blocks.Request)
	case actions.OutgoingRequestReceived:
		return drawn(ctx, m, b.actions.RequestReport, blocks.RequestReceived)
	case actions.OutgoingRequestOpened:
		return drawn(ctx, m, b.actions.RequestReport, blocks.RequestOpened)
	case actions.OutgoingRequestNews:
		return drawn(ctx, m, b.actions.RequestReport, blocks.RequestNews)
	case actions.OutgoingMail: // it isn't Slack's
	}
	return blocks.Message{}, fmt.Errorf("%w: its kind %q is unknown to this version", ErrUndeliverable, m.Kind)
}

// drawn reads the record that a message is about and draws it. Of a record that
// is gone there is nothing to say.
func drawn[R any](
	ctx context.Context, m actions.Outgoing, read func(context.Context, string) (R, error), draw func(R) blocks.Message,
) (blocks.Message, error) {
	report, err := read(ctx, m.Ref)
	switch {
	case actions.CodeOf(err) == actions.NotFound:
		return blocks.Message{}, fmt.Errorf("%w: %w", ErrUndeliverable, err)
	case err != nil:
		return blocks.Message{}, err
	}
	return draw(report), nil
}
