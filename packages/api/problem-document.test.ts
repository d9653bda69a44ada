import { bug, Fault, userFault } from '@couplet/core'
import { describe, expect, test } from 'vitest'
import { createClient } from './client.ts'
import { contract } from './contract.ts'
import { createPageClient, routesOf } from './page-client.ts'
import { addressOf } from './perform.ts'
import { ProblemDocument, problemOf, statusOf } from './problem-document.ts'
import { faultIn } from './problem-fault.ts'

describe('a problem document', () => {
  test('carries what happened, what to do, the fields and the place, and becomes the same fault again', () => {
    const fault = new Fault({
      code: 'flow.invalid',
      kind: 'user',
      message: 'The name is missing.',
      hint: 'Give it one.',
      fields: { name: 'is missing' },
      place: 'name',
      traceId: 't-1',
      retryAt: 1_800_000_000_000,
    })
    const problem = ProblemDocument.parse(JSON.parse(JSON.stringify(problemOf(fault))))
    expect(problem).toMatchObject({
      status: 422,
      code: 'flow.invalid',
      detail: 'The name is missing.',
      message: 'The name is missing.',
      hint: 'Give it one.',
      field: 'name',
      place: 'name',
      traceId: 't-1',
    })
    expect(faultIn(problem)?.facts).toMatchObject({
      code: 'flow.invalid',
      kind: 'user',
      message: 'The name is missing.',
      fields: { name: 'is missing' },
      place: 'name',
      retryAt: 1_800_000_000_000,
    })
  })

  test.each([null, [], 'text', {}, { code: 'x', message: 'y', status: 400, kind: 'no such kind' }])('%j is none', (body) => {
    expect(faultIn(body)).toBeUndefined()
  })

  test('of a defect shows an incident id and nothing of the inside', () => {
    const problem = problemOf(bug('Secret table xyz is broken', { row: 'private' }), 'inc-7')
    expect(problem).toMatchObject({ status: 500, incident: 'inc-7' })
    expect(JSON.stringify(problem)).not.toMatch(/xyz|private/)
  })

  test.each([
    [{ code: 'flow.not_found', kind: 'user' }, 404],
    [{ code: 'flow.name_taken', kind: 'user' }, 409],
    [{ code: 'flow.changed_elsewhere', kind: 'user' }, 409],
    [{ code: 'flow.invalid', kind: 'user' }, 422],
    [{ code: 'request.too_large', kind: 'user' }, 413],
    [{ code: 'vendor.refused', kind: 'rejected' }, 422],
    [{ code: 'vendor.missing', kind: 'not-found' }, 404],
    [{ code: 'vendor.clash', kind: 'conflict' }, 409],
    [{ code: 'quota.wait', kind: 'throttled' }, 429],
    [{ code: 'vendor.down', kind: 'unavailable' }, 503],
    [{ code: 'couplet.bug', kind: 'bug' }, 500],
  ] as const)('%o has status %i', (facts, status) => {
    expect(statusOf(facts)).toBe(status)
  })
})

describe('the client', () => {
  const answering =
    (status: number, body: unknown): typeof fetch =>
    async () =>
      Response.json(body, { status })

  test('percent-encodes parameters and leaves out what is not given', () => {
    expect(addressOf(contract.tables.putRow, { params: { table: 'a/b', key: 'x y?' } })).toBe('/api/tables/a%2Fb/rows/x%20y%3F')
    expect(addressOf(contract.runs.list, { query: { flow: undefined, limit: 5, state: 'failed,parked' } })).toBe(
      '/api/runs?limit=5&state=failed%2Cparked',
    )
  })

  test('throws the fault of a problem document', async () => {
    const problem = problemOf(userFault({ code: 'run.not_found', message: 'There is no such run.', hint: 'Go back.' }))
    const client = createClient({ baseUrl: 'http://couplet', fetch: answering(404, problem) })
    await expect(client.runs.get({ params: { run: 'run_x' } })).rejects.toMatchObject({
      code: 'run.not_found',
      kind: 'user',
      hint: 'Go back.',
    })
  })

  test('says so when something else answers there', async () => {
    const client = createClient({ baseUrl: 'http://couplet', fetch: answering(200, { hello: 'world' }) })
    await expect(client.flows.list()).rejects.toMatchObject({ code: 'api.unexpected_answer' })
  })

  test('says so when nobody answers', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' })
    await expect(client.flows.list()).rejects.toMatchObject({ code: 'api.unreachable', kind: 'user' })
  })
})

test('the client of the page asks as the typed one does, and takes objects only', async () => {
  const asked: string[] = []
  let answer = '{"flows":[]}'
  const client = createPageClient(routesOf(contract), {
    baseUrl: 'http://couplet',
    fetch: (address, init) => {
      asked.push(`${init?.method ?? ''} ${address instanceof Request ? address.url : address.toString()}`)
      return Promise.resolve(new Response(answer))
    },
  })
  expect(await client.flows.list()).toEqual({ flows: [] })
  answer = '<html>'
  await expect(client.flows.get({ params: { flow: 'a b' } })).rejects.toMatchObject({ facts: { code: 'api.unexpected_answer' } })
  expect(asked).toEqual(['GET http://couplet/api/flows', 'GET http://couplet/api/flows/a%20b'])
})
