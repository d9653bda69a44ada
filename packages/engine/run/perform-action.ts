import { hash } from 'node:crypto'
import { canonicalJson, Fault, type FaultFacts, type Json, toFault, userFault } from '@couplet/core'
import { type AnyAction, type Call, effectClass } from '@couplet/connector-sdk'
import { type FlowDefinition, resolveInput } from '@couplet/flow'
import { isDatabaseAway, type LoadedRun, type OpenedConnection } from '@couplet/store'
import { z } from 'zod'
import type { Exchange } from '../outbound/exchange.ts'
import { createVendorCall, type VendorCallOptions } from '../vendor-call.ts'
import { operationLookup } from '../operation-shapes.ts'
import type { EngineParts } from '../parts.ts'
import { performRead } from '../read-cache/perform-read.ts'
import { connectionOf } from './choose-connection.ts'
import { type EchoMarks, echoesOf, marksOf } from './echo-marks.ts'
import { addLine, keptExchanges } from './evidence.ts'
import { type Asked, fallBack, keepGood } from './fallback.ts'
import type { Evidence, JournalEntry, LogLine } from './journal.ts'
import { CLEAR_ANSWERS, reactionTo } from './reaction.ts'
import { quietFrom, timeoutOf } from './request-time.ts'
import { boundedFault, storable } from './storable.ts'
import type { Performance } from './walk.ts'

/** What one attempt at an action leaves: the entry to append, and the marks of what it wrote. */
export type ActionResult = { entry: JournalEntry; echoes: EchoMarks }

export type ActionContext = {
  run: LoadedRun
  definition: FlowDefinition
  /** Waits until the run itself is stored; only reads may be done before. Throws `RunLost` when it will not be. */
  untilStored?: () => Promise<void>
  /** Appends and commits before anything leaves, with the marks of what is about to be written. Throws when nothing may be sent. */
  commitBefore(before: { intent: Extract<JournalEntry, { kind: 'intent' }> | undefined; marks: EchoMarks }): Promise<void>
  /** The very last check before a request that may change something leaves; a throw keeps it back. */
  mayLeave?(): void
  /** Appends and commits what became of an intent when the run may not be gone on with here; does nothing when another worker has the run. */
  settle?(entry: JournalEntry): Promise<void>
  signal: AbortSignal
}

/** Thrown when this worker has lost the run to another. */
export class RunLost extends Error {}

/** Thrown when this worker cannot know whether the run is still its own: whoever has its job goes on from the journal. */
export class RunInterrupted extends RunLost {}

/**
 * One attempt at one action, under the effect protocol:
 * - a write that must not be repeated blindly (`after-lookup`, `never`) has its intent committed before it leaves;
 * - when an earlier send may have arrived, `after-lookup` asks the vendor first and `never` is parked for a person;
 * - `harmless` and `keyed` writes and reads are simply performed again.
 */
export async function performAction(parts: EngineParts, context: ActionContext, performance_: Performance): Promise<ActionResult> {
  const attempt = beginAttempt(parts, context, performance_)
  try {
    return await attempt.perform()
  } catch (error) {
    // What is done about a fault is more than reading.
    const thrown: unknown = await (context.untilStored?.() ?? Promise.resolve()).then(
      () => error,
      (lost: unknown) => lost,
    )
    if (thrown instanceof RunLost) {
      const heldBack = attempt.entryIfHeldBack()
      if (heldBack) await context.settle?.(heldBack)
      throw thrown
    }
    // No fault of the step: the run goes on from its journal when the database is back.
    if (isDatabaseAway(thrown)) throw new RunInterrupted('The database could not be asked', { cause: thrown })
    const fault = toFault(thrown)
    const entry = attempt.entryForFault(fault, undefined)
    // What a person must decide is not put off.
    const held = entry.kind === 'parked' ? undefined : await attempt.heldFor(fault)
    const ended = held ? attempt.entryForFault(fault, held) : entry
    return { entry: ended.kind === 'failed' ? await fallBack(parts, attempt.asked(), performance_.step, ended) : ended, echoes: [] }
  }
}

function beginAttempt(
  parts: EngineParts,
  context: ActionContext,
  { key, step, scope, attempts, firstAt, isUnsure, intents, keyedBy }: Performance,
) {
  const startedAt = parts.clock.now()
  const startedTick = performance.now()
  const exchanges: Exchange[] = []
  const log: LogLine[] = []
  let input: Json | undefined
  let action: AnyAction | undefined
  let connection: OpenedConnection | undefined
  /** Requests of this attempt that may have changed something, and whether the last request was one of them. */
  let writesSent = 0
  let isLastAWrite = false
  /** When the last of them left. */
  let sentAt: number | undefined
  /** The intent is in the journal, and its request was kept back at the last moment. */
  let isHeldBack = false
  /** An earlier attempt may have reached the vendor, and this one has not found out yet. */
  let isOpenFromBefore = isUnsure

  const evidence = (): Evidence => ({
    ...(input === undefined ? {} : { input }),
    ...(exchanges.length === 0 ? {} : { exchanges: keptExchanges(exchanges) }),
    ...(log.length === 0 ? {} : { log: [...log] }),
    tookMs: Math.round(performance.now() - startedTick),
  })
  const done = (output: Json, note?: string): JournalEntry => ({
    kind: 'done',
    step: key,
    at: parts.clock.now(),
    output,
    ...(note === undefined ? {} : { note }),
    ...evidence(),
  })

  async function perform(): Promise<ActionResult> {
    action = findAction(parts, step.operation, step.version)
    const spec = parts.registry.connector(action.connector)?.spec
    if (!spec) throw userFault({ code: 'operation.unknown', message: `There is no connector "${action.connector}".` })
    connection = spec.isBuiltIn ? undefined : await connectionOf(parts, context, step, scope)
    if (action.needsOptIn !== undefined && !connection?.optedIn.includes(action.id))
      throw userFault({
        code: 'operation.not_opted_in',
        message: `"${action.title}" is switched off: ${action.needsOptIn}`,
        hint: 'Switch it on in the connection if you want to use it all the same.',
      })

    const resolved = storable(
      `The input of "${step.title ?? action.title}"`,
      'Map fewer or smaller fields into this step.',
      resolveInput(step.input, scope, operationLookup(parts.registry)(step.operation, step.version)?.input),
    )
    input = resolved
    const parsed = parseInput(action, resolved)
    const declared = action
    const effect = effectClass(declared.effect)
    const isFragile = effect === 'after-lookup' || effect === 'never'
    if (effect !== 'read') await context.untilStored?.()
    // Before it leaves: a poll that sees the value before its answer is here must know it for ours.
    const foreseen = marksOf(connection, declared.foresees?.({ input: parsed, connection: connection?.facts as never }))
    const options: VendorCallOptions = {
      run: context.run,
      untilStored: context.untilStored,
      spec,
      connection,
      input: parsed,
      effectKey: effectKey(keyedBy ?? context.run.id, key),
      lane: context.run.lane,
      isRead: effect === 'read',
      firstAt: firstAt ?? startedAt,
      signal: context.signal,
      timeoutMs: timeoutOf(action),
      onExchange: (exchange) => exchanges.push(exchange),
      onRequest: (isWrite) => {
        isLastAWrite = isWrite
      },
      beforeWrite: async () => {
        if (writesSent === 0 && (isFragile || foreseen.length > 0)) {
          const intent = {
            kind: 'intent',
            step: key,
            at: parts.clock.now(),
            effect,
            fingerprint: fingerprintOf(declared, parsed),
            input: resolved,
          } as const
          await context.commitBefore({ intent: isFragile ? intent : undefined, marks: foreseen })
          await parts.failpoint('after-intent')
        }
        writesSent += 1
      },
      mayLeave: () => {
        isHeldBack = isFragile && writesSent === 1 && !isOpenFromBefore
        context.mayLeave?.()
        isHeldBack = false
        sentAt = parts.clock.now()
      },
      onLog: (line) => addLine(log, line),
    }

    if (isUnsure) {
      const settled = await settleUnsure(action, createVendorCall(parts, { ...options, isRead: true, sentFrom: intents?.firstAt }))
      if (settled) return { entry: settled.entry, echoes: settled.found ? echoesOf(action, connection, parsed, settled.found.output) : [] }
      isOpenFromBefore = false
    }
    const call = createVendorCall(parts, options)
    if (effect === 'read') {
      const read = await performRead(parts, {
        action,
        source: connection?.id ?? context.run.workspaceId,
        revision: connection?.updatedAt ?? 0,
        input: parsed,
        call: async (own) =>
          declared.output.parse(
            await declared.run((own === parsed ? call : Object.assign(Object.create(call) as object, { input: own })) as never),
          ),
        toJson: (output) => storableOutput(declared, output),
      })
      await parts.failpoint('after-send')
      await context.untilStored?.()
      await keepGood(parts, { run: context.run, step, connectionId: connection?.id, input: resolved }, read.output)
      return { entry: done(read.output, read.note), echoes: [] }
    }
    const output: unknown = action.output.parse(await performWrite(action, call))
    await parts.failpoint('after-send')
    const isNew = (mark: EchoMarks[number]): boolean => !foreseen.some(({ hash }) => hash === mark.hash)
    return { entry: done(storableOutput(action, output)), echoes: echoesOf(action, connection, parsed, output).filter(isNew) }
  }

  /** What was read through this connection before may not be true after a write, whether it is answered or not. */
  async function performWrite(declared: AnyAction, call: Call<unknown, unknown>): Promise<unknown> {
    const source = connection?.id ?? context.run.workspaceId
    parts.reads.forget(source)
    try {
      return await declared.run(call as never)
    } finally {
      parts.reads.forget(source)
    }
  }

  /** The vendor is down: the attempt waits for it instead of being counted. */
  async function heldFor(fault: Fault): Promise<Fault | undefined> {
    // Should it not be known, the attempt counts as usual.
    return connection && parts.circuits.holdAfter(connection, context.run.id, fault.facts).catch(() => undefined)
  }

  /** The outcome of an earlier send is unknown: look it up, or hand it to a person. `undefined`: it did not happen, send. */
  async function settleUnsure(
    declared: AnyAction,
    call: Call<unknown, unknown>,
  ): Promise<{ entry: JournalEntry; found?: { output: unknown } } | undefined> {
    const { effect } = declared
    if (effect.kind === 'read' || effect.resend === 'harmless' || effect.resend === 'keyed') return undefined
    if (effect.resend === 'never') {
      const fault = new Fault({
        code: 'effect.uncertain',
        kind: 'unknown-outcome',
        message: `Couplet does not know whether "${declared.title}" reached the vendor: it stopped, or the answer was lost, after sending. It is not sent again by itself, because ${effect.because}.`,
        hint: 'Look at the vendor whether it happened, then choose "It happened" or "Send again".',
      })
      return { entry: { kind: 'parked', step: key, at: parts.clock.now(), reason: 'uncertain', fault: fault.facts, ...evidence() } }
    }
    const quietAt = intents === undefined ? 0 : quietFrom(declared, intents.lastAt)
    if (parts.clock.now() < quietAt) return { entry: stillAtWork(declared, quietAt) }
    const found: unknown = await effect.lookup(call as never)
    if (found === undefined) return undefined
    const output: unknown = declared.output.parse(found)
    const note = 'An earlier attempt had reached the vendor; Couplet found its result and did not send again.'
    return { entry: done(storableOutput(declared, output), note), found: { output } }
  }

  /** Nobody waits for the answer any more, but the vendor may still be at work: a look-up now would find nothing, and it would be sent twice. */
  function stillAtWork(declared: AnyAction, quietAt: number): JournalEntry {
    const fault: FaultFacts = {
      code: 'effect.under_way',
      kind: 'unavailable',
      message: `Couplet sent "${declared.title}" and got no clear answer. The vendor may still be at work on it, so Couplet looks for it when the time such a request may take is over.`,
    }
    return { kind: 'attempt', step: key, at: parts.clock.now(), fault, retryAt: quietAt, isSpent: false, isUnsure: true }
  }

  function entryForFault(fault: Fault, held: Fault | undefined): JournalEntry {
    const now = parts.clock.now()
    const effect = action ? effectClass(action.effect) : 'read'
    // The write that was refused, or never left, changed nothing; those before it in this attempt may have.
    const isLastWithoutEffect = isLastAWrite && (neverLeft(fault) || (fault.facts.status !== undefined && CLEAR_ANSWERS.has(fault.kind)))
    const isMaybeSent = writesSent - (isLastWithoutEffect ? 1 : 0) > 0
    const isOpen = (effect === 'after-lookup' || effect === 'never') && (isOpenFromBefore || isMaybeSent)
    const reaction = reactionTo({
      fault: fault.facts,
      effect,
      isMaybeSent,
      isOpenFromBefore,
      // One that does not count cannot be the last.
      attempts: held ? Number.NEGATIVE_INFINITY : attempts,
      firstAt: firstAt ?? startedAt,
      now,
      random: parts.random(),
      step,
    })
    const origin = { step: step.id, operation: step.operation, ...(connection ? { connectionId: connection.id } : {}) }
    const base = { step: key, at: now, fault: { ...boundedFault(fault.facts), origin }, ...evidence() }
    // A request of this attempt that may have arrived is looked for when the vendor has let go of it, however its answer was lost.
    const lookAt = isOpen && action && sentAt !== undefined ? quietFrom(action, sentAt) : now
    const lastly = sentAt === undefined ? {} : { sentAt }
    // Couplet itself gave the request up because it stops: that is no attempt of the step.
    if (fault.code === 'outbound.aborted' && context.signal.aborted && (!isOpen || effect === 'after-lookup'))
      return { kind: 'attempt', ...base, ...(isOpen ? lastly : {}), retryAt: lookAt, isSpent: false, isUnsure: isOpen }
    switch (reaction.do) {
      case 'retry':
        return {
          kind: 'attempt',
          ...base,
          ...(held ? { fault: boundedFault(held.facts) } : {}),
          ...(reaction.isUnsure ? lastly : {}),
          retryAt: Math.max(held?.facts.retryAt ?? reaction.at, lookAt),
          isSpent: held ? false : reaction.isSpent,
          isUnsure: reaction.isUnsure,
        }
      case 'park':
        return {
          kind: 'parked',
          ...base,
          reason: reaction.reason,
          ...(connection ? { connectionId: connection.id } : {}),
          ...(isOpen ? { ...lastly, isUnsure: true } : {}),
        }
      case 'tolerate':
        return { kind: 'tolerated', ...base }
      case 'fail':
        return { kind: 'failed', ...base }
      default:
        return reaction satisfies never
    }
  }

  /** Nothing has left, and the journal must say so: else the intent alone would look as if it might have. */
  function entryIfHeldBack(): JournalEntry | undefined {
    if (!isHeldBack) return undefined
    const now = parts.clock.now()
    const fault: FaultFacts = {
      code: 'couplet.held_up',
      kind: 'unavailable',
      message: 'Couplet was held up for too long right before it would have sent this. Nothing was sent.',
    }
    return { kind: 'attempt', step: key, at: now, fault, retryAt: now, isSpent: false, isUnsure: false }
  }

  const asked = (): Asked | undefined => (input === undefined ? undefined : { run: context.run, step, connectionId: connection?.id, input })

  return { perform, entryForFault, entryIfHeldBack, heldFor, asked }
}

/** The request of this fault did not leave: no connection, refused by a rule, or stopped while it was still queued. */
const neverLeft = (fault: Fault): boolean =>
  fault.code === 'outbound.unreachable' ||
  fault.code.startsWith('mail.not_') ||
  fault.code === 'mail.unreachable' ||
  fault.code === 'mail.login_refused' ||
  fault.code === 'outbound.refused' ||
  (fault.code === 'outbound.aborted' && fault.facts.details?.['stage'] === 'queued')

/** Throws `operation.unknown`. */
export function findAction(parts: EngineParts, id: string, version: number): AnyAction {
  const action = parts.registry.action(id, version)
  if (!action)
    throw userFault({
      code: 'operation.unknown',
      message: `This Couplet has no operation ${id} in version ${version}.`,
      hint: 'Install the release that has it, or choose another operation.',
    })
  return action
}

/** Throws `input.invalid` with the fields. */
export function parseInput(action: AnyAction, resolved: Json): unknown {
  const parsed = action.input.safeParse(resolved)
  if (parsed.success) return parsed.data
  const fields = Object.fromEntries(parsed.error.issues.map((issue) => [z.core.toDotPath(issue.path) || '(input)', issue.message]))
  throw new Fault({
    code: 'input.invalid',
    kind: 'rejected',
    message: `"${action.title}" cannot work with this input: ${Object.entries(fields)
      .map(([field, problem]) => `${field}: ${problem}`)
      .join('; ')}.`,
    hint: 'Look at what the earlier steps gave, and mend the mapping of these fields.',
    fields,
  })
}

const effectKey = (runId: string, key: string): string => hash('sha256', `${runId} ${key}`).slice(0, 32)
const fingerprintOf = (action: AnyAction, input: unknown): string => hash('sha256', `${action.id} ${canonicalJson(input)}`)

/** What an action gave, as it is kept. Throws when it is too large. */
export const storableOutput = (action: AnyAction, output: unknown): Json =>
  storable(
    `What "${action.title}" gave`,
    action.effect.kind === 'read'
      ? 'Ask for less at once: a filter, a smaller page, a shorter time.'
      : 'The step itself was done at the vendor; only its answer cannot be kept. Do not simply repeat it.',
    output,
  )
