import { Command } from 'commander'
import { EXIT, printFault } from '../print-fault.ts'
import { openBrowser } from '../open-browser.ts'
import { buildWebApp } from '../web-build.ts'

type StartOptions = { port?: string; host?: string; data?: string; sandbox: boolean }

/** `start`, and its two halves for installations of several processes. */
export function startCommands(): Command[] {
  const start = new Command('start').description('Start Couplet: page, API and worker in one process')
  const web = new Command('web').description('Start the page and the API only; runs are performed by workers')
  for (const command of [start, web])
    command
      .option('--port <number>', 'port to listen on (default 4300)')
      .option('--host <address>', 'address to listen on (default 127.0.0.1)')
  const worker = new Command('worker').description('Start a worker that performs runs, beside "couplet web"')
  for (const command of [start, web, worker])
    command.option('--data <folder>', 'data folder (default ./data)').option('--no-sandbox', 'do not start the simulated vendors')
  return [
    start.action((options: StartOptions) => serve(options, ['web', 'worker'])),
    web.action((options: StartOptions) => serve(options, ['web'])),
    worker.action((options: StartOptions) => serve(options, ['worker'])),
  ]
}

const STOP_WAIT_MS = 20_000
const RELEASE_AFTER_MS = [1_000, 30_000]

/** Runs until a signal, then stops cleanly. A second signal ends at once. */
async function serve(options: StartOptions, roles: readonly ('web' | 'worker')[]): Promise<void> {
  const { isLoopback, keepHeapSmall, readConfig, readPort, releaseStartMemory, ROOT, startCouplet, VERSION } =
    await import('@couplet/server')
  const { resolve } = await import('node:path')
  const base = readConfig()
  const config = {
    ...base,
    ...(options.port === undefined ? {} : { port: readPort('--port', options.port) }),
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.data === undefined ? {} : { dataDir: resolve(options.data) }),
    isSandboxOn: base.isSandboxOn && options.sandbox,
  }
  if (roles.includes('web')) await buildWebApp(ROOT, (line) => console.log(line))
  const stopAsked = untilSignal()
  keepHeapSmall()
  const couplet = await startCouplet({ config, roles, onNotice: (line) => console.log(line) })
  const { sandbox, parts, url, setUpUrl } = couplet
  console.log(`Couplet ${VERSION} is ready${url === undefined ? ' (worker)' : ` on ${url}`} after ${process.uptime().toFixed(1)} s`)
  console.log(
    `  database  ${parts.installation.database === 'embedded' ? `embedded PostgreSQL in ${config.dataDir}` : 'the one in DATABASE_URL'}`,
  )
  if (sandbox) console.log(`  sandbox   ${sandbox.vendors.map((vendor) => `${vendor.vendor} ${vendor.url}`).join(', ')}`)
  if (setUpUrl !== undefined) {
    console.log(`\n  Set up Couplet with this link (it works once, until the next start):\n    ${setUpUrl}\n`)
    if (process.stdout.isTTY && isLoopback(config.host)) openBrowser(setUpUrl)
  }
  console.log('  Stop with Ctrl-C.')
  // Once after the start, and once more after the first polls have read what there is.
  const settling = RELEASE_AFTER_MS.map((ms) => setTimeout(releaseStartMemory, ms))

  const why = await stopAsked
  for (const timer of settling) clearTimeout(timer)
  if (why instanceof Error) {
    printFault(why)
    process.exitCode = EXIT.failed
  } else console.log('Stopping…')
  const giveUp = setTimeout(() => {
    console.error('Couplet did not stop in time; what was under way goes on at the next start.')
    process.exit(EXIT.failed)
  }, STOP_WAIT_MS)
  await couplet[Symbol.asyncDispose]()
  clearTimeout(giveUp)
  console.log('Stopped.')
}

/** Resolves at the first SIGINT or SIGTERM, or with an error nobody caught. The second signal ends the process. */
function untilSignal(): Promise<NodeJS.Signals | Error> {
  return new Promise((resolve) => {
    let isAsked = false
    const ask = (why: NodeJS.Signals | Error) => {
      if (isAsked && !(why instanceof Error)) process.exit(EXIT.failed)
      isAsked = true
      resolve(why)
    }
    process.on('SIGINT', ask)
    process.on('SIGTERM', ask)
    process.on('uncaughtException', (error) => ask(error))
  })
}
