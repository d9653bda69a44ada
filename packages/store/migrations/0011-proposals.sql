-- Drafts that somebody who may not publish (an agent above all) has put before a person.
create table proposals (
  id text primary key,
  workspace_id text not null,
  flow_id text not null references flows (id) on delete cascade,
  -- The draft as it was proposed: what is approved is what was seen.
  revision integer not null,
  note text not null,
  proposed_by text not null,
  proposed_at timestamptz not null default now(),
  state text not null default 'open' check (state in ('open', 'approved', 'declined', 'replaced')),
  decided_by text,
  decided_at timestamptz,
  reason text
);
create unique index proposals_open_by_flow on proposals (flow_id) where state = 'open';
create index proposals_by_workspace on proposals (workspace_id, id desc);
