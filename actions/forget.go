package actions

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"strings"
	"time"
)

// Forgotten is what was done to forget somebody.
type Forgotten struct {
	At     time.Time      `json:"at"`
	Rows   map[string]int `json:"rows"` // by table, how many rows went or were emptied
	Edited int            `json:"messages_edited"`
}

// ForgetReads is how it is found out by what a person may be recognised.
type ForgetReads interface {
	// Aliases returns which user IDs a user had before, and what else they logged in
	// with and were written to.
	Aliases(ctx context.Context, userID string) (former, names []string, err error)
	// Unshared returns those of the look-up keys that no user on record has but those
	// with one of the IDs, in their order.
	Unshared(ctx context.Context, keys, ids []string) ([]string, error)
	// RecordsAbout returns the IDs of the records about a person: operations, cases,
	// secrets and so on.
	RecordsAbout(ctx context.Context, known Known) ([]string, error)
	// UnderWay is the sentence that says what is under way for a person, and what to do;
	// "" when nothing is.
	UnderWay(ctx context.Context, known Known) (string, error)
	// Audience returns who ever acted, and the channels in which messages stand that
	// follow a record.
	Audience(ctx context.Context) (actors, channels []string, err error)
	// MessagesAbout returns where messages stand that follow one of known.Records.
	MessagesAbout(ctx context.Context, known Known) ([]Posted, error)
}

// ForgetTx is how a person is removed.
type ForgetTx interface {
	// HoldImports has whoever takes records in wait until the transaction ends.
	HoldImports(ctx context.Context) error
	// UnderWay is as that of ForgetReads, and says also when a message about the person
	// was delivered since known.At, or is about to be.
	UnderWay(ctx context.Context, known Known) (string, error)
	// Erase removes what is on record of a person, and their names from texts about
	// others. It returns by table how many rows went or were emptied.
	Erase(ctx context.Context, known Known) (map[string]int, error)
	// CardsAt returns the messages that follow a record and stand in one of the places; and
	// those of incidents, which name several people, that last or of which something was
	// delivered since a moment, or is about to be.
	CardsAt(ctx context.Context, places []Posted, since time.Time) ([]Outgoing, error)
	// AddTombstones keeps the proofs of what a person was known by (see Tombstones).
	AddTombstones(ctx context.Context, proofs [][]byte, at time.Time) error
}

// KnownBy returns by what a person may be recognised: the user with that ID, or that
// exact user name, e-mail or mobile. Errors: Forbidden, NotFound, Conflict for a name
// that several have and while something is under way for them, Unavailable.
func (a *Actions) KnownBy(ctx context.Context, call Call, identifier string) (Known, error) {
	if !May(call.Actor.Roles, ActForget) {
		return Known{}, a.Refuse(ctx, call, ActForget)
	}
	user, err := a.toForget(ctx, identifier)
	if err != nil {
		return Known{}, err
	}
	known := Known{UserID: user.ID, At: Instant(a.Now())}
	var names []string
	if known.Former, names, err = a.Store.Aliases(ctx, user.ID); err != nil {
		return Known{}, err
	}
	if err := a.nameKnown(ctx, &known, user, append([]string{user.Username, user.Email, user.Mobile}, names...)); err != nil {
		return Known{}, err
	}
	if known.Records, err = a.Store.RecordsAbout(ctx, known); err != nil {
		return Known{}, err
	}
	hindered, err := a.Store.UnderWay(ctx, known)
	if err == nil && hindered != "" {
		err = Errorf(Conflict, "%s", hindered)
	}
	return known, err
}

// toForget finds the one user whom an identifier names. An ID comes first.
func (a *Actions) toForget(ctx context.Context, identifier string) (User, error) {
	identifier = strings.TrimSpace(identifier)
	users, err := a.Directory.Users(ctx, []string{identifier}, []string{identifier})
	switch {
	case err != nil:
		return User{}, err
	case len(users) == 0:
		return User{}, Errorf(NotFound, "Nobody on record has that ID, user name, e-mail address or mobile number, so nobody was forgotten.")
	case users[0].ID == identifier || len(users) == 1:
		return users[0], nil
	}
	return User{}, Errorf(Conflict, "%d users have that, so nobody was forgotten. Please give the user's ID, which 'latchkey diagnose --json' shows.", len(users))
}

// nameKnown fills in what a person is called, but for what others are called, too. Messages in
// Slack may have their full name whoever else has it: those about others are drawn anew.
func (a *Actions) nameKnown(ctx context.Context, known *Known, user User, names []string) error {
	full := fullNames(user)
	keyed := map[string][]string{}
	keys := []string{}
	note := func(key, name string) {
		if key == "" || slices.Contains(keyed[key], name) {
			return
		}
		if keyed[key] == nil {
			keys = append(keys, key)
		}
		keyed[key] = append(keyed[key], name)
	}
	for _, name := range slices.Concat(names, full) {
		note(Key(name), name)
		note(SpelledKey(name), Spelled(name))
	}
	var err error
	if known.Keys, err = a.Store.Unshared(ctx, keys, known.IDs()); err != nil {
		return err
	}
	for _, key := range known.Keys {
		known.Names = append(known.Names, keyed[key]...)
	}
	for _, name := range full {
		if !slices.Contains(known.Names, name) {
			known.Names = append(known.Names, name)
		}
	}
	if user.Email != "" && user.Mobile != "" {
		known.Masked = []string{MaskName(user.Email), MaskMobile(user.Mobile)}
	}
	return nil
}

// fullNames are the ways in which the first and the last name of somebody are written
// together; none without both.
func fullNames(user User) []string {
	if user.FirstName == "" || user.LastName == "" {
		return nil
	}
	return []string{user.Name(), user.LastName + ", " + user.FirstName, user.LastName + " " + user.FirstName}
}

// Forget removes a person from every table, leaves keyed tombstones so that imports
// don't bring them back, and keeps the audit's chain, which holds pseudonyms, as it is. It
// is a row of the audit (ActForget) that names nobody. Every Home that anybody ever opened
// is drawn anew, since it may show them; so is each card that named them among others and was
// emptied in Slack: emptied says where those messages stand. Errors: Forbidden; Conflict while
// something is under way for them, and when a message about them was sent meanwhile;
// Unavailable without a key.
func (a *Actions) Forget(ctx context.Context, call Call, known Known, emptied []Posted) (Forgotten, error) {
	if !May(call.Actor.Roles, ActForget) {
		return Forgotten{}, a.Refuse(ctx, call, ActForget)
	}
	if a.Keys.Empty() {
		return Forgotten{}, Errorf(Unavailable, "Latchkey has no key, so nobody was forgotten: what keeps imports from bringing somebody back is made with it. Please set LATCHKEY_SECRET_KEY.")
	}
	done := Forgotten{At: Instant(a.Now())}
	err := a.Store.Tx(ctx, func(tx Tx) (err error) {
		if err = tx.HoldImports(ctx); err != nil {
			return err
		}
		hindered, err := tx.UnderWay(ctx, known)
		if err == nil && hindered != "" {
			err = Errorf(Conflict, "%s", hindered)
		}
		if err != nil {
			return err
		}
		if err := a.bury(ctx, tx, known, done.At); err != nil {
			return err
		}
		if done.Rows, err = tx.Erase(ctx, known); err != nil {
			return err
		}
		if err := a.redrawCards(ctx, tx, known, emptied); err != nil {
			return err
		}
		if err := a.redrawEveryHome(ctx, tx); err != nil {
			return err
		}
		entry := AuditEntry{At: done.At, Act: ActForget, Outcome: ActDone, Detail: "erased a person: " + rowsByTable(done.Rows)}
		return a.record(ctx, tx, call, entry)
	})
	return done, err
}

// RedrawEmptied has the cards about others drawn anew that named a person who is forgotten by
// now, and were emptied in Slack after that. Errors: Forbidden, Unavailable.
func (a *Actions) RedrawEmptied(ctx context.Context, call Call, known Known, emptied []Posted) error {
	if !May(call.Actor.Roles, ActForget) {
		return a.Refuse(ctx, call, ActForget)
	}
	return a.Store.Tx(ctx, func(tx Tx) error { return a.redrawCards(ctx, tx, known, emptied) })
}

// redrawCards has the cards about others drawn anew that stand where messages were emptied,
// or may have named the person since they began to be forgotten.
func (a *Actions) redrawCards(ctx context.Context, tx Tx, known Known, emptied []Posted) error {
	cards, err := tx.CardsAt(ctx, emptied, known.At)
	if err != nil {
		return err
	}
	for _, card := range cards {
		if err := a.Enqueue(ctx, tx, card.Kind, card.To, card.Ref); err != nil {
			return err
		}
	}
	return nil
}

// forgetKeyID is by what the key of the tombstones lies sealed.
const forgetKeyID = "forget"

// bury leaves the tombstones of a person.
func (a *Actions) bury(ctx context.Context, tx Tx, known Known, at time.Time) error {
	sealed, found, err := tx.TakeSealed(ctx, SealForget, forgetKeyID)
	if err != nil {
		return err
	}
	tombs := tombstonesWith(randomBytes(keySize))
	if found {
		if tombs, err = OpenTombstones(a.Keys, sealed); err != nil {
			return err
		}
	}
	if sealed, err = a.Keys.Seal(SealForget, forgetKeyID, tombs.key); err != nil {
		return err
	}
	if err := tx.PutSealed(ctx, sealed); err != nil {
		return err
	}
	var proofs [][]byte
	for _, id := range known.IDs() {
		proofs = append(proofs, tombs.OfUser(id))
	}
	for _, key := range known.Keys {
		proofs = append(proofs, tombs.OfKey(key))
	}
	return tx.AddTombstones(ctx, proofs, at)
}

// Tombstones make the proofs by which a forgotten person is recognised without being
// kept: HMACs with a random key, which lies sealed (SealForget). An import asks for some of
// every record, so they are made with one hash: only one goroutine at a time may use it.
type Tombstones struct {
	key []byte
	mac hash.Hash
}

func tombstonesWith(key []byte) Tombstones {
	return Tombstones{key: key, mac: hmac.New(sha256.New, key)}
}

// OpenTombstones opens the key of the tombstones. Errors: as [Keyring.Unseal].
func OpenTombstones(keys Keyring, sealed Sealed) (Tombstones, error) {
	key, err := keys.Unseal(sealed)
	if err != nil {
		return Tombstones{}, fmt.Errorf("opening the key by which forgotten people are recognised: %w", err)
	}
	return tombstonesWith(key), nil
}

// OfUser is the proof of a user ID: 32 bytes.
func (t Tombstones) OfUser(id string) []byte { return t.of("user", id) }

// OfKey is the proof of the look-up key (see [Key]) of what somebody logs in with or is
// written to: 32 bytes.
func (t Tombstones) OfKey(key string) []byte { return t.of("key", key) }

// OfWord is the proof that a look-up key means something else in texts about others, so that
// it names somebody only where it stands alone: 32 bytes.
func (t Tombstones) OfWord(key string) []byte { return t.of("word", key) }

// Device is what stands for the ID of a device that names a forgotten person: the same for the
// same ID, so that whoever else logs in from it is still seen to.
func (t Tombstones) Device(id string) string {
	return "device-" + hex.EncodeToString(t.of("device", id)[:deviceBytes])
}

// deviceBytes is how much of a proof tells devices apart.
const deviceBytes = 8

func (t Tombstones) of(kind, value string) []byte {
	t.mac.Reset()
	t.mac.Write([]byte("latchkey forgotten " + kind + "\x00" + value))
	return t.mac.Sum(nil)
}
