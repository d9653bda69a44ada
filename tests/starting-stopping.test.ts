import { expect, test } from 'vitest'
import { createVault, FIRST_WORKSPACE, openStore } from '@couplet/store'
import { Pool } from 'pg'
import { startTestCouplet } from '../packages/server/test-couplet.ts'
import { keyOf } from '../packages/store/vault/key-ring.ts'

/*
 * Webhooks do not wait for Couplet to be ready. What was answered 2xx is in the database; all else was answered so that its sender sends it
 * again: HighLevel, known by its headers, needs 429 for that (contract, section 12), everyone else takes 503.
 */

const FROM_HIGHLEVEL = { 'x-ghl-signature': 'N/A' }

type Answer = { id: string; isHighLevel: boolean; status: number; retryAfter: string | null }

/** Posts webhooks without a pause until told to stop; answers what each was told. Those nobody answered are left out. */
function deluge(address: string): { end(): Promise<Answer[]> } {
  const answers: Answer[] = []
  const state = { isOver: false }
  const sender = async (isHighLevel: boolean, name: string) => {
    for (let i = 0; !state.isOver; i++) {
      const id = `${name}-${i}`
      const headers = { 'content-type': 'application/json', ...(isHighLevel ? FROM_HIGHLEVEL : {}) }
      const response = await fetch(address, { method: 'POST', headers, body: JSON.stringify({ id }) }).catch(() => undefined)
      if (response) answers.push({ id, isHighLevel, status: response.status, retryAfter: response.headers.get('retry-after') })
      await response?.text().catch(() => undefined)
      await new Promise((resolve) => {
        setTimeout(resolve, 2)
      })
    }
  }
  const senders = [0, 1, 2, 3].map((n) => sender(n % 2 === 0, `${crypto.randomUUID()}-${n}`))
  return {
    end: async () => {
      state.isOver = true
      await Promise.all(senders)
      return answers
    },
  }
}

/** The address of a flow that is on, and starts by any webhook. */
async function listen(url: string, databaseUrl: string): Promise<string> {
  await using store = openStore({ url: databaseUrl, vault: createVault([keyOf(Buffer.alloc(32, 7))]), connectionsMax: 1 })
  const operation = 'builtin.webhook.received'
  const definition = {
    format: 1,
    name: 'x',
    slots: {},
    trigger: { operation, version: 1, input: {} },
    steps: [{ kind: 'stop', id: 'end', outcome: 'done' }],
  }
  const flow = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name: 'Restarted', environment: 'sandbox', draft: definition })
  await store.flows.addVersion(flow.id, definition, undefined)
  await store.flows.setState(flow.id, 'on')
  const { hookToken } = await store.triggers.put({
    workspaceId: FIRST_WORKSPACE,
    flowId: flow.id,
    connectionId: null,
    operation,
    operationVersion: 1,
    input: {},
    everyMs: null,
    isOn: true,
  })
  return `${url}/hooks/${hookToken}`
}

test('a webhook that comes while Couplet starts or stops is stored, or answered so that its sender sends it again', async () => {
  await using world = await startTestCouplet()
  const address = await listen(world.url, world.databaseUrl)
  const pool = new Pool({ connectionString: world.databaseUrl, max: 1 })
  pool.on('error', () => undefined)
  await using _ = { [Symbol.asyncDispose]: () => pool.end() }

  const whileStopping = deluge(address)
  await expect.poll(async () => (await pool.query('select from deliveries')).rowCount, { timeout: 20_000 }).toBeGreaterThan(10)
  await world.couplet[Symbol.asyncDispose]()
  const stopping = await whileStopping.end()

  const whileStarting = deluge(address)
  const settings = { DATABASE_URL: world.databaseUrl, COUPLET_DATA: world.dataDir, PORT: new URL(address).port }
  await using parts = new AsyncDisposableStack()
  parts.use(await startTestCouplet({ settings }))
  const taken = async (): Promise<number> => (await pool.query('select from deliveries')).rowCount ?? 0
  const before = await taken()
  await expect.poll(taken, { timeout: 20_000 }).toBeGreaterThan(before)
  const starting = await whileStarting.end()

  const { rows } = await pool.query<{ id: string }>(`select convert_from(body, 'UTF8')::jsonb ->> 'id' as id from deliveries`)
  const stored = new Set(rows.map(({ id }) => id))
  for (const answers of [stopping, starting]) {
    expect(answers.filter(({ status }) => status < 300).length).toBeGreaterThan(0)
    for (const { id, status } of answers) if (status < 300) expect(stored.has(id), id).toBe(true)
    const refused = answers.filter(({ status }) => status >= 300)
    expect(refused.some(({ isHighLevel }) => isHighLevel)).toBe(true)
    expect(refused.some(({ isHighLevel }) => !isHighLevel)).toBe(true)
    for (const { isHighLevel, status, retryAfter } of refused) {
      expect(Number(retryAfter)).toBeGreaterThan(0)
      // An address that is known to be Couplet's own is answered by its rules, whatever the headers say.
      expect(isHighLevel ? [429, 503] : [503]).toContain(status)
    }
    expect(refused.some(({ isHighLevel, status }) => isHighLevel && status === 429)).toBe(true)
  }
  expect(starting.filter(({ isHighLevel, status }) => isHighLevel && status >= 300).every(({ status }) => status === 429)).toBe(true)
}, 120_000)
