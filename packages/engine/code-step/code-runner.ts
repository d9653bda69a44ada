import { Worker } from 'node:worker_threads'
import { Fault, type FaultFacts, type Json, jsonBytes, userFault } from '@couplet/core'
import { CODE_LIMITS, type CodeJob, type CodeLimits, type CodeOutcome, type CodeTrouble } from './code-limits.ts'

/*
 * Runs the JavaScript of a code step. The code lives in an interpreter compiled to WebAssembly, inside a worker thread: no network, no
 * files, no timers, no module, and no object of ours it could reach. The worker starts with the first run and ends when idle;
 * importing this module loads neither the worker nor the interpreter.
 *
 * Invariant: one run at a time in the worker, so a run that has to be killed takes no other with it.
 */

export type CodeOptions = {
  limits?: Partial<CodeLimits>
  /** What `Date` says inside, epoch ms; stands still during the run. Default: now. */
  nowMs?: number
  /** What the code wrote with `console`, line by line, also when it failed. Not redacted. */
  onLog?: (line: string) => void
}

export type CodeRunner = AsyncDisposable & {
  /**
   * Runs `source` as the body of an async function with the parameter `input`; its result as JSON (`undefined` becomes null). Throws
   * user faults `code.…` with the line of the source, `code.busy` (unavailable) when too many runs wait.
   */
  run(source: string, input: Json, options?: CodeOptions): Promise<Json>
  /** Ends the worker; runs that wait fail. */
  close(): Promise<void>
}

type Waiting = { job: CodeJob; onLog: ((line: string) => void) | undefined; resolve: (value: Json) => void; reject: (fault: Fault) => void }

const IDLE_MS = 30_000
/** Added to the first run's time: starting the worker and compiling the interpreter is not the code's doing. */
const START_MS_MAX = 10_000
const WAITING_MAX = 1_000
const WORKER_HEAP_MB = 64
const WORKER_STACK_MB = 8

const WORDS: Record<CodeTrouble, (limits: CodeLimits) => { message: string; hint: string }> = {
  syntax: () => ({ message: 'The code cannot be read', hint: 'Look at the line named, and the one before it.' }),
  threw: () => ({ message: 'The code failed', hint: 'Look at the line named. A value may be missing in this run: test with its data.' }),
  too_slow: ({ cpuMsMax }) => ({
    message: `The code used more than ${cpuMsMax} ms of computing time.`,
    hint: 'Look for a loop without an end, or work on fewer items.',
  }),
  out_of_memory: ({ memoryBytesMax }) => ({
    message: `The code used more than ${Math.round(memoryBytesMax / 1_048_576)} MB of memory.`,
    hint: 'Work on fewer items at once.',
  }),
  too_deep: () => ({
    message: 'The code calls itself too often, or its data is nested too deep.',
    hint: 'Look for a function that calls itself without an end.',
  }),
  result_too_large: ({ outputBytesMax }) => ({
    message: `The result is larger than ${Math.round(outputBytesMax / 1024)} kB.`,
    hint: 'Return only what later steps need.',
  }),
  result_not_json: () => ({
    message: 'The result cannot be written as JSON',
    hint: 'Return text, numbers, true or false, null, lists and objects, without circles.',
  }),
  never_ends: () => ({
    message: 'The code waits for something that never comes.',
    hint: 'There are no timers and no network in a code step; return a value directly.',
  }),
}

function troubleFault(outcome: Extract<CodeOutcome, { ok: false }>, limits: CodeLimits): Fault {
  const { message, hint } = WORDS[outcome.trouble](limits)
  const where = outcome.line === undefined ? '' : ` in line ${outcome.line}`
  return userFault({
    code: `code.${outcome.trouble}`,
    message: outcome.message === '' ? message : `${message.replace(/\.$/, '')}${where}: ${outcome.message}`,
    hint,
    ...(outcome.line === undefined ? {} : { place: `line ${outcome.line}` }),
    details: {
      ...(outcome.line === undefined ? {} : { line: outcome.line }),
      ...(outcome.column === undefined ? {} : { column: outcome.column }),
    },
  })
}

const plainFault = (code: string, kind: FaultFacts['kind'], message: string, hint: string): Fault =>
  new Fault({ code, kind, message, hint })
const closedFault = (): Fault => plainFault('code.closed', 'unavailable', 'Couplet is shutting down.', 'The step runs after the start.')

/** A runner with its own worker. `idleMs` is how long the worker outlives its last run. */
export function createCodeRunner({ idleMs = IDLE_MS }: { idleMs?: number } = {}): CodeRunner {
  const waiting: Waiting[] = []
  let current: Waiting | undefined
  let worker: Worker | undefined
  let stuckTimer: NodeJS.Timeout | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let isClosed = false
  let jobs = 0

  /** Ends the run under way, if it is still that of `from`, and begins the next. */
  function finish(from: Worker, settle: (entry: Waiting) => void): void {
    if (from !== worker || !current) return
    clearTimeout(stuckTimer)
    const entry = current
    current = undefined
    settle(entry)
    next()
  }

  /** Forgets the worker before it has ended: whatever it still says is nobody's business. */
  function discard(): Promise<unknown> {
    const ended = worker?.terminate() ?? Promise.resolve()
    worker = undefined
    return ended
  }

  function start(): Worker {
    const started = new Worker(new URL('./code-worker.ts', import.meta.url), {
      name: 'couplet-code',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB, stackSizeMb: WORKER_STACK_MB },
    })
    started.on('message', (outcome: CodeOutcome) => {
      if (outcome.id !== current?.job.id) return
      for (const line of outcome.logs) current.onLog?.(line)
      const { limits } = current.job
      finish(started, ({ resolve, reject }) => {
        if (!outcome.ok) return reject(troubleFault(outcome, limits))
        const value: Json = JSON.parse(outcome.json)
        return resolve(value)
      })
    })
    const onEnd = (why: string): void => {
      if (started !== worker) return
      const wasRunning = current
      worker = undefined
      if (!wasRunning) return
      clearTimeout(stuckTimer)
      current = undefined
      wasRunning.reject(
        plainFault(
          'code.crashed',
          'user',
          `The code brought down its interpreter (${why}).`,
          'Work on fewer items at once, or write it in another way.',
        ),
      )
      next()
    }
    started.on('error', (error) => onEnd(error instanceof Error ? error.message : String(error)))
    started.on('exit', (code) => onEnd(`exit ${code}`))
    return started
  }

  function next(): void {
    clearTimeout(idleTimer)
    const entry = waiting.shift()
    if (!entry) {
      // Neither the idle worker nor its timer keeps the process alive.
      worker?.unref()
      idleTimer = setTimeout(() => void discard(), idleMs).unref()
      return
    }
    current = entry
    const startMs = worker ? 0 : START_MS_MAX
    const mine = (worker ??= start())
    mine.ref()
    stuckTimer = setTimeout(() => {
      if (mine !== worker || current !== entry) return
      void discard()
      current = undefined
      entry.reject(
        plainFault(
          'code.stuck',
          'user',
          `The code did not end within ${entry.job.limits.stuckAfterMs / 1000} s and was killed.`,
          'Look for a pattern (regular expression) that tries too many ways, or very large texts.',
        ),
      )
      next()
    }, startMs + entry.job.limits.stuckAfterMs)
    mine.postMessage(entry.job, [])
  }

  async function close(): Promise<void> {
    isClosed = true
    clearTimeout(idleTimer)
    clearTimeout(stuckTimer)
    const left = current ? [current, ...waiting] : [...waiting]
    current = undefined
    waiting.length = 0
    for (const entry of left) entry.reject(closedFault())
    await discard()
  }

  return {
    run: (source, input, options = {}) =>
      new Promise((resolve, reject) => {
        const limits = { ...CODE_LIMITS, ...options.limits }
        if (isClosed) return reject(closedFault())
        if (waiting.length >= WAITING_MAX)
          return reject(
            plainFault('code.busy', 'unavailable', 'Too many code steps wait for their turn.', 'The step runs again by itself.'),
          )
        if (jsonBytes(input) > limits.inputBytesMax)
          return reject(
            plainFault(
              'code.input_too_large',
              'user',
              `The input is larger than ${Math.round(limits.inputBytesMax / 1_048_576)} MB.`,
              'Map only what the code needs.',
            ),
          )
        const job: CodeJob = { id: ++jobs, source, inputJson: JSON.stringify(input), nowMs: options.nowMs ?? Date.now(), limits }
        waiting.push({ job, onLog: options.onLog, resolve, reject })
        if (!current) next()
        return undefined
      }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

let shared: CodeRunner | undefined

/** Runs a code step in the worker shared by the process. See `CodeRunner.run`. */
export const runCode: CodeRunner['run'] = (source, input, options) => (shared ??= createCodeRunner()).run(source, input, options)

/** Ends the shared worker; the next `runCode` starts a new one. */
export async function closeCode(): Promise<void> {
  const closing = shared
  shared = undefined
  await closing?.close()
}
