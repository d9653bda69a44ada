import { isJsonObject, type JsonObject } from '@couplet/core'
import type { Given } from '@couplet/connector-sdk'
import { HEYZINE_PREMIUM, HIGHLEVEL_SAMPLE, PAYACA_SAMPLE, startSandbox } from '@couplet/simulators'
import { startDocumentServer } from './document-server.ts'

export type SimulatedVendor = {
  connector: string
  /** Base URL of the simulator, for the control surface. */
  url: string
  /** What a connection to it is made of. */
  connection: { origin: string; facts: Record<string, string>; secrets: Record<string, string> }
  /** Sample data, settings as declared, no faults, the machine's time. */
  reset(): Promise<void>
  /** Puts the vendor into the situation of a case. */
  give(given: Given): Promise<void>
  /** Everything the vendor holds, and `documentUrl`: a PDF it can fetch. */
  state(): Promise<JsonObject>
  moveClock(byMs: number): Promise<void>
}

export type VendorSandbox = AsyncDisposable & { vendor(connector: string): SimulatedVendor; hosts: readonly string[] }

/** Starts the simulated vendors and a document for them to fetch. Everything below goes through the control surface, over HTTP. */
export async function startVendorSandbox(): Promise<VendorSandbox> {
  await using parts = new AsyncDisposableStack()
  const documents = parts.use(await startDocumentServer())
  const { highlevel, heyzine, payaca } = parts.use(await startSandbox())
  const { companyId, locations } = HIGHLEVEL_SAMPLE
  const vendors = new Map(
    [
      controlled('highlevel', highlevel.url, documents.url, {
        origin: highlevel.url,
        facts: { locationId: locations.plumber.id, companyId },
        secrets: { token: locations.plumber.pit },
      }),
      controlled('heyzine', heyzine.url, documents.url, {
        origin: `${heyzine.url}/api1`,
        facts: { clientId: HEYZINE_PREMIUM.clientId, plan: 'premium' },
        secrets: { apiKey: HEYZINE_PREMIUM.apiKey },
      }),
      controlled('payaca', payaca.url, documents.url, {
        origin: payaca.url,
        facts: { clientId: PAYACA_SAMPLE.clientId },
        secrets: { clientSecret: PAYACA_SAMPLE.clientSecret },
      }),
    ].map((vendor) => [vendor.connector, vendor]),
  )
  const held = parts.move()
  return {
    vendor(connector) {
      const found = vendors.get(connector)
      if (!found) throw new Error(`There is no simulator of ${connector}.`)
      return found
    },
    hosts: [...vendors.values()].map(({ url }) => new URL(url).host),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

function controlled(connector: string, url: string, documentUrl: string, connection: SimulatedVendor['connection']): SimulatedVendor {
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/__sim${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer: unknown = await response.json()
    if (!response.ok) throw new Error(`The simulator of ${connector} refuses ${method} ${path}: ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    connector,
    url,
    connection,
    reset: async () => void (await control('POST', '/reset', {})),
    give: async (given) => {
      if ('action' in given) await control('POST', `/actions/${given.action}`, given.with)
      else if ('setting' in given) await control('PATCH', '/settings', { [given.setting]: given.value })
      else {
        const { fault, ...rule } = given
        await control('POST', '/faults', { kind: fault, ...rule })
      }
    },
    state: async () => {
      const state = await control('GET', '/state')
      if (!isJsonObject(state)) throw new Error(`The simulator of ${connector} shows no state.`)
      return { ...state, documentUrl }
    },
    moveClock: async (byMs) => void (await control('POST', '/clock', { advanceMs: byMs })),
  }
}
