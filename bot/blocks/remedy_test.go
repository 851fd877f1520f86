package blocks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
)

// Each state of an act says where it stands and what to do next.
func TestOperationSaysWhereItStands(t *testing.T) {
	refused := operation(actions.ActUnlock, actions.OperationRefused)
	refused.Operation.Why = "Nothing is locked: <@U0BEN> unlocked them, <@terminal:ann> looked, <!here>."
	admin := confirming()
	admin.Operation.Params.Confirmer, admin.Mails = "u-7", nil
	for name, row := range map[string]struct {
		report actions.OperationReport
		want   []string
	}{
		"Asked": {asking(actions.ApprovalAsked), []string{
			"Delete and re-invite – waiting for a second person", "Waiting for a lead: asked <@U0LEA>, <@U0BEN>, until <!date^", "*What will happen*",
			"The profile is deleted.", "nobody proved the caller: <@U0AGENT> vouches for them",
		}},
		"Owner": {confirming(), []string{
			"Waiting for the owner to confirm by the link sent to •••78, until", "Nothing changes before.", "to k•••@a•••.example", "*Verified* by SMS at",
			"Notice by SMS · to •••78 · on its way",
		}},
		"Admin":   {admin, []string{"Waiting for the account's admin to confirm by the link sent to their contact on file"}},
		"Running": {operation(actions.ActUnlock, actions.OperationRunning), []string{"under way", "Each step is taken, and then read back"}},
		"Done": {unlocked(), []string{
			"*Unlock and send reset – done*", "Done and read back at <!date^", "the directory shows it.", "*What was done*", "*Then send reset e-mail:*", "sent",
			"*not sent*", "The number doesn't exist.", "Say to the customer", "Your login is unlocked", "A mail with a link is on its way",
			"reason: called from the number on file", "ticket #4711",
		}},
		"Failed": {operation(actions.ActReenableShared, actions.OperationFailed), []string{
			"Re-enable – failed", "Step 2 of 3", "What holds now", "diagnose again", "*What was asked for*",
		}},
		"Refused":  {refused, []string{"Unlock – not done", "Nothing is locked: <@U0BEN> unlocked them, terminal:ann looked, &lt;!here&gt;. Nothing was changed."}},
		"Declined": {asking(actions.ApprovalDeclined), []string{"<@U0LEA> declined at", "Nothing was changed."}},
		"Expired":  {asking(actions.ApprovalExpired), []string{"Nobody approved it by"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, blocks.Operation(row.report))
			if missing := inOrder(text, row.want...); missing != "" {
				t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
			}
		})
	}
}

func TestOperationSaysThatItWasUnderWay(t *testing.T) {
	r := operation(actions.ActUnlock, actions.OperationRunning)
	r.Already = true
	for _, message := range []blocks.Message{blocks.Operation(r), blocks.OperationLine(r)} {
		if !strings.Contains(message.Text, "nothing was begun twice") {
			t.Errorf("it is said as %q", message.Text)
		}
	}
}

// The buttons of a card follow its state.
func TestOperationButtons(t *testing.T) {
	forgotten := operation(actions.ActUnlock, actions.OperationDone)
	vanished := asking(actions.ApprovalAsked)
	forgotten.Person, vanished.Person = actions.Person{ID: "u-1"}, actions.Person{ID: "u-1"}
	for name, row := range map[string]struct {
		report actions.OperationReport
		want   []string
	}{
		"Running":    {operation(actions.ActUnlock, actions.OperationRunning), nil},
		"Asked":      {asking(actions.ApprovalAsked), []string{"withdraw o-1"}},
		"Owner":      {confirming(), []string{"withdraw o-1"}},
		"Done":       {operation(actions.ActUnlock, actions.OperationDone), []string{"watch u-1", "diagnose u-1"}},
		"Failed":     {operation(actions.ActUnlock, actions.OperationFailed), []string{"diagnose u-1"}},
		"Undoable":   {reinvited(), []string{"watch u-9", "diagnose u-9", "undo_reinvite o-1"}},
		"HandedOver": {handedOver(), []string{"diagnose u-1"}},
		"PersonGone": {forgotten, nil},
		"GoneAsked":  {vanished, []string{"withdraw o-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := buttons(t, blocks.Operation(row.report)); !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

// Only an open question can be answered, and then it says who did.
func TestApprovalIsDecidedOnce(t *testing.T) {
	over := asking(actions.ApprovalAsked)
	over.Operation.State = actions.OperationRefused
	back := asking(actions.ApprovalExpired)
	back.Approval.By, back.Approval.DecidedAt = "U0AGENT", now
	solved := asking(actions.ApprovalExpired)
	solved.Operation.Why, solved.Approval.DecidedAt = "Its ticket was solved.", solved.Approval.Until.Add(-time.Minute)
	for name, row := range map[string]struct {
		report  actions.OperationReport
		said    string
		buttons []string
	}{
		"Asked":    {asking(actions.ApprovalAsked), "a second person must approve it by", []string{"approve p-1", "decline p-1"}},
		"Given":    {asking(actions.ApprovalGiven), "Approved by <@U0LEA> at", nil},
		"Declined": {asking(actions.ApprovalDeclined), "Declined by <@U0LEA> at", nil},
		"Expired":  {asking(actions.ApprovalExpired), "Nobody answered by", nil},
		"Back":     {back, "<@U0AGENT> took it back at", nil},
		"Solved":   {solved, "Its ticket was solved.", nil},
		"Over":     {over, "It is over", nil},
	} {
		t.Run(name, func(t *testing.T) {
			message := blocks.Approval(row.report)
			text := read(t, message)
			if !strings.Contains(text, row.said) || !strings.Contains(text, "says that they know the caller") {
				t.Errorf("%q isn't in:\n%s", row.said, text)
			}
			if asks := strings.Contains(text, "with your approval you answer for it, too"); asks != (row.buttons != nil) {
				t.Errorf("that one answers for it: %t\n%s", asks, text)
			}
			if got := buttons(t, message); !slices.Equal(got, row.buttons) {
				t.Errorf("the buttons are %q, want %q", got, row.buttons)
			}
		})
	}
}

// questions are what a message's buttons ask before anything happens, by action.
func questions(t *testing.T, m blocks.Message) map[string]string {
	t.Helper()
	asked := map[string]string{}
	all, _ := sent(t, m)
	for _, block := range all {
		for _, element := range block.list("elements") {
			if confirm := element.object("confirm"); confirm != nil {
				asked[element.string("action_id")] = element.string("style") + ": " + confirm.object("text").string("text")
			}
		}
	}
	return asked
}

// What can't be taken back asks first.
func TestDangerousButtonsAsk(t *testing.T) {
	more := questions(t, blocks.MoreRemedies(helped(), reader))
	if len(more) != 2 || !strings.HasPrefix(more["reinvite"], "danger: ") || !strings.HasPrefix(more["revoke_sessions"], "danger: ") {
		t.Errorf("asked are %q", more)
	}
	approve := questions(t, blocks.Approval(asking(actions.ApprovalAsked)))
	if want := "danger: Delete and re-invite for Jane Doe: it is carried out at once"; !strings.HasPrefix(approve["approve"], want) || len(approve) != 1 {
		t.Errorf("asked are %q", approve)
	}
	harmless := asking(actions.ApprovalAsked)
	harmless.Operation.Act = actions.ActUnlock
	if got := questions(t, blocks.Approval(harmless))["approve"]; !strings.HasPrefix(got, "primary: Unlock for Jane Doe") {
		t.Errorf("asked is %q", got)
	}
	if got := questions(t, blocks.Operation(reinvited())); len(got) != 1 || got["undo_reinvite"] == "" {
		t.Errorf("asked are %q", got)
	}
}

// A button is there for whoever may do the act, or may ask for it.
func TestOffersAreForWhatTheReaderMay(t *testing.T) {
	agent, lead := role(actions.RoleAgent), role(actions.RoleLead)
	shared := locked()
	shared.Offers = []actions.Offer{{Act: actions.ActReenableShared, First: true}, {Act: actions.ActResetFactor}}
	disabled := locked()
	disabled.Offers = []actions.Offer{{Act: actions.ActReenable, First: true}}
	attacked := locked()
	attacked.Offers = []actions.Offer{{Act: actions.ActUnlockAttacked, First: true}}
	attacked.Offers = append(attacked.Offers, actions.Offer{Act: actions.ActSendReset, First: true})
	mailed := attacked
	mailed.Offers = []actions.Offer{{Act: actions.ActUnlock, First: true}, {Act: actions.ActSendReset, First: true}}
	unmailed := helped() // there is no address, or no mail can be sent
	unmailed.Offers = slices.DeleteFunc(unmailed.Offers, func(o actions.Offer) bool { return o.Act == actions.ActSendReset })
	for name, row := range map[string]struct {
		d      actions.Diagnosis
		reader blocks.Reader
		want   []string
	}{
		"Agent":           {helped(), agent, []string{"unlock u-1", "unlock_and_reset u-1", "more_remedies u-1"}},
		"NoMail":          {unmailed, agent, []string{"unlock u-1", "more_remedies u-1"}},
		"AsksForALead":    {shared, agent, []string{"reenable u-1", "verify_caller u-1"}},
		"OnlyALead":       {disabled, agent, []string{"verify_caller u-1"}},
		"Lead":            {disabled, lead, []string{"reenable u-1", "verify_caller u-1"}},
		"LeadHasMore":     {shared, lead, []string{"reenable u-1", "verify_caller u-1", "more_remedies u-1"}},
		"AttackedIsOfL2":  {attacked, agent, []string{"send_reset u-1", "verify_caller u-1"}},
		"ResetAfterwards": {mailed, agent, []string{"unlock u-1", "unlock_and_reset u-1", "verify_caller u-1", "more_remedies u-1"}},
		"NobodysReader":   {helped(), blocks.Reader{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := slices.DeleteFunc(buttons(t, blocks.Diagnosis(row.d, row.reader)), func(b string) bool {
				action, _, _ := strings.Cut(b, " ")
				return slices.Contains([]string{"watch", "history", "ticket_note", "share", "escalate"}, action)
			})
			if !slices.Equal(got, row.want) {
				t.Errorf("the buttons are %q, want %q", got, row.want)
			}
		})
	}
}

// role is a reader with what a role may do.
func role(r actions.Role) blocks.Reader {
	return blocks.Reader{ID: "U0AGENT", May: func(act actions.Act) bool { return actions.May(actions.RolesOf(r), act) }}
}

// E-mail and mobile are one button; what stands first isn't offered again.
func TestMoreRemedies(t *testing.T) {
	got := buttons(t, blocks.MoreRemedies(helped(), reader))
	want := []string{"send_reset u-1", "send_username u-1", "revoke_sessions u-1", "profile u-1", "reinvite u-1"}
	if !slices.Equal(got, want) {
		t.Errorf("the buttons are %q, want %q", got, want)
	}
	if got := buttons(t, blocks.MoreRemedies(helped(), role(actions.RoleAgent))); !slices.Equal(got, []string{"send_reset u-1", "send_username u-1", "profile u-1"}) {
		t.Errorf("an agent's buttons are %q", got)
	}
}

// What helps stands before what only looks.
func TestOrderOfRemedies(t *testing.T) {
	text := read(t, blocks.Diagnosis(helped(), reader))
	if missing := inOrder(text, "*What to do*", "*Verified* by SMS at <!date^", " for #4711, until <!date^", "with <@U0AGENT>", "Unlock\n",
		"Unlock and send reset\n", "More remedies\n", "Tell me when they're in", "*Mails and texts*",
		"Password reset by e-mail · to j•••@a•••.example · bounced", "Code by SMS · to •••78 · delivered", "*Locks*"); missing != "" {
		t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
	}
}

func TestVerificationSaysWhatHappened(t *testing.T) {
	wrong := verification(actions.VerificationAsked, actions.MailSent)
	wrong.Verification.Tries, wrong.TriesLeft = 2, 1
	owner := proof()
	owner.Via, owner.Ticket = "", ""
	byLink := helped()
	byLink.Facts.Verified = owner
	both, again := []string{"enter_code v-1", "code_again v-1"}, []string{"code_again v-1"}
	for name, row := range map[string]struct {
		message blocks.Message
		said    []string
		buttons []string
	}{
		"Queued":  {blocks.Verification(verification(actions.VerificationAsked, actions.MailQueued)), []string{"on its way by SMS to •••78", "for: Change the e-mail address"}, both},
		"Wrong":   {blocks.Verification(wrong), []string{"went out by SMS to •••78 at", "good until", "1 try is left"}, both},
		"Unsent":  {blocks.Verification(verification(actions.VerificationAsked, actions.MailFailed)), []string{"couldn't be sent", "refused the number", "another contact"}, again},
		"Unclear": {blocks.Verification(verification(actions.VerificationAsked, actions.MailUnclear)), []string{"may have arrived"}, both},
		"Holds":   {blocks.Verification(verification(actions.VerificationHolds, actions.MailSent)), []string{"*Verified* by SMS at <!date^1773481980^", "for #4711, until <!date^1773485580^"}, nil},
		"Failed":  {blocks.Verification(verification(actions.VerificationFailed, actions.MailSent)), []string{"isn't verified", "call back"}, again},
	} {
		t.Run(name, func(t *testing.T) {
			text := read(t, row.message)
			if missing := inOrder(text, row.said...); missing != "" {
				t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
			}
			if got := buttons(t, row.message); !slices.Equal(got, row.buttons) {
				t.Errorf("the buttons are %q, want %q", got, row.buttons)
			}
		})
	}
	if text := read(t, blocks.Diagnosis(byLink, reader)); !strings.Contains(text, "*Verified* by the owner's link at") {
		t.Errorf("the owner's link isn't in:\n%s", text)
	}
}

// A dead letter can be tried once more, and a long list says what it leaves out.
func TestDeadLetters(t *testing.T) {
	message := blocks.DeadLetters(deadLetters())
	if got := buttons(t, message); !slices.Equal(got, []string{"retry_letter m-1", "retry_letter m-2", "retry_letter m-3"}) {
		t.Errorf("the buttons are %q", got)
	}
	if missing := inOrder(read(t, message), "3 messages weren't delivered", "Card of an act", "to <@U0AGENT>", "channel is gone",
		"Message to a customer", "by e-mail", "Notice of a brake", "to <#C0LEADS>"); missing != "" {
		t.Errorf("%q isn't there", missing)
	}
	many := slices.Repeat(deadLetters(), 10)
	if text := read(t, blocks.DeadLetters(many)); !strings.Contains(text, "…and 15 more.") {
		t.Errorf("what is left out isn't said:\n%s", text)
	}
}

func TestBrake(t *testing.T) {
	b := braked()
	if got := buttons(t, blocks.Braked(b)); !slices.Equal(got, []string{"release_brake U0AGENT"}) {
		t.Errorf("the buttons are %q", got)
	}
	b.ReleasedAt, b.ReleasedBy = now.Add(time.Minute), "U0LEA"
	if got := buttons(t, blocks.Braked(b)); got != nil || !strings.Contains(blocks.Braked(b).Text, "Released by <@U0LEA> at") {
		t.Errorf("the buttons are %q, the text %q", got, blocks.Braked(b).Text)
	}
}

// A link leads only to where the configuration does, and an odd one nowhere.
func TestHandOver(t *testing.T) {
	text := read(t, blocks.HandedOver(handedOver()))
	if missing := inOrder(text, "<@U0AGENT> hands a customer over to you.", "*Jane Doe*", "*Acme Old*", "GW-1002", "owner owner@latchkey.example",
		"*For the reply:*", "<https://tickets.example/?q=GW-1002&amp;sort=new|Tickets> · CRM", "*Who will be told:*", "reason:"); missing != "" {
		t.Errorf("%q isn't there, or not in its place, in:\n%s", missing, text)
	}
	if strings.Contains(text, "javascript") {
		t.Errorf("an odd address is in:\n%s", text)
	}
}

// A placeholder stays as it is wherever an agent sees or copies a mail.
func TestMailCopyKeepsPlaceholders(t *testing.T) {
	text := read(t, blocks.MailCopy("Reset", "Dear Jane,\n\nhere: [insert link here] or [loginLink]\n"))
	if missing := inOrder(text, "Reset", "Dear Jane,\n\nhere: [insert link here] or [loginLink]"); missing != "" {
		t.Errorf("%q isn't in:\n%s", missing, text)
	}
}
