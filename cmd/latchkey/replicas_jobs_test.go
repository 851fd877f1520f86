package main

import (
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

// What notes, in the database itself, who claims which run of a job, how it ends, and how
// often anybody wrote an end: also who ran a job that was another's does.
var jobsNoted = []string{
	`CREATE TABLE soak_claims (job text NOT NULL, period timestamptz NOT NULL, started timestamptz NOT NULL, server text NOT NULL)`,
	`CREATE TABLE soak_ends (job text NOT NULL, period timestamptz NOT NULL, why text NOT NULL)`,
	`CREATE TABLE soak_statements (kind text NOT NULL)`,
	`CREATE FUNCTION soak_claim() RETURNS trigger AS $$ BEGIN
		INSERT INTO soak_claims VALUES (NEW.job, NEW.period, NEW.started_at, current_setting('application_name')); RETURN NEW; END $$ LANGUAGE plpgsql`,
	`CREATE FUNCTION soak_end() RETURNS trigger AS $$ BEGIN INSERT INTO soak_ends VALUES (NEW.job, NEW.period, NEW.why); RETURN NEW; END $$ LANGUAGE plpgsql`,
	`CREATE FUNCTION soak_statement() RETURNS trigger AS $$ BEGIN INSERT INTO soak_statements VALUES (TG_OP); RETURN NULL; END $$ LANGUAGE plpgsql`,
	`CREATE TRIGGER soak_claimed AFTER INSERT OR UPDATE ON job_runs FOR EACH ROW WHEN (NEW.ended_at IS NULL) EXECUTE FUNCTION soak_claim()`,
	`CREATE TRIGGER soak_ended AFTER UPDATE ON job_runs FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION soak_end()`,
	`CREATE TRIGGER soak_said AFTER INSERT OR UPDATE ON job_runs FOR EACH STATEMENT EXECUTE FUNCTION soak_statement()`,
}

// noteJobs begins to note that.
func noteJobs(t *testing.T, databaseURL string) {
	t.Helper()
	db := behind(t, databaseURL)
	for _, statement := range jobsNoted {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

// breakOff is when all that a server did broke off, or all that every server did.
type breakOff struct {
	server string // "": every one
	at     time.Time
}

// breaksOff notes that it does so now.
func (r *replicas) breaksOff(server string) {
	r.broke = append(r.broke, breakOff{server, time.Now()})
}

// jobsBegun waits until every job has run once, while nobody is killed.
func (r *replicas) jobsBegun() {
	r.t.Helper()
	jobs := 0
	for _, j := range r.house.jobs() {
		if j.period > 0 {
			jobs++
		}
	}
	within(r.t, "every job to run", func() bool {
		return r.number(`SELECT count(DISTINCT job) FROM soak_ends WHERE why = '' AND job <> 'digest'`) == jobs
	})
}

// number is what a query counts.
func (r *replicas) number(query string, args ...any) (n int) {
	r.t.Helper()
	if err := r.behind.QueryRowContext(r.t.Context(), query, args...).Scan(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

// wantJobs expects that every job with a period ended well once in each of its periods,
// and that nobody ran one that was another's; it returns of how many periods. One that
// broke off with its server is taken over once its limit is over, by whoever is there.
func (r *replicas) wantJobs() (periods int) {
	r.t.Helper()
	claims := r.number(`SELECT count(*) FROM soak_statements WHERE kind = 'INSERT'`)
	written := r.number(`SELECT count(*) FROM soak_statements WHERE kind = 'UPDATE'`) - claims // a claim is both
	if ended := r.number(`SELECT count(*) FROM soak_ends`); written != ended {
		r.t.Errorf("%d ends of runs were written, and %d runs have one: some ran what was another's", written, ended)
	}
	for _, j := range r.house.jobs() {
		if j.period == 0 {
			continue
		}
		for _, period := range r.periods(j) {
			periods++
			r.wantRun(j, period)
		}
	}
	for _, doubled := range r.open(r.t.Context(), `SELECT job || ' for ' || period FROM soak_ends WHERE why = '' GROUP BY job, period HAVING count(*) > 1`) {
		r.t.Errorf("%s ended well more than once", doubled)
	}
	return periods
}

// periods are those in which a job was due while all servers were there: the one in which
// they were started, and each after in which it has a tick.
func (r *replicas) periods(j job) (all []time.Time) {
	first := r.ready.UTC().Truncate(j.period)
	for period := first; !period.After(r.until); period = period.Add(j.period) {
		if period.Equal(first) || r.due(j, period).Before(r.until) {
			all = append(all, period)
		}
	}
	return all
}

// due is when a job is due first in a period.
func (r *replicas) due(j job, period time.Time) time.Time {
	r.t.Helper()
	schedule, err := cron.ParseStandard(j.schedule)
	if err != nil {
		r.t.Fatal(err)
	}
	return schedule.Next(period.Add(-time.Nanosecond))
}

// wantRun expects that a job ended well once in a period, or that somebody takes it over.
func (r *replicas) wantRun(j job, period time.Time) {
	r.t.Helper()
	const ends = `SELECT count(*) FROM soak_ends WHERE why = '' AND job = $1 AND period = $2`
	if r.number(ends, j.name, period) == 0 {
		if !r.brokeOff(j, period) {
			r.t.Errorf("%s didn't end well for %s, and nothing broke off", j.name, period)
		}
		if ran, err := r.house.actions.RunOnce(r.t.Context(), j.name, period, jobLimit, j.run); err != nil || !ran {
			r.t.Errorf("%s, which broke off, can't be taken over for %s: %t, %v", j.name, period, ran, err)
		}
	}
	if n := r.number(ends, j.name, period); n != 1 {
		r.t.Errorf("%s ended well %d times for %s", j.name, n, period)
	}
}

// brokeOff reports whether whoever claimed a run last was ended, or the database was,
// before they had ended it; or nobody could claim it, since the database was away.
func (r *replicas) brokeOff(j job, period time.Time) bool {
	r.t.Helper()
	claimed := r.number(`SELECT count(*) FROM soak_claims WHERE job = $1 AND period = $2`, j.name, period)
	if due := r.due(j, period); claimed == 0 {
		return due.After(r.awayFrom) && due.Before(r.awayTo)
	}
	var server string
	var started time.Time
	err := r.behind.QueryRowContext(r.t.Context(), `SELECT server, started FROM soak_claims WHERE job = $1 AND period = $2 ORDER BY started DESC LIMIT 1`,
		j.name, period).Scan(&server, &started)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, b := range r.broke {
		if (b.server == "" || b.server == server) && !b.at.Before(started) {
			return true
		}
	}
	return false
}
