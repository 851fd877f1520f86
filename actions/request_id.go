package actions

import (
	"context"
	"crypto/rand"
)

// requestKey is where a context keeps the ID of the request that it serves.
type requestKey struct{}

// requestIDLimit is the longest ID of a request, in bytes.
const requestIDLimit = 64

// NewRequestID makes the ID of a request: what the log and the outbox name it by. It
// says nothing about who asked, or for what.
func NewRequestID() string { return rand.Text() }

// ValidRequestID reports whether an ID that another system made may name a request: 1
// to 64 of A to Z, a to z, 0 to 9, ".", "_" and "-", so that no log can be forged by it.
func ValidRequestID(id string) bool {
	for _, c := range []byte(id) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '_', c == '-':
		default:
			return false
		}
	}
	return id != "" && len(id) <= requestIDLimit
}

// WithRequestID returns a context that serves the request of that ID: its lines of the
// log have it, and so do the messages that it enqueues.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the ID of the request that a context serves, "" for none.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
