import { z } from 'zod'
import type { ControlAction } from '../frame/simulator.ts'
import { action } from './action.ts'
import type { Highlevel } from './context.ts'
import { install, uninstall } from './installs.ts'
import { rowBy } from './lookup.ts'
import { counterFor, rateKey } from './rate-limit.ts'
import type { App, Token } from './state.ts'

const id = z.string().min(1)

/** Tokens, scopes, installs, suspension and quota counters. */
export function accessActions(context: Highlevel): Record<string, ControlAction> {
  const { state } = context
  const tokenAt = (given: string): Token => {
    const token = rowBy(state.tokens, 'token', given)
    if (!token) throw new Error('There is no such token.')
    return token
  }
  const appAt = (appId: string | undefined): App => {
    const app = appId === undefined ? state.apps[0] : rowBy(state.apps, 'appId', appId)
    if (!app) throw new Error('There is no such app.')
    return app
  }
  const shown = ({ kind, locationId, appId, scopes, isRevoked, expiresAt }: Token) => ({
    kind,
    locationId,
    appId,
    scopes,
    isRevoked,
    expiresAt,
  })
  return {
    'revoke-token': action('Revoke a token', z.strictObject({ token: id }), ({ token }) => {
      const row = Object.assign(tokenAt(token), { isRevoked: true })
      return shown(row)
    }),
    'revoke-refresh-token': action('Revoke a refresh token', z.strictObject({ refreshToken: id }), ({ refreshToken }) => {
      state.refreshTokens = state.refreshTokens.filter((row) => row.refreshToken !== refreshToken)
    }),
    'expire-tokens': action('Let OAuth access tokens expire now', z.strictObject({ locationId: id.optional() }), ({ locationId }) => {
      const ended = state.tokens.filter((row) => row.appId !== '' && (locationId === undefined || row.locationId === locationId))
      for (const row of ended) row.expiresAt = context.clock.now()
      return { expired: ended.length }
    }),
    'set-scopes': action('Change the scopes of a token', z.strictObject({ token: id, scopes: z.array(z.string()) }), ({ token, scopes }) =>
      shown(Object.assign(tokenAt(token), { scopes })),
    ),
    'suspend-location': action(
      'Suspend a sub-account, or resume it',
      z.strictObject({ locationId: id, isSuspended: z.boolean().default(true) }),
      ({ locationId, isSuspended }) => {
        const location = rowBy(state.locations, 'id', locationId)
        if (!location) throw new Error('There is no such location.')
        return Object.assign(location, { isActive: !isSuspended })
      },
    ),
    'install-app': action(
      'Install the app in a sub-account',
      z.strictObject({ locationId: id, appId: id.optional() }),
      ({ locationId, appId }) => {
        const location = rowBy(state.locations, 'id', locationId)
        if (!location) throw new Error('There is no such location.')
        install(context, appAt(appId), location.companyId, locationId)
      },
    ),
    'uninstall-app': action(
      'Remove the app from a sub-account',
      z.strictObject({ locationId: id, appId: id.optional() }),
      ({ locationId, appId }) => uninstall(context, appAt(appId), locationId),
    ),
    'set-rate-counters': action(
      'Set the used requests of a token',
      z.strictObject({ token: id, used: z.int().nonnegative().optional(), usedToday: z.int().nonnegative().optional() }),
      ({ token, used, usedToday }) => {
        const counter = counterFor(context, rateKey(tokenAt(token)))
        return Object.assign(counter, { used: used ?? counter.used, usedToday: usedToday ?? counter.usedToday })
      },
    ),
  }
}
