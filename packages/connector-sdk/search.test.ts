import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineConnector } from './connector.ts'
import { connector, createRegistry } from './registry.ts'
import { catalogueEntries, type CatalogueQuery, searchCatalogue } from './search.ts'

const shop = defineConnector({
  id: 'shop',
  title: 'Shop',
  summary: 'A shop.',
  origin: 'https://shop.example',
  connection: z.object({}),
  secrets: z.object({}),
  credentials: { kind: 'none' },
  test: () => Promise.resolve({ ok: [], warnings: [] }),
  scopes: { 'orders.read': 'Read orders', 'orders.write': 'Write orders' },
  limits: {},
  fault: () => undefined,
})

const action = (id: `shop.${string}`, title: string, group: string, effect: 'read' | 'write') =>
  shop.action({
    id,
    version: 1,
    title,
    summary: `${title}s.`,
    phrase: `${title.toLowerCase()} in {connection}`,
    group,
    scopes: [effect === 'read' ? 'orders.read' : 'orders.write'],
    effect: effect === 'read' ? { kind: 'read' } : { kind: 'write', resend: 'never', because: 'It happens again.' },
    input: z.object({}),
    output: z.object({}),
    samples: [{}],
    run: () => Promise.resolve({}),
  })

const registry = createRegistry([
  connector({
    spec: shop.spec,
    actions: [
      action('shop.order.send-email', 'Send an e-mail about an order', 'Mail', 'write'),
      action('shop.order.list', 'List orders', 'Orders', 'read'),
      action('shop.invoice.list', 'List invoices', 'Orders', 'read'),
      action('shop.order.cancel', 'Cancel an order', 'Orders', 'write'),
    ],
    triggers: [
      shop.trigger({
        id: 'shop.order.changed',
        version: 1,
        title: 'Order changed',
        summary: 'Starts when an order changes.',
        phrase: 'an order changes in {connection}',
        group: 'Orders',
        scopes: ['orders.read'],
        input: z.object({}),
        output: z.object({}),
        samples: [{}],
        push: { topics: ['order'], facts: () => [] },
      }),
    ],
    lazy: {
      words: () => [
        {
          id: 'shop.locations.list',
          version: 1,
          kind: 'action',
          connector: 'shop',
          title: 'List sub-accounts',
          summary: 'Lists sub-accounts.',
          phrase: 'list sub-accounts in {connection}',
          group: 'Sub-accounts',
          scopes: [],
          effect: 'read',
        },
      ],
      action: () => undefined,
    },
  }),
])
const ids = (query: CatalogueQuery) => searchCatalogue(registry, query).map(({ id }) => id.replace('shop.', ''))

describe('a search of the catalogue', () => {
  test('without words gives everything, lazy operations among it, as the connector orders it', () => {
    expect(ids({})).toEqual(catalogueEntries(registry).map(({ id }) => id.replace('shop.', '')))
    expect(ids({})).toHaveLength(6)
  })
  test('puts titles that begin with the words before those that hold them, and those before other texts', () => {
    expect(ids({ text: 'order' })).toEqual(['order.changed', 'order.send-email', 'order.list', 'order.cancel', 'invoice.list'])
  })
  test('wants every word, in any order', () => {
    expect(ids({ text: 'orders list' })).toEqual(['order.list', 'invoice.list'])
    expect(ids({ text: 'list nothing' })).toEqual([])
  })
  test('takes hyphens as they come, and finds our word for a thing by the vendor’s', () => {
    expect(ids({ text: 'email' })).toEqual(['order.send-email'])
    expect(ids({ text: 'E-Mail' })).toEqual(['order.send-email'])
    expect(ids({ text: 'location' })).toEqual(['locations.list'])
  })
  test('is narrowed by connector, heading, kind, effect, permission and wire', () => {
    expect(ids({ connector: 'other' })).toEqual([])
    expect(ids({ group: 'Mail' })).toEqual(['order.send-email'])
    expect(ids({ kind: 'trigger' })).toEqual(['order.changed'])
    expect(ids({ effect: 'write' })).toEqual(['order.send-email', 'order.cancel'])
    expect(ids({ scope: 'orders.write' })).toEqual(['order.send-email', 'order.cancel'])
    expect(ids({ wire: 'webhook' })).toEqual(['order.changed'])
  })
})
