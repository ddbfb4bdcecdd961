-- One row for each review: repository, pull request and head commit make it unique.
CREATE TABLE review (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository_id uuid        NOT NULL,
    number        integer     NOT NULL,
    head          text        NOT NULL,
    state         text        NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed')),
    -- Counts what was asked for; an attempt that a crash cut off is the same one when it is taken up again.
    attempt       integer     NOT NULL,
    -- Counts how often the attempt was taken up.
    run           integer     NOT NULL DEFAULT 0,
    -- The pull-request event that asked for the attempt.
    request       text        NOT NULL,
    -- Who works on it, and until when the claim holds without a sign of life.
    worker        text,
    lease_until   timestamptz,
    queued_at     timestamptz NOT NULL,
    started_at    timestamptz,
    ended_at      timestamptz,
    UNIQUE (repository_id, number, head)
);

CREATE INDEX review_open ON review (queued_at) WHERE state IN ('queued', 'running');

-- Events that were taken: a redelivery is dropped.
CREATE TABLE taken_event (
    event_id text PRIMARY KEY,
    taken_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX taken_event_age ON taken_event (taken_at);

-- The diffs of reviewed files.
CREATE TABLE file_patch (
    repository_id uuid    NOT NULL,
    number        integer NOT NULL,
    head          text    NOT NULL,
    index         integer NOT NULL,
    patch         text,
    reason        text,
    PRIMARY KEY (repository_id, number, head, index)
);

-- Events that are to be told, in the order in which they are told.
CREATE TABLE outbox (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id    text        NOT NULL UNIQUE,
    topic       text        NOT NULL,
    key         text        NOT NULL,
    type        text        NOT NULL,
    value       text        NOT NULL,
    occurred_at timestamptz NOT NULL,
    sent_at     timestamptz
);

CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;
