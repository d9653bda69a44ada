-- What the vendors allow, and how it is shared out between processes; vendors that are down.

-- One row for each limit of a vendor that is in use. The state is the engine's (tokens cooling, leases, waiting runs); the row lock is what
-- makes processes take turns. A bucket nobody uses is not touched.
create table quota_buckets (
  key text primary key,
  connector text not null,
  -- Whose quota: the account behind a connection, a host, or * for all calls of the connector.
  account text not null,
  limit_name text not null,
  state json not null,
  touched_at timestamptz not null default now()
) with (fillfactor = 50);
create index quota_buckets_account on quota_buckets (connector, account);

-- Things that are broken for many runs at once: one row for each time it broke, however many runs it holds up.
create table incidents (
  id bigint generated always as identity primary key,
  workspace_id text not null references workspaces on delete cascade,
  cause text not null check (cause in ('vendor-down')),
  connection_id text references connections on delete cascade,
  fault jsonb not null,
  since timestamptz not null default now(),
  until timestamptz
);
create unique index incidents_open on incidents (cause, connection_id) where until is null;
create index incidents_workspace on incidents (workspace_id, since desc);

-- The runs an incident holds up.
create table incident_runs (
  incident_id bigint not null references incidents on delete cascade,
  run_id text not null references runs on delete cascade,
  held_at timestamptz not null default now(),
  primary key (incident_id, run_id)
);
create index incident_runs_run on incident_runs (run_id);

-- Connections whose vendor has begun to fail, or is taken to be down. A healthy connection has no row.
create table circuits (
  connection_id text primary key references connections on delete cascade,
  -- Failures in a row; the first of them at failing_since.
  failures integer not null,
  failing_since timestamptz not null,
  -- Whose failure was the last: one run whose request the vendor cannot digest is no sign that the vendor is down.
  last_failed text,
  -- Set while open.
  incident_id bigint references incidents on delete set null,
  -- When the next single call may be let through to see whether the vendor is back, and how many have been.
  probe_at timestamptz,
  probes integer not null default 0,
  -- When the run that was chosen to make that call is to come, and which one was chosen last.
  prober_at timestamptz,
  prober text
);
