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
  /** Hashes of echo marks; when all of them were left by Couplet, through any connection of the account, the fact starts nothing. */
  echoes?: { connectionId: ConnectionId; hashes: readonly string[] } | undefined
  /** Facts with the same order key are worked on one after the other. */
  orderKey?: string | undefined
  /** 0: live events. 1: bulk work, after all live ones. */
  lane: number
  /** What its run will be if the trigger is still as its reader knows it: enough to begin the run before it is stored. */
  expected?: ExpectedRun | undefined
}

export type ExpectedRun = Pick<LoadedRun, 'workspaceId' | 'flowId' | 'version' | 'connectionId' | 'environment'>

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

/** Runs that this process begins at once. Their row says so: what others go by should it not live to end them. */
export type HeadStart = { id: string; runs: readonly LoadedRun[] }

/** Who takes up runs the moment they are stored, without the way over the queue. */
export type HeadStarter = {
  /** Name of the worker that begins now; `undefined`: nobody here can, the queue shall have them. */
  worker(): string | undefined
  begin(begun: readonly HeadStart[]): void
  /** Runs that are being stored right now: what changes nothing may be done for them meanwhile. Answers for which it is; nobody may have time. */
  foresee(runs: () => readonly LoadedRun[]): readonly RunId[]
  /** What was foreseen and has not begun by now will not be. */
  drop(runs: readonly RunId[]): void
  /** While many runs are under way: resolves when more may come, soon in any case. */
  ease(): Promise<void> | undefined
}

export type AcceptanceRepository = {
  /** From now on newly stored live runs are begun here. */
  setHeadStarter(starter: HeadStarter | undefined): void
  /** Stores and starts, sharing a transaction with concurrent callers. Resolves after the commit. */
  accept(incoming: Incoming): Promise<Accepted>
  /** Starts facts of kept deliveries also while their flow is paused: before it goes on, so that nothing overtakes them. */
  acceptWhilePaused(incoming: Incoming): Promise<Accepted>
  /** Several of one delivery: all of them are stored, or none. */
  acceptTogether(incoming: readonly Incoming[]): Promise<readonly Accepted[]>
  /** The same inside a transaction of the caller (polls: together with the cursor). */
  acceptWithin(client: PoolClient, incoming: readonly Incoming[]): Promise<readonly Accepted[]>
}

/** Runs that one job, or one head start, carries: its row costs as much as a run's, so runs of one transaction share it. */
const RUNS_PER_JOB = 20

/** The vendor's account behind a connection (as the engine's `quotaAccount` has it): a location or a client. Null: none that another one could share. */
const accountOf = (connection: string): string =>
  `coalesce(case when jsonb_typeof(${connection}.facts -> 'locationId') = 'string' then ${connection}.facts ->> 'locationId' end,
      case when jsonb_typeof(${connection}.facts -> 'clientId') = 'string' then ${connection}.facts ->> 'clientId' end)`

/** Deliveries that may wait for the database; more are sent away, to come again. */
const WAITING_MAX = 5_000
/** And so many bytes of them: each may have 1 MB, and memory is for all. */
const WAITING_BYTES_MAX = 64_000_000

/*
 * All in one statement, which is its own transaction: one way to the server and back. `live` are the triggers that are on with their flow's
 * published version at this moment; a fact of another trigger starts nothing and leaves no key, so that its kept delivery can be run later.
 * A row without a key stands for a delivery without facts. Runs share jobs; those that $2 begins at once have head starts instead: adding a job takes
 * as long as everything else here together, and tells every worker of it.
 */
const ACCEPT = `
  with input as (
    select * from jsonb_to_recordset($1::jsonb) as i(
      n int, item int, run_id text, trigger_id text, key text, fact jsonb, order_key text, lane int, echo_connection text, echo_hashes jsonb)
  ), live as (
    select t.id, t.flow_id, t.workspace_id, t.connection_id, f.version, f.environment
    from triggers t join flows f on f.id = t.flow_id
    where t.id in (select trigger_id from input) and t.is_on and (f.state = 'on' or ($13 and f.state = 'paused'))
      and f.version is not null
  ), fresh as (
    insert into trigger_keys (trigger_id, key)
    -- In one order everywhere: two transactions that share keys would else lock each other out.
    select i.trigger_id, i.key from input i join live l on l.id = i.trigger_id where i.key is not null order by i.trigger_id, i.key
    on conflict do nothing
    returning trigger_id, key
  ), accounts as (
    -- Who writes through one connection may hear of it through another of the same account. An array, so that the marks are found by their key.
    select c.id, array_agg(s.id) as connections
    from connections c join connections s on s.id = c.id or (
      s.workspace_id = c.workspace_id and s.connector = c.connector and s.environment = c.environment and s.origin is not distinct from c.origin
      and ${accountOf('s')} = ${accountOf('c')})
    where c.id in (select echo_connection from input)
    group by c.id
  ), judged as (
    select i.*, l.flow_id, l.workspace_id, l.connection_id, l.version, l.environment, l.id is not null as is_live, f.key is not null as is_fresh,
      f.key is not null and i.echo_hashes is not null and jsonb_array_length(i.echo_hashes) > 0 and not exists (
        select 1 from jsonb_array_elements_text(i.echo_hashes) as h
        where not exists (select 1 from echo_marks m where m.connection_id = any(a.connections) and m.mark_hash = decode(h, 'hex'))
      ) as is_echo
    from input i left join live l on l.id = i.trigger_id left join fresh f on f.trigger_id = i.trigger_id and f.key = i.key
      left join accounts a on a.id = i.echo_connection
  ), born as (
    -- Bulk work waits behind what is live, and facts of one order key wait for each other: both go by the queue.
    select *, $2::text is not null and lane = 0 and order_key is null as is_begun from judged where is_fresh and not is_echo
  ), started as (
    insert into runs (id, workspace_id, flow_id, version, trigger_id, connection_id, environment, key, fact, state, order_key, lane)
    select run_id, workspace_id, flow_id, version, trigger_id, connection_id, environment, key, fact, 'queued', order_key, lane from born
  ), stored as (
    insert into deliveries (id, trigger_id, received_at, topic, state, reason, headers, body)
    select d.id, d.trigger_id, d.received_at, d.topic,
      case when d.state <> 'accepted' then d.state when not o.is_live then 'kept' when o.runs > 0 then 'accepted' else 'ignored' end,
      coalesce(d.reason, case when d.state = 'kept' or not o.is_live then 'The flow is not on; run it later from here.'
        when d.state <> 'accepted' or o.runs > 0 then null when o.is_echo then 'Couplet wrote this value itself.' else d.why_nothing end)
    , d.headers, d.body
    from unnest($3::int[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::bytea[])
      as d(item, id, trigger_id, received_at, topic, state, reason, why_nothing, headers, body)
    left join (
      select item, bool_or(is_live) as is_live, bool_or(is_echo) as is_echo, count(*) filter (where is_fresh and not is_echo) as runs
      from judged group by item
    ) o on o.item = d.item
  ), portions as (
    select lane, is_begun, array_agg(run_id) as runs
    from (select *, (row_number() over (partition by lane, is_begun order by n) - 1) / ${RUNS_PER_JOB} as portion from born) as b
    group by lane, is_begun, portion
  ), begun as (
    insert into head_starts (worker, runs) select $2, runs from portions where is_begun returning id, runs
  ), queued as (
    select count(*) from (
      select array_agg(row('${PERFORM_RUNS}', json_build_object('runs', runs), null, null, 25, null, lane, null)::graphile_worker.job_spec) as specs
      from portions where not is_begun having count(*) > 0
    ) s, graphile_worker.add_jobs(s.specs)
  )
  select g.n, g.item, g.run_id, g.flow_id, g.workspace_id, g.connection_id, g.version, g.environment, g.is_live, g.is_fresh, g.is_echo,
    b.id::text as head_start
  from judged g left join (select id, unnest(runs) as run_id from begun) b on b.run_id = g.run_id
    -- Named, so that it is done.
    cross join queued
  order by g.n`

const JOBS = `
  select count(*) from graphile_worker.add_jobs((
    select array_agg(row('${PERFORM_RUNS}', i.payload::json, null, null, 25, null, i.lane, null)::graphile_worker.job_spec)
    from jsonb_to_recordset($1::jsonb) as i(payload jsonb, lane int)))`

type AcceptRow = {
  n: number
  item: number
  run_id: RunId
  flow_id: FlowId
  workspace_id: WorkspaceId
  connection_id: ConnectionId | null
  version: number
  environment: Environment
  is_live: boolean
  is_fresh: boolean
  is_echo: boolean
  /** The head start it belongs to. */
  head_start: string | null
}

/** Takes facts and deliveries in: the only place where runs are born from outside events. */
export function acceptanceRepository(pool: Pool, failpoint?: (name: string) => Promise<void> | void): AcceptanceRepository {
  let starter: HeadStarter | undefined
  const acceptTogether = groupCommit<readonly Incoming[], readonly Accepted[]>({
    itemsMax: 200,
    lanes: 2,
    mayBeOneItem,
    waitingMax: WAITING_MAX,
    bytes: { of: (group) => group.reduce((sum, { delivery }) => sum + (delivery?.body.length ?? 0), 0), max: WAITING_BYTES_MAX },
    gather: () => starter?.ease(),
    flush: async (groups) => {
      await failpoint?.('accept-begin')
      // The same to the end, also when the process stops meanwhile: what it has foreseen waits to hear what became of it.
      const by = starter
      const worker = by?.worker()
      const prepared = prepare(groups.flat())
      const accepting = acceptAll(pool, prepared, worker)
      const foreseen = (worker !== undefined && by?.foresee(() => expectedRuns(prepared))) || []
      try {
        const { results, begun } = await accepting
        await failpoint?.('accept-committed')
        if (begun.length > 0) by?.begin(begun)
        let taken = 0
        return groups.map(({ length }) => results.slice(taken, (taken += length)))
      } finally {
        if (foreseen.length > 0) by?.drop(foreseen)
      }
    },
  })
  return {
    accept: async (incoming) => {
      const [accepted] = await acceptTogether([incoming])
      if (!accepted) throw new Error('The transaction gave no result for this delivery')
      return accepted
    },
    acceptTogether,
    acceptWhilePaused: async (incoming) => {
      const [accepted] = (await acceptAll(pool, prepare([incoming]), undefined, true)).results
      return accepted ?? { runs: [], seenBefore: 0, echoes: 0, isKept: false }
    },
    acceptWithin: async (client, incoming) => (await acceptAll(client, prepare(incoming), undefined)).results,
    setHeadStarter: (next) => {
      starter = next
    },
  }
}

type Queries = Pick<Pool, 'query'> | PoolClient
type Row = { n: number; item: number; triggerId: TriggerId; started: { runId: RunId; fact: IncomingFact } | undefined }
type DeliveryToStore = { id: DeliveryId; item: number; delivery: IncomingDelivery; whyNothing: string }

/** All that is to be written, with the ids it will have. */
type Prepared = { incoming: readonly Incoming[]; deliveries: readonly DeliveryToStore[]; rows: readonly Row[] }

function prepare(incoming: readonly Incoming[]): Prepared {
  // First the deliveries: by the times in their ids, no run is older than what started it.
  const deliveries = incoming.flatMap(({ delivery, facts }, item) =>
    delivery
      ? [
          {
            id: newId('dlv'),
            item,
            delivery,
            whyNothing: facts.length === 0 ? 'Nothing in it meets the condition of the flow.' : 'Already seen.',
          },
        ]
      : [],
  )
  return { incoming, deliveries, rows: rowsOf(incoming) }
}

/** Each key once; one row without a fact for what has none (left) but must know whether its flow is on. */
function rowsOf(incoming: readonly Incoming[]): Row[] {
  const rows: Row[] = []
  const seen = new Set<string>()
  for (const [item, { delivery, facts }] of incoming.entries()) {
    const before = rows.length
    for (const fact of facts) {
      const id = `${fact.triggerId} ${factKey(fact.key)}`
      if (seen.has(id)) continue
      seen.add(id)
      rows.push({ n: rows.length, item, triggerId: fact.triggerId, started: { runId: newId('run'), fact } })
    }
    const triggerId = delivery ? (delivery.state === 'accepted' ? delivery.triggerId : undefined) : facts[0]?.triggerId
    if (rows.length === before && triggerId !== undefined) rows.push({ n: rows.length, item, triggerId, started: undefined })
  }
  return rows
}

/** Live runs as they will be if their triggers are as expected. Bulk work, facts that wait their turn and possible echoes are not foreseen. */
const expectedRuns = ({ rows }: Prepared): LoadedRun[] =>
  rows.flatMap(({ started }) => {
    if (!started?.fact.expected) return []
    const { lane, orderKey, echoes, expected } = started.fact
    return lane === 0 && orderKey === undefined && echoes === undefined ? [newbornRun(started.runId, started.fact, expected)] : []
  })

/** `by`: the worker that begins the live runs at once. `isPausedToo`: flows that are paused take it as if they were on. */
async function acceptAll(
  client: Queries,
  prepared: Prepared,
  by: string | undefined,
  isPausedToo = false,
): Promise<{ results: readonly Accepted[]; begun: readonly HeadStart[] }> {
  const { incoming, deliveries, rows } = prepared
  const verdicts = rows.length === 0 && deliveries.length === 0 ? [] : await write(client, prepared, by, isPausedToo)
  const results = incoming.map((item, index): Accepted => {
    const mine = verdicts.filter((row) => row.item === index)
    const facts = mine.filter((row) => rows[row.n]?.started !== undefined)
    return {
      runs: mine.filter((row) => row.is_fresh && !row.is_echo).map((row) => row.run_id),
      seenBefore: facts.filter((row) => row.is_live && !row.is_fresh).length + (item.facts.length - facts.length),
      echoes: mine.filter((row) => row.is_echo).length,
      isKept: item.delivery?.state === 'kept' || mine.some((row) => !row.is_live),
    }
  })
  const withHeadStart = Map.groupBy(
    verdicts.filter((row) => row.head_start !== null),
    (row) => row.head_start ?? '',
  )
  const begun = [...withHeadStart].map(([id, ofHeadStart]) => ({
    id,
    runs: ofHeadStart.flatMap((row) => {
      const started = rows[row.n]?.started
      const { flow_id: flowId, workspace_id: workspaceId, connection_id: connectionId, version, environment } = row
      return started ? [newbornRun(row.run_id, started.fact, { flowId, workspaceId, connectionId, version, environment })] : []
    }),
  }))
  return { results, begun }
}

async function write(
  client: Queries,
  { deliveries, rows }: Prepared,
  by: string | undefined,
  isPausedToo: boolean,
): Promise<readonly AcceptRow[]> {
  const facts = rows.map(({ n, item, triggerId, started }) => ({
    n,
    item,
    trigger_id: triggerId,
    ...(started && {
      run_id: started.runId,
      key: factKey(started.fact.key),
      fact: started.fact.fact,
      order_key: started.fact.orderKey,
      lane: started.fact.lane,
      echo_connection: started.fact.echoes?.connectionId,
      echo_hashes: started.fact.echoes?.hashes,
    }),
  }))
  const answer = await client.query<AcceptRow>({
    name: 'accept',
    text: ACCEPT,
    values: [
      jsonText(facts),
      by ?? null,
      deliveries.map((row) => row.item),
      deliveries.map((row) => row.id),
      deliveries.map((row) => row.delivery.triggerId),
      deliveries.map((row) => new Date(row.delivery.receivedAt)),
      deliveries.map((row) => plainText(row.delivery.topic)),
      deliveries.map((row) => row.delivery.state),
      deliveries.map((row) => (row.delivery.reason === undefined ? null : plainText(row.delivery.reason))),
      deliveries.map((row) => row.whyNothing),
      deliveries.map((row) => jsonText(row.delivery.headers)),
      deliveries.map((row) => Buffer.from(row.delivery.body)),
      isPausedToo,
    ],
  })
  return answer.rows
}

/** The run as a worker would load it a moment later: what it starts with went through the same JSON. */
const newbornRun = (id: RunId, { triggerId, key, fact }: IncomingFact, of: ExpectedRun): LoadedRun => ({
  id,
  ...of,
  triggerId,
  key: factKey(key),
  fact: JSON.parse(jsonText(fact)) as Json,
  state: 'queued',
  wait: null,
  seq: 0,
  orderKey: null,
  lane: 0,
  wakeAt: null,
  createdAt: Date.now(),
  startedAt: null,
  isCancelRequested: false,
  ownJob: null,
  segments: [],
})

/** Puts runs on the queue, within the caller's transaction. */
export async function addJobs(client: Queries, runs: readonly { runId: RunId; lane: number }[]): Promise<void> {
  if (runs.length === 0) return
  const jobs: { payload: { runs: RunId[] }; lane: number }[] = []
  for (const [lane, ofLane] of Map.groupBy(runs, (run) => run.lane))
    for (let i = 0; i < ofLane.length; i += RUNS_PER_JOB)
      jobs.push({ payload: { runs: ofLane.slice(i, i + RUNS_PER_JOB).map((run) => run.runId) }, lane })
  await client.query({ name: 'add-run-jobs', text: JOBS, values: [JSON.stringify(jobs)] })
}
