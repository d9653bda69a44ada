-- Who may come in, what they may do, and what they did. The first five tables are kept by better-auth; the rest is ours.

create table people (
  id text primary key,
  email text not null unique,
  name text not null,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- How a person proves who they are: today always a password, as an argon2id text.
create table credentials (
  id text primary key,
  person_id text not null references people on delete cascade,
  account_id text not null,
  provider_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index credentials_person on credentials (person_id);

create table sessions (
  id text primary key,
  person_id text not null references people on delete cascade,
  token text not null unique,
  ip_address text,
  user_agent text,
  -- The workspace chosen last; null: the person's first.
  workspace_id text references workspaces on delete set null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_person on sessions (person_id);

create table verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

-- Secret and recovery codes are sealed with the sign-in key.
create table two_factors (
  id text primary key,
  person_id text not null references people on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);
create index two_factors_person on two_factors (person_id);

-- The one key that signs cookies and seals second factors, as a vault envelope.
create table sign_in_key (
  id text primary key check (id = 'sign-in'),
  secret bytea not null
);

alter table workspaces add column time_zone text not null default 'UTC';
alter table workspaces add column audit_days integer not null default 400;

create table memberships (
  workspace_id text not null references workspaces on delete cascade,
  person_id text not null references people on delete cascade,
  role text not null check (role in ('owner', 'admin', 'builder', 'operator', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, person_id)
);
create index memberships_person on memberships (person_id);

-- Only the hash of an invitation's link is kept.
create table invitations (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  email text not null,
  role text not null check (role in ('owner', 'admin', 'builder', 'operator', 'viewer')),
  token_hash bytea not null unique,
  invited_by text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  unique (workspace_id, email)
);

-- Links that work once: the first owner's, and those for a new password.
create table one_time_links (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('set-up', 'password')),
  person_id text references people on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

create table api_tokens (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  -- Whose rights it has: never more than this person's own at the moment of a call.
  person_id text not null references people on delete cascade,
  name text not null,
  permissions text[] not null,
  token_hash bytea not null unique,
  -- Last letters, to tell tokens apart.
  ending text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz
);
create index api_tokens_workspace on api_tokens (workspace_id);

-- How often something that can be guessed was tried.
create table attempts (
  key text primary key,
  count integer not null,
  since timestamptz not null
);

create table audit_events (
  id text primary key,
  -- Null: it concerns the installation, or nobody who is known.
  workspace_id text,
  at timestamptz not null default now(),
  event text not null,
  actor_kind text not null check (actor_kind in ('person', 'token', 'machine', 'nobody')),
  person_id text,
  actor text not null,
  -- Session or token it was done with.
  via text,
  ip text,
  objects jsonb not null default '{}',
  before jsonb,
  after jsonb
);
create index audit_events_workspace on audit_events (workspace_id, id);

-- How often the secret of a connection was opened for a call; one row for each flow and hour.
create table secret_uses (
  workspace_id text not null references workspaces on delete cascade,
  connection_id text not null,
  -- Empty: a person's own call (a test, a choice list).
  flow_id text not null,
  hour timestamptz not null,
  count integer not null,
  last_at timestamptz not null,
  primary key (workspace_id, connection_id, flow_id, hour)
);
create index secret_uses_hour on secret_uses (workspace_id, hour);

-- Invariant: what was written down stays as it is. Only retention, which says so, may delete; nothing may change.
create function keep_audit() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('couplet.audit_retention', true) = 'on' then
    return old;
  end if;
  raise exception 'audit events are never changed';
end $$;
create trigger audit_events_kept before update or delete on audit_events for each row execute function keep_audit();
create trigger audit_events_not_emptied before truncate on audit_events for each statement execute function keep_audit();
