package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

const newMailbox = "jane.new@acme.example"

// changesMail has the caller proven and her e-mail address changed, up to the
// mail that asks her to confirm, and returns the operation and the mail's link.
func (p *postRoom) changesMail() (operation, id, token string) {
	p.t.Helper()
	proof, code := p.asks(agent("UANN"), actions.ChannelSMS, actions.ActChangeEmail)
	if _, err := p.actions.Prove(p.t.Context(), agent("UANN"), proof, code); err != nil {
		p.t.Fatal(err)
	}
	order := actions.Order{Act: actions.ActChangeEmail, UserID: jane, Reason: "lost the old one", Params: actions.Params{Email: newMailbox}}
	report, err := p.actions.Do(p.t.Context(), agent("UANN"), order)
	if err != nil || report.Operation.State != actions.OperationOwner {
		p.t.Fatalf("got %+v, %v", report, err)
	}
	p.deliver()
	letter := p.mails.last(p.t)
	if letter.To != janeMail || strings.Contains(letter.Text, newMailbox) {
		p.t.Errorf("who is asked: %+v", letter)
	}
	id, token = linkIn(p.t, letter.Text)
	p.cards()
	return report.Operation.ID, id, token
}

// operation is an operation as it is stored.
func (p *postRoom) operation(id string) actions.Operation {
	p.t.Helper()
	op, err := p.store.OperationByID(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return op
}

// TestOwnerConfirmsTheirNewContact by link: it is changed then, the old and the
// new one are told, and the agent sees it (RULES S4.12).
func TestOwnerConfirmsTheirNewContact(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		operation, id, token := p.changesMail()
		if got := p.actions.LinkPage(t.Context(), id); got != actions.LinkConfirm || p.person(jane).Email != janeMail {
			t.Errorf("the page is for %q", got)
		}
		if o := p.use(id, token); o.State != actions.LinkLive || o.Purpose != actions.LinkConfirm || o.Code != "" {
			t.Errorf("got %+v", o)
		}
		if op := p.operation(operation); op.State != actions.OperationDone || p.person(jane).Email != newMailbox {
			t.Errorf("got %+v, %+v", op, p.person(jane))
		}
		if o := p.use(id, token); o.State != actions.LinkSpent {
			t.Errorf("again: got %+v", o)
		}
		_, err := p.actions.UseLink(t.Context(), id, token, actions.LinkDeny)
		if op := p.operation(operation); err != nil || op.State != actions.OperationDone {
			t.Errorf("denied afterwards: %v, %+v", err, op)
		}
		p.mails.letters = nil
		p.deliver()
		var told []string
		for _, letter := range p.mails.letters {
			told = append(told, letter.To)
		}
		if slices.Sort(told); !slices.Equal(told, []string{newMailbox, janeMail}) {
			t.Errorf("told %q", told)
		}
		rows := p.entries(actions.ActConfirmContact)
		if len(rows) != 1 || rows[0].Actor != "owner" || rows[0].Outcome != actions.ActDone || rows[0].Subject != jane {
			t.Errorf("got %+v", rows)
		}
		if len(p.entries(actions.ActChangeEmail)) != 1 || len(p.cards()) == 0 {
			t.Error("nobody is told")
		}
	})
}

// TestOwnerDeniesTheirNewContact: nothing changes, and that is on the record.
func TestOwnerDeniesTheirNewContact(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		operation, id, token := p.changesMail()
		o, err := p.actions.UseLink(t.Context(), id, token, actions.LinkDeny)
		if err != nil || o.State != actions.LinkLive {
			t.Errorf("got %+v, %v", o, err)
		}
		if op := p.operation(operation); op.State != actions.OperationRefused || p.person(jane).Email != janeMail {
			t.Errorf("got %+v", op)
		}
		if o := p.use(id, token); o.State != actions.LinkSpent {
			t.Errorf("confirmed afterwards: %+v", o)
		}
		rows := p.entries(actions.ActConfirmContact)
		if len(rows) != 1 || rows[0].Actor != "owner" || rows[0].Outcome != actions.ActRefused {
			t.Errorf("got %+v", rows)
		}
		var told []string
		for _, card := range p.cards() {
			if card.Kind == actions.OutgoingOperation && card.Ref == operation {
				told = append(told, card.To)
			}
		}
		if slices.Sort(told); !slices.Equal(told, []string{"UANN", "ULEAD"}) {
			t.Errorf("told are %q", told)
		}
	})
}

// TestOwnerAnswersTwiceAtOnce: the first answer counts, and the other is told
// that the link is spent.
func TestOwnerAnswersTwiceAtOnce(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		operation, id, token := p.changesMail()
		var all sync.WaitGroup
		outcomes, errs := make([]actions.LinkOutcome, 4), make([]error, 4)
		for i := range outcomes {
			all.Go(func() {
				answer := []actions.LinkAnswer{actions.LinkGoOn, actions.LinkDeny}[i%2]
				outcomes[i], errs[i] = p.actions.UseLink(t.Context(), id, token, answer)
			})
		}
		all.Wait()
		won := 0
		for i, o := range outcomes {
			if o.State == actions.LinkLive {
				won++
			} else if errs[i] != nil || o.State != actions.LinkSpent {
				t.Errorf("got %+v, %v", o, errs[i])
			}
		}
		rows, op := p.entries(actions.ActConfirmContact), p.operation(operation)
		if won != 1 || len(rows) != 1 || (rows[0].Outcome == actions.ActDone) != (op.State == actions.OperationDone) {
			t.Errorf("%d won, rows %+v, %+v", won, rows, op)
		}
	})
}

// TestConfirmLinkRunsOut after 24 hours.
func TestConfirmLinkRunsOut(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	operation, id, token := p.changesMail()
	p.pass(24 * time.Hour)
	if o := p.use(id, token); o.State != actions.LinkExpired || p.operation(operation).State != actions.OperationOwner {
		t.Errorf("got %+v", o)
	}
	if err := p.actions.CarryOn(t.Context()); err != nil || p.operation(operation).State != actions.OperationRefused {
		t.Errorf("got %v", err)
	}
	if p.person(jane).Email != janeMail {
		t.Error("it was changed")
	}
}
