import { type ConnectionTest, Fault, path } from '@couplet/connector-sdk'
import type { HighlevelCall } from './connection.ts'
import { Anything } from './schemas/lenient.ts'
import { LocationReply } from './schemas/location.ts'
import { SCOPES, type Scope } from './scopes.ts'
import { DATED } from './version-headers.ts'

type Probe = { scope: Scope; perform(call: HighlevelCall): Promise<unknown> }

const get = (scope: Scope, address: (locationId: string) => string, query: Record<string, string> = {}): Probe => ({
  scope,
  perform: ({ http, connection }) => http({ method: 'GET', path: address(connection.locationId), query, headers: DATED, reply: Anything }),
})

/** One cheap read for each permission that can be seen without writing. Statistics and all writing permissions cannot. */
const PROBES: readonly Probe[] = [
  get('socialplanner/account.readonly', (loc) => path`/social-media-posting/${loc}/accounts`),
  get('socialplanner/tag.readonly', (loc) => path`/social-media-posting/${loc}/tags`, { skip: '0', limit: '1' }),
  get('socialplanner/category.readonly', (loc) => path`/social-media-posting/${loc}/categories`, { skip: '0', limit: '1' }),
  {
    scope: 'socialplanner/post.readonly',
    perform: ({ http, connection, clock }) =>
      http({
        method: 'POST',
        path: path`/social-media-posting/${connection.locationId}/posts/list`,
        headers: DATED,
        body: {
          type: 'all',
          skip: '0',
          limit: '1',
          includeUsers: 'false',
          fromDate: new Date(clock.now() - 86_400_000).toISOString(),
          toDate: new Date(clock.now()).toISOString(),
        },
        reply: Anything,
      }),
  },
  {
    scope: 'users.readonly',
    perform: ({ http, connection }) =>
      http({ method: 'GET', path: '/users/', query: { locationId: connection.locationId }, headers: DATED, reply: Anything }),
  },
  get('locations/tags.readonly', (loc) => path`/locations/${loc}/tags`),
]

/**
 * Asks HighLevel whether the token works for this sub-account, and which reading permissions it has. A token that is refused, or that
 * belongs elsewhere, throws; a missing permission is a warning, since not every flow needs all of them.
 */
export async function testConnection(call: HighlevelCall): Promise<ConnectionTest> {
  const ok: string[] = []
  const warnings: string[] = []
  const has: Scope[] = []
  const lacks: Scope[] = []
  const missing = (scope: Scope) => warnings.push(`Permission missing: ${scope} (${SCOPES[scope].toLowerCase()}).`)
  const { locationId } = call.connection
  const attempt = async (scope: Scope, read: () => Promise<unknown>): Promise<void> => {
    try {
      await read()
      ok.push(`${SCOPES[scope]}.`)
      has.push(scope)
    } catch (error) {
      if (!(error instanceof Fault && error.kind === 'scope-missing')) throw error
      missing(scope)
      lacks.push(scope)
    }
  }
  await attempt('locations.readonly', async () => {
    const location = await call.http({ method: 'GET', path: path`/locations/${locationId}`, headers: DATED, reply: LocationReply })
    if (location) ok.push(`Sub-account: ${location.name}${location.timezone === undefined ? '' : `, time zone ${location.timezone}`}.`)
  })
  for (const probe of PROBES) await attempt(probe.scope, () => probe.perform(call))
  return { ok, warnings, has, lacks }
}
