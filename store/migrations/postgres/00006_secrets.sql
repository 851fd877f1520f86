-- +goose Up

-- One-time secrets, without what they hold, which lies in secret_bodies and goes
-- when they are opened or end. salt is the passphrase's; link_proof and
-- claim_proof are HMACs with the key kid. Queries repeat the conditions of the
-- indexes word by word, here and below.
CREATE TABLE secrets (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    state       text      NOT NULL,
    actor       text COLLATE "C" NOT NULL,
    from_name   text      NOT NULL,
    for_whom    text      NOT NULL, -- masked
    user_id     text      NOT NULL,
    ticket      text      NOT NULL,
    operation   text COLLATE "C" NOT NULL,
    mail        text      NOT NULL,
    salt        bytea,
    link_proof  bytea     NOT NULL,
    claim_proof bytea     NOT NULL,
    kid         text COLLATE "C" NOT NULL,
    wrong       integer   NOT NULL, -- passphrases
    why         text      NOT NULL, -- it was revoked by itself
    at          timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    again_at    timestamptz
);
CREATE INDEX secrets_live ON secrets (expires_at) WHERE state = 'live';
CREATE INDEX secrets_actor ON secrets (actor, at, id);
CREATE INDEX secrets_operation ON secrets (operation, at, id) WHERE operation <> '';
CREATE INDEX secrets_expires ON secrets (expires_at);

-- Everything that lies sealed, each thing for its purpose and the record that it
-- belongs to, with the key kid.
CREATE TABLE secret_bodies (
    purpose text COLLATE "C" NOT NULL,
    id      text COLLATE "C" NOT NULL,
    kid     text COLLATE "C" NOT NULL,
    body    bytea     NOT NULL,
    PRIMARY KEY (purpose, id)
);
CREATE INDEX secret_bodies_kid ON secret_bodies (kid);

-- Requests to customers for something secret. proof and view_proof are HMACs with
-- the key kid.
CREATE TABLE secret_requests (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    state       text      NOT NULL,
    actor       text COLLATE "C" NOT NULL,
    from_name   text      NOT NULL,
    what        text      NOT NULL,
    why         text      NOT NULL,
    for_whom    text      NOT NULL, -- masked
    user_id     text      NOT NULL,
    ticket      text      NOT NULL,
    mail        text      NOT NULL,
    proof       bytea     NOT NULL,
    view_proof  bytea,
    view_until  timestamptz,
    kid         text COLLATE "C" NOT NULL,
    public_key  bytea     NOT NULL,
    reason      text      NOT NULL, -- it was withdrawn by itself
    at          timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    received_at timestamptz,
    ended_at    timestamptz
);
CREATE INDEX secret_requests_open ON secret_requests (expires_at) WHERE state IN ('asked', 'received');
CREATE INDEX secret_requests_actor ON secret_requests (actor, at, id);
CREATE INDEX secret_requests_expires ON secret_requests (expires_at);

-- A key that nothing names any more but the audit isn't needed to start.
ALTER TABLE keys ADD COLUMN retired_at timestamptz;

-- What lies sealed can't be pressed any smaller.
ALTER TABLE secret_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

-- What is removed lies in the table's files until that is tidied, so this is done
-- soon; and of secrets that end, long before a fifth of the table has.
ALTER TABLE secret_bodies SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10,
    toast.autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_vacuum_threshold = 10);
ALTER TABLE secrets SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
