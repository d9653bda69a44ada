-- Searching in the data of runs, however many there are. The words lie beside the runs and are written some time after them, in batches: an index
-- on `runs` itself would be written three times for each run, in the transactions that people and vendors wait for.
create table run_search (
  run_id text primary key,
  words tsvector not null
);
create index run_search_words on run_search using gin (words);

-- Letters and digits, lower case; nothing is left out and nothing is stemmed: what is searched for are names, addresses and ids.
create function search_words(texts text) returns tsvector language sql immutable parallel safe as $$
  select array_to_tsvector(array_remove(string_to_array(regexp_replace(lower(left(texts, 20000)), '[^[:alnum:]]+', ' ', 'g'), ' '), ''))
$$;

-- Runs up to this one have their words.
insert into settings (name, value) values ('run-search', '{"upto": ""}');

-- "Failed" is looked for, and counted, among many that are done.
create index runs_not_done on runs (workspace_id, state, id) include (flow_id) where state in ('failed', 'cancelled', 'skipped');

-- How many runs of a flow have their words, in whatever state. Those that are done are what is left of them: counting a million takes too long.
create table run_totals (
  flow_id text primary key references flows on delete cascade,
  workspace_id text not null,
  runs bigint not null
);
