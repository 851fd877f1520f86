package actions

import (
	"context"
	"time"
)

// listLimit is how many secrets, and how many requests, a list shows.
const listLimit = 20

// SecretList is what somebody sent and asked for, newest first, without content.
type SecretList struct {
	Secrets  []SecretReport
	Requests []RequestReport
	More     bool // there are older ones
	Zone     *time.Location
}

// SecretsOf returns the newest secrets that the actor sent, and the requests.
// Errors: Forbidden for who may not, Unavailable.
func (a *Actions) SecretsOf(ctx context.Context, call Call) (SecretList, error) {
	if !May(call.Actor.Roles, ActSecretLook) {
		return SecretList{}, a.Refuse(ctx, call, ActSecretLook)
	}
	list := SecretList{Zone: a.Zone}
	secrets, err := a.Store.SecretsBy(ctx, call.Actor.ID, listLimit+1)
	if err != nil {
		return SecretList{}, err
	}
	requests, err := a.Store.RequestsBy(ctx, call.Actor.ID, listLimit+1)
	if err != nil {
		return SecretList{}, err
	}
	list.More = len(secrets) > listLimit || len(requests) > listLimit
	for _, s := range secrets[:min(len(secrets), listLimit)] {
		report, err := a.reportSecret(ctx, s)
		if err != nil {
			return SecretList{}, err
		}
		list.Secrets = append(list.Secrets, report)
	}
	for _, r := range requests[:min(len(requests), listLimit)] {
		report, err := a.reportRequest(ctx, r)
		if err != nil {
			return SecretList{}, err
		}
		list.Requests = append(list.Requests, report)
	}
	return list, nil
}
