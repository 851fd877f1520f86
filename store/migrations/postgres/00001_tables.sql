-- +goose Up

-- The directory. seq is the place in the order of import: given at the first
-- import of a record and kept when it is replaced. digest names the content
-- last imported, so that an identical record changes nothing. The columns that
-- end in _key hold what identifiers are looked up by.

CREATE SEQUENCE record_blocks;

CREATE TABLE accounts (
    id            text COLLATE "C" NOT NULL PRIMARY KEY,
    name          text      NOT NULL,
    status        text      NOT NULL,
    gateway_ids   text      NOT NULL, -- JSON
    status_reason text      NOT NULL,
    owner         text      NOT NULL,
    created_at    timestamptz,
    closed_at     timestamptz,
    brand         text      NOT NULL,
    digest        bytea      NOT NULL,
    seq           bigint    NOT NULL
);

CREATE TABLE gateway_ids (
    gateway_key text COLLATE "C" NOT NULL,
    account_id  text COLLATE "C" NOT NULL,
    PRIMARY KEY (gateway_key, account_id)
);
CREATE INDEX gateway_ids_account ON gateway_ids (account_id);

CREATE TABLE users (
    id                 text COLLATE "C" NOT NULL PRIMARY KEY,
    username           text      NOT NULL,
    status             text      NOT NULL,
    email              text      NOT NULL,
    email_verified     boolean   NOT NULL,
    mobile             text      NOT NULL,
    mobile_verified    boolean   NOT NULL,
    first_name         text      NOT NULL,
    last_name          text      NOT NULL,
    disabled_reason    text      NOT NULL,
    expires_at         timestamptz,
    has_password       boolean   NOT NULL,
    login_methods      text      NOT NULL, -- JSON
    must_reset         boolean   NOT NULL,
    opted_out          text      NOT NULL, -- JSON
    last_login_at      timestamptz,
    created_at         timestamptz,
    protected          boolean   NOT NULL,
    locale             text      NOT NULL,
    contact_changed_at timestamptz,
    id_key             text COLLATE "C" NOT NULL,
    username_key       text COLLATE "C" NOT NULL,
    email_key          text COLLATE "C",
    mobile_key         text COLLATE "C",
    email_domain       text COLLATE "C",
    digest             bytea      NOT NULL,
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
    user_id        text COLLATE "C" NOT NULL,
    account_id     text COLLATE "C" NOT NULL,
    role           text      NOT NULL,
    status         text      NOT NULL,
    deactivated_by text      NOT NULL,
    deactivated_at timestamptz,
    keeps_login    boolean   NOT NULL,
    digest         bytea      NOT NULL,
    seq            bigint    NOT NULL,
    PRIMARY KEY (user_id, account_id)
);
CREATE INDEX memberships_account ON memberships (account_id, user_id);

CREATE TABLE locks (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id     text COLLATE "C" NOT NULL,
    kind        text      NOT NULL,
    at          timestamptz NOT NULL,
    until       timestamptz,
    released_at timestamptz,
    detail      text      NOT NULL,
    digest      bytea      NOT NULL,
    seq         bigint    NOT NULL
);
CREATE INDEX locks_user ON locks (user_id, at, seq);

-- The table that grows. A customer is a user, or what somebody nobody knows
-- typed. attempts_customer serves a customer's failures and successes in their
-- order; attempts_device the first attempts with a device; attempts_unknown the
-- attempts with a name that nobody has; the primary key the newest of all.
-- Partitions by month (attempts_2026_03) are made ahead and on demand.
CREATE TABLE attempts (
    at             timestamptz NOT NULL,
    id             text COLLATE "C" NOT NULL,
    identifier     text      NOT NULL,
    identifier_key text COLLATE "C" NOT NULL,
    outcome        text COLLATE "C" NOT NULL,
    user_id        text COLLATE "C",
    ip             text      NOT NULL,
    country        text      NOT NULL,
    asn            text      NOT NULL,
    device_id      text COLLATE "C",
    user_agent     text      NOT NULL,
    vpn            boolean   NOT NULL,
    resource       text      NOT NULL,
    seq            bigint    NOT NULL,
    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);
CREATE INDEX attempts_customer ON attempts
    (coalesce('u:' || user_id, 'i:' || identifier_key), (CASE outcome WHEN 'success' THEN 1 ELSE 0 END), at);
CREATE INDEX attempts_device ON attempts
    (coalesce('u:' || user_id, 'i:' || identifier_key), device_id, at) WHERE device_id IS NOT NULL;
CREATE INDEX attempts_unknown ON attempts (identifier_key, at) WHERE outcome = 'unknown_username';

CREATE TABLE codes (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id    text COLLATE "C" NOT NULL,
    channel    text      NOT NULL,
    address    text COLLATE "C" NOT NULL,
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz,
    used_at    timestamptz,
    digest     bytea      NOT NULL,
    seq        bigint    NOT NULL
);
CREATE INDEX codes_user ON codes (user_id, sent_at, seq);

CREATE TABLE deliveries (
    id          text COLLATE "C" NOT NULL PRIMARY KEY,
    address     text COLLATE "C" NOT NULL,
    kind        text      NOT NULL,
    status      text      NOT NULL,
    at          timestamptz NOT NULL,
    user_id     text COLLATE "C" NOT NULL,
    detail      text      NOT NULL,
    address_key text COLLATE "C" NOT NULL,
    digest      bytea      NOT NULL,
    seq         bigint    NOT NULL
);
CREATE INDEX deliveries_address ON deliveries (address_key, at, seq);

CREATE TABLE reset_links (
    id         text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id    text COLLATE "C" NOT NULL,
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    used_ip    text      NOT NULL,
    digest     bytea      NOT NULL,
    seq        bigint    NOT NULL
);
CREATE INDEX reset_links_user ON reset_links (user_id, sent_at, seq);

CREATE TABLE suppressions (
    address     text COLLATE "C" NOT NULL,
    list        text COLLATE "C" NOT NULL,
    since       timestamptz NOT NULL,
    reason      text      NOT NULL,
    address_key text COLLATE "C" NOT NULL,
    digest      bytea      NOT NULL,
    seq         bigint    NOT NULL,
    PRIMARY KEY (address, list)
);
CREATE INDEX suppressions_address ON suppressions (address_key, since, seq);

CREATE TABLE staff_networks (
    cidr text COLLATE "C" NOT NULL PRIMARY KEY,
    note text NOT NULL
);

-- Kept at import, so that a diagnosis needn't read everybody's attempts: the
-- names that nobody had, and who failed how in which hour (since 1970).

CREATE TABLE unknown_names (
    name     text COLLATE "C" NOT NULL PRIMARY KEY,
    length   integer   NOT NULL, -- in letters
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL
);
CREATE INDEX unknown_names_length ON unknown_names (length, last_at);

CREATE TABLE hourly_outcomes (
    outcome  text COLLATE "C" NOT NULL,
    hour     bigint    NOT NULL,
    customer text COLLATE "C" NOT NULL,
    first_at timestamptz NOT NULL,
    last_at  timestamptz NOT NULL,
    PRIMARY KEY (outcome, hour, customer)
);

-- How many customers that were, so that a busy hour needn't be counted again.
CREATE TABLE outcome_totals (
    outcome   text COLLATE "C" NOT NULL,
    hour      bigint    NOT NULL,
    customers bigint    NOT NULL,
    PRIMARY KEY (outcome, hour)
);

-- Requests and those who make them.

CREATE TABLE inbox (
    key text COLLATE "C" NOT NULL PRIMARY KEY, -- SHA-256 of the request's key, hex
    at  timestamptz NOT NULL
);
CREATE INDEX inbox_at ON inbox (at);

CREATE TABLE tickets (
    actor  text COLLATE "C" NOT NULL PRIMARY KEY,
    ticket text      NOT NULL,
    at     timestamptz NOT NULL
);

CREATE TABLE refusals (
    actor text COLLATE "C" NOT NULL PRIMARY KEY,
    since timestamptz NOT NULL,
    count integer   NOT NULL
);

-- The keys that were ever used, recognised by check_value, and the audit. The
-- chain holds pseudonyms and hashes; names and texts lie beside it, where they
-- can be deleted.

CREATE TABLE keys (
    kid         text COLLATE "C" NOT NULL PRIMARY KEY,
    check_value bytea      NOT NULL,
    first_seen  timestamptz NOT NULL
);

CREATE TABLE audit (
    seq         bigint    NOT NULL PRIMARY KEY,
    at          timestamptz NOT NULL,
    act         text      NOT NULL,
    actor       text COLLATE "C" NOT NULL,
    subject     text COLLATE "C" NOT NULL, -- pseudonym
    outcome     text COLLATE "C" NOT NULL,
    reason_hash bytea,
    detail_hash bytea,
    ticket      text      NOT NULL,
    approver    text      NOT NULL,
    kid         text COLLATE "C" NOT NULL,
    mac         bytea      NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, at, seq) WHERE subject <> '';

CREATE TABLE audit_head (
    id    integer NOT NULL PRIMARY KEY CHECK (id = 1),
    count bigint  NOT NULL,
    mac   bytea
);
INSERT INTO audit_head (id, count) VALUES (1, 0);

CREATE TABLE audit_subjects (
    user_id   text COLLATE "C" NOT NULL PRIMARY KEY,
    salt      bytea     NOT NULL,
    pseudonym text COLLATE "C" NOT NULL UNIQUE
);

CREATE TABLE audit_texts (
    seq    bigint NOT NULL PRIMARY KEY,
    salt   bytea   NOT NULL,
    reason text   NOT NULL,
    detail text   NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit is append-only: its rows can''t be changed or deleted.';
END;
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
