package actions

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
)

// SolvedTicket is what came of a ticket that was solved.
type SolvedTicket struct {
	Ticket string // such as "#4711"
	Ended  int    // temporary admins that it ended now
	Gone   int    // of those, how many were looked for, and are gone already
}

// ticketPattern is what a ticket looks like.
var ticketPattern = regexp.MustCompile(`^#[A-Za-z0-9-]{1,32}$`)

// IsTicket reports whether a word names a ticket: "#" and digits, or letters with
// digits.
func IsTicket(word string) bool {
	return ticketPattern.MatchString(word) && strings.ContainsAny(word, "0123456789")
}

// ReadTicket reads a ticket as people and systems write it, "#4711" or "4711", and
// returns it as it is kept: "#4711". Errors: Invalid for what is no ticket.
func ReadTicket(raw string) (string, error) {
	ticket := "#" + strings.TrimPrefix(strings.TrimSpace(raw), "#")
	if !IsTicket(ticket) {
		return "", Errorf(Invalid, "A ticket is a number such as #4711, with letters and dashes if it has them. Please name one.")
	}
	return ticket, nil
}

// ticketAdmins is how many temporary admins of one ticket are ended at once.
const ticketAdmins = 100

// TicketSolved ends the temporary admins of a ticket, for a system of the company
// that says that it was solved (RULES S3.5). The same ticket again ends what was made
// since. It waits a moment for those on sites that we manage to be gone. What it ends
// is a row of the audit each, and so is the ticket when it ended anything.
//
// Errors: Forbidden without the scope tickets, Invalid for what is no ticket,
// Unavailable.
func (a *Actions) TicketSolved(ctx context.Context, holder TokenHolder, ticket string) (SolvedTicket, error) {
	if !holder.Has(ScopeTickets) {
		return SolvedTicket{}, Errorf(Forbidden, "This token doesn't open that.")
	}
	ticket, err := ReadTicket(ticket)
	if err != nil {
		return SolvedTicket{}, err
	}
	of, err := a.AdminsOf(ctx, ticket)
	if err != nil {
		return SolvedTicket{}, err
	}
	over := adminOver{end: AdminSolved, by: holder.Name, actor: holder.Actor().ID, act: ActAdminEnded}
	var ended []TempAdmin
	err = a.Store.Tx(ctx, func(tx Tx) (err error) {
		if ended, err = a.endAdmins(ctx, tx, of, over); err != nil || len(ended) == 0 {
			return err
		}
		return tx.Audit(ctx, AuditEntry{
			At: Instant(a.Now()), Act: ActTicketSolved, Actor: over.actor, Outcome: ActDone, Ticket: ticket,
			Detail: fmt.Sprintf("temporary admins that ended: %d", len(ended)),
		})
	})
	if err != nil {
		return SolvedTicket{}, err
	}
	gone, err := a.goneOf(ctx, ended)
	return SolvedTicket{Ticket: ticket, Ended: len(ended), Gone: gone}, err
}

// deleteAll deletes those that were just ended, at once, and waits a moment for that.
func (a *Actions) deleteAll(ctx context.Context, ended []TempAdmin) {
	var deleting sync.WaitGroup
	for _, t := range ended {
		if t.deletable() {
			a.at(stepAdminEnding)
			deleting.Go(func() { a.deleteSoon(ctx, t.ID) })
		}
	}
	deleting.Wait()
}

// goneOf deletes those that were just ended, and counts those that are gone.
func (a *Actions) goneOf(ctx context.Context, ended []TempAdmin) (gone int, err error) {
	a.deleteAll(ctx, ended)
	for _, t := range ended {
		now, found, err := a.Store.AdminByID(ctx, t.ID)
		if err != nil {
			return gone, err
		}
		if found && now.State == AdminGone {
			gone++
		}
	}
	return gone, nil
}

// TicketAdmins are the temporary admins of a ticket, with what is to be known to end
// them.
type TicketAdmins struct{ around []adminAround }

// AdminsOf reads the temporary admins of a ticket that haven't ended, in whatever case
// it is written; none for no ticket. Errors: Unavailable.
func (a *Actions) AdminsOf(ctx context.Context, ticket string) (TicketAdmins, error) {
	if ticket == "" {
		return TicketAdmins{}, nil
	}
	open, err := a.Store.AdminList(ctx, AdminFilter{Ends: true, Ticket: ticket}, ticketAdmins)
	if err != nil {
		return TicketAdmins{}, err
	}
	of := TicketAdmins{make([]adminAround, len(open))}
	for i, t := range open {
		if of.around[i], err = a.around(ctx, t); err != nil {
			return TicketAdmins{}, err
		}
	}
	return of, nil
}

// EndAdminsOf ends the temporary admins of a ticket, as AdminsOf read them, in the
// transaction that resolves its case, and returns them for [Actions.DeleteAdmins]. by
// is who did it.
func (a *Actions) EndAdminsOf(ctx context.Context, tx Tx, of TicketAdmins, by string) (ended []TempAdmin, err error) {
	return a.endAdmins(ctx, tx, of, adminOver{end: AdminResolved, by: by, act: ActAdminEnded})
}

// deleteWait is how long whoever resolves a case waits for what is deleted with it.
const deleteWait = time.Second

// DeleteAdmins deletes what EndAdminsOf ended, once that is stored. It waits a second;
// what takes longer goes on, and [Actions.SweepAdmins] does what is left.
func (a *Actions) DeleteAdmins(ctx context.Context, ended []TempAdmin) {
	ctx, cancel := context.WithTimeout(ctx, deleteWait)
	defer cancel()
	a.deleteAll(ctx, ended)
}

// endAdmins ends some in one transaction, and returns those that it ended.
func (a *Actions) endAdmins(ctx context.Context, tx Tx, of TicketAdmins, over adminOver) (ended []TempAdmin, err error) {
	for _, x := range of.around {
		t, changed, err := a.endAdmin(ctx, tx, x, over)
		if err != nil {
			return nil, err
		}
		if changed {
			ended = append(ended, t)
		}
	}
	return ended, nil
}

// deletable reports whether it is one that Latchkey deletes now.
func (t TempAdmin) deletable() bool { return t.State == AdminEnding && t.Site == SiteManaged }
