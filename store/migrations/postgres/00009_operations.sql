-- +goose Up

-- The ID of the request that a message comes from, for the log.
ALTER TABLE outbox ADD COLUMN request text NOT NULL DEFAULT '';

-- Many customers failing the same way. shares is what they have in common.
CREATE TABLE incidents (
    id        text COLLATE "C" NOT NULL PRIMARY KEY,
    outcome   text COLLATE "C" NOT NULL,
    at        timestamptz NOT NULL,
    seen_at   timestamptz NOT NULL,
    ended_at  timestamptz,
    customers integer   NOT NULL,
    peak      integer   NOT NULL,
    usual     double precision NOT NULL,
    shares    text      NOT NULL -- JSON
);
CREATE UNIQUE INDEX incidents_open ON incidents (outcome) WHERE ended_at IS NULL;
CREATE INDEX incidents_at ON incidents (at, id);

-- The customers of a bulk unlock, in order, and what became of each.
CREATE TABLE bulk_items (
    operation text COLLATE "C" NOT NULL,
    seq       integer NOT NULL,
    user_id   text COLLATE "C" NOT NULL,
    state     text    NOT NULL,
    why       text    NOT NULL,
    PRIMARY KEY (operation, seq)
);
CREATE INDEX bulk_items_waiting ON bulk_items (operation, seq) WHERE state = 'waiting';
CREATE INDEX bulk_items_user ON bulk_items (user_id);

-- The bulk unlock that an operation is a part of.
ALTER TABLE operations ADD COLUMN bulk text COLLATE "C" NOT NULL DEFAULT '';

-- Who has opened the app's Home, so that it is drawn anew when something changes.
CREATE TABLE homes (
    actor     text COLLATE "C" NOT NULL PRIMARY KEY,
    roles     integer   NOT NULL,
    opened_at timestamptz NOT NULL
);
CREATE INDEX homes_opened ON homes (opened_at);
CREATE INDEX verifications_actor ON verifications (actor, held_at, id) WHERE state = 'holds';

-- Who was forgotten: HMACs of what they were known by, so that imports don't bring them
-- back.
CREATE TABLE forgotten (
    proof bytea     NOT NULL PRIMARY KEY,
    at    timestamptz NOT NULL
);

-- Where the audit was cut: the number and the MAC of the last row that went, signed. Rows
-- up to the newest may be deleted, and nothing else.
CREATE TABLE audit_checkpoints (
    seq   bigint    NOT NULL PRIMARY KEY,
    at    timestamptz NOT NULL,
    mac   bytea     NOT NULL,
    kid   text COLLATE "C" NOT NULL,
    proof bytea     NOT NULL
);

-- +goose StatementBegin
CREATE FUNCTION audit_refuses_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.seq > coalesce((SELECT max(seq) FROM audit_checkpoints), 0) THEN
        RAISE EXCEPTION 'The audit is append-only: its rows can''t be deleted after its newest checkpoint.';
    END IF;
    RETURN OLD;
END;
$$;
-- +goose StatementEnd
DROP TRIGGER audit_refuses ON audit;
CREATE TRIGGER audit_refuses BEFORE UPDATE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses();
CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuses_delete();

-- What the numbers of a day are read by.
CREATE INDEX watches_judged_at ON watches (judged_at) WHERE judgement <> '';
CREATE INDEX cases_resolved_at ON cases (resolved_at) WHERE state = 'resolved';
CREATE INDEX cases_claimed_at ON cases (claimed_at) WHERE claimed_at IS NOT NULL;
CREATE INDEX case_events_reminded ON case_events (at, case_id) WHERE kind = 'reminded';
