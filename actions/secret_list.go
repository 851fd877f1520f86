package actions

import (
	"context"
	"slices"
	"time"
)

// The bounds of a list of secrets and requests.
const (
	listLimit   = 20    // on a page
	secretsRead = 1_000 // of each kind, the newest: more than anybody sends in 90 days
)

// SecretList is a page of what somebody sent and asked for, without content: first what
// still waits, then the rest, both newest first.
type SecretList struct {
	Secrets  []SecretReport
	Requests []RequestReport
	Offset   int // from which on of both together
	Total    int
	Zone     *time.Location
}

// SecretsOf returns a page of the secrets that the actor sent, and of the requests.
// Errors: Forbidden for who may not, Invalid for an offset that there isn't,
// Unavailable.
func (a *Actions) SecretsOf(ctx context.Context, call Call, offset int) (SecretList, error) {
	if !May(call.Actor.Roles, ActSecretLook) {
		return SecretList{}, a.Refuse(ctx, call, ActSecretLook)
	}
	if offset < 0 || offset > offsetMost {
		return SecretList{}, Errorf(Invalid, "There is no such list. Please open it again.")
	}
	all, err := a.sentBy(ctx, call.Actor.ID)
	if err != nil {
		return SecretList{}, err
	}
	list := SecretList{Offset: offset, Total: len(all), Zone: a.Zone}
	for _, one := range pageOf(all, offset, listLimit) {
		if err := a.addToList(ctx, &list, one); err != nil {
			return SecretList{}, err
		}
	}
	return list, nil
}

// addToList adds what a line of the list is about.
func (a *Actions) addToList(ctx context.Context, list *SecretList, one sentOne) error {
	if one.secret != nil {
		report, err := a.reportSecret(ctx, *one.secret)
		list.Secrets = append(list.Secrets, report)
		return err
	}
	report, err := a.reportRequest(ctx, *one.request)
	list.Requests = append(list.Requests, report)
	return err
}

// sentOne is a secret or a request.
type sentOne struct {
	at      time.Time
	waits   bool
	secret  *Secret
	request *SecretRequest
}

// sentBy reads what somebody sent and asked for, in the order of the list.
func (a *Actions) sentBy(ctx context.Context, actor string) ([]sentOne, error) {
	now := Instant(a.Now())
	secrets, err := a.Store.SecretsBy(ctx, actor, secretsRead)
	if err != nil {
		return nil, err
	}
	requests, err := a.Store.RequestsBy(ctx, actor, secretsRead)
	if err != nil {
		return nil, err
	}
	var all []sentOne
	for i, s := range secrets {
		state, _ := s.StateAt(now)
		all = append(all, sentOne{at: s.At, waits: state == SecretLive, secret: &secrets[i]})
	}
	for i, q := range requests {
		state, _ := q.StateAt(now)
		all = append(all, sentOne{at: q.At, waits: state == RequestAsked || state == RequestReceived, request: &requests[i]})
	}
	slices.SortStableFunc(all, sentOne.before)
	return all, nil
}

// before orders what waits before what doesn't, and newer before older.
func (o sentOne) before(other sentOne) int {
	if o.waits != other.waits {
		if o.waits {
			return -1
		}
		return 1
	}
	return other.at.Compare(o.at)
}
