package store

import (
	"context"
	"time"
)

// RememberTicket keeps the ticket that an agent works on, instead of the one
// before.
func (t *tx) RememberTicket(ctx context.Context, actor, ticket string, when time.Time) error {
	_, err := t.exec(ctx, `INSERT INTO tickets (actor, ticket, at) VALUES ($1, $2, $3)
		ON CONFLICT (actor) DO UPDATE SET ticket = excluded.ticket, at = excluded.at`,
		actor, storable(ticket), at(when))
	return failed("remembering a ticket", err)
}

// Ticket returns the actor's ticket remembered later than since, or "".
func (t *tx) Ticket(ctx context.Context, actor string, since time.Time) (string, error) {
	var ticket string
	_, err := t.get(ctx, &ticket, `SELECT ticket FROM tickets WHERE actor = $1 AND at > $2`, actor, at(since))
	return ticket, failed("looking for the remembered ticket", err)
}
