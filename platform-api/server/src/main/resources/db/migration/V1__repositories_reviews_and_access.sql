create table repository (
    id             uuid primary key,
    name           text not null,
    forge          text not null,
    location       text not null,
    default_branch text not null,
    webhook_secret bytea not null, -- AES-256-GCM: nonce, ciphertext, tag
    created_at     timestamptz not null
);
create unique index repository_name on repository (lower(name));

create table repository_index (
    repository_id uuid primary key references repository on delete cascade,
    state         text not null check (state in ('running', 'completed', 'failed')),
    commit_id     text,
    files_total   integer not null,
    files_done    integer not null,
    files_skipped integer not null,
    chunks        integer not null,
    failure       json,
    updated_at    timestamptz not null
);

-- Each change of a review takes the next number: streams tell by it what a reader has seen.
create sequence review_version;

-- json and not jsonb: these columns are kept and handed out, never searched, and jsonb refuses U+0000.
create table review (
    id               bigint generated always as identity primary key,
    repository_id    uuid not null references repository on delete cascade,
    number           integer not null,
    title            text not null,
    description      text not null,
    author           text not null,
    base_ref         text not null,
    base_commit      text,
    head_ref         text not null,
    head_commit      text not null,
    state            text not null check (state in ('queued', 'running', 'completed', 'failed')),
    attempt          integer not null default 1,
    steps            json not null default '[]',
    summary          text not null default '',
    findings         json not null default '[]',
    findings_high    integer not null default 0,
    findings_medium  integer not null default 0,
    findings_low     integer not null default 0,
    findings_dropped integer not null default 0,
    files            json not null default '[]',
    usage            json,
    model            text,
    total_millis     bigint,
    failure          json,
    created_at       timestamptz not null,
    started_at       timestamptz,
    completed_at     timestamptz,
    version          bigint not null default nextval('review_version'),
    unique (repository_id, number, head_commit)
);
create index review_of_repository on review (repository_id, id desc);
create index review_of_state on review (state, id desc);
create index review_changed on review (version);

-- A row says that Kafka has acknowledged the delivery's event.
create table webhook_delivery (
    repository_id uuid not null references repository on delete cascade,
    delivery      text not null,
    event         text not null,
    review_id     bigint references review on delete set null,
    received_at   timestamptz not null,
    primary key (repository_id, delivery)
);
create index webhook_delivery_age on webhook_delivery (received_at);

create table consumed_event (
    id          text primary key,
    consumed_at timestamptz not null
);
create index consumed_event_age on consumed_event (consumed_at);

create table audit_entry (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    actor_kind text not null,
    actor      text not null,
    action     text not null,
    subject    text not null,
    detail     text not null
);

-- The tables that Spring Session expects.
create table spring_session (
    primary_id            char(36) not null primary key,
    session_id            char(36) not null,
    creation_time         bigint not null,
    last_access_time      bigint not null,
    max_inactive_interval integer not null,
    expiry_time           bigint not null,
    principal_name        varchar(100)
);
create unique index spring_session_ix1 on spring_session (session_id);
create index spring_session_ix2 on spring_session (expiry_time);
create index spring_session_ix3 on spring_session (principal_name);

create table spring_session_attributes (
    session_primary_id char(36) not null references spring_session (primary_id) on delete cascade,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea not null,
    primary key (session_primary_id, attribute_name)
);
