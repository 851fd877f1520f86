package actions

import "errors"

// adminField is the cause of an error about a field of a form, by its name (see
// [AdminField]).
type adminField string

func (f adminField) Error() string { return "about the field " + string(f) }

// aboutAdmin says of an error that it is about a field; nil stays nil.
func aboutAdmin(field adminField, err error) error {
	ours := new(Error)
	if !errors.As(err, &ours) {
		return err
	}
	return &Error{Code: ours.Code, Sentence: ours.Sentence, Cause: field}
}
