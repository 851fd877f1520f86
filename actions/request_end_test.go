package actions

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestWithdrawRequest: all that lies sealed goes, whether something came or not.
func TestWithdrawRequest(t *testing.T) {
	for name, before := range map[string]func(requested){
		"nothing came":   func(requested) {},
		"something came": func(r requested) { r.answers(t, canary) },
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t, ofJane)
			before(r)
			d.told()
			d.passes(minute)
			report, err := d.WithdrawRequest(t.Context(), agent("", ""), r.id)
			if err != nil || report.Request.State != RequestWithdrawn || report.Since != d.now || report.Request.Reason != "" {
				t.Fatalf("got %+v, %v", report, err)
			}
			d.holdsSealed(t, r.id)
			d.wantTold(t, "secret_request to U1")
			entry := d.written(t)
			if entry.Act != ActSecretRevoke || entry.Actor != "U1" || entry.Subject != "u-1" ||
				entry.Detail != "withdrawn: request "+shortHash(r.id)+", for j•••@a•••.example" {
				t.Errorf("the audit says %+v", entry)
			}
			if page := r.page(t); page.State != RequestWithdrawn || page.At != d.now {
				t.Errorf("the customer reads %+v", page)
			}
		})
	}
}

// TestWithdrawRequestWho: who asked, or the terminal.
func TestWithdrawRequestWho(t *testing.T) {
	d := office(t)
	r := d.asks(t)
	d.changesNothing(t, func() {
		for _, who := range []string{"U2", "token:crm", "link", "latchkey", ""} {
			_, err := d.WithdrawRequest(t.Context(), Call{Actor: Actor{ID: who, Roles: RolesOf(RoleAdmin)}}, r.id)
			wantCode(t, err, NotFound)
		}
		_, err := d.WithdrawRequest(t.Context(), agent("", ""), randomText(secretIDBytes))
		wantCode(t, err, NotFound)
	})
	_, err := d.WithdrawRequest(t.Context(), Call{Actor: Actor{ID: "U1"}}, r.id)
	wantCode(t, err, Forbidden)
	d.store.state.brakes["U1"] = Brake{Actor: "U1", At: noon}
	_, err = d.WithdrawRequest(t.Context(), agent("", ""), r.id)
	wantCode(t, err, Forbidden)
	if r.stored().State != RequestAsked {
		t.Error("it was withdrawn")
	}
	_, err = d.WithdrawRequest(t.Context(), Call{Actor: Actor{ID: "terminal:root", Roles: RolesOf(RoleAdmin)}}, r.id)
	wantCode(t, err, "")
	if entry := d.written(t); r.stored().State != RequestWithdrawn || entry.Actor != "terminal:root" {
		t.Errorf("at the terminal it is %q, by %q", r.stored().State, entry.Actor)
	}
}

// TestWithdrawRequestTooLate: who comes too late reads what has become of it.
func TestWithdrawRequestTooLate(t *testing.T) {
	for name, c := range map[string]struct {
		before func(requested)
		want   RequestState
	}{
		"withdrawn twice": {func(r requested) { r.withdraws(t) }, RequestWithdrawn},
		"it was opened":   {func(r requested) { r.answers(t, canary); r.views(t, r.viewing(t)) }, RequestOpened},
		"it ran out":      {func(r requested) { r.d.passes(hour) }, RequestExpired},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			c.before(r)
			d.passes(minute)
			d.changesNothing(t, func() {
				report, err := d.WithdrawRequest(t.Context(), agent("", ""), r.id)
				if err != nil || report.Request.State != c.want {
					t.Errorf("got %+v, %v", report, err)
				}
			})
		})
	}
}

// TestWithdrawRequestByMail: the link that waits to be mailed goes, too.
func TestWithdrawRequestByMail(t *testing.T) {
	d := office(t)
	made, err := d.AskForSecret(t.Context(), agent("", ""), wifi(mailedToJane))
	must(t, err)
	_, err = d.WithdrawRequest(t.Context(), agent("", ""), made.Report.Request.ID)
	must(t, err)
	if len(d.store.state.sealed) > 0 {
		t.Errorf("there still lies %v", d.store.state.sealed)
	}
}

// TestRequestsExpire: once over, what came and the key go, and who asked is told.
func TestRequestsExpire(t *testing.T) {
	d := office(t)
	unanswered, unopened := d.asks(t, ofJane), d.asks(t)
	read, taken := d.asks(t), d.asks(t)
	d.passes(30 * minute)
	unopened.answers(t, canary)
	read.answers(t, canary)
	read.views(t, read.viewing(t))
	taken.withdraws(t)
	d.told()

	d.passes(30*minute - tick)
	d.changesNothing(t, func() { must(t, d.expireRequests(t.Context())) })
	d.passes(tick + minute) // the job comes a little later
	must(t, d.expireRequests(t.Context()))
	d.holdsSealed(t, unanswered.id)
	d.wantTold(t, "secret_request to U1", "secret_request_news to U1")
	want := AuditEntry{
		At: d.now, Act: ActSecretEnded, Actor: "latchkey", Subject: "u-1", Outcome: ActDone, Ticket: "#4711",
		Detail: "expired unanswered: request " + shortHash(unanswered.id) + ", for j•••@a•••.example",
	}
	if got := d.written(t); got != want {
		t.Errorf("the audit says\n%+v, want\n%+v", got, want)
	}
	if r := unanswered.stored(); r.State != RequestExpired || r.EndedAt != noon.Add(hour) {
		t.Errorf("it ended %v, %q", r.EndedAt, r.State)
	}
	d.holdsSealed(t, unopened.id, SealAnswer, SealRequest)

	d.passes(30 * minute)
	must(t, d.expireRequests(t.Context()))
	if len(d.store.state.sealed) > 0 {
		t.Errorf("there still lies %v", d.store.state.sealed)
	}
	if entry := d.written(t); !strings.HasPrefix(entry.Detail, "expired unopened: ") || unopened.stored().EndedAt != noon.Add(90*minute) {
		t.Errorf("the audit says %+v", entry)
	}
	d.changesNothing(t, func() { must(t, d.expireRequests(t.Context())) })
	if read.stored().State != RequestOpened || taken.stored().State != RequestWithdrawn {
		t.Error("one that had ended expired")
	}
}

// TestManyRequestsExpire: more than are read at once, at the terminal and in Slack;
// one that can't be ended doesn't keep the others.
func TestManyRequestsExpire(t *testing.T) {
	d := office(t)
	terminal := Call{Actor: Actor{ID: "terminal:ana", Roles: RolesOf(RoleAdmin)}}
	for range 2*expireBatch + 1 {
		_, err := d.AskForSecret(t.Context(), terminal, wifi())
		must(t, err)
	}
	d.wantTold(t)
	d.passes(hour)
	must(t, d.expireRequests(t.Context()))
	if len(d.store.state.sealed) > 0 {
		t.Errorf("%d still lie sealed", len(d.store.state.sealed))
	}
	d.wantTold(t)

	stuck, others := d.asks(t), []requested{d.asks(t), d.asks(t)}
	d.passes(hour)
	d.Store = &refusing{fakeStore: d.store, id: stuck.id}
	if err := d.expireRequests(t.Context()); err == nil {
		t.Error("that one can't be ended isn't said")
	}
	for _, r := range others {
		d.holdsSealed(t, r.id)
	}
	d.holdsSealed(t, stuck.id, SealRequest)
}

// refusing is a store that doesn't end one request.
type refusing struct {
	*fakeStore
	id string
}

func (s *refusing) Tx(ctx context.Context, fn func(Tx) error) error {
	return s.fakeStore.Tx(ctx, func(tx Tx) error { return fn(refusingTx{tx, s.id}) })
}

type refusingTx struct {
	Tx
	id string
}

func (t refusingTx) EndRequest(ctx context.Context, id string, from []RequestState, state RequestState, reason string, at time.Time) (bool, error) {
	if id == t.id {
		return false, errBroken
	}
	return t.Tx.EndRequest(ctx, id, from, state, reason, at)
}

// TestExpiryMeets: what happens between finding a request that ran out and ending
// it.
func TestExpiryMeets(t *testing.T) {
	for name, meanwhile := range map[string]func(requested){
		"another server ended it": func(r requested) {
			_, err := r.d.expireRequest(t.Context(), SecretRequest{ID: r.id})
			must(t, err)
		},
		"it was forgotten": func(r requested) { delete(r.d.store.state.requests, r.id) },
		"it lives on": func(r requested) {
			living := r.stored()
			living.ExpiresAt = living.ExpiresAt.Add(hour)
			r.d.store.state.requests[r.id] = living
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			d.passes(hour)
			rows := 0
			d.crossed(func() { meanwhile(r); rows = len(d.store.state.audit) })
			must(t, d.expireRequests(t.Context()))
			if len(d.store.state.audit) != rows {
				t.Errorf("the audit says %+v", d.written(t))
			}
		})
	}
}

// TestRequestKilled: at whatever step the server dies, nothing is opened twice, and
// nothing is lost that was acknowledged.
func TestRequestKilled(t *testing.T) {
	for step, after := range map[string]func(*testing.T, requested, []byte){
		stepRequestReceived: func(t *testing.T, r requested, _ []byte) {
			if r.stored().State != RequestAsked {
				t.Fatalf("it is %q", r.stored().State)
			}
			r.answers(t, canary) // wasn't acknowledged, and can be sent once more
		},
		stepRequestTaken: func(t *testing.T, r requested, _ []byte) {
			if page := r.page(t); page.State != RequestReceived {
				t.Fatalf("it is %q", page.State)
			}
		},
		stepRequestOpening: func(t *testing.T, r requested, token []byte) {
			if viewed := r.views(t, token); string(viewed.Content) != canary {
				t.Fatalf("it is lost: %+v", viewed)
			}
		},
		stepRequestOpened: func(t *testing.T, r requested, token []byte) {
			if viewed := r.views(t, token); viewed.State != RequestOpened || viewed.Content != nil {
				t.Fatalf("it is opened twice: %+v", viewed)
			}
		},
	} {
		t.Run(step, func(t *testing.T) {
			d := office(t)
			r := d.asks(t)
			answer := browser(t, r.id, r.stored().PublicKey, canary)
			d.diesAt(step, func() { _, _, _ = d.ReceiveAnswer(t.Context(), r.id, r.token, answer) })
			if step == stepRequestReceived || step == stepRequestTaken {
				after(t, r, nil)
			}
			if r.stored().State == RequestReceived {
				token := r.viewing(t)
				d.diesAt(step, func() { _, _ = d.ViewAnswer(t.Context(), r.id, token) })
				if step == stepRequestOpening || step == stepRequestOpened {
					after(t, r, token)
				}
			}
			if r.stored().State != RequestOpened {
				t.Errorf("in the end it is %q", r.stored().State)
			}
			d.holdsSealed(t, r.id)
		})
	}
}

// diesAt ends what is done at a step, as a process that is killed there.
func (d *desk) diesAt(step string, do func()) {
	defer func() { _ = recover() }()
	d.Reached = func(reached string) {
		if reached == step {
			panic("killed at " + step)
		}
	}
	defer func() { d.Reached = nil }()
	do()
}

// TestRequestSteps: each step is told, in the order of SecretSteps.
func TestRequestSteps(t *testing.T) {
	d := office(t)
	var reached []string
	d.Reached = func(step string) { reached = append(reached, step) }
	r := d.asks(t)
	r.answers(t, canary)
	r.views(t, r.viewing(t))
	want := slices.DeleteFunc(SecretSteps(), func(step string) bool { return !strings.HasPrefix(step, "request_") })
	if !slices.Equal(reached, want) {
		t.Errorf("reached are %q, want %q", reached, want)
	}
}

// TestNothingSecretOfRequestsStays: no row of the audit and no message holds what
// came, what opens it, or a whole ID; and no row of the database does.
func TestNothingSecretOfRequestsStays(t *testing.T) {
	d := office(t)
	r, lost := d.asks(t, ofJane), d.asks(t, ofAStranger)
	r.answers(t, canary)
	lost.answers(t, canary)
	token := r.viewing(t)
	lying := fmt.Sprintf("%+v %+v", d.store.state.sealed, d.store.state.requests)
	r.views(t, token)
	lost.withdraws(t)
	_, err := d.WithdrawRequest(t.Context(), Call{Actor: Actor{ID: "U2", Roles: RolesOf(RoleAgent)}}, r.id)
	wantCode(t, err, NotFound)
	audit := fmt.Sprintf("%+v", d.store.state.audit)
	secrets := []string{canary, "Canary"}
	for _, secret := range [][]byte{r.token, token, lost.token} {
		secrets = append(secrets, encoded(secret), string(secret), base64.StdEncoding.EncodeToString(secret), fmt.Sprintf("%x", secret), fmt.Sprintf("%d", secret))
	}
	for _, secret := range secrets {
		if strings.Contains(lying, secret) {
			t.Errorf("what is stored holds %q", secret)
		}
	}
	for _, secret := range append(secrets, r.id, lost.id, "jane@acme", "help.acme.example", "somebody@else") {
		if strings.Contains(audit, secret) {
			t.Errorf("the audit holds %q", secret)
		}
	}
	for _, m := range d.store.state.outbox {
		if m.Ref != r.id && m.Ref != lost.id || m.To != "U1" {
			t.Errorf("a message says more than what it is about: %+v", m)
		}
	}
}

// ofAStranger asks somebody who isn't a customer.
func ofAStranger(n *NewRequest) { n.For = "somebody@else.example" }
