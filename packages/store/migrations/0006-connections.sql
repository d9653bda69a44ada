-- Connections by consent (OAuth), what connections were granted, and links by which a client connects an account.

-- The workspace's own app at a vendor: who we are when we ask for consent.
create table oauth_apps (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  connector text not null,
  environment text not null check (environment in ('sandbox', 'live')),
  name text not null,
  -- Whether its tokens open one account each, or an agency with all of its accounts.
  level text not null check (level in ('account', 'agency')),
  client_id text not null,
  -- Vault envelope, bound to the app's id.
  client_secret bytea not null,
  -- Null means the vendor's usual consent page.
  authorize_url text,
  -- Base URL of the API; null means the connector's own.
  origin text,
  uses_pkce boolean not null default false,
  -- Permissions asked for besides those the flows need.
  scopes text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);

-- A round trip under way. Taken out by whoever finishes it, so it can be finished once.
create table oauth_trips (
  -- Hash of the state: the table alone lets nobody finish one.
  state_hash text primary key,
  workspace_id text not null references workspaces on delete cascade,
  app_id text not null references oauth_apps on delete cascade,
  -- Hash of what only the browser that began it knows.
  binding_hash text not null,
  -- Vault envelope of the PKCE verifier, bound to the state's hash.
  verifier bytea,
  redirect_uri text not null,
  -- What comes of it: a new connection, the old one again, or the connection of a link.
  aim jsonb not null,
  expires_at timestamptz not null
);

-- A consent that was given: the refresh token, and for agencies the agency's access token.
create table oauth_grants (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  app_id text not null references oauth_apps on delete restrict,
  level text not null check (level in ('account', 'agency')),
  name text not null,
  facts jsonb not null default '{}',
  -- Vault envelope, bound to the grant's id.
  secrets bytea not null,
  scopes text[] not null default '{}',
  -- Of the agency's access token, or of the last one the account was given.
  expires_at timestamptz not null,
  -- Counts rotations. Invariant: the envelope and this number change in one transaction.
  revision integer not null default 1,
  refreshed_at timestamptz not null default now(),
  -- Not to be tried before: the vendor said that the account is paused.
  retry_at timestamptz,
  state text not null default 'ready' check (state in ('ready', 'needs-attention')),
  state_fault jsonb,
  -- Accounts of an agency, as last read: [{id, name, address?, isInstalled}].
  accounts jsonb not null default '[]',
  accounts_at timestamptz,
  created_at timestamptz not null default now()
);
create index oauth_grants_refreshed on oauth_grants (refreshed_at);

alter table connections
  -- Null: its secrets were entered.
  add column grant_id text references oauth_grants on delete restrict,
  add column token_expires_at timestamptz,
  -- What is known of its permissions: {known: 'all' | 'some', has: [...], lacks: [...], at}.
  add column granted jsonb,
  add column tested_at timestamptz,
  add column test_result jsonb;
create index connections_grant on connections (grant_id) where grant_id is not null;

-- Links by which somebody without an account in Couplet connects one account at a vendor. The link itself is an envelope of the vault: nobody
-- else can make one, and its end cannot be moved.
create table connect_links (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  connector text not null,
  environment text not null check (environment in ('sandbox', 'live')),
  -- The app that asks for consent; null: secrets are entered on the page of the link.
  app_id text references oauth_apps on delete cascade,
  -- Name of the connection it makes.
  name text not null,
  note text,
  origin text,
  -- Permissions it asks for, as they were when it was made.
  scopes text[] not null default '{}',
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  used_at timestamptz,
  connection_id text references connections on delete set null
);
create index connect_links_workspace on connect_links (workspace_id, id desc);
