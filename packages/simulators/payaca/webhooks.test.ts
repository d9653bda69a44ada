import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPayaca, startReceiver, textAt } from './test-world.ts'

const SECRET = 'a secret we invented'
const hmac = (body: string) => createHmac('sha256', SECRET).update(body, 'utf8').digest('hex')

describe.each(['off', 'on', 'paths'] as const)('payaca webhooks, strict %s', (strict) => {
  let world: Awaited<ReturnType<typeof startPayaca>>
  let receiver: Awaited<ReturnType<typeof startReceiver>>

  beforeEach(async () => {
    receiver = await startReceiver()
    world = await startPayaca()
    await world.setting({ strict })
    await world.act('create-webhook', { name: 'Couplet', url: receiver.url, secret: SECRET })
  })
  afterEach(async () => {
    await world[Symbol.asyncDispose]()
    await receiver[Symbol.asyncDispose]()
  })

  const receivedCount = (count: number) => expect.poll(() => receiver.received.length).toBe(count)
  const finished = () => expect.poll(() => world.state().deliveries.map(({ nextAt }) => nextAt)).not.toContainEqual(expect.any(Number))
  const move = (stage: string) => world.act('move-project', { projectId: 'p2', stage })

  test('a moved project is told with its event name and an HMAC-SHA256 of the raw bytes in hex', async () => {
    await move('Complete')
    await receivedCount(1)
    const [delivery] = receiver.received
    expect(delivery?.event).toBe('project.pipelineStageChanged')
    expect(delivery?.signature).toMatch(/^[0-9a-f]{64}$/)
    expect(delivery?.signature).toBe(hmac(delivery?.body ?? ''))
    expect(delivery?.data).toMatchObject({
      project: {
        id: 'p2',
        pipelineStage: { title: 'Complete' },
        customer: { id: 'c2', name: 'Okafor household' },
        tags: ['Heat pump', 'Grant'],
      },
    })
  })

  test('the member that holds the project can be another', async () => {
    await world.setting({ webhookProjectMember: 'data' })
    await move('Complete')
    await receivedCount(1)
    expect(receiver.received[0]?.data).toMatchObject({ data: { id: 'p2' } })
  })

  test('moving to the stage it is in tells nothing, and an unknown stage is refused', async () => {
    await move('Complete')
    await move('Complete')
    expect((await move('Nowhere')).status).toBe(400)
    expect(world.state().deliveries).toHaveLength(1)
  })

  test('paid invoices and booked events have their own names, and a webhook gets only what it chose', async () => {
    await world.act('create-webhook', { name: 'Invoices', url: `${receiver.url}0`, secret: SECRET, events: ['invoice.fullyPaid'] })
    await world.act('pay-invoice', { projectId: 'p1' })
    await world.act('schedule-event', { projectId: 'p1' })
    await receivedCount(3)
    const events = receiver.received.map(({ event }) => event)
    expect(events.filter((event) => event === 'invoice.fullyPaid')).toHaveLength(2)
    expect(events).toContain('scheduledEvent.created')
  })

  test('tags and custom fields changed by hand or by API fire nothing', async () => {
    await world.act('add-customer-tag', { customerId: 'c1', tag: 'New' })
    await world.act('remove-customer-tag', { customerId: 'c1', tag: 'New' })
    await world.act('edit-customer-field', { customerId: 'c1', identifier: 'ghlSocialTags', value: 'x' })
    await world.call('POST', '/v1/customers/c1/tags', { tagNames: ['By API'] })
    expect(world.state().deliveries).toEqual([])
  })

  test.each([200, 204, 400, 404, 422, 429])('an answer of %i ends the delivery', async (status) => {
    receiver.answers.push(status)
    await move('Complete')
    await finished()
    expect(world.state().deliveries).toMatchObject([{ state: status < 300 ? 'delivered' : 'refused', attempts: [{ status }] }])
    await world.advance(86_400_000)
    expect(receiver.received).toHaveLength(1)
  })

  test('5xx is tried again with growing waits and the same bytes; strict stops after the first', async () => {
    receiver.answers.push(503, 500)
    await move('Complete')
    if (strict === 'off') {
      const waits: number[] = []
      for (const attempts of [1, 2]) {
        await expect.poll(() => world.state().deliveries[0]?.attempts.length).toBe(attempts)
        const { nextAt, attempts: made } = world.state().deliveries[0] ?? { nextAt: null, attempts: [] }
        waits.push(Math.round(((nextAt ?? 0) - Date.parse(made.at(-1)?.at ?? '')) / 1_000))
        await world.advance(20_000)
      }
      await receivedCount(3)
      expect(waits).toEqual([10, 20])
      expect(new Set(receiver.received.map(({ body, signature }) => `${signature} ${body}`)).size).toBe(1)
    }
    await finished()
    expect(world.state().deliveries[0]).toMatchObject(
      strict === 'off' ? { state: 'delivered' } : { state: 'given-up', attempts: [{ status: 503 }] },
    )
  })

  test('a timeout and a refused connection count like 5xx, and attempts are bounded', async () => {
    await world.setting({ webhookTimeoutMs: 60, webhookAttemptsMax: 2 })
    receiver.answers.push(null)
    await move('Complete')
    await expect.poll(() => world.state().deliveries[0]?.attempts.length).toBe(1)
    expect(world.state().deliveries[0]).toMatchObject({ attempts: [{ status: null, error: expect.any(String) }] })
    await receiver.close()
    await world.advance(10_000)
    await finished()
    expect(world.state().deliveries[0]).toMatchObject({ state: 'given-up' })
    expect(world.state().deliveries[0]?.attempts).toHaveLength(strict === 'off' ? 2 : 1)
  })

  test('duplicate: the same bytes and signature arrive twice', async () => {
    await world.act('fire-webhook', { mode: 'duplicate', projectId: 'p1' })
    await receivedCount(2)
    expect(receiver.received[0]).toEqual(receiver.received[1])
  })

  test('late: nothing arrives until the clock has moved', async () => {
    await world.act('fire-webhook', { mode: 'late', projectId: 'p1', delayMs: 3_600_000 })
    expect(world.state().deliveries).toMatchObject([{ attempts: [], state: 'pending' }])
    await world.advance(3_600_000)
    await receivedCount(1)
  })

  test('reordered: the newer stage arrives before the older one', async () => {
    const before = world.state().projects[0]?.stageId
    await world.act('fire-webhook', { mode: 'reordered', projectId: 'p1', delayMs: 5_000 })
    await receivedCount(1)
    await world.advance(5_000)
    await receivedCount(2)
    const [newer, older] = receiver.received.map(({ data }) => textAt(data, 'project', 'pipelineStage', 'title'))
    const titles = world.state().pipelines[0]?.stages ?? []
    expect(older).toBe(titles.find(({ id }) => id === before)?.title)
    expect(newer).toBe(titles.find(({ id }) => id === world.state().projects[0]?.stageId)?.title)
    expect(newer).not.toBe(older)
  })

  test('forged: the signature does not fit the secret', async () => {
    await world.act('fire-webhook', { mode: 'forged', projectId: 'p1' })
    await receivedCount(1)
    expect(receiver.received[0]?.signature).toMatch(/^[0-9a-f]{64}$/)
    expect(receiver.received[0]?.signature).not.toBe(hmac(receiver.received[0]?.body ?? ''))
  })

  test('the secret cannot be read back from the web app, and there is no registration API', async () => {
    const created = await world.act('create-webhook', { name: 'Second', url: receiver.url, secret: 'hidden' })
    expect(created.text).not.toContain('hidden')
    expect((await world.call('POST', '/v1/webhooks', { url: receiver.url })).status).toBe(404)
    await world.act('delete-webhook', { id: textAt(created.body, 'result', 'id') })
    expect(world.state().webhooks).toHaveLength(1)
  })
})

test('a stage change through the API tells, too', async () => {
  await using receiver = await startReceiver()
  await using world = await startPayaca()
  await world.act('create-webhook', { name: 'Couplet', url: receiver.url, secret: SECRET })
  await world.call('PATCH', '/v1/projects/p1', { pipeline: { title: 'Install' }, pipelineStage: { title: 'Complete' } })
  await expect.poll(() => receiver.received.length).toBe(1)
})
