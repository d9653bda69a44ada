import { Fault, type Json } from '@couplet/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { convertValue, fit } from './conversions.ts'
import type { Mapping } from './definition.ts'
import { resolveInput, resolveList, resolveMapping, resolveText } from './resolve-mapping.ts'
import {
  acceptsNull,
  ANY,
  listOf,
  NULL,
  NUMBER,
  objectOf,
  TEXT,
  typeOfSchema,
  typeOfValue,
  unionOf,
  type ValueType,
  YES_NO,
} from './value-type.ts'

const scope = { trigger: { name: 'Ada', none: null, count: 3, tags: ['a', 'b'], o: { x: 1 }, ok: true } }
const pill = (...path: [string, ...(string | number)[]]): Mapping => ({ kind: 'pill', path })

describe('resolving', () => {
  test.each<[string, Mapping, Json | undefined]>([
    ['a constant', { kind: 'value', value: [1, null] }, [1, null]],
    ['a pill', pill('trigger', 'tags', 1), 'b'],
    ['an absent pill', pill('trigger', 'nope', 'x'), undefined],
    ['an absent pill with fallback', { kind: 'pill', path: ['trigger', 'nope'], fallback: 0 }, 0],
    ['a null pill with fallback', { kind: 'pill', path: ['trigger', 'none'], fallback: 'x' }, 'x'],
    ['inherited members', pill('trigger', 'toString'), undefined],
    [
      'a text',
      {
        kind: 'text',
        parts: [
          'n=',
          { kind: 'pill', path: ['trigger', 'count'] },
          ' ',
          { kind: 'pill', path: ['trigger', 'tags'] },
          ' ',
          { kind: 'pill', path: ['trigger', 'o'] },
          '|',
          { kind: 'pill', path: ['trigger', 'nope'] },
          { kind: 'pill', path: ['trigger', 'ok'] },
        ],
      },
      'n=3 a, b {"x":1}|true',
    ],
    ['a formula', { kind: 'formula', formula: 'trigger.count * 2' }, 6],
    ['a list without its absent items', { kind: 'list', items: [pill('trigger', 'name'), pill('trigger', 'nope')] }, ['Ada']],
    [
      'an object without its absent members',
      { kind: 'object', fields: { a: pill('trigger', 'name'), b: pill('trigger', 'nope') } },
      { a: 'Ada' },
    ],
  ])('%s', (_name, mapping, expected) => {
    expect(resolveMapping(mapping, scope)).toEqual(expected)
  })

  test('a fault says where in the input it happened and where in the formula', () => {
    const input: Record<string, Mapping> = {
      look: {
        kind: 'object',
        fields: {
          sizes: {
            kind: 'list',
            items: [
              { kind: 'value', value: 1 },
              { kind: 'formula', formula: 'trigger.name - 1' },
            ],
          },
        },
      },
    }
    expect(() => resolveInput(input, scope)).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({
          code: 'formula.wrong_type',
          kind: 'user',
          place: 'look.sizes[1]',
          details: expect.objectContaining({ formula: 'formula, character 1' }),
        }),
      }),
    )
  })

  test('lists for loops and texts for people', () => {
    expect(resolveList(pill('trigger', 'tags'), scope)).toEqual(['a', 'b'])
    expect(() => resolveList(pill('trigger', 'name'), scope)).toThrow(expect.objectContaining({ code: 'mapping.not_a_list' }))
    expect(resolveText(pill('trigger', 'count'), scope)).toBe('3')
    expect(resolveText(pill('trigger', 'nope'), scope)).toBe('')
  })
})

describe('conversion to the schema of the operation', () => {
  const schema = {
    type: 'object',
    properties: {
      title: { type: 'string' },
      count: { type: 'number' },
      tags: { type: 'array', items: { type: 'string' } },
      color: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
    required: ['title'],
  }

  test('numbers and yes/no become texts, in lists too; null is left out where it is not taken', () => {
    const input: Record<string, Mapping> = {
      title: pill('trigger', 'count'),
      tags: { kind: 'list', items: [pill('trigger', 'ok'), { kind: 'value', value: 'x' }] },
      count: pill('trigger', 'none'),
      color: pill('trigger', 'none'),
    }
    expect(resolveInput(input, scope, schema)).toEqual({ title: '3', tags: ['true', 'x'], color: null })
  })

  test('a text where a number is needed is a fault at its place', () => {
    expect(() => resolveInput({ count: pill('trigger', 'name') }, scope, schema)).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ code: 'mapping.mismatch', place: 'count', hint: expect.stringContaining('number(') }),
      }),
    )
  })

  const type: fc.Arbitrary<ValueType> = fc.letrec<{ type: ValueType }>((tie) => ({
    type: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<ValueType>(ANY, TEXT, NUMBER, YES_NO, unionOf([TEXT, NULL]), unionOf([NUMBER, YES_NO]), {
        kind: 'text',
        values: ['a', 'b'],
      }),
      tie('type').map(listOf),
      fc.dictionary(fc.constantFrom('a', 'b'), tie('type')).map((members) => objectOf(members)),
    ),
  })).type

  /** What the schema of the type says about a value. */
  const isOf = (value: Json, wanted: ValueType): boolean => {
    if (value === null) return acceptsNull(wanted)
    switch (wanted.kind) {
      case 'any':
        return true
      case 'text':
        return typeof value === 'string' && (wanted.values?.includes(value) ?? true)
      case 'number':
        return typeof value === 'number'
      case 'yes-no':
        return typeof value === 'boolean'
      case 'list':
        return Array.isArray(value) && value.every((item: Json) => isOf(item, wanted.items))
      case 'object':
        return (
          typeof value === 'object' &&
          !Array.isArray(value) &&
          [...wanted.members].every(([name, member]) =>
            Object.hasOwn(value, name) ? isOf((value as Record<string, Json>)[name] ?? null, member.type) : member.optional,
          )
        )
      case 'union':
        return wanted.of.some((part) => isOf(value, part))
      default:
        return false
    }
  }

  test('what the check calls fitting or converted is right after the conversion', () => {
    let fitting = 0
    fc.assert(
      fc.property(
        type,
        fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>('a', 1, true, ['a', 1], { a: 1, b: 'x' }, { a: 'a' })),
        (target, source) => {
          const value = JSON.parse(JSON.stringify(source)) as Json
          if (value === null) return
          const { verdict } = fit(typeOfValue(value), target)
          try {
            const converted = convertValue(value, target)
            if (verdict !== 'fits' && verdict !== 'converted') return
            fitting += 1
            expect(isOf(converted ?? null, target), `${verdict} ${JSON.stringify(value)} → ${JSON.stringify(converted)}`).toBe(true)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(Fault)
            expect(verdict).toMatch(/mismatch|may-not-fit/)
          }
        },
      ),
      { numRuns: 2_000 },
    )
    expect(fitting).toBeGreaterThan(200)
  })
})

describe('types of schemas', () => {
  test('references, recursion, combinations and unknown keywords are read', () => {
    const tree = {
      $defs: {
        Node: {
          type: 'object',
          properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/Node' } } },
          required: ['name'],
        },
      },
      $ref: '#/$defs/Node',
    }
    const type = typeOfSchema(tree)
    expect(type.kind === 'object' && type.members.get('name')).toMatchObject({ type: { kind: 'text' }, optional: false })
    expect(type.kind === 'object' && type.members.get('children')?.type).toEqual(listOf(ANY))
    expect(typeOfSchema({ type: 'string', nullable: true })).toEqual(unionOf([TEXT, NULL]))
    expect(typeOfSchema({ type: ['integer', 'null'] })).toEqual(unionOf([{ kind: 'number', whole: true }, NULL]))
    expect(typeOfSchema({ enum: ['a', 1, null] })).toEqual(
      unionOf([{ kind: 'text', values: ['a'] }, { kind: 'number', values: [1], whole: true }, NULL]),
    )
    expect(
      typeOfSchema({
        allOf: [
          { type: 'object', properties: { a: { type: 'string' } } },
          { type: 'object', properties: { b: { type: 'number' } }, required: ['b'] },
        ],
      }),
    ).toEqual({
      kind: 'object',
      members: new Map([
        ['a', { type: TEXT, optional: true }],
        ['b', { type: NUMBER, optional: false }],
      ]),
    })
    expect(typeOfSchema({ type: 'object', additionalProperties: { type: 'number' } })).toEqual(objectOf({}, NUMBER))
    for (const odd of [{ $ref: '#/$defs/none' }, { $ref: 'http://example.org/x' }, { type: 'money' }, { anyOf: [] }, {}])
      expect(['any', 'union']).toContain(typeOfSchema(odd).kind)
  })
})
