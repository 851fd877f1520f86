package actions

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// sendable says which scopes let a system send the records of a kind. A kind
// that isn't in it comes only from an import.
var sendable = map[string][]Scope{
	"attempt":    {ScopeEvents, ScopeDirectory},
	"delivery":   {ScopeEvents, ScopeDirectory},
	"code":       {ScopeEvents, ScopeDirectory},
	"reset_link": {ScopeEvents, ScopeDirectory},

	"account":     {ScopeDirectory},
	"user":        {ScopeDirectory},
	"membership":  {ScopeDirectory},
	"lock":        {ScopeDirectory},
	"suppression": {ScopeDirectory},
}

// Ingest takes in the records that a system sends, all or nothing, as
// [Actions.Import] does; sending the same twice changes nothing, and neither do
// two who send the same at once. What is sent changes less than what is
// imported (see [Record.Over]). It is a row of the audit under the holder's
// name.
//
// Errors: *BadLine for a line that isn't a record; Forbidden, with the *BadLine
// as its cause, for a kind of record that the token may not send; Unavailable
// when the database doesn't answer, is busy for longer than ctx lasts, or met
// another who sent the same: it can be sent again.
func (a *Actions) Ingest(ctx context.Context, holder TokenHolder, lines iter.Seq2[Record, error]) (Imported, error) {
	tally, err := a.Import(ctx, Call{Actor: holder.Actor()}, Import{Lines: a.sent(holder, lines)})
	if err != nil {
		return Imported{}, err
	}
	return Imported{Imported: tally.Total(), Records: tally}, nil
}

// sent yields the lines as the holder's, and an error for the first that they
// may not send.
func (a *Actions) sent(holder TokenHolder, lines iter.Seq2[Record, error]) iter.Seq2[Record, error] {
	at := Instant(a.Now())
	return func(yield func(Record, error) bool) {
		for record, err := range lines {
			if err == nil {
				record.SentAt = at
				err = holder.maySend(record)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// maySend returns a Forbidden error for a record of a kind that the holder may
// not send.
func (h TokenHolder) maySend(record Record) error {
	kind := record.Kind()
	scopes := sendable[kind]
	if slices.ContainsFunc(scopes, h.Has) {
		return nil
	}
	problem := fmt.Sprintf("a record of the type %s needs a token of the scope %s", kind, joinScopes(scopes))
	if len(scopes) == 0 {
		problem = fmt.Sprintf("a record of the type %s comes only from latchkey import", kind)
	}
	bad := &BadLine{File: record.File, Line: record.Line, Field: "type", Problem: problem}
	_, sentence := bad.Blind()
	return &Error{Code: Forbidden, Sentence: sentence, Cause: bad}
}
