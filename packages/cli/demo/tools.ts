import { isJsonObject } from '@couplet/core'
import type { Client, RunDetail } from '@couplet/api'
import type { VendorStates } from './vendor-changes.ts'

const STEP_MS = 60
const FOLLOW_MAX_MS = 60_000
const POLLS_MAX = 4

/** What the scenarios work with: Couplet through its API, the vendors through the sandbox's control surface. */
export type DemoTools = {
  poll(flow: string): Promise<number>
  /** Polls until a run has started; answers its id. */
  pollForRun(flow: string): Promise<string>
  start(flow: string, how: { picked: Record<string, unknown> }): Promise<string>
  /** Follows a run to its end. Waits of days are skipped, moving the vendor's clock along. */
  follow(runId: string): Promise<RunDetail>
  inVendorApp(vendor: string, action: string, input: Record<string, unknown>): Promise<void>
  states(): Promise<VendorStates>
  heyzine(flipbookId: string): Promise<{ tags: string; subtitle: string }>
  reportFlipbook(): Promise<{ pages: number; size: number; title: string }>
  payacaField(customerId: string, field: string): Promise<string>
  contactTags(contactId: string): Promise<string[]>
  scheduledPost(locationId: string): Promise<string>
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const FINAL = new Set(['done', 'skipped', 'failed', 'cancelled', 'parked'])
const DAY_MS = 86_400_000

export function createTools(client: Client, vendorUrls: Readonly<Record<string, string>>): DemoTools {
  const control = async (vendor: string, path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${vendorUrls[vendor] ?? ''}/__sim${path}`, init)
    const body: unknown = await response.json()
    if (!response.ok) throw new Error(`The simulated ${vendor} refused ${path}: ${JSON.stringify(body)}`)
    return body
  }
  const post = (vendor: string, path: string, body: unknown) =>
    control(vendor, path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const rowsOf = async (vendor: string, collection: string): Promise<Record<string, unknown>[]> => {
    const state = await control(vendor, '/state')
    const rows = isJsonObject(state) ? state[collection] : undefined
    return Array.isArray(rows) ? rows.filter(isJsonObject) : []
  }
  const flipbook = async (id: string): Promise<Record<string, unknown>> => {
    const found = (await rowsOf('heyzine', 'flipbooks')).find((row) => row['id'] === id)
    if (!found) throw new Error(`The simulated Heyzine has no flipbook ${id}.`)
    return found
  }
  const poll = async (flow: string): Promise<number> => {
    const { results } = await client.flows.poll({ params: { flow } })
    return results.reduce((sum, one) => sum + one.runs, 0)
  }
  const newestRun = async (flow: string): Promise<string | undefined> => (await client.runs.list({ query: { flow, limit: 1 } })).runs[0]?.id

  return {
    poll,
    pollForRun: async (flow) => {
      const before = await newestRun(flow)
      for (let turn = 0; turn < POLLS_MAX; turn++) {
        await poll(flow)
        const now = await newestRun(flow)
        if (now !== undefined && now !== before) return now
      }
      throw new Error('The poll found nothing new.')
    },
    start: async (flow, how) => (await client.flows.start({ params: { flow }, body: how })).runId,
    follow: async (runId) => {
      const giveUpAt = Date.now() + FOLLOW_MAX_MS
      for (;;) {
        const run = await client.runs.get({ params: { run: runId } })
        if (FINAL.has(run.state)) return run
        if (Date.now() > giveUpAt) return run
        const waitsForDays = run.can.includes('skip-wait') && run.wakeAt !== null && Date.parse(run.wakeAt) - Date.now() > DAY_MS / 24
        if (waitsForDays) {
          await post('highlevel', '/clock', { advanceMs: DAY_MS })
          await client.runs.skipWait({ params: { run: runId } })
        }
        await pause(STEP_MS)
      }
    },
    inVendorApp: async (vendor, action, input) => {
      await post(vendor, `/actions/${action}`, input)
    },
    states: async () => {
      const entries = await Promise.all(Object.keys(vendorUrls).map(async (vendor) => [vendor, await control(vendor, '/state')] as const))
      return Object.fromEntries(entries.flatMap(([vendor, state]) => (isJsonObject(state) ? [[vendor, state] as const] : [])))
    },
    heyzine: async (id) => {
      const texts = membersOf((await flipbook(id))['texts'])
      return { tags: textOf(texts['tags']), subtitle: textOf(texts['subtitle']) }
    },
    reportFlipbook: async () => {
      const found = (await rowsOf('heyzine', 'flipbooks')).find((row) => textOf(row['sourceUrl']).includes('/files/'))
      const stored = membersOf(found?.['document'])
      return {
        pages: Number(stored['pages'] ?? 0),
        size: Number(stored['sizeBytes'] ?? 0),
        title: textOf(membersOf(found?.['texts'])['title']),
      }
    },
    payacaField: async (customerId, field) => {
      const customer = (await rowsOf('payaca', 'customers')).find((row) => row['id'] === customerId)
      const fields = customer?.['customFields']
      return isJsonObject(fields) ? textOf(fields[field]) : ''
    },
    contactTags: async (contactId) => {
      const contact = (await rowsOf('highlevel', 'contacts')).find((row) => row['id'] === contactId)
      const tags = contact?.['tags']
      return Array.isArray(tags) ? tags.map(String) : []
    },
    scheduledPost: async (locationId) => {
      const found = (await rowsOf('highlevel', 'posts')).find((row) => row['status'] === 'scheduled' && row['locationId'] === locationId)
      return textOf(found?.['_id'])
    },
  }
}

const membersOf = (value: unknown): Record<string, unknown> => (isJsonObject(value) ? value : {})

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
