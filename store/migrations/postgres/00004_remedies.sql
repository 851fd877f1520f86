-- +goose Up

-- What is done for customers, from the intent to the outcome. While one is
-- under way, the same act isn't begun for the same customer again. params holds
-- no password, link, code or token. Queries repeat the conditions of the indexes
-- word by word, here and below.
CREATE TABLE operations (
    id           text COLLATE "C" NOT NULL PRIMARY KEY,
    act          text COLLATE "C" NOT NULL,
    actor        text COLLATE "C" NOT NULL,
    subject      text COLLATE "C" NOT NULL,
    reason       text      NOT NULL,
    ticket       text      NOT NULL,
    approver     text      NOT NULL,
    attested     boolean   NOT NULL,
    params       text      NOT NULL, -- JSON
    state        text      NOT NULL,
    step         integer   NOT NULL, -- how many were taken
    why          text      NOT NULL, -- it failed or was refused
    at           timestamptz NOT NULL,
    ended_at     timestamptz,
    until        timestamptz,
    lease        text      NOT NULL,
    leased_until timestamptz
);
CREATE UNIQUE INDEX operations_under_way ON operations (subject, act) WHERE state IN ('asked', 'owner', 'running');
CREATE INDEX operations_running ON operations (leased_until) WHERE state = 'running';
CREATE INDEX operations_waiting ON operations (until) WHERE state IN ('asked', 'owner');
CREATE INDEX operations_subject ON operations (subject, at, id);
CREATE INDEX operations_actor ON operations (actor, at);
CREATE INDEX operations_ended ON operations (ended_at) WHERE ended_at IS NOT NULL;

-- What a second person was asked, and said.
CREATE TABLE approvals (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    operation  text COLLATE "C" NOT NULL,
    asked      text      NOT NULL, -- JSON
    state      text      NOT NULL,
    decider    text      NOT NULL,
    at         timestamptz NOT NULL,
    until      timestamptz NOT NULL,
    widen_at   timestamptz,
    decided_at timestamptz
);
CREATE INDEX approvals_operation ON approvals (operation, at, id);
CREATE INDEX approvals_open ON approvals (at, id) WHERE state = 'asked';
CREATE INDEX approvals_until ON approvals (until);

-- Callers who are to be proven. code is an HMAC, and gone once it was used.
CREATE TABLE verifications (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id    text COLLATE "C" NOT NULL,
    actor      text COLLATE "C" NOT NULL,
    ticket     text      NOT NULL,
    purpose    text      NOT NULL,
    via        text      NOT NULL,
    state      text      NOT NULL,
    code       bytea,
    tries      integer   NOT NULL, -- wrong ones
    at         timestamptz NOT NULL,
    expires_at timestamptz,
    held_at    timestamptz
);
CREATE INDEX verifications_user ON verifications (user_id, at);
CREATE INDEX verifications_held ON verifications (user_id, held_at, id) WHERE state = 'holds';
CREATE INDEX verifications_at ON verifications (at);

-- Links that are good once, and the codes that the product gets for them: HMACs
-- of their secrets, never these.
CREATE TABLE one_time_links (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    purpose    text      NOT NULL,
    user_id    text COLLATE "C" NOT NULL,
    operation  text COLLATE "C" NOT NULL,
    mail       text      NOT NULL,
    proof      bytea     NOT NULL,
    kid        text      NOT NULL,
    at         timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    spent_at   timestamptz
);
CREATE INDEX one_time_links_good ON one_time_links (user_id, expires_at) WHERE spent_at IS NULL;
CREATE INDEX one_time_links_expires ON one_time_links (expires_at);

CREATE TABLE link_codes (
    hash       bytea     NOT NULL PRIMARY KEY,
    user_id    text COLLATE "C" NOT NULL,
    purpose    text      NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX link_codes_expires ON link_codes (expires_at);

-- Messages to customers, without the links, codes and names that they get when
-- they are delivered. The outbox says when that is.
CREATE TABLE mails (
    id        text COLLATE "C" NOT NULL PRIMARY KEY,
    operation text COLLATE "C" NOT NULL,
    ref       text COLLATE "C" NOT NULL,
    kind      text      NOT NULL,
    template  text      NOT NULL,
    user_id   text COLLATE "C" NOT NULL,
    via       text      NOT NULL,
    address   text      NOT NULL,
    is_copy   boolean   NOT NULL,
    subject   text      NOT NULL,
    body      text      NOT NULL,
    purpose   text      NOT NULL,
    contact   text      NOT NULL, -- masked
    details   text      NOT NULL,
    state     text      NOT NULL,
    why       text      NOT NULL, -- it failed
    at        timestamptz NOT NULL,
    sent_at   timestamptz
);
CREATE INDEX mails_operation ON mails (operation, at, id) WHERE operation <> '';
CREATE INDEX mails_ref ON mails (ref, at, id) WHERE ref <> '';
CREATE INDEX mails_at ON mails (at);

-- Who was stopped. One holds at a time.
CREATE TABLE brakes (
    actor       text COLLATE "C" NOT NULL,
    at          timestamptz NOT NULL,
    why         text      NOT NULL,
    released_at timestamptz,
    released_by text      NOT NULL,
    PRIMARY KEY (actor, at)
);
CREATE UNIQUE INDEX brakes_hold ON brakes (actor) WHERE released_at IS NULL;
CREATE INDEX brakes_released ON brakes (released_at) WHERE released_at IS NOT NULL;

-- Writes to the embedded directory, for the product to learn of. A write claims
-- its ID first and takes its number last, from the one row of change_head, whose
-- lock it then holds until it commits: so numbers come in the order of commits,
-- without gaps, and who waits for somebody's row holds nobody else up.
CREATE TABLE changes (
    id      text COLLATE "C" NOT NULL PRIMARY KEY,
    seq     bigint    UNIQUE,
    kind    text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    at      timestamptz NOT NULL,
    content text      NOT NULL -- JSON
);
CREATE INDEX changes_at ON changes (at);

CREATE TABLE change_head (
    id           integer NOT NULL PRIMARY KEY CHECK (id = 1),
    last         bigint  NOT NULL,
    acknowledged bigint  NOT NULL
);
INSERT INTO change_head (id, last, acknowledged) VALUES (1, 0, 0);

-- When the embedded directory last did to a user what no column of users shows.
CREATE TABLE user_marks (
    user_id text COLLATE "C" NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (user_id, kind)
);

-- Users who were deleted here, with the digest of the record last imported: the
-- same again doesn't bring them back, and what points to them still may come.
CREATE TABLE deleted_users (
    user_id text COLLATE "C" NOT NULL PRIMARY KEY,
    digest  bytea NOT NULL
);

-- What waits for a receiver about a record, so that it isn't said twice.
CREATE INDEX outbox_waiting ON outbox (receiver, kind, ref)
    WHERE lease IS NULL AND delivered_at IS NULL AND buried_at IS NULL;

-- Whom somebody looked at.
CREATE INDEX audit_looked_at ON audit (actor, at, subject) WHERE subject <> '';

-- Who may ask for the users of an account.
CREATE INDEX memberships_admins ON memberships (account_id, user_id) WHERE role = 'admin';
