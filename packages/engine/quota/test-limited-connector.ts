import { connector, defineConnector, path } from '@couplet/connector-sdk'
import { z } from 'zod'

/* A connector with limits, kept reads and a call for many, for tests of quota, circuits and read cache. */

const limited = defineConnector({
  id: 'acme',
  title: 'Acme',
  summary: 'A vendor with limits.',
  origin: 'https://acme.invalid',
  connection: z.object({}),
  secrets: z.object({}),
  credentials: { kind: 'none' },
  test: () => Promise.resolve({ ok: [], warnings: [] }),
  scopes: {},
  limits: {
    burst: { max: 20, per: '1 s', by: 'connection', headers: { max: 'x-max', remaining: 'x-remaining' } },
    daily: {
      max: 1_000,
      per: '1 d',
      by: 'connection',
      headers: { max: 'x-daily', remaining: 'x-daily-remaining', resetMs: 'x-daily-reset' },
    },
  },
  fault: ({ status }) =>
    status < 400
      ? undefined
      : { kind: status === 404 ? 'not-found' : status === 429 ? 'throttled' : 'unavailable', message: `Acme answered ${status}.` },
})

const words = { version: 1, summary: 'For tests.', phrase: 'do something in {connection}', group: 'Tests', scopes: [] } as const
const Thing = z.object({ id: z.string() })

const read = limited.action({
  ...words,
  id: 'acme.thing.read',
  title: 'Read a thing',
  input: z.object({ id: z.string() }),
  output: Thing,
  samples: [{ id: 'a' }],
  effect: { kind: 'read' },
  run: ({ input, http }) => http({ method: 'GET', path: path`/things/${input.id}`, reply: Thing }),
})

const readKept = limited.action({
  ...words,
  id: 'acme.thing.read-kept',
  title: 'Read a thing that seldom changes',
  input: z.object({ id: z.string() }),
  output: Thing,
  samples: [{ id: 'a' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  run: ({ input, http }) => http({ method: 'GET', path: path`/things/${input.id}`, reply: Thing }),
})

const readMany = limited.action({
  ...words,
  id: 'acme.thing.read-many',
  title: 'Read things',
  input: z.object({ ids: z.array(z.string()).min(1).max(50) }),
  output: z.object({ found: z.array(Thing) }),
  samples: [{ found: [{ id: 'a' }] }],
  effect: { kind: 'read' },
  batch: {
    key: () => 'ids',
    merge: (inputs) => ({ ids: [...new Set(inputs.flatMap((input) => input.ids))] }),
    split: (output, input) => ({ found: output.found.filter((thing) => input.ids.includes(thing.id)) }),
  },
  run: ({ input, http }) => http({ method: 'POST', path: '/many', body: { ids: input.ids }, reply: z.object({ found: z.array(Thing) }) }),
})

const write = limited.action({
  ...words,
  id: 'acme.thing.write',
  title: 'Write a thing',
  input: z.object({ id: z.string() }),
  output: Thing,
  samples: [{ id: 'a' }],
  effect: { kind: 'write', resend: 'harmless', because: 'sets an absolute value' },
  run: ({ input, http }) => http({ method: 'PUT', path: path`/things/${input.id}`, body: input, reply: Thing }),
})

const pay = limited.action({
  ...words,
  id: 'acme.payment.send',
  title: 'Send a payment',
  input: z.object({ id: z.string() }),
  output: Thing,
  samples: [{ id: 'a' }],
  effect: { kind: 'write', resend: 'never', because: 'money would go twice' },
  run: ({ input, http }) => http({ method: 'POST', path: '/payments', body: input, reply: Thing }),
})

const started = limited.trigger({
  ...words,
  id: 'acme.event.received',
  title: 'Event received',
  phrase: 'an event arrives',
  input: z.object({}),
  output: z.object({ id: z.string() }),
  samples: [{ id: 'a' }],
  push: { topics: ['event'], facts: () => [] },
})

export const limitedConnector = connector({ spec: limited.spec, actions: [read, readKept, readMany, write, pay], triggers: [started] })
