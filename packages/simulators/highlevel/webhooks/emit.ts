import { randomUUID } from 'node:crypto'
import { type Highlevel, nowIso } from '../context.ts'
import { objectId } from '../ids.ts'
import { rowBy } from '../lookup.ts'
import type { App, Delivery, PendingDelivery } from '../state.ts'
import { attempt } from './deliver.ts'

/** Events that only go to an app's default URL (CONFIRMED). */
const DEFAULT_URL_ONLY: ReadonlySet<string> = new Set(['AppInstall', 'AppUninstall'])

/** How one event goes out. All missing: once, now, signed, in the form of the setting, to the URLs registered for it. */
type Manner = {
  form?: 'flat' | 'wrapped' | undefined
  url?: string | undefined
  /** Copies beyond the first, with the same `webhookId`. */
  duplicates?: number | undefined
  delayMs?: number | undefined
  isForged?: boolean | undefined
  isUnsigned?: boolean | undefined
  /** Held back until the next delivery has gone. */
  isHeld?: boolean | undefined
  /** Never sent, and nobody is told. */
  isLost?: boolean | undefined
  appId?: string | undefined
}

const urlOf = (app: App, event: string): string =>
  DEFAULT_URL_ONLY.has(event) ? app.defaultWebhookUrl : (app.eventWebhookUrls[event] ?? app.defaultWebhookUrl)

/** URLs of the apps installed in the location. A Private Integration Token gets no webhooks: it is no app. */
function targetsOf(context: Highlevel, event: string, locationId: string, appId: string | undefined): string[] {
  const { state } = context
  const companyId = rowBy(state.locations, 'id', locationId)?.companyId
  const isInstalled = (app: App) =>
    state.installs.some(
      (row) => row.appId === app.appId && (row.locationId === locationId || (row.locationId === '' && row.companyId === companyId)),
    )
  return state.apps
    .filter((app) => (appId === undefined ? isInstalled(app) : app.appId === appId))
    .map((app) => urlOf(app, event))
    .filter((url) => url !== '')
}

/** Faults asked for at the control surface strike natural events too: `webhook-lost`, `-duplicate`, `-late`, `-forged`, `-unsigned`, `-held`. */
function mannerWithFaults(context: Highlevel, event: string, manner: Manner): Manner {
  const take = (kind: string) => context.takeFault(kind, 'POST', `/webhooks/${event}`)
  if (take('webhook-lost')) return { ...manner, isLost: true }
  const late = take('webhook-late')
  return {
    ...manner,
    duplicates: (manner.duplicates ?? 0) + (take('webhook-duplicate') ? 1 : 0),
    delayMs: (manner.delayMs ?? 0) + (late ? (late.delayMs ?? 60_000) : 0),
    isForged: manner.isForged === true || take('webhook-forged') !== undefined,
    isUnsigned: manner.isUnsigned === true || take('webhook-unsigned') !== undefined,
    isHeld: manner.isHeld === true || take('webhook-held') !== undefined,
  }
}

/**
 * Sends an event to every URL registered for it and waits for the first attempts that are due now.
 * Flat bodies carry `timestamp` and `webhookId` beside the event's own members, wrapped ones put those under `data`.
 */
export async function send(
  context: Highlevel,
  event: string,
  locationId: string,
  body: Record<string, unknown>,
  asked: Manner = {},
): Promise<{ webhookId: string; urls: string[]; deliveries: Delivery[] }> {
  const urls = asked.url === undefined ? targetsOf(context, event, locationId, asked.appId) : [asked.url]
  const webhookId = randomUUID()
  if (urls.length === 0) return { webhookId, urls, deliveries: [] }
  const manner = mannerWithFaults(context, event, asked)
  const envelope = { timestamp: nowIso(context), webhookId }
  if (manner.isLost) return { webhookId, urls, deliveries: [] }
  const form = manner.form ?? context.setting('webhookForm')
  const rawBody = JSON.stringify(form === 'wrapped' ? { type: event, ...envelope, data: body } : { ...body, ...envelope })
  const signing = manner.isUnsigned ? 'none' : manner.isForged ? 'wrong-key' : 'own-key'
  const dueAt = context.clock.now() + (manner.delayMs ?? 0)
  const copies = urls.flatMap((url) =>
    Array.from({ length: 1 + (manner.duplicates ?? 0) }, (): PendingDelivery => ({
      deliveryId: objectId(),
      webhookId,
      event,
      url,
      rawBody,
      signing,
      attempt: 1,
      dueAt,
    })),
  )
  if (manner.isHeld) context.state.heldDeliveries.push(...copies)
  else if ((manner.delayMs ?? 0) > 0) context.state.pendingDeliveries.push(...copies)
  else return { webhookId, urls, deliveries: await Promise.all(copies.map((copy) => attempt(context, copy))) }
  context.touch()
  return { webhookId, urls, deliveries: [] }
}

/** A natural event. The API's answer does not wait for receivers, as the vendor's would not. */
export function emit(context: Highlevel, event: string, locationId: string, body: Record<string, unknown>, appId?: string): void {
  void send(context, event, locationId, body, { appId })
}
