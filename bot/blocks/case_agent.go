package blocks

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/escalation"
)

// CaseForAgent is the card of a case in the direct message of an agent who follows
// it: what is done about it, what L2 asks, and, once it is resolved, what to say to
// the customer. The customer is masked (RULES S1.2).
func CaseForAgent(r escalation.Report, to CaseReader) Message {
	c := r.Case
	said := []string{"*" + capital(words(c.Kind)) + " case for L2* · " + orElse(caseWhom(c), "customer forgotten")}
	if isUnreached(c) {
		said = append(said, unreached(c))
	}
	standing, written := agentStanding(r, to.Viewer)
	said = append(said, standing)
	more := []string{whoAnswers(c, to.Viewer), delisting(r.Delisting)}
	all := append(append(sections(said...), quoted(written)...), sections(more...)...)
	said = append(append(said, quote(written)), more...)
	advice, heard := tell(r)
	all = append(all, advice...)
	all = append(all, note(joined(escalatedBy(r), hurry(c), ticket(c.Ticket), caseName(c), linkTo(to.Link, "Open L2's thread"))))
	if to.Uncalled && c.State == escalation.Open && !isUnreached(c) {
		all = append(all, note(nobodyCalled))
	}
	all = append(all, agentButtons(r, to.Viewer)...)
	return fit(inLines(append(said, heard)...), all...)
}

// sections are a paragraph for each text that isn't empty.
func sections(texts ...string) []slack.Block {
	var all []slack.Block
	for _, text := range texts {
		if text != "" {
			all = append(all, section(text))
		}
	}
	return all
}

// nobodyCalled tells an agent that L2 may not notice.
const nobodyCalled = "L2's group isn't known to Slack, so the channel has the case and nobody was called. Please tell your Latchkey admin."

// isUnreached reports whether L2 should know of a case and doesn't yet.
func isUnreached(c escalation.Case) bool { return c.Unreached != "" && c.State != escalation.Resolved }

// whoAnswers says who has a case on the agents' side, to others who follow it.
func whoAnswers(c escalation.Case, viewer string) string {
	if c.Agent == viewer || c.State == escalation.Resolved {
		return ""
	}
	return "*On our side " + mention(c.Agent) + " has it now* and answers L2; you are told what becomes of it."
}

// unreached says that L2 doesn't know of a case yet, and what to do.
func unreached(c escalation.Case) string {
	return "*L2 hasn't got this case yet:* " + told(c.Unreached)
}

// agentStanding says where a case stands, in the agent's words, and what somebody
// wrote last that matters now.
func agentStanding(r escalation.Report, viewer string) (standing, written string) {
	c := r.Case
	switch c.State {
	case escalation.Open:
		return agentOpen(r), ""
	case escalation.Claimed:
		standing = "*" + mention(c.ClaimedBy) + " is on it*" + since(c.ClaimedAt) + "." + theyHave(r.ResolveBy, resolutionLate(r))
		if c.Offered {
			standing += " They haven't been heard of" + since(c.HeardAt) + ", so anybody in L2 may take it on."
		}
		return standing, ""
	case escalation.WaitingAgent:
		asked := pending(r)
		return "*L2 asks " + youOr(c.Agent, viewer) + ":*" + from(asked), asked.Text
	case escalation.WaitingCustomer:
		last := pending(r)
		standing = "*Waiting for the customer.* The time for the resolution stands still; press Reply when they have answered."
		if last.Actor != "" && last.Text != "" {
			standing += "\n" + mention(last.Actor) + " wrote:"
		}
		return standing, last.Text
	case escalation.Resolved:
		return agentResolved(c), c.Note
	}
	return "This is from another version of Latchkey.", ""
}

// agentOpen says that nobody in L2 has a case, and why it isn't new.
func agentOpen(r escalation.Report) string {
	if isUnreached(r.Case) {
		return "" // nobody can claim it yet
	}
	text := "*With L2, nobody has claimed it yet.*"
	if why := letGo(r.Events); why != "" {
		text += " It was " + why + "."
	}
	return text + theyHave(r.FirstBy, claimLate(r)) + overdueToo(r)
}

// from says whose words follow; "" when that isn't known.
func from(e escalation.Event) string {
	if e.Actor == "" {
		return ""
	}
	return " " + mention(e.Actor) + at(e.At)
}

// pending is what somebody wrote that a case waits for an answer to; the zero Event
// when it waits for none.
func pending(r escalation.Report) (e escalation.Event) {
	switch r.Case.State {
	case escalation.WaitingAgent:
		e, _ = newest(r.Events, escalation.EventAsked)
	case escalation.WaitingCustomer:
		e, _ = newest(r.Events, escalation.EventWaiting)
	case escalation.Open, escalation.Claimed, escalation.Resolved:
	}
	return e
}

// youOr names somebody, unless it is the reader.
func youOr(agent, viewer string) string {
	if agent == viewer {
		return "you"
	}
	return mention(agent)
}

// theyHave says how long L2 has, or that it is late.
func theyHave(by time.Time, overdue bool) string {
	switch {
	case overdue:
		return " It is *overdue*, and L2 is reminded."
	case by.IsZero():
		return ""
	}
	return " They have until " + when(by) + "."
}

// overdueToo says of an open case that its resolution is late, when the first claim
// isn't.
func overdueToo(r escalation.Report) string {
	if claimLate(r) || !resolutionLate(r) {
		return ""
	}
	return " The resolution is *overdue*" + since(r.ResolveBy) + "."
}

// agentResolved says what came of a case.
func agentResolved(c escalation.Case) string {
	text := "*Resolved*"
	if outcome := outcomeWords(c.Outcome); outcome != "" {
		text = "*Resolved: " + outcome + "*"
	}
	if c.ResolvedBy != "" {
		text += " by " + mention(c.ResolvedBy)
	}
	return joined(text, when(c.ResolvedAt))
}

// tell is what to say to the customer of a resolved case, ready to copy: in their
// language when we speak it, and in English so that the agent knows what it says.
// heard is the same as markup.
func tell(r escalation.Report) (all []slack.Block, heard string) {
	if r.Case.State != escalation.Resolved || len(r.Tell) == 0 {
		return nil, ""
	}
	const title = "Say to the customer"
	english := linesOr(r.Tell[0].Text, "")
	var parts []slack.RichTextElement
	if len(r.Tell) > 1 && linesOr(r.Tell[1].Text, "") != "" {
		parts = copyable(title+", in "+plain(languageName(r.Tell[1].Language), nameLength), linesOr(r.Tell[1].Text, ""))
	}
	switch {
	case english != "" && parts != nil:
		parts = append(parts, copyable("The same in English", english)...)
	case english != "":
		parts = copyable(title, english)
	}
	if parts == nil {
		return nil, ""
	}
	return blocksOf(richText(parts...)), title + ": " + escape(english)
}

// agentButtons are what an agent can do with a case.
func agentButtons(r escalation.Report, viewer string) []slack.Block {
	c := r.Case
	over := c.State == escalation.Resolved
	return rows(
		offer{may: !over, label: labelOf(actions.ActReply), action: string(actions.ActReply), value: c.ID, style: answering(c)},
		offer{may: !over && follows(r, viewer), label: labelOf(actions.ActCaseHandOver), action: string(actions.ActCaseHandOver), value: c.ID},
		offer{may: over && r.Resettable, label: "Send a fresh reset", action: actionOf(actions.ActSendReset), value: c.UserID},
	)
}

// follows reports whether somebody is told what becomes of a case.
func follows(r escalation.Report, agent string) bool {
	return r.Case.Agent == agent || slices.ContainsFunc(r.Followers, func(f escalation.Follower) bool { return f.Agent == agent })
}

// answering makes the button stand out that L2 waits for.
func answering(c escalation.Case) slack.Style {
	if c.State == escalation.WaitingAgent {
		return slack.StylePrimary
	}
	return ""
}

// CaseInThread is the card of a case in the thread that it was escalated from. Who
// reads there may be anybody, so it says neither whom it is about nor what was
// written.
func CaseInThread(r escalation.Report, to CaseReader) Message {
	c := r.Case
	text := "*Escalated to L2:* " + threadStanding(r)
	if c.State == escalation.Resolved {
		text = "*Escalated to L2.* " + agentResolved(c)
	}
	if isUnreached(c) {
		text = "*Escalated to L2,* whose channel doesn't take it yet. " + mention(c.Agent) + " knows why."
	}
	return fit(text, section(text), note(joined(escalatedBy(r), hurry(c), ticket(c.Ticket), caseName(c), linkTo(to.Link, "Open L2's thread"))))
}

// threadStanding says where a case stands, for a channel.
func threadStanding(r escalation.Report) string {
	c := r.Case
	switch c.State {
	case escalation.Open:
		return "nobody has claimed it yet." + theyHave(r.FirstBy, claimLate(r)) + overdueToo(r)
	case escalation.Claimed:
		return mention(c.ClaimedBy) + " is on it." + theyHave(r.ResolveBy, resolutionLate(r))
	case escalation.WaitingAgent:
		return "L2 waits for an answer from " + mention(c.Agent) + "."
	case escalation.WaitingCustomer:
		return "waiting for the customer."
	default:
		return words(c.State)
	}
}
