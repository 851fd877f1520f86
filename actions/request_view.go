package actions

import (
	"context"
	"crypto/hmac"
	"errors"
	"time"
)

// RequestLink makes the link by which who asked opens what came, good for 5 minutes
// and once; the one before is void. Nobody else gets one, also not at the terminal.
// It is a row of the audit.
//
// Errors: Forbidden for who may not, or was stopped; NotFound alike for a request
// that nobody made and somebody else's; Conflict when there is nothing to open, and
// for a request that was answered before; Unavailable.
func (a *Actions) RequestLink(ctx context.Context, call Call, id string) (link string, until time.Time, err error) {
	if !May(call.Actor.Roles, ActSecretOpen) {
		return "", time.Time{}, a.Refuse(ctx, call, ActSecretOpen)
	}
	if err := a.CanSendSecrets(); err != nil {
		return "", time.Time{}, err
	}
	token := randomBytes(requestTokenBytes)
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		r, found, err := tx.Request(ctx, id)
		switch {
		case err != nil:
			return err
		case !found || r.Actor != call.Actor.ID:
			return errNoRequest()
		}
		if state, _ := r.StateAt(now); state != RequestReceived {
			return errNothingToOpen(state)
		}
		if err := a.record(ctx, tx, call, r.entry(now, ActSecretOpen, r.Actor, "took a link to open what came")); err != nil {
			return err
		}
		until = now.Add(viewTime)
		if r.ExpiresAt.Before(until) {
			until = r.ExpiresAt
		}
		// The key of the customer's proof proves this one, too: a record names one.
		kid := a.Keys.heldOrCurrent(r.KeyID)
		proof, err := a.Keys.prove(kid, proofRequestView, r.ID, string(token))
		if err != nil {
			return err
		}
		return tx.KeepView(ctx, r.ID, proof, kid, until)
	})
	if err != nil {
		return "", time.Time{}, a.stopped(ctx, call, ActSecretOpen, err)
	}
	return a.requestURL(id, encoded(token)), until, nil
}

// errNothingToOpen says why a request that isn't received can't be opened.
func errNothingToOpen(state RequestState) error {
	switch state {
	case RequestOpened:
		return Errorf(Conflict, "It was opened already, and deleted by that. If you need it again, ask again.")
	case RequestExpired:
		return Errorf(Conflict, "The request ran out, and what may have come was deleted. Please ask again.")
	case RequestWithdrawn:
		return Errorf(Conflict, "The request was withdrawn, so there is nothing to open. Please ask again if you need it.")
	case RequestAsked, RequestReceived:
	}
	return Errorf(Conflict, "Nothing has come yet. The card changes as soon as something does.")
}

// ViewAnswer opens what came for a request, once: token is that of the link which
// who asked was given. What came and the key that opens it are deleted by the
// transaction that reads them, committed before the content is returned: of two at
// once, one gets it. With a wrong token, or one that a newer link has voided, it is
// the zero value, and nothing changed.
//
// Errors: Unavailable; nothing changed then.
func (a *Actions) ViewAnswer(ctx context.Context, id string, token []byte) (RequestViewed, error) {
	held, holds, err := a.requested(ctx, id, token)
	if err != nil || holds != holdsView {
		return RequestViewed{}, err
	}
	if viewed := held.viewed(Instant(a.Now())); !viewed.opens() {
		return viewed, nil
	}
	var viewed RequestViewed
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		r, found, err := tx.Request(ctx, id)
		viewed = RequestViewed{}
		if err != nil || !found || !hmac.Equal(r.ViewProof, held.ViewProof) {
			return err // a newer link has voided this one
		}
		if viewed = r.viewed(now); !viewed.opens() {
			return nil
		}
		if err := stoppedNow(ctx, tx, r.Actor); errors.Is(err, errStopped) {
			viewed.Late = true // the link was given before they were stopped
			return nil
		} else if err != nil {
			return err
		}
		viewed, err = a.openReceived(ctx, tx, r, now)
		return err
	})
	if err != nil {
		return RequestViewed{}, err
	}
	if viewed.Content != nil {
		a.at(stepRequestOpened)
	}
	return viewed, nil
}

// viewed is how a request stands for who holds the link that opens it.
func (r SecretRequest) viewed(now time.Time) RequestViewed {
	var v RequestViewed
	v.State, v.At = r.StateAt(now)
	v.Late = v.State == RequestReceived && !r.ViewUntil.After(now)
	return v
}

// opens reports whether there is something to open, and the link is good.
func (v RequestViewed) opens() bool { return v.State == RequestReceived && !v.Late }

// openReceived moves a request from received to opened, with all that goes with it.
// The row of the audit names who asked: nobody else was given the link.
func (a *Actions) openReceived(ctx context.Context, tx Tx, r SecretRequest, now time.Time) (RequestViewed, error) {
	ended, err := tx.EndRequest(ctx, r.ID, []RequestState{RequestReceived}, RequestOpened, "", now)
	switch {
	case err != nil:
		return RequestViewed{}, err
	case !ended:
		return RequestViewed{}, errOvertaken
	}
	content, err := a.takeAnswerOf(ctx, tx, r)
	if err != nil {
		return RequestViewed{}, err
	}
	if err := tx.Audit(ctx, r.entry(now, ActSecretOpen, r.Actor, "opened what came, by the link they took")); err != nil {
		return RequestViewed{}, err
	}
	if err := a.movedOn(ctx, tx, r, RequestOpened, r.Actor, OutgoingRequestOpened); err != nil {
		return RequestViewed{}, err
	}
	a.at(stepRequestOpening)
	return RequestViewed{State: RequestOpened, At: now, Content: content}, nil
}

// takeAnswerOf removes the key of a request and what came for it, and opens that.
func (a *Actions) takeAnswerOf(ctx context.Context, tx Tx, r SecretRequest) ([]byte, error) {
	private, err := a.takeSealed(ctx, tx, SealRequest, r.ID)
	if err != nil {
		return nil, err
	}
	defer clear(private)
	packed, err := a.takeSealed(ctx, tx, SealAnswer, r.ID)
	if err != nil {
		return nil, err
	}
	answer, ok := unpackAnswer(packed)
	if !ok {
		return nil, errUnsealed
	}
	return answer.open(private, r.ID)
}
