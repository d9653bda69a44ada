import { join, resolve } from 'node:path'
import { bug, toFault } from '@couplet/core'
import { type Client, createClient, type FlowDetail } from '@couplet/api'
import { readConfig, startCouplet } from '@couplet/server'
import { Command } from 'commander'
import { changeLines, type DemoFlow, stepLines, stepsOf, table } from './report.ts'
import { type Scenario, scenarios } from './scenarios.ts'
import { createTools, type DemoTools } from './tools.ts'
import { vendorChanges } from './vendor-changes.ts'

export type DemoOptions = { json: boolean; dataDir: string }

/** Flows that support the six: they are installed too, and the demo does not show them by themselves. */
const SUPPORTING = ['close-planner-tag-tasks']

/** `couplet demo`: exit code 0 when every flow did its job, else 1. */
export const demoCommand = new Command('demo')
  .description('Run the six seed flows against the sandbox and show every call and what it changed')
  .option('--json', 'print one JSON document instead of text', false)
  .option('--data <folder>', "folder for the demo's own database", join(readConfig().dataDir, 'demo'))
  .action(async (options: { json: boolean; data: string }) => {
    process.exitCode = await runDemo({ json: options.json, dataDir: resolve(options.data) })
  })

/**
 * Runs the six seed flows against the sandbox, over real HTTP, in a Couplet of its own. Starts from fresh sample data each time. Answers the
 * exit code: 0 when every flow did its job.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const say = (line: string): void => {
    if (!options.json) console.log(line)
  }
  say('Starting Couplet with its own database and the simulated vendors …')
  const config = {
    ...readConfig(),
    dataDir: options.dataDir,
    port: 0,
    host: '127.0.0.1',
    isSandboxOn: true,
    databaseUrl: undefined,
    publicUrl: undefined,
    logLevel: 'silent' as const,
  }
  await using couplet = await startCouplet({ config, sandboxPorts: { highlevel: 0, heyzine: 0, payaca: 0 } })
  if (couplet.url === undefined) throw bug('The demo has no address.')
  const client = createClient({ baseUrl: couplet.url, headers: { authorization: `Bearer ${couplet.localToken ?? ''}` } })
  const { vendors } = await client.sandbox.get()
  const urls = Object.fromEntries(vendors.map((vendor) => [vendor.vendor, vendor.url]))
  const tools = createTools(client, urls)
  await startFresh(client, urls)
  say(`Ready at ${couplet.url}\n`)

  const results: DemoFlow[] = []
  for (const [index, scenario] of scenarios.entries()) results.push(await show(client, tools, scenario, index + 1, say))
  const isAllDone = results.every((flow) => flow.status === 'done')
  if (options.json) console.log(JSON.stringify({ ok: isAllDone, flows: results }, null, 2))
  say(`\n${table(results)}\n`)
  say(isAllDone ? 'All six flows did their job.' : 'Not every flow did its job; see above.')
  return isAllDone ? 0 : 1
}

/** Sample data at the vendors, no flows and tables at Couplet, then the templates again. */
async function startFresh(client: Client, urls: Readonly<Record<string, string>>): Promise<void> {
  for (const url of Object.values(urls)) await fetch(`${url}/__sim/reset`, { method: 'POST' })
  for (const flow of (await client.flows.list()).flows) await client.flows.remove({ params: { flow: flow.id } })
  for (const known of (await client.tables.list()).tables) await client.tables.remove({ params: { table: known.name } })
  for (const template of [...scenarios.map((scenario) => scenario.template), ...SUPPORTING]) {
    const flow = await client.templates.instantiate({ params: { template }, body: {} })
    if (template === 'statistics-report-flipbook' || SUPPORTING.includes(template))
      await client.flows.publish({ params: { flow: flow.id }, body: {} })
  }
}

async function show(client: Client, tools: DemoTools, scenario: Scenario, number: number, say: (line: string) => void): Promise<DemoFlow> {
  const startedAt = performance.now()
  const before = await tools.states()
  let flow: FlowDetail | undefined
  let result: Omit<DemoFlow, 'durationMs'> = {
    name: scenario.template,
    template: scenario.template,
    status: 'failed',
    runId: '',
    proof: '',
    steps: [],
    writes: [],
  }
  try {
    flow = await findFlow(client, scenario.template)
    say(`${number}. ${flow.name}\n   ${flow.sentence}\n   ${scenario.story}`)
    if (flow.state !== 'on') await client.flows.publish({ params: { flow: flow.id }, body: {} })
    const runId = await scenario.act(tools, flow.id)
    const run = await tools.follow(runId)
    for (const step of run.steps) for (const line of stepLines(step)) say(line)
    result = { ...result, name: flow.name, runId, steps: stepsOf(run) }
    if (run.state !== 'done')
      throw new Error(`The run ended as ${run.state}: ${run.fault?.message ?? run.summary ?? ''} ${run.fault?.hint ?? ''}`)
    const proof = await scenario.prove(tools)
    const writes = vendorChanges(before, await tools.states())
    say('   Changed at the vendors:')
    for (const line of changeLines(writes)) say(line)
    const afterwards = await scenario.afterwards?.(tools, flow.id)
    say(`   ✓ ${proof}${afterwards === undefined ? '' : `\n   ✓ ${afterwards}`}\n`)
    result = { ...result, status: 'done', proof: afterwards === undefined ? proof : `${proof} ${afterwards}`, writes }
  } catch (error) {
    const fault = toFault(error)
    const message = fault.code === 'couplet.bug' && error instanceof Error ? error.message : fault.message
    say(`   ✗ ${message}${fault.code === 'couplet.bug' ? '' : `\n     ${fault.hint ?? ''}`}\n`)
    result = { ...result, ...(flow ? { name: flow.name } : {}), proof: message, writes: vendorChanges(before, await tools.states()) }
  }
  return { ...result, durationMs: Math.round(performance.now() - startedAt) }
}

async function findFlow(client: Client, template: string): Promise<FlowDetail> {
  const found = (await client.flows.list()).flows.find((flow) => flow.template === template)
  if (!found) throw new Error(`No flow was made from the template "${template}".`)
  return client.flows.get({ params: { flow: found.id } })
}
