package bot

import (
	"encoding/json"
	"errors"

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
// filled in; nil when err is about no field.
func fieldErrors(err error) []byte {
	var wrong *fieldError
	if !errors.As(err, &wrong) {
		return nil
	}
	body, err := json.Marshal(map[string]any{
		"response_action": "errors",
		"errors":          map[string]string{wrong.field: actions.Explain(wrong.err).Sentence},
	})
	if err != nil {
		return nil
	}
	return body
}
