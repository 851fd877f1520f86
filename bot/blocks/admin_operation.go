package blocks

import (
	"strings"

	"github.com/latchkey-bot/latchkey/actions"
)

// subjectOfCard says whom an operation is about, or of a temporary admin who gets in, where, why
// and until when: whoever approves it must see that.
func subjectOfCard(r actions.OperationReport) string {
	switch {
	case r.Bulk != nil:
		return bulkSubject(*r.Bulk)
	case r.Admin == nil:
		return whom(r.Person)
	}
	p := adminParams(r)
	lines := []string{capital(adminCalled(*r.Admin))}
	for _, fact := range []struct{ name, text string }{
		{"Where", targetAddress(r.Admin.Target)},
		{"Who gets in", orElse(mention(p.Receiver), adminReceiver(r.Admin.Admin))},
		{"Why", line(r.Operation.Reason)},
		{"How long", adminUntil(r, p)},
	} {
		if fact.text != "" {
			lines = append(lines, "*"+fact.name+":* "+fact.text)
		}
	}
	return inLines(lines...)
}

// aboutCustomer reports whether an operation is about one customer.
func aboutCustomer(r actions.OperationReport) bool { return r.Admin == nil && r.Bulk == nil }

// adminParams are what an operation does with a temporary admin.
func adminParams(r actions.OperationReport) actions.AdminParams {
	if p := r.Operation.Params.Admin; p != nil {
		return *p
	}
	return actions.AdminParams{}
}

// adminUntil says until when somebody gets in, by what is asked for.
func adminUntil(r actions.OperationReport, p actions.AdminParams) string {
	switch {
	case !p.Until.IsZero() && r.Operation.Act == actions.ActExtendAdmin && !r.Operation.State.Final():
		return "until " + when(p.Until) + before(r.Admin.Admin)
	case !p.Until.IsZero():
		return "until " + when(p.Until)
	case r.Operation.State == actions.OperationDone && !r.Admin.Admin.ExpiresAt.IsZero():
		return "until " + when(r.Admin.Admin.ExpiresAt)
	case p.Days > 0:
		return dayCount(p.Days) + " from when it is made" + untilAbout(r, p.Days) + ", then it is deleted"
	}
	return ""
}

// untilAbout says when one will end that isn't made yet.
func untilAbout(r actions.OperationReport, days int) string {
	if r.Operation.State.Final() || r.Admin.Now.IsZero() {
		return ""
	}
	return ", so until about " + when(inDays(r.Admin.Now, days))
}

// before says when one ends that is to live longer.
func before(t actions.TempAdmin) string {
	if t.ExpiresAt.IsZero() {
		return ""
	}
	return ", instead of " + when(t.ExpiresAt)
}

// aimedAt says in a line whom an act is for, behind its name.
func aimedAt(r actions.OperationReport) string {
	switch {
	case r.Bulk != nil:
		return "for " + bulkWhom(*r.Bulk)
	case r.Admin == nil:
		return "for " + naming(r.Person)
	}
	return joined(adminPlace(*r.Admin), letsIn(r))
}

// letsIn names who gets in.
func letsIn(r actions.OperationReport) string {
	if receiver := orElse(adminParams(r).Receiver, r.Admin.Admin.Receiver); receiver != "" {
		return "for " + mention(receiver)
	}
	return ""
}

// doing shows a sentence of what will happen. That of a temporary admin names who gets
// in; a site's words in it mention nobody.
func doing(r actions.OperationReport) func(string) string {
	receiver := adminParams(r).Receiver
	if !slackUser.MatchString(receiver) {
		return line
	}
	return func(s string) string { return strings.ReplaceAll(line(s), "&lt;@"+receiver+"&gt;", mention(receiver)) }
}

// sayable is an operation without what its card says elsewhere already.
func sayable(r actions.OperationReport) actions.Operation {
	op := r.Operation
	if r.Admin != nil {
		op.Reason = ""
	}
	return op
}

// whereRead says where each step is read back.
func whereRead(r actions.OperationReport) string {
	if r.Admin != nil {
		return "on the site"
	}
	return "in the directory"
}

// adminDone says what it means that something about a temporary admin is done.
func adminDone(r actions.OperationReport) string {
	ended := at(r.Operation.EndedAt)
	switch r.Operation.Act {
	case actions.ActExtendAdmin:
		return "Done" + ended + ": it lives longer."
	case actions.ActAdoptAdmin:
		return "Done" + ended + ": the site has it, and " + mention(r.Operation.Actor) + " answers for it."
	default:
		return "Made and read back" + ended + ": the site shows an administrator. Its own card shows what becomes of it."
	}
}

// adminFailed says what holds after something about a temporary admin failed.
func adminFailed(op actions.Operation) string {
	switch op.Act {
	case actions.ActExtendAdmin:
		return "It ends when it did before."
	case actions.ActAdoptAdmin:
		return "Nobody answers for it yet."
	default:
	}
	if op.Params.Admin != nil && op.Params.Admin.Untouched {
		return "Nothing has to be deleted. Ask for another once that is mended."
	}
	return "What there may be of it is deleted again, and its own card shows when it is gone."
}
