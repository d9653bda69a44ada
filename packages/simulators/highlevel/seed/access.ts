import { servedScopes } from '../catalogue/load.ts'
import { LOCATION_SCOPES, HIGHLEVEL_SAMPLE as sample } from '../credentials.ts'
import type { HighlevelState, Token } from '../state.ts'

const DAY_MS = 86_400_000
/** What a person who ticks every box grants: the Social Planner and its neighbours, and all the rest of the catalogue. */
const allScopes = (): string[] => [...new Set([...LOCATION_SCOPES, ...servedScopes()])]

type Access = Pick<HighlevelState, 'apps' | 'installs' | 'tokens' | 'refreshTokens' | 'authorizationCodes'>

/** Apps, installs and tokens. Both kinds of seed have them: nothing works without a credential. */
export function seedAccess(now: number, userId: string): Access {
  const { companyId, locations, app, agencyApp } = sample
  const scopes = allScopes()
  const pit = (token: string, locationId: string, more: Partial<Token> = {}): Token => ({
    token,
    kind: 'pit',
    companyId,
    locationId,
    appId: '',
    userId,
    scopes: [...scopes],
    expiresAt: 0,
    isRevoked: false,
    lastUsedAt: 0,
    ...more,
  })
  const oauth = (token: string, kind: 'Location' | 'Company', appId: string): Token => ({
    ...pit(token, kind === 'Location' ? locations.plumber.id : ''),
    kind,
    appId,
    scopes: [...scopes],
    expiresAt: now + DAY_MS,
  })
  const appBase = { versionId: '66b2a1d3e4f5a6b7c8d9e0aa', redirectUris: ['*'], defaultWebhookUrl: '', eventWebhookUrls: {} }
  const installedAt = new Date(now - 40 * DAY_MS).toISOString()
  const refreshBase = { companyId, expiresAt: now + 365 * DAY_MS, usedAt: 0 }
  return {
    apps: [
      {
        ...appBase,
        appId: app.appId,
        name: 'Couplet',
        clientId: app.clientId,
        clientSecret: app.clientSecret,
        target: 'Location',
        scopes: [...scopes],
      },
      {
        ...appBase,
        eventWebhookUrls: {},
        appId: agencyApp.appId,
        name: 'Couplet for agencies',
        clientId: agencyApp.clientId,
        clientSecret: agencyApp.clientSecret,
        target: 'Company',
        scopes: [...scopes],
      },
    ],
    installs: [
      { appId: app.appId, companyId, locationId: locations.plumber.id, installedAt },
      { appId: app.appId, companyId, locationId: locations.dentist.id, installedAt },
      { appId: agencyApp.appId, companyId, locationId: '', installedAt },
    ],
    tokens: [
      pit(locations.plumber.pit, locations.plumber.id),
      pit(locations.dentist.pit, locations.dentist.id),
      pit(locations.gardenCentre.pit, locations.gardenCentre.id),
      pit(sample.pitWithoutTagScope, locations.plumber.id, {
        scopes: scopes.filter((scope) => scope !== 'socialplanner/tag.readonly'),
      }),
      pit(sample.expiredPit, locations.plumber.id, { expiresAt: now - DAY_MS }),
      pit(sample.agencyPit, '', { kind: 'agency-pit', scopes: [...scopes] }),
      oauth(app.accessToken, 'Location', app.appId),
      oauth(agencyApp.accessToken, 'Company', agencyApp.appId),
    ],
    refreshTokens: [
      {
        ...refreshBase,
        refreshToken: app.refreshToken,
        appId: app.appId,
        kind: 'Location',
        locationId: locations.plumber.id,
        scopes: [...scopes],
      },
      {
        ...refreshBase,
        refreshToken: agencyApp.refreshToken,
        appId: agencyApp.appId,
        kind: 'Company',
        locationId: '',
        scopes: [...scopes],
      },
    ],
    authorizationCodes: [],
  }
}
