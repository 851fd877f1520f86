package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// Erasure writes the bot's messages about somebody anew, so that nothing of them stays in
// Slack. It may be run again whenever it was stopped: what is done names nobody any more.
type Erasure struct {
	Archive Archive
	// Channels are the channels that the bot works in, and must be able to read; Others
	// those in which its messages may stand, too. One of these that is gone is left out.
	Channels, Others []string
	// People are the IDs of users whose direct messages are read, and of user groups. Of a
	// group that can't be read, nobody is.
	People []string
	// About are the places of messages that are about the person, as is on record: also
	// those that Slack doesn't list.
	About []actions.Posted
	// Names reports whether a message names the person: its texts, a line each, or the
	// values of its buttons.
	Names func(text string, values []string) bool
	// Tell is told how far it is.
	Tell func(sentence string)
	// Pause waits; nil: as long as it is told.
	Pause func(ctx context.Context, d time.Duration) error

	self   Self
	done   Erased
	met    map[actions.Posted]bool // messages about the person that were found
	newest map[string]string       // of each channel that was read, its newest message; "" for none
}

// Erased is what became of the bot's messages.
type Erased struct {
	Edited int // those written anew, or removed where that can't be
	Left   int // those that Slack lets nobody change, as in an archived channel
	// Emptied is where the messages stand that were written anew, now or when it was run
	// before.
	Emptied []actions.Posted
}

// erasedText is what is left of a message.
const erasedText = "This message was about somebody whose data was erased."

// Run reads every message and writes anew those of the bot that name the person. It waits
// as long as Slack says. When Slack fails it stops, with what is done so far.
func (e *Erasure) Run(ctx context.Context) (Erased, error) {
	e.done, e.met, e.newest = Erased{}, map[actions.Posted]bool{}, map[string]string{}
	channels, err := e.channels(ctx)
	for _, in := range channels {
		if err != nil {
			break
		}
		err = e.unread(in, e.channel(ctx, in))
	}
	for _, at := range e.About {
		if err == nil && !e.met[at] {
			err = e.unlisted(ctx, at)
		}
	}
	return e.done, err
}

// RunAgain reads what was posted meanwhile, since Run read a channel, and writes anew what of
// it names the person.
func (e *Erasure) RunAgain(ctx context.Context) (Erased, error) {
	e.done = Erased{}
	for _, in := range slices.Sorted(maps.Keys(e.newest)) {
		if err := e.unread(in, e.channel(ctx, in)); err != nil {
			return e.done, err
		}
	}
	return e.done, nil
}

// unread says what to do about a channel that can't be read; nil for one of the others that
// is gone.
func (e *Erasure) unread(in string, err error) error {
	switch gone := refused(err, "channel_not_found", "not_in_channel"); {
	case gone && !slices.Contains(e.Channels, in):
		return nil
	case gone || refused(err, "is_archived"):
		return fmt.Errorf("%w: please invite Latchkey into %s, or take that out of the configuration", err, in)
	case refused(err, "missing_scope"):
		return fmt.Errorf("%w: please install the app again from its manifest, which asks for the histories of channels", err)
	}
	return err
}

// unlisted erases a message that is on record and that Slack doesn't list, or whose text
// names nobody. One that isn't there any more is no loss.
func (e *Erasure) unlisted(ctx context.Context, at actions.Posted) error {
	err := e.patiently(ctx, func() error { return e.Archive.Update(ctx, at.Channel, at.TS, erased()) })
	switch {
	case errors.Is(err, ErrNoMessage) || refused(err, "channel_not_found"):
		return nil
	case errors.Is(err, ErrUndeliverable):
		e.leave(at, err)
		return nil
	case err != nil:
		return err
	}
	e.done.Edited++
	e.done.Emptied = append(e.done.Emptied, at)
	return nil
}

// leave counts a message that Slack lets nobody change.
func (e *Erasure) leave(at actions.Posted, why error) {
	e.done.Left++
	e.Tell(fmt.Sprintf("A message in %s of %s can't be changed (%v).", at.Channel, at.TS, why))
}

// erased is what is written instead of a message.
func erased() blocks.Message {
	return blocks.Message{Text: erasedText, Blocks: []slack.Block{
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, erasedText, false, false), nil, nil),
	}}
}

// channels are all that are read, each once.
func (e *Erasure) channels(ctx context.Context) ([]string, error) {
	err := e.patiently(ctx, func() (err error) { e.self, err = e.Archive.Self(ctx); return err })
	if err != nil {
		return nil, err
	}
	var people []string
	for _, id := range e.People {
		if !groupID.MatchString(id) {
			people = append(people, id)
			continue
		}
		err := e.patiently(ctx, func() error {
			members, err := e.Archive.Group(ctx, id)
			people = append(people, members...)
			return err
		})
		switch {
		case errors.Is(err, ErrNoGroup) || refused(err, "unknown_method"): // it gives nobody a role either
			e.Tell(fmt.Sprintf("Who is in the group %s can't be read (%v). The direct messages of those who ever used Latchkey are read all the same.", id, err))
		case err != nil:
			return nil, err
		}
	}
	slices.Sort(people)
	channels := slices.Concat(e.Channels, e.Others)
	for _, id := range slices.Compact(people) {
		if !userID.MatchString(id) {
			continue // a terminal, a system of the company
		}
		err := e.patiently(ctx, func() error {
			channel, err := e.Archive.DM(ctx, id)
			channels = append(channels, channel)
			return err
		})
		switch {
		case errors.Is(err, ErrUndeliverable): // nobody of ours any more: where messages stand is among the others
			e.Tell(fmt.Sprintf("The direct message with %s can't be opened any more (%v).", id, err))
		case err != nil:
			return nil, err
		}
	}
	slices.Sort(channels)
	return slices.DeleteFunc(slices.Compact(channels), func(id string) bool { return id == "" }), nil
}

// channel reads the messages of a channel, and the threads below them that the bot wrote in;
// of one that was read before, only those that came since.
func (e *Erasure) channel(ctx context.Context, in string) error {
	since, again := e.newest[in]
	before, read, newest := e.done.Edited, 0, since
	err := e.pages(ctx, in, "", since, func(m slack.Message) error {
		if read++; read == 1 {
			newest = m.Timestamp
		}
		about, err := e.message(ctx, in, m, false)
		if err != nil {
			return err
		}
		if m.ReplyCount == 0 || !e.repliedIn(m) {
			return nil
		}
		return e.pages(ctx, in, m.Timestamp, "", func(reply slack.Message) error {
			if reply.Timestamp == m.Timestamp {
				return nil
			}
			read++
			_, err := e.message(ctx, in, reply, about)
			return err
		})
	})
	if err == nil {
		e.newest[in] = newest
		if !again || read > 0 {
			e.Tell(fmt.Sprintf("%s: %d messages read, %d of them erased.", in, read, e.done.Edited-before))
		}
	}
	return err
}

// repliersNamed is how many of those who wrote in a thread Slack names at most.
const repliersNamed = 5

// repliedIn reports whether the bot may have written in a message's thread.
func (e *Erasure) repliedIn(m slack.Message) bool {
	return len(m.ReplyUsers) == 0 || len(m.ReplyUsers) >= repliersNamed || slices.Contains(m.ReplyUsers, e.self.User)
}

// pages calls yield with each message of a channel or a thread.
func (e *Erasure) pages(ctx context.Context, in, thread, since string, yield func(slack.Message) error) error {
	for cursor := ""; ; {
		var page []slack.Message
		var next string
		err := e.patiently(ctx, func() (err error) {
			page, next, err = e.Archive.History(ctx, in, thread, since, cursor)
			return err
		})
		if err != nil {
			return err
		}
		for _, m := range page {
			if err := yield(m); err != nil {
				return err
			}
		}
		if cursor = next; cursor == "" {
			return nil
		}
	}
}

// message erases one message, if it is the bot's and names the person, or stands below
// one that does: what is said about a case is said in its thread. It reports whether the
// message is about them.
func (e *Erasure) message(ctx context.Context, in string, m slack.Message, below bool) (about bool, err error) {
	if m.User != e.self.User {
		return false, nil
	}
	at := actions.Posted{Channel: in, TS: m.Timestamp}
	if m.Text == erasedText {
		e.met[at] = true
		e.done.Emptied = append(e.done.Emptied, at)
		return true, nil
	}
	text, values, err := everyText(m)
	if err != nil || !below && !e.Names(text, values) {
		return false, err
	}
	e.met[at] = true
	return true, e.empty(ctx, at)
}

// empty writes a message anew, or removes it where that can't be.
func (e *Erasure) empty(ctx context.Context, at actions.Posted) error {
	err := e.patiently(ctx, func() error { return e.Archive.Update(ctx, at.Channel, at.TS, erased()) })
	if err == nil {
		e.done.Emptied = append(e.done.Emptied, at)
	}
	if errors.Is(err, ErrNoMessage) || errors.Is(err, ErrUndeliverable) { // too old to be edited, or in an archived channel
		err = e.patiently(ctx, func() error { return e.Archive.Delete(ctx, at.Channel, at.TS) })
	}
	switch {
	case errors.Is(err, ErrUndeliverable):
		e.leave(at, err)
		return nil
	case err != nil:
		return err
	}
	e.done.Edited++
	return nil
}

// everyText is all text in a message, a line each: what people read, and what is behind its
// links; and the values of its buttons.
func everyText(m slack.Message) (text string, values []string, err error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return "", nil, fmt.Errorf("reading a message: %w", err)
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", nil, fmt.Errorf("reading a message: %w", err)
	}
	var all said
	all.gather(value)
	return all.text.String(), all.values, nil
}

// said is what a message says.
type said struct {
	text   strings.Builder
	values []string
}

// unescaped undoes what Slack does to three characters in texts.
var unescaped = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// gather takes every text and every button's value in a value of JSON.
func (s *said) gather(value any) {
	switch value := value.(type) {
	case string:
		text := unescaped.Replace(value)
		s.text.WriteString(text + "\n")
		if plain, err := url.QueryUnescape(text); err == nil && plain != text {
			s.text.WriteString(plain + "\n")
		}
	case []any:
		for _, one := range value {
			s.gather(one)
		}
	case map[string]any:
		for name, one := range value {
			if behind, ok := one.(string); ok && name == "value" {
				s.values = append(s.values, unescaped.Replace(behind))
			} else {
				s.gather(one)
			}
		}
	}
}

// patience is how often something is tried that Slack fails at, and firstWait the pause
// before the second try; each further one is twice as long.
const (
	patience  = 5
	firstWait = time.Second
)

// patiently does something, again when Slack asks to wait or fails for a moment.
func (e *Erasure) patiently(ctx context.Context, do func() error) error {
	for try, wait := 1, firstWait; ; {
		err := do()
		var limited *slack.RateLimitedError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &limited):
			wait = max(limited.RetryAfter, firstWait) // however often that is
		case errors.Is(err, ErrUndeliverable) || errors.Is(err, ErrNoMessage) || errors.Is(err, ErrTokenRefused) || errors.Is(err, ErrNoGroup),
			try == patience, refused(err, "missing_scope", "invalid_auth", "token_revoked", "not_authed", "account_inactive"):
			return err
		default:
			try++
		}
		if err := e.pause(ctx, wait); err != nil {
			return err
		}
		wait *= 2
	}
}

func (e *Erasure) pause(ctx context.Context, d time.Duration) error {
	if e.Pause != nil {
		return e.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
