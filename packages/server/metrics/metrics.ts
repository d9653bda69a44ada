import type { EngineParts, Measure } from '@couplet/engine'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { VERSION } from '../version.ts'

export type Metrics = {
  measure: Measure
  /** The text Prometheus reads. Asks the database once, and the quota's ledger. */
  text(parts: Pick<EngineParts, 'store' | 'governor'>): Promise<string>
  contentType: string
}

const FAST_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5]
const CALL_S = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const RUN_S = [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600, 3_600]

/**
 * Numbers for Prometheus. Counters are of this process, so a sum over all processes is the whole; gauges read from the database are the same
 * in every process. Labels have few values: no ids, no locations.
 */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'couplet_process_' })
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge({ name: `couplet_${name}`, help, labelNames, registers })

  const release = gauge('release_info', 'The release that runs', ['version'])
  release.set({ version: VERSION }, 1)
  const calls = new Histogram({
    name: 'couplet_vendor_call_seconds',
    help: 'Calls to vendors by connector and outcome (ok, or the kind of fault)',
    labelNames: ['connector', 'outcome'] as const,
    buckets: CALL_S,
    registers,
  })
  const accepts = new Histogram({
    name: 'couplet_accept_seconds',
    help: 'From the last byte of a webhook to its answer, by HTTP status',
    labelNames: ['status'] as const,
    buckets: FAST_S,
    registers,
  })
  const polls = new Histogram({
    name: 'couplet_poll_seconds',
    help: 'Polls by connector and outcome',
    labelNames: ['connector', 'outcome'] as const,
    buckets: CALL_S,
    registers,
  })
  const ended = new Histogram({
    name: 'couplet_run_seconds',
    help: 'Runs that ended, by state, from their start to their end with all waits',
    labelNames: ['state'] as const,
    buckets: RUN_S,
    registers,
  })
  const removed = new Counter({
    name: 'couplet_retention_removed_total',
    help: 'What retention deleted',
    labelNames: ['kind'] as const,
    registers,
  })

  const openRuns = gauge('runs_open', 'Runs that have not ended', ['state'])
  const queueReady = gauge('queue_ready', 'Jobs that are due and not taken')
  const queueAge = gauge('queue_oldest_seconds', 'How long the oldest due job has waited')
  const queueFailed = gauge('queue_failed', 'Jobs that were given up')
  const pollLag = gauge('poll_lag_seconds', 'How late the most overdue poll is')
  const pollsFailing = gauge('polls_failing', 'Polls whose last attempt failed')
  const circuits = gauge('circuits_open', 'Connections whose vendor is taken to be down')
  const incidents = gauge('incidents_open', 'Incidents that are open')
  const connections = gauge('connections_in_trouble', 'Connections that need attention')
  const alerts = gauge('alert_messages', 'Messages to alert channels', ['state'])
  const workers = gauge('workers', 'Workers whose heart beats')
  const pool = gauge('database_connections', 'Connections of this process to the database', ['pool', 'state'])
  const quota = gauge('quota_used_ratio', 'How much of the fullest quota of a limit is used, 0 to 1', ['connector', 'limit'])

  const refresh = async ({ store, governor }: Pick<EngineParts, 'store' | 'governor'>): Promise<void> => {
    const [health, usage] = await Promise.all([store.health.read(), governor.usage()])
    for (const state of ['queued', 'running', 'waiting', 'parked']) openRuns.set({ state }, health.openRuns[state] ?? 0)
    queueReady.set(health.queue.ready)
    queueAge.set(health.queue.oldestSeconds)
    queueFailed.set(health.queue.failed)
    pollLag.set(health.polls.lagSeconds)
    pollsFailing.set(health.polls.failing)
    circuits.set(health.circuitsOpen)
    incidents.set(health.incidentsOpen)
    connections.set(health.connectionsInTrouble)
    alerts.set({ state: 'waiting' }, health.alertsWaiting)
    alerts.set({ state: 'failed' }, health.alertsFailed)
    workers.set(health.workers)
    for (const [name, counts] of Object.entries(store.health.pools()))
      for (const [state, count] of Object.entries(counts)) pool.set({ pool: name, state }, count)
    quota.reset()
    const fullest = new Map<string, { connector: string; limit: string; share: number }>()
    for (const { connector, limit, used, max } of usage) {
      const key = `${connector} ${limit}`
      const share = Math.max(used / max, fullest.get(key)?.share ?? 0)
      fullest.set(key, { connector, limit, share })
    }
    for (const { share, ...labels } of fullest.values()) quota.set(labels, share)
  }

  return {
    contentType: registry.contentType,
    text: async (parts) => {
      await refresh(parts)
      return registry.metrics()
    },
    measure: {
      call: (connector, outcome, seconds) => calls.observe({ connector, outcome }, seconds),
      accepted: (status, seconds) => accepts.observe({ status }, seconds),
      poll: (connector, outcome, seconds) => polls.observe({ connector, outcome }, seconds),
      runEnded: (state, seconds) => ended.observe({ state }, seconds),
      removed: (kind, count) => {
        if (count > 0) removed.inc({ kind }, count)
      },
    },
  }
}
