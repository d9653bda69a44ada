import { asId } from '@couplet/core'
import { createVault, FIRST_WORKSPACE, openStore } from '@couplet/store'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestCouplet, type TestCouplet } from '../packages/server/test-couplet.ts'
import { keyOf } from '../packages/store/vault/key-ring.ts'

/*
 * What a vendor is told when its webhook cannot be stored: whatever makes it send again, by its own rules. HighLevel sends again after 429 and nothing
 * else for sure, Payaca after 5xx only; the others get the usual 503.
 */

let world: TestCouplet
let pool: Pool
beforeAll(async () => {
  world = await startTestCouplet()
  pool = new Pool({ connectionString: world.databaseUrl, max: 2 })
  pool.on('error', () => undefined)
})
afterAll(async () => {
  await pool.end()
  await world[Symbol.asyncDispose]()
})

/** The address of a flow that is on and listens to this operation. */
async function listen(connector: string, operation: string): Promise<string> {
  await using store = openStore({ url: world.databaseUrl, vault: createVault([keyOf(Buffer.alloc(32, 7))]), connectionsMax: 1 })
  const known = (await world.client.connections.list()).connections.find((connection) => connection.connector === connector)
  const flow = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name: `Overload ${operation}`, environment: 'sandbox', draft: {} })
  const definition = {
    format: 1,
    name: 'x',
    slots: {},
    trigger: { operation, version: 1, input: {} },
    steps: [{ kind: 'stop', id: 'end', outcome: 'done' }],
  }
  await store.flows.addVersion(flow.id, definition, undefined)
  await store.flows.setState(flow.id, 'on')
  const trigger = await store.triggers.put({
    workspaceId: FIRST_WORKSPACE,
    flowId: flow.id,
    connectionId: (known && asId('con', known.id)) ?? null,
    operation,
    operationVersion: 1,
    input: {},
    everyMs: null,
    isOn: true,
  })
  return `${world.url}/hooks/${trigger.hookToken}`
}

const post = (address: string, id: string): Promise<Response> =>
  fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, type: 'ContactCreate' }) })

describe('a webhook that cannot be stored', () => {
  test.each([
    ['highlevel', 'highlevel.contact.created', 429],
    ['payaca', 'payaca.invoice.fully-paid', 503],
    ['heyzine', 'heyzine.lead.received', 503],
    ['builtin', 'builtin.webhook.received', 503],
  ])('of %s (%s) is answered %i and a time to come again; nothing is kept, and later it is', async (connector, operation, status) => {
    const address = await listen(connector, operation)
    const count = async (): Promise<number> => (await pool.query('select from deliveries')).rowCount ?? 0
    // Whatever becomes of it - most vendors sign - it is stored.
    await post(address, 'before')
    const before = await count()
    expect(before).toBeGreaterThan(0)

    await pool.query('alter table deliveries rename to deliveries_away')
    const refused = await post(address, 'now')
    await pool.query('alter table deliveries_away rename to deliveries')
    expect({ status: refused.status, retryAfter: Number(refused.headers.get('retry-after')) > 0 }).toEqual({ status, retryAfter: true })
    expect(await count()).toBe(before)

    await post(address, 'now')
    expect(await count()).toBe(before + 1)
  })
})
