import { type Highlevel, nowIso } from './context.ts'
import type { App } from './state.ts'
import { emit } from './webhooks/emit.ts'
import { sampleBody } from './webhooks/samples.ts'

/** Notes that an app is installed in a location (or, with no location, in an agency) and tells its default URL. */
export function install(context: Highlevel, app: App, companyId: string, locationId: string): void {
  const { state } = context
  const isKnown = state.installs.some((row) => row.appId === app.appId && row.locationId === locationId && row.companyId === companyId)
  if (isKnown) return
  state.installs.push({ appId: app.appId, companyId, locationId, installedAt: nowIso(context) })
  announce(context, app, 'AppInstall', companyId, locationId)
}

/** Removes an app from a location: its tokens end, its default URL hears about it. */
export function uninstall(context: Highlevel, app: App, locationId: string): void {
  const { state } = context
  const row = state.installs.find((one) => one.appId === app.appId && one.locationId === locationId)
  if (!row) throw new Error('The app is not installed there.')
  announce(context, app, 'AppUninstall', row.companyId, locationId)
  state.installs = state.installs.filter((one) => one !== row)
  for (const token of state.tokens) if (token.appId === app.appId && token.locationId === locationId) token.isRevoked = true
  state.refreshTokens = state.refreshTokens.filter((one) => one.appId !== app.appId || one.locationId !== locationId)
}

function announce(context: Highlevel, app: App, event: 'AppInstall' | 'AppUninstall', companyId: string, locationId: string): void {
  if (app.defaultWebhookUrl === '') return
  const { locationId: _, ...body } = sampleBody(context, event, locationId) ?? {}
  emit(context, event, locationId, { ...body, appId: app.appId, companyId, ...(locationId === '' ? {} : { locationId }) }, app.appId)
}
