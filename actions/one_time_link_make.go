package actions

import (
	"context"
	"strings"
	"time"
)

// makeLink makes a one-time link for a message that is about to be sent. Its
// proof is committed before the message leaves, so that no customer ever holds
// a link that nobody knows. Those that were made before stay good until one is
// used: nobody can cancel a customer's link by asking for another.
func (a *Actions) makeLink(ctx context.Context, p *posting, purpose LinkPurpose) (url string, err error) {
	link, token, err := a.newLink(p.mail, purpose)
	if err != nil {
		return "", err
	}
	if purpose == LinkReset {
		p.resets = append(p.resets, link)
	}
	err = a.Store.Tx(ctx, func(tx Tx) error { return tx.StartLink(ctx, link) })
	return a.linkURL(link.ID, token), err
}

// newLink makes a link and its token, which stands in the address only.
func (a *Actions) newLink(mail Mail, purpose LinkPurpose) (link OneTimeLink, token string, err error) {
	if a.Keys.Empty() {
		return OneTimeLink{}, "", errNoProofs()
	}
	now := Instant(a.Now())
	token = randomText(linkTokenBytes)
	link = OneTimeLink{
		ID: randomText(linkIDBytes), Purpose: purpose, UserID: mail.UserID, Mail: mail.ID, KeyID: a.Keys.Current(),
		At: now, ExpiresAt: now.Add(purpose.lasts()),
	}
	switch purpose {
	case LinkConfirm:
		link.Operation = mail.Operation
	case LinkRemoved:
		link.Operation = mail.Ref
	case LinkLogin, LinkReset:
	}
	link.Proof, err = a.Keys.prove(link.KeyID, proofLink, link.ID, token)
	return link, token, err
}

// lasts is how long a link is good.
func (p LinkPurpose) lasts() time.Duration {
	switch p {
	case LinkConfirm:
		return confirmTime
	case LinkRemoved:
		return removedTime
	case LinkLogin, LinkReset:
	}
	return linkTime
}

// linkURL is the address of a link's page. What follows # never reaches a
// server until somebody clicks there.
func (a *Actions) linkURL(id, token string) string { return a.pageURL("/l/", id, token) }

// pageURL is the address of a page about a record, and what only its link knows.
func (a *Actions) pageURL(page, id, fragment string) string {
	return strings.TrimRight(a.PublicURL, "/") + page + id + "#" + fragment
}

// reset is what the directory learns of a reset link: one for each message, so
// that one that was sent twice is one.
func (l OneTimeLink) reset(sentAt time.Time) ResetLink {
	return ResetLink{ID: deliveryPrefix + l.Mail, UserID: l.UserID, SentAt: sentAt, ExpiresAt: l.ExpiresAt}
}
