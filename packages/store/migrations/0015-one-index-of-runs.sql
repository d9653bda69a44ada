-- Words (0004) and ids (0013) of a run are read and written together: one row beside each run, for half the work. The tables they were in stay for
-- processes of the release before, which read them and, without their marks, write nothing more; the next release may drop them.
create table run_index (
  run_id text primary key,
  -- The account whose event started the run.
  connection_id text,
  -- How far the journal had come; a run that is under way is read again when it has gone on.
  seq integer not null,
  is_open boolean not null,
  words tsvector not null,
  -- Hashes of everything that may be an id.
  ids bigint[] not null
);
insert into run_index (run_id, connection_id, seq, is_open, words, ids)
select w.run_id, i.connection_id, i.seq, i.is_open, w.words, i.ids from run_search w join run_ids i on i.run_id = w.run_id;

create index run_index_words on run_index using gin (words);
create index run_index_ids on run_index using gin (ids);
create index run_index_connection on run_index (connection_id, run_id desc) where connection_id is not null;
create index run_index_open on run_index (run_id) where is_open;

-- Runs up to this one are in the index, and counted.
insert into settings (name, value)
select 'run-index', jsonb_build_object('upto', min(value ->> 'upto')) from settings where name in ('run-search', 'run-ids');
delete from settings where name in ('run-search', 'run-ids');

delete from run_totals;
insert into run_totals (flow_id, workspace_id, runs)
select flow_id, workspace_id, count(*) from runs where id <= (select value ->> 'upto' from settings where name = 'run-index') group by 1, 2;
