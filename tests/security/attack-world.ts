import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunDetail } from '@couplet/api'
import { expect } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../../packages/server/test-couplet.ts'

/** A server of the attacker, or one that an attack wants to reach. */
export type Outpost = AsyncDisposable & { host: string; port: number; url: string; requests: string[] }

/** Listens on loopback and notes every request that gets through. */
export async function outpost(answer: RequestListener = (_request, response) => response.end('reached')): Promise<Outpost> {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export type Mapping = Record<string, unknown>
export const value = (given: unknown): Mapping => ({ kind: 'value', value: given })
export const pill = (...path: string[]): Mapping => ({ kind: 'pill', path })

/** A whole Couplet with what attacks need: flows from a few lines, runs followed to their end. */
export type AttackWorld = TestCouplet & {
  /** Publishes a flow that starts by hand with the fields named; answers its id. */
  flow(name: string, fields: readonly string[], steps: readonly object[]): Promise<string>
  /** Starts it and follows the run to its end. */
  run(flow: string, picked?: Record<string, unknown>): Promise<RunDetail>
}

export async function attackWorld(options: Parameters<typeof startTestCouplet>[0] = {}): Promise<AttackWorld> {
  const world = await startTestCouplet({ templatesDir: '/nowhere', ...options })
  const { client } = world
  return {
    ...world,
    flow: async (name, fields, steps) => {
      const definition = {
        format: 1,
        name,
        trigger: {
          operation: 'builtin.manual.started',
          version: 1,
          input: { fields: fields.map((field) => ({ name: field, type: 'text' })) },
        },
        steps,
      }
      const { id } = await client.flows.create({ body: { from: 'file', text: JSON.stringify(definition) } })
      await client.flows.publish({ params: { flow: id }, body: {} })
      return id
    },
    run: async (flow, picked = {}) => {
      const { runId } = await client.flows.start({ params: { flow }, body: { picked } })
      const find = () => client.runs.get({ params: { run: runId } })
      await expect
        .poll(async () => (await find()).state, { timeout: 20_000, interval: 50 })
        .toMatch(/^(done|failed|skipped|parked|cancelled)$/)
      return find()
    },
  }
}
