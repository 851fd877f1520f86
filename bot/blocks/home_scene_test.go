package blocks_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/latchkey-bot/latchkey/actions"
	"github.com/latchkey-bot/latchkey/bot/blocks"
	"github.com/latchkey-bot/latchkey/escalation"
)

// agentsHome is Ava's Home on a working day.
func agentsHome() blocks.HomeView {
	late, mine := escalated(escalation.WaitingAgent).Case, escalated(escalation.Claimed).Case
	late.Resolution.EndsAt, late.ID, mine.Ticket = ago(20*time.Minute), "LATE22222222222222", ""
	live := secret(actions.SecretLive)
	live.Secret.ExpiresAt = now.Add(2 * time.Hour)
	asked := secretRequest(actions.RequestReceived)
	asked.Request.ExpiresAt = now.Add(26 * time.Hour)
	in := managed(actions.AdminInUse)
	in.Admin.ExpiresAt = now.Add(7*time.Hour + 20*time.Minute)
	proven := verification(actions.VerificationHolds, actions.MailSent)
	proven.Verification.HeldAt = ago(11 * time.Minute)
	return blocks.HomeView{
		Viewer: actions.RolesOf(actions.RoleAgent), Zone: melbourne, Now: now,
		Cases:   escalation.Part{Cases: []escalation.Case{late, mine}},
		Secrets: []actions.SecretReport{live}, Requests: []actions.RequestReport{asked},
		Admins:   actions.AdminList{Open: []actions.AdminReport{stuck(), in}, Now: now, Alone: true},
		Verified: []actions.VerificationReport{proven}, Links: map[string]string{late.ID: threadLink},
		Looks: looks(), Watches: []actions.WatchReport{watch(actions.Watching)}, Help: help(),
	}
}

// leadsHome is that of an admin, who sees everything.
func leadsHome() blocks.HomeView {
	h := agentsHome()
	h.Viewer = actions.RolesOf(actions.RoleAdmin)
	reset, all := asking(actions.ApprovalAsked), bulk(actions.OperationAsked)
	site := orders(actions.ActTempAdmin, actions.OperationAsked, managed(actions.AdminAsked))
	h.Approvals = []actions.OperationReport{reset, all, site}
	queue := caseLists(escalation.Overdue).Parts[0].Part
	today := tuesday()
	today.Asked.Days.First, today.Now = "2026-03-14", now
	h.Queue, h.Today, h.Desk, h.Incidents = &queue, &today, tuesdaysCases(), []actions.Incident{openIncident()}
	return h
}

// crowdedHome has ten thousand of everything.
func crowdedHome() blocks.HomeView {
	h, queue := leadsHome(), escalation.Part{}
	today := crowded()
	h.Today, h.Desk, h.Incidents = &today, crowdedCases(), today.Incidents
	const many = 10_000
	h.Cases.Cases, h.Admins.Open, h.Links = nil, nil, map[string]string{}
	for i := range many {
		c := escalated(escalation.Claimed).Case
		if c.ID = fmt.Sprintf("CASE%07dXYZ", i); i%2 == 0 {
			c.Resolution.EndsAt = ago(time.Hour)
		}
		h.Links[c.ID] = threadLink
		h.Cases.Cases, queue.Cases = append(h.Cases.Cases, c), append(queue.Cases, c)
		h.Admins.Open = append(h.Admins.Open, managed(actions.AdminInUse))
	}
	h.Secrets, h.Requests = slices.Repeat(h.Secrets, many), slices.Repeat(h.Requests, many)
	h.Approvals, h.Verified = slices.Repeat(h.Approvals, many/3), slices.Repeat(h.Verified, many)
	h.Looks, h.Watches, h.Queue = slices.Repeat(h.Looks[:1], many), slices.Repeat(h.Watches, many), &queue
	h.Cases.More, h.MoreSecrets, h.Admins.More, h.MoreApprovals, queue.More = many, many, many, many, many
	return h
}
