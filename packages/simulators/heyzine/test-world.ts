import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseJson, readPath } from '@couplet/core'
import { afterEach, beforeEach, expect } from 'vitest'
import { type RunningSimulator, startSimulator } from '../frame/simulator.ts'
import { HEYZINE_PREMIUM } from './credentials.ts'
import { heyzineSimulator } from './index.ts'
import { samplePdf } from './pdf.ts'
import type { HeyzineState } from './state.ts'

type Answer = { status: number; body: unknown; text: string; headers: Headers }
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A web server of the test's own on loopback: the place sources are fetched from and webhooks go to. */
export async function startOrigin() {
  const handlers = new Map<string, Handler>()
  const seen: { path: string; userAgent: string | undefined; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const path = request.url ?? ''
      seen.push({ path, userAgent: request.headers['user-agent'], body })
      const handler = handlers.get(path.replace(/\?.*$/, ''))
      if (handler) handler(request, response, body)
      else response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url,
    seen,
    on: (path: string, handler: Handler) => handlers.set(path, handler),
    /** Serves a document of so many pages and returns its address. */
    servePdf: (path: string, pages: number, type = 'application/pdf') => {
      handlers.set(path, (_request, response) => response.writeHead(200, { 'content-type': type }).end(samplePdf('Test', pages)))
      return url + path
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

/** The simulator with short answers to long questions: `call` is the API, `control` the control surface. */
export async function startHeyzine(options: { seed?: 'sample' | 'empty'; stateFile?: string } = {}) {
  const simulator: RunningSimulator<HeyzineState> = await startSimulator(heyzineSimulator, options)
  const send = async (url: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url, { redirect: 'manual', ...init })
    const text = await response.text()
    return { status: response.status, body: parseJson(text), text, headers: response.headers }
  }
  const json = (method: string, body: unknown): RequestInit => ({ method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return {
    simulator,
    url: simulator.url,
    state: () => simulator.state(),
    call: (method: string, path: string, body?: unknown, apiKey: string | null = HEYZINE_PREMIUM.apiKey) =>
      send(`${simulator.url}/api1${path}`, {
        ...json(method, body),
        headers: { 'content-type': 'application/json', ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) },
      }),
    visit: (url: string) => send(url.startsWith('http') ? url : simulator.url + url, {}),
    control: (method: string, path: string, body?: unknown) =>
      send(`${simulator.url}/__sim${path}`, { ...json(method, body), headers: { 'content-type': 'application/json' } }),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

export const clientId = HEYZINE_PREMIUM.clientId
export const REFUSED_KEY = { success: false, code: 403, msg: 'Invalid user or api key' }
export const UNAUTHORIZED = { success: false, code: 403, msg: 'Unauthorized' }
export const textAt = (value: unknown, ...path: (string | number)[]): string => String(readPath(value, path))

/** A simulator and a web server for each test of the surrounding block, and the calls tests make most. */
export function useHeyzine(strict: 'off' | 'on') {
  type World = Awaited<ReturnType<typeof startHeyzine>>
  type Origin = Awaited<ReturnType<typeof startOrigin>>
  let started: { world: World; origin: Origin } | undefined
  const at = {
    get world(): World {
      if (!started) throw new Error('Use the world inside a test.')
      return started.world
    },
    get origin(): Origin {
      if (!started) throw new Error('Use the origin inside a test.')
      return started.origin
    },
  }
  beforeEach(async () => {
    started = { origin: await startOrigin(), world: await startHeyzine() }
    await setting({ strict, conversionDelayMs: 0, settleLagMs: 0 })
  })
  afterEach(async () => {
    await at.world[Symbol.asyncDispose]()
    await at.origin[Symbol.asyncDispose]()
  })

  const setting = (values: Record<string, unknown>) => at.world.control('PATCH', '/settings', values)
  const act = (name: string, input: unknown) => at.world.control('POST', `/actions/${name}`, input)
  const fault = (rule: unknown) => at.world.control('POST', '/faults', rule)
  const advance = (advanceMs: number) => at.world.control('POST', '/clock', { advanceMs })
  const convert = async (pdf: string, more: Record<string, unknown> = {}) =>
    (await at.world.call('POST', '/rest', { pdf, client_id: clientId, ...more })).body
  const details = async (id: string) => (await at.world.call('GET', `/flipbook-details?id=${id}`)).body
  const list = async (query = '', apiKey: string = HEYZINE_PREMIUM.apiKey): Promise<unknown[]> => {
    const { body } = await at.world.call('GET', `/flipbook-list${query}`, undefined, apiKey)
    return Array.isArray(body) ? body : []
  }
  const pollAsync = (pdf: string, more: Record<string, unknown> = {}) =>
    at.world.call('POST', '/async', { pdf, client_id: clientId, ...more })
  const untilDone = async (pdf: string, more: Record<string, unknown> = {}) => {
    const first = await pollAsync(pdf, more)
    expect(first.body).toMatchObject({ state: 'started' })
    await expect.poll(async () => textAt((await pollAsync(pdf, more)).body, 'state')).not.toBe('started')
    return textAt(first.body, 'id')
  }
  const sampleId = async () => textAt(await list(), 0, 'id')

  return Object.assign(at, { setting, act, fault, advance, convert, details, list, pollAsync, untilDone, sampleId })
}
