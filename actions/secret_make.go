package actions

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// CreateSecret makes a one-time secret and returns it with its link, which can't be
// had again; one that is mailed has none, because it lies sealed until the mail is
// accepted. A Slack user makes at most 20 secrets and requests an hour. It is a row
// of the audit, without what is sent.
//
// Errors: Forbidden for who may not, or was stopped; Invalid for what can't be
// sent; of For (see [IsAboutFor]) Invalid, NotFound and Conflict when it is to be
// mailed; Conflict when there were too many, and for a request that was answered
// before; Unavailable without a key, a public address or a database.
func (a *Actions) CreateSecret(ctx context.Context, call Call, n NewSecret) (SecretMade, error) {
	if !May(call.Actor.Roles, ActSecret) {
		return SecretMade{}, a.Refuse(ctx, call, ActSecret)
	}
	if err := a.roomFor(ctx, call, ActSecret); err != nil {
		return SecretMade{}, err
	}
	made, err := a.newSecret(ctx, call.Actor.ID, n)
	if err != nil {
		return SecretMade{}, a.refusedFor(ctx, call, ActSecret, err)
	}
	err = a.Store.Tx(ctx, func(tx Tx) error {
		entry := made.secret.entry(made.secret.At, ActSecret, made.how)
		ticket, err := a.RecordUnder(ctx, tx, call, entry)
		if err != nil {
			return err
		}
		if err := a.notTooMany(ctx, tx, call.Actor.ID, made.secret.At); err != nil {
			return err
		}
		made.secret.Ticket = ticket
		return a.startSecret(ctx, tx, made)
	})
	if err != nil {
		return SecretMade{}, a.stopped(ctx, call, ActSecret, err)
	}
	return a.handedOver(made), nil
}

// CreateSecretFor makes a one-time secret for a system of the company, under a
// ticket or "". There is no quota, and it mails nothing.
//
// Errors: Forbidden without the scope secrets, and as CreateSecret has them.
func (a *Actions) CreateSecretFor(ctx context.Context, holder TokenHolder, n NewSecret, ticket string) (SecretMade, error) {
	switch {
	case !holder.Has(ScopeSecrets):
		return SecretMade{}, Errorf(Forbidden, "This token doesn't open that.")
	case n.Mail:
		return SecretMade{}, Errorf(Invalid, "Only a person can have a secret mailed. Please take the link.")
	}
	if err := checkLine("ticket", ticket, forLimit, false); err != nil {
		return SecretMade{}, err
	}
	n.From = cmp.Or(strings.TrimSpace(n.From), holder.Name)
	made, err := a.newSecret(ctx, holder.Actor().ID, n)
	if err != nil {
		return SecretMade{}, err
	}
	made.secret.Ticket = ticket
	err = a.Store.Tx(ctx, func(tx Tx) error {
		if err := a.startSecret(ctx, tx, made); err != nil {
			return err
		}
		return tx.Audit(ctx, made.secret.entry(made.secret.At, ActSecret, made.how)) // last: it makes all others wait
	})
	if err != nil {
		return SecretMade{}, err
	}
	return a.handedOver(made), nil
}

// roomFor fails for who was stopped and who made too many, before anything is looked
// up or stretched for them.
func (a *Actions) roomFor(ctx context.Context, call Call, act Act) error {
	if !hasCards(call.Actor.ID) {
		return nil
	}
	err := a.Store.Tx(ctx, func(tx Tx) error {
		if err := stoppedNow(ctx, tx, call.Actor.ID); err != nil {
			return err
		}
		return a.notTooMany(ctx, tx, call.Actor.ID, Instant(a.Now()))
	})
	return a.stopped(ctx, call, act, err)
}

// notTooMany fails when a Slack user made secretQuota secrets and requests in the
// last hour already.
func (a *Actions) notTooMany(ctx context.Context, tx Tx, actor string, now time.Time) error {
	if !hasCards(actor) {
		return nil
	}
	made, err := tx.MadeSince(ctx, actor, now.Add(-time.Hour))
	if err == nil && made >= secretQuota {
		return Errorf(Conflict, "You sent and asked for %d secrets within an hour, and that is the most. Nothing was sent; please try again later.", secretQuota)
	}
	return err
}

// newborn is a secret that is made and not stored. Until startSecret, whoever makes
// it may set For, UserID, Ticket and Operation of it.
type newborn struct {
	secret Secret
	how    string   // for the audit
	sealed []Sealed // its body, and its passphrase if it was generated
	mail   *Mail    // that carries it; nil when its sender hands it over
	// root and passphrase are what only the link and the sender know.
	root, passphrase string
}

// newSecret makes a secret: its numbers, its keys and its sealed body. Nothing is
// stored; startSecret does that. Errors: as CreateSecret has them.
func (a *Actions) newSecret(ctx context.Context, actor string, n NewSecret) (*newborn, error) {
	if err := a.checkSecret(n); err != nil {
		return nil, err
	}
	made := &newborn{secret: Secret{
		ID: randomText(secretIDBytes), State: SecretLive, Actor: actor, From: a.shownFrom(actor, n.From),
		KeyID: a.Keys.Current(), At: Instant(a.Now()),
	}}
	s := &made.secret
	var err error
	if s.ExpiresAt, err = a.endOf(s.At, n.Lifetime); err != nil {
		return nil, err
	}
	if s.UserID, s.For, err = a.whoFor(ctx, n.For, n.template()); err != nil {
		return nil, err
	}
	if err := a.seal(ctx, made, n); err != nil {
		return nil, err
	}
	made.how = howMade(n)
	if n.Mail {
		if err := made.carry(a.newMail("", s.UserID, TemplateSecret, ChannelEmail), a.Keys); err != nil {
			return nil, err
		}
	}
	a.at(stepSecretSealed)
	return made, nil
}

// template is that of the mail that carries its link, "" for none.
func (n NewSecret) template() Template {
	if n.Mail {
		return TemplateSecret
	}
	return ""
}

// checkSecret looks at what is asked for, before anything is made.
func (a *Actions) checkSecret(n NewSecret) error {
	if err := a.CanSendSecrets(); err != nil {
		return err
	}
	if err := CheckContent(n.Content); err != nil {
		return err
	}
	switch {
	case n.Mail && n.Passphrase == PassphraseNone:
		return Errorf(Invalid, "A link that is mailed needs a passphrase, told another way. Please choose one.")
	case n.Passphrase == PassphraseOwn:
		return CheckPassphrase(n.Own)
	case n.Passphrase != PassphraseNone && n.Passphrase != PassphraseWords:
		return Errorf(Invalid, "A passphrase is none, made of words, or your own. Please choose one of them.")
	}
	return nil
}

// howMade says for the audit how a secret is sent.
func howMade(n NewSecret) string {
	how := "made"
	if n.Mail {
		how = "made, and mailed to the address on file"
	}
	switch n.Passphrase {
	case PassphraseWords:
		return how + ", with a generated passphrase"
	case PassphraseOwn:
		return how + ", with a passphrase of their own"
	case PassphraseNone:
	}
	return how + ", without a passphrase"
}

// fromLimit is how long the name may be that a page shows, in characters.
const fromLimit = 100

// visibleText is a text without what changes how others read it: signs that turn the
// direction of writing, and breaks of lines that aren't seen as such.
func visibleText(text string) string {
	if !utf8.ValidString(text) {
		return text // and is refused
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.In(r, unicode.Bidi_Control):
			return -1
		case unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		}
		return r
	}, text)
}

// shownFrom is the name that the page shows: what was given, cleaned, or else the
// user at the terminal, or else the company's.
func (a *Actions) shownFrom(actor, given string) string {
	given = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, visibleText(given)))
	if runes := []rune(given); len(runes) > fromLimit {
		given = string(runes[:fromLimit])
	}
	user := ""
	if atTerminal(actor) {
		_, user, _ = strings.Cut(actor, ":")
	}
	return cmp.Or(given, user, a.Brand)
}

// seal derives the secret's keys from a new root, encrypts its body, and proves
// both. The passphrase is stretched before any transaction.
func (a *Actions) seal(ctx context.Context, made *newborn, n NewSecret) error {
	s, root := &made.secret, randomBytes(secretRootBytes)
	made.root = encoded(root)
	stretched, err := made.protect(ctx, n)
	if err != nil {
		return err
	}
	id, _ := decoded(s.ID, secretIDBytes)
	keys, err := deriveSecret(id, root, stretched)
	if err != nil {
		return err
	}
	nonce := randomBytes(nonceBytes)
	body, err := keys.sealBody(id, nonce, []byte(n.Content))
	if err != nil {
		return err
	}
	if err := made.keep(a.Keys, SealSecret, append(nonce, body...)); err != nil {
		return err
	}
	if n.Passphrase == PassphraseWords && hasCards(s.Actor) { // nobody else can ask to see it again
		if err := made.keep(a.Keys, SealPassphrase, []byte(made.passphrase)); err != nil {
			return err
		}
	}
	return s.prove(a.Keys, keys)
}

// protect chooses the passphrase, if there is to be one, and its salt, and
// stretches it; nil without one.
func (b *newborn) protect(ctx context.Context, n NewSecret) (stretched []byte, err error) {
	passphrase := n.Own
	switch n.Passphrase {
	case PassphraseNone:
		return nil, nil
	case PassphraseWords:
		b.passphrase = generateWords()
		passphrase = b.passphrase
	case PassphraseOwn:
	}
	b.secret.Salt = randomBytes(saltBytes)
	return stretchPassphrase(ctx, passphrase, b.secret.Salt)
}

// keep seals something of the secret's.
func (b *newborn) keep(keys Keyring, purpose Purpose, plain []byte) error {
	sealed, err := keys.Seal(purpose, b.secret.ID, plain)
	b.sealed = append(b.sealed, sealed)
	return err
}

// carry has a mail carry the link: what follows # lies sealed until the mail is
// accepted.
func (b *newborn) carry(mail Mail, keys Keyring) error {
	mail.Ref = b.secret.ID
	b.secret.Mail, b.mail = mail.ID, &mail
	sealed, err := keys.Seal(SealMail, mail.ID, []byte(b.root))
	b.sealed = append(b.sealed, sealed)
	return err
}

// What is proven of secrets.
const (
	proofSecretLink  = "latchkey secret link/1"  // the ID of the secret, the link's proof
	proofSecretClaim = "latchkey secret claim/1" // the ID of the secret, the proof of link and passphrase
)

// prove stores HMACs of what the link and the passphrase prove.
func (s *Secret) prove(ring Keyring, keys secretKeys) (err error) {
	if s.LinkProof, err = ring.prove(s.KeyID, proofSecretLink, s.ID, string(keys.link)); err != nil {
		return err
	}
	s.ClaimProof, err = ring.prove(s.KeyID, proofSecretClaim, s.ID, string(keys.claim))
	return err
}

// startSecret stores a secret with what lies sealed of it, the mail that carries it,
// and its card. The row of the audit is its caller's.
func (a *Actions) startSecret(ctx context.Context, tx Tx, made *newborn) error {
	if err := tx.StartSecret(ctx, made.secret); err != nil {
		return err
	}
	for _, sealed := range made.sealed {
		if err := tx.PutSealed(ctx, sealed); err != nil {
			return err
		}
	}
	if made.mail != nil {
		if err := tx.StartMail(ctx, *made.mail); err != nil {
			return err
		}
	}
	return a.tellSender(ctx, tx, made.secret, false)
}

// handedOver is a secret that was stored, at the one moment when its link is known.
// It reads nothing more: what fails here would lose the link.
func (a *Actions) handedOver(made *newborn) SecretMade {
	a.at(stepSecretStored)
	s, protected := made.secret, made.secret.Protected()
	s.Salt, s.LinkProof, s.ClaimProof = nil, nil, nil
	out := SecretMade{
		Report:     SecretReport{Secret: s, Since: s.At, Protected: protected, Generated: made.passphrase != "", Zone: a.Zone},
		Passphrase: made.passphrase,
	}
	if made.mail == nil {
		out.Link = a.secretURL(s.ID, made.root)
		return out
	}
	out.Report.Mail = &MailReport{Kind: made.mail.Kind, Via: made.mail.Via, To: s.For, State: made.mail.State, At: made.mail.At}
	return out
}

// secretURL is the address of a secret's page, with its root behind the #.
func (a *Actions) secretURL(id, root string) string { return a.pageURL("/s/", id, root) }
