import { asId, BoundedMap, canonicalJson, type ConnectionId, cutText, type Fault, toFault } from '@couplet/core'
import type { SharedAddress, WebhookRules } from '@couplet/connector-sdk'
import { type AppAddress, type Connection, isAppToken, type SightingKind } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { sendAgainStatus } from '../webhooks/send-again.ts'
import { type VerificationKeys, verifyDelivery } from '../webhooks/verify-delivery.ts'
import {
  answering,
  type Ingress,
  type IngressAnswer,
  incomingOf,
  type Listening,
  listeningOf,
  publicKeysOf,
  type Raw,
  readBody,
  REFUSED,
  UNKNOWN_ADDRESS,
  unreadable,
  unreadableAnswer,
} from './ingress.ts'

/*
 * The one webhook address of a vendor's app (decision 33). A delivery goes to every trigger that listens to its topic through a connection it
 * is meant for, and each has it in its own list as if it had come over its own address.
 *
 * Invariant: a trigger gets only what its own connection's keys verify, and a workspace only what came to its own address.
 * Invariant: what one delivery leaves behind is stored as a whole or not at all.
 */

/** How long an address, its connections and their triggers are trusted, as at the triggers' own addresses. */
const AGE_MAX_MS = 2_000
/** Most deliveries of an app are for locations nobody listens to: the last one is written down this often, not each. */
const NOTED_EVERY_MS = 5_000
const WORDS_CHARS_MAX = 200

type App = { address: AppAddress; rules: WebhookRules; shared: SharedAddress; connections: readonly Connection[] }
/** Keys to verify with, and the connection they belong to when it is one that the delivery is meant for. */
type KeysOf = { id: ConnectionId | undefined; keys: VerificationKeys }
type Read = { topic: string; tenant: Record<string, string>; body: unknown } | { fault: Fault }

/** Webhooks on their way in, those to the address of an app among them. */
export function withAppAddresses(parts: EngineParts, ingress: Ingress): Ingress {
  const appAt = remembered(parts, (token: string) => loadApp(parts, token))
  const listenersFor = remembered(parts, (connections: string) => loadListeners(parts, connections))
  const note = createNotes(parts)
  /** Still known when the database is away. */
  const sendAgain = new BoundedMap<string, number>(1_000)

  const take = async (token: string, delivery: Raw): Promise<IngressAnswer> => {
    const app = await appAt(token)
    if (!app) return UNKNOWN_ADDRESS
    sendAgain.set(token, sendAgainStatus(app.rules))
    const read = readDelivery(app, delivery)
    const meant = 'fault' in read ? [] : meantFor(app.connections, read.tenant)
    const { verified, reason } = await verifiedBy(parts, app, meant, delivery)
    if (!verified) {
      // Not a word of it is believed, so it is in no flow's list.
      note(app, 'refused', { topic: '(not read)', tenant: '', reason })
      return REFUSED
    }
    if ('fault' in read) {
      note(app, 'unheard', { topic: '', tenant: '', reason: read.fault.message })
      return unreadableAnswer(read.fault)
    }
    const { topic, body } = read
    const tenant = Object.values(read.tenant).join(', ')
    const all = verified.length === 0 ? [] : await listenersFor(verified.join(' '))
    const listeners = all.filter((listening) => listensTo(listening, topic))
    if (listeners.length === 0) {
      const why = whyNobody(read, meant, all.length)
      note(app, 'unheard', { topic, tenant, reason: why })
      return { status: 202, body: { accepted: false, reason: why } }
    }
    const incoming = await Promise.all(listeners.map((listening) => incomingOf(parts, listening, { ...delivery, topic, body })))
    const accepted = await parts.store.acceptance.acceptTogether(incoming)
    note(app, 'heard', { topic, tenant, reason: null })
    const isKept = accepted.some((one) => one.isKept)
    return { status: 202, body: { accepted: true, runs: accepted.flatMap(({ runs }) => runs), ...(isKept ? { kept: true } : {}) } }
  }

  return {
    ...ingress,
    receive: (given) => {
      const { token, raw, headers } = given
      if (!isAppToken(token)) return ingress.receive(given)
      return answering(
        parts,
        headers,
        () => sendAgain.get(token),
        () => take(token, { raw, headers, receivedAt: parts.clock.now() }),
      )
    },
  }
}

async function loadApp(parts: EngineParts, token: string): Promise<App | undefined> {
  const address = await parts.store.appAddresses.findByToken(token)
  const rules = address && parts.registry.connector(address.connector)?.spec.webhooks
  if (!address || !rules?.shared) return undefined
  const { workspaceId, connector, environment } = address
  const connections = (await parts.store.connections.list(workspaceId)).filter(
    (connection) => connection.connector === connector && connection.environment === environment,
  )
  return { address, rules, shared: rules.shared, connections }
}

/** `connections`: their ids, by spaces. */
async function loadListeners(parts: EngineParts, connections: string): Promise<Listening[]> {
  const ids = connections.split(' ').flatMap((text) => asId('con', text) ?? [])
  const triggers = await parts.store.triggers.listByConnections(ids)
  return (await Promise.all(triggers.map((trigger) => listeningOf(parts, trigger)))).filter((listening) => listening !== undefined)
}

/** Nothing of it is believed before the signature is checked; it says whose keys to check with. */
function readDelivery({ rules, shared }: App, delivery: Raw): Read {
  try {
    const body = readBody(delivery)
    return { body, topic: rules.topic({ headers: delivery.headers, body }), tenant: shared.tenant(body) }
  } catch (error) {
    return { fault: unreadable(error) }
  }
}

/** The connections that have all facts the delivery names; none when it names none. */
function meantFor(connections: readonly Connection[], tenant: Record<string, string>): readonly Connection[] {
  const named = Object.entries(tenant)
  return named.length === 0 ? [] : connections.filter(({ facts }) => named.every(([name, value]) => facts[name] === value))
}

/**
 * Those of the connections whose keys verify the delivery. One that is meant for nobody is checked by any public key in use, so that a forgery is
 * refused all the same; `verified` is then empty. A shared key, the usual case, is checked once.
 */
async function verifiedBy(
  parts: EngineParts,
  app: App,
  meant: readonly Connection[],
  delivery: Raw,
): Promise<{ verified: ConnectionId[]; reason?: never } | { verified?: never; reason: string }> {
  const needsSecrets = app.rules.signatures.some(({ kind }) => kind === 'hmac-sha256')
  const keysOf = async ({ id, facts }: Connection): Promise<KeysOf> => ({
    id,
    keys: { secrets: (needsSecrets && (await parts.connections.open(id))?.secrets) || {}, ...publicKeysOf(facts) },
  })
  const keys: KeysOf[] =
    meant.length > 0
      ? await Promise.all(meant.map(keysOf))
      : app.connections.map(({ facts }) => ({ id: undefined, keys: { secrets: {}, ...publicKeysOf(facts) } }))
  if (keys.length === 0) keys.push({ id: undefined, keys: { secrets: {} } })
  const verified: ConnectionId[] = []
  let isVerified = false
  let reason = 'the signature is not valid'
  for (const group of Map.groupBy(keys, (one) => canonicalJson(one.keys)).values()) {
    const [first] = group
    const verdict = first && verifyDelivery(app.rules, delivery, first.keys)
    isVerified ||= verdict?.verified === true
    if (verdict?.verified) verified.push(...group.flatMap(({ id }) => id ?? []))
    else reason = verdict?.reason ?? reason
  }
  return isVerified ? { verified } : { reason }
}

function listensTo({ operation, trigger }: Listening, topic: string): boolean {
  // This release does not know what it listens to: nothing is lost, it is kept for one that does.
  if (!operation) return true
  const { push } = operation
  // Settings that no longer fit are told in the trigger's own list, where the delivery is kept.
  const input = push?.sharedTopics && operation.input.safeParse(trigger.input)
  const topics = (input?.success ? push?.sharedTopics?.(input.data) : push?.topics) ?? []
  return topics.some((wanted) => wanted === '*' || wanted === topic)
}

function whyNobody({ topic, tenant }: Exclude<Read, { fault: Fault }>, meant: readonly Connection[], listeners: number): string {
  const named = Object.entries(tenant).map(([name, value]) => `${name} ${cutText(value, WORDS_CHARS_MAX)}`)
  if (named.length === 0) return 'The delivery does not say which account it is about.'
  if (meant.length === 0) return `No connection has ${named.join(' and ')}.`
  const names = meant.map(({ name }) => `"${name}"`).slice(0, 3)
  return listeners === 0
    ? `No flow listens to webhooks of ${names.join(', ')}.`
    : `No flow of ${names.join(', ')} listens to ${cutText(topic, WORDS_CHARS_MAX)}.`
}

/** Concurrent callers share one load, and it is trusted for a moment. What is not there, or failed, is asked for again. */
function remembered<Value>({ clock, flows }: EngineParts, load: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const known = new BoundedMap<string, { at: number; changes: number; loading: Promise<Value> }>(2_000)
  return (key) => {
    const entry = known.get(key)
    const changes = flows.changes()
    if (entry && clock.now() - entry.at < AGE_MAX_MS && entry.changes === changes) return entry.loading
    const loading = load(key)
    known.set(key, { at: clock.now(), changes, loading })
    loading.then(
      (value) => value ?? known.delete(key),
      () => known.delete(key),
    )
    return loading
  }
}

/** Writes down the last delivery of each kind, never waited for: an answer does not depend on it. */
function createNotes({ clock, store, log }: EngineParts) {
  const noted = new BoundedMap<string, number>(2_000)
  return ({ address }: App, kind: SightingKind, seen: { topic: string; tenant: string; reason: string | null }): void => {
    const key = `${kind} ${address.hookToken}`
    const at = clock.now()
    if (at - (noted.get(key) ?? Number.NEGATIVE_INFINITY) < NOTED_EVERY_MS) return
    noted.set(key, at)
    const { topic, tenant, reason } = seen
    store.appAddresses
      .note(address.hookToken, kind, {
        at,
        topic: cutText(topic, WORDS_CHARS_MAX),
        tenant: cutText(tenant, WORDS_CHARS_MAX),
        reason,
      })
      .catch((error: unknown) => log.warn({ err: toFault(error) }, 'The last delivery to an app address could not be written down'))
  }
}
