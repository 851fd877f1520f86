package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
)

// maxBody is how many bytes a request of the page may have.
const maxBody = 64 << 10

// done is what is said of what was done. Failed is Slack's code when the app
// didn't take it; the person was told in the conversation. Happened is how a
// customer's attempt ended, when it didn't as they wanted.
type done struct {
	Failed   string `json:"failed,omitempty"`
	Happened string `json:"happened,omitempty"`
}

// asker is who asks for something; it stands in every request.
type asker struct {
	As string `json:"as"`
}

func (a asker) who() string { return a.As }

// take reads a request of the page and does what it says, as one of the people
// whom one can be.
func take[T interface{ who() string }](s *sandbox, do func(context.Context, T) (done, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var asked T
		if err := read(w, r, &asked); err != nil {
			fail(w, err)
			return
		}
		if !s.knows(asked.who()) {
			fail(w, errNobody)
			return
		}
		result, err := do(r.Context(), asked)
		if err != nil {
			fail(w, err)
			return
		}
		answer(w, http.StatusOK, result)
	}
}

// read reads one JSON value and nothing else.
func read(w http.ResponseWriter, r *http.Request, to any) error {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
		return fault{http.StatusUnsupportedMediaType, errMalformed.sentence}
	}
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	in.DisallowUnknownFields()
	var tooLong *http.MaxBytesError
	switch err := in.Decode(to); {
	case errors.As(err, &tooLong):
		return errTooLong
	case err != nil:
		return errMalformed
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return errMalformed
	}
	return nil
}

type commandAsked struct {
	asker
	Conversation string `json:"conversation"`
	Thread       string `json:"thread"`
	Text         string `json:"text"` // with the command
}

func (s *sandbox) command(ctx context.Context, asked commandAsked) (done, error) {
	if err := s.writes(asked.As, asked.Conversation); err != nil {
		return done{}, err
	}
	name, rest := word(asked.Text)
	if !slices.ContainsFunc(s.config.Commands, func(c Command) bool { return c.Name == name }) {
		return done{}, fault{http.StatusNotFound, "That isn't a command of this workspace. Type / to see which there are, or begin with a space to say it."}
	}
	got, err := s.config.App.Command(ctx, slackfake.Command{
		User: asked.As, Channel: asked.Conversation, Thread: asked.Thread, Name: name, Text: slackfake.Typed(rest),
	})
	return outcome(got, err, errNowhere)
}

// errNowhere is for a conversation that somebody doesn't see, there or not;
// errArchived for one that they can only read.
var (
	errNowhere  = gone("That conversation isn't there.")
	errArchived = gone("The channel is archived. Nobody writes there any more.")
)

// writes refuses to write into a conversation that somebody doesn't see, or can
// only read.
func (s *sandbox) writes(user, conversation string) error {
	all := s.config.Slack.View(user).Conversations
	at := slices.IndexFunc(all, func(c slackfake.Conversation) bool { return c.ID == conversation })
	switch {
	case at < 0:
		return errNowhere
	case all[at].Archived:
		return errArchived
	}
	return nil
}

// word splits a text after its first word.
func word(text string) (first, rest string) {
	text = strings.TrimSpace(text)
	if end := strings.IndexAny(text, " \t\n"); end >= 0 {
		return strings.ToLower(text[:end]), strings.TrimSpace(text[end:])
	}
	return strings.ToLower(text), ""
}

type sayAsked struct {
	asker
	Conversation string `json:"conversation"`
	Thread       string `json:"thread"`
	Text         string `json:"text"`
}

func (s *sandbox) say(_ context.Context, asked sayAsked) (done, error) {
	if err := s.writes(asked.As, asked.Conversation); err != nil {
		return done{}, err
	}
	if _, err := s.config.Slack.Say(asked.As, asked.Conversation, asked.Thread, asked.Text); err != nil {
		return done{}, gone("That couldn't be said there.")
	}
	return done{}, nil
}

type clickAsked struct {
	asker
	Conversation string                       `json:"conversation"`
	Message      string                       `json:"message"` // its TS
	View         string                       `json:"view"`    // a modal's ID, or "home"
	Block        string                       `json:"block"`
	Action       string                       `json:"action"`
	Value        string                       `json:"value"`
	Values       map[string]map[string]string `json:"values"` // of the view's inputs
}

func (s *sandbox) click(ctx context.Context, asked clickAsked) (done, error) {
	if asked.Message == "" && asked.View == "" {
		return done{}, errMalformed
	}
	got, err := s.config.App.Click(ctx, slackfake.Click{
		User: asked.As, Channel: asked.Conversation, Message: asked.Message, View: asked.View,
		Block: asked.Block, Action: asked.Action, Value: asked.Value, Values: asked.Values,
	})
	return outcome(got, err, gone("That button isn't there any more."))
}

type shortcutAsked struct {
	asker
	Conversation string `json:"conversation"`
	Message      string `json:"message"` // its TS; "" for a global shortcut
	Callback     string `json:"callback"`
}

func (s *sandbox) shortcut(ctx context.Context, asked shortcutAsked) (done, error) {
	is := func(known Shortcut) bool {
		return known.Callback == asked.Callback && known.Message == (asked.Message != "")
	}
	if !slices.ContainsFunc(s.config.Shortcuts, is) {
		return done{}, errMalformed
	}
	got, err := s.config.App.Shortcut(ctx, slackfake.Shortcut{
		User: asked.As, Channel: asked.Conversation, Message: asked.Message, Callback: asked.Callback,
	})
	return outcome(got, err, gone("That message isn't there any more."))
}

type submitAsked struct {
	asker
	View   string                       `json:"view"`
	Values map[string]map[string]string `json:"values"`
}

func (s *sandbox) submit(ctx context.Context, asked submitAsked) (done, error) {
	got, err := s.config.App.Submit(ctx, slackfake.Submission{User: asked.As, View: asked.View, Values: asked.Values})
	return outcome(got, err, gone("That dialog isn't open any more."))
}

type closeAsked struct {
	asker
	View string `json:"view"`
}

func (s *sandbox) closeModal(ctx context.Context, asked closeAsked) (done, error) {
	got, err := s.config.App.CloseModal(ctx, asked.As, asked.View)
	return outcome(got, err, gone("That dialog isn't open any more."))
}

type homeAsked struct{ asker }

func (s *sandbox) openHome(ctx context.Context, asked homeAsked) (done, error) {
	got, err := s.config.App.OpenHome(ctx, asked.As)
	if err == nil && got.Status != http.StatusOK {
		return done{}, errSilent
	}
	return outcome(got, err, errSilent)
}

// outcome is what became of what was sent to the app. An error is that it
// wasn't sent, since what it was about isn't there.
func outcome(got *slackfake.Answer, err error, otherwise fault) (done, error) {
	if err != nil {
		return done{}, otherwise
	}
	return done{Failed: got.Failed}, nil
}
