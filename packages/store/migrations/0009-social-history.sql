-- Social figures day by day. One row for each account and day, a column for each metric: a missing number is null, never 0. Sums are kept
-- beside them, so that a question over years reads thousands of rows and not millions.

-- A location whose figures are kept, and whether and how they are collected. `zone` decides what a day is.
create table social_locations (
  id integer generated always as identity primary key,
  workspace_id text not null references workspaces on delete cascade,
  environment text not null check (environment in ('sandbox', 'live')),
  location_id text not null,
  name text not null,
  zone text not null default 'UTC',
  group_name text,
  connection_id text references connections on delete set null,
  is_collecting boolean not null default false,
  -- How far back figures are wanted, and from which day on there are some or were asked for.
  history_days integer not null default 90,
  history_from date,
  -- Which version of the vendor's statistics answers: 'v3' by range of days, 'v2' the last 7 days only.
  generation text,
  next_at timestamptz,
  read_at timestamptz,
  fault jsonb,
  unique (workspace_id, environment, location_id)
);
create index social_locations_due on social_locations (next_at) where is_collecting;

create table social_accounts (
  id integer generated always as identity primary key,
  location integer not null references social_locations on delete cascade,
  account text not null,
  platform text not null,
  name text not null,
  needs_reconnect boolean not null default false,
  -- False when the vendor no longer lists it; its history stays.
  is_listed boolean not null default true,
  -- Between which days there are figures of it.
  first_day date,
  last_day date,
  unique (location, account)
);

-- A later reading of the same account and day replaces the earlier one. `estimated` names metrics that were worked out from a longer window.
create table social_days (
  account integer not null references social_accounts on delete cascade,
  day date not null,
  followers integer,
  impressions integer,
  reach integer,
  likes integer,
  comments integer,
  shares integer,
  posts integer,
  clicks integer,
  estimated text[],
  source text not null,
  read_at timestamptz not null,
  primary key (account, day)
);

-- Sums of the days, by platform and week (its Monday); `followers` is the last known number in the week. Rewritten with the days.
create table social_weeks (
  location integer not null references social_locations on delete cascade,
  week date not null,
  platform text not null,
  readings integer not null,
  followers bigint,
  impressions bigint,
  reach bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  posts bigint,
  clicks bigint,
  primary key (location, week, platform)
);

-- The same over all networks, for lines: `span` is 1 for a day and 7 for a week. Rewritten with the days.
create table social_totals (
  location integer not null references social_locations on delete cascade,
  span smallint not null check (span in (1, 7)),
  start date not null,
  readings integer not null,
  followers bigint,
  impressions bigint,
  reach bigint,
  likes bigint,
  comments bigint,
  shares bigint,
  posts bigint,
  clicks bigint,
  primary key (location, span, start)
);

create table social_tags (
  location integer not null references social_locations on delete cascade,
  tag text not null,
  name text not null,
  primary key (location, tag)
);

-- Published posts with what the networks say of each. `settled_at`: read again a week or more after it came out; only then can it be compared.
create table social_posts (
  location integer not null references social_locations on delete cascade,
  post text not null,
  published_at timestamptz not null,
  kind text not null,
  text text not null,
  tags text[] not null,
  accounts text[] not null,
  platforms text[] not null,
  likes integer,
  comments integer,
  shares integer,
  read_at timestamptz,
  settled_at timestamptz,
  next_read_at timestamptz,
  primary key (location, post)
);
create index social_posts_published on social_posts (location, published_at);
create index social_posts_due on social_posts (location, next_read_at) where next_read_at is not null;

-- How reports look: one set for each workspace.
create table brands (
  workspace_id text primary key references workspaces on delete cascade,
  name text not null,
  color text not null,
  logo bytea,
  logo_type text,
  updated_at timestamptz not null default now()
);

-- Reports that were made, with their bytes: the public address always shows the newest of its name.
create table social_reports (
  id text primary key,
  workspace_id text not null references workspaces on delete cascade,
  environment text not null check (environment in ('sandbox', 'live')),
  -- The artifact's name: one for each location, group, or all.
  name text not null,
  title text not null,
  scope text not null,
  from_day date not null,
  to_day date not null,
  pages integer not null,
  sha256 text not null,
  bytes bytea not null,
  public_url text,
  run_id text,
  sent_to text[] not null default '{}',
  made_at timestamptz not null default now()
);
create index social_reports_newest on social_reports (workspace_id, made_at desc);
