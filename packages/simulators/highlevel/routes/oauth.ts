import { randomUUID } from 'node:crypto'
import { isJsonObject, parseJson } from '@couplet/core'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Highlevel } from '../context.ts'
import { badGrant, refuse, VendorRefusal } from '../errors.ts'
import { install } from '../installs.ts'
import { inLocation, rowBy } from '../lookup.ts'
import { codeGrant, EXPIRES_IN_S, mintToken, newCode, refreshGrant, refuseInactive } from '../oauth-grants.ts'
import { flat, operation, type Operation } from '../operation.ts'
import { pageOf } from '../paging.ts'
import { answerOf, refusalOf, requireUserAgent } from '../pipeline.ts'
import { rateHeaders } from '../rate-limit.ts'
import { numberString, text } from '../schema.ts'
import type { App } from '../state.ts'
import { authorizePage } from './authorize-page.ts'

const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const inCamelCase = (answer: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [camel(name), value]))

async function fieldsOf(c: Context): Promise<Record<string, string>> {
  const body = await c.req.text()
  if (!(c.req.header('content-type') ?? '').includes('json')) return Object.fromEntries(new URLSearchParams(body))
  const parsed = parseJson(body)
  return isJsonObject(parsed) ? Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)])) : {}
}

const appOf = (context: Highlevel, clientId: string, clientSecret: string): App => {
  const app = rowBy(context.state.apps, 'clientId', clientId)
  if (!app || app.clientSecret !== clientSecret) throw refuse(401, 'Invalid client: client is invalid')
  return app
}

/** v2 takes and gives snake_case, `Version: v3` camelCase both ways. */
async function grantTokens(context: Highlevel, c: Context): Promise<Record<string, unknown>> {
  const isV3 = c.req.header('version') === 'v3'
  const fields = await fieldsOf(c)
  const field = (name: string): string => {
    const value = fields[isV3 ? camel(name) : name]
    if (value === undefined || value === '') throw badGrant(`Missing parameter: ${camel(name)}`)
    return value
  }
  const grantType = field('grant_type')
  const app = appOf(context, field('client_id'), field('client_secret'))
  const redirectUri = fields[isV3 ? 'redirectUri' : 'redirect_uri']
  const answers: Record<string, () => Record<string, unknown>> = {
    authorization_code: () => codeGrant(context, app, field('code'), redirectUri, fields[isV3 ? 'codeVerifier' : 'code_verifier']),
    refresh_token: () => refreshGrant(context, app, field('refresh_token')),
  }
  const grant = answers[grantType]
  if (!grant) throw badGrant('Invalid parameter: grantType')
  const answer = grant()
  return isV3 ? inCamelCase(answer) : answer
}

/** An app that lost its refresh token gets a new code without a user. */
async function reconnect(context: Highlevel, c: Context): Promise<Record<string, unknown>> {
  const fields = await fieldsOf(c)
  const app = appOf(context, fields['clientKey'] ?? '', fields['clientSecret'] ?? '')
  const { locationId = '', companyId = '' } = fields
  const row = context.state.installs.find(
    (one) => one.appId === app.appId && (locationId === '' ? one.companyId === companyId : one.locationId === locationId),
  )
  if (!row) throw badGrant('The app is not installed there')
  refuseInactive(context, row.locationId)
  const code = newCode(context, {
    appId: app.appId,
    companyId: row.companyId,
    locationId: app.target === 'Company' ? '' : row.locationId,
    scopes: app.scopes,
    redirectUri: '',
    challenge: '',
  })
  return { authorizationCode: code.code, expiresAt: new Date(code.expiresAt).toISOString() }
}

/** The person's choice on the authorize page: installs the app, goes back with code and state. */
function approve(context: Highlevel, app: App, query: Record<string, string>, chosen: string): Response {
  const back = URL.parse(query['redirect_uri'] ?? '')
  const companyId = context.state.companies[0]?.id ?? ''
  const locationId = app.target === 'Company' ? '' : chosen
  if (!back || (locationId !== '' && !rowBy(context.state.locations, 'id', locationId))) throw badGrant('Invalid parameter: redirectUri')
  const asked = (query['scope'] ?? '').split(' ').filter((scope) => scope !== '')
  const scopes = asked.length === 0 ? app.scopes : asked.filter((scope) => app.scopes.includes(scope))
  const { code } = newCode(context, {
    appId: app.appId,
    companyId,
    locationId,
    scopes,
    redirectUri: back.href === query['redirect_uri'] ? back.href : (query['redirect_uri'] ?? ''),
    challenge: query['code_challenge_method'] === 'S256' ? (query['code_challenge'] ?? '') : '',
  })
  install(context, app, companyId, locationId)
  back.searchParams.set('code', code)
  if (query['state'] !== undefined) back.searchParams.set('state', query['state'])
  context.touch()
  return new Response(null, { status: 302, headers: { location: back.href } })
}

function authorize(context: Highlevel, c: Context): Response {
  const query = c.req.query()
  const app = rowBy(context.state.apps, 'clientId', query['client_id'] ?? '')
  const isGood = app && query['response_type'] === 'code' && app.redirectUris.some((uri) => uri === '*' || uri === query['redirect_uri'])
  if (query['code_challenge'] !== undefined && context.setting('pkce') === 'refused')
    return c.html('<!doctype html><title>Error</title><h1>Invalid parameter: code_challenge</h1>', 400)
  if (!isGood) return c.html('<!doctype html><title>Error</title><h1>Invalid client or redirect URL</h1>', 400)
  const chosen = query['choose'] ?? (context.setting('authorizeAtOnce') && !context.isStrict() ? context.state.locations[0]?.id : undefined)
  return chosen === undefined ? c.html(authorizePage(context, app, c.req.url)) : approve(context, app, query, chosen)
}

/** OAuth calls that need no token. */
export function openOauthRoutes(context: Highlevel): Hono {
  const app = new Hono()
  const open = (work: (c: Context) => Promise<Record<string, unknown>>) => async (c: Context) => {
    const traceId = randomUUID()
    try {
      requireUserAgent(context, c)
      const answer = await work(c)
      context.touch()
      return answerOf(c, rateHeaders(context), traceId, flat(answer))
    } catch (error) {
      return refusalOf(rateHeaders(context), traceId, error)
    }
  }
  app.post(
    '/oauth/token',
    open((c) => grantTokens(context, c)),
  )
  app.post(
    '/oauth/reconnect',
    open((c) => reconnect(context, c)),
  )
  for (const path of ['/v2/oauth/chooselocation', '/oauth/chooselocation']) {
    app.get(path, (c) => {
      try {
        return authorize(context, c)
      } catch (error) {
        if (error instanceof VendorRefusal) return refusalOf({}, randomUUID(), error)
        throw error
      }
    })
  }
  return app
}

const COMPANY = ['Company'] as const
const LocationTokenBody = z.strictObject({ companyId: text(), locationId: text() })
const installedQuery = {
  companyId: text(),
  appId: text(),
  query: text().optional(),
  isInstalled: text().optional(),
  locationId: text().optional(),
}

function installedRows(
  context: Highlevel,
  query: {
    companyId: string
    appId: string
    query?: string | undefined
    isInstalled?: string | undefined
    locationId?: string | undefined
  },
) {
  const versionId = rowBy(context.state.apps, 'appId', query.appId)?.versionId ?? ''
  const installs = context.state.installs.filter((row) => row.appId === query.appId)
  return context.state.locations
    .filter(
      (row) =>
        row.companyId === query.companyId &&
        row.name.toLowerCase().includes(query.query?.toLowerCase() ?? '') &&
        (query.locationId === undefined || row.id === query.locationId),
    )
    .map((row) => {
      const found = inLocation(installs, row.id)[0]
      return {
        _id: row.id,
        name: row.name,
        address: row.address,
        isInstalled: found !== undefined,
        ...(found ? { versionId, installedAt: found.installedAt } : {}),
      }
    })
    .filter((row) => query.isInstalled === undefined || String(row.isInstalled) === query.isInstalled)
}

const offsetOf = (pageToken: string | undefined): number => {
  const parsed = pageToken === undefined ? undefined : parseJson(Buffer.from(pageToken, 'base64url').toString())
  return isJsonObject(parsed) && typeof parsed['offset'] === 'number' ? parsed['offset'] : 0
}
const pageToken = (offset: number): string => Buffer.from(JSON.stringify({ offset })).toString('base64url')

export const oauthOperations: readonly Operation[] = [
  ...(['v2', 'v3'] as const).map((version) =>
    operation({
      id: 'get-location-access-token',
      method: 'POST',
      path: version === 'v2' ? '/oauth/locationToken' : '/oauth/location-token',
      exists: { v2: version === 'v2', v3: version === 'v3' },
      tokens: COMPANY,
      scopes: ['oauth.write'],
      body: LocationTokenBody,
      run: ({ context, token, body }) => {
        refuseInactive(context, body.locationId)
        const isInstalled = context.state.installs.some(
          (row) => row.appId === token.appId && (row.locationId === body.locationId || row.locationId === ''),
        )
        if (body.companyId !== token.companyId || !isInstalled) throw badGrant('The app is not installed in this location')
        const scopes = token.scopes.filter((scope) => !scope.startsWith('oauth.'))
        const minted = mintToken(context, {
          appId: token.appId,
          kind: 'Location',
          companyId: token.companyId,
          locationId: body.locationId,
          scopes,
        })
        const app = rowBy(context.state.apps, 'appId', token.appId)
        const answer = {
          access_token: minted.token,
          token_type: 'Bearer',
          expires_in: EXPIRES_IN_S,
          scope: scopes.join(' '),
          locationId: body.locationId,
          planId: context.state.companies[0]?.planId ?? '',
          userId: minted.userId,
          appId: token.appId,
          versionId: app?.versionId ?? '',
        }
        return flat(version === 'v3' ? inCamelCase(answer) : answer)
      },
    }),
  ),
  operation({
    id: 'get-installed-location',
    method: 'GET',
    path: '/oauth/installedLocations',
    exists: { v2: true, v3: false },
    tokens: COMPANY,
    scopes: ['oauth.readonly'],
    query: z.object({ ...installedQuery, skip: numberString().optional(), limit: numberString().optional() }),
    run: ({ context, query }) => {
      const rows = installedRows(context, query)
      return flat({ locations: pageOf(context, rows, query, 20), count: rows.length, installToFutureLocations: false })
    },
  }),
  operation({
    id: 'get-installed-location',
    method: 'GET',
    path: '/oauth/installed-locations',
    exists: { v2: false, v3: true },
    tokens: COMPANY,
    scopes: ['oauth.readonly'],
    query: z.object({ ...installedQuery, pageSize: numberString().optional(), pageToken: text().optional() }),
    run: ({ context, query }) => {
      const rows = installedRows(context, query)
      const offset = offsetOf(query.pageToken)
      const items = pageOf(context, rows, { skip: offset, limit: query.pageSize }, 20)
      const next = offset + items.length
      const hasNextPage = next < rows.length
      const pagination = {
        totalRecords: rows.length,
        hasNextPage,
        hasPrevPage: offset > 0,
        currentPageSize: items.length,
        ...(hasNextPage ? { nextPageToken: pageToken(next) } : {}),
      }
      return flat({ items, pagination, installToFutureLocations: false })
    },
  }),
]
