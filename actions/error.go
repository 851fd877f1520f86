package actions

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
)

// Code says what kind of failure an [Error] is.
type Code string

// The codes of an Error.
const (
	Invalid     Code = "invalid"     // what was asked can't be understood
	NotFound    Code = "not_found"   // nobody and nothing by that name
	Conflict    Code = "conflict"    // somebody was faster, or it was done already
	Forbidden   Code = "forbidden"   // this person may not
	Unavailable Code = "unavailable" // a part that we need doesn't answer
	Internal    Code = "internal"    // a defect of ours
)

// Error is the one error type of Latchkey. Sentence is for the person who
// reads it: what happened, why, what to do next; it holds no secret. Cause is
// for the log only.
type Error struct {
	Code     Code
	Sentence string
	Cause    error
}

// Error returns the sentence with its cause, for the log.
func (e *Error) Error() string {
	if e.Cause == nil {
		return e.Sentence
	}
	return e.Sentence + ": " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Errorf makes an Error without a cause.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Sentence: fmt.Sprintf(format, args...)}
}

// CodeOf returns the code of err: Unavailable for a deadline that ran out,
// Internal for an error that isn't ours, "" for nil.
func CodeOf(err error) Code {
	var ours *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &ours):
		return ours.Code
	case errors.Is(err, context.DeadlineExceeded):
		return Unavailable
	default:
		return Internal
	}
}

// Words are what a person reads of an error. Reference is set when the error
// was unexpected; the log carries the same one.
type Words struct {
	Code      Code
	Sentence  string
	Reference string
}

// Explain turns any error into words, for every place that shows one.
// Unavailable and internal errors get a fresh reference; the caller logs err
// under it.
func Explain(err error) Words {
	words := Words{Code: CodeOf(err)}
	var ours *Error
	if errors.As(err, &ours) {
		words.Sentence = ours.Sentence
	}
	switch words.Code {
	case Unavailable:
		if words.Sentence == "" {
			words.Sentence = "Latchkey took too long to answer, so nothing was done. Please try again in a minute."
		}
	case Internal:
		words.Sentence = "Something went wrong inside Latchkey, and it isn't your doing. Please try again."
	default:
		return words
	}
	words.Reference = newReference()
	words.Sentence += " If it stays like this, give your Latchkey admin the reference " + words.Reference + "."
	return words
}

// newReference makes a short name for one failure, easy to read out loud.
func newReference() string {
	var raw [5]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand ends the program instead
	return "E-" + base32.StdEncoding.EncodeToString(raw[:])
}
