package actions

import (
	"context"
	"crypto/hmac"
	"errors"
	"slices"
	"time"
)

// tagBytes is the size of the tags of AES-GCM.
const tagBytes = 16

// RequestStatus says how a request stands: to the customer by the token of their
// link, to who asked by that of theirs, 32 bytes each. With a wrong one, or an ID
// that nobody has, it is the zero value. Asking changes nothing. Errors:
// Unavailable.
func (a *Actions) RequestStatus(ctx context.Context, id string, token []byte) (RequestPage, error) {
	r, holds, err := a.requested(ctx, id, token)
	if err != nil || holds == holdsNothing {
		return RequestPage{}, err
	}
	return r.page(Instant(a.Now()), holds), nil
}

// holding is what a token is good for.
type holding int

const (
	holdsNothing holding = iota
	holdsLink            // the customer's: to send
	holdsView            // that of who asked: to open what came
)

// requested reads a request for who has one of its tokens; without, it is the zero
// value. An ID that nobody has is compared, too: it takes as long as a wrong token.
func (a *Actions) requested(ctx context.Context, id string, token []byte) (SecretRequest, holding, error) {
	if !isRandomText(id, secretIDBytes) || len(token) != requestTokenBytes {
		return SecretRequest{}, holdsNothing, nil
	}
	if a.Keys.Empty() {
		return SecretRequest{}, holdsNothing, errNoKeyToSeal()
	}
	r, _, err := a.Store.RequestByID(ctx, id)
	if err != nil {
		return SecretRequest{}, holdsNothing, err
	}
	kid := a.Keys.heldOrCurrent(r.KeyID)
	link, err := a.Keys.prove(kid, proofRequest, id, string(token))
	if err != nil {
		return SecretRequest{}, holdsNothing, err
	}
	view, err := a.Keys.prove(kid, proofRequestView, id, string(token))
	if err != nil {
		return SecretRequest{}, holdsNothing, err
	}
	sends, views := hmac.Equal(link, r.Proof), hmac.Equal(view, r.ViewProof)
	switch {
	case sends:
		return r, holdsLink, nil
	case views:
		return r, holdsView, nil
	}
	return SecretRequest{}, holdsNothing, nil
}

// page is what the page of a request shows to who has one of its links.
func (r SecretRequest) page(now time.Time, holds holding) RequestPage {
	p := RequestPage{ExpiresAt: r.ExpiresAt, From: r.From, What: r.What, Why: r.Why, Viewing: holds == holdsView}
	if p.State, p.At = r.StateAt(now); p.State == RequestAsked && !p.Viewing {
		p.PublicKey = r.PublicKey
	}
	return p
}

// ReceiveAnswer takes what a customer's browser sealed for a request, once: token
// is that of their link. It is tried before it is taken, so that nothing is kept
// that who asked couldn't open. Then it waits, sealed, as long again as the request
// lived, and who asked is told. taken is false, and nothing changed, when the page
// says another state than asked, and with a wrong token, whose page is the zero
// value.
//
// Errors: Invalid for an answer that can't be opened, that holds no text or more
// than ContentLimit; Unavailable. Nothing changed then.
func (a *Actions) ReceiveAnswer(ctx context.Context, id string, token []byte, answer RequestAnswer) (page RequestPage, taken bool, err error) {
	r, holds, err := a.requested(ctx, id, token)
	if err != nil || holds != holdsLink {
		return RequestPage{}, false, err
	}
	if p := r.page(Instant(a.Now()), holds); p.State != RequestAsked {
		return p, false, nil
	}
	switch err := a.tryAnswer(ctx, r, answer); {
	case errors.Is(err, errKeyGone):
		page, err := a.RequestStatus(ctx, id, token) // it ended at this moment
		return page, false, err
	case err != nil:
		return RequestPage{}, false, err
	}
	sealed, err := a.Keys.Seal(SealAnswer, r.ID, answer.packed())
	if err != nil {
		return RequestPage{}, false, err
	}
	if taken, err = a.receive(ctx, &r, sealed); err != nil {
		return RequestPage{}, false, err
	}
	if !taken {
		page, err := a.RequestStatus(ctx, id, token) // somebody was faster
		return page, false, err
	}
	a.at(stepRequestTaken)
	return r.page(r.ReceivedAt, holds), true, nil
}

// receive stores an answer, in the transaction that moves the request on.
func (a *Actions) receive(ctx context.Context, r *SecretRequest, sealed Sealed) (taken bool, err error) {
	asked := *r
	err = a.Store.Tx(ctx, func(tx Tx) error {
		now := Instant(a.Now())
		*r = asked
		r.State, r.ReceivedAt, r.ExpiresAt = RequestReceived, now, now.Add(asked.ExpiresAt.Sub(asked.At))
		if taken, err = tx.ReceiveRequest(ctx, r.ID, now, r.ExpiresAt); err != nil || !taken {
			return err
		}
		if err := tx.PutSealed(ctx, sealed); err != nil {
			return err
		}
		if err := tx.Audit(ctx, r.entry(now, ActSecretReceived, linkHolder, "what was asked for came")); err != nil {
			return err
		}
		if err := a.movedOn(ctx, tx, *r, r.State, linkHolder, OutgoingRequestReceived); err != nil {
			return err
		}
		a.at(stepRequestReceived)
		return nil
	})
	return taken && err == nil, err
}

// errKeyGone is for a request that ended while something came for it.
var errKeyGone = errors.New("the key of the request is gone")

// tryAnswer opens an answer as who asked will, and throws away what it reads.
func (a *Actions) tryAnswer(ctx context.Context, r SecretRequest, answer RequestAnswer) error {
	if err := answer.check(); err != nil {
		return err
	}
	key, found, err := a.Store.SealedByID(ctx, SealRequest, r.ID)
	switch {
	case err != nil:
		return err
	case !found:
		return errKeyGone
	}
	private, err := a.Keys.Unseal(key)
	if err != nil {
		return err
	}
	defer clear(private)
	content, err := answer.open(private, r.ID)
	if err != nil {
		return errBadAnswer()
	}
	defer clear(content)
	return CheckContent(string(content))
}

// errBadAnswer is for what no key opens: a client made it that isn't our page, or
// the page is broken.
func errBadAnswer() error {
	return Errorf(Invalid, "What came can't be opened, so nothing was kept. Please load the page again and send it once more.")
}

// check looks at the sizes of an answer. Errors: Invalid.
func (x RequestAnswer) check() error {
	switch {
	case len(x.Body) > ContentLimit+tagBytes:
		return Errorf(Invalid, "That is longer than %d KB, and a request takes no more. Nothing was kept; please send what matters.", ContentLimit>>10)
	case len(x.Key) != publicKeyBytes || len(x.Nonce) != nonceBytes || len(x.Body) < tagBytes:
		return errBadAnswer()
	}
	return nil
}

// open decrypts an answer with the private key of the request of that ID.
func (x RequestAnswer) open(private []byte, requestID string) ([]byte, error) {
	id, ok := decoded(requestID, secretIDBytes)
	if !ok {
		return nil, errUnsealed
	}
	return openAnswer(private, id, x.Key, x.Nonce, x.Body)
}

// packed is an answer as it is sealed: its parts one after the other, of which only
// the last has no fixed size.
func (x RequestAnswer) packed() []byte { return slices.Concat(x.Key, x.Nonce, x.Body) }

// unpackAnswer reads what packed wrote.
func unpackAnswer(packed []byte) (x RequestAnswer, ok bool) {
	if len(packed) < publicKeyBytes+nonceBytes+tagBytes {
		return RequestAnswer{}, false
	}
	nonce, body := packed[publicKeyBytes:], packed[publicKeyBytes+nonceBytes:]
	return RequestAnswer{Key: packed[:publicKeyBytes], Nonce: nonce[:nonceBytes], Body: body}, true
}
