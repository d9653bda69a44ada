import type { Finding } from '@couplet/server'
import { Command } from 'commander'
import { EXIT } from '../print-fault.ts'
import { addressFor, clientFor, withUrl } from './api-client.ts'

const TITLE_WIDTH = 16
/** Another program on the port may take the call and say nothing. */
const ANSWER_MAX_MS = 5_000
const MARKS = { ok: 'ok         ', look: 'please look', bad: 'BAD        ' } as const

/** Looks at everything Couplet needs and at how a running one is doing. Changes nothing. */
export function doctorCommand(): Command {
  return withUrl(new Command('doctor'))
    .description('Check everything Couplet needs, and how a running one is doing')
    .option('--json', 'write the findings as JSON')
    .action(doctor)
}

async function doctor(options: { url?: string; json?: boolean }): Promise<void> {
  const { examine, readConfig } = await import('@couplet/server')
  const config = readConfig()
  const findings = await examine(config, await runningAt(options))
  const worst = findings.some(({ state }) => state === 'bad') ? 'bad' : findings.some(({ state }) => state === 'look') ? 'look' : 'ok'
  if (worst === 'bad') process.exitCode = EXIT.problems
  if (options.json === true) {
    console.log(JSON.stringify({ state: worst, checks: findings }, undefined, 2))
    return
  }
  for (const finding of findings) print(finding)
}

/** Where Couplet answers: only one that takes our token counts, not whatever else listens on the port. */
async function runningAt(options: { url?: string }): Promise<string | undefined> {
  const client = await clientFor(options)
  const running = await client.system.get({ signal: AbortSignal.timeout(ANSWER_MAX_MS) }).catch(() => undefined)
  return running && (await addressFor(options))
}

function print({ check, state, found, todo }: Finding): void {
  console.log(`${MARKS[state]}  ${check.padEnd(TITLE_WIDTH)}${found}`)
  if (todo !== undefined) console.log(`${' '.repeat(MARKS.ok.length + 2 + TITLE_WIDTH)}To do: ${todo}`)
}
