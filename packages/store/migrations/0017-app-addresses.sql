-- One webhook address for a vendor's app, whose deliveries are told apart by the account they name.
create table app_addresses (
  workspace_id text not null references workspaces on delete cascade,
  connector text not null,
  environment text not null check (environment in ('sandbox', 'live')),
  -- Unguessable part of the address.
  hook_token text not null unique,
  made_at timestamptz not null default now(),
  -- The last delivery that some flow heard, that none did, and that was refused: {at, topic, tenant, reason}.
  last_heard jsonb,
  last_unheard jsonb,
  last_refused jsonb,
  primary key (workspace_id, connector, environment)
);
create index triggers_by_connection on triggers (connection_id);
