package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/latchkey-bot/latchkey/actions"
)

// ticketBytes is how long a request about a ticket may be, which is far more than
// the number of one is.
const ticketBytes = 1 << 10

// TicketDesk ends what was made for a ticket. actions.Actions is one.
type TicketDesk interface {
	Doorkeeper
	// TicketSolved ends the temporary admins of a ticket. Its errors are Forbidden,
	// Invalid, with a sentence, for what is no ticket, and Unavailable.
	TicketSolved(ctx context.Context, holder actions.TokenHolder, ticket string) (actions.SolvedTicket, error)
}

// solved is what came of a ticket that was solved.
type solved struct {
	Ticket string `json:"ticket"`
	Ended  int    `json:"ended"`
	Gone   int    `json:"gone"`
}

var (
	errNotTicket     = &refusal{status: http.StatusBadRequest, Sentence: `A ticket is named with {"ticket": "#4711"}, and nothing beside it.`}
	errTicketNotJSON = &refusal{status: http.StatusUnsupportedMediaType, Sentence: "A ticket is sent as application/json, and not compressed."}
	errLongTicket    = &refusal{status: http.StatusRequestEntityTooLarge, Sentence: "That is too long to be a ticket."}
)

// TicketsSolved answers POST /v1/tickets/solved, by which the ticket system says that
// a ticket was solved: its temporary admins end (RULES S3.5). It needs a token of the
// scope tickets.
//
// The request is {"ticket"} and nothing else: "#4711", "4711" or the number 4711. 200
// says {"ticket", "ended", "gone"}: how many temporary admins ended now, and how many
// of those are gone already; the others are deleted as soon as their target lets it
// be. The same again ends what was made since. 400, 413 and 415 say what is wrong
// with the request; 401 and 403 say no more; unexpected errors go to log, and the
// request may be sent again after them.
func TicketsSolved(tickets TicketDesk, log *slog.Logger) http.Handler {
	return &desk{
		door: tickets, scope: actions.ScopeTickets, method: http.MethodPost, log: log, failed: "a ticket's temporary admins could not be ended",
		serve: func(w http.ResponseWriter, r *http.Request, holder actions.TokenHolder) (any, error) {
			ticket, err := sentTicket(w, r)
			if err != nil {
				return nil, err
			}
			came, err := tickets.TicketSolved(r.Context(), holder, ticket)
			if actions.CodeOf(err) == actions.Invalid {
				return nil, &refusal{status: http.StatusBadRequest, Sentence: actions.Explain(err).Sentence}
			}
			return solved(came), err
		},
	}
}

// sentTicket reads the ticket out of a request.
func sentTicket(w http.ResponseWriter, r *http.Request) (string, error) {
	body, err := jsonBody(w, r, ticketBytes)
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, errNotSaidJSON):
		return "", errTicketNotJSON
	case errors.As(err, &tooLong):
		return "", errLongTicket
	case err != nil:
		return "", errNotTicket
	}
	return onlyTicket(body)
}

// onlyTicket reads {"ticket": "#4711"}, or with a number, and takes nothing else for
// it. Its error is errNotTicket.
func onlyTicket(body []byte) (string, error) {
	if !utf8.Valid(body) || !json.Valid(body) || !pairedSurrogates(body) {
		return "", errNotTicket
	}
	next := json.NewDecoder(bytes.NewReader(body))
	next.UseNumber()
	var sent [4]json.Token // {, the name, its value, }
	for i := range sent {
		var err error
		if sent[i], err = next.Token(); err != nil {
			return "", errNotTicket
		}
	}
	if sent[0] != json.Delim('{') || sent[1] != "ticket" || sent[3] != json.Delim('}') {
		return "", errNotTicket
	}
	switch value := sent[2].(type) {
	case string:
		if value == "" || strings.ContainsRune(value, 0) {
			return "", errNotTicket
		}
		return value, nil
	case json.Number:
		if strings.Trim(value.String(), "0123456789") == "" {
			return value.String(), nil
		}
	}
	return "", errNotTicket
}
