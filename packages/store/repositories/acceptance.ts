import {
  type ConnectionId,
  type DeliveryId,
  type FlowId,
  type Json,
  newId,
  type RunId,
  type TriggerId,
  type WorkspaceId,
} from '@couplet/core'
import type { Pool, PoolClient } from 'pg'
import { groupCommit } from '../group-commit.ts'
import type { DeliveryState, Environment } from '../tables.ts'
import { mayBeOneItem } from './data-error.ts'
import { factKey } from './fact-key.ts'
import { jsonText, plainText } from './json-text.ts'
import { type LoadedRun, PERFORM_RUNS } from './journal.ts'

/** A fact on its way in. Whether it starts a run is decided by the database: its key must be new and its trigger on. */
export type IncomingFact = {
  triggerId: TriggerId
  key: string
  /** Journalled as the run's trigger output: `{at, data}`. */
  fact: { at: string; data: unknown }
  /** Hashes of echo marks; when all of them were left by Couplet the fact starts nothing. */
  echoes?: { connectionId: ConnectionId; hashes: readonly string[] } | undefined
  /** Facts with the same order key are worked on one after the other. */
  orderKey?: string | undefined
  /** 0: live events. 1: bulk work, after all live ones. */
  lane: number
}

export type IncomingDelivery = {
  triggerId: TriggerId
  topic: string
  headers: Readonly<Record<string, string>>
  body: Uint8Array
  receivedAt: number
  /** `refused` and `ignored` deliveries are there for the list, and start nothing; `kept` ones can be run later. */
  state: DeliveryState
  reason?: string | undefined
}

export type Incoming = { delivery?: IncomingDelivery | undefined; facts: readonly IncomingFact[] }

/** What became of it. `isKept`: nothing was started and no key taken, because the flow is not on; a delivery waits to be run later. */
export type Accepted = { runs: readonly RunId[]; seenBefore: number; echoes: number; isKept: boolean }

/** A job whose runs this process begins at once; the row on the queue is what others go by should it not live to end them. */
export type StartedJob = { id: string; runs: readonly LoadedRun[] }

/** Who takes up runs the moment they are stored, without the way over the queue. */
export type HeadStarter = {
  /** Name of the worker that begins now; `undefined`: nobody here can, the queue shall have them. */
  worker(): string | undefined
  begin(jobs: readonly StartedJob[]): void
}

export type AcceptanceRepository = {
  /** From now on newly stored live runs are begun here. */
  setHeadStarter(starter: HeadStarter | undefined): void
  /** Stores and starts, sharing a transaction with concurrent callers. Resolves after the commit. */
  accept(incoming: Incoming): Promise<Accepted>
  /** The same inside a transaction of the caller (polls: together with the cursor). */
  acceptWithin(client: PoolClient, incoming: readonly Incoming[]): Promise<readonly Accepted[]>
}

/*
 * One statement for many facts. `live` are the triggers that are on with their flow's published version at this moment; a fact of another
 * trigger starts nothing and leaves no key, so that its kept delivery can be run later.
 */
const ACCEPT = `
  with input as (
    select * from jsonb_to_recordset($1::jsonb) as i(
      n int, run_id text, trigger_id text, key text, fact jsonb, order_key text, lane int, echo_connection text, echo_hashes jsonb)
  ), live as (
    select t.id, t.flow_id, t.workspace_id, t.connection_id, f.version, f.environment
    from triggers t join flows f on f.id = t.flow_id
    where t.id in (select trigger_id from input) and t.is_on and f.state = 'on' and f.version is not null
  ), fresh as (
    insert into trigger_keys (trigger_id, key)
    -- In one order everywhere: two transactions that share keys would else lock each other out.
    select i.trigger_id, i.key from input i join live l on l.id = i.trigger_id order by i.trigger_id, i.key
    on conflict do nothing
    returning trigger_id, key
  ), judged as (
    select i.*, l.flow_id, l.workspace_id, l.connection_id, l.version, l.environment,
      i.echo_hashes is not null and jsonb_array_length(i.echo_hashes) > 0 and not exists (
        select 1 from jsonb_array_elements_text(i.echo_hashes) as h
        where not exists (select 1 from echo_marks m where m.connection_id = i.echo_connection and m.mark_hash = decode(h, 'hex'))
      ) as is_echo
    from input i join fresh using (trigger_id, key) join live l on l.id = i.trigger_id
  ), started as (
    insert into runs (id, workspace_id, flow_id, version, trigger_id, connection_id, environment, key, fact, state, order_key, lane)
    select run_id, workspace_id, flow_id, version, trigger_id, connection_id, environment, key, fact, 'queued', order_key, lane
    from judged where not is_echo
    returning id
  )
  select i.n, i.run_id, l.flow_id, l.workspace_id, l.connection_id, l.version, l.environment, l.id is not null as is_live, j.n is not null as is_fresh, coalesce(j.is_echo, false) as is_echo
  from input i left join live l on l.id = i.trigger_id left join judged j on j.n = i.n`

const LIVE_TRIGGERS = `select t.id from triggers t join flows f on f.id = t.flow_id where t.id = any($1::text[]) and t.is_on and f.state = 'on'`

const DELIVERIES = `
  insert into deliveries (id, trigger_id, received_at, topic, state, reason, headers, body)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::bytea[])`

const JOBS = `
  select j.id::text, j.payload from graphile_worker.add_jobs((
    select array_agg(row('${PERFORM_RUNS}', i.payload::json, null, now() + make_interval(secs => i.delay_s), 25, null, i.lane, null)::graphile_worker.job_spec)
    from jsonb_to_recordset($1::jsonb) as i(payload jsonb, lane int, delay_s float8))) j`

/** Until then a job that was begun at once is left alone by the queue. Longer than a worker may be silent before it counts as dead. */
export const HEAD_START_MS = 10_000

/** Runs that one job carries: a job row costs as much as a run row, so runs of one transaction share it. */
const RUNS_PER_JOB = 20

/** Deliveries that may wait for the database; more are sent away, to come again. */
const WAITING_MAX = 5_000

type AcceptRow = {
  n: number
  run_id: RunId
  flow_id: FlowId
  workspace_id: WorkspaceId
  connection_id: ConnectionId | null
  version: number
  environment: Environment
  is_live: boolean
  is_fresh: boolean
  is_echo: boolean
}

/** Takes facts and deliveries in: the only place where runs are born from outside events. */
export function acceptanceRepository(pool: Pool, failpoint?: (name: string) => Promise<void> | void): AcceptanceRepository {
  let starter: HeadStarter | undefined
  const accept = groupCommit<Incoming, Accepted>({
    itemsMax: 200,
    lanes: 2,
    mayBeOneItem,
    waitingMax: WAITING_MAX,
    flush: async (items) => {
      await failpoint?.('accept-begin')
      const client = await pool.connect()
      try {
        await client.query('begin')
        const { results, jobs } = await acceptAll(client, items, starter?.worker())
        await failpoint?.('accept-written')
        await client.query('commit')
        await failpoint?.('accept-committed')
        if (jobs.length > 0) starter?.begin(jobs)
        return results
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        client.release()
      }
    },
  })
  return {
    accept,
    acceptWithin: async (client, incoming) => (await acceptAll(client, incoming, undefined)).results,
    setHeadStarter: (next) => {
      starter = next
    },
  }
}

/** `by`: the worker that begins the live runs at once. Answers their jobs too. */
async function acceptAll(
  client: PoolClient,
  incoming: readonly Incoming[],
  by: string | undefined,
): Promise<{ results: readonly Accepted[]; jobs: readonly StartedJob[] }> {
  const facts = incoming.flatMap((item, index) => item.facts.map((fact) => ({ index, fact })))
  const verdicts = facts.length === 0 ? [] : await startRuns(client, facts)
  const liveTriggers = new Set<TriggerId | undefined>(verdicts.filter((row) => row.is_live).map((row) => facts[row.n]?.fact.triggerId))
  const unsure = incoming.flatMap((item) =>
    item.delivery && item.facts.length === 0 && item.delivery.state === 'accepted' ? [item.delivery.triggerId] : [],
  )
  if (unsure.length > 0) {
    const { rows } = await client.query<{ id: TriggerId }>(LIVE_TRIGGERS, [unsure])
    for (const row of rows) liveTriggers.add(row.id)
  }

  const results = incoming.map((item, index): Accepted => {
    const mine = verdicts.filter((row) => facts[row.n]?.index === index)
    const triggerId = item.delivery ? item.delivery.triggerId : item.facts[0]?.triggerId
    const wantsRuns = item.delivery ? item.delivery.state === 'accepted' : item.facts.length > 0
    const isKept = item.delivery?.state === 'kept' || (wantsRuns && !liveTriggers.has(triggerId))
    return {
      runs: mine.filter((row) => row.is_fresh && !row.is_echo).map((row) => row.run_id),
      seenBefore: mine.filter((row) => row.is_live && !row.is_fresh).length + (item.facts.length - mine.length),
      echoes: mine.filter((row) => row.is_echo).length,
      isKept,
    }
  })
  await storeDeliveries(client, incoming, results)
  const born = verdicts.filter((row) => row.is_fresh && !row.is_echo)
  // Bulk work waits behind what is live, and facts of one order key wait for each other: both go by the queue.
  const isLive = (row: AcceptRow): boolean => by !== undefined && facts[row.n]?.fact.lane === 0 && facts[row.n]?.fact.orderKey === undefined
  const begun = born.filter(isLive)
  const added = await addJobs(
    client,
    begun.map((row) => ({ runId: row.run_id, lane: 0 })),
    by,
  )
  await addJobs(
    client,
    born.filter((row) => !isLive(row)).map((row) => ({ runId: row.run_id, lane: facts[row.n]?.fact.lane ?? 0 })),
  )
  const loaded = new Map(begun.map((row) => [row.run_id, asLoaded(row, facts[row.n]?.fact)]))
  const jobs = added.map((job) => ({ id: job.id, runs: job.runs.flatMap((id) => loaded.get(id) ?? []) }))
  return { results, jobs }
}

/** The run as a worker would load it a moment later: what it starts with went through the same JSON. */
function asLoaded(row: AcceptRow, incoming: IncomingFact | undefined): LoadedRun {
  const fact: Json = JSON.parse(jsonText(incoming?.fact ?? null)) as Json
  return {
    id: row.run_id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    version: row.version,
    triggerId: incoming?.triggerId ?? null,
    connectionId: row.connection_id,
    environment: row.environment,
    key: incoming ? factKey(incoming.key) : null,
    fact,
    state: 'queued',
    wait: null,
    seq: 0,
    orderKey: null,
    lane: 0,
    wakeAt: null,
    createdAt: Date.now(),
    startedAt: null,
    isCancelRequested: false,
    segments: [],
  }
}

async function startRuns(client: PoolClient, facts: readonly { fact: IncomingFact }[]): Promise<readonly AcceptRow[]> {
  const seen = new Set<string>()
  const rows = facts.flatMap(({ fact }, n) => {
    const key = factKey(fact.key)
    const id = `${fact.triggerId} ${key}`
    if (seen.has(id)) return []
    seen.add(id)
    return [
      {
        n,
        run_id: newId('run'),
        trigger_id: fact.triggerId,
        key,
        fact: fact.fact,
        order_key: fact.orderKey,
        lane: fact.lane,
        echo_connection: fact.echoes?.connectionId,
        echo_hashes: fact.echoes?.hashes,
      },
    ]
  })
  const answer = await client.query<AcceptRow>({ name: 'accept-facts', text: ACCEPT, values: [jsonText(rows)] })
  return answer.rows
}

async function storeDeliveries(client: PoolClient, incoming: readonly Incoming[], results: readonly Accepted[]): Promise<void> {
  const rows = incoming.flatMap((item, index) => {
    const result = results[index]
    if (!item.delivery || !result) return []
    const { delivery } = item
    if (result.isKept)
      return [{ delivery, state: 'kept' as const, reason: delivery.reason ?? 'The flow is not on; run it later from here.' }]
    if (delivery.state !== 'accepted' || result.runs.length > 0)
      return [{ delivery, state: delivery.state, reason: delivery.reason ?? null }]
    return [{ delivery, state: 'ignored' as const, reason: whyNothing(item, result) }]
  })
  if (rows.length === 0) return
  await client.query({
    name: 'store-deliveries',
    text: DELIVERIES,
    values: [
      rows.map((): DeliveryId => newId('dlv')),
      rows.map((row) => row.delivery.triggerId),
      rows.map((row) => new Date(row.delivery.receivedAt)),
      rows.map((row) => plainText(row.delivery.topic)),
      rows.map((row) => row.state),
      rows.map((row) => (row.reason === null ? null : plainText(row.reason))),
      rows.map((row) => jsonText(row.delivery.headers)),
      rows.map((row) => Buffer.from(row.delivery.body)),
    ],
  })
}

function whyNothing(item: Incoming, result: Accepted): string {
  if (item.facts.length === 0) return 'Nothing in it meets the condition of the flow.'
  return result.echoes > 0 ? 'Couplet wrote this value itself.' : 'Already seen.'
}

/** Puts runs on the queue, within the caller's transaction. `by`: a worker of this process begins them at once. Answers the jobs. */
export async function addJobs(
  client: PoolClient,
  runs: readonly { runId: RunId; lane: number }[],
  by?: string,
): Promise<{ id: string; runs: RunId[] }[]> {
  if (runs.length === 0) return []
  const jobs: { payload: { runs: RunId[]; by?: string }; lane: number; delay_s: number }[] = []
  for (const lane of new Set(runs.map((run) => run.lane))) {
    const ids = runs.filter((run) => run.lane === lane).map((run) => run.runId)
    for (let i = 0; i < ids.length; i += RUNS_PER_JOB)
      jobs.push({
        payload: { runs: ids.slice(i, i + RUNS_PER_JOB), ...(by === undefined ? {} : { by }) },
        lane,
        delay_s: by === undefined ? 0 : HEAD_START_MS / 1_000,
      })
  }
  const { rows } = await client.query<{ id: string; payload: { runs: RunId[] } }>({
    name: 'add-run-jobs',
    text: JOBS,
    values: [JSON.stringify(jobs)],
  })
  return rows.map((row) => ({ id: row.id, runs: row.payload.runs }))
}
