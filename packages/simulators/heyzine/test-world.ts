import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseJson } from '@couplet/core'
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
