import { isJsonObject } from '@couplet/core'
import { allCases, connectors } from '@couplet/connectors'
import { type AnyOperation, type Connector, operationShape } from '@couplet/connector-sdk'
import { describe, expect, test } from 'vitest'

type Entry = { connector: Connector; operation: AnyOperation }
const entries: readonly Entry[] = connectors.flatMap((connector) =>
  [...connector.actions, ...connector.triggers].map((operation) => ({ connector, operation })),
)
const named = entries.map((entry) => [entry.operation.id, entry] as const)
const actions = entries.filter(({ operation }) => operation.kind === 'action')

/** Lists that the runtime answers itself, from the workspace. */
const RUNTIME_LISTS = ['tables', 'flows']

/** Connectors whose actions have no contract cases, and why. */
const WITHOUT_CASES: Readonly<Record<string, string>> = {
  builtin: 'There is no vendor to have a contract with; its operations are tested against the real engine and store.',
}

const shapeOf = ({ connector, operation }: Entry) => operationShape(operation, connector.spec.isBuiltIn === true)

/** Names of the choice lists a schema names, at any depth. */
function listsNamedIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(listsNamedIn)
  if (!isJsonObject(schema)) return []
  return [...(typeof schema['list'] === 'string' ? [schema['list']] : []), ...Object.values(schema).flatMap(listsNamedIn)]
}

/** Fields a choice list depends on, with the names that stand beside it. */
function dependencies(schema: unknown): { given: unknown[]; siblings: string[] }[] {
  if (Array.isArray(schema)) return schema.flatMap(dependencies)
  if (!isJsonObject(schema)) return []
  const { properties } = schema
  const own = isJsonObject(properties)
    ? Object.values(properties).flatMap((member) =>
        isJsonObject(member) && Array.isArray(member['given']) ? [{ given: member['given'], siblings: Object.keys(properties) }] : [],
      )
    : []
  return [...own, ...Object.values(schema).flatMap(dependencies)]
}

describe('every operation of the catalogue', () => {
  test.each(named)('%s has samples that are what it promises', (_, { operation }) => {
    for (const sample of operation.samples) expect(operation.output.safeParse(sample).error?.issues ?? []).toEqual([])
  })

  test.each(named)('%s asks only for permissions its connector declares', (_, { connector, operation }) => {
    expect(Object.keys(connector.spec.scopes)).toEqual(expect.arrayContaining([...operation.scopes]))
  })

  test.each(named)('%s has an id that begins with its connector', (_, { connector, operation }) => {
    expect(operation.connector).toBe(connector.spec.id)
    expect(operation.id).toMatch(new RegExp(`^${connector.spec.id}(\\.[a-z][a-z0-9-]*)+$`))
    expect(operation.version).toBeGreaterThanOrEqual(1)
  })

  test.each(named)('%s can be drawn as a form: plain data, every field with a title', (_, entry) => {
    const { input, output } = shapeOf(entry)
    expect(input).toHaveProperty('type', 'object')
    expect(output).toHaveProperty('type', 'object')
    const fields = isJsonObject(input.properties) ? input.properties : {}
    for (const [name, field] of Object.entries(fields)) expect(isJsonObject(field) ? field['title'] : undefined, name).toMatch(/\S/)
  })

  test.each(named)('%s offers choices from lists that exist, given fields that stand beside them', (_, entry) => {
    const { input } = shapeOf(entry)
    const lists = [...Object.keys(entry.connector.lists), ...(entry.connector.spec.isBuiltIn ? RUNTIME_LISTS : [])]
    expect(lists).toEqual(expect.arrayContaining(listsNamedIn(input)))
    for (const { given, siblings } of dependencies(input)) expect(siblings).toEqual(expect.arrayContaining(given))
  })

  test.each(named)('%s has words that read as a sentence', (_, { connector, operation }) => {
    expect(operation.title).toMatch(/^[A-Z].*[^.\s]$/)
    expect(operation.summary).toMatch(/^["A-Z].*[.!?]$/s)
    expect(operation.group).toMatch(/\S/)
    // It stands in the middle of "When …, …", so it starts small (the vendor's name apart) and has no end of its own.
    expect(operation.phrase.replace(new RegExp(`^${connector.spec.title}\\b`), 'the vendor')).toMatch(/^[a-z].*[^.,;\s]$/)
    if (connector.spec.isBuiltIn !== true) expect(operation.phrase).toContain('{connection}')
    expect(operation.phrase.replaceAll('{connection}', '')).not.toMatch(/[{}]/)
  })
})

describe('every action', () => {
  test.each(actions.map((entry) => [entry.operation.id, entry] as const))(
    '%s refuses the inputs it says it refuses',
    (_, { operation }) => {
      const rejects = operation.kind === 'action' ? (operation.rejects ?? []) : []
      for (const { input, because } of rejects) {
        expect(because).toMatch(/\S{2}/)
        expect(operation.input.safeParse(input).success, because).toBe(false)
      }
    },
  )

  test.each(
    actions.filter(({ connector }) => !(connector.spec.id in WITHOUT_CASES)).map(({ operation }) => [operation.id, operation] as const),
  )('%s has a contract case', (id, operation) => {
    const own = allCases.filter((list) => list.operation.id === id && list.operation.version === operation.version)
    expect(own.flatMap((list) => list.cases).length).toBeGreaterThan(0)
  })

  test.each(
    actions.flatMap(({ operation }) =>
      operation.kind === 'action' && operation.needsOptIn !== undefined ? [[operation.id, operation.needsOptIn, operation] as const] : [],
    ),
  )('%s, off until switched on, says what of it is only assumed', (_, why, operation) => {
    expect(why).toMatch(/\S.*\S/)
    expect((operation.facts ?? []).map(({ mark }) => mark)).toContain('ASSUMED')
  })

  test('that writes and may not simply be sent again says why', () => {
    for (const { operation } of actions) {
      if (operation.kind !== 'action' || operation.effect.kind === 'read' || operation.effect.resend === 'keyed') continue
      expect(operation.effect.because, operation.id).toMatch(/\S+ \S+/)
    }
  })

  test('keeps answers for other flows only when it is a read', () => {
    for (const { operation } of actions)
      if (operation.kind === 'action' && operation.cacheFor !== undefined) expect(operation.effect.kind, operation.id).toBe('read')
  })
})

describe('the catalogue as a whole', () => {
  test('has contract cases only for operations that exist, each with a name of its own', () => {
    const ids = entries.map(({ operation }) => `${operation.id}@${operation.version}`)
    for (const { operation, cases } of allCases) {
      expect(ids).toContain(`${operation.id}@${operation.version}`)
      expect(new Set(cases.map(({ name }) => name)).size, operation.id).toBe(cases.length)
    }
  })

  test('gives every trigger a way to start', () => {
    for (const { operation } of entries) {
      if (operation.kind !== 'trigger') continue
      expect(
        [operation.poll, operation.push, operation.byHand, operation.scheduled].some((wire) => wire !== undefined),
        operation.id,
      ).toBe(true)
    }
  })

  test('names no operation twice in the same words', () => {
    for (const connector of connectors) {
      const titles = entries
        .filter((entry) => entry.connector === connector)
        .map(({ operation }) => `${operation.group}: ${operation.title} (${operation.kind})`)
      expect(new Set(titles).size, connector.spec.id).toBe(titles.length)
    }
  })
})
