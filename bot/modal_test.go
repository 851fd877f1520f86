package bot

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latchkey-bot/latchkey/bot/slackfake"
	"github.com/latchkey-bot/latchkey/bot/slackfake/conversation"
)

// asksWhom opens the modal that asks whom to diagnose.
func asksWhom(p *conversation.Person) *conversation.Modal {
	return p.OpensHome().Click("Diagnose somebody").Opens("Diagnose somebody")
}

// The inputs of the modal.
const whom, ticketField = "Who can't log in?", "Ticket"

// TestModalSaysWhatIsWrongBesideTheField and stays open, until it can be read;
// then it closes, and the answer is a direct message.
func TestModalSaysWhatIsWrongBesideTheField(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		modal := asksWhom(ava)
		for _, wrong := range []struct{ whom, ticket, field, says string }{
			{"", "", whom, "Please complete this required field."}, // Slack's own
			{"#4711", "", whom, "Please say who can't log in: an e-mail address, a user name or a mobile number."},
			{"<@U0LEAD>", "", whom, "That is a colleague, somebody in this Slack, and not a customer. Please type the customer's e-mail address, user name or mobile number."},
			{"a@b.example c@d.example", "", whom, "You named several e-mail addresses. Please ask for one person at a time."},
			{"jane@acme.example", "soon", ticketField, "A ticket is a number such as #4711, with letters and dashes if it has them. Please name one, or none."},
		} {
			modal.Fill(whom, wrong.whom).Fill(ticketField, wrong.ticket).Submit()
			modal.Refuses(wrong.field, wrong.says)
		}
		if asked := o.directory.lookups(); len(asked) > 0 {
			t.Errorf("asked for %+v", asked)
		}
		modal.Fill(whom, "jane@acme.example").Fill(ticketField, "4711").Submit()
		ava.ExpectDM("Jane", "locked after too many wrong passwords", "jane@acme.example")
		modal.IsClosed()
		rows := o.store.rows()
		if last := rows[len(rows)-1]; last.Ticket != "#4711" || last.Subject != "u-jane" || last.Actor != agent {
			t.Errorf("the audit has %+v", rows)
		}
	})
}

// TestModalTakesTheTicketBesideTheName as a command does.
func TestModalTakesTheTicketBesideTheName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		asksWhom(ava).Fill(whom, "jane #4712").Submit()
		ava.ExpectDM("Jane", "#4712")
		modal := asksWhom(ava).Fill(whom, "jane #4712").Fill(ticketField, "#4713")
		modal.Submit()
		modal.Refuses(ticketField, "You named another ticket above. Please name one.")
		modal.Fill(whom, "jane").Submit()
		ava.ExpectDM("Jane", "#4713").DoesntRead("#4712")
	})
}

// TestModalStaysOpenWhileSlackIsDown: what was typed isn't lost, and the log has the
// failure under the reference that the sentence names.
func TestModalStaysOpenWhileSlackIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		modal := asksWhom(ava)
		pass(6 * time.Minute) // who she is isn't remembered any more
		o.slack.Fail("users.info", slackfake.Failure{Down: true})
		modal.Fill(whom, "jane@acme.example").Submit()
		said := modal.Problem(whom)
		reference := regexp.MustCompile(`E-[A-Z2-7]+`).FindString(said)
		if !strings.Contains(said, "Slack doesn't answer") || reference == "" || !strings.Contains(o.log.String(), reference) {
			t.Errorf("the modal says %q, and the log %s", said, o.log)
		}
		o.slack.Recover()
		pass(time.Minute)
		modal.Submit()
		modal.IsClosed()
		ava.ExpectDM("Jane")
	})
}

// TestModalClosesInTime while the answer is still looked for.
func TestModalClosesInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		modal := asksWhom(ava)
		o.directory.delay = 10 * time.Second
		modal.Fill(whom, "jane").Submit()
		modal.IsClosed()
		ava.ExpectDM("Jane", "locked after too many wrong passwords")
	})
}

// TestModalThatComesTooLate: Slack opens none, and the agent reads why.
func TestModalThatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := open(t)
		ava := o.talk().As(agent)
		home := ava.OpensHome()
		o.slack.Fail("views.open", slackfake.Failure{Error: "expired_trigger_id"})
		home.Click("Diagnose somebody").Reads("open the form", "Please click again").OnlyFor(agent)
	})
}
