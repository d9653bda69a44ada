import { createServer } from 'node:http'
import { parseJson, readPath } from '@couplet/core'
import { startSimulator } from '../frame/simulator.ts'
import { PAYACA_SAMPLE } from './credentials.ts'
import { payacaSimulator } from './index.ts'

type Received = { event: string | undefined; signature: string | undefined; body: string; data: unknown }

/** A receiver of webhooks on loopback. `answers` are used up one by one; then 200. `null` never answers. */
export async function startReceiver() {
  const received: Received[] = []
  const answers: (number | null)[] = []
  const one = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const { 'x-payaca-event': event, 'x-payaca-signature': signature } = request.headers
      received.push({ event: one(event), signature: one(signature), body, data: parseJson(body) })
      const answer = answers.shift()
      if (answer !== null) response.writeHead(answer ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hooks/payaca/1`,
    received,
    answers,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The simulator with short answers to long questions: `call` is the API, `control` the control surface. */
export async function startPayaca(options: { seed?: 'sample' | 'empty'; stateFile?: string } = {}) {
  const simulator = await startSimulator(payacaSimulator, options)
  const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  const send = async (url: string, method: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: parseJson(text), text, headers: response.headers }
  }
  const control = (method: string, path: string, body?: unknown) => send(`${simulator.url}/__sim${path}`, method, body, {})
  return {
    url: simulator.url,
    state: () => simulator.state(),
    basic,
    call: (method: string, path: string, body?: unknown) =>
      send(simulator.url + path, method, body, { authorization: basic(PAYACA_SAMPLE.clientId, PAYACA_SAMPLE.clientSecret) }),
    callAs: (authorization: string | undefined, method: string, path: string) =>
      send(simulator.url + path, method, undefined, authorization === undefined ? {} : { authorization }),
    control,
    setting: (values: Record<string, unknown>) => control('PATCH', '/settings', values),
    act: (name: string, input: unknown) => control('POST', `/actions/${name}`, input),
    fault: (rule: unknown) => control('POST', '/faults', rule),
    advance: (advanceMs: number) => control('POST', '/clock', { advanceMs }),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}

export const textAt = (value: unknown, ...path: (string | number)[]): string => String(readPath(value, path))
export const listAt = (value: unknown, ...path: (string | number)[]): unknown[] => {
  const list = readPath(value, path)
  return Array.isArray(list) ? list : []
}
