-- What a step gave once (in a test, in a run, or typed) and is kept beside the draft: later steps are mapped and tested with it without calling
-- again. Not part of the definition: flow files in git must not hold a client's data. The step may be gone from the draft and come back by undo.
create table pins (
  flow_id text not null references flows (id) on delete cascade,
  step_id text not null,
  data jsonb not null,
  source text not null check (source in ('test', 'run', 'captured', 'typed')),
  pinned_by text not null,
  pinned_at timestamptz not null default now(),
  primary key (flow_id, step_id)
);
