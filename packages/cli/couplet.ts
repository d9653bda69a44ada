#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/*
 * The couplet command. Nothing else may be imported here: an old Node must reach the message below, and the cache of compiled modules
 * must be on before the first of them is loaded (it halves the start).
 */
const NODE_MAJOR_MIN = 24

if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN) {
  console.error(
    `Couplet needs Node ${NODE_MAJOR_MIN} or newer.\n  This is Node ${process.versions.node}.\n  Use "npm start" and "npm run", which bring their own Node on Linux, or install a newer one.`,
  )
  process.exitCode = 1
} else {
  enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'couplet'))
  const { main } = await import('./program.ts')
  await main(process.argv)
}
