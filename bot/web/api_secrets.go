package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// secretBytes is how long a request for a secret may be: the longest content, each
// byte of it written \u00xx, and what stands beside it.
const secretBytes = 6*actions.ContentLimit + 16<<10

// SecretMaker makes one-time secrets. actions.Actions is one.
type SecretMaker interface {
	Doorkeeper
	// CreateSecretFor makes a secret for the holder of a token. Its errors are Invalid,
	// with a sentence, and Unavailable.
	CreateSecretFor(ctx context.Context, holder actions.TokenHolder, n actions.NewSecret, ticket string) (actions.SecretMade, error)
}

// madeSecret is the answer, and the only place where the link and the passphrase
// are.
type madeSecret struct {
	ID         string    `json:"id"`
	Link       string    `json:"link"`
	Passphrase *string   `json:"passphrase"`
	ExpiresAt  time.Time `json:"expires_at"`
}

// The names of a request for a secret.
var (
	secretNeeds = []string{"content"}
	secretMay   = []string{"lifetime", "passphrase", "own_passphrase", "for", "ticket"}
)

var (
	errSecretNotJSON = &refusal{status: http.StatusUnsupportedMediaType, Sentence: "A secret is sent as application/json, and not compressed."}
	errSecretTooLong = &refusal{status: http.StatusRequestEntityTooLarge, Sentence: "That is too long: the content may have 16 KB."}
)

// MakeSecrets answers POST /v1/secrets, by which other tools make one-time secrets.
// It needs a token of the scope secrets.
//
// The request is {"content"} and, if wanted, "lifetime" (15m, 1h, 1d, 3d or 7d;
// by default a day), "passphrase" (none, words or own;
// words by default, which are generated), "own_passphrase" with own, "for" (whom it
// is for) and "ticket". 200 says {"id", "link", "passphrase", "expires_at"};
// passphrase is null unless it was generated. The link and the passphrase are in
// this answer and nowhere else. 400, 413 and 415 say what is wrong with the
// request; 401 and 403 say no more; unexpected errors go to log, without any of
// what was sent.
func MakeSecrets(maker SecretMaker, log *slog.Logger) http.Handler {
	return &desk{
		door: maker, scope: actions.ScopeSecrets, method: http.MethodPost, log: log, failed: "a secret could not be made",
		serve: func(w http.ResponseWriter, r *http.Request, holder actions.TokenHolder) (any, error) {
			wanted, ticket, err := sentSecret(w, r)
			if err != nil {
				return nil, err
			}
			made, err := maker.CreateSecretFor(r.Context(), holder, wanted, ticket)
			switch actions.CodeOf(err) {
			case "":
				return madeOf(made), nil
			case actions.Invalid, actions.NotFound, actions.Conflict:
				return nil, &refusal{status: http.StatusBadRequest, Sentence: actions.Explain(err).Sentence}
			default:
				return nil, err
			}
		},
	}
}

func madeOf(made actions.SecretMade) madeSecret {
	told := madeSecret{ID: made.Report.Secret.ID, Link: made.Link, ExpiresAt: made.Report.Secret.ExpiresAt.UTC()}
	if made.Passphrase != "" {
		told.Passphrase = &made.Passphrase
	}
	return told
}

// sentSecret reads what a request asks for.
func sentSecret(w http.ResponseWriter, r *http.Request) (wanted actions.NewSecret, ticket string, err error) {
	body, err := jsonBody(w, r, secretBytes)
	var tooLong *http.MaxBytesError
	switch {
	case errors.Is(err, errNotSaidJSON):
		return wanted, "", errSecretNotJSON
	case errors.As(err, &tooLong):
		return wanted, "", errSecretTooLong
	case err != nil:
		return wanted, "", wrongSecret("The request broke off. Please send it again.")
	}
	return readSecret(body)
}

// readSecret reads the body of a request. Its errors are refusals with a sentence
// that quotes nothing of it.
func readSecret(body []byte) (wanted actions.NewSecret, ticket string, err error) {
	sent, problem := readObject(body, secretNeeds, secretMay)
	if problem != "" {
		return wanted, "", wrongSecret(problem)
	}
	wanted = actions.NewSecret{
		Content: sent["content"], Passphrase: actions.PassphraseWords, Own: sent["own_passphrase"], For: sent["for"],
	}
	if kind, given := sent["passphrase"]; given {
		wanted.Passphrase = actions.PassphraseKind(kind)
	}
	_, own := sent["own_passphrase"]
	switch wanted.Passphrase {
	case actions.PassphraseNone, actions.PassphraseWords, actions.PassphraseOwn:
	default:
		return wanted, "", wrongSecret(`"passphrase" is none, words or own.`)
	}
	if own != (wanted.Passphrase == actions.PassphraseOwn) {
		return wanted, "", wrongSecret(`"own_passphrase" belongs to "passphrase": "own", and to nothing else.`)
	}
	wanted.Lifetime = actions.DefaultDay
	if lifetime, given := sent["lifetime"]; given {
		if wanted.Lifetime, err = actions.ParseLifetime(lifetime); err != nil {
			return wanted, "", wrongSecret(actions.Explain(err).Sentence)
		}
	}
	return wanted, sent["ticket"], nil
}

func wrongSecret(sentence string) *refusal {
	return &refusal{status: http.StatusBadRequest, Sentence: sentence}
}
