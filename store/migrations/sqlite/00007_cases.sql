-- +goose Up

-- What goes from agents to L2. key says what a case is about: of those that aren't
-- resolved no two have the same. opened_by stays when a case is handed over.
-- first_ and resolution_ are its clocks: limit and used in microseconds, and sent the
-- last reminder; ends_at is when the first of those that run runs out. Queries
-- repeat the conditions of the indexes word by word, here and below.
CREATE TABLE cases (
    id                 text      NOT NULL PRIMARY KEY,
    key                text      NOT NULL,
    kind               text      NOT NULL,
    user_id            text      NOT NULL,
    address            text      NOT NULL, -- in full
    opened_by          text      NOT NULL,
    at                 timestamp NOT NULL,
    priority           text      NOT NULL,
    state              text      NOT NULL,
    agent              text      NOT NULL,
    gateway            text      NOT NULL,
    reason             text      NOT NULL,
    ticket             text      NOT NULL,
    channel            text      NOT NULL,
    facts              text      NOT NULL, -- JSON
    claimed_by         text      NOT NULL,
    claimed_at         timestamp,
    offered            boolean   NOT NULL,
    heard_at           timestamp,
    outcome            text      NOT NULL,
    note               text      NOT NULL,
    resolved_by        text      NOT NULL,
    resolved_at        timestamp,
    delisting          text      NOT NULL,
    unreached          text      NOT NULL, -- why
    first_limit        bigint    NOT NULL,
    first_used         bigint    NOT NULL,
    first_since        timestamp,
    first_sent         integer   NOT NULL,
    first_ends_at      timestamp,
    resolution_limit   bigint    NOT NULL,
    resolution_used    bigint    NOT NULL,
    resolution_since   timestamp,
    resolution_sent    integer   NOT NULL,
    resolution_ends_at timestamp,
    events             integer   NOT NULL, -- how many
    changed_at         timestamp NOT NULL,
    due                timestamp,
    ends_at            timestamp
);
CREATE UNIQUE INDEX cases_key ON cases (key) WHERE state <> 'resolved';
CREATE INDEX cases_open ON cases (at, id) WHERE state <> 'resolved';
CREATE INDEX cases_due ON cases (due) WHERE due IS NOT NULL;
CREATE INDEX cases_resolved ON cases (key, resolved_at, id) WHERE state = 'resolved';
CREATE INDEX cases_opened_by ON cases (opened_by, at);
CREATE INDEX cases_at ON cases (at, id);

-- What happened to them.
CREATE TABLE case_events (
    case_id text      NOT NULL,
    seq     integer   NOT NULL, -- from 1 on
    kind    text      NOT NULL,
    actor   text      NOT NULL,
    at      timestamp NOT NULL,
    body    text      NOT NULL,
    whom    text      NOT NULL,
    clock   text      NOT NULL,
    level   integer   NOT NULL, -- of a reminder
    PRIMARY KEY (case_id, seq)
) WITHOUT ROWID;

-- The agents who are told what becomes of them, and where they escalated from.
CREATE TABLE case_followers (
    case_id text      NOT NULL,
    agent   text      NOT NULL,
    channel text      NOT NULL,
    thread  text      NOT NULL,
    ticket  text      NOT NULL,
    at      timestamp NOT NULL,
    PRIMARY KEY (case_id, agent)
) WITHOUT ROWID;

-- In whose thread somebody wrote.
CREATE INDEX places_case ON places (channel, ts) WHERE kind = 'case';

-- An address that Latchkey took off a list stays in its row, so that an identical
-- record doesn't bring it back. source is the system that lists it, or '' for what
-- was imported, each with a row of its own; seen_at is when that system was last
-- read and had it.
CREATE TABLE suppressions_by_source (
    address     text      NOT NULL,
    list        text      NOT NULL,
    source      text      NOT NULL DEFAULT '',
    since       timestamp NOT NULL,
    reason      text      NOT NULL,
    address_key text      NOT NULL,
    delisted_at timestamp,
    seen_at     timestamp,
    digest      blob      NOT NULL,
    seq         bigint    NOT NULL,
    PRIMARY KEY (address, list, source)
);
INSERT INTO suppressions_by_source (address, list, since, reason, address_key, digest, seq)
    SELECT address, list, since, reason, address_key, digest, seq FROM suppressions;
DROP TABLE suppressions;
ALTER TABLE suppressions_by_source RENAME TO suppressions;
CREATE INDEX suppressions_address ON suppressions (address_key, since, seq);
CREATE INDEX suppressions_seen ON suppressions (source, seen_at) WHERE source <> '';
