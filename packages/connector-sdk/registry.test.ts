import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { cases } from './cases.ts'
import { catalogueStats } from './catalogue-stats.ts'
import { defineConnector } from './connector.ts'
import { jsonBeside } from './data-file.ts'
import { effectClass } from './effect.ts'
import { echoMark } from './fact.ts'
import { pick } from './pick.ts'
import { connector, createRegistry, type LazyOperations } from './registry.ts'
import { operationShape, shapeLookup } from './shape.ts'

const shop = defineConnector({
  id: 'shop',
  title: 'Shop',
  summary: 'A shop.',
  origin: 'https://shop.example',
  connection: z.object({ branch: z.string() }),
  secrets: z.object({ key: z.string() }),
  credentials: { kind: 'bearer', secret: 'key' },
  test: () => Promise.resolve({ ok: [], warnings: [] }),
  scopes: { 'orders.read': 'Read orders' },
  limits: {},
  fault: () => undefined,
})

const orderGet = shop.action({
  id: 'shop.order.get',
  version: 1,
  title: 'Read an order',
  summary: 'Reads one order.',
  phrase: 'read an order in {connection}',
  group: 'Orders',
  scopes: ['orders.read'],
  effect: { kind: 'read' },
  input: z.object({ id: pick('orders', ['branch']).meta({ title: 'Order' }), count: z.number().default(1) }),
  output: z.object({ id: z.string(), at: z.date().optional() }),
  samples: [{ id: 'o1' }],
  run: ({ input, connection }) => Promise.resolve({ id: `${connection.branch} ${input.id}` }),
})

const orderChanged = shop.trigger({
  id: 'shop.order.changed',
  version: 2,
  title: 'An order changes',
  summary: 'Starts when an order changes.',
  phrase: 'an order changes in {connection}',
  group: 'Orders',
  scopes: [],
  input: z.object({}),
  output: z.object({ id: z.string() }),
  samples: [{ id: 'o1' }],
})

const gathered = connector({ spec: shop.spec, actions: [orderGet], triggers: [orderChanged] })

describe('a gathered connector', () => {
  test('refuses an operation whose id does not begin with its own', () => {
    expect(() => connector({ spec: shop.spec, actions: [{ ...orderGet, id: 'market.order.get' }], triggers: [] })).toThrow(
      'must begin with "shop."',
    )
  })

  test('refuses two operations of the same id and version, and takes two versions of one', () => {
    expect(() => connector({ spec: shop.spec, actions: [orderGet, orderGet], triggers: [] })).toThrow('shop.order.get@1 is declared twice')
    expect(connector({ spec: shop.spec, actions: [orderGet, { ...orderGet, version: 2 }], triggers: [] }).actions).toHaveLength(2)
  })

  test('has no lists unless it names some', () => {
    expect(gathered.lists).toEqual({})
  })

  test('takes only permissions that are declared', () => {
    // @ts-expect-error -- "orders.raed" is not a scope of the connector
    const wrong = shop.action({ ...orderGet, scopes: ['orders.raed'] })
    expect(wrong.scopes).toEqual(['orders.raed'])
  })
})

describe('the registry', () => {
  const registry = createRegistry([gathered])

  test('finds connectors and operations by id and version, and nothing else', () => {
    expect(registry.connector('shop')?.spec.title).toBe('Shop')
    expect(registry.action('shop.order.get', 1)?.title).toBe('Read an order')
    expect(registry.trigger('shop.order.changed', 2)?.title).toBe('An order changes')
    expect([
      registry.connector('market'),
      registry.action('shop.order.get', 2),
      registry.action('shop.order.changed', 2),
      registry.trigger('shop.order.get', 1),
    ]).toEqual([undefined, undefined, undefined, undefined])
  })

  test('gives shapes of known operations, made once', () => {
    const shapes = shapeLookup(registry)
    expect(shapes('shop.order.get', 1)).toBe(shapes('shop.order.get', 1))
    expect(shapes('shop.order.changed', 2)).toMatchObject({ kind: 'trigger', effect: 'read', needsConnection: true, sample: { id: 'o1' } })
    expect(shapes('shop.order.get', 9)).toBeUndefined()
  })
})

describe('the shape of an operation', () => {
  const [action] = gathered.actions

  test('is plain data: what a step writes, what it reads, and the hints for the form', () => {
    const shape = action && operationShape(action, false)
    expect(shape).toMatchObject({
      id: 'shop.order.get',
      effect: 'read',
      needsConnection: true,
      input: { type: 'object', required: ['id'], properties: { id: { title: 'Order', list: 'orders', given: ['branch'] } } },
      output: { type: 'object', properties: { id: { type: 'string' } } },
    })
    expect(JSON.parse(JSON.stringify(shape))).toEqual(shape)
  })

  test('of a built-in operation needs no connection', () => {
    expect(action && operationShape(action, true).needsConnection).toBe(false)
  })
})

describe('small words', () => {
  test('an effect is one of five classes', () => {
    expect(effectClass({ kind: 'read' })).toBe('read')
    for (const resend of ['keyed', 'harmless', 'after-lookup', 'never'] as const)
      expect(effectClass({ kind: 'write', resend })).toBe(resend)
  })

  test('a mark tells record, field and value apart, and a text from its JSON', () => {
    expect(echoMark('c1', 'tags', ['a'])).toBe('c1#tags#["a"]')
    expect(echoMark('c1', 'name', 'Ada')).toBe('c1#name#Ada')
  })

  test('cases carry the operation they belong to', () => {
    const list = cases(orderGet, [{ name: 'reads', input: { id: 'o1' }, expect: { id: 'o1' } }])
    expect(list.operation.id).toBe('shop.order.get')
    expect(list.cases.map(({ name }) => name)).toEqual(['reads'])
  })
})

describe('lazy actions', () => {
  const lazyGet = { ...orderGet, id: 'shop.order.get-lazily' as const, title: 'Read an order lazily' }
  const asked: string[] = []
  const lazy: LazyOperations = {
    words: () => [
      {
        id: lazyGet.id,
        version: 1,
        title: lazyGet.title,
        summary: '',
        phrase: '',
        group: 'Orders',
        kind: 'action',
        connector: 'shop',
        scopes: [],
        effect: 'read',
      },
    ],
    action: (id, version) => {
      asked.push(id)
      return id === lazyGet.id && version === 1
        ? createRegistry([connector({ spec: shop.spec, actions: [lazyGet], triggers: [] })]).action(id, 1)
        : undefined
    },
  }
  const registry = createRegistry([connector({ spec: shop.spec, actions: [orderGet], triggers: [orderChanged], lazy })])

  test('are asked for only when no declared action has the id, and only of the connector the id names', () => {
    expect(registry.action('shop.order.get', 1)?.title).toBe('Read an order')
    expect(registry.action('other.order.get', 1)).toBeUndefined()
    expect(registry.action('nothing', 1)).toBeUndefined()
    expect(asked).toEqual([])
    expect(registry.action(lazyGet.id, 1)?.title).toBe('Read an order lazily')
    expect(registry.action(lazyGet.id, 2)).toBeUndefined()
  })

  test('have a shape like any other', () => {
    expect(shapeLookup(registry)(lazyGet.id, 1)).toMatchObject({ kind: 'action', connector: 'shop', input: { type: 'object' } })
  })

  test('are counted with the declared ones', () => {
    const stats = catalogueStats(registry, ({ kind }) => kind === 'action')
    expect(stats.total).toMatchObject({ operations: 3, actions: 2, triggers: 1, reads: 3, writes: 0, effectKnown: 3, simulated: 2 })
    expect(stats.byModule['shop: Orders']?.actions).toBe(2)
    expect(stats.byEffect.read).toBe(3)
  })
})

test('data beside a connector is JSON in a file, and nothing else', () => {
  expect(jsonBeside(new URL('./package.json', import.meta.url))).toMatchObject({ name: '@couplet/connector-sdk' })
  for (const url of ['https://example.org/x.json', new URL('./registry.ts', import.meta.url).href])
    expect(() => jsonBeside(new URL(url))).toThrow('no JSON file')
})
