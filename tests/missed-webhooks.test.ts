import type { FlowDetail } from '@couplet/api'
import { asId, type FlowId } from '@couplet/core'
import { FIRST_WORKSPACE } from '@couplet/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'

/*
 * Two wires to one trigger: the simulated HighLevel sends webhooks, some of which are lost, doubled or late, and answers its searches. Whatever the
 * order, every record starts one run, with the same data.
 */

const Connected = z.object({ id: z.string(), name: z.string() })
const Stages = z.object({ pipelines: z.array(z.object({ id: z.string(), stages: z.array(z.looseObject({ id: z.string() })) })) })
const KINDS = ['contact', 'opportunity'] as const
type Kind = (typeof KINDS)[number]
const EVENTS = { contact: 'ContactCreate', opportunity: 'OpportunityCreate' } as const

let world: TestCouplet
let sim: { url: string; locationId: string; pit: string }
let number = 0
beforeAll(async () => {
  world = await startTestCouplet()
  const [vendor] = (world.couplet.sandbox?.vendors ?? []).filter(({ vendor }) => vendor === 'highlevel')
  const { HIGHLEVEL_SAMPLE } = await import('@couplet/simulators')
  const { id, pit } = HIGHLEVEL_SAMPLE.locations.plumber
  sim = { url: vendor?.url ?? '', locationId: id, pit }
})
afterAll(() => world[Symbol.asyncDispose]())

const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(sim.url + path, {
    method,
    headers: { authorization: `Bearer ${sim.pit}`, version: '2021-07-28', 'content-type': 'application/json', 'user-agent': 'test' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
  return JSON.parse(text)
}
const control = (method: string, path: string, body: unknown = {}) => call(method, `/__sim${path}`, body)

async function listen(kind: Kind, input: Record<string, unknown> = {}, version = kind === 'contact' ? 2 : 1): Promise<FlowDetail> {
  const { connections } = await world.client.connections.list()
  const connection = Connected.parse(connections.find(({ connector, facts }) => connector === 'highlevel' && JSON.stringify(facts).includes(sim.locationId)))
  const { id } = await world.client.flows.create({ body: { name: `${kind} ${++number}`, environment: 'sandbox' } })
  return turnOn(id, connection.id, kind, input, version)
}
