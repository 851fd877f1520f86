package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
)

// asks has a code sent and delivers it.
func (p *postRoom) asks(call actions.Call, via actions.Channel, purpose actions.Act) (id, code string) {
	p.t.Helper()
	report, err := p.actions.Verify(p.t.Context(), call, jane, via, purpose)
	if err != nil {
		p.t.Fatal(err)
	}
	id = report.Verification.ID
	mail, _, err := p.store.MailFor(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.actions.SendMail(p.t.Context(), mail.ID); err != nil {
		p.t.Fatal(err)
	}
	box := p.mails
	if via == actions.ChannelSMS {
		box = p.texts
	}
	return id, codeIn(p.t, box.last(p.t).Text)
}

// wrong is a code that isn't the code.
func wrong(code string) string {
	return fmt.Sprintf("%06d", (int(code[5]-'0')+1)%10)
}

// TestCallerIsProvenByACode: the message names its purpose, only the agent who
// asked may enter the code, it is good once, and the proof holds for the ticket,
// for 60 minutes (RULES S4.2).
func TestCallerIsProvenByACode(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		mine := agent("UANN")
		mine.Ticket = "#4711"
		id, code := p.asks(mine, actions.ChannelSMS, actions.ActChangeEmail)
		letter := p.texts.last(t)
		if letter.To != "+49 170 1234567" || !strings.Contains(letter.Text, "for change_email, good for 10 minutes") {
			t.Errorf("got %+v", letter)
		}
		if got := p.cards(); len(got) != 1 || got[0].To != "UANN" || got[0].Ref != id {
			t.Errorf("the card that says it was sent: %+v", got)
		}
		_, err := p.actions.Prove(t.Context(), agent("UBOB"), id, code)
		wantCode(t, err, actions.Forbidden)
		report, err := p.actions.Prove(t.Context(), mine, id, " "+code[:3]+" "+code[3:])
		if err != nil || report.Verification.State != actions.VerificationHolds || report.Verification.Code != nil || report.To != "•••67" {
			t.Fatalf("got %+v, %v", report, err)
		}
		_, err = p.actions.Prove(t.Context(), mine, id, code)
		wantCode(t, err, actions.Conflict)
		if v, err := p.store.VerificationByID(t.Context(), id); err != nil || v.Code != nil {
			t.Errorf("what recognises the code is still there: %+v, %v", v, err)
		}

		colleague := agent("UBOB")
		colleague.Ticket = "#4711"
		for _, after := range []struct {
			call  actions.Call
			holds bool
			d     time.Duration
		}{{mine, true, 0}, {colleague, true, 59 * time.Minute}, {agent("UBOB"), false, 0}, {mine, false, time.Minute}} {
			p.pass(after.d)
			_, _, verified, err := p.actions.Ways(t.Context(), after.call, jane)
			if err != nil || (verified != nil) != after.holds {
				t.Errorf("%+v: got %+v, %v", after, verified, err)
			}
			if verified != nil && (verified.Via != actions.ChannelSMS || verified.By != "UANN" || verified.Until.Sub(verified.At) != time.Hour) {
				t.Errorf("got %+v", verified)
			}
		}
		rows := p.entries(actions.ActVerify)
		if len(rows) != 2 || rows[0].Outcome != actions.ActDone || rows[1].Detail != "verified by text message" || rows[1].Ticket != "#4711" {
			t.Errorf("got %+v", rows)
		}
	})
}

// TestProofWithoutTicketIsTheAgentsOwn.
func TestProofWithoutTicketIsTheAgentsOwn(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, code := p.asks(agent("UANN"), actions.ChannelEmail, "")
		if _, err := p.actions.Prove(t.Context(), agent("UANN"), id, code); err != nil {
			t.Fatal(err)
		}
		for who, holds := range map[string]bool{"UANN": true, "UBOB": false} {
			if _, _, v, err := p.actions.Ways(t.Context(), agent(who), jane); err != nil || (v != nil) != holds {
				t.Errorf("%s: got %+v, %v", who, v, err)
			}
		}
	})
}

// TestWrongCodes: the third ends the proof, and the right one doesn't help any
// more. A request that comes twice counts once.
func TestWrongCodes(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, code := p.asks(agent("UANN"), actions.ChannelEmail, "")
		call := agent("UANN")
		call.Key = "click-1"
		report, err := p.actions.Prove(t.Context(), call, id, wrong(code))
		wantCode(t, err, actions.Invalid)
		if report.TriesLeft != 2 || strings.Contains(err.Error(), code) {
			t.Errorf("got %+v, %v", report, err)
		}
		_, err = p.actions.Prove(t.Context(), call, id, wrong(code)) // a double click
		wantCode(t, err, actions.Conflict)
		for _, typed := range []string{"", "12345", "1234567", "12345x", "１２３４５６"} {
			_, err = p.actions.Prove(t.Context(), agent("UANN"), id, typed) // no codes, no tries
			wantCode(t, err, actions.Invalid)
		}
		_, err = p.actions.Prove(t.Context(), agent("UANN"), id, wrong(code))
		wantCode(t, err, actions.Invalid)
		report, err = p.actions.Prove(t.Context(), agent("UANN"), id, wrong(code))
		wantCode(t, err, actions.Conflict)
		if report.Verification.State != actions.VerificationFailed || report.TriesLeft != 0 {
			t.Errorf("got %+v", report)
		}
		_, err = p.actions.Prove(t.Context(), agent("UANN"), id, code)
		wantCode(t, err, actions.Conflict)
		rows := p.entries(actions.ActVerify)
		if len(rows) != 2 || rows[1].Outcome != actions.ActFailed || rows[1].Subject != jane {
			t.Errorf("got %+v", rows)
		}
	})
}

// TestCodeRunsOut: it is good for 10 minutes after it was sent.
func TestCodeRunsOut(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, code := p.asks(agent("UANN"), actions.ChannelEmail, "")
		p.pass(10 * time.Minute)
		_, err := p.actions.Prove(t.Context(), agent("UANN"), id, code)
		wantCode(t, err, actions.Conflict)
		if _, _, v, err := p.actions.Ways(t.Context(), agent("UANN"), jane); err != nil || v != nil {
			t.Errorf("got %+v, %v", v, err)
		}
	})
}

// TestTwoEnterTheCodeAtOnce: the proof is made once.
func TestTwoEnterTheCodeAtOnce(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, code := p.asks(agent("UANN"), actions.ChannelEmail, "")
		var all sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			all.Go(func() { _, errs[i] = p.actions.Prove(t.Context(), agent("UANN"), id, code) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantCode(t, err, actions.Conflict)
			}
		}
		if rows := p.entries(actions.ActVerify); won != 1 || len(rows) != 2 {
			t.Errorf("%d made the proof, %d rows", won, len(rows))
		}
	})
}

// TestFiveCodesAnHour: a sixth isn't sent, and that is on the record.
func TestFiveCodesAnHour(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		for i := range 5 {
			p.asks(agent(fmt.Sprint("UAGENT", i)), actions.ChannelEmail, "") // by different agents, too
		}
		_, err := p.actions.Verify(t.Context(), agent("UANN"), jane, actions.ChannelEmail, "")
		wantCode(t, err, actions.Conflict)
		if rows := p.entries(actions.ActVerify); len(rows) != 6 || rows[5].Outcome != actions.ActRefused {
			t.Errorf("got %+v", rows)
		}
		p.pass(time.Hour)
		p.asks(agent("UANN"), actions.ChannelEmail, "")
	})
}

// TestManyAskAtOnce: no more than five codes are asked for.
func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		var all sync.WaitGroup
		errs := make([]error, 12)
		for i := range errs {
			all.Go(func() {
				_, errs[i] = p.actions.Verify(t.Context(), agent(fmt.Sprint("UAGENT", i)), jane, actions.ChannelEmail, "")
			})
		}
		all.Wait()
		asked := 0
		for _, err := range errs {
			if err == nil {
				asked++
			} else {
				wantCode(t, err, actions.Conflict)
			}
		}
		if rows := p.entries(actions.ActVerify); asked != 5 || len(rows) != len(errs) {
			t.Errorf("%d were asked for, %d rows", asked, len(rows))
		}
	})
}

// TestContactThatChangedProvesNobody: not for 72 hours, and nothing but what is
// on file is offered.
func TestContactThatChangedProvesNobody(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		user := p.person(jane)
		user.ContactChangedAt = actions.Instant(p.clock())
		p.put(user)
		p.pass(72*time.Hour - time.Second)
		_, ways, _, err := p.actions.Ways(t.Context(), agent("UANN"), jane)
		if err != nil || len(ways) != 2 || !strings.Contains(ways[0].Refused, "2 days ago") || ways[1].Refused == "" || ways[0].Masked != "j•••@a•••.example" {
			t.Errorf("got %+v, %v", ways, err)
		}
		_, err = p.actions.Verify(t.Context(), agent("UANN"), jane, actions.ChannelEmail, "")
		wantCode(t, err, actions.Conflict)
		p.pass(time.Second)
		p.actions.Texter = nil
		_, ways, _, err = p.actions.Ways(t.Context(), agent("UANN"), jane)
		if err != nil || ways[0].Refused != "" || ways[1].Refused == "" {
			t.Errorf("got %+v, %v", ways, err)
		}
		user.Mobile = ""
		p.put(user)
		if _, ways, _, err = p.actions.Ways(t.Context(), agent("UANN"), jane); err != nil || len(ways) != 1 {
			t.Errorf("got %+v, %v", ways, err)
		}
		for _, via := range []actions.Channel{actions.ChannelSMS, "pigeon"} {
			_, err = p.actions.Verify(t.Context(), agent("UANN"), jane, via, "")
			wantCode(t, err, actions.Conflict)
		}
	})
}

// TestContactThatChangesMeanwhileGetsNoCode: it is looked at once more when the
// code is delivered.
func TestContactThatChangesMeanwhileGetsNoCode(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	report, err := p.actions.Verify(t.Context(), agent("UANN"), jane, actions.ChannelEmail, "")
	if err != nil {
		t.Fatal(err)
	}
	p.pass(time.Minute)
	user := p.person(jane)
	user.Email, user.ContactChangedAt = "mallory@evil.example", actions.Instant(p.clock())
	p.put(user)
	mail, _, err := p.store.MailFor(t.Context(), report.Verification.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.actions.SendMail(t.Context(), mail.ID); err == nil || len(p.mails.letters) != 0 {
		t.Errorf("got %v, sent %+v", err, p.mails.letters)
	}
	if report, err = p.actions.ProofReport(t.Context(), report.Verification.ID); err != nil || report.Mail.State != actions.MailFailed || report.Mail.Why == "" {
		t.Errorf("the card says %+v, %v", report, err)
	}
}

// TestVerifyIsForAgents: nobody else, and for nothing that needs no proof.
func TestVerifyIsForAgents(t *testing.T) {
	t.Parallel()
	p := openPostRoomOnSQLite(t)
	stranger := actions.Call{Actor: actions.Actor{ID: "UEVE"}}
	_, err := p.actions.Verify(t.Context(), stranger, jane, actions.ChannelEmail, "")
	wantCode(t, err, actions.Forbidden)
	_, _, _, err = p.actions.Ways(t.Context(), stranger, jane)
	wantCode(t, err, actions.Forbidden)
	_, err = p.actions.Prove(t.Context(), stranger, "x", "123456")
	wantCode(t, err, actions.Forbidden)
	for _, purpose := range []actions.Act{actions.ActTokenCreate, "dance"} {
		_, err = p.actions.Verify(t.Context(), agent("UANN"), jane, actions.ChannelEmail, purpose)
		wantCode(t, err, actions.Invalid)
	}
	_, err = p.actions.Verify(t.Context(), agent("UANN"), "nobody", actions.ChannelEmail, "")
	wantCode(t, err, actions.NotFound)
	_, err = p.actions.Prove(t.Context(), agent("UANN"), "nothing", "123456")
	wantCode(t, err, actions.NotFound)
}

// TestManyGuessAtOnce: every wrong code counts, however many come at once.
func TestManyGuessAtOnce(t *testing.T) {
	t.Parallel()
	onEachPost(t, func(t *testing.T, p *postRoom) {
		id, code := p.asks(agent("UANN"), actions.ChannelEmail, "")
		errs := make([]error, 10)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				call := agent("UANN")
				call.Key = fmt.Sprint("guess-", i)
				_, errs[i] = p.actions.Prove(t.Context(), call, id, wrong(code))
			})
		}
		all.Wait()
		codes := map[actions.Code]int{}
		for _, err := range errs {
			codes[actions.CodeOf(err)]++
		}
		if codes[actions.Invalid] != 2 || codes[actions.Conflict] != 8 {
			t.Errorf("got %v", codes)
		}
		_, err := p.actions.Prove(t.Context(), agent("UANN"), id, code)
		wantCode(t, err, actions.Conflict)
		if v, err := p.store.VerificationByID(t.Context(), id); err != nil || v.State != actions.VerificationFailed || v.Tries != 3 || v.Code != nil {
			t.Errorf("got %+v, %v", v, err)
		}
	})
}
