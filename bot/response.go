package bot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// How often an answer is posted, and how long a try may take.
const (
	postTries   = 3
	postTimeout = 5 * time.Second
	firstPause  = 500 * time.Millisecond
)

// responses posts to response URLs: Slack's own, and those on the host of the
// configured API. It follows no redirect, since an answer holds a customer's
// data.
type responses struct {
	client *http.Client
	api    *url.URL // nil: Slack's own
}

func newResponses(apiURL string, transport http.RoundTripper) *responses {
	client := &http.Client{
		Transport: transport, Timeout: postTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	api, err := url.Parse(apiURL)
	if err != nil || api.Host == "" {
		api = nil
	}
	return &responses{client: client, api: api}
}

// accepts reports whether an address is one that Slack gives out.
func (r *responses) accepts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if u.Scheme == "https" && u.Host == "hooks.slack.com" {
		return true
	}
	return r.api != nil && u.Scheme == r.api.Scheme && u.Host == r.api.Host
}

// post shows an answer: at the response_url of what was asked, in the direct
// message when a modal or Home has none, and in Home when that was opened.
// Slack may take a message and still say 5xx, so a second try may show it
// twice; better twice than never.
func (b *Bot) post(in Inbound, r *reply) {
	if r == nil {
		return
	}
	ctx, cancel := context.WithTimeout(in.context(), postLimit)
	defer cancel()
	var err error
	switch {
	case in.Kind == Opened:
		err = retry(ctx, func() error { return b.workspace.PublishHome(ctx, in.User, r.shown.Blocks) })
	case in.Kind != Typed && in.ResponseURL == "" && r.private:
		err = b.whisper(ctx, in.User, r)
	case in.Kind != Typed && in.ResponseURL == "":
		err = retry(ctx, func() error { return b.postDM(ctx, in.User, r.shown) })
	case !b.responses.accepts(in.ResponseURL):
		b.log.WarnContext(ctx, "an answer has nowhere to go: its response_url isn't Slack's", "command", b.label(in), "actor", in.User)
	default:
		message := r.message
		if !message.ReplaceOriginal {
			message.ThreadTimestamp = in.Thread
		}
		err = retry(ctx, func() error { return b.responses.send(ctx, in.ResponseURL, &message) })
		if err != nil && r.private { // it is shown once, and lost if it isn't now
			err = b.whisper(ctx, in.User, r)
		}
	}
	if err != nil {
		b.log.ErrorContext(ctx, "an answer could not be posted", "command", b.label(in), "actor", in.User, "error", withoutURL(err))
	}
}

// postDM posts into the bot's direct message with somebody.
func (b *Bot) postDM(ctx context.Context, user string, message blocks.Message) error {
	channel, err := b.workspace.DM(ctx, user)
	if err != nil {
		return err
	}
	_, err = b.workspace.Post(ctx, channel, message, "")
	return err
}

// whisper shows a private answer where it was asked for, or else in the bot's
// direct message. When it can't be shown at all, whoever asked reads that.
func (b *Bot) whisper(ctx context.Context, user string, r *reply) error {
	if r.channel != "" {
		err := retry(ctx, func() error { return b.workspace.Whisper(ctx, r.channel, user, r.shown) })
		if !errors.Is(err, ErrUndeliverable) { // the bot isn't everywhere where commands are typed
			return b.unseen(ctx, user, err)
		}
	}
	channel, err := b.workspace.DM(ctx, user)
	if err == nil {
		err = retry(ctx, func() error { return b.workspace.Whisper(ctx, channel, user, r.shown) })
	}
	return b.unseen(ctx, user, err)
}

// unseen tells somebody that what is shown once couldn't be shown.
func (b *Bot) unseen(ctx context.Context, user string, err error) error {
	if err == nil {
		return nil
	}
	sentence := blocks.Sentence("Slack didn't let me show you what only you may see, and I keep no copy. A link is gone: please end it on its card (Revoke or Withdraw) and make another. Anything else you can ask for again.")
	return errors.Join(err, b.postDM(ctx, user, sentence))
}

// send posts a message to a response URL.
func (r *responses) send(ctx context.Context, address string, message *slack.WebhookMessage) error {
	return slack.PostWebhookCustomHTTPContext(ctx, address, r.client, message)
}

// retry does something up to three times while Slack is busy.
func retry(ctx context.Context, do func() error) error {
	pause := firstPause
	for try := 1; ; try++ {
		err := do()
		wait, again := retryAfter(err, pause)
		if !again || try == postTries {
			return err
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
		pause *= 3
	}
}

// retryAfter says whether another try may help, and when.
func retryAfter(err error, pause time.Duration) (wait time.Duration, again bool) {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return limited.RetryAfter, true
	}
	var status slack.StatusCodeError
	if errors.As(err, &status) {
		return pause, status.Retryable()
	}
	return pause, err != nil && !errors.Is(err, ErrUndeliverable)
}

// withoutURL takes the address out of an error: whoever has a response_url can
// post to it.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
