/**
 * Benchmarks: `npm run bench` runs the usual ones after each other (about a quarter of an hour), `npm run bench -- <name> [options]` one of them. Each is a
 * script that measures, prints a table and one JSON document with the machine, and stops by itself. Figures belong to the machine they were measured on;
 * `docs/benchmarks.md` keeps ours with command and date.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'bench.ts')
  .map((file) => file.slice(0, -3))
const [name = '', ...rest] = process.argv.slice(2)

/** What the promises of speed and safety are measured by. The ten minutes of chaos and 100,000 runs of memory are asked for by name. */
const USUAL = [
  ['startup'],
  ['throughput'],
  ['limit'],
  ['limit', '--flows', '2', '--workers', '3'],
  ['poll'],
  ['kill', '--times', '20'],
  ['scale'],
  ['history'],
] as const

const run = (script: string, options: readonly string[]): number =>
  spawnSync(process.execPath, [join(here, `${script}.ts`), ...options], { stdio: 'inherit' }).status ?? 1

if (name === '') {
  const failed = USUAL.filter(([script, ...options]) => {
    console.log(`\n== ${[script, ...options].join(' ')}`)
    return run(script, options) !== 0
  })
  console.log(`\n${USUAL.length - failed.length} of ${USUAL.length} measured as promised. Others by name: ${names.join(', ')}.`)
  process.exit(failed.length === 0 ? 0 : 1)
}
if (!names.includes(name)) {
  console.error(`There is no benchmark "${name}".\nThere are: ${names.join(', ')}.`)
  process.exit(2)
}
process.exit(run(name, rest))
