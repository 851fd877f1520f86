package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// The budget of an answer. Slack waits 3 seconds, and a person should read
// something by then.
const (
	inlineBudget = 2 * time.Second
	pingBudget   = 700 * time.Millisecond
	handlerLimit = 30 * time.Second
	postLimit    = 15 * time.Second // for all tries of one answer
)

// reply is an answer as Slack takes it, inline and by response_url alike. It
// may be shared by many requests and is never changed.
type reply struct {
	// private: it holds what may stand in no message that is kept, such as the link of
	// a one-time secret. It is only ever shown to the one who asked; channel is where
	// they asked, "" for the direct message.
	private bool
	channel string
	shown   blocks.Message
	message slack.WebhookMessage
	body    []byte
}

// newReply makes the reply of a message, shown to nobody but the one who asked.
func newReply(message blocks.Message) (*reply, error) {
	return replyAs(message, slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral})
}

// newPrivate makes the reply of a message that is kept nowhere.
func newPrivate(message blocks.Message, channel string) (*reply, error) {
	r, err := newReply(message)
	if err == nil {
		r.private, r.channel = true, channel
	}
	return r, err
}

// newShared makes the reply of a message that everybody in the channel reads.
func newShared(message blocks.Message) (*reply, error) {
	return replyAs(message, slack.WebhookMessage{ResponseType: slack.ResponseTypeInChannel})
}

// newReplacement makes a reply that takes the place of the message whose
// button was clicked.
func newReplacement(message blocks.Message) (*reply, error) {
	return replyAs(message, slack.WebhookMessage{ReplaceOriginal: true})
}

func replyAs(message blocks.Message, envelope slack.WebhookMessage) (*reply, error) {
	quiet := false
	envelope.Text, envelope.Blocks = message.Text, &slack.Blocks{BlockSet: message.Blocks}
	envelope.UnfurlLinks, envelope.UnfurlMedia = &quiet, &quiet
	body, err := json.Marshal(&envelope)
	if err != nil {
		return nil, fmt.Errorf("writing an answer as JSON: %w", err)
	}
	return &reply{shown: message, message: envelope, body: body}, nil
}

// result is what a handler came to.
type result struct {
	reply *reply
	err   error
}

// answer runs the handler of a request at once. It returns what to
// acknowledge with: the answer when it was there within the budget, otherwise
// nil, and then the answer goes to the response_url. A click is acknowledged empty,
// since its answer is a message of its own, and once it is done: whoever clicks sees
// when we ended before. A shortcut and an event are acknowledged at once; a modal is
// acknowledged with what is wrong with its fields, or closes.
func (b *Bot) answer(in Inbound) *reply {
	in.Request = actions.NewRequestID()
	ctx, cancel := context.WithTimeout(in.context(), handlerLimit)
	done := make(chan result, 1) // buffered: nobody may be left to read it
	b.inflight.add()
	go func() { done <- b.handle(ctx, in) }()
	if in.Kind == Shortcut || in.Kind == Opened {
		go b.answerLate(ctx, cancel, in, done, inlineBudget)
		return nil
	}
	budget := time.NewTimer(inlineBudget)
	defer budget.Stop()
	select {
	case r := <-done:
		return b.acknowledgement(ctx, cancel, in, r)
	case <-budget.C:
		go b.answerLate(ctx, cancel, in, done, 0)
		return nil
	}
}

// acknowledgement is what a request that was answered in time is acknowledged
// with. A modal closes, and its answer is a direct message, as a click's is one of
// its own.
func (b *Bot) acknowledgement(ctx context.Context, cancel context.CancelFunc, in Inbound, r result) *reply {
	if in.Kind == Submitted {
		if wrong := b.fieldErrors(ctx, in, r.err); wrong != nil {
			cancel()
			b.inflight.done()
			return &reply{body: wrong}
		}
	}
	if in.Kind != Typed {
		ready := make(chan result, 1)
		ready <- r
		go b.answerLate(ctx, cancel, in, ready, 0)
		return nil
	}
	defer b.inflight.done()
	defer cancel()
	return b.said(ctx, in, r)
}

// answerLate answers with a message of its own, exactly once: with the
// handler's answer, or with a sentence when the database turns out to be
// frozen. Then the handler is stopped, and what it still comes to is dropped.
func (b *Bot) answerLate(ctx context.Context, cancel context.CancelFunc, in Inbound, done <-chan result, budget time.Duration) {
	defer b.inflight.done()
	defer cancel()
	defer func() {
		if v := recover(); v != nil {
			b.log.ErrorContext(ctx, "an answer could not be sent", "command", b.label(in), "actor", in.User, "error", panicked(v))
		}
	}()
	r := b.await(ctx, done, budget)
	cancel()
	b.post(in, b.said(ctx, in, r))
}

// await waits for the handler, and past the budget makes sure that the
// database is there: when it is not, nobody has to wait for the handler.
func (b *Bot) await(ctx context.Context, done <-chan result, budget time.Duration) result {
	select {
	case r := <-done: // an answer that is there needs no database
		return r
	default:
	}
	timer := time.NewTimer(budget)
	defer timer.Stop()
	select {
	case r := <-done:
		return r
	case <-timer.C:
	}
	ping, limit := b.ping(ctx), time.NewTimer(pingBudget)
	defer limit.Stop()
	for {
		select {
		case r := <-done:
			return r
		case err := <-ping:
			if err != nil {
				return result{err: frozen(err)}
			}
			limit.Stop() // the database is there, the handler only slow
		case <-limit.C:
			return result{err: frozen(context.DeadlineExceeded)}
		case <-ctx.Done():
			return result{err: ctx.Err()}
		}
	}
}

// ping asks the database whether it is there.
func (b *Bot) ping(ctx context.Context) <-chan error {
	answered := make(chan error, 1) // buffered: nobody may be left to read it
	go func() {
		defer func() {
			if v := recover(); v != nil {
				answered <- panicked(v)
			}
		}()
		answered <- b.actions.Store.Ping(ctx)
	}()
	return answered
}

// frozen says that the database doesn't answer.
func frozen(err error) error {
	return &actions.Error{
		Code: actions.Unavailable, Cause: err,
		Sentence: "Latchkey's database doesn't answer, so there is nothing to show. Please try again in a minute.",
	}
}

// handle runs the handler of a request. A panic is a failure like any other.
func (b *Bot) handle(ctx context.Context, in Inbound) (r result) {
	began := time.Now()
	defer func() {
		if v := recover(); v != nil {
			r = result{err: panicked(v)}
		}
		b.observed(ctx, b.label(in), in.User, r.err, time.Since(began))
	}()
	said, err := b.dispatch(ctx, in)
	return result{reply: said, err: err}
}

// panicError is a panic with the place where it happened.
type panicError struct {
	what  string
	stack string
}

func (e *panicError) Error() string { return e.what }

// panicked makes an error of what recover returned. The value itself may hold
// what a customer typed, so it is named by its type unless the runtime made it.
func panicked(v any) error {
	what := fmt.Sprintf("panic with a %T", v)
	var fault runtime.Error
	if err, ok := v.(error); ok && errors.As(err, &fault) {
		what = "panic: " + fault.Error()
	}
	return &panicError{what: what, stack: string(debug.Stack())}
}

// said turns what a handler came to into what a person reads, nil for nothing:
// the one place where an error becomes words. What is unexpected is logged
// under the reference that the person reads, without what was typed.
func (b *Bot) said(ctx context.Context, in Inbound, r result) *reply {
	switch {
	case r.err == nil:
		return r.reply
	case in.Kind == Opened && actions.CodeOf(r.err) == actions.Conflict:
		return nil // the event came twice, and Home stands already
	}
	words := b.explain(ctx, in, r.err)
	sentence, err := newReply(blocks.Failure(words))
	if err != nil {
		b.log.ErrorContext(ctx, "a failure could not be said", "reference", words.Reference, "error", err)
		return nil
	}
	return sentence
}

// explain turns an error into words, and logs an unexpected one under their
// reference.
func (b *Bot) explain(ctx context.Context, in Inbound, err error) actions.Words {
	words := actions.Explain(err)
	if words.Reference == "" {
		return words
	}
	attrs := []any{"reference", words.Reference, "command", b.label(in), "actor", in.User, "code", words.Code, "error", err}
	var panicked *panicError
	if errors.As(err, &panicked) {
		attrs = append(attrs, "stack", panicked.stack)
	}
	b.log.ErrorContext(ctx, "a request failed", attrs...)
	return words
}
