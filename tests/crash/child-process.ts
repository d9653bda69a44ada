import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { z } from 'zod'

export type ChildOrders = {
  dataDir?: string
  url?: string
  vendorUrl: string
  isWeb: boolean
  isWorker: boolean
  failpoints?: string
  connectionsMax?: number
  migrations?: string
}

const Ready = z.object({ ready: z.object({ url: z.string(), webUrl: z.string(), databasePid: z.int() }) })
const Ask = z.object({ ask: z.string(), databasePid: z.int().optional() })

export type CoupletChild = {
  process: ChildProcess
  pid: number
  url: string
  webUrl: string
  /** PostgreSQL, when the child started it. */
  databasePid: number
  /** Set once the process is gone, by whatever way. */
  exited: Promise<void>
  isGone(): boolean
  kill(signal: NodeJS.Signals): Promise<void>
  /** Asks it to end as an operator would; resolves when it has. */
  stop(): Promise<void>
}

const READY_MS = 60_000
const STOP_MS = 30_000

/** Starts a Couplet of the crash tests and waits until it is ready. `onAsk` does what the child asks of its parent. */
export async function startChild(
  orders: ChildOrders,
  onAsk: (ask: string, databasePid: number | undefined) => Promise<void> = async () => undefined,
): Promise<CoupletChild> {
  const child = fork(join(import.meta.dirname, 'child.ts'), [JSON.stringify({ failpoints: '', ...orders })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [],
  })
  const pid = child.pid ?? 0
  let isGone = false
  const exited = once(child, 'exit').then(() => {
    isGone = true
  })
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (!isGone) child.kill(signal)
    if (signal === 'SIGKILL') await exited
  }
  const ready = new Promise<z.output<typeof Ready>['ready']>((resolve, reject) => {
    child.on('message', (message) => {
      const asked = Ask.safeParse(message)
      if (asked.success) {
        void onAsk(asked.data.ask, asked.data.databasePid).then(() => {
          if (!isGone) child.send(`${asked.data.ask} done`, () => undefined)
        })
        return
      }
      const answer = Ready.safeParse(message)
      if (answer.success) resolve(answer.data.ready)
    })
    void exited.then(() => reject(new Error('The child ended before it was ready')))
    setTimeout(() => reject(new Error('The child was not ready in time')), READY_MS).unref()
  })
  const facts = await ready
  return {
    process: child,
    pid,
    ...facts,
    exited,
    isGone: () => isGone,
    kill,
    stop: async () => {
      if (isGone) return
      child.send('stop', () => undefined)
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
      await exited
      clearTimeout(timer)
    },
  }
}
