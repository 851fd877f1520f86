package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// delivered are the kinds of messages that are delivered here; see render.
var delivered = []actions.OutgoingKind{
	actions.OutgoingWatchEnded, actions.OutgoingOperation, actions.OutgoingApproval, actions.OutgoingVerification,
	actions.OutgoingBrake, actions.OutgoingHandOver, actions.OutgoingSecret, actions.OutgoingSecretNews, actions.OutgoingRequest,
	actions.OutgoingRequestReceived, actions.OutgoingRequestOpened, actions.OutgoingRequestNews,
	actions.OutgoingCase, actions.OutgoingCaseAgent, actions.OutgoingCaseThread,
	actions.OutgoingCaseEvent, actions.OutgoingCaseNews, actions.OutgoingCaseLeads,
	actions.OutgoingAdmin, actions.OutgoingAdminNews, actions.OutgoingAdminLeads,
	actions.OutgoingDigest, actions.OutgoingIncident, actions.OutgoingHome,
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
	thread  string         // the timestamp of the message that it stands under; "" for none
	// refused: the card is of a case whose channel didn't take it the last time.
	refused bool
	// replaced: the card was gone, and stands anew.
	replaced bool
}

// send renders the message from the records and shows it. A panic is a failure
// like any other.
func (s *sending) send(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
		}
	}()
	if s.m.Kind == actions.OutgoingHome { // no message: nothing is looked for or posted
		return s.bot.redrawHome(ctx, s.m.To)
	}
	message, err := s.render(ctx)
	if err != nil {
		return err
	}
	channel := s.m.To
	if isMember(channel) {
		if channel, err = s.bot.dms.get(ctx, s.m.To, false); err != nil {
			return err
		}
	}
	if s.thread, err = s.below(ctx); err != nil {
		return err
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
		s.replaced = true
	}
	return s.post(ctx, channel, message)
}

// errNoCard is for what stands under a card that isn't there yet.
var errNoCard = errors.New("the card that it stands under isn't there yet")

// below is the message under which this one stands, "" for none: the card that it
// belongs to, or the thread that a case was escalated from. What happens to a case
// waits for its card.
func (s *sending) below(ctx context.Context) (thread string, err error) {
	record, part := s.m.Record()
	if s.m.Kind == actions.OutgoingCaseThread {
		return part, nil
	}
	card := s.m.Kind.Below()
	if card == "" {
		return "", nil
	}
	place, there, err := s.bot.outbox.Place(ctx, card, s.m.To, record)
	if err == nil && !there && card == actions.OutgoingCase {
		err = errNoCard
	}
	return place.TS, err
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
	ts, there, err := s.bot.workspace.Find(ctx, channel, s.thread, s.m.ID)
	if err == nil && !there && s.thread != "" { // it stands by itself when the thread is gone
		ts, there, err = s.bot.workspace.Find(ctx, channel, "", s.m.ID)
	}
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

// write posts the message: under the one that it stands under, or, when that is
// gone or was never there, by itself.
func (s *sending) write(ctx context.Context, channel string, message blocks.Message) (ts string, err error) {
	s.told = s.bot.now()
	if s.thread != "" {
		ts, err := s.bot.workspace.Reply(ctx, channel, s.thread, message, s.m.ID)
		if !errors.Is(err, ErrNoMessage) {
			return ts, err
		}
	}
	return s.bot.workspace.Post(ctx, channel, message, s.m.ID)
}

// noted is how a delivery went, once it is written down that a card of a case reaches
// nobody, or L2's channel again, so that the others know. What can't be written down
// isn't over: the card is tried again.
func (s *sending) noted(ctx context.Context, failed error) error {
	record, _ := s.m.Record()
	var err error
	switch gone := errors.Is(failed, ErrUndeliverable) && actions.CodeOf(failed) != actions.NotFound; {
	case gone && s.m.Kind == actions.OutgoingCase:
		err = s.bot.desk.CardRefused(ctx, record, s.m.To, whyOf(failed))
	case gone && s.m.Kind == actions.OutgoingCaseAgent:
		err = s.bot.desk.AgentUnreached(ctx, record, s.m.To, whyOf(failed))
	case failed == nil && s.m.Kind == actions.OutgoingCase && s.replaced:
		err = s.bot.desk.CardReplaced(ctx, record)
	case failed == nil && s.m.Kind == actions.OutgoingCase && s.refused:
		err = s.bot.desk.CardTaken(ctx, record, s.m.To)
	}
	if err != nil && actions.CodeOf(err) != actions.NotFound {
		return err
	}
	return failed
}

// isMember reports whether a Slack ID is somebody's, and not a channel's.
func isMember(id string) bool { return id != "" && (id[0] == 'U' || id[0] == 'W') }

// render draws a message whole from the database: the outbox itself holds no
// content.
func (s *sending) render(ctx context.Context) (blocks.Message, error) {
	m, b := s.m, s.bot
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
	case actions.OutgoingCase, actions.OutgoingCaseAgent, actions.OutgoingCaseThread:
		return s.renderCase(ctx)
	case actions.OutgoingCaseEvent, actions.OutgoingCaseNews, actions.OutgoingCaseLeads:
		return s.renderEvent(ctx)
	case actions.OutgoingAdmin, actions.OutgoingAdminNews, actions.OutgoingAdminLeads:
		return s.renderAdmin(ctx)
	case actions.OutgoingDigest:
		return s.renderDigest(ctx)
	case actions.OutgoingIncident:
		return drawn(ctx, m, b.actions.IncidentReport, blocks.Incident)
	case actions.OutgoingHome, actions.OutgoingMail: // it isn't a message; it isn't Slack's
	}
	return blocks.Message{}, fmt.Errorf("%w: its kind %q is unknown to this version", ErrUndeliverable, m.Kind)
}

// drawn reads the record that a message is about and draws it. Of a record that
// is gone there is nothing to say.
func drawn[R any](
	ctx context.Context, m actions.Outgoing, read func(context.Context, string) (R, error), draw func(R) blocks.Message,
) (blocks.Message, error) {
	report, err := read(ctx, m.Ref)
	if err != nil {
		return blocks.Message{}, vanished(err)
	}
	return draw(report), nil
}

// cards draw the cards of a case, and news what happened to it.
var (
	cards = map[actions.OutgoingKind]func(escalation.Report, blocks.CaseReader) blocks.Message{
		actions.OutgoingCase: blocks.Case, actions.OutgoingCaseAgent: blocks.CaseForAgent, actions.OutgoingCaseThread: blocks.CaseInThread,
	}
	news = map[actions.OutgoingKind]func(escalation.EventReport, blocks.CaseReader) blocks.Message{
		actions.OutgoingCaseEvent: blocks.CaseEvent, actions.OutgoingCaseNews: blocks.CaseNews, actions.OutgoingCaseLeads: blocks.CaseForLeads,
	}
)

// renderCase draws a card of a case.
func (s *sending) renderCase(ctx context.Context) (blocks.Message, error) {
	id, _ := s.m.Record()
	report, err := s.bot.desk.Report(ctx, id)
	if err != nil {
		return blocks.Message{}, vanished(err)
	}
	s.refused = report.Case.Unreached != ""
	if s.m.Kind != actions.OutgoingCase && !s.refused && s.bot.runs.Load() {
		s.awaitCard(ctx, report.Case)
	}
	return cards[s.m.Kind](report, s.bot.caseReader(ctx, report, s.m.To)), nil
}

// How long an agent's card waits for L2's, which it links to, and how often it looks.
const (
	awaitLimit = 2 * time.Second
	awaitEvery = 100 * time.Millisecond
)

// awaitCard waits a moment for L2's card of a new case, which is posted at the same
// time by this replica or another: the other cards link to it.
func (s *sending) awaitCard(ctx context.Context, c escalation.Case) {
	look := time.NewTicker(awaitEvery)
	defer look.Stop()
	for s.bot.now().Sub(s.m.At) < awaitLimit {
		if _, there, err := s.bot.outbox.Place(ctx, actions.OutgoingCase, c.Channel, c.ID); there || err != nil {
			return
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
	}
}

// renderEvent draws what happened to a case.
func (s *sending) renderEvent(ctx context.Context) (blocks.Message, error) {
	id, part := s.m.Record()
	seq, err := strconv.Atoi(part)
	if err != nil {
		return blocks.Message{}, fmt.Errorf("%w: it names no event", ErrUndeliverable)
	}
	event, err := s.bot.desk.EventReport(ctx, id, seq)
	if err != nil {
		return blocks.Message{}, vanished(err)
	}
	return news[s.m.Kind](event, s.bot.caseReader(ctx, event.Report, s.m.To)), nil
}

// vanished is an error of reading a record: of one that isn't there any more there is
// nothing to say.
func vanished(err error) error {
	if actions.CodeOf(err) == actions.NotFound {
		return fmt.Errorf("%w: %w", ErrUndeliverable, err)
	}
	return err
}
