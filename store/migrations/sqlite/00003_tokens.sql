-- +goose Up

-- What systems of the company prove themselves with: the SHA-256 of a token,
-- never the token. One that was revoked stays, and its name may be used again.
CREATE TABLE tokens (
    hash         blob      NOT NULL PRIMARY KEY,
    name         text      NOT NULL,
    scopes       text      NOT NULL, -- JSON
    created_at   timestamp NOT NULL,
    created_by   text      NOT NULL,
    last_used_at timestamp,
    revoked_at   timestamp
);
CREATE UNIQUE INDEX tokens_name ON tokens (name) WHERE revoked_at IS NULL;
