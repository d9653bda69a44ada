-- Configuration, then the life of an event: deliveries, facts, runs, journal. One workspace owns every row.

create table workspaces (
  id text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

create table connections (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  connector text not null,
  name text not null,
  environment text not null check (environment in ('sandbox', 'live')),
  -- Base URL; null means the connector's own.
  origin text,
  -- Facts that are not secret (a location id).
  facts jsonb not null default '{}',
  -- Vault envelope, bound to the connection id.
  secrets bytea not null,
  -- Operations whose path is only assumed and that a person switched on.
  opted_in text[] not null default '{}',
  state text not null default 'ready' check (state in ('ready', 'needs-attention')),
  state_fault jsonb,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);

create table flows (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  name text not null,
  state text not null default 'draft' check (state in ('draft', 'on', 'paused', 'broken')),
  state_fault jsonb,
  environment text not null default 'sandbox' check (environment in ('sandbox', 'live')),
  draft jsonb not null,
  -- Counts saves of the draft: a save names the revision it started from, so that two people never overwrite each other.
  draft_revision integer not null default 1,
  -- Published version; null before the first publication.
  version integer,
  template text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);

create table flow_versions (
  flow_id text not null references flows on delete cascade,
  version integer not null,
  definition jsonb not null,
  note text,
  published_at timestamptz not null default now(),
  primary key (flow_id, version)
);

-- Which account stands behind a slot. The trigger's slot may have many (one flow, many locations); others have one.
create table flow_bindings (
  flow_id text not null references flows on delete cascade,
  slot text not null,
  connection_id text not null references connections on delete restrict,
  primary key (flow_id, slot, connection_id)
);
create index flow_bindings_connection on flow_bindings (connection_id);

-- One row for each flow and connection of its trigger slot. It outlives publications, so that nothing is lost or repeated.
create table triggers (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  flow_id text not null references flows on delete cascade,
  connection_id text references connections on delete cascade,
  operation text not null,
  operation_version integer not null,
  input jsonb not null default '{}',
  is_on boolean not null default false,
  -- Unguessable part of the webhook address.
  hook_token text not null unique,
  -- Webhook secret chosen by the user, as a vault envelope bound to the trigger id.
  hook_secret bytea,
  every_ms bigint,
  cursor jsonb,
  -- Polls: null until the first complete scan has been taken as the baseline.
  baseline_at timestamptz,
  scans integer not null default 0,
  polled_at timestamptz,
  next_poll_at timestamptz,
  poll_fault jsonb,
  poll_failures integer not null default 0,
  created_at timestamptz not null default now(),
  unique nulls not distinct (flow_id, connection_id)
);

-- Facts that have been seen, for ever: at most one run for each.
create table trigger_keys (
  trigger_id text not null references triggers on delete cascade,
  key text not null,
  seen_at timestamptz not null default now(),
  primary key (trigger_id, key)
);

-- What a scanning trigger knows of each item.
create table trigger_items (
  trigger_id text not null references triggers on delete cascade,
  item_id text not null,
  hash text not null,
  item jsonb not null,
  revision integer not null default 0,
  -- Complete scans in a row without it.
  missing integer not null default 0,
  is_removed boolean not null default false,
  primary key (trigger_id, item_id)
);

-- Raw webhooks as they came.
create table deliveries (
  id text primary key,
  trigger_id text not null references triggers on delete cascade,
  received_at timestamptz not null default now(),
  topic text not null,
  -- accepted: led to runs · kept: flow paused or broken, can be run later · ignored: duplicate, echo or filtered · refused: signature
  state text not null check (state in ('accepted', 'kept', 'ignored', 'refused')),
  reason text,
  headers jsonb not null,
  body bytea not null
);
create index deliveries_trigger on deliveries (trigger_id, id);

create table runs (
  id text primary key,
  workspace_id text not null,
  flow_id text not null references flows on delete cascade,
  version integer not null,
  trigger_id text,
  connection_id text,
  environment text not null,
  -- Key of the fact; null when started by hand or replayed.
  key text,
  fact jsonb not null,
  state text not null check (state in ('queued', 'running', 'waiting', 'parked', 'done', 'skipped', 'failed', 'cancelled')),
  -- Why it waits or is parked: {kind, until?, question?, bucket? …}
  wait jsonb,
  fault jsonb,
  -- One sentence for people, written at the end.
  summary text,
  -- Number of the last journal segment; the next commit must be exactly one more (fences a worker that was only asleep).
  seq integer not null default 0,
  order_key text,
  lane smallint not null default 0,
  wake_at timestamptz,
  cancel_requested_at timestamptz,
  -- The run this one repeats, and the step it starts again from.
  replay_of text,
  replay_from text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create index runs_flow on runs (flow_id, id desc);
create index runs_workspace on runs (workspace_id, id desc);
create index runs_open on runs (state, id) where state in ('queued', 'running', 'waiting', 'parked');

-- What happened in a run, in segments; one segment is one commit. Invariant: (run_id, seq) has no gaps.
create table journal (
  run_id text not null references runs on delete cascade,
  seq integer not null,
  entries jsonb not null,
  written_at timestamptz not null default now(),
  primary key (run_id, seq)
);

-- Values Couplet wrote at a vendor, so that a poll that sees them again does not start a flow.
create table echo_marks (
  connection_id text not null references connections on delete cascade,
  mark_hash bytea not null,
  left_at timestamptz not null default now(),
  primary key (connection_id, mark_hash)
);

create table lookup_tables (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  name text not null,
  description text,
  -- Columns for the screen: [{name, title, type, list?}]
  columns jsonb not null default '[]',
  unique (workspace_id, name)
);

create table lookup_rows (
  table_id text not null references lookup_tables on delete cascade,
  key text not null,
  value jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (table_id, key)
);

-- Files with a stable public address. The token is the unguessable part of it.
create table artifacts (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  name text not null,
  token text not null unique,
  content_type text not null,
  sha256 text not null,
  bytes bytea not null,
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);

-- Things only a person can do.
create table tasks (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  key text not null,
  title text not null,
  text text not null,
  link text,
  state text not null default 'open' check (state in ('open', 'closed')),
  closed_because text,
  opened_by_run text,
  opened_at timestamptz not null default now(),
  closed_at timestamptz
);
create unique index tasks_open_key on tasks (workspace_id, key) where state = 'open';

-- Social figures: a later reading of the same account, window and metric replaces the earlier one.
create table statistics (
  workspace_id text not null references workspaces on delete cascade,
  location_id text not null,
  account text not null,
  platform text not null,
  metric text not null,
  from_day date not null,
  to_day date not null,
  value double precision not null,
  source text not null,
  read_at timestamptz not null,
  primary key (workspace_id, location_id, account, platform, metric, from_day, to_day)
);

-- Processes that perform runs, with their heartbeat.
create table workers (
  id text primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  facts jsonb not null default '{}'
);

-- Facts about this installation (public address, sandbox ports).
create table settings (
  name text primary key,
  value jsonb not null
);

insert into workspaces (id, name) values ('ws_00000000000000000000000000', 'My agency');
