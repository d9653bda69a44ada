import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { OpenedConnection } from '@couplet/store'
import { type EngineWorld, engineWorld } from '../test-support/engine-world.ts'
import { action, formula, pay, value } from '../test-support/steps.ts'
import { previewWrite, tryStep, type TryRequest } from './try-step.ts'

let world: EngineWorld
let connection: OpenedConnection
beforeAll(async () => {
  world = await engineWorld()
  const opened = await world.store.connections.open(world.connectionId)
  if (!opened) throw new Error('The world has a connection')
  connection = opened
})
afterAll(() => world[Symbol.asyncDispose]())
afterEach(() => {
  world.vendor.things.clear()
  world.vendor.payments.length = 0
  world.vendor.seen.length = 0
})

const send = action('send', 'acme.payment.send', { ref: { kind: 'pill', path: ['trigger', 'ref'] }, value: value(7) })
const request = (more: Partial<TryRequest> = {}): TryRequest => ({
  workspaceId: world.workspaceId,
  step: send,
  scope: { trigger: { ref: 'invoice 1' } },
  connection,
  writes: 'hold',
  signal: AbortSignal.timeout(10_000),
  ...more,
})

describe('a preview of a write', () => {
  test('shows the exact request without its secret, and nothing leaves', async () => {
    const result = await previewWrite(world.engine.parts, request())
    expect(result.input).toEqual({ ref: 'invoice 1', value: 7 })
    expect(result.held).toMatchObject({
      kind: 'request',
      method: 'POST',
      url: `${world.vendor.origin}/payments`,
      body: { ref: 'invoice 1', value: 7 },
    })
    expect(JSON.stringify(result)).not.toContain('secret-token')
    expect(result.held?.kind === 'request' && result.held.headers['authorization']).toBe('[hidden]')
    expect(world.vendor.seen).toEqual([])
  })

  test('shows what Couplet itself would do, and does not do it', async () => {
    await world.publish({ name: 'Other', steps: [pay('p', 'r')] })
    const step = action('start', 'house.flow.start', { flow: value('Other'), input: value({ id: 'x', data: 1 }) })
    const result = await previewWrite(world.engine.parts, request({ step, connection: undefined }))
    expect(result.held).toEqual({ kind: 'own', title: 'Start the flow "Other"', data: { id: 'x', data: 1 } })
    const other = await world.store.flows.findByName(world.workspaceId, 'Other')
    expect(other && (await world.runsOf(other.id))).toEqual([])
  })

  test('says what is wrong with the data instead', async () => {
    const result = await previewWrite(world.engine.parts, request({ scope: {} }))
    expect(result.held).toBeUndefined()
    expect(result.fault).toMatchObject({ code: 'input.invalid', kind: 'rejected' })
  })
})

describe('a ticket', () => {
  test('lets exactly the write leave that was seen', async () => {
    const { ticket = '' } = await previewWrite(world.engine.parts, request())
    const result = await tryStep(world.engine.parts, request({ writes: { approved: ticket } }))
    expect(result.output).toEqual({ ok: true, number: 1 })
    expect(result.exchanges).toMatchObject([{ method: 'POST', status: 200 }])
    expect(world.vendor.payments).toEqual([{ ref: 'invoice 1', value: 7 }])
  })

  test('does not let another write leave: that is shown first, too', async () => {
    const { ticket = '' } = await previewWrite(world.engine.parts, request())
    const result = await tryStep(world.engine.parts, request({ scope: { trigger: { ref: 'invoice 2' } }, writes: { approved: ticket } }))
    expect(result.held).toMatchObject({ body: { ref: 'invoice 2', value: 7 } })
    expect(result.output).toBeUndefined()
    expect(world.vendor.payments).toEqual([])
  })

  test('that was made up lets nothing leave', async () => {
    const result = await tryStep(world.engine.parts, request({ writes: { approved: 'yes' } }))
    expect(result.held).toBeDefined()
    expect(world.vendor.payments).toEqual([])
  })

  test('covers the requests that follow the one that was seen', async () => {
    const step = action('send', 'acme.payment.send-and-confirm', { ref: value('r') })
    const { ticket = '' } = await previewWrite(world.engine.parts, request({ step }))
    const result = await tryStep(world.engine.parts, request({ step, writes: { approved: ticket } }))
    expect(result.output).toEqual({ ok: true })
    expect(result.exchanges.map(({ url }) => new URL(url).pathname)).toEqual(['/payments', '/confirm'])
  })

  test('keeps the idempotency key of what was seen', async () => {
    const step = action('order', 'acme.order.place', { ref: value('r') })
    const seen = await previewWrite(world.engine.parts, request({ step }))
    await tryStep(world.engine.parts, request({ step, writes: { approved: seen.ticket ?? '' } }))
    const [sent] = world.vendor.seen
    expect(seen.held?.kind === 'request' && seen.held.headers['idempotency-key']).toBe(sent?.headers['idempotency-key'])
  })
})

describe('a try', () => {
  test('of a read really asks the vendor, even where no write may leave', async () => {
    world.vendor.things.set('a', { id: 'a', ref: 'r', value: 3 })
    const step = action('find', 'acme.thing.find', { id: formula('"a"') })
    const result = await tryStep(world.engine.parts, request({ step }))
    expect(result.output).toEqual({ id: 'a', ref: 'r', value: 3 })
    expect(result.exchanges).toMatchObject([{ method: 'GET', status: 200, responseBody: { id: 'a', ref: 'r', value: 3 } }])
  })

  test('that the vendor refuses gives the fault a run would have met', async () => {
    const step = action('find', 'acme.thing.find', { id: value('nowhere') })
    const result = await tryStep(world.engine.parts, request({ step }))
    expect(result.fault).toMatchObject({ kind: 'not-found', message: 'Acme answered 404.' })
    expect(result.exchanges).toMatchObject([{ status: 404 }])
  })

  test('without a connection says which one is missing', async () => {
    const result = await tryStep(world.engine.parts, request({ connection: undefined }))
    expect(result.fault).toMatchObject({ code: 'connection.missing' })
  })
})
