import { parentPort } from 'node:worker_threads'
import { newQuickJSWASMModuleFromVariant, type QuickJSContext, RELEASE_SYNC } from 'quickjs-emscripten'
import type { CodeJob, CodeOutcome, CodeTrouble } from './code-limits.ts'

/*
 * The worker's side of a code step. Every run gets a new instance of the interpreter (some 5 ms): its memory is the only thing code can
 * reach, and code that broke it leaves nothing for the next run, which may belong to somebody else.
 */

/** Lines that the interpreter's function constructor puts in front of the source. */
const LINES_BEFORE = 2

/**
 * Runs inside the interpreter, before and around the person's code. It keeps its own hold on what the code could replace, answers one
 * JSON text, and gives the code a clock that stands still: a run repeated after a crash then computes the same.
 */
const FRAME = `(async function (log, nowMs, source, inputJson, logCharsMax) {
  const { parse, stringify } = JSON
  const text = String
  const cut = Function.prototype.call.bind(String.prototype.slice)
  const show = (value) => { try { return typeof value === 'string' ? value : stringify(value) ?? text(value) } catch { return text(value) } }
  const line = (...values) => { let out = ''; for (let i = 0; i < values.length; i++) out += (i ? ' ' : '') + show(values[i]); log(cut(out, 0, logCharsMax)) }
  globalThis.console = { log: line, info: line, warn: line, error: line, debug: line }
  const RealDate = Date
  const StillDate = function Date(...parts) {
    if (!new.target) return new RealDate(nowMs).toString()
    return Reflect.construct(RealDate, parts.length === 0 ? [nowMs] : parts, new.target)
  }
  StillDate.prototype = RealDate.prototype
  StillDate.prototype.constructor = StillDate
  StillDate.now = () => nowMs
  StillDate.parse = RealDate.parse
  StillDate.UTC = RealDate.UTC
  globalThis.Date = StillDate
  const trouble = (stage, error) => {
    let name = '', message = '', stack = ''
    try {
      if (error instanceof Error) { name = text(error.name); message = text(error.message); stack = text(error.stack) } else message = show(error)
    } catch {}
    return stringify({ stage, name: cut(name, 0, 100), message: cut(message, 0, 1000), stack: cut(stack, 0, 4000) })
  }
  const AsyncFunction = Object.getPrototypeOf(async function () {}).constructor
  let run
  try { run = new AsyncFunction('input', source) } catch (error) { return trouble('syntax', error) }
  let value
  try { value = await run(parse(inputJson)) } catch (error) { return trouble('threw', error) }
  try { return '=' + (stringify(value) ?? 'null') } catch (error) { return trouble('result_not_json', error) }
})`

type Told = { stage: CodeTrouble; name: string; message: string; stack: string }

const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function placeIn(stack: string, source: string): { line?: number; column?: number } {
  const found = /<input>:(\d+)(?::(\d+))?/.exec(stack)
  if (!found) return {}
  const line = Math.min(Math.max(1, Number(found[1]) - LINES_BEFORE), source.split('\n').length)
  return found[2] === undefined ? { line } : { line, column: Number(found[2]) }
}

function describe(told: Told, source: string): Omit<Extract<CodeOutcome, { ok: false }>, 'id' | 'logs'> {
  const inner = told.name === 'InternalError' ? told.message : ''
  const trouble = inner === 'out of memory' ? 'out_of_memory' : inner === 'stack overflow' ? 'too_deep' : told.stage
  const message = told.name === '' ? told.message : `${told.name}: ${told.message}`
  return { ok: false, trouble, message, ...placeIn(told.stack, source) }
}

async function perform(job: CodeJob): Promise<CodeOutcome> {
  const { id, source, limits } = job
  const logs: string[] = []
  const fail = (trouble: CodeTrouble, message: string): CodeOutcome => ({ id, logs, ok: false, trouble, message })
  const quickjs = await newQuickJSWASMModuleFromVariant(RELEASE_SYNC)
  const runtime = quickjs.newRuntime({ memoryLimitBytes: limits.memoryBytesMax, maxStackSizeBytes: limits.stackBytesMax })
  let isTooSlow = false
  const cpuEnd = threadCpuMs() + limits.cpuMsMax
  runtime.setInterruptHandler(() => (isTooSlow ||= threadCpuMs() > cpuEnd))
  const context = runtime.newContext()
  try {
    const answer = callFrame(context, job, (line) => {
      if (logs.length < limits.logLinesMax) logs.push(line)
    })
    if (isTooSlow) return fail('too_slow', '')
    if (answer === undefined) return fail('never_ends', '')
    if (!answer.startsWith('=')) {
      const told: Told = JSON.parse(answer)
      return { id, logs, ...describe(told, source) }
    }
    const json = answer.slice(1)
    if (Buffer.byteLength(json) > limits.outputBytesMax) return fail('result_too_large', '')
    return { id, logs, ok: true, json }
  } catch (error) {
    if (isTooSlow) return fail('too_slow', '')
    // The interpreter recurses natively in a few places (parsing JSON, for one) and meets the end of our own stack there.
    if (error instanceof RangeError) return fail('too_deep', '')
    const message = error instanceof Error ? error.message : String(error)
    return fail(/memory/i.test(message) ? 'out_of_memory' : 'threw', message)
  }
}

/** The frame's answer: "=" and the result as JSON, or trouble as JSON; `undefined` when the code waits for what never comes. */
function callFrame(context: QuickJSContext, job: CodeJob, log: (line: string) => void): string | undefined {
  const frame = context.unwrapResult(context.evalCode(FRAME, 'frame'))
  const logger = context.newFunction('log', (line) => log(context.getString(line)))
  const given = [
    logger,
    context.newNumber(job.nowMs),
    context.newString(job.source),
    context.newString(job.inputJson),
    context.newNumber(job.limits.logCharsMax),
  ]
  const promise = context.unwrapResult(context.callFunction(frame, context.undefined, ...given))
  const jobs = context.runtime.executePendingJobs()
  if (jobs.error) throw new Error(String(Reflect.get(Object(context.dump(jobs.error)), 'message')))
  const state = context.getPromiseState(promise)
  if (state.type === 'pending') return undefined
  if (state.type === 'rejected') throw new Error(String(Reflect.get(Object(context.dump(state.error)), 'message')))
  return context.getString(state.value)
}

parentPort?.on('message', (job: CodeJob) => {
  void perform(job).then(
    (outcome) => parentPort?.postMessage(outcome, []),
    (error: unknown) =>
      parentPort?.postMessage({ id: job.id, logs: [], ok: false, trouble: 'threw', message: String(error) } satisfies CodeOutcome, []),
  )
})
