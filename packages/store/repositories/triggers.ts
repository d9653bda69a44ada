import { randomBytes } from 'node:crypto'
import {
  type ConnectionId,
  type FaultFacts,
  type FlowId,
  type Json,
  type JsonObject,
  isJsonObject,
  newId,
  parseJson,
  type TriggerId,
  type WorkspaceId,
} from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import type { Environment, Tables } from '../tables.ts'
import type { Vault } from '../vault/vault.ts'
import { type AcceptanceRepository, type Accepted, type IncomingFact } from './acceptance.ts'
import { factKey } from './fact-key.ts'
import { jsonText } from './json-text.ts'

/** A trigger at work: one flow, one connection of its trigger slot. */
export type TriggerRow = {
  id: TriggerId
  workspaceId: WorkspaceId
  flowId: FlowId
  flowName: string
  version: number | null
  environment: Environment
  connectionId: ConnectionId | null
  operation: string
  operationVersion: number
  input: JsonObject
  isOn: boolean
  hookToken: string
  everyMs: number | null
  cursor: Json
  baselineAt: number | null
  /** Moves on with every finished poll and every change of what is asked: a poll from before it writes nothing. */
  scans: number
  polledAt: number | null
  nextPollAt: number | null
  pollFault: FaultFacts | null
  pollFailures: number
}

export type TriggerInput = {
  workspaceId: WorkspaceId
  flowId: FlowId
  connectionId: ConnectionId | null
  operation: string
  operationVersion: number
  input: JsonObject
  everyMs: number | null
  isOn: boolean
}

/**
 * The secret a person chose for the webhooks of a trigger: it comes in a header as it is, or as the key of an HMAC-SHA256 over the raw body
 * that comes there in hex.
 */
export type HookProof = { kind: 'header' | 'hmac-sha256'; header: string; secret: string }

export type KnownItem = { itemId: string; hash: string; item: Json; revision: number; missing: number; isRemoved: boolean }

/** What one poll leaves behind, in one transaction: facts and runs, the items seen, and the cursor. */
export type PollOutcome = {
  triggerId: TriggerId
  /** The trigger's `scans` when the poll started; when another poll or a publication moved them on meanwhile, nothing is written. */
  fromScans: number
  cursor: Json
  items?: readonly KnownItem[]
  facts: readonly IncomingFact[]
  /** Keys to remember without starting anything: what was there before the flow was switched on. */
  silentKeys: readonly string[]
  isBaseline: boolean
  nextPollAt: number
}

export type TriggersRepository = {
  listByFlow(flowId: FlowId): Promise<TriggerRow[]>
  find(id: TriggerId): Promise<TriggerRow | undefined>
  findByHookToken(token: string): Promise<TriggerRow | undefined>
  listOn(): Promise<TriggerRow[]>
  /** Triggers of these connections that listen, those of paused flows among them. */
  listByConnections(ids: readonly ConnectionId[]): Promise<TriggerRow[]>
  /** What a flow's triggers find at their next look is only remembered: it starts nothing. */
  startAnew(flowId: FlowId): Promise<void>
  /** Creates the row of (flow, connection) or updates it; a changed operation, version of it or input starts a new baseline, all else is kept. */
  put(input: TriggerInput): Promise<TriggerRow>
  /** Switches off the flow's triggers whose connection is not among these. */
  switchOffOthers(flowId: FlowId, keep: readonly TriggerId[]): Promise<void>
  setFlowOn(flowId: FlowId, isOn: boolean): Promise<void>
  /** What a webhook must prove from now on; `undefined`: nothing but knowing the address. Publishing leaves it as it is. */
  setHookProof(id: TriggerId, proof: HookProof | undefined): Promise<void>
  hookProof(id: TriggerId): Promise<HookProof | undefined>
  items(id: TriggerId): Promise<Map<string, KnownItem>>
  /** `undefined`, and nothing written, when another poll was faster, the flow was published meanwhile or is not on any more. */
  finishPoll(outcome: PollOutcome): Promise<Accepted | undefined>
  failPoll(id: TriggerId, fromScans: number, fault: FaultFacts, nextPollAt: number): Promise<void>
  setNextPoll(id: TriggerId, at: number): Promise<void>
  /** Claims the triggers that are due, at most `limit`, and puts a poll job for each on the queue. */
  queueDue(limit: number): Promise<number>
}

export const POLL_TRIGGER = 'poll-trigger'

/** Until its poll says when the next one is due, a claimed trigger is due again after this: a lost job does not silence it. */
const QUEUE_DUE = `
  with due as (
    select t.id from triggers t join flows f on f.id = t.flow_id
    where t.is_on and f.state = 'on' and t.next_poll_at <= now()
    order by t.next_poll_at limit $1 for update of t skip locked
  ), claimed as (
    update triggers set next_poll_at = now() + interval '2 minutes' from due where triggers.id = due.id returning triggers.id
  )
  select count(*) from claimed c, lateral graphile_worker.add_job('${POLL_TRIGGER}', json_build_object('trigger', c.id), job_key => 'poll:' || c.id, max_attempts => 3, priority => 1)`

const SELECT = `
  select t.*, f.name as flow_name, f.version, f.environment
  from triggers t join flows f on f.id = t.flow_id`

type Row = {
  id: TriggerId
  workspace_id: WorkspaceId
  flow_id: FlowId
  flow_name: string
  version: number | null
  environment: Environment
  connection_id: ConnectionId | null
  operation: string
  operation_version: number
  input: JsonObject
  is_on: boolean
  hook_token: string
  hook_secret: Buffer | null
  every_ms: string | null
  cursor: Json
  baseline_at: Date | null
  scans: number
  polled_at: Date | null
  next_poll_at: Date | null
  poll_fault: FaultFacts | null
  poll_failures: number
}

const toTrigger = (row: Row): TriggerRow => ({
  id: row.id,
  workspaceId: row.workspace_id,
  flowId: row.flow_id,
  flowName: row.flow_name,
  version: row.version,
  environment: row.environment,
  connectionId: row.connection_id,
  operation: row.operation,
  operationVersion: row.operation_version,
  input: row.input,
  isOn: row.is_on,
  hookToken: row.hook_token,
  everyMs: row.every_ms === null ? null : Number(row.every_ms),
  cursor: row.cursor,
  baselineAt: row.baseline_at?.getTime() ?? null,
  scans: row.scans,
  polledAt: row.polled_at?.getTime() ?? null,
  nextPollAt: row.next_poll_at?.getTime() ?? null,
  pollFault: row.poll_fault,
  pollFailures: row.poll_failures,
})

const PUT = `
  insert into triggers as t (id, workspace_id, flow_id, connection_id, operation, operation_version, input, every_ms, is_on, hook_token)
  values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)
  on conflict (flow_id, connection_id) do update set
    operation = excluded.operation, operation_version = excluded.operation_version, input = excluded.input,
    every_ms = excluded.every_ms, is_on = excluded.is_on,
    -- A poll under way asks with the old settings: it must not write over the new ones.
    scans = t.scans + 1,
    -- Another question to the vendor: what was known of the old one says nothing.
    baseline_at = case when (t.operation, t.operation_version, t.input) = (excluded.operation, excluded.operation_version, excluded.input) then t.baseline_at end,
    cursor = case when (t.operation, t.operation_version, t.input) = (excluded.operation, excluded.operation_version, excluded.input) then t.cursor end
  returning id`

const PUT_ITEMS = `
  insert into trigger_items (trigger_id, item_id, hash, item, revision, missing, is_removed)
  select $1, i.item_id, i.hash, i.item, i.revision, i.missing, i.is_removed
  from jsonb_to_recordset($2::jsonb) as i(item_id text, hash text, item jsonb, revision int, missing int, is_removed boolean)
  on conflict (trigger_id, item_id) do update set
    hash = excluded.hash, item = excluded.item, revision = excluded.revision, missing = excluded.missing, is_removed = excluded.is_removed`

/** Triggers and what polling knows. */
export function triggersRepository(pool: Pool, db: Kysely<Tables>, vault: Vault, acceptance: AcceptanceRepository): TriggersRepository {
  const one = async (where: string, value: string): Promise<TriggerRow | undefined> => {
    const { rows } = await pool.query<Row>(`${SELECT} where ${where} = $1`, [value])
    return rows[0] && toTrigger(rows[0])
  }
  return {
    listByFlow: async (flowId) => (await pool.query<Row>(`${SELECT} where t.flow_id = $1 order by t.id`, [flowId])).rows.map(toTrigger),
    find: (id) => one('t.id', id),
    findByHookToken: (token) => one('t.hook_token', token),
    listOn: async () => (await pool.query<Row>(`${SELECT} where t.is_on and f.state = 'on' order by t.id`)).rows.map(toTrigger),
    listByConnections: async (ids) =>
      (
        await pool.query<Row>({
          name: 'triggers-by-connections',
          text: `${SELECT} where t.connection_id = any($1::text[]) and t.is_on and f.version is not null order by t.id`,
          values: [ids],
        })
      ).rows.map(toTrigger),
    put: async (input) => {
      const values = [
        newId('trg'),
        input.workspaceId,
        input.flowId,
        input.connectionId,
        input.operation,
        input.operationVersion,
        JSON.stringify(input.input),
        input.everyMs,
        input.isOn,
        randomBytes(24).toString('base64url'),
      ]
      const { rows } = await pool.query<{ id: TriggerId }>(PUT, values)
      const row = rows[0] && (await one('t.id', rows[0].id))
      if (!row) throw new Error('The trigger was removed while it was saved')
      return row
    },
    switchOffOthers: async (flowId, keep) => {
      await pool.query('update triggers set is_on = false where flow_id = $1 and id <> all($2::text[])', [flowId, keep])
    },
    startAnew: async (flowId) => {
      await pool.query('update triggers set baseline_at = null, cursor = null, scans = scans + 1 where flow_id = $1', [flowId])
    },
    setFlowOn: async (flowId, isOn) => {
      await db.updateTable('triggers').set({ is_on: isOn }).where('flow_id', '=', flowId).execute()
    },
    setHookProof: async (id, proof) => {
      // Sealed as a whole: a secret is never checked in another way than it was chosen for.
      await db
        .updateTable('triggers')
        .set({ hook_secret: proof ? Buffer.from(vault.seal(JSON.stringify(proof), id)) : null })
        .where('id', '=', id)
        .execute()
    },
    hookProof: async (id) => {
      const row = await db.selectFrom('triggers').select('hook_secret').where('id', '=', id).executeTakeFirst()
      return row?.hook_secret ? readProof(new TextDecoder().decode(vault.open(row.hook_secret, id))) : undefined
    },
    items: async (id) => {
      const { rows } = await pool.query<{
        item_id: string
        hash: string
        item: Json
        revision: number
        missing: number
        is_removed: boolean
      }>('select * from trigger_items where trigger_id = $1', [id])
      return new Map(
        rows.map((row) => [
          row.item_id,
          { itemId: row.item_id, hash: row.hash, item: row.item, revision: row.revision, missing: row.missing, isRemoved: row.is_removed },
        ]),
      )
    },
    finishPoll: async (outcome) => {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const accepted = await writePoll(client, acceptance, outcome)
        await client.query(accepted ? 'commit' : 'rollback')
        return accepted
      } catch (error) {
        await client.query('rollback').catch(() => undefined)
        throw error
      } finally {
        client.release()
      }
    },
    failPoll: async (id, fromScans, fault, nextPollAt) => {
      await pool.query(
        `update triggers set poll_fault = $2::jsonb, poll_failures = poll_failures + 1, polled_at = now(), next_poll_at = $3
         where id = $1 and scans = $4`,
        [id, jsonText(fault), new Date(nextPollAt), fromScans],
      )
    },
    queueDue: async (limit) =>
      Number((await pool.query<{ count: string }>({ name: 'queue-due', text: QUEUE_DUE, values: [limit] })).rows[0]?.count ?? 0),
    setNextPoll: async (id, at) => {
      await pool.query('update triggers set next_poll_at = $2 where id = $1', [id, new Date(at)])
    },
  }
}

/** Throws for anything else than was written: a proof that cannot be read must not pass for none. */
function readProof(text: string): HookProof {
  const read = parseJson(text)
  const { kind, header, secret } = isJsonObject(read) ? read : {}
  if ((kind !== 'header' && kind !== 'hmac-sha256') || typeof header !== 'string' || typeof secret !== 'string')
    throw new Error('The secret of a webhook address cannot be read')
  return { kind, header, secret }
}

async function writePoll(client: PoolClient, acceptance: AcceptanceRepository, outcome: PollOutcome): Promise<Accepted | undefined> {
  const moved = await client.query(
    `update triggers set cursor = $2::jsonb, scans = scans + 1, polled_at = now(), next_poll_at = $3, poll_fault = null, poll_failures = 0,
       baseline_at = coalesce(baseline_at, case when $5 then now() end)
     where id = $1 and scans = $4 and is_on and exists (select 1 from flows f where f.id = triggers.flow_id and f.state = 'on')`,
    [outcome.triggerId, jsonText(outcome.cursor), new Date(outcome.nextPollAt), outcome.fromScans, outcome.isBaseline],
  )
  if (moved.rowCount !== 1) return undefined
  if (outcome.items && outcome.items.length > 0)
    await client.query(PUT_ITEMS, [
      outcome.triggerId,
      jsonText(
        outcome.items.map((item) => ({
          item_id: item.itemId,
          hash: item.hash,
          item: item.item,
          revision: item.revision,
          missing: item.missing,
          is_removed: item.isRemoved,
        })),
      ),
    ])
  if (outcome.silentKeys.length > 0)
    await client.query('insert into trigger_keys (trigger_id, key) select $1, unnest($2::text[]) on conflict do nothing', [
      outcome.triggerId,
      outcome.silentKeys.map(factKey),
    ])
  const [accepted] = await acceptance.acceptWithin(client, [{ facts: outcome.facts }])
  // Paused between the two statements: what was found must be found again when the flow goes on.
  return accepted?.isKept ? undefined : accepted
}
