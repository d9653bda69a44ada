-- Everything that an id touches, found by that id: an id of Couplet's own, one of a vendor, the trace id of a call. As with the words (0004), the
-- ids lie beside runs and deliveries, as hashes, and are written some time after them.
create table run_ids (
  run_id text primary key,
  -- The account whose event started the run.
  connection_id text,
  -- How far the journal had come; a run that is under way is read again when it has gone on.
  seq integer not null,
  is_open boolean not null,
  ids bigint[] not null
);
create index run_ids_ids on run_ids using gin (ids);
create index run_ids_connection on run_ids (connection_id, run_id desc) where connection_id is not null;
create index run_ids_open on run_ids (run_id) where is_open;

create table delivery_ids (
  delivery_id text primary key,
  ids bigint[] not null
);
create index delivery_ids_ids on delivery_ids using gin (ids);

-- Runs and deliveries up to these have their ids.
insert into settings (name, value) values ('run-ids', '{"upto": ""}'), ('delivery-ids', '{"upto": ""}');

create index audit_events_objects on audit_events using gin (jsonb_path_query_array(objects, '$.*'));
create index incident_connections_connection on incident_connections (connection_id);

-- The request that an event was written for, as the caller was told it: x-request-id.
alter table audit_events add column request_id text;
create index audit_events_request on audit_events (request_id) where request_id is not null;
