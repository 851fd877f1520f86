package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/actions/records"
)

// The limits of a request with records.
const (
	recordsBytes = 32 << 20
	// recordsTime is how long all of a request may take to arrive, and stallTime
	// how long nothing of it may.
	recordsTime = 5 * time.Minute
	stallTime   = 30 * time.Second
	// storeTime is how long it may take to store, which includes waiting for
	// another import.
	storeTime = 2 * time.Minute
	// answerTime is how long an answer may take to be sent.
	answerTime = 30 * time.Second
	// recordsAtOnce is how many requests are stored at once, arriveAtOnce how many
	// may arrive, which bounds what lies on the disk, and slotTime how long one
	// more waits.
	recordsAtOnce = 4
	arriveAtOnce  = 32
	slotTime      = 10 * time.Second
	// retryAfter is when to send again what couldn't be taken, in seconds.
	retryAfter = "10"
)

// Ingester takes in the records that systems of the company send.
// actions.Actions is one.
type Ingester interface {
	Doorkeeper
	// Ingest takes in records, all or nothing.
	Ingest(ctx context.Context, holder actions.TokenHolder, lines iter.Seq2[actions.Record, error]) (actions.Imported, error)
}

// Records answers POST /v1/records: JSON Lines of records from a system that
// holds a token, all taken or none. It may be sent again whatever the answer
// was: what was taken already changes nothing. after is called when records were
// taken and must not wait; unexpected errors go to log.
//
// 200 says what was taken, as an import does. 400 names line and field of the
// line that was no record, never with a word of what was sent. 401 (no good
// token) and 403 (one that may not send this) say no more; the log says which
// line it was. 405, 408, 413, 415, and 503 with Retry-After, mean what they mean
// everywhere.
func Records(ingester Ingester, after func(context.Context), log *slog.Logger) http.Handler {
	return &ingest{ingester: ingester, after: after, log: log, arriving: make(slots, arriveAtOnce), storing: make(slots, recordsAtOnce)}
}

// ingest is the handler of Records.
type ingest struct {
	ingester Ingester
	after    func(context.Context)
	log      *slog.Logger
	arriving slots
	storing  slots
}

var (
	errBusy     = &refusal{status: http.StatusServiceUnavailable, Sentence: "Several others are sending records right now, so nothing of this was taken. Please send it again in a moment."}
	errTooLong  = &refusal{status: http.StatusRequestEntityTooLarge, Sentence: "A request may have 32 MiB, so nothing of this one was taken. Please send the records in several."}
	errNotLines = &refusal{status: http.StatusUnsupportedMediaType, Sentence: "Records are sent as application/x-ndjson, one JSON object a line, and not compressed."}
	errStalled  = &refusal{status: http.StatusRequestTimeout, Sentence: "The request took too long to arrive, so nothing of it was taken. Please send the records again, in smaller requests perhaps."}
	errCutOff   = &refusal{status: http.StatusBadRequest, Sentence: "The request broke off before its end, so nothing of it was taken. Please send it again."}
)

// ServeHTTP takes one request.
func (h *ingest) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header(), "application/json")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		h.refuse(w, r, &refusal{status: http.StatusMethodNotAllowed, Sentence: "Records are sent with POST."})
		return
	}
	taken, err := h.take(w, r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerTime)) // a recorder in a test has none
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if h.after != nil {
		h.after(context.WithoutCancel(r.Context()))
	}
	_ = json.NewEncoder(w).Encode(taken) // who hung up reads nothing
}

// take lets the holder of a token in and takes their records. Nothing of the
// body is read before.
func (h *ingest) take(w http.ResponseWriter, r *http.Request) (actions.Imported, error) {
	if _, err := h.holder(r); err != nil {
		return actions.Imported{}, err
	}
	if err := acceptable(r); err != nil {
		return actions.Imported{}, err
	}
	arrived, err := h.arriving.take(r.Context())
	if err != nil {
		return actions.Imported{}, err
	}
	defer arrived()
	sent, err := receive(w, r)
	if err != nil {
		return actions.Imported{}, err
	}
	defer func() { _ = sent.Close() }() // its content is of no use any more
	stored, err := h.storing.take(r.Context())
	if err != nil {
		return actions.Imported{}, err
	}
	defer stored()
	// The token may have been revoked meanwhile.
	holder, err := h.holder(r)
	if err != nil {
		return actions.Imported{}, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), storeTime)
	defer cancel()
	return h.ingester.Ingest(ctx, holder, records.ReadSent(sent))
}

// holder returns who sends the request.
func (h *ingest) holder(r *http.Request) (actions.TokenHolder, error) {
	return bearer(r, h.ingester, actions.ScopeEvents, actions.ScopeDirectory)
}

// acceptable refuses a body that isn't JSON Lines, and one that says at once
// that it is too long.
func acceptable(r *http.Request) error {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return errNotLines
	}
	if given := r.Header.Get("Content-Type"); given != "" {
		media, _, err := mime.ParseMediaType(given)
		if err != nil || (media != "application/x-ndjson" && media != "application/json") {
			return errNotLines
		}
	}
	if r.ContentLength > recordsBytes {
		return errTooLong
	}
	return nil
}

// slots are how many may do something at once.
type slots chan struct{}

// take waits for a slot, for as long as slotTime.
func (s slots) take(ctx context.Context) (free func(), err error) {
	limit := time.NewTimer(slotTime)
	defer limit.Stop()
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-limit.C:
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// refuse answers with why a request wasn't taken.
func (h *ingest) refuse(w http.ResponseWriter, r *http.Request, err error) {
	answer := h.refusal(r.Context(), err)
	w.Header().Set("Connection", "close")
	connection := http.NewResponseController(w)
	_ = connection.EnableFullDuplex() // answered before all has come; a recorder in a test can't
	answer.head(w)
	_ = json.NewEncoder(w).Encode(answer) // who hung up reads nothing
	_ = connection.Flush()
	drain(connection, r)
}

// refusal turns an error into an answer.
func (h *ingest) refusal(ctx context.Context, err error) *refusal {
	var known *refusal
	var bad *actions.BadLine
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &bad) && actions.CodeOf(err) == actions.Forbidden:
		_, sentence := bad.Blind()
		h.log.WarnContext(ctx, "a token may not send a record", "line", bad.Line, "why", sentence)
	case errors.As(err, &bad):
		return refusalOf(bad)
	case actions.CodeOf(err) != actions.Forbidden && ctx.Err() != nil: // the sender has gone
		return errCutOff
	}
	return refusalFor(ctx, err, "records could not be taken", h.log)
}

// refusalOf is the answer for a bad line, with nothing of what stood on it.
func refusalOf(bad *actions.BadLine) *refusal {
	field, sentence := bad.Blind()
	return &refusal{
		status: http.StatusBadRequest, Line: bad.Line, Field: field,
		Sentence: fmt.Sprintf("%s Nothing of the request was taken; please mend the line and send it again.", sentence),
	}
}
