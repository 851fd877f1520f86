package main

import (
	"database/sql"
	"net/http"
	"testing"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/store/storetest"
)

// TestPastedDoesntOpen: what was sealed for one secret opens nothing when somebody
// who can write to the database puts it where another's lies, or what was sealed
// for another purpose; nobody reads it, and the rest opens as before.
func TestPastedDoesntOpen(t *testing.T) {
	t.Parallel()
	for name, paste := range map[string]func(*testing.T, *sql.DB, secretLink, secretLink){
		"AnotherSecret": func(t *testing.T, db *sql.DB, from, to secretLink) {
			does(t, db, `UPDATE secret_bodies SET body = (SELECT body FROM secret_bodies WHERE purpose = 'secret' AND id = $1) WHERE purpose = 'secret' AND id = $2`, from.name, to.name)
		},
		"AnotherPurpose": func(t *testing.T, db *sql.DB, _, to secretLink) {
			does(t, db, `UPDATE secret_bodies SET body = (SELECT body FROM secret_bodies WHERE purpose = 'passphrase' AND id = $1) WHERE purpose = 'secret' AND id = $1`, to.name)
		},
		"AnotherKey": func(t *testing.T, db *sql.DB, _, to secretLink) {
			does(t, db, `UPDATE secret_bodies SET kid = 'k9' WHERE purpose = 'secret' AND id = $1`, to.name)
		},
		"ABitChanged": func(t *testing.T, db *sql.DB, _, to secretLink) {
			var body []byte
			if err := db.QueryRowContext(t.Context(), `SELECT body FROM secret_bodies WHERE purpose = 'secret' AND id = $1`, to.name).Scan(&body); err != nil {
				t.Fatal(err)
			}
			body[len(body)-1] ^= 1
			does(t, db, `UPDATE secret_bodies SET body = $1 WHERE purpose = 'secret' AND id = $2`, body, to.name)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onEachVault(t, func(t *testing.T, v *vault) {
				server, db := v.serves(), behind(t, v.database)
				from, _ := v.sends("the one", actions.PassphraseNone)
				to, made := v.sends("the other", actions.PassphraseWords)
				salt := unwired(t, to.with(t, nil).wantStatus(t, server, "live").Salt)
				paste(t, db, from, to)
				got, err := to.with(t, stretched(t, made.Passphrase, salt, actions.SecretRounds)).opens(t.Context(), server)
				if err != nil || got.status < http.StatusInternalServerError || got.Error != "unavailable" || got.Body != "" {
					t.Errorf("it is answered %d %q, %v", got.status, got.Error, err)
				}
				to.with(t, nil).wantStatus(t, server, "live")
				from.with(t, nil).wantOpened(t, server, "the one")
			})
		})
	}
}

// TestPastedLinkProvesNothing: the proofs of a secret that one knows, put where
// another's stand, don't open the other.
func TestPastedLinkProvesNothing(t *testing.T) {
	t.Parallel()
	onEachVault(t, func(t *testing.T, v *vault) {
		server, db := v.serves(), behind(t, v.database)
		mine, _ := v.sends("mine", actions.PassphraseNone)
		theirs, _ := v.sends("theirs", actions.PassphraseNone)
		does(t, db, `UPDATE secrets SET link_proof = (SELECT link_proof FROM secrets WHERE id = $1), claim_proof = (SELECT claim_proof FROM secrets WHERE id = $1) WHERE id = $2`,
			mine.name, theirs.name)
		o := mine.with(t, nil)
		o.name = theirs.name
		got, err := o.opens(t.Context(), server)
		wantAnswer(t, got, err, http.StatusNotFound, "incomplete_link")
		mine.with(t, nil).wantOpened(t, server, "mine")
	})
}

// TestSealedOpensWhereItLies: nothing that lies sealed unseals under the purpose or
// the ID of anything else.
func TestSealedOpensWhereItLies(t *testing.T) {
	t.Parallel()
	e := gather(t, storetest.SQLiteURL(t))
	all := e.sealed()
	for i, is := range all {
		for j, place := range all {
			for _, lies := range []actions.Sealed{
				{Purpose: place.Purpose, ID: place.ID, KeyID: is.KeyID, Body: is.Body},
				{Purpose: place.Purpose, ID: is.ID, KeyID: is.KeyID, Body: is.Body},
				{Purpose: is.Purpose, ID: place.ID, KeyID: is.KeyID, Body: is.Body},
			} {
				_, err := e.actions.Keys.Unseal(lies)
				if own := lies.Purpose == is.Purpose && lies.ID == is.ID; own != (err == nil) {
					t.Errorf("a %s (%d) as a %s of %d: %v", is.Purpose, i, lies.Purpose, j, err)
				}
			}
		}
	}
}
