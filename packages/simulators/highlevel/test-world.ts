import { createServer } from 'node:http'
import { parseJson, readPath } from '@couplet/core'
import { startSimulator } from '../frame/simulator.ts'
import { HIGHLEVEL_SAMPLE } from './credentials.ts'
import { highlevelSimulator } from './index.ts'

export const { plumber, dentist, gardenCentre } = HIGHLEVEL_SAMPLE.locations

export type Answer = { status: number; headers: Headers; text: string; body: unknown; at(...path: (string | number)[]): unknown }
export type Ask = { token?: string; version?: string | null; body?: unknown; headers?: Record<string, string> }

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const body = parseJson(text)
  return { status: response.status, headers: response.headers, text, body, at: (...path) => readPath(body, path) }
}

/** The simulator over real HTTP, with short words for asking. The token is the plumber's and the version v2 unless told. */
export async function startWorld(options: { strict?: boolean; seed?: 'sample' | 'empty'; stateFile?: string } = {}) {
  const { strict = false, ...start } = options
  const simulator = await startSimulator(highlevelSimulator, start)
  const call = async (method: string, path: string, ask: Ask = {}): Promise<Answer> => {
    const { token = plumber.pit, version = '2021-07-28', body, headers } = ask
    const isForm = body instanceof FormData || body instanceof URLSearchParams
    return answerOf(
      await fetch(simulator.url + path, {
        method,
        redirect: 'manual',
        headers: {
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          ...(version === null ? {} : { version }),
          ...(isForm || body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
      }),
    )
  }
  const control = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await call(method, `/__sim${path}`, { token: '', version: null, body })
    if (answer.status !== 200) throw new Error(`control ${path}: ${answer.text}`)
    return answer
  }
  if (strict) await control('PATCH', '/settings', { strict: true })
  return {
    url: simulator.url,
    call,
    control,
    state: () => simulator.state(),
    act: async (name: string, input: unknown = {}) => (await control('POST', `/actions/${name}`, input)).at('result'),
    set: (values: Record<string, unknown>) => control('PATCH', '/settings', values),
    fault: (rule: Record<string, unknown>) => control('POST', '/faults', rule),
    advance: (advanceMs: number) => control('POST', '/clock', { advanceMs }),
    social: (method: string, path: string, ask: Ask = {}) => call(method, `/social-media-posting/${plumber.id}${path}`, ask),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

export type Received = { path: string; headers: Record<string, string>; raw: string; body: unknown }

/** A receiver of webhooks on loopback that answers the given statuses one by one, then 200. */
export async function startReceiver(...statuses: number[]) {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let raw = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (raw += chunk))
    request.on('end', () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
      received.push({ path: request.url ?? '', headers, raw, body: parseJson(raw) })
      response.writeHead(statuses.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    received,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
    },
  }
}

/** Waits until the condition holds, at most 5 s. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endsAt = Date.now() + 5_000
  while (!(await holds())) {
    if (Date.now() > endsAt) throw new Error('the condition did not come true in 5 s')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export const rows = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : [])

/** A window that shows every post. */
export const WIDE = {
  skip: '0',
  limit: '100',
  fromDate: '2020-01-01T00:00:00.000Z',
  toDate: '2040-01-01T00:00:00.000Z',
  includeUsers: 'false',
}
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()
