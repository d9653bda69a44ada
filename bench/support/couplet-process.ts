import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')

export type CoupletProcess = AsyncDisposable & {
  child: ChildProcess
  pid: number
  url: string
  readyMs: number
  kill(signal: NodeJS.Signals): Promise<void>
}

const READY_MAX_MS = 60_000
const ASK_EVERY_MS = 15

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  if (typeof address !== 'object' || address === null) throw new Error('No free port')
  return address.port
}

/** Starts the real command in its own process and waits until it says it is ready. Time is from spawn to the first 200 of /readyz. */
export async function startCoupletProcess(options: {
  dataDir: string
  port: number
  command?: string
  args?: readonly string[]
  env?: Record<string, string>
}): Promise<CoupletProcess> {
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [
      join(root, 'packages/cli/couplet.ts'),
      options.command ?? 'start',
      '--port',
      String(options.port),
      '--data',
      options.dataDir,
      ...(options.args ?? []),
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LOG_LEVEL: 'warn', ...options.env },
    },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const url = `http://127.0.0.1:${options.port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Couplet ended with ${child.exitCode}:\n${output}`)
    const isReady = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    )
    if (isReady) break
    if (performance.now() - startedAt > READY_MAX_MS) throw new Error(`Couplet was not ready after ${READY_MAX_MS} ms:\n${output}`)
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    child,
    pid: child.pid ?? 0,
    url,
    readyMs: Math.round(performance.now() - startedAt),
    kill,
    [Symbol.asyncDispose]: () => kill('SIGTERM'),
  }
}
