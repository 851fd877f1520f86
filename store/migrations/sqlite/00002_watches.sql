-- +goose Up

-- Messages to be delivered later. They name records and hold no content. A
-- message ends delivered or, buried, as a dead letter. Until then a lease says
-- who delivers it now; one that ran out stays until it is taken over or ended,
-- so that a receiver never has two messages of a kind under way. What delivers
-- asks for the kinds that it knows.
CREATE TABLE outbox (
    id           text      NOT NULL PRIMARY KEY,
    kind         text      NOT NULL,
    receiver     text      NOT NULL,
    ref          text      NOT NULL,
    at           timestamp NOT NULL,
    due          timestamp NOT NULL,
    tries        integer   NOT NULL,
    lease        text,
    leased_until timestamp,
    delivered_at timestamp,
    buried_at    timestamp,
    why          text      NOT NULL -- the last try failed
);
CREATE INDEX outbox_due ON outbox (kind, due, at, id)
    WHERE lease IS NULL AND delivered_at IS NULL AND buried_at IS NULL;
CREATE UNIQUE INDEX outbox_under_way ON outbox (receiver, kind) WHERE lease IS NOT NULL;
CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE delivered_at IS NOT NULL;

-- Who runs a job for a period, and how that ended.
CREATE TABLE job_runs (
    job        text      NOT NULL,
    period     timestamp NOT NULL, -- its beginning
    claim      text      NOT NULL,
    started_at timestamp NOT NULL,
    until      timestamp NOT NULL,
    ended_at   timestamp,
    why        text      NOT NULL, -- it failed; empty unless it did
    PRIMARY KEY (job, period)
) WITHOUT ROWID;
CREATE INDEX job_runs_period ON job_runs (period);

-- Who waits for which customer to get in.
CREATE TABLE watches (
    id         text      NOT NULL PRIMARY KEY,
    user_id    text      NOT NULL,
    actor      text      NOT NULL,
    ticket     text      NOT NULL,
    cause      text      NOT NULL,
    grade      text      NOT NULL,
    started_at timestamp NOT NULL,
    until      timestamp NOT NULL,
    state      text      NOT NULL,
    ended_at   timestamp,
    attempt_at timestamp,
    outcome    text      NOT NULL,
    judgement  text      NOT NULL,
    judged_at  timestamp
);
CREATE INDEX watches_open ON watches (started_at, id) WHERE state = 'watching';
CREATE UNIQUE INDEX watches_once ON watches (actor, user_id) WHERE state = 'watching';
CREATE INDEX watches_unjudged ON watches (ended_at) WHERE judgement = '';
CREATE INDEX watches_judged ON watches (ended_at) WHERE judgement <> '';

-- Requests made where they may not be carried out.
CREATE TABLE parked (
    id      text      NOT NULL PRIMARY KEY,
    actor   text      NOT NULL,
    command text      NOT NULL,
    text    text      NOT NULL,
    action  text      NOT NULL,
    value   text      NOT NULL,
    at      timestamp NOT NULL
);
CREATE INDEX parked_at ON parked (at);

-- What somebody did last.
CREATE INDEX audit_actor ON audit (actor, act, seq);
