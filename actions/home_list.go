package actions

import (
	"context"
	"time"
)

// HomePart names a part of Home of which there may be more than Home has room for, and
// that no other list has.
type HomePart string

// The parts.
const (
	HomeApprovals HomePart = "approvals" // what waits for the viewer, the oldest first
	HomeVerified  HomePart = "verified"  // callers who are proven, the newest first
	HomeWatches   HomePart = "watches"   // whom the viewer waits for, the newest first
)

// HomePage is a page of a part of Home, at most HomePageSize of one kind.
type HomePage struct {
	Part      HomePart
	Offset    int
	Total     int
	Approvals []OperationReport
	Verified  []VerificationReport
	Watches   []WatchReport
	Now       time.Time
	Zone      *time.Location
}

// HomePageSize is how much a page of a part of Home has.
const HomePageSize = 15

// HomeList returns a page of a part of the actor's Home; it is a row of the audit.
// Errors: Forbidden; Invalid for a part or an offset that there isn't; Conflict for a
// request that was answered before; Unavailable.
func (a *Actions) HomeList(ctx context.Context, call Call, of HomePart, offset int) (HomePage, error) {
	if !May(call.Actor.Roles, ActHome) {
		return HomePage{}, a.Refuse(ctx, call, ActHome)
	}
	if offset < 0 || offset > offsetMost {
		return HomePage{}, errNoHomeList()
	}
	page := HomePage{Part: of, Offset: offset, Now: Instant(a.Now()), Zone: a.zone()}
	if err := a.fillHomePage(ctx, call.Actor, &page); err != nil || !a.Store.Keyed() {
		return page, err
	}
	return page, a.Store.Tx(ctx, func(tx Tx) error {
		return a.record(ctx, tx, call, AuditEntry{At: page.Now, Act: ActHome, Outcome: ActDone, Detail: "the list " + string(of)})
	})
}

func errNoHomeList() error {
	return Errorf(Invalid, "There is no such list. Please open Home again, and press one of its buttons.")
}

// fillHomePage reads what a page has.
func (a *Actions) fillHomePage(ctx context.Context, actor Actor, page *HomePage) error {
	switch page.Part {
	case HomeApprovals:
		open, err := a.approvalsFor(ctx, actor, page.Now)
		if err != nil {
			return err
		}
		page.Approvals, err = a.approvalReports(ctx, onPage(page, open))
		return err
	case HomeVerified:
		held, err := a.verifiedBy(ctx, actor, page.Now)
		if err != nil {
			return err
		}
		page.Verified, err = a.verifiedReports(ctx, onPage(page, held))
		return err
	case HomeWatches:
		open, err := a.OpenWatches(ctx, actor.ID)
		page.Watches = onPage(page, open)
		return err
	default:
		return errNoHomeList()
	}
}

// onPage are those of a list that a page shows.
func onPage[T any](page *HomePage, all []T) []T {
	page.Total = len(all)
	return pageOf(all, page.Offset, HomePageSize)
}
