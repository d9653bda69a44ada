/**
 * Makes an installation that only runs Couplet small, after `npm ci && npm run build`:
 *
 *     npm run slim
 *
 * Takes away every package that nothing in `packages/` needs to run, and the C headers that come with Node. `npm prune --omit=dev` alone keeps tools
 * that some library names as an optional peer. `npm ci` brings everything back.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { neededToRun, packagesIn, sizeOfMB } from './needed-to-run.ts'

const root = join(import.meta.dirname, '..')
const modules = join(root, 'node_modules')
const before = sizeOfMB(modules)
const needed = neededToRun(root)
let removed = 0
for (const folder of packagesIn(modules))
  if (!needed.packages.has(folder)) {
    rmSync(folder, { recursive: true, force: true })
    removed += 1
  }
for (const folder of needed.notRead) rmSync(folder, { recursive: true, force: true })
console.log(`${removed} packages taken away: ${before} MB are now ${sizeOfMB(modules)} MB.`)
