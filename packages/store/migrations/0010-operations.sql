-- Incidents: everything that is broken, one row for each cause however many runs it hits. Those of the circuits (one for each connection whose
-- vendor is down) have no cause_key: they are parts of the one that people see.
alter table incidents drop constraint incidents_cause_check;
alter table incidents
  add column cause_key text,
  add column environment text check (environment in ('sandbox', 'live')),
  add column connector text,
  add column flow_id text references flows on delete cascade,
  add column step text,
  add column last_at timestamptz not null default now(),
  add column ended_because text,
  add column acknowledged_at timestamptz,
  add column acknowledged_by text,
  -- Figures of this cause for the sentence: {percent, runs, hours …}.
  add column figures jsonb not null default '{}';
-- At most one open incident for a cause.
create unique index incidents_cause on incidents (workspace_id, cause_key) where cause_key is not null and until is null;
create index incidents_seen on incidents (workspace_id, last_at desc) where cause_key is not null;

create table incident_connections (
  incident_id bigint not null references incidents on delete cascade,
  connection_id text not null references connections on delete cascade,
  primary key (incident_id, connection_id)
);
create index runs_failed on runs (finished_at) where state = 'failed';
create index runs_replays on runs (replay_of) where replay_of is not null;

-- Where alerts go. The address of a webhook is a secret; so is what its messages are signed with.
create table alert_channels (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  name text not null,
  kind text not null check (kind in ('email', 'slack', 'teams', 'webhook')),
  -- E-mail addresses; empty for the others.
  recipients text[] not null default '{}',
  -- Vault envelope of {url, signingKey?}, bound to the id.
  secret bytea,
  -- The host of the address, to recognise it by.
  host text,
  -- {from: "22:00", until: "07:00", zone}: alerts wait until the end, unless escalated.
  quiet jsonb,
  is_on boolean not null default true,
  -- Takes the alerts that this channel could not deliver.
  fallback_id text references alert_channels on delete set null,
  last_sent_at timestamptz,
  last_fault jsonb,
  created_at timestamptz not null default now(),
  unique (workspace_id, name)
);

create table alert_rules (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  name text not null,
  watch text not null check (watch in ('connection', 'failures', 'failure-rate', 'vendor-down', 'quota', 'silence')),
  -- The rule's own numbers, by `watch`.
  settings jsonb not null default '{}',
  -- null: every channel that is on. Empty: only inside Couplet.
  channel_ids text[],
  environments text[] not null default '{live}',
  is_on boolean not null default true,
  -- Still open and nobody said "I am on it" after so long: these channels are told too, quiet hours or not.
  escalate_after_ms bigint,
  escalate_to text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (workspace_id, name)
);

-- A rule that found an incident worth telling.
create table alerts (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  rule_id text references alert_rules on delete set null,
  incident_id bigint not null references incidents on delete cascade,
  title text not null,
  opened_at timestamptz not null default now(),
  escalated_at timestamptz,
  recovered_at timestamptz,
  unique (rule_id, incident_id)
);
create index alerts_newest on alerts (workspace_id, opened_at desc);
create index alerts_open on alerts (workspace_id) where recovered_at is null;

-- One message to one channel. However many rules find an incident, a channel is told each phase of it once.
create table alert_messages (
  id text primary key,
  alert_id text references alerts on delete cascade,
  incident_id bigint references incidents on delete cascade,
  channel_id text not null references alert_channels on delete cascade,
  phase text not null check (phase in ('opened', 'escalated', 'recovered')),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  fault jsonb,
  sent_at timestamptz,
  -- The message this one stands in for, because its channel failed.
  instead_of text references alert_messages on delete cascade,
  unique (incident_id, channel_id, phase)
);

-- How far somebody has read the alerts inside Couplet.
create table alert_reads (
  workspace_id text not null references workspaces on delete cascade,
  reader text not null,
  read_until timestamptz not null,
  primary key (workspace_id, reader)
);

-- What a step gave when it last worked, for steps that fall back on it. `asked` is a hash of connection and input.
create table last_good (
  flow_id text not null references flows on delete cascade,
  step_id text not null,
  asked text not null,
  output jsonb not null,
  at timestamptz not null,
  primary key (flow_id, step_id, asked)
);
create index last_good_at on last_good (at);
