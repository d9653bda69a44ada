import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestCouplet, type TestCouplet } from '../test-couplet.ts'

describe('an operation tried from the catalogue', () => {
  let couplet: TestCouplet
  beforeAll(async () => {
    couplet = await startTestCouplet()
  })
  afterAll(() => couplet[Symbol.asyncDispose]())

  const connectionOf = async (connector: string) => {
    const found = (await couplet.client.connections.list()).connections.find((one) => one.connector === connector)
    if (!found) throw new Error(`No connection to ${connector}`)
    return found
  }
  const tryOut = (operation: string, body: { connection?: string; input?: object; approved?: string }) =>
    couplet.client.catalogue.tryOut({ params: { operation }, body: { ...body, input: { ...body.input } } })

  /** The sandbox under another name: to Couplet it is a live account. */
  const liveConnection = async () => {
    const sandbox = await connectionOf('heyzine')
    const origin = (await couplet.client.sandbox.get()).vendors.find(({ vendor }) => vendor === 'heyzine')?.url ?? ''
    return couplet.client.connections.create({
      body: {
        connector: 'heyzine',
        name: 'Live account',
        environment: 'live',
        origin,
        facts: { ...sandbox.facts },
        secrets: { apiKey: `${'a'.repeat(40)}.${String(sandbox.facts['clientId'])}` },
      },
    })
  }

  test('reads through a connection and shows every call without secrets', async () => {
    const { output, exchanges, fault } = await tryOut('heyzine.flipbook.list', { connection: (await connectionOf('heyzine')).id })
    expect(fault).toBeUndefined()
    expect(output).toMatchObject({ flipbooks: expect.any(Array) })
    expect(exchanges[0]).toMatchObject({ method: 'GET', status: 200 })
    expect(JSON.stringify(exchanges)).not.toMatch(/bearer/i)
  })

  test('holds a live write back and shows the exact request; nothing that changes anything has left', async () => {
    const live = await liveConnection()
    const { samples } = await couplet.client.catalogue.operation({ params: { operation: 'heyzine.flipbook.delete' } })
    const flipbookId = z.object({ id: z.string() }).parse(samples[0]).id
    const asked = { connection: live.id, input: { id: flipbookId } }
    const { exchanges, held, ticket = '', output } = await tryOut('heyzine.flipbook.delete', asked)
    expect(output).toBeUndefined()
    expect(exchanges).toEqual([])
    expect(held).toMatchObject({ kind: 'request', method: 'POST', url: `${live.origin ?? ''}/flipbook-delete` })
    expect(JSON.stringify(held)).not.toContain('aaaa')
    // Another write than the one that was seen is held again; the one that was seen leaves.
    const another = await tryOut('heyzine.flipbook.delete', { ...asked, input: { id: flipbookId.replace(/^./, 'e') }, approved: ticket })
    expect(another.exchanges).toEqual([])
    const sent = await tryOut('heyzine.flipbook.delete', { ...asked, approved: ticket })
    expect(sent.exchanges.map(({ method }) => method)).toEqual(['POST'])
  })

  test('looks at what a polling trigger would find, and starts no run', async () => {
    const before = (await couplet.client.runs.list({ query: {} })).runs.length
    const { output } = await tryOut('highlevel.social-tag.changed', { connection: (await connectionOf('highlevel')).id })
    expect(output).toMatchObject({ facts: expect.arrayContaining([expect.anything()]) })
    expect((await couplet.client.runs.list({ query: {} })).runs.length).toBe(before)
  })

  test('names the fields that do not fit before anything is asked', async () => {
    const connection = (await connectionOf('heyzine')).id
    await expect(tryOut('heyzine.flipbook.delete', { connection })).rejects.toMatchObject({ facts: { code: 'input.invalid' } })
    await expect(tryOut('heyzine.flipbook.list', {})).rejects.toMatchObject({ facts: { code: 'connection.missing' } })
    await expect(tryOut('heyzine.flipbook.list', { connection: (await connectionOf('payaca')).id })).rejects.toMatchObject({
      facts: { code: 'connection.wrong_connector' },
    })
  })

  test('shows what it would change in Couplet itself before it does', async () => {
    const { held, output } = await tryOut('builtin.task.open', { input: { key: 'k', title: 'T', text: 'x' } })
    expect(held).toMatchObject({ kind: 'own', title: 'Open a task' })
    expect(output).toBeUndefined()
    expect((await couplet.client.tasks.list()).tasks).toEqual([])
  })

  test('has an example request that shows where credentials go', async () => {
    const detail = await couplet.client.catalogue.operation({ params: { operation: 'highlevel.calendars.create-calendar-group' } })
    expect(detail.exampleRequest).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer <token>', version: '2021-04-15' } })
    const { request } = await couplet.client.catalogue.request({
      params: { operation: detail.id },
      body: { input: { ...detail.exampleInput, name: 'Sales' } },
    })
    expect(request?.body).toMatchObject({ name: 'Sales' })
  })
})
