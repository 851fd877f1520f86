-- +goose Up

-- What systems of the company prove themselves with: the SHA-256 of a token,
-- never the token. One that was revoked stays, and its name may be used again.
CREATE TABLE tokens (
    hash         bytea       NOT NULL PRIMARY KEY,
    name         text COLLATE "C" NOT NULL,
    scopes       text        NOT NULL, -- JSON
    created_at   timestamptz NOT NULL,
    created_by   text        NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE UNIQUE INDEX tokens_name ON tokens (name) WHERE revoked_at IS NULL;
