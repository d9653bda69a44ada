/** First start, later starts, idle memory, installed size: `npm run bench -- startup [--later 5]`. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bytesIn, neededToRun, packagesIn } from '../scripts/needed-to-run.ts'
import { freePort, root, startCoupletProcess } from './support/couplet-process.ts'
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

let firstMs = 0
let idle
const laterMs: number[] = []
try {
  {
    await using first = await start()
    firstMs = first.readyMs
    await new Promise((resolve) => setTimeout(resolve, IDLE_AFTER_MS))
    idle = treeMemory([first.pid])
  }
  for (let i = 0; i < Number(values.later); i++) {
    await using later = await start()
    laterMs.push(later.readyMs)
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
  idleMemory: idle,
  installed,
}
console.log(
  [
    `first start to ready   ${firstMs} ms`,
    `later starts, median   ${result.laterStartMs.median} ms  (${laterMs.join(', ')})`,
    `idle memory            ${idle.pssMB} MB (PSS; RSS sum ${idle.rssMB} MB in ${idle.processes} processes)`,
    ...(installed
      ? [`installed to run       ${installed.toRunMB} MB (with development tools ${installed.withDevelopmentToolsMB} MB)`]
      : []),
  ].join('\n'),
)
console.log(JSON.stringify(result))
