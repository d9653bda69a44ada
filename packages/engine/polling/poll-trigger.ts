import { durationMs, Fault, toFault, type TriggerId } from '@couplet/core'
import type { AnyTrigger, Call } from '@couplet/connector-sdk'
import { Cron } from 'croner'
import type { IncomingFact, TriggerRow } from '@couplet/store'
import { incomingFacts, parseTriggerInput } from '../intake/ingress.ts'
import type { EngineParts } from '../parts.ts'
import { nextAttemptAt } from '../run/backoff.ts'
import { createVendorCall } from '../vendor-call.ts'
import { look } from './look.ts'

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

const CALL_TIMEOUT_MS = 60_000
const EVERY_DEFAULT_MS = 5 * 60_000

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
  const startedAt = performance.now()
  const measured = (outcome: 'ok' | 'failed') => parts.measure.poll(operation.connector, outcome, (performance.now() - startedAt) / 1_000)
  try {
    const result = await (operation.scheduled ? fireSchedule(parts, trigger, operation) : poll(parts, trigger, operation, signal, lane))
    measured('ok')
    if (result) parts.announce({ workspaceId: trigger.workspaceId, kind: 'poll', triggerId: id, detail: { ...result } })
    return result
  } catch (error) {
    if (signal.aborted) {
      // We stop; nothing is wrong with the vendor. Whoever is next asks at once.
      await parts.store.triggers.setNextPoll(id, parts.clock.now())
      throw error
    }
    const fault = toFault(error)
    if (fault.kind === 'throttled') {
      // The quota is for others now: nothing failed, and nothing is counted.
      await parts.store.triggers.setNextPoll(id, Math.max(fault.facts.retryAt ?? 0, parts.clock.now() + 1_000))
      throw fault
    }
    measured('failed')
    const nextPollAt = nextAttemptAt({
      attempt: Math.min(trigger.pollFailures + 1, 10),
      now: parts.clock.now() + 1_000,
      random: 0.5 + parts.random() / 2,
      retryAt: fault.facts.retryAt,
    })
    await parts.store.triggers.failPoll(id, trigger.scans, fault.facts, nextPollAt)
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
  const everyMs = trigger.everyMs ?? everyOf(operation)
  if (!isPollWanted(operation, parseTriggerInput(operation, trigger))) {
    await parts.store.triggers.setNextPoll(trigger.id, now + everyMs)
    return undefined
  }
  const definition = trigger.version === null ? undefined : await parts.flows.definition(trigger.flowId, trigger.version)
  const isBackFill = definition?.trigger.firstRun === 'back-fill'
  const isBaseline = trigger.baselineAt === null
  const seen = await look(operation, await callFor(parts, trigger, operation, signal, lane), {
    now,
    cursor: trigger.cursor,
    known: () => parts.store.triggers.items(trigger.id),
    isBaseline,
    isBackFill,
  })

  const nextPollAt = now + everyMs
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

/** Whether a trigger with these settings asks at all: one that hears by webhook may be told not to. */
export const isPollWanted = ({ poll: declared }: AnyTrigger, input: unknown): boolean =>
  declared?.mode !== 'feed' || declared.isWanted === undefined || declared.isWanted(input)

async function fireSchedule(parts: EngineParts, trigger: TriggerRow, operation: AnyTrigger): Promise<PollResult | undefined> {
  const { scheduled } = operation
  if (!scheduled) return undefined
  const input = parseTriggerInput(operation, trigger)
  const now = parts.clock.now()
  const { zone, at: nextPollAt } = nextDue(operation, input, { now, zone: await parts.flows.timeZone(trigger.workspaceId) })
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
        facts: [scheduled.fact({ input, dueAt, previousAt: firedAt, zone })],
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

/** Next time a schedule is due after `now` (epoch ms), in its own zone or else the given one; and that zone. Throws a user fault when the pattern or zone is wrong or never comes. */
export function nextDue(operation: AnyTrigger, input: unknown, after: { now: number; zone: string }): { zone: string; at: number } {
  const { pattern, zone = after.zone } = operation.scheduled?.schedule(input) ?? { pattern: '' }
  try {
    const next = new Cron(pattern, { timezone: zone, paused: true }).nextRun(new Date(after.now))
    if (next) return { zone, at: next.getTime() }
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

/** What is known of a trigger before it has a row of its own. */
export type PolledTrigger = Pick<TriggerRow, 'id' | 'workspaceId' | 'flowId' | 'flowName' | 'environment' | 'connectionId' | 'input'>

/** What a trigger's functions are given to ask the vendor with. */
export async function callFor(
  parts: EngineParts,
  trigger: PolledTrigger,
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
