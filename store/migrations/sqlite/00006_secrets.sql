-- +goose Up

-- One-time secrets, without what they hold, which lies in secret_bodies and goes
-- when they are opened or end. salt is the passphrase's; link_proof and
-- claim_proof are HMACs with the key kid. Queries repeat the conditions of the
-- indexes word by word, here and below.
CREATE TABLE secrets (
    id          text      NOT NULL PRIMARY KEY,
    state       text      NOT NULL,
    actor       text      NOT NULL,
    from_name   text      NOT NULL,
    for_whom    text      NOT NULL, -- masked
    user_id     text      NOT NULL,
    ticket      text      NOT NULL,
    operation   text      NOT NULL,
    mail        text      NOT NULL,
    salt        blob,
    link_proof  blob     NOT NULL,
    claim_proof blob     NOT NULL,
    kid         text      NOT NULL,
    wrong       integer   NOT NULL, -- passphrases
    why         text      NOT NULL, -- it was revoked by itself
    at          timestamp NOT NULL,
    expires_at  timestamp NOT NULL,
    ended_at    timestamp,
    again_at    timestamp
);
CREATE INDEX secrets_live ON secrets (expires_at) WHERE state = 'live';
CREATE INDEX secrets_actor ON secrets (actor, at, id);
CREATE INDEX secrets_operation ON secrets (operation, at, id) WHERE operation <> '';
CREATE INDEX secrets_expires ON secrets (expires_at);

-- Everything that lies sealed, each thing for its purpose and the record that it
-- belongs to, with the key kid.
CREATE TABLE secret_bodies (
    purpose text      NOT NULL,
    id      text      NOT NULL,
    kid     text      NOT NULL,
    body    blob     NOT NULL,
    PRIMARY KEY (purpose, id)
) WITHOUT ROWID;
CREATE INDEX secret_bodies_kid ON secret_bodies (kid);

-- Requests to customers for something secret. proof and view_proof are HMACs with
-- the key kid.
CREATE TABLE secret_requests (
    id          text      NOT NULL PRIMARY KEY,
    state       text      NOT NULL,
    actor       text      NOT NULL,
    from_name   text      NOT NULL,
    what        text      NOT NULL,
    why         text      NOT NULL,
    for_whom    text      NOT NULL, -- masked
    user_id     text      NOT NULL,
    ticket      text      NOT NULL,
    mail        text      NOT NULL,
    proof       blob     NOT NULL,
    view_proof  blob,
    view_until  timestamp,
    kid         text      NOT NULL,
    public_key  blob     NOT NULL,
    reason      text      NOT NULL, -- it was withdrawn by itself
    at          timestamp NOT NULL,
    expires_at  timestamp NOT NULL,
    received_at timestamp,
    ended_at    timestamp
);
CREATE INDEX secret_requests_open ON secret_requests (expires_at) WHERE state IN ('asked', 'received');
CREATE INDEX secret_requests_actor ON secret_requests (actor, at, id);
CREATE INDEX secret_requests_expires ON secret_requests (expires_at);

-- A key that nothing names any more but the audit isn't needed to start.
ALTER TABLE keys ADD COLUMN retired_at timestamp;
