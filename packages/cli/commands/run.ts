import type { RunDetail, RunSummary, StepView } from '@couplet/api'
import { userFault } from '@couplet/core'
import { Command } from 'commander'
import { clientFor, withUrl } from './api-client.ts'

type ListOptions = { url?: string; flow?: string; state?: string; limit: string; json?: boolean }

/** What became of runs, and what to do about them. */
export function runCommand(): Command {
  const run = new Command('run').description('See, replay and cancel runs')
  run.addCommand(
    withUrl(new Command('list'))
      .description('List runs, newest first')
      .option('--flow <name>', 'only of this flow')
      .option('--state <states>', 'only in these states, separated by commas')
      .option('--limit <number>', 'how many', '20')
      .option('--json', 'print JSON')
      .action(list),
  )
  run.addCommand(
    withUrl(new Command('show'))
      .description('Show one run with its steps and vendor calls')
      .argument('<run>')
      .option('--json', 'print JSON')
      .action(show),
  )
  run.addCommand(
    withUrl(new Command('replay'))
      .description('Repeat an ended run')
      .argument('<run>')
      .option('--from-failed', 'keep what was done and begin at the failed step')
      .option('--newest', 'with the newest version of the flow')
      .action(replay),
  )
  run.addCommand(withUrl(new Command('cancel')).description('End a run that is under way').argument('<run>').action(cancel))
  return run
}

async function list(options: ListOptions): Promise<void> {
  const client = await clientFor(options)
  const flow =
    options.flow === undefined
      ? undefined
      : (await client.flows.list()).flows.find((one) => one.name === options.flow || one.id === options.flow)
  if (options.flow !== undefined && !flow)
    throw userFault({
      code: 'flow.not_found',
      message: `There is no flow named "${options.flow}".`,
      hint: 'See the names with: couplet flow pull --help, or on the page.',
    })
  const { runs } = await client.runs.list({
    query: { limit: options.limit, ...(flow ? { flow: flow.id } : {}), ...(options.state === undefined ? {} : { state: options.state }) },
  })
  if (options.json === true) console.log(JSON.stringify(runs, undefined, 2))
  else if (runs.length === 0) console.log('No runs.')
  else for (const run of runs) console.log(runLine(run))
}

const runLine = (run: RunSummary): string =>
  `${run.createdAt.slice(0, 19).replace('T', ' ')}  ${run.state.padEnd(9)}  ${run.id}  ${run.flowName}: ${run.fault?.message ?? run.summary ?? ''}`

async function show(id: string, options: { url?: string; json?: boolean }): Promise<void> {
  const run = await (await clientFor(options)).runs.get({ params: { run: id } })
  if (options.json === true) console.log(JSON.stringify(run, undefined, 2))
  else console.log(runLines(run).join('\n'))
}

function runLines(run: RunDetail): string[] {
  const head = [
    `${run.flowName}, version ${run.version} (${run.environment})`,
    `${run.state}: ${run.fault?.message ?? run.summary ?? 'under way'}`,
  ]
  if (run.fault?.hint !== undefined) head.push(`To do: ${run.fault.hint}`)
  if (run.can.length > 0) head.push(`Possible now: ${run.can.join(', ')}`)
  return [...head, ...run.steps.flatMap(stepLines)]
}

function stepLines(step: StepView): string[] {
  const calls = step.attempts
    .flatMap((attempt) => attempt.exchanges)
    .map((exchange) => `      ${exchange.method} ${exchange.url} -> ${exchange.status ?? 'no answer'} (${exchange.tookMs} ms)`)
  const words = step.fault?.message ?? step.note ?? (step.taken === undefined ? '' : `took "${step.taken}"`)
  return [`  ${step.state.padEnd(9)} ${step.key.padEnd(24)} ${step.title}${words === '' ? '' : `: ${words}`}`, ...calls]
}

async function replay(id: string, options: { url?: string; fromFailed?: boolean; newest?: boolean }): Promise<void> {
  const { runId } = await (
    await clientFor(options)
  ).runs.replay({
    params: { run: id },
    body: { from: options.fromFailed === true ? 'failed' : 'start', version: options.newest === true ? 'newest' : 'same' },
  })
  console.log(`Started ${runId}. See it with: couplet run show ${runId}`)
}

async function cancel(id: string, options: { url?: string }): Promise<void> {
  await (await clientFor(options)).runs.cancel({ params: { run: id } })
  console.log('It ends after the step it is at.')
}
