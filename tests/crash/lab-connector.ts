import { connector, defineConnector, path } from '@couplet/connector-sdk'
import { z } from 'zod'

/** A vendor made for crashes (`lab-vendor.ts`): one operation for each effect class. */
const lab = defineConnector({
  id: 'lab',
  title: 'Lab',
  summary: 'A vendor whose every write is counted.',
  origin: 'http://127.0.0.1:1',
  connection: z.object({}),
  secrets: z.object({ token: z.string() }),
  credentials: { kind: 'bearer', secret: 'token' },
  test: () => Promise.resolve({ ok: [], warnings: [] }),
  scopes: {},
  limits: {},
  fault: ({ status }) => {
    if (status < 400) return undefined
    if (status === 404) return { kind: 'not-found', message: 'The lab has no such thing.' }
    return status === 429
      ? { kind: 'throttled', message: 'The lab wants a pause.', retryAfterMs: 200 }
      : { kind: 'unavailable', message: `The lab answers ${status}.` }
  },
})

const Ref = z.object({ ref: z.string() })
const Written = z.object({ id: z.string() })
const words = (title: string) => ({
  version: 1,
  title,
  summary: `${title}.`,
  phrase: title.toLowerCase(),
  group: 'Lab',
  scopes: [] as const,
})

const readItem = lab.action({
  id: 'lab.item.read',
  ...words('Read an item'),
  input: Ref,
  output: z.object({ title: z.string(), isOdd: z.boolean() }),
  samples: [{ title: 'One', isOdd: true }],
  effect: { kind: 'read' },
  run: ({ input, http }) =>
    http({ method: 'GET', path: path`/items/${input.ref}`, reply: z.object({ title: z.string(), isOdd: z.boolean() }) }),
})

const placeOrder = lab.action({
  id: 'lab.order.place',
  ...words('Place an order'),
  input: Ref,
  output: Written,
  samples: [{ id: 'order-1' }],
  effect: { kind: 'write', resend: 'never', because: 'every call is another order' },
  run: ({ input, http }) => http({ method: 'POST', path: '/orders', body: input, reply: Written }),
})

const createInvoice = lab.action({
  id: 'lab.invoice.create',
  ...words('Create an invoice'),
  input: Ref,
  output: Written,
  samples: [{ id: 'invoice-1' }],
  effect: {
    kind: 'write',
    resend: 'after-lookup',
    because: 'every call is another invoice, but they can be found by their reference',
    lookup: async ({ input, http }) => {
      const found = await http({ method: 'GET', path: '/invoices', query: { ref: input.ref }, reply: z.array(Written) })
      return found[0]
    },
  },
  // Half as long again a look-up waits for what was sent and not answered.
  timeout: '4 s',
  run: ({ input, http }) => http({ method: 'POST', path: '/invoices', body: input, reply: Written }),
})

const setMark = lab.action({
  id: 'lab.mark.set',
  ...words('Set a mark'),
  input: Ref.extend({ value: z.string() }),
  output: z.object({ value: z.string() }),
  samples: [{ value: 'done' }],
  effect: { kind: 'write', resend: 'harmless', because: 'it sets a whole value' },
  run: ({ input, http }) =>
    http({
      method: 'PUT',
      path: path`/marks/${input.ref}`,
      body: { value: input.value },
      reply: z.object({ value: z.string() }),
    }),
})

const itemAdded = lab.trigger({
  id: 'lab.item.added',
  ...words('An item was added'),
  input: z.object({}),
  output: Ref,
  samples: [{ ref: 'item-1' }],
  poll: {
    mode: 'feed',
    every: '15 s',
    start: () => '0',
    page: async ({ cursor, http }) => {
      const answer = await http({
        method: 'GET',
        path: '/feed',
        query: { after: cursor },
        reply: z.object({ refs: z.array(z.string()), cursor: z.string() }),
      })
      return {
        facts: answer.refs.map((ref) => ({ key: ref, at: '2026-01-01T00:00:00.000Z', data: { ref } })),
        cursor: answer.cursor,
        more: false,
      }
    },
  },
})

const Listed = z.object({ ref: z.string(), title: z.string() })

const itemChanged = lab.trigger({
  id: 'lab.item.changed',
  ...words('An item was changed'),
  input: z.object({}),
  output: Ref.extend({ change: z.string() }),
  samples: [{ ref: 'item-1', change: 'created' }],
  poll: {
    mode: 'scan',
    every: '15 s',
    page: ({ http }) => http({ method: 'GET', path: '/list', reply: z.object({ items: z.array(Listed) }) }),
    id: (item) => item.ref,
    content: (item) => item.title,
    fact: ({ change, item, revision, now }) => ({
      key: `${item.ref} ${change} ${revision}`,
      at: now,
      data: { ref: item.ref, change },
    }),
  },
})

export const labConnector = connector({
  spec: lab.spec,
  actions: [readItem, placeOrder, createInvoice, setMark],
  triggers: [itemAdded, itemChanged],
})
