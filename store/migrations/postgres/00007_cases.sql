-- +goose Up

-- What goes from agents to L2. key says what a case is about: of those that aren't
-- resolved no two have the same. opened_by stays when a case is handed over.
-- first_ and resolution_ are its clocks: limit and used in microseconds, and sent the
-- last reminder; ends_at is when the first of those that run runs out. Queries
-- repeat the conditions of the indexes word by word, here and below.
CREATE TABLE cases (
    id                 text COLLATE "C" NOT NULL PRIMARY KEY,
    key                text COLLATE "C" NOT NULL,
    kind               text      NOT NULL,
    user_id            text      NOT NULL,
    address            text      NOT NULL, -- in full
    opened_by          text COLLATE "C" NOT NULL,
    at                 timestamptz NOT NULL,
    priority           text      NOT NULL,
    state              text      NOT NULL,
    agent              text      NOT NULL,
    gateway            text      NOT NULL,
    reason             text      NOT NULL,
    ticket             text      NOT NULL,
    channel            text      NOT NULL,
    facts              text      NOT NULL, -- JSON
    claimed_by         text COLLATE "C" NOT NULL,
    claimed_at         timestamptz,
    offered            boolean   NOT NULL,
    heard_at           timestamptz,
    outcome            text      NOT NULL,
    note               text      NOT NULL,
    resolved_by        text      NOT NULL,
    resolved_at        timestamptz,
    delisting          text      NOT NULL,
    unreached          text      NOT NULL, -- why
    first_limit        bigint    NOT NULL,
    first_used         bigint    NOT NULL,
    first_since        timestamptz,
    first_sent         integer   NOT NULL,
    first_ends_at      timestamptz,
    resolution_limit   bigint    NOT NULL,
    resolution_used    bigint    NOT NULL,
    resolution_since   timestamptz,
    resolution_sent    integer   NOT NULL,
    resolution_ends_at timestamptz,
    events             integer   NOT NULL, -- how many
    changed_at         timestamptz NOT NULL,
    due                timestamptz,
    ends_at            timestamptz
);
CREATE UNIQUE INDEX cases_key ON cases (key) WHERE state <> 'resolved';
CREATE INDEX cases_open ON cases (at, id) WHERE state <> 'resolved';
CREATE INDEX cases_due ON cases (due) WHERE due IS NOT NULL;
CREATE INDEX cases_resolved ON cases (key, resolved_at, id) WHERE state = 'resolved';
CREATE INDEX cases_opened_by ON cases (opened_by, at);
CREATE INDEX cases_at ON cases (at, id);

-- What happened to them.
CREATE TABLE case_events (
    case_id text COLLATE "C" NOT NULL,
    seq     integer   NOT NULL, -- from 1 on
    kind    text      NOT NULL,
    actor   text      NOT NULL,
    at      timestamptz NOT NULL,
    body    text      NOT NULL,
    whom    text      NOT NULL,
    clock   text      NOT NULL,
    level   integer   NOT NULL, -- of a reminder
    PRIMARY KEY (case_id, seq)
);

-- The agents who are told what becomes of them, and where they escalated from.
CREATE TABLE case_followers (
    case_id text COLLATE "C" NOT NULL,
    agent   text COLLATE "C" NOT NULL,
    channel text      NOT NULL,
    thread  text      NOT NULL,
    ticket  text      NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (case_id, agent)
);

-- In whose thread somebody wrote.
CREATE INDEX places_case ON places (channel, ts) WHERE kind = 'case';

-- An address that Latchkey took off a list stays in its row, so that an identical
-- record doesn't bring it back. source is the system that lists it, or '' for what
-- was imported, each with a row of its own; seen_at is when that system was last
-- read and had it.
ALTER TABLE suppressions ADD COLUMN delisted_at timestamptz;
ALTER TABLE suppressions ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE suppressions ADD COLUMN seen_at timestamptz;
ALTER TABLE suppressions DROP CONSTRAINT suppressions_pkey;
ALTER TABLE suppressions ADD PRIMARY KEY (address, list, source);
CREATE INDEX suppressions_seen ON suppressions (source, seen_at) WHERE source <> '';
