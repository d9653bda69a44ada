import { hash } from 'node:crypto'

/**
 * The server's configuration: one small machine, many small transactions, few connections, nothing lost.
 * Every line differs from PostgreSQL's default for the reason beside it. An operator's own lines go to `postgres.conf` in the
 * data folder; they win, and take effect at the next start.
 */
const SETTINGS: Record<string, string> = {
  // Loopback only. A Unix socket as well would be no faster (345 against 375 us for an insert, within the noise) and has limits on its path.
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''",
  max_connections: '100',
  // 64 MB hold the hot part of a queue and journal of millions of rows; untouched pages cost nothing.
  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  random_page_cost: '1.1',
  // Each of these would be a process, or a pool of them, that small transactions do not use.
  io_method: 'sync',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  max_replication_slots: '0',
  // Two, so that an online backup can stream.
  max_wal_senders: '2',
  jit: 'off',
  huge_pages: 'off',
  // Nothing acknowledged is ever lost, also not by a power cut.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Fewer checkpoints means fewer full pages in the log.
  checkpoint_timeout: '15min',
  max_wal_size: '1GB',
  wal_compression: 'pglz',
  // Queue tables turn over completely within minutes: vacuum early, in small portions.
  autovacuum_naptime: '20s',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '2',
  autovacuum_vacuum_scale_factor: '0.05',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_vacuum_insert_scale_factor: '0.1',
  bgwriter_delay: '1s',
  // A client that forgot its transaction must not keep vacuum from cleaning up for ever.
  idle_in_transaction_session_timeout: '5min',
  // Statements that failed, and the values in them, belong to the client: only the server's own lines are logged.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_line_prefix: "'%m [%p] '",
  log_timezone: "'UTC'",
  timezone: "'UTC'",
  datestyle: "'iso, ymd'",
  lc_messages: "'C'",
  default_text_search_config: "'pg_catalog.simple'",
  cluster_name: "'couplet'",
}

/** For tests only: a crash of the machine loses data. A killed server still loses nothing, as tests of crashes need. */
const NOT_DURABLE: Record<string, string> = { fsync: 'off', full_page_writes: 'off' }

export type Configuration = {
  /** Text of `postgresql.conf`. */
  text: string
  /** Tells a server started with these settings and this release from any other; readable as `couplet.fingerprint`. */
  fingerprint: string
}

/** Name of the operator's own settings file in the data folder. */
export const OWN_SETTINGS = 'postgres.conf'

/** The configuration for a cluster of this PostgreSQL release. */
export function configuration(options: { version: string; isDurable: boolean; ownLines: string }): Configuration {
  const settings = {
    ...SETTINGS,
    ...(options.isDurable ? {} : NOT_DURABLE),
  }
  const ours = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  const lines = [...ours, '', `# From ${OWN_SETTINGS} in the data folder:`, options.ownLines.trim()].join('\n')
  const fingerprint = hash('sha256', `${options.version}\n${lines}`).slice(0, 16)
  const head = `# Written by Couplet at every start. Your own settings go into ${OWN_SETTINGS} in the data folder.`
  return { text: `${head}\n${lines}\ncouplet.fingerprint = '${fingerprint}'\n`, fingerprint }
}
