-- Connectors made from imported OpenAPI files. Their ids are unique in the whole installation, since operations are named by them.

create table imported_apis (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  -- The declared connector whose operations the file confirms or corrects; null: a connector of its own.
  extends text,
  title text not null,
  summary text not null,
  servers text[] not null,
  sign_in jsonb not null,
  -- Counts imports and reviews: processes compare it with what they have loaded.
  revision integer not null default 1,
  -- Name or address of the file, its version, size and checksum, and what was left out of it.
  source jsonb not null,
  imported_at timestamptz not null default now(),
  removed_at timestamptz,
  unique (workspace_id, extends)
);

-- Every version of every operation stays: flows that use one go on.
create table imported_operations (
  api_id text not null references imported_apis on delete cascade,
  operation_id text not null,
  version integer not null,
  -- Verb and path, by which an operation is known again.
  call text not null,
  facts jsonb not null,
  -- What a person said a repeat does; it outlives further imports.
  reviewed_effect text,
  -- False: the newest file has another version of it, or none.
  is_current boolean not null,
  primary key (api_id, operation_id, version)
);
