-- +goose Up

-- The administrators that are made for a while, and deleted again; no password is
-- in here. target and login are of one on a site that we manage, user_id, for_whom,
-- place and request of one on the customer's own. told are bits. Queries repeat the
-- conditions of the indexes word by word, here and below.
CREATE TABLE temp_admins (
    id            text COLLATE "C" NOT NULL PRIMARY KEY,
    site          text      NOT NULL,
    state         text      NOT NULL,
    target        text COLLATE "C" NOT NULL,
    login         text COLLATE "C" NOT NULL,
    remote_id     text      NOT NULL,
    user_id       text      NOT NULL,
    for_whom      text      NOT NULL, -- masked
    place         text      NOT NULL, -- address of the customer's site
    request       text COLLATE "C" NOT NULL,
    actor         text COLLATE "C" NOT NULL,
    receiver      text COLLATE "C" NOT NULL,
    approver      text      NOT NULL,
    reason        text      NOT NULL,
    ticket        text COLLATE "C" NOT NULL,
    operation     text      NOT NULL,
    at            timestamptz NOT NULL,
    begun_at      timestamptz,
    expires_at    timestamptz,
    days          integer   NOT NULL,
    ending_at     timestamptz,
    ended_at      timestamptz,
    why           text      NOT NULL, -- it ends
    ended_by      text      NOT NULL,
    due           timestamptz,
    tries         integer   NOT NULL,
    trouble       text      NOT NULL,
    trouble_since timestamptz,
    told          integer   NOT NULL,
    unsure_until  timestamptz,
    lease         text      NOT NULL,
    leased_until  timestamptz
);
CREATE UNIQUE INDEX temp_admins_login ON temp_admins (target, login) WHERE target <> '';
CREATE INDEX temp_admins_due ON temp_admins (due, id) WHERE due IS NOT NULL;
CREATE INDEX temp_admins_leased ON temp_admins (target, leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX temp_admins_open ON temp_admins (at, id) WHERE state NOT IN ('gone', 'refused');
CREATE INDEX temp_admins_ticket ON temp_admins (upper(ticket), at, id) WHERE ticket <> '';
CREATE INDEX temp_admins_target ON temp_admins (target, at, id) WHERE target <> '';
CREATE INDEX temp_admins_request ON temp_admins (request) WHERE request <> '';
CREATE INDEX temp_admins_actor ON temp_admins (actor, at, id);
CREATE INDEX temp_admins_receiver ON temp_admins (receiver, at, id);
CREATE INDEX temp_admins_at ON temp_admins (at, id);

-- The sites that we manage. name_key is the folded name.
CREATE TABLE targets (
    id       text COLLATE "C" NOT NULL PRIMARY KEY,
    name     text      NOT NULL,
    name_key text COLLATE "C" NOT NULL UNIQUE,
    kind     text      NOT NULL,
    url      text      NOT NULL,
    login    text      NOT NULL, -- whose application password Latchkey has
    reassign text      NOT NULL,
    account  text      NOT NULL,
    at       timestamptz NOT NULL,
    added_by text      NOT NULL
);
