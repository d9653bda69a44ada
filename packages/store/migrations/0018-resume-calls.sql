-- Steps that wait for a call. One row for one step at one place of a run, written by whichever is first: the call, or the run that gives up when the
-- time of the wait is over. Both ask for the same key, so there is never a call that was taken and not used, nor one too many.
create table resume_calls (
  run_id text not null references runs on delete cascade,
  step text not null,
  -- false: nobody called in time, and nobody can any more.
  is_call boolean not null,
  body jsonb,
  at timestamptz not null default now(),
  primary key (run_id, step)
);

-- What the addresses are made with: a vault envelope, bound to the id.
create table resume_key (
  id text primary key check (id = 'resume'),
  secret bytea not null
);

-- A run rests with the steps that it waits for as `wait.calls`. Takes it up at once, whatever else it sleeps for.
create function wake_called(the_run text, the_lane smallint) returns void language plpgsql as $$
begin
  update runs set wake_at = null where id = the_run;
  perform graphile_worker.add_job('perform-runs', json_build_object('runs', json_build_array(the_run)),
    job_key => 'run:' || the_run, priority => the_lane::int, max_attempts => 25);
end $$;

-- Stores a call and wakes the run when it rests for it, in one transaction: `stored`; `again` when there was one already, `over` when it is too late,
-- `unknown` for a run that is not there. Under the lock of the run, so that a run that goes to rest and a call cannot miss each other.
create function store_resume_call(the_run text, the_step text, the_body jsonb) returns text language plpgsql as $$
declare
  called record;
  known boolean;
begin
  select state, wait, lane into called from runs where id = the_run for no key update;
  if not found then return 'unknown'; end if;
  select is_call into known from resume_calls where run_id = the_run and step = the_step;
  if found then return case when known then 'again' else 'over' end; end if;
  if called.state in ('done', 'skipped', 'failed', 'cancelled') then return 'over'; end if;
  insert into resume_calls (run_id, step, is_call, body) values (the_run, the_step, true, the_body) on conflict do nothing;
  -- The run gave up meanwhile.
  if not found then return 'over'; end if;
  if called.state in ('waiting', 'parked') and called.wait -> 'calls' ? the_step then perform wake_called(the_run, called.lane); end if;
  return 'stored';
end $$;

-- A call may have come while the run was on its way to rest for it.
create function notice_call() returns trigger language plpgsql as $$
begin
  if exists (select from resume_calls where run_id = new.id and new.wait -> 'calls' ? step) then perform wake_called(new.id, new.lane); end if;
  return null;
end $$;
create trigger runs_notice_call after update of state on runs for each row
  when (new.state in ('waiting', 'parked') and new.wait ? 'calls')
  execute function notice_call();
