-- The index of code. The extensions vector and pg_trgm live in the schema "extensions", which is on the search path.

create table repository (
    id             uuid primary key,
    name           text not null,
    forge          text not null,
    location       text not null,
    default_branch text not null
);

-- What searches see of a repository: one indexed commit of one branch. A row changes together with its files.
create table branch (
    id              bigint generated always as identity primary key,
    repository_id   uuid   not null references repository on delete cascade,
    name            text   not null,
    commit_id       text,
    embedding_model text   not null,
    chunker_version int    not null,
    files_indexed   int    not null,
    files_skipped   int    not null,
    chunks          int    not null,
    indexed_at      timestamptz not null default now(),
    unique (repository_id, name)
);

-- A content that was cut and embedded, once for all branches and repositories that hold it.
create table blob (
    id              bigint generated always as identity primary key,
    content_sha256  bytea not null,
    language        text  not null,
    embedding_model text  not null,
    chunker_version int   not null,
    used_at         timestamptz not null default now(),
    unique (content_sha256, language, embedding_model, chunker_version)
);

create table file (
    branch_id   bigint not null references branch on delete cascade,
    path        text   not null,
    git_blob    text   not null,
    -- Absent where the content is not indexed; then skip_reason says why.
    blob_id     bigint references blob,
    skip_reason text,
    primary key (branch_id, path),
    check ((blob_id is null) <> (skip_reason is null))
);

create index file_by_blob on file (blob_id, branch_id);

create table chunk (
    id            bigint generated always as identity primary key,
    blob_id       bigint not null references blob on delete cascade,
    ordinal       int    not null,
    symbol        text,
    kind          text   not null,
    scope         text   not null,
    start_line    int    not null,
    end_line      int    not null,
    content       text   not null,
    defined_names text[] not null,
    used_names    text[] not null,
    -- Identifiers split at case and underscore, and whole; weight A for the symbol, B for the scope.
    terms         tsvector not null,
    embedding     halfvec(384) not null,
    unique (blob_id, ordinal)
);

create index chunk_by_embedding on chunk using hnsw (embedding halfvec_cosine_ops);
create index chunk_by_terms on chunk using gin (terms);
create index chunk_by_defined_name on chunk using gin (defined_names);
create index chunk_by_used_name on chunk using gin (used_names);
create index chunk_by_symbol_part on chunk using gin (symbol gin_trgm_ops);

-- What is to be indexed: one row for a repository, so that pushes that wait become one. It is done when the two
-- numbers are equal. Whoever works on a row holds the advisory lock of the repository.
create table index_work (
    repository_id uuid primary key references repository on delete cascade,
    requested     bigint not null,
    done          bigint not null,
    attempts      int    not null default 0,
    not_before    timestamptz not null default now()
);
