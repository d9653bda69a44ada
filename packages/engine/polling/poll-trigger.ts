import { createHash } from 'node:crypto'
import { canonicalJson, durationMs, Fault, type Json, toFault, type TriggerId } from '@couplet/core'
import type { AnyTrigger, Call, Fact } from '@couplet/connector-sdk'
import { Cron } from 'croner'
import type { IncomingFact, KnownItem, TriggerRow } from '@couplet/store'
import { incomingFacts, parseTriggerInput } from '../intake/ingress.ts'
import type { EngineParts } from '../parts.ts'
import { nextAttemptAt } from '../run/backoff.ts'
import { storable } from '../run/storable.ts'
import { createVendorCall } from '../vendor-call.ts'
import { compareScan } from './compare-scan.ts'

/** What a poll did, for the log and the screens. */
export type PollResult = {
  facts: number
  runs: number
  seenBefore: number
  echoes: number
  items: number
  isBaseline: boolean
  nextPollAt: number
}

const PAGES_MAX = 500
const CALL_TIMEOUT_MS = 60_000
const EVERY_DEFAULT_MS = 5 * 60_000
/** A back-fill asks as if the flow had been switched on then. */
const LONG_AGO = '2000-01-01T00:00:00.000Z'

/**
 * Polls one trigger once: reads all pages, compares with what is known, and writes facts, runs, items and cursor in one transaction. Faults are
 * kept on the trigger with the time of the next try, and thrown. `lane` 1: its calls let live events go first; 0 when a person waits for it.
 */
export async function pollTrigger(
  parts: EngineParts,
  id: TriggerId,
  signal: AbortSignal,
  lane: 0 | 1 = 0,
): Promise<PollResult | undefined> {
  const trigger = await parts.store.triggers.find(id)
  const operation = trigger && parts.registry.trigger(trigger.operation, trigger.operationVersion)
  if (!trigger || !operation || !trigger.isOn || trigger.version === null) return undefined
  try {
    const result = await (operation.scheduled ? fireSchedule(parts, trigger, operation) : poll(parts, trigger, operation, signal, lane))
    if (result) parts.announce({ kind: 'poll', triggerId: id, detail: { ...result } })
    return result
  } catch (error) {
    if (signal.aborted) {
      // We stop; nothing is wrong with the vendor. Whoever is next asks at once.
      await parts.store.triggers.setNextPoll(id, parts.clock.now())
      throw error
    }
    const fault = toFault(error)
    const nextPollAt = nextAttemptAt({
      attempt: Math.min(trigger.pollFailures + 1, 10),
      now: parts.clock.now() + 1_000,
      random: 0.5 + parts.random() / 2,
      retryAt: fault.facts.retryAt,
    })
    await parts.store.triggers.failPoll(id, fault.facts, nextPollAt)
    if (fault.kind === 'auth-expired' && trigger.connectionId)
      await parts.store.connections.setState(trigger.connectionId, 'needs-attention', fault.facts)
    throw fault
  }
}

async function poll(
  parts: EngineParts,
  trigger: TriggerRow,
  operation: AnyTrigger,
  signal: AbortSignal,
  lane: 0 | 1,
): Promise<PollResult | undefined> {
  if (!operation.poll) return undefined
  const now = parts.clock.now()
  const definition = trigger.version === null ? undefined : await parts.flows.definition(trigger.flowId, trigger.version)
  const isBackFill = definition?.trigger.firstRun === 'back-fill'
  const isBaseline = trigger.baselineAt === null
  const call = await callFor(parts, trigger, operation, signal, lane)
  const seen =
    operation.poll.mode === 'scan'
      ? await scan(parts, trigger, operation, call, { isBaseline, isSilent: isBaseline && !isBackFill })
      : await feed(operation, trigger, call, isBaseline && !isBackFill, now, isBackFill)

  const nextPollAt = now + (trigger.everyMs ?? everyOf(operation))
  const facts = incomingFacts({ trigger, operation, definition, facts: seen.facts, lane: isBaseline ? 1 : 0 })
  await parts.failpoint('poll-before-finish')
  const accepted = await parts.store.triggers.finishPoll({
    triggerId: trigger.id,
    fromScans: trigger.scans,
    cursor: seen.cursor,
    items: seen.items,
    facts,
    silentKeys: seen.silentKeys,
    isBaseline,
    nextPollAt,
  })
  await parts.failpoint('poll-after-finish')
  if (!accepted) return undefined
  return {
    facts: facts.length,
    runs: accepted.runs.length,
    seenBefore: accepted.seenBefore,
    echoes: accepted.echoes,
    items: seen.items.length,
    isBaseline,
    nextPollAt,
  }
}

const everyOf = (operation: AnyTrigger): number => (operation.poll ? durationMs(operation.poll.every) : EVERY_DEFAULT_MS)

type Seen = { facts: Fact<unknown>[]; items: KnownItem[]; silentKeys: string[]; cursor: Json }

/** A whole list, page by page, against what is known of it. Only a complete scan says that something is gone. */
async function scan(
  parts: EngineParts,
  trigger: TriggerRow,
  operation: AnyTrigger,
  call: Call<unknown, unknown>,
  { isBaseline, isSilent }: { isBaseline: boolean; isSilent: boolean },
): Promise<Seen> {
  const { poll: declared } = operation
  if (declared?.mode !== 'scan') throw new Fault({ code: 'couplet.bug', kind: 'bug', message: 'Not a scanning trigger' })
  const items: unknown[] = []
  const cursors = new Set<string>()
  let cursor: string | undefined
  for (let page = 0; ; page++) {
    if (page >= PAGES_MAX) throw tooLong(operation, `more than ${PAGES_MAX} pages`)
    const answer = await declared.page(Object.assign(Object.create(call) as object, { cursor }) as never)
    items.push(...answer.items)
    if (answer.next === undefined) break
    if (cursors.has(answer.next)) throw tooLong(operation, 'the same page twice')
    cursors.add(answer.next)
    cursor = answer.next
  }

  const known = await parts.store.triggers.items(trigger.id)
  const compared = compareScan({
    known,
    isBaseline,
    items: items.map(storableItem).map((item) => ({
      id: declared.id(item as never),
      item,
      hash: hashOf(declared.content(item as never)),
      isRemoved: declared.isRemoved?.(item as never) ?? false,
    })),
  })
  const now = new Date(parts.clock.now()).toISOString()
  const facts = isSilent
    ? []
    : compared.changes.map((change) =>
        declared.fact({
          change: change.change,
          item: change.item as never,
          previous: change.previous as never,
          hash: change.hash,
          revision: change.revision,
          connection: call.connection as never,
          now,
        }),
      )
  return { facts, items: compared.items, silentKeys: [], cursor: trigger.cursor }
}

async function feed(
  operation: AnyTrigger,
  trigger: TriggerRow,
  call: Call<unknown, unknown>,
  isSilent: boolean,
  now: number,
  isBackFill: boolean,
): Promise<Seen> {
  const { poll: declared } = operation
  if (declared?.mode !== 'feed') throw new Fault({ code: 'couplet.bug', kind: 'bug', message: 'Not a feed trigger' })
  const switchedOnAt = new Date(now).toISOString()
  let cursor = typeof trigger.cursor === 'string' ? trigger.cursor : declared.start(isBackFill ? LONG_AGO : switchedOnAt)
  const cursors = new Set<string>([cursor])
  const facts: Fact<unknown>[] = []
  for (let page = 0; ; page++) {
    if (page >= PAGES_MAX) throw tooLong(operation, `more than ${PAGES_MAX} pages`)
    const answer = await declared.page(Object.assign(Object.create(call) as object, { cursor, now: switchedOnAt }) as never)
    facts.push(...answer.facts)
    cursor = answer.cursor
    if (!answer.more) break
    if (cursors.has(cursor)) throw tooLong(operation, 'the same page twice')
    cursors.add(cursor)
  }
  // "From now": what the first look finds is remembered, so that it starts nothing later either.
  return { facts: isSilent ? [] : facts, items: [], silentKeys: isSilent ? facts.map((fact) => fact.key) : [], cursor }
}

/** As the database will give it back, so that the next scan compares like with like. */
const storableItem = (item: unknown): unknown =>
  storable('An item of the vendor', 'It cannot be followed; report it to the vendor, or leave it out by the settings of the trigger.', item)

const tooLong = (operation: AnyTrigger, why: string): Fault =>
  new Fault({
    code: 'poll.endless',
    kind: 'unavailable',
    message: `"${operation.title}": the vendor gave ${why}; the poll was stopped and nothing was taken over.`,
    hint: 'Couplet tries again at the next interval. If it stays so, report it to the vendor.',
  })

async function fireSchedule(parts: EngineParts, trigger: TriggerRow, operation: AnyTrigger): Promise<PollResult | undefined> {
  const { scheduled } = operation
  if (!scheduled) return undefined
  const input = parseTriggerInput(operation, trigger)
  const now = parts.clock.now()
  const nextPollAt = nextDue(operation, input, now)
  const last = typeof trigger.cursor === 'object' && trigger.cursor !== null && 'dueAt' in trigger.cursor ? trigger.cursor : undefined
  const dueAt = last?.['dueAt']
  const isDue = typeof dueAt === 'string' && new Date(dueAt).getTime() <= now
  const firedAt = typeof last?.['firedAt'] === 'string' ? last['firedAt'] : undefined
  const firedAfter = isDue ? dueAt : firedAt
  const definition = trigger.version === null ? undefined : await parts.flows.definition(trigger.flowId, trigger.version)
  const facts: IncomingFact[] = isDue
    ? incomingFacts({
        trigger,
        operation,
        definition,
        facts: [scheduled.fact({ input, dueAt, previousAt: firedAt })],
        lane: 0,
      })
    : []
  await parts.failpoint('poll-before-finish')
  const accepted = await parts.store.triggers.finishPoll({
    triggerId: trigger.id,
    fromScans: trigger.scans,
    cursor: { dueAt: new Date(nextPollAt).toISOString(), ...(firedAfter === undefined ? {} : { firedAt: firedAfter }) },
    items: [],
    facts,
    silentKeys: [],
    isBaseline: trigger.baselineAt === null,
    nextPollAt,
  })
  await parts.failpoint('poll-after-finish')
  if (!accepted) return undefined
  return {
    facts: facts.length,
    runs: accepted.runs.length,
    seenBefore: accepted.seenBefore,
    echoes: 0,
    items: 0,
    isBaseline: false,
    nextPollAt,
  }
}

/** Next time a schedule is due after `now` (epoch ms). Throws a user fault when the pattern or zone is wrong or never comes. */
export function nextDue(operation: AnyTrigger, input: unknown, now: number): number {
  const { pattern, zone } = operation.scheduled?.schedule(input) ?? { pattern: '', zone: 'UTC' }
  try {
    const next = new Cron(pattern, { timezone: zone, paused: true }).nextRun(new Date(now))
    if (next) return next.getTime()
  } catch (error) {
    throw new Fault({
      code: 'schedule.invalid',
      kind: 'user',
      message: `The schedule "${pattern}" in zone "${zone}" is not valid: ${toFault(error).message}`,
      hint: 'Example: 0 8 * * 1 for Mondays at eight, Europe/London.',
      fields: { schedule: 'is not valid' },
    })
  }
  throw new Fault({
    code: 'schedule.never',
    kind: 'user',
    message: `The schedule "${pattern}" never comes due.`,
    hint: 'Choose another pattern.',
    fields: { schedule: 'never comes due' },
  })
}

/** What a trigger's functions are given to ask the vendor with. */
export async function callFor(
  parts: EngineParts,
  trigger: TriggerRow,
  operation: AnyTrigger,
  signal: AbortSignal,
  lane: 0 | 1 = 0,
): Promise<Call<unknown, unknown>> {
  const spec = parts.registry.connector(operation.connector)?.spec
  if (!spec) throw new Fault({ code: 'operation.unknown', kind: 'user', message: `There is no connector "${operation.connector}".` })
  const connection = trigger.connectionId ? await parts.connections.open(trigger.connectionId) : undefined
  return createVendorCall(parts, {
    run: {
      id: trigger.id as never,
      workspaceId: trigger.workspaceId,
      flowId: trigger.flowId,
      environment: trigger.environment,
      connectionId: trigger.connectionId,
    },
    spec,
    connection,
    input: parseTriggerInput(operation, trigger),
    effectKey: trigger.id,
    lane,
    isRead: true,
    firstAt: parts.clock.now(),
    signal,
    timeoutMs: CALL_TIMEOUT_MS,
    onExchange: () => undefined,
    beforeWrite: async () => undefined,
    onLog: () => undefined,
  })
}

const hashOf = (content: unknown): string => createHash('sha256').update(canonicalJson(content)).digest('hex').slice(0, 32)
