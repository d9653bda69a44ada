import { type Clock, type ConnectionId, Fault, type FaultFacts, type RunId, toFault } from '@couplet/core'
import type { FailingConnection, Held, HeldRun, OpenedConnection, Store } from '@couplet/store'
import type { Logger } from '../parts.ts'
import type { Turn } from './resume-held.ts'

/** What a call learnt about the vendor. */
export type CallOutcome = { kind: 'answered' } | { kind: 'failed'; fault: FaultFacts }

export type Circuits = {
  /**
   * Before a call: passes while the vendor is taken to be up. While it is down one call at a time passes as a probe; every other gets the
   * fault `circuit.open` (not-ready: no attempt is spent) with the time to come back. `untilStored` is waited for before anything is written down
   * about the run.
   */
  enter(connection: OpenedConnection, runId: RunId | undefined, untilStored?: () => Promise<void>): Promise<{ isProbe: boolean }>
  /** The probe was not made after all. */
  leave(connection: OpenedConnection): void
  /** After a call. */
  observe(connection: OpenedConnection, holder: string, outcome: CallOutcome): void
  /** After an attempt that failed for the vendor: `circuit.open` when its circuit is open by now, so that the attempt is not counted. */
  holdAfter(connection: OpenedConnection, runId: RunId, fault: FaultFacts): Promise<Fault | undefined>
  /**
   * To be called now and then by workers: a run that was to make a probe may have been cancelled, or its process killed; one that is held
   * back may have come too late to be told that the vendor answers.
   */
  watch(): Promise<void>
  /** Resolves when everything observed has been written down. */
  settled(): Promise<void>
}

export type CircuitsOptions = {
  store: Store
  clock: Clock
  random(): number
  log: Logger
  /** Lets runs go on that wait for the vendor, each at its time. */
  resume(turns: readonly Turn[]): Promise<void>
  timing?: Partial<CircuitTiming>
}

export type CircuitTiming = {
  failuresToOpen: number
  withinMs: number
  firstProbeMs: number
  longestProbeMs: number
  /** Runs that wait are woken when the vendor is back. Should that be lost (a killed process), they look for themselves after this. */
  fallbackMs: number
}

const TIMING: CircuitTiming = {
  failuresToOpen: 5,
  withinMs: 60_000,
  firstProbeMs: 15_000,
  longestProbeMs: 300_000,
  fallbackMs: 600_000,
}

/** A prober that came before the probe is due by the database's clock would only have to wait again. */
const PROBER_LATE_MS = 50

/** A probe that nobody has made for so long after it was due needs another run to make it. */
const OVERDUE_MS = 3_000

const LEFT_BEHIND_AT_ONCE = 200

/** Between two runs that go on: the vendor has only just come back. Its limits are kept by the governor besides. */
const APART_MS = 50

/** How long another process's knowledge of failing vendors may be unknown here. */
const SNAPSHOT_MS = 1_000

/** Faults of these codes say nothing about the vendor. */
const isOurs = (code: string): boolean => code.startsWith('couplet.') || code.startsWith('quota.') || code === 'outbound.aborted'

/** True when the vendor did not do its part: no connection, no answer, a server error. */
export const isVendorFailure = (fault: Pick<FaultFacts, 'kind' | 'code'>): boolean =>
  (fault.kind === 'unavailable' || fault.kind === 'unknown-outcome') && !isOurs(fault.code)

/** A circuit for each connection, shared by all processes. A healthy connection costs one look at an empty table each second, for all together. */
export function createCircuits(options: CircuitsOptions): Circuits {
  const { store, clock, log } = options
  const timing = { ...TIMING, ...options.timing }
  let failing = new Map<ConnectionId, FailingConnection>()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  /** Reports on their way, by connection: one after the other, so that an answer is not overtaken by the failure before it. */
  const reports = new Map<ConnectionId, Promise<void>>()

  const read = (): Promise<void> =>
    (reading ??= store.circuits
      .failing()
      .then((rows) => {
        failing = new Map(rows.map((row) => [row.connectionId, row]))
        readAt = performance.now()
      })
      .finally(() => {
        reading = undefined
      }))

  const stateOf = async (id: ConnectionId): Promise<FailingConnection | undefined> => {
    if (performance.now() - readAt > SNAPSHOT_MS) await read()
    return failing.get(id)
  }

  /** By their places, so that whoever resumes a run, and whenever, none overtakes those before it. */
  const turnsOf = (held: readonly HeldRun[]): Turn[] => {
    const now = clock.now()
    return held.map(({ id, place, backForMs }) => ({ id, at: Math.round(now - backForMs + place * APART_MS) }))
  }

  const openFault = (connection: OpenedConnection, held: Held, runId: RunId | undefined, why?: string) => {
    const inMs = held.prober === runId ? Math.max(100, held.probeInMs + PROBER_LATE_MS) : timing.fallbackMs * (1 + options.random() / 10)
    return new Fault({
      code: 'circuit.open',
      kind: 'not-ready',
      message: `The vendor behind "${connection.name}" does not work at the moment${why === undefined ? '' : ` (${why})`}. The run waits and goes on when it is back.`,
      hint: 'Nothing has to be done. Couplet looks regularly whether it is back.',
      retryAt: clock.now() + Math.round(inMs),
      details: { connectionId: connection.id },
    })
  }

  const hold = async (connection: OpenedConnection, runId: RunId | undefined): Promise<Held | undefined> => {
    const held = await store.circuits.hold(connection.id, runId)
    // Another run's turn: it waits already, and is told when to come.
    if (held?.prober !== undefined && held.prober !== runId) {
      const { prober } = held
      report(connection.id, () => options.resume([{ id: prober, at: clock.now() + Math.max(0, held.probeInMs) + PROBER_LATE_MS }]))
    }
    return held
  }

  const report = (id: ConnectionId, work: () => Promise<void>): void => {
    const before = reports.get(id) ?? Promise.resolve()
    const mine = before
      .then(work)
      .catch((error: unknown) => log.warn({ err: toFault(error), connectionId: id }, 'The state of a vendor could not be written down'))
    reports.set(id, mine)
    void mine.finally(() => {
      if (reports.get(id) === mine) reports.delete(id)
    })
  }

  const answered = async (id: ConnectionId): Promise<void> => {
    failing.delete(id)
    const { wasOpen, heldRuns } = await store.circuits.reportAnswer(id)
    if (!wasOpen) return
    log.info({ connectionId: id, runs: heldRuns.length }, 'A vendor is back; runs that waited for it go on')
    await options.resume(turnsOf(heldRuns))
  }

  const failed = async (connection: OpenedConnection, holder: string, fault: FaultFacts): Promise<void> => {
    const { isOpen, hasJustOpened } = await store.circuits.reportFailure(connection.id, fault, holder, timing)
    failing.set(connection.id, { connectionId: connection.id, failures: 1, isOpen, probeInMs: isOpen ? timing.firstProbeMs : undefined })
    if (isOpen) readAt = Number.NEGATIVE_INFINITY
    if (hasJustOpened) log.warn({ connectionId: connection.id, code: fault.code }, 'A vendor is taken to be down; runs wait for it')
  }

  return {
    enter: async (connection, runId, untilStored) => {
      await reports.get(connection.id)
      const state = await stateOf(connection.id)
      if (!state?.isOpen) return { isProbe: false }
      await untilStored?.()
      const isDue = (state.probeInMs ?? 0) - (performance.now() - readAt) <= 0
      if (isDue && (await store.circuits.claimProbe(connection.id, { firstMs: timing.firstProbeMs, longestMs: timing.longestProbeMs })))
        return { isProbe: true }
      const held = await hold(connection, runId)
      if (!held) {
        failing.delete(connection.id)
        return { isProbe: false }
      }
      throw openFault(connection, held, runId)
    },
    leave: (connection) => report(connection.id, () => store.circuits.returnProbe(connection.id)),
    observe: (connection, holder, outcome) => {
      if (outcome.kind === 'failed') report(connection.id, () => failed(connection, holder, outcome.fault))
      else if (failing.has(connection.id) || reports.has(connection.id)) report(connection.id, () => answered(connection.id))
    },
    holdAfter: async (connection, runId, fault) => {
      if (!isVendorFailure(fault)) return undefined
      await reports.get(connection.id)
      if (!(await stateOf(connection.id))?.isOpen) return undefined
      const held = await hold(connection, runId)
      return held && openFault(connection, held, runId, fault.message)
    },
    watch: async () => {
      const chosen = await store.circuits.chooseOverdue(OVERDUE_MS)
      const now = clock.now()
      if (chosen.length > 0) await options.resume(chosen.map((id, index) => ({ id, at: now + index * APART_MS })))
      const leftBehind = await store.circuits.leftBehind(LEFT_BEHIND_AT_ONCE, APART_MS)
      if (leftBehind.length > 0) await options.resume(turnsOf(leftBehind))
    },
    settled: async () => {
      await Promise.all(reports.values())
    },
  }
}
