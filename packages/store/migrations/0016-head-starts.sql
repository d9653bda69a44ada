-- Runs that a worker began the moment they were stored, without the way over the queue: theirs while the worker lives, on the queue when it is found
-- dead (decision 7). A row goes when all its runs have let go.
create table head_starts (
  id bigint generated always as identity primary key,
  worker text not null,
  runs text[] not null,
  begun_at timestamptz not null default now()
);
-- Rows live for a fraction of a second.
alter table head_starts set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);
