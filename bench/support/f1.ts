import { createClient } from '@couplet/api'
import { readLocalToken } from '@couplet/server/for-commands'
import { startCoupletProcess, type CoupletProcess } from './couplet-process.ts'

/** The workload of the peers' comparison: webhook -> GET /tags -> map -> POST /details. */
export const f1Definition = (vendorUrl: string, name = 'F1') => ({
  format: 1,
  name,
  slots: {},
  trigger: { operation: 'builtin.webhook.received', version: 1, input: {} },
  steps: [
    {
      kind: 'action',
      id: 'tags',
      operation: 'builtin.http.read',
      version: 1,
      input: { url: { kind: 'value', value: `${vendorUrl}/tags` } },
    },
    {
      kind: 'action',
      id: 'send',
      operation: 'builtin.http.send',
      version: 1,
      input: {
        method: { kind: 'value', value: 'POST' },
        url: { kind: 'value', value: `${vendorUrl}/details` },
        body: {
          kind: 'object',
          fields: {
            id: { kind: 'pill', path: ['trigger', 'body', 'id'] },
            email: { kind: 'pill', path: ['trigger', 'body', 'contact', 'email'] },
            name: { kind: 'formula', formula: 'trigger.body.contact.firstName + " " + trigger.body.contact.lastName' },
            tag: { kind: 'pill', path: ['tags', 'body', 'tags', 0, 'name'] },
          },
        },
      },
    },
  ],
})

/** Publishes the flow, unless one of its name is there already; answers the address of its webhook, and a client of the API. */
export async function publishHook(options: { couplet: CoupletProcess; dataDir: string; port: number; definition: { name: string } }) {
  const { couplet, definition } = options
  const token = (await readLocalToken(options.dataDir, options.port)) ?? ''
  const client = createClient({ baseUrl: couplet.url, headers: { authorization: `Bearer ${token}` } })
  const known = (await client.flows.list()).flows.find((flow) => flow.name === definition.name)
  const flow = known?.id ?? (await client.flows.create({ body: { from: 'file', text: JSON.stringify(definition) } })).id
  if (!known) await client.flows.publish({ params: { flow }, body: {} })
  const hookUrl = (await client.flows.get({ params: { flow } })).triggers[0]?.hookUrl
  if (!hookUrl) throw new Error('The flow has no webhook address')
  return { client, flow, hookUrl: hookUrl.replace(/^https?:\/\/[^/]+/, couplet.url) }
}

/** Starts Couplet as its own process with F1 published; answers it and the address of its webhook. */
export async function startWithF1(options: {
  dataDir: string
  port: number
  vendorUrl: string
}): Promise<{ couplet: CoupletProcess; hookUrl: string }> {
  const couplet = await startCoupletProcess({
    dataDir: options.dataDir,
    port: options.port,
    args: ['--no-sandbox'],
    env: { COUPLET_ALLOWED_HOSTS: new URL(options.vendorUrl).host },
  })
  const { hookUrl } = await publishHook({ couplet, ...options, definition: f1Definition(options.vendorUrl) })
  return { couplet, hookUrl }
}
