import { generateKeyPairSync } from 'node:crypto'
import { connector, defineConnector, echoMark, path, retryAfter, type VendorFault } from '@couplet/connector-sdk'
import { z } from 'zod'

/* A connector for tests of the engine: one operation of each effect class, one trigger of each wire. */

const KINDS: Record<number, VendorFault['kind']> = {
  401: 'auth-expired',
  403: 'scope-missing',
  404: 'not-found',
  409: 'conflict',
  422: 'rejected',
  429: 'throttled',
}

/** By which Acme signs what it sends to an app. */
export const acmeAppKeys = generateKeyPairSync('ed25519')

const acme = defineConnector({
  id: 'acme',
  title: 'Acme',
  summary: 'A vendor for tests.',
  origin: 'https://acme.invalid',
  connection: z.object({ shop: z.string() }),
  secrets: z.object({ token: z.string(), hook: z.string() }),
  credentials: { kind: 'bearer', secret: 'token' },
  test: () => Promise.resolve({ ok: [], warnings: [] }),
  scopes: {},
  limits: {},
  fault: ({ status, headers }) => {
    if (status < 400) return undefined
    return { kind: KINDS[status] ?? 'unavailable', message: `Acme answered ${status}.`, ...retryAfter(headers) }
  },
  webhooks: {
    signatures: [
      { kind: 'hmac-sha256', header: 'x-acme-signature', encoding: 'hex', secret: 'hook' },
      {
        kind: 'ed25519',
        header: 'x-acme-app',
        encoding: 'base64',
        publicKey: acmeAppKeys.publicKey.export({ type: 'spki', format: 'pem' }),
      },
    ],
    topic: ({ body }) => z.object({ topic: z.string() }).parse(body).topic,
    shared: {
      tenant: (body) => {
        const { success, data } = z.object({ shop: z.string() }).safeParse(body)
        return success ? { shop: data.shop } : {}
      },
      setUp: 'Nothing.',
    },
    overloadStatus: 429,
    senderHeaders: ['x-acme-signature'],
    setUp: 'Nothing.',
  },
})

const words = { version: 1, summary: 'For tests.', phrase: 'do something in {connection}', group: 'Tests', scopes: [] } as const
const Thing = z.object({ id: z.string(), ref: z.string(), value: z.unknown() })
const Given = z.object({ ref: z.string(), value: z.unknown().optional() })
const sample = { id: 't1', ref: 'r', value: 1 }

const find = acme.action({
  ...words,
  id: 'acme.thing.find',
  title: 'Find a thing',
  input: z.object({ id: z.string() }),
  output: Thing,
  samples: [sample],
  effect: { kind: 'read' },
  run: ({ input, http }) => http({ method: 'GET', path: path`/things/${input.id}`, reply: Thing }),
})

/** Whatever the vendor answers, as it is. */
const read = acme.action({
  ...words,
  id: 'acme.any.read',
  title: 'Read anything',
  input: z.object({ name: z.string(), extra: z.unknown().optional() }),
  output: z.unknown(),
  samples: [{}],
  effect: { kind: 'read' },
  run: ({ input, http }) => http({ method: 'GET', path: path`/any/${input.name}`, reply: z.unknown() }),
})

const set = acme.action({
  ...words,
  id: 'acme.thing.set',
  title: 'Set a thing',
  input: z.object({ id: z.string(), value: z.unknown().optional() }),
  output: Thing,
  samples: [sample],
  effect: { kind: 'write', resend: 'harmless', because: 'sets an absolute value' },
  leaves: ({ output }) => [echoMark(output.id, 'value', output.value)],
  run: ({ input, http }) => http({ method: 'PUT', path: path`/things/${input.id}`, body: { value: input.value }, reply: Thing }),
})

/** Like `set`, and what it leaves is certain beforehand. */
const name = acme.action({
  ...words,
  id: 'acme.thing.name',
  title: 'Name a thing',
  input: z.object({ id: z.string(), value: z.string() }),
  output: Thing,
  samples: [sample],
  effect: { kind: 'write', resend: 'harmless', because: 'sets an absolute value' },
  leaves: ({ output }) => [echoMark(output.id, 'value', output.value)],
  foresees: ({ input }) => [echoMark(input.id, 'value', input.value)],
  run: ({ input, http }) => http({ method: 'PUT', path: path`/things/${input.id}`, body: { value: input.value }, reply: Thing }),
})

const FoundThings = z.object({ found: z.array(Thing) })

const create = acme.action({
  ...words,
  id: 'acme.thing.create',
  title: 'Create a thing',
  input: Given,
  output: Thing,
  samples: [sample],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'a thing is found by its ref',
    lookup: async ({ input, http }) => {
      const { found } = await http({ method: 'GET', path: '/things', query: { ref: input.ref }, reply: FoundThings })
      return found[0]
    },
  },
  leaves: ({ output }) => [echoMark(output.id, 'value', output.value)],
  run: ({ input, http }) => http({ method: 'POST', path: '/things', body: input, reply: Thing }),
})

/** Like `create`, found again with a list that is asked for with POST. */
const createListed = acme.action({
  ...create,
  id: 'acme.thing.create-listed',
  title: 'Create a listed thing',
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'a thing is found by its ref',
    lookup: async ({ input, http }) => {
      const { found } = await http({ method: 'POST', path: '/things/list', body: { ref: input.ref }, reply: FoundThings })
      return found[0]
    },
  },
})

/** Like `create`, with a short patience: its requests time out while the test looks on. */
const createSoon = acme.action({ ...create, id: 'acme.thing.create-soon', title: 'Create a thing soon', timeout: '1 s' })

const pay = acme.action({
  ...words,
  id: 'acme.payment.send',
  title: 'Send a payment',
  input: Given,
  output: z.object({ ok: z.boolean(), number: z.number() }),
  samples: [{ ok: true, number: 1 }],
  effect: { kind: 'write', resend: 'never', because: 'money would go twice' },
  run: ({ input, http }) =>
    http({ method: 'POST', path: '/payments', body: input, reply: z.object({ ok: z.boolean(), number: z.number() }) }),
})

/** A write in two requests: the second can fail after the first has had its effect. */
const payTwice = acme.action({
  ...words,
  id: 'acme.payment.send-and-confirm',
  calls: 2,
  title: 'Send a payment and confirm it',
  input: Given,
  output: z.object({ ok: z.boolean() }),
  samples: [{ ok: true }],
  effect: { kind: 'write', resend: 'never', because: 'money would go twice' },
  run: async ({ input, http }) => {
    await http({ method: 'POST', path: '/payments', body: input, reply: z.unknown() })
    return http({ method: 'POST', path: '/confirm', body: input, reply: z.object({ ok: z.boolean() }) })
  },
})

const keyed = acme.action({
  ...words,
  id: 'acme.order.place',
  title: 'Place an order',
  input: Given,
  output: z.object({ ok: z.boolean() }),
  samples: [{ ok: true }],
  effect: { kind: 'write', resend: 'keyed', header: 'idempotency-key' },
  run: ({ input, http, effectKey }) =>
    http({
      method: 'POST',
      path: '/orders',
      body: input,
      headers: { 'idempotency-key': effectKey },
      reply: z.object({ ok: z.boolean() }),
    }),
})

const ItemChange = z.object({ change: z.string(), id: z.string(), name: z.unknown() })
const Item = z.object({ id: z.string(), name: z.unknown(), gone: z.boolean().optional() })
const ListPage = z.object({ items: z.array(Item), next: z.string().optional() })

const itemChanged = acme.trigger({
  ...words,
  id: 'acme.item.changed',
  title: 'Item changed',
  phrase: 'an item changes',
  input: z.object({ list: z.string().default('main') }),
  output: ItemChange,
  samples: [{ change: 'created', id: 'i', name: 'n' }],
  poll: {
    mode: 'scan',
    every: '5 m',
    page: async ({ http, input, cursor }) => {
      const page = await http({
        method: 'GET',
        path: path`/lists/${input.list}`,
        query: cursor === undefined ? {} : { cursor },
        reply: ListPage,
      })
      return page.next === undefined ? { items: page.items } : { items: page.items, next: page.next }
    },
    id: (item) => item.id,
    content: (item) => item.name,
    isRemoved: (item) => item.gone === true,
    fact: ({ change, item, hash, revision, now }) => ({
      key: `item:${item.id}:${hash}:${revision}`,
      at: now,
      data: { change, id: item.id, name: item.name },
      echo: [echoMark(item.id, 'value', item.name)],
    }),
  },
})

const Event = z.object({ number: z.number() })

const eventHappened = acme.trigger({
  ...words,
  id: 'acme.event.happened',
  title: 'Event happened',
  phrase: 'an event happens',
  input: z.object({}),
  output: Event,
  samples: [{ number: 1 }],
  poll: {
    mode: 'feed',
    every: '5 m',
    start: (since) => (since.startsWith('2000') ? '0' : 'now'),
    page: async ({ http, cursor }) => {
      const page = await http({
        method: 'GET',
        path: '/feed',
        query: { after: cursor },
        reply: z.object({ events: z.array(Event), cursor: z.string(), more: z.boolean().default(false) }),
      })
      return {
        facts: page.events.map((event) => ({ key: `event:${event.number}`, at: '2026-01-01T00:00:00.000Z', data: event })),
        cursor: page.cursor,
        more: page.more,
      }
    },
  },
})

const eventReceived = acme.trigger({
  ...words,
  id: 'acme.event.received',
  title: 'Event received',
  phrase: 'an event is received',
  input: z.object({}),
  output: z.object({ id: z.string(), data: z.unknown() }),
  samples: [{ id: 'e', data: {} }],
  push: {
    topics: ['event'],
    facts: ({ body, receivedAt }) => {
      const { id, data } = z.object({ id: z.string(), data: z.unknown() }).parse(body)
      return [{ key: `event:${id}`, at: receivedAt, data: { id, data } }]
    },
  },
})

/** The same facts by webhook and by asking. */
const noteAdded = acme.trigger({
  ...words,
  id: 'acme.note.added',
  title: 'Note added',
  phrase: 'a note is added',
  input: z.object({}),
  output: Event,
  samples: [{ number: 1 }],
  push: {
    topics: ['note'],
    facts: ({ body, receivedAt }) => {
      const data = Event.parse(body)
      return [{ key: `note:${data.number}`, at: receivedAt, data }]
    },
  },
  poll: {
    mode: 'feed',
    every: '5 m',
    start: () => 'all',
    page: async ({ http, now }) => {
      const { notes } = await http({ method: 'GET', path: '/notes', reply: z.object({ notes: z.array(Event) }) })
      return { facts: notes.map((data) => ({ key: `note:${data.number}`, at: now, data })), cursor: 'all', more: false }
    },
  },
})

const clockDue = acme.trigger({
  ...words,
  id: 'acme.clock.due',
  title: 'It is time',
  phrase: 'it is time',
  input: z.object({ pattern: z.string() }),
  output: z.object({ dueAt: z.string(), previousAt: z.string().optional() }),
  samples: [{ dueAt: '2026-01-01T00:00:00.000Z' }],
  scheduled: {
    schedule: ({ pattern }) => ({ pattern }),
    fact: ({ dueAt, previousAt }) => ({
      key: `due:${dueAt}`,
      at: dueAt,
      data: { dueAt, ...(previousAt === undefined ? {} : { previousAt }) },
    }),
  },
})

/** The only built-in operation the engine's own tests need: starting another flow. */
const builtin = defineConnector({
  id: 'house',
  title: 'House',
  summary: 'Built in, for tests.',
  origin: 'https://house.invalid',
  isBuiltIn: true,
  connection: z.object({}),
  secrets: z.object({}),
  credentials: { kind: 'none' },
  test: () => Promise.resolve({ ok: [], warnings: [] }),
  scopes: {},
  limits: {},
  fault: () => undefined,
})

const startFlow = builtin.action({
  ...words,
  id: 'house.flow.start',
  title: 'Start a flow',
  input: z.object({ flow: z.string(), input: z.unknown() }),
  output: z.object({ runId: z.string(), isNew: z.boolean() }),
  samples: [{ runId: 'run', isNew: true }],
  effect: { kind: 'write', resend: 'harmless', because: 'the same key starts it once' },
  run: ({ input, host, effectKey }) => host.flows.start(input.flow, z.json().parse(input.input), effectKey),
})

export const acmeConnector = connector({
  spec: acme.spec,
  actions: [find, read, set, name, create, createListed, createSoon, pay, payTwice, keyed],
  triggers: [itemChanged, eventHappened, eventReceived, noteAdded, clockDue],
})
export const houseConnector = connector({ spec: builtin.spec, actions: [startFlow], triggers: [] })
