package main

import (
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/latchkey-bot/latchkey/bot"
	"github.com/latchkey-bot/latchkey/bot/metrics"
	"github.com/latchkey-bot/latchkey/escalation"
)

// metered is what counts what the server of a house does.
func metered(h *house, log *slog.Logger) meter {
	this := thisBuild()
	m := metrics.New(metrics.Config{
		Requests: bot.Labels(), Outcomes: bot.Outcomes(), Methods: append(bot.Methods(), metrics.ResponseURL),
		Jobs: h.jobPeriods(), Cases: caseStates(), Version: this.Version, Revision: this.Commit,
		Tallies: h.store.Tallies, Now: h.actions.Now, Log: log,
	})
	return meter{
		request: m.Request, job: m.JobDone, handler: m.Handler(),
		slack: m.SlackTransport(nil), answers: m.ResponseTransport(nil),
	}
}

// caseStates are the states of a case.
func caseStates() []string {
	return []string{
		string(escalation.Open), string(escalation.Claimed), string(escalation.WaitingAgent),
		string(escalation.WaitingCustomer), string(escalation.Resolved),
	}
}

// jobPeriods is how often each job should end well: once in its period, or else at each
// tick.
func (h *house) jobPeriods() map[string]time.Duration {
	periods := map[string]time.Duration{}
	for _, j := range h.jobs() {
		periods[j.name] = j.period
		if schedule, err := cron.ParseStandard(j.schedule); err == nil && j.period == 0 {
			tick := schedule.Next(time.Unix(0, 0).UTC())
			periods[j.name] = schedule.Next(tick).Sub(tick)
		}
	}
	return periods
}
