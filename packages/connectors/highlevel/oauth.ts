import { type AgencyAccount, type AgencyCall, Fault, type OAuthRules, path } from '@couplet/connector-sdk'
import { z } from 'zod'
import { LocationReply } from './schemas/location.ts'
import { DATED } from './version-headers.ts'

/*
 * OAuth as HighLevel does it (contract, section 2.2). An app is for sub-accounts or for agencies, fixed for ever (CONFIRMED). Access tokens
 * last about a day, refresh tokens a year or until used, and each refresh kills the old one (CONFIRMED).
 */

const Grant = z.object({
  userType: z.enum(['Company', 'Location']),
  companyId: z.string().min(1),
  locationId: z.string().min(1).optional(),
  scope: z.string().default(''),
})
const wordsOf = (scope: string): string[] => scope.split(/\s+/).filter((word) => word !== '')

const PAGE = 100
const PAGES_MAX = 100
const Installed = z.object({
  locations: z.array(
    z.looseObject({
      _id: z.string(),
      name: z.string().default(''),
      address: z.string().optional(),
      isInstalled: z.boolean().default(false),
    }),
  ),
  count: z.number().optional(),
})
const Minted = z.object({
  access_token: z.string().min(1),
  expires_in: z.number(),
  scope: z.string().default(''),
  locationId: z.string().optional(),
})

/** The client id is the app's id and a suffix (CONFIRMED). */
const appIdOf = (clientId: string): string => clientId.split('-')[0] ?? clientId

/** Offset paging shifts under a scan, so ids are told apart and a page without news ends it (contract, section 11). */
async function accounts({ http, facts, clientId }: AgencyCall): Promise<AgencyAccount[]> {
  const found = new Map<string, AgencyAccount>()
  let seen = 0
  for (let page = 0; page < PAGES_MAX; page++) {
    const { locations, count } = await http({
      method: 'GET',
      path: '/oauth/installedLocations',
      query: { companyId: facts['companyId'] ?? '', appId: appIdOf(clientId), skip: String(seen), limit: String(PAGE) },
      headers: DATED,
      reply: Installed,
    })
    for (const { _id, name, address, isInstalled } of locations)
      found.set(_id, { id: _id, name: name === '' ? _id : name, ...(address === undefined ? {} : { address }), isInstalled })
    seen += locations.length
    if (locations.length === 0 || (count !== undefined && seen >= count)) break
  }
  return [...found.values()]
}

export const oauth: OAuthRules = {
  authorizeUrls: [
    { title: 'HighLevel', url: 'https://marketplace.gohighlevel.com/v2/oauth/chooselocation' },
    { title: 'White label', url: 'https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation' },
  ],
  // Without it the log-in may open a window of its own and the round trip ends there (CONFIRMED parameter).
  authorizeParameters: { loginWindowOpenMode: 'self' },
  tokenPath: '/oauth/token',
  tokenFields: (level) => ({ user_type: level === 'agency' ? 'Company' : 'Location' }),
  pkce: 'undocumented',
  agencyScopes: ['oauth.readonly', 'oauth.write'],
  readGrant(answer) {
    const { userType, companyId, locationId, scope } = Grant.parse(answer)
    if (userType === 'Company') return { level: 'agency', facts: { companyId }, scopes: wordsOf(scope) }
    if (locationId === undefined)
      throw new Fault({
        code: 'connection.no_location',
        kind: 'rejected',
        message: 'HighLevel gave a token of a sub-account but did not say of which.',
        hint: 'Connect again and choose one sub-account on the page of HighLevel.',
      })
    return { level: 'account', facts: { locationId, companyId }, scopes: wordsOf(scope) }
  },
  async accountName(http, { locationId }) {
    if (locationId === undefined) return undefined
    const location = await http({ method: 'GET', path: path`/locations/${locationId}`, headers: DATED, reply: LocationReply })
    return location?.name
  },
  recover: {
    path: '/oauth/reconnect',
    fields: ({ clientId, clientSecret }, { locationId, companyId }) => ({
      clientKey: clientId,
      clientSecret,
      ...(locationId === undefined ? { companyId: companyId ?? '' } : { locationId }),
    }),
    readCode: (answer) => z.object({ authorizationCode: z.string().min(1) }).safeParse(answer).data?.authorizationCode,
  },
  agency: {
    accounts,
    async mint({ http, facts }, accountId) {
      const companyId = facts['companyId'] ?? ''
      const minted = await http({
        method: 'POST',
        path: '/oauth/locationToken',
        form: { companyId, locationId: accountId },
        headers: DATED,
        reply: Minted,
      })
      return {
        token: minted.access_token,
        expiresInS: minted.expires_in,
        scopes: wordsOf(minted.scope),
        facts: { locationId: accountId, companyId },
      }
    },
  },
  setUp:
    'At marketplace.gohighlevel.com, My Apps: create a private app. Target user "Sub-account" connects one sub-account at a time, "Agency" connects many at once. Add the permissions below, add {redirect} as redirect URL, and make a client key.',
}
