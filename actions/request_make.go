package actions

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"fmt"
	"strings"
)

// whatLimit is how long what is asked for may be, in characters.
const whatLimit = 200

// requestTokenBytes is the size of the tokens of requests' links.
const requestTokenBytes = 32

// What is proven of requests.
const (
	proofRequest     = "latchkey request/1"      // the ID of the request, the customer's token
	proofRequestView = "latchkey request view/1" // the ID of the request, the token of who asked
)

// AskForSecret asks a customer for something secret, and returns the request with
// the link of the page on which their browser seals it. The link can't be had
// again; a request that is mailed has none, because what makes it lies sealed until
// the mail is accepted. It counts for the same quota as secrets do, and is a row of
// the audit.
//
// Errors: Forbidden for who may not, or was stopped; Invalid for what can't be
// asked; of For (see [IsAboutFor]) Invalid, NotFound and Conflict when it is to be
// mailed; Conflict when there were too many, and for a request that was answered
// before; Unavailable without a key, a public address or a database.
func (a *Actions) AskForSecret(ctx context.Context, call Call, n NewRequest) (RequestMade, error) {
	if !May(call.Actor.Roles, ActSecretRequest) {
		return RequestMade{}, a.Refuse(ctx, call, ActSecretRequest)
	}
	if err := a.roomFor(ctx, call, ActSecretRequest); err != nil {
		return RequestMade{}, err
	}
	asked, err := a.newRequest(ctx, call.Actor.ID, n.template(), n)
	if err != nil {
		return RequestMade{}, a.refusedFor(ctx, call, ActSecretRequest, err)
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		r := &asked.request
		entry := r.entry(r.At, ActSecretRequest, r.Actor, asked.how())
		entry.Reason = r.Why
		ticket, err := a.RecordUnder(ctx, tx, call, entry)
		if err != nil {
			return err
		}
		if err := a.notTooMany(ctx, tx, r.Actor, r.At); err != nil {
			return err
		}
		r.Ticket = ticket
		return a.startRequest(ctx, tx, asked)
	})
	if err != nil {
		return RequestMade{}, a.stopped(ctx, call, ActSecretRequest, err)
	}
	a.at(stepRequestStored)
	return a.askedFor(ctx, asked), nil
}

// template is that of the mail that carries its link, "" for none.
func (n NewRequest) template() Template {
	if n.Mail {
		return TemplateRequest
	}
	return ""
}

// asking is a request that is made and not stored.
type asking struct {
	request  SecretRequest
	private  Sealed // its key
	mail     *Mail  // that carries the link; nil when the agent hands it over
	root     Sealed // of a mail: the fragment, until the mail is accepted
	fragment string // what stands behind the # of the link: token and fingerprint
}

// how says for the audit how a request is made.
func (b *asking) how() string {
	if b.mail != nil {
		return "asked, and mailed to the address on file"
	}
	return "asked"
}

// newRequest makes a request: its numbers, its key and its token, and the mail of a
// template, "" for none. Nothing is stored.
func (a *Actions) newRequest(ctx context.Context, actor string, template Template, n NewRequest) (*asking, error) {
	if err := a.CanSendSecrets(); err != nil {
		return nil, err
	}
	what, why := strings.TrimSpace(visibleText(n.What)), strings.TrimSpace(visibleText(n.Why))
	if err := checkAsked(what, why); err != nil {
		return nil, err
	}
	b := &asking{request: SecretRequest{
		ID: randomText(secretIDBytes), State: RequestAsked, Actor: actor, From: a.shownFrom(actor, n.From), What: what, Why: why,
		KeyID: a.Keys.Current(), At: Instant(a.Now()),
	}}
	r := &b.request
	var err error
	if r.ExpiresAt, err = a.endOf(r.At, n.Lifetime); err != nil {
		return nil, err
	}
	if r.UserID, r.For, err = a.whoFor(ctx, n.For, template); err != nil {
		return nil, err
	}
	if err := b.equip(a.Keys); err != nil {
		return nil, err
	}
	if template != "" {
		return b, b.carry(a.newMail("", r.UserID, template, ChannelEmail), a.Keys)
	}
	return b, nil
}

// checkAsked looks at what is asked for and why: the customer reads both, and both
// stay on record.
func checkAsked(what, why string) error {
	switch {
	case what == "":
		return Errorf(Invalid, "Please say what you need; the customer reads it.")
	case why == "":
		return Errorf(Invalid, "Please say why you need it; the customer reads it.")
	}
	if err := checkLine("line about what you need", what, whatLimit, false); err != nil {
		return err
	}
	if err := CheckWritten(what); err != nil {
		return err
	}
	return CheckReason(why)
}

// equip makes the key that the customer's browser seals for, and the token of the
// link. The key lies sealed, of the token nothing but a proof is kept.
func (b *asking) equip(keys Keyring) error {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("making the key of a request: %w", err)
	}
	r, token := &b.request, randomBytes(requestTokenBytes)
	r.PublicKey = key.PublicKey().Bytes()
	b.fragment = encoded(token) + "." + encoded(fingerprint(r.PublicKey))
	if b.private, err = keys.Seal(SealRequest, r.ID, key.Bytes()); err != nil {
		return err
	}
	r.Proof, err = keys.prove(r.KeyID, proofRequest, r.ID, string(token))
	return err
}

// carry has a mail carry the link: what follows # lies sealed until the mail is
// accepted.
func (b *asking) carry(mail Mail, keys Keyring) (err error) {
	mail.Ref = b.request.ID
	b.request.Mail, b.mail = mail.ID, &mail
	b.root, err = keys.Seal(SealMail, mail.ID, []byte(b.fragment))
	return err
}

// startRequest stores a request with its sealed key, the mail that carries its link,
// and its card. The row of the audit is its caller's.
func (a *Actions) startRequest(ctx context.Context, tx Tx, b *asking) error {
	if err := tx.StartRequest(ctx, b.request); err != nil {
		return err
	}
	if err := tx.PutSealed(ctx, b.private); err != nil {
		return err
	}
	if b.mail != nil {
		if err := tx.PutSealed(ctx, b.root); err != nil {
			return err
		}
		if err := tx.StartMail(ctx, *b.mail); err != nil {
			return err
		}
	}
	return a.tellAsker(ctx, tx, b.request, "")
}

// askedFor is a request that was stored, at the one moment when its link is known.
// Nothing that fails now may keep the link from who asked.
func (a *Actions) askedFor(ctx context.Context, b *asking) RequestMade {
	report, err := a.reportRequest(ctx, b.request)
	if err != nil {
		a.Log.WarnContext(ctx, "the mail of a request could not be read", "error", err)
	}
	made := RequestMade{Report: report}
	if b.mail == nil {
		made.Link = a.requestURL(b.request.ID, b.fragment)
	}
	return made
}

// requestURL is the address of a request's page: for the customer with token and
// fingerprint behind the #, for who asked with the token of their own.
func (a *Actions) requestURL(id, fragment string) string { return a.pageURL("/r/", id, fragment) }
