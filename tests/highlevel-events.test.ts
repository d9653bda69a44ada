import { connectors, highlevel } from '@couplet/connectors'
import { createRegistry, operationShape } from '@couplet/connector-sdk'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { verifyDelivery } from '../packages/engine/webhooks/verify-delivery.ts'
import { eventOf } from '../packages/connectors/highlevel/events/words.ts'
import { eventTrigger } from '../packages/connectors/highlevel/events/trigger.ts'
import { WEBHOOK_EVENTS } from '../packages/connectors/highlevel/webhook-events.ts'
import { startReceiver, startWorld, type World } from '../packages/simulators/highlevel/test-world.ts'

const registry = createRegistry(connectors)
const listed = (highlevel.lazy?.words() ?? []).filter(({ kind }) => kind === 'trigger')
const Keys = z.object({ ed25519: z.string() })

let world: World
let box: Awaited<ReturnType<typeof startReceiver>>
let publicKey: string
beforeAll(async () => {
  world = await startWorld()
  box = await startReceiver()
  publicKey = Keys.parse(await world.act('webhook-keys')).ed25519
})
afterAll(async () => {
  await box[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const FORMS = ['flat', 'wrapped'] as const
const cases = WEBHOOK_EVENTS.flatMap((event) => FORMS.map((form) => [event.name, form, event] as const))

describe('every webhook event of HighLevel, fired by the simulator', () => {
  test.each(cases)('%s, %s, is signed, recognised, and becomes one fact of its trigger', async (name, form, event) => {
    box.received.length = 0
    const location = world.state().locations[0]
    await world.act('fire-webhook', { event: name, form, url: box.url, locationId: location?.id })
    const [delivery] = box.received
    if (!delivery) throw new Error('Nothing arrived')
    const rules = highlevel.spec.webhooks
    if (!rules) throw new Error('HighLevel has webhooks')
    const raw = new TextEncoder().encode(delivery.raw)
    const trust = { secrets: {}, publicKeys: { ed25519: publicKey } }
    expect(verifyDelivery(rules, { raw, headers: delivery.headers }, trust)).toMatchObject({ verified: true })
    expect(verifyDelivery(rules, { raw: new TextEncoder().encode(`${delivery.raw} `), headers: delivery.headers }, trust)).toMatchObject({
      verified: false,
    })

    const trigger = eventTrigger(event)
    const topic = rules.topic({ headers: delivery.headers, body: delivery.body })
    expect(trigger.push?.topics).toContain(topic)
    const facts = trigger.push?.facts({
      input: trigger.input.parse(topic === name ? {} : { ownAddress: true }),
      connection: { locationId: location?.id },
      topic,
      body: delivery.body,
      bodySha256: createHash('sha256').update(raw).digest('hex'),
      receivedAt: new Date().toISOString(),
    } as never)
    expect(facts).toHaveLength(1)
    const [fact] = facts ?? []
    const strict = z.fromJSONSchema(Object(operationShape(trigger, false).output))
    expect(strict.safeParse(fact?.data).error?.issues ?? []).toEqual([])
  })
})

describe('the list of events', () => {
  test('has each of the 58 once, those with a finished trigger under that', () => {
    expect(WEBHOOK_EVENTS).toHaveLength(58)
    expect(listed).toHaveLength(52)
    expect(new Set(listed.map(({ title }) => title)).size).toBe(listed.length)
  })
  test('finds each of them whole, also those that are not listed, with samples that are what they promise', () => {
    for (const event of WEBHOOK_EVENTS) {
      const id = `highlevel.event.${event.name.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}`
      expect(eventOf(id)?.name).toBe(event.name)
      const trigger = registry.trigger(id, 1)
      expect(trigger?.title).toMatch(/^[A-Z].*[^.]$/)
      const { output } = trigger ? operationShape(trigger, false) : { output: {} }
      expect(output).toMatchObject({ properties: { data: { properties: expect.any(Object) } } })
      expect(z.fromJSONSchema(Object(output)).safeParse(trigger?.samples[0]).error?.issues ?? [], event.name).toEqual([])
    }
  })
})
