/**
 * Benchmarks: `npm run bench -- <name> [options]`. Each is a script that measures, prints a table and one JSON document, and stops by itself.
 * Figures belong to the machine they were measured on; `docs/benchmarks.md` keeps ours with command and date.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && file !== 'bench.ts')
  .map((file) => file.slice(0, -3))
const [name = '', ...rest] = process.argv.slice(2)

if (!names.includes(name) || !existsSync(join(here, `${name}.ts`))) {
  console.error(`${name === '' ? 'Name a benchmark.' : `There is no benchmark "${name}".`}\nThere are: ${names.join(', ')}.`)
  process.exit(2)
}
const { status } = spawnSync(process.execPath, [join(here, `${name}.ts`), ...rest], { stdio: 'inherit' })
process.exit(status ?? 1)
