package main

import (
	"context"
	"io"
	"log/slog"

	"github.com/latchkey-bot/latchkey/actions"
)

// newLog is the log of a server: a JSON object a line, with the ID of the request.
func newLog(w io.Writer) *slog.Logger {
	return slog.New(requestLog{slog.NewJSONHandler(w, nil)})
}

// requestLog adds the ID of the request that a context serves to each record, as
// "request".
type requestLog struct{ slog.Handler }

// Handle adds the ID and hands the record on.
func (l requestLog) Handle(ctx context.Context, record slog.Record) error {
	if id := actions.RequestID(ctx); id != "" {
		record = record.Clone()
		record.AddAttrs(slog.String("request", id))
	}
	return l.Handler.Handle(ctx, record)
}

// WithAttrs keeps adding it.
func (l requestLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return requestLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup keeps adding it.
func (l requestLog) WithGroup(name string) slog.Handler {
	return requestLog{l.Handler.WithGroup(name)}
}
