package bot

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/latchkey-bot/latchkey/actions"
)

// fieldError is what is wrong with one field of a modal. It is said beside the
// field, and the modal stays open.
type fieldError struct {
	field string // its block_id
	err   error
}

func (e *fieldError) Error() string { return e.err.Error() }
func (e *fieldError) Unwrap() error { return e.err }

// inField says err of a field; when there is none, the sentence.
func inField(field string, err error, sentence string) error {
	if err == nil {
		err = actions.Errorf(actions.Invalid, "%s", sentence)
	}
	return &fieldError{field, err}
}

// fieldErrors is the acknowledgement of a modal that can't be taken as it was
// filled in; nil when err is about no field. What fails for a moment is said beside
// a field, too: the modal stays open, and nothing that was typed is lost.
func (b *Bot) fieldErrors(ctx context.Context, in Inbound, err error) []byte {
	wrong := new(fieldError)
	switch field := typedInto(in.Inputs); {
	case errors.As(err, &wrong):
	case field != "" && actions.CodeOf(err) == actions.Unavailable:
		wrong = &fieldError{field, err}
	default:
		return nil
	}
	body, err := json.Marshal(map[string]any{
		"response_action": "errors",
		"errors":          map[string]string{wrong.field: b.explain(ctx, in, wrong.err).Sentence},
	})
	if err != nil {
		return nil
	}
	return body
}

// typedInto is the input of a modal that holds most, "" for none.
func typedInto(inputs map[string]string) string {
	most := ""
	for _, field := range slices.Sorted(maps.Keys(inputs)) {
		if most == "" || len(inputs[field]) > len(inputs[most]) {
			most = field
		}
	}
	return most
}
