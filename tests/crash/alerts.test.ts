import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { publishFlow, USUAL_RULES } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import { expect, test } from 'vitest'
import { testDatabase } from '../support/database.ts'
import { startChild } from './child-process.ts'
import { openLab } from './lab.ts'
import { until } from './until.ts'

test('an alert whose sender is killed while it sends is sent by another worker', { timeout: 90_000 }, async () => {
  await using parts = new AsyncDisposableStack()
  const database = parts.use(await testDatabase())
  const asked: ServerResponse[] = []
  /** Takes the first alert and never answers. */
  const receiver = createServer((request, response) => {
    request.resume()
    if (asked.push(response) > 1) response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  parts.defer(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const address = receiver.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const { store, engine } = parts.use(openLab({ url: database.url, vendorUrl: url, connectionsMax: 3 }))
  const worker = async () => {
    const child = await startChild({ url: database.url, vendorUrl: url, isWeb: false, isWorker: true, connectionsMax: 8 })
    parts.defer(() => child.kill('SIGKILL'))
    return child
  }

  await store.alerts.ensureRules(USUAL_RULES)
  await database.pool.query(`update alert_rules set environments = '{live,sandbox}'`)
  const channel = { name: 'Own', recipients: [], quiet: null, isOn: true, fallbackId: null }
  await store.alertChannels.create(FIRST_WORKSPACE, 'webhook', {
    ...channel,
    secret: { url: `${url}/alert`, signingKey: 'a-signing-key-of-ours' },
  })
  const draft = {
    format: 1,
    name: 'Fails',
    slots: {},
    trigger: { operation: 'builtin.webhook.received', version: 1, input: { idPath: 'id' } },
    steps: [{ kind: 'stop', id: 'end', outcome: 'failed' }],
  }
  const flow = await store.flows.create({ workspaceId: FIRST_WORKSPACE, name: 'Fails', environment: 'sandbox', draft })
  const token = (await publishFlow(engine.parts, FIRST_WORKSPACE, flow.id)).triggers[0]?.hookToken ?? ''
  for (let id = 1; id <= 5; id++)
    await engine.ingress.receive({ token, raw: Buffer.from(JSON.stringify({ id })), headers: { 'content-type': 'application/json' } })

  const messages = async () =>
    (await database.pool.query<{ state: string }>('select state from alert_messages')).rows.map(({ state }) => state)
  const doomed = await worker()
  await until('the alert is on its way', () => asked.length === 1)
  await doomed.kill('SIGKILL')
  expect(await messages()).toEqual(['waiting'])
  await worker()
  await until('the alert is sent', async () => (await messages()).every((state) => state === 'sent'))
  expect(asked).toHaveLength(2)
})
