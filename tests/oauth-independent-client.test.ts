import { HIGHLEVEL_SAMPLE } from '@couplet/simulators'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseOnConsentPage } from './support/consent-page.ts'
import { type HighlevelSandbox, startHighlevel } from './support/highlevel-sandbox.ts'

/*
 * A client that is not ours goes through the simulated vendor's OAuth by the book: what the simulator gives must be what a library for the
 * standard takes, so that ours is not merely right about itself.
 */

const { app, locations } = HIGHLEVEL_SAMPLE
const REDIRECT = 'https://somebody.example/callback'

let sandbox: HighlevelSandbox
let server: oauth.AuthorizationServer
const client: oauth.Client = { client_id: app.clientId }
const authentication = oauth.ClientSecretPost(app.clientSecret)
/** The vendor answers 201 to reads by POST elsewhere, but the standard's 200 here; loopback has no TLS. */
const options = { [oauth.allowInsecureRequests]: true }

beforeAll(async () => {
  sandbox = await startHighlevel()
  server = { issuer: sandbox.url, token_endpoint: `${sandbox.url}/oauth/token` }
})
afterAll(() => sandbox[Symbol.asyncDispose]())

test('a standard client gets tokens with state and PKCE, reads with them, refreshes, and may not use the old refresh token again', async () => {
  const [state, verifier] = [oauth.generateRandomState(), oauth.generateRandomCodeVerifier()]
  const authorize = new URL(`${sandbox.url}/v2/oauth/chooselocation`)
  for (const [name, value] of Object.entries({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: REDIRECT,
    scope: 'socialplanner/tag.readonly locations.readonly',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }))
    authorize.searchParams.set(name, value)
  const back = await chooseOnConsentPage(authorize.href, locations.plumber.id)
  const callback = oauth.validateAuthResponse(server, client, back, state)
  expect(() => oauth.validateAuthResponse(server, client, back, 'another state')).toThrow()
  const granted = await oauth.processAuthorizationCodeResponse(
    server,
    client,
    await oauth.authorizationCodeGrantRequest(server, client, authentication, callback, REDIRECT, verifier, options),
  )
  expect(granted).toMatchObject({ token_type: 'bearer', userType: 'Location', locationId: locations.plumber.id })
  const tags = await fetch(`${sandbox.url}/social-media-posting/${locations.plumber.id}/tags`, {
    headers: { authorization: `Bearer ${granted.access_token}`, version: '2021-07-28' },
  })
  expect(tags.status).toBe(200)
  const refresh = async () =>
    oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, authentication, granted.refresh_token ?? '', options),
    )
  const renewed = await refresh()
  expect(renewed.refresh_token).not.toBe(granted.refresh_token)
  expect((await refresh()).refresh_token).toBe(renewed.refresh_token)
  await sandbox.control('POST', '/clock', { advanceMs: 60_000 })
  await expect(refresh()).rejects.toThrow()
})
