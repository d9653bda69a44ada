/**
 * Does what `deploy/Dockerfile` does, without a container engine: a copy of the last commit in an empty folder, the same commands in the same order,
 * then the start command with the image's settings until its health check passes.
 *
 *     node scripts/replay-image.ts
 *
 * Not replayed: the base image, its system packages, its user, and that nothing else is in it.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'

const PORT = '43177'
const READY_MAX_MS = 60_000

const root = join(import.meta.dirname, '..')
const lines = (await readFile(join(root, 'deploy', 'Dockerfile'), 'utf8')).replaceAll(/\\\n\s*/g, '').split('\n')
const one = (start: string, has = ''): string =>
  lines.find((line) => line.startsWith(start) && line.includes(has))?.slice(start.length) ?? ''
const words = (json: string): string[] => z.array(z.string()).parse(JSON.parse(json))

const folder = mkdtempSync(join(tmpdir(), 'couplet-image-'))
const app = join(folder, 'opt')
const inApp = (command: string, args: readonly string[]) => execFileSync(command, args, { cwd: app, stdio: 'inherit' })
try {
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, app])
  inApp('sh', ['-c', one('RUN ', 'npm ci').trim()])
  const [node = '', ...rest] = [...words(one('ENTRYPOINT ')), ...words(one('CMD '))]
  const environment = { PATH: process.env['PATH'], COUPLET_DATA: join(folder, 'data'), HOST: '127.0.0.1', PORT, LOG_LEVEL: 'warn' }
  const startedAt = performance.now()
  const child = spawn(join(app, node), rest, { cwd: app, env: environment, stdio: 'inherit' })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [checkNode = '', ...check] = words(/CMD (\[.*\])$/.exec(one('HEALTHCHECK '))?.[1] ?? '[]')
  const isReady = (): boolean => {
    try {
      execFileSync(join(app, checkNode), check, { cwd: app, env: environment, stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  }
  while (!isReady() && performance.now() - startedAt < READY_MAX_MS && child.exitCode === null) await pause(500)
  const took = Math.round((performance.now() - startedAt) / 100) / 10
  const isHealthy = isReady()
  child.kill('SIGTERM')
  const code = await ended
  console.log(isHealthy ? `Ready after ${took} s; ended with ${code}.` : `Not ready after ${took} s.`)
  process.exitCode = isHealthy && code === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
