package actions

import (
	"context"
	"errors"
	"time"
)

// delistLimit is how long one system may take to take an address off its lists, both
// tries together, and readBackLimit how long to say that it did: three systems fit
// into carryLimit.
const (
	delistLimit   = 4 * time.Second
	readBackLimit = 2 * time.Second
)

// noLists is for who has nothing that could be asked.
const noLists = "Latchkey asks no system that holds mail back, so there is nothing that it could take an address off. Please tell your Latchkey admin."

// ErrTurnedAway is the cause of the error of a system that surely did nothing,
// because it doesn't let Latchkey in.
var ErrTurnedAway = errors.New("it turned Latchkey away")

// delisting takes a customer's address off every list that holds mail back, for a
// case. Those who took themselves off stay off: that is theirs to change (RULES
// S2.2, S4.9).
var delisting = procedure{
	act:   ActDelist,
	check: checkDelisting,
	steps: []step{{
		kind: ChangeDelisted, what: "taking the address off the lists", lists: true,
		change: func(op Operation) Change { return Change{Email: op.Params.Email} },
	}},
	does: func(Operation) []string {
		return []string{
			"Takes their e-mail address off every list that holds mail back, in each system that Latchkey asks, and looks there again.",
			"A wish to get no newsletters stays as it is: only they can change that.",
		}
	},
	after: "Your address is off the lists at our end that held mail back. We can send you a fresh reset now; please look into the spam folder, too.",
}

// checkDelisting refuses what isn't asked for on a case, and an address that isn't
// the customer's any more: somebody else's wouldn't help them.
func checkDelisting(p *plan) {
	switch address := p.Users[0].Email; {
	case p.params.Case == "" || p.params.Email == "":
		p.refuse("", "An address is taken off lists from the case about it. Please escalate it first.")
	case address == "":
		p.refuse("", "They have no e-mail address on file any more, so there is nothing to take off a list.")
	case AddressKey(address) != AddressKey(p.params.Email):
		p.refuse("", "They have another e-mail address by now than the one of the case, so this wouldn't help them. Please look them up again.")
	}
}

// delistAt takes the address of a change off the lists of a.Lists[i], however it is
// written there.
func (a *Actions) delistAt(ctx context.Context, i int, change Change) error {
	written, err := a.spellings(ctx, i, change.Email)
	if err != nil {
		return err
	}
	for _, change.Email = range written {
		if err := a.Lists[i].Delist(ctx, change); err != nil {
			return err
		}
	}
	return nil
}

// delistedAt looks whether a.Lists[i] holds no mail back any more from the address of
// a change. Only then a diagnosis doesn't know of it any more, either.
func (a *Actions) delistedAt(ctx context.Context, i int, change Change) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, readBackLimit)
	defer cancel()
	entries, err := a.entriesOf(ctx, i, change.Email)
	off := err == nil && !HeldBack(entries)
	if !off || i == 0 { // what the directory's own lists show is what it did
		return off, err
	}
	err = a.Store.Tx(ctx, func(tx Tx) error { return tx.DelistKept(ctx, a.Lists[i].Name(), change.Email, Instant(a.Now())) })
	return err == nil, err
}
