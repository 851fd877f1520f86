-- +goose Up

-- The directory. seq is the place in the order of import: given at the first
-- import of a record and kept when it is replaced. digest names the content
-- last imported, so that an identical record changes nothing. The columns that
-- end in _key hold what identifiers are looked up by.

CREATE TABLE record_blocks (last bigint NOT NULL);
INSERT INTO record_blocks (last) VALUES (0);

CREATE TABLE accounts (
    id            text      NOT NULL PRIMARY KEY,
    name          text      NOT NULL,
    status        text      NOT NULL,
    gateway_ids   text      NOT NULL, -- JSON
    status_reason text      NOT NULL,
    owner         text      NOT NULL,
    created_at    timestamp,
    closed_at     timestamp,
    brand         text      NOT NULL,
    digest        blob      NOT NULL,
    seq           bigint    NOT NULL
);

CREATE TABLE gateway_ids (
    gateway_key text NOT NULL,
    account_id  text NOT NULL,
    PRIMARY KEY (gateway_key, account_id)
) WITHOUT ROWID;
CREATE INDEX gateway_ids_account ON gateway_ids (account_id);

CREATE TABLE users (
    id                 text      NOT NULL PRIMARY KEY,
    username           text      NOT NULL,
    status             text      NOT NULL,
    email              text      NOT NULL,
    email_verified     boolean   NOT NULL,
    mobile             text      NOT NULL,
    mobile_verified    boolean   NOT NULL,
    first_name         text      NOT NULL,
    last_name          text      NOT NULL,
    disabled_reason    text      NOT NULL,
    expires_at         timestamp,
    has_password       boolean   NOT NULL,
    login_methods      text      NOT NULL, -- JSON
    must_reset         boolean   NOT NULL,
    opted_out          text      NOT NULL, -- JSON
    last_login_at      timestamp,
    created_at         timestamp,
    protected          boolean   NOT NULL,
    locale             text      NOT NULL,
    contact_changed_at timestamp,
    id_key             text      NOT NULL,
    username_key       text      NOT NULL,
    email_key          text,
    mobile_key         text,
    email_domain       text,
    digest             blob      NOT NULL,
    seq                bigint    NOT NULL
);
CREATE INDEX users_id_key ON users (id_key, seq);
CREATE INDEX users_username_key ON users (username_key, seq);
CREATE INDEX users_email_key ON users (email_key, seq) WHERE email_key IS NOT NULL;
CREATE INDEX users_mobile_key ON users (mobile_key, seq) WHERE mobile_key IS NOT NULL;
CREATE INDEX users_email_domain ON users (email_domain, seq) WHERE email_domain IS NOT NULL;
CREATE INDEX users_username_length ON users (length(username_key), seq);
CREATE INDEX users_email_length ON users (length(email_key), seq) WHERE email_key IS NOT NULL;

CREATE TABLE memberships (
    user_id        text      NOT NULL,
    account_id     text      NOT NULL,
    role           text      NOT NULL,
    status         text      NOT NULL,
    deactivated_by text      NOT NULL,
    deactivated_at timestamp,
    keeps_login    boolean   NOT NULL,
    digest         blob      NOT NULL,
    seq            bigint    NOT NULL,
    PRIMARY KEY (user_id, account_id)
);
CREATE INDEX memberships_account ON memberships (account_id, user_id);

CREATE TABLE locks (
    id          text      NOT NULL PRIMARY KEY,
    user_id     text      NOT NULL,
    kind        text      NOT NULL,
    at          timestamp NOT NULL,
    until       timestamp,
    released_at timestamp,
    detail      text      NOT NULL,
    digest      blob      NOT NULL,
    seq         bigint    NOT NULL
);
CREATE INDEX locks_user ON locks (user_id, at, seq);

-- The table that grows. A customer is a user, or what somebody nobody knows
-- typed. attempts_customer serves a customer's failures and successes in their
-- order; attempts_device the first attempts with a device; attempts_unknown the
-- attempts with a name that nobody has; the primary key the newest of all.
CREATE TABLE attempts (
    at             timestamp NOT NULL,
    id             text      NOT NULL,
    identifier     text      NOT NULL,
    identifier_key text      NOT NULL,
    outcome        text      NOT NULL,
    user_id        text,
    ip             text      NOT NULL,
    country        text      NOT NULL,
    asn            text      NOT NULL,
    device_id      text,
    user_agent     text      NOT NULL,
    vpn            boolean   NOT NULL,
    resource       text      NOT NULL,
    seq            bigint    NOT NULL,
    PRIMARY KEY (at, id)
);
CREATE INDEX attempts_customer ON attempts
    (coalesce('u:' || user_id, 'i:' || identifier_key), (CASE outcome WHEN 'success' THEN 1 ELSE 0 END), at);
CREATE INDEX attempts_device ON attempts
    (coalesce('u:' || user_id, 'i:' || identifier_key), device_id, at) WHERE device_id IS NOT NULL;
CREATE INDEX attempts_unknown ON attempts (identifier_key, at) WHERE outcome = 'unknown_username';

CREATE TABLE codes (
    id         text      NOT NULL PRIMARY KEY,
    user_id    text      NOT NULL,
    channel    text      NOT NULL,
    address    text      NOT NULL,
    sent_at    timestamp NOT NULL,
    expires_at timestamp,
    used_at    timestamp,
    digest     blob      NOT NULL,
    seq        bigint    NOT NULL
);
CREATE INDEX codes_user ON codes (user_id, sent_at, seq);

CREATE TABLE deliveries (
    id          text      NOT NULL PRIMARY KEY,
    address     text      NOT NULL,
    kind        text      NOT NULL,
    status      text      NOT NULL,
    at          timestamp NOT NULL,
    user_id     text      NOT NULL,
    detail      text      NOT NULL,
    address_key text      NOT NULL,
    digest      blob      NOT NULL,
    seq         bigint    NOT NULL
);
CREATE INDEX deliveries_address ON deliveries (address_key, at, seq);

CREATE TABLE reset_links (
    id         text      NOT NULL PRIMARY KEY,
    user_id    text      NOT NULL,
    sent_at    timestamp NOT NULL,
    expires_at timestamp NOT NULL,
    used_at    timestamp,
    used_ip    text      NOT NULL,
    digest     blob      NOT NULL,
    seq        bigint    NOT NULL
);
CREATE INDEX reset_links_user ON reset_links (user_id, sent_at, seq);

CREATE TABLE suppressions (
    address     text      NOT NULL,
    list        text      NOT NULL,
    since       timestamp NOT NULL,
    reason      text      NOT NULL,
    address_key text      NOT NULL,
    digest      blob      NOT NULL,
    seq         bigint    NOT NULL,
    PRIMARY KEY (address, list)
);
CREATE INDEX suppressions_address ON suppressions (address_key, since, seq);

CREATE TABLE staff_networks (
    cidr text NOT NULL PRIMARY KEY,
    note text NOT NULL
);

-- Kept at import, so that a diagnosis needn't read everybody's attempts: the
-- names that nobody had, and who failed how in which hour (since 1970).

CREATE TABLE unknown_names (
    name     text      NOT NULL PRIMARY KEY,
    length   integer   NOT NULL, -- in letters
    first_at timestamp NOT NULL,
    last_at  timestamp NOT NULL
) WITHOUT ROWID;
CREATE INDEX unknown_names_length ON unknown_names (length, last_at);

CREATE TABLE hourly_outcomes (
    outcome  text      NOT NULL,
    hour     bigint    NOT NULL,
    customer text      NOT NULL,
    first_at timestamp NOT NULL,
    last_at  timestamp NOT NULL,
    PRIMARY KEY (outcome, hour, customer)
) WITHOUT ROWID;

-- How many customers that were, so that a busy hour needn't be counted again.
CREATE TABLE outcome_totals (
    outcome   text NOT NULL,
    hour      bigint    NOT NULL,
    customers bigint    NOT NULL,
    PRIMARY KEY (outcome, hour)
) WITHOUT ROWID;

-- Requests and those who make them.

CREATE TABLE inbox (
    key text      NOT NULL PRIMARY KEY, -- SHA-256 of the request's key, hex
    at  timestamp NOT NULL
) WITHOUT ROWID;
CREATE INDEX inbox_at ON inbox (at);

CREATE TABLE tickets (
    actor  text      NOT NULL PRIMARY KEY,
    ticket text      NOT NULL,
    at     timestamp NOT NULL
);

CREATE TABLE refusals (
    actor text      NOT NULL PRIMARY KEY,
    since timestamp NOT NULL,
    count integer   NOT NULL
);

-- The keys that were ever used, recognised by check_value, and the audit. The
-- chain holds pseudonyms and hashes; names and texts lie beside it, where they
-- can be deleted.

CREATE TABLE keys (
    kid         text      NOT NULL PRIMARY KEY,
    check_value blob      NOT NULL,
    first_seen  timestamp NOT NULL
);

CREATE TABLE audit (
    seq         bigint    NOT NULL PRIMARY KEY,
    at          timestamp NOT NULL,
    act         text      NOT NULL,
    actor       text      NOT NULL,
    subject     text      NOT NULL, -- pseudonym
    outcome     text      NOT NULL,
    reason_hash blob,
    detail_hash blob,
    ticket      text      NOT NULL,
    approver    text      NOT NULL,
    kid         text      NOT NULL,
    mac         blob      NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, at, seq) WHERE subject <> '';

CREATE TABLE audit_head (
    id    integer NOT NULL PRIMARY KEY CHECK (id = 1),
    count bigint  NOT NULL,
    mac   blob
);
INSERT INTO audit_head (id, count) VALUES (1, 0);

CREATE TABLE audit_subjects (
    user_id   text NOT NULL PRIMARY KEY,
    salt      blob     NOT NULL,
    pseudonym text NOT NULL UNIQUE
);

CREATE TABLE audit_texts (
    seq    bigint NOT NULL PRIMARY KEY,
    salt   blob   NOT NULL,
    reason text   NOT NULL,
    detail text   NOT NULL
);

-- +goose StatementBegin
CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'The audit is append-only: its rows can''t be changed.');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'The audit is append-only: its rows can''t be deleted.');
END;
-- +goose StatementEnd
