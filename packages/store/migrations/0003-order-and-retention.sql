-- Ordered flows: facts of one flow with the same key are worked on one after the other. Who is at work with a key holds its turn, from
-- its first step until its end, waits and parking included. Keys are kept as hashes: they may be longer than an index takes, and two
-- keys that share one merely wait for each other.
create table order_turns (
  flow_id text not null references flows on delete cascade,
  key_hash bigint not null,
  run_id text not null unique references runs on delete cascade,
  primary key (flow_id, key_hash)
);
create index runs_order on runs (flow_id, hashtextextended(order_key, 0), id)
  where order_key is not null and state in ('queued', 'running', 'waiting', 'parked');

create function order_wait(holder text, holder_state text) returns jsonb language sql immutable as $$
  select jsonb_build_object('kind', 'order', 'behind', holder, 'why', case
    when holder_state = 'parked' then 'Waits behind an earlier run of the same key, which is parked until a person decides.'
    else 'Waits until an earlier run of the same key has ended.' end)
$$;

-- All that follows happens under the lock of the key, so that a run that goes to wait and a run that ends cannot miss each other.
create function lock_turn(flow text, key_hash bigint) returns void language sql as $$
  select pg_advisory_xact_lock(hashtextextended(flow, key_hash))
$$;

-- Gives a free turn to the earliest run that has not ended, and wakes it when it rests. A queued one has its job already.
create function give_turn(flow text, hash bigint) returns text language plpgsql as $$
declare
  next record;
begin
  select id, state, wait, lane into next from runs
    where flow_id = flow and order_key is not null and hashtextextended(order_key, 0) = hash
      and state in ('queued', 'running', 'waiting', 'parked')
    order by id limit 1;
  if not found then return null; end if;
  insert into order_turns (flow_id, key_hash, run_id) values (flow, hash, next.id);
  if next.state = 'waiting' and next.wait ->> 'kind' = 'order' then
    perform graphile_worker.add_job('perform-runs', json_build_object('runs', json_build_array(next.id)),
      job_key => 'run:' || next.id, priority => next.lane::int, max_attempts => 25);
  end if;
  return next.id;
end $$;

-- Answers whose turn it is. When it is another's, the run is put to rest until it is woken by `give_turn`.
create function take_turn(the_run text) returns text language plpgsql as $$
declare
  mine record;
  holder text;
begin
  select flow_id, hashtextextended(order_key, 0) as hash into mine from runs where id = the_run and order_key is not null;
  if not found then return the_run; end if;
  perform lock_turn(mine.flow_id, mine.hash);
  select run_id into holder from order_turns where flow_id = mine.flow_id and key_hash = mine.hash;
  if holder is null then holder := give_turn(mine.flow_id, mine.hash); end if;
  if holder is null or holder = the_run then return the_run; end if;
  update runs r set state = 'waiting', wake_at = null, wait = order_wait(holder, (select h.state from runs h where h.id = holder))
    where r.id = the_run and r.state in ('queued', 'running', 'waiting');
  return holder;
end $$;

-- Whatever ends a run passes its turn on, in the same transaction. As a trigger, because no way of ending a run may forget it.
create function pass_turn() returns trigger language plpgsql as $$
declare
  hash bigint := hashtextextended(new.order_key, 0);
begin
  perform lock_turn(new.flow_id, hash);
  delete from order_turns where run_id = new.id;
  if found then perform give_turn(new.flow_id, hash); end if;
  return null;
end $$;
create trigger runs_pass_turn after update of state on runs for each row
  when (new.order_key is not null and old.state in ('queued', 'running', 'waiting', 'parked')
    and new.state in ('done', 'skipped', 'failed', 'cancelled'))
  execute function pass_turn();

-- Those behind a parked run say so, as long as it is.
create function tell_turn() returns trigger language plpgsql as $$
declare
  hash bigint := hashtextextended(new.order_key, 0);
begin
  perform lock_turn(new.flow_id, hash);
  update runs r set wait = order_wait(new.id, new.state)
    where r.flow_id = new.flow_id and r.order_key is not null and hashtextextended(r.order_key, 0) = hash
      and r.state = 'waiting' and r.wait ->> 'kind' = 'order' and r.wait ->> 'behind' = new.id;
  return null;
end $$;
create trigger runs_tell_turn after update of state on runs for each row
  when (new.order_key is not null and old.state <> new.state and 'parked' in (old.state, new.state)
    and new.state in ('queued', 'running', 'waiting', 'parked'))
  execute function tell_turn();

-- Retention. Runs and deliveries are found by their ids, which begin with their time; keys and marks by these. They are written in the
-- order of time, so a summary of each stretch of the table is index enough.
create index trigger_keys_seen on trigger_keys using brin (seen_at) with (pages_per_range = 16, autosummarize = on);
create index echo_marks_left on echo_marks using brin (left_at) with (pages_per_range = 16, autosummarize = on);

-- Space that retention frees is used again only after a vacuum: in portions, whatever the server's own settings are.
alter table runs set (autovacuum_vacuum_scale_factor = 0.05);
alter table journal set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);
alter table deliveries set (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);
alter table trigger_keys set (autovacuum_vacuum_scale_factor = 0.05);
