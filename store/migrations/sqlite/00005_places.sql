-- +goose Up

-- Where a message that follows its record stands in Slack, so that it is edited
-- and not posted again.
CREATE TABLE places (
    kind     text      NOT NULL,
    receiver text      NOT NULL,
    ref      text      NOT NULL,
    channel  text      NOT NULL,
    ts       text      NOT NULL,
    at       timestamp NOT NULL, -- when it was written last
    PRIMARY KEY (kind, receiver, ref)
) WITHOUT ROWID;
CREATE INDEX places_at ON places (at);

-- When a receiver may get the next message: a channel takes one a second, and
-- none for as long as Slack says.
CREATE TABLE paces (
    receiver text      NOT NULL PRIMARY KEY,
    free_at  timestamp NOT NULL
) WITHOUT ROWID;

-- An earlier try may have delivered it.
ALTER TABLE outbox ADD COLUMN unclear boolean NOT NULL DEFAULT false;

-- The oldest message of each receiver, however many wait for one of them.
CREATE INDEX outbox_turn ON outbox (kind, receiver, due, at, id)
    WHERE lease IS NULL AND delivered_at IS NULL AND buried_at IS NULL;
CREATE INDEX outbox_leased ON outbox (leased_until) WHERE lease IS NOT NULL;
CREATE INDEX outbox_buried ON outbox (buried_at) WHERE buried_at IS NOT NULL;

-- One at a time for a receiver in Slack; e-mails and texts go out together.
DROP INDEX outbox_under_way;
CREATE UNIQUE INDEX outbox_under_way ON outbox (receiver, kind) WHERE lease IS NOT NULL AND kind <> 'mail';
