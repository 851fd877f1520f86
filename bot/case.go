package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// changed is the handler of a button that changes a case at once. Its cards say
// what came of it; a click that came too late is answered with who was faster.
func changed(change func(*escalation.Desk, context.Context, actions.Call, string) (escalation.Report, error)) handler {
	return ofRecord(func(b *Bot, ctx context.Context, r request) (*reply, error) {
		_, err := change(b.desk, ctx, r.call, r.value)
		return nil, err
	})
}

// caseForm is the handler of a button that opens the form of an act about a case,
// unless the act isn't possible any more.
func caseForm(act actions.Act, form func(escalation.Report) slack.ModalViewRequest) handler {
	return ofRecord(func(b *Bot, ctx context.Context, r request) (*reply, error) {
		report, err := b.desk.Look(ctx, r.call, act, r.value)
		if err != nil {
			return nil, err
		}
		return nil, b.workspace.OpenModal(ctx, r.in.Trigger, form(report))
	})
}

// asked brings L2's question to the agent.
func (b *Bot) asked(ctx context.Context, r request) (*reply, error) {
	text := r.in.Inputs[blocks.QuestionInput]
	_, err := b.desk.Ask(ctx, r.call, r.in.Metadata, text, ticked(r, blocks.CustomerInput))
	return nil, b.besideText(ctx, blocks.QuestionInput, err)
}

// replied brings the agent's answer to L2.
func (b *Bot) replied(ctx context.Context, r request) (*reply, error) {
	_, err := b.desk.Reply(ctx, r.call, r.in.Metadata, r.in.Inputs[blocks.ReasonInput], ticked(r, blocks.CustomerInput))
	return nil, b.besideText(ctx, blocks.ReasonInput, err)
}

// resolved ends a case; with nothing chosen it came to something else.
func (b *Bot) resolved(ctx context.Context, r request) (*reply, error) {
	outcome := escalation.Outcome(cmp.Or(r.in.Inputs[blocks.OutcomeInput], string(escalation.OutcomeOther)))
	_, err := b.desk.Resolve(ctx, r.call, r.in.Metadata, outcome, r.in.Inputs[blocks.ReasonInput])
	if escalation.IsAboutOutcome(err) {
		return nil, inField(blocks.OutcomeInput, err, "")
	}
	return nil, b.besideText(ctx, blocks.ReasonInput, err)
}

// caseHandedOver makes a case a colleague's.
func (b *Bot) caseHandedOver(ctx context.Context, r request) (*reply, error) {
	colleague := r.in.Inputs[blocks.ColleagueInput]
	if !userID.MatchString(colleague) {
		return nil, inField(blocks.ColleagueInput, nil, "Please choose who takes the case over.")
	}
	_, err := b.desk.HandOver(ctx, r.call, r.in.Metadata, colleague)
	return nil, b.besideText(ctx, blocks.ColleagueInput, err)
}

// ticked reports whether the one box of an input is ticked.
func ticked(r request, input string) bool { return r.in.Inputs[input] != "" }

// besideText says an error of a form beside the field that was filled in, so that
// nothing that was typed is lost: whatever it is about. Colleagues are named there,
// since nothing is a mention in a form.
func (b *Bot) besideText(ctx context.Context, field string, err error) error {
	said := new(actions.Error)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said):
		err = &actions.Error{Code: said.Code, Cause: err, Sentence: mentioned.ReplaceAllStringFunc(said.Sentence, func(found string) string {
			return cmp.Or(b.nameOf(ctx, mentioned.FindStringSubmatch(found)[1]), "A colleague")
		})}
	}
	return inField(field, err, "")
}

// mentioned is a mention in a sentence of ours.
var mentioned = regexp.MustCompile(`<@([A-Z0-9]+)>`)

// caseReader is for whom a case is drawn, and how L2 is called.
func (b *Bot) caseReader(ctx context.Context, r escalation.Report, viewer string) blocks.CaseReader {
	reader := blocks.CaseReader{L2: b.l2, Viewer: viewer, Link: b.linkTo(ctx, r.Case)}
	if b.l2Group != "" && !b.roster.knows(ctx, b.l2Group) {
		reader.L2, reader.Uncalled = l2Handle(""), true
	}
	if r.Before != nil {
		reader.BeforeLink = b.linkTo(ctx, *r.Before)
	}
	return reader
}

// knows reports whether Slack knows a group. While Slack doesn't say, it does.
func (r *roster) knows(ctx context.Context, group string) bool {
	members, err := r.group.get(ctx, group, false)
	return err != nil || members != nil
}

// linkTo is where the card of a case stands in L2's channel, "" when that isn't
// known.
func (b *Bot) linkTo(ctx context.Context, c escalation.Case) string {
	return b.linkOf(ctx, actions.OutgoingCase, c.Channel, c.ID)
}

// linkOf is where the message of a kind for a receiver about a record stands, "" when that
// isn't known.
func (b *Bot) linkOf(ctx context.Context, kind actions.OutgoingKind, to, ref string) string {
	place, there, err := b.outbox.Place(ctx, kind, to, ref)
	self, unknown := b.roster.whoami(ctx)
	if err != nil || unknown != nil || !there {
		return ""
	}
	base, err := url.Parse(self.URL)
	if err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http") {
		return ""
	}
	return base.JoinPath("archives", place.Channel, "p"+strings.ReplaceAll(place.TS, ".", "")).String()
}

// timestampOf is the timestamp of a message, "" when it has none.
func timestampOf(message json.RawMessage) string {
	var read inThread
	if json.Unmarshal(message, &read) != nil {
		return ""
	}
	return read.TS
}

// written is a message that somebody wrote in a channel, as far as it is read: what
// it says isn't.
type written struct {
	team, user, key string
	place           actions.Posted // the message in whose thread it stands
}

// written is the event as a message of a person in a thread of a channel; ok is
// false for any other. One message has one key, however often Slack tells of it.
func (e event) written(channel string) (w written, ok bool) {
	m := e.Event
	byPerson := m.Type == "message" && (m.Subtype == "" || m.Subtype == "file_share" || m.Subtype == "thread_broadcast") && m.BotID == "" && m.AppID == ""
	inThread := m.ThreadTS != "" && m.ThreadTS != m.TS && len(m.TS) <= longestTrigger && len(m.ThreadTS) <= longestTrigger
	if e.Type != "event_callback" || !byPerson || !inThread || channel == "" || m.Channel != channel || !isID(m.User) || !isID(e.TeamID) {
		return written{}, false
	}
	return written{
		team: e.TeamID, user: m.User, key: "message:" + m.Channel + " " + m.TS, place: actions.Posted{Channel: m.Channel, TS: m.ThreadTS},
	}, true
}

// hear notes that L2 wrote about a case. Nobody is answered, and of anybody else
// nothing is noted.
func (b *Bot) hear(w written) {
	b.inflight.add()
	go func() {
		defer b.inflight.done()
		ctx, cancel := context.WithTimeout(actions.WithRequestID(context.Background(), actions.NewRequestID()), handlerLimit)
		defer cancel()
		began := time.Now()
		err := b.heard(ctx, w)
		b.observed(ctx, heardLabel, w.user, err, time.Since(began))
		if err != nil {
			b.log.ErrorContext(ctx, "what L2 wrote about a case could not be noted", "actor", w.user, "error", err)
		}
	}()
}

func (b *Bot) heard(ctx context.Context, w written) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
		}
	}()
	roles, err := b.roster.rolesOf(ctx, w.team, w.user, false)
	if err != nil || !roles.Has(actions.RoleL2) {
		return err
	}
	return b.desk.Heard(ctx, actions.Call{Actor: actions.Actor{ID: w.user, Roles: roles}, Key: w.key}, w.place)
}

// mayWrite reports whether something may be changed in a channel: one of support, of
// L2 or of the leads.
func (b *Bot) mayWrite(channel string) bool { return slices.Contains(b.places, channel) }
