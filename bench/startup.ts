/**
 * First start, later starts, the first webhook a start accepts, idle memory, installed size: `npm run bench -- startup [--later 5]`.
 * Webhooks are sent all the while a start goes on; ends with 1 when one was answered 2xx and has no run.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bytesIn, neededToRun, packagesIn } from '../scripts/needed-to-run.ts'
import { freePort, root, startCoupletProcess } from './support/couplet-process.ts'
import { publishHook } from './support/f1.ts'
import { machine, median } from './support/machine.ts'
import { treeMemory } from './support/process-tree.ts'

const IDLE_AFTER_MS = 8_000
const { values } = parseArgs({
  options: { later: { type: 'string', default: '5' }, sizes: { type: 'boolean', default: true } },
  allowNegative: true,
})

const dataDir = mkdtempSync(join(tmpdir(), 'couplet-bench-'))
const port = await freePort()
const start = () => startCoupletProcess({ dataDir, port })
const definition = {
  format: 1,
  name: 'Started',
  slots: {},
  trigger: { operation: 'builtin.webhook.received', version: 1, input: {} },
  steps: [{ kind: 'stop', id: 'end', outcome: 'done' }],
}
const SEND_EVERY_MS = 10
let sent = 0

/** Sends webhooks until it is told to stop; answers what each was told, and when the first one was accepted (ms since the call). */
function sendAllTheWhile(hookUrl: string) {
  const startedAt = performance.now()
  const answers: { ms: number; status: number }[] = []
  const sending = new Set<Promise<void>>()
  const timer = setInterval(() => {
    const posted = fetch(hookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ number: ++sent }),
    })
      .then(
        async (answer) => {
          await answer.arrayBuffer()
          answers.push({ ms: Math.round(performance.now() - startedAt), status: answer.status })
        },
        () => void answers.push({ ms: Math.round(performance.now() - startedAt), status: 0 }),
      )
      .finally(() => sending.delete(posted))
    sending.add(posted)
  }, SEND_EVERY_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await Promise.all(sending)
      return answers
    },
  }
}

let hookUrl = ''
let acceptedOfAll = 0
let runsInAll = 0
const firstAcceptedMs: number[] = []
const whileStarting: Record<string, number> = {}

let firstMs = 0
let idle
const laterMs: number[] = []
try {
  {
    await using first = await start()
    firstMs = first.readyMs
    await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS))
    idle = treeMemory([first.pid])
    ;({ hookUrl } = await publishHook({ couplet: first, dataDir, port, definition }))
  }
  for (let i = 0; i < Number(values.later); i++) {
    const webhooks = sendAllTheWhile(hookUrl)
    await using later = await start()
    laterMs.push(later.readyMs)
    await new Promise((resolve) => setTimeout(resolve, 300))
    const answers = await webhooks.stop()
    const accepted = answers.filter(({ status }) => status >= 200 && status < 300)
    acceptedOfAll += accepted.length
    firstAcceptedMs.push(Math.min(...accepted.map(({ ms }) => ms)))
    for (const { status } of answers) {
      const told = status === 0 ? 'no connection' : String(status)
      whileStarting[told] = (whileStarting[told] ?? 0) + 1
    }
    if (i === Number(values.later) - 1) {
      const { client } = await publishHook({ couplet: later, dataDir, port, definition })
      // Counted from what is stored, a moment after the last answer.
      runsInAll = Object.values((await client.runs.counts({ query: {} })).counts).reduce((sum, count) => sum + count, 0)
    }
  }
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}

const sizeMB = (folder: string): number => Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0])

/** What a machine that only runs Couplet holds after `npm run slim`. */
function slimSizeMB(): number {
  const modules = join(root, 'node_modules')
  const { packages, notRead } = neededToRun(root)
  const others = packagesIn(modules).filter((folder) => !packages.has(folder))
  const outermost = others.filter((folder) => !others.some((other) => folder.startsWith(`${other}/`)))
  return Math.round((bytesIn(modules) - [...outermost, ...notRead].reduce((sum, folder) => sum + bytesIn(folder), 0)) / 1e6)
}

const installed = values.sizes ? { withDevelopmentToolsMB: sizeMB(join(root, 'node_modules')), toRunMB: slimSizeMB() } : undefined
const result = {
  machine: machine(),
  firstStartMs: firstMs,
  laterStartMs: { median: median(laterMs), all: laterMs },
  firstAcceptedMs: { median: median(firstAcceptedMs), all: firstAcceptedMs },
  webhooksWhileStarting: { told: whileStarting, accepted: acceptedOfAll, runs: runsInAll },
  idleMemory: idle,
  installed,
}
console.log(
  [
    `first start to ready   ${firstMs} ms`,
    `later starts, median   ${result.laterStartMs.median} ms  (${laterMs.join(', ')})`,
    `first webhook accepted ${result.firstAcceptedMs.median} ms after a later start  (${firstAcceptedMs.join(', ')})`,
    `sent while starting    ${Object.entries(whileStarting)
      .map(([told, count]) => `${told}: ${count}`)
      .join(', ')}; ${acceptedOfAll} accepted, ${runsInAll} runs`,
    `idle memory            ${idle.pssMB} MB (PSS; RSS sum ${idle.rssMB} MB in ${idle.processes} processes)`,
    ...(installed
      ? [`installed to run       ${installed.toRunMB} MB (with development tools ${installed.withDevelopmentToolsMB} MB)`]
      : []),
  ].join('\n'),
)
console.log(JSON.stringify(result))
process.exitCode = acceptedOfAll === runsInAll ? 0 : 1
