import { Fault } from '@couplet/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileFormula, evaluateCondition, evaluateFormula } from './formula.ts'
import { FORMULA_FUNCTIONS } from './formula-functions.ts'

const scope = {
  trigger: {
    count: 3,
    price: 2.5,
    name: 'Ada',
    none: null,
    tags: ['a', 'b'],
    items: [
      { n: 1, ok: true },
      { n: 2, ok: false },
    ],
    o: { x: 1 },
  },
  list: { a: 1 },
  map: 5,
  run: { startedAt: '2026-11-21T10:00:00Z' },
}

function faultOf(run: () => unknown): Fault {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}
const faultFor = (formula: string) => faultOf(() => evaluateFormula(formula, scope))

describe('numbers are one kind', () => {
  test.each([
    ['trigger.count + 1', 4],
    ['trigger.price * 2', 5],
    ['7 / 2', 3.5],
    ['7 % 4', 3],
    ['-5 % 3', -2],
    ['size(trigger.tags) == 2', true],
    ['size(trigger.tags) == 2.0', true],
    ['3 == 3.0', true],
    ['trigger.count % 2 == 1', true],
    ['3 in [1, 2, 3]', true],
    ['trigger.count in [3.0]', true],
    ['int("5") + 1', 6],
    ['0x10 + 1', 17],
    ['trigger.count > 2 ? trigger.price : 0', 2.5],
    ['trigger.items.map(i, i.n + 1)', [2, 3]],
    ['trigger.tags[trigger.count - 2]', 'b'],
    ['["x", "y"][trigger.count - 2]', 'y'],
  ])('%s', (formula, expected) => {
    expect(evaluateFormula(formula, scope)).toEqual(expected)
  })

  test('a whole JSON number behaves the same wherever it comes from', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -1e9, max: 1e9 }), (a, b) => {
        expect(evaluateFormula(`n + ${b < 0 ? `(${b})` : b}`, { n: a })).toBe(a + b)
        expect(evaluateFormula(`n == ${a < 0 ? `(${a})` : a}`, { n: a })).toBe(true)
        expect(evaluateFormula('a < b', { a, b })).toBe(a < b)
      }),
    )
  })
})

describe('texts, lists and choices', () => {
  test.each([
    ['"Post " + trigger.count', 'Post 3'],
    ['trigger.count + " posts"', '3 posts'],
    ['"a".upper()', 'A'],
    ['trigger.name.upper().lower()', 'ada'],
    ['trigger.items.filter(i, i.ok).map(i, i.n)', [1]],
    ['trigger.items.map(i, i.ok, i.n)', [1]],
    ['trigger.items.exists(i, i.n == 2)', true],
    ['trigger.items.exists_one(i, i.n > 0)', false],
    ['trigger.tags == ["a", "b"]', true],
    ['trigger.tags + ["c"]', ['a', 'b', 'c']],
    ['{"a": 1, "b": [1, "x", null]}', { a: 1, b: [1, 'x', null] }],
    ['true ? "a" : null', 'a'],
    ['false ? 1 : "x"', 'x'],
    ['trigger.name in ["Ada", "Bob"]', true],
    ['trigger["name"]', 'Ada'],
  ])('%s', (formula, expected) => {
    expect(evaluateFormula(formula, scope)).toEqual(expected)
  })

  test('step ids may be words that CEL knows as types', () => {
    expect(evaluateFormula('list.a + map', scope)).toBe(6)
    expect(evaluateFormula('trigger.tags.map(list, list)', scope)).toEqual(['a', 'b'])
  })

  test('a bound name hides an outer one only inside its macro', () => {
    expect(evaluateFormula('trigger.tags.map(map, map + "!").join("") + map', scope)).toBe('a!b!5')
  })
})

describe('what is absent', () => {
  test.each([
    ['trigger.?nope.orValue("z")', 'z'],
    ['trigger.?nope.?x.orValue(3)', 3],
    ['fallback(trigger.a.b.c, 4)', 4],
    ['fallback(trigger.none, "d")', 'd'],
    ['fallback(trigger.tags[7], "d")', 'd'],
    ['isEmpty(trigger.none) && isEmpty(trigger.nope) && isEmpty([])', true],
    ['has(trigger.name) && !has(trigger.nope)', true],
    ['trigger.none == null', true],
  ])('%s', (formula, expected) => {
    expect(evaluateFormula(formula, scope)).toEqual(expected)
  })

  test('names the whole path of an absent member and how to guard it', () => {
    const fault = faultFor('upper(trigger.nope)')
    expect(fault.facts).toMatchObject({ code: 'formula.absent', kind: 'user', place: 'formula, character 15' })
    expect(fault.message).toContain('"trigger.nope"')
    expect(fault.hint).toContain('fallback(')
  })

  test('only own members are reachable', () => {
    for (const formula of ['trigger.toString', 'trigger.constructor', 'trigger.__proto__', 'trigger["constructor"]'])
      expect(faultFor(formula).code).toBe('formula.absent')
    for (const formula of ['toString', 'constructor', 'hasOwnProperty', 'string', 'optional', 'google', 'cel'])
      expect(faultFor(formula).code).toBe('formula.unknown_name')
    expect(() => evaluateFormula('a', Object.create({ a: 1 }))).toThrow(Fault)
  })

  test('data may have a member called constructor', () => {
    const data = { trigger: { a: { constructor: 'q', n: 1 }, list: [{ constructor: 'z' }] } }
    expect(evaluateFormula('trigger.a.constructor + trigger.list[0].constructor', data)).toBe('qz')
    expect(evaluateFormula('trigger.list.map(i, i.constructor).join("")', data)).toBe('z')
    expect(evaluateFormula('trigger.a', data)).toEqual({ constructor: 'q', n: 1 })
  })
})

describe('faults tell a person what to do', () => {
  test.each([
    ['trigger.name > 3', 'formula.wrong_type', 'a text and a number'],
    ['trigger.none + 1', 'formula.wrong_type', 'nothing (empty)'],
    ['trigger.name && true', 'formula.not_yes_no', 'trigger.name'],
    ['upper(null)', 'formula.wrong_value', 'upper() needs a text'],
    ['upperr("a")', 'formula.unknown_function', 'upperr'],
    ['cut("a")', 'formula.wrong_count', '1 value'],
    ['"abc', 'formula.syntax', 'quote is missing'],
    ['1 +', 'formula.syntax', 'ends too early'],
    ['trigger.name = "a"', 'formula.syntax', 'single "="'],
    ['   ', 'formula.syntax', 'empty'],
    ['1 / 0', 'formula.not_a_number', 'divides by zero'],
    ['nope', 'formula.unknown_name', '"nope"'],
    ['b"abc"', 'formula.syntax', 'Bytes'],
    ['number("12 EUR")', 'formula.not_a_number', '12 EUR'],
    ['min([])', 'formula.empty_list', 'empty list'],
    ['trigger.items.all(i, i.n)', 'formula.not_yes_no', 'yes or no'],
    ['addTime("soon", "1 d")', 'formula.not_a_date', 'soon'],
    ['formatDate("2026-02-31", "D")', 'formula.not_a_date', '2026-02-31'],
    ['startOfDay("2026-02-01", "Mars/Olympus")', 'formula.unknown_zone', 'Mars/Olympus'],
    ['parseJson("{")', 'formula.not_json', 'not JSON'],
  ])('%s', (formula, code, words) => {
    const fault = faultFor(formula)
    expect(fault.code).toBe(code)
    expect(fault.message).toContain(words)
    expect(fault.hint).toBeTruthy()
    expect(fault.facts.place).toMatch(/^formula/)
  })

  test('says the line and character in a formula of several lines', () => {
    expect(faultFor('trigger.count >\n  nope').facts.place).toBe('formula, line 2, character 3')
  })

  test('a condition must give yes or no', () => {
    expect(evaluateCondition('trigger.count == 3', scope)).toBe(true)
    expect(faultOf(() => evaluateCondition('trigger.name', scope)).code).toBe('formula.not_yes_no')
  })
})

describe('bounds', () => {
  test('matches() is refused, regex() runs in linear time', () => {
    expect(faultFor('trigger.name.matches("a+")').code).toBe('formula.function_refused')
    expect(evaluateFormula('regex(t, "^(a+)+$")', { t: `${'a'.repeat(5_000)}!` })).toBe(false)
    expect(faultFor('regex("a", "(")').code).toBe('formula.bad_pattern')
  })

  test('list macros may be nested two deep, not three', () => {
    expect(evaluateFormula('trigger.tags.map(a, trigger.tags.map(b, a + b))', scope)).toEqual([
      ['aa', 'ab'],
      ['ba', 'bb'],
    ])
    expect(faultFor('trigger.tags.map(a, trigger.tags.map(b, trigger.tags.map(c, c)))').code).toBe('formula.nested_too_deep')
  })

  test('macros refuse lists above 1,000 items and accept 1,000', () => {
    const list = Array.from({ length: 1_001 }, (_, index) => index)
    expect(faultOf(() => evaluateFormula('list.map(i, i)', { list })).code).toBe('formula.list_too_long')
    expect(evaluateFormula('size(take(list, 1000).map(i, i))', { list })).toBe(1_000)
  })

  test('work is bounded whatever the lists are nested in', () => {
    const list = Array.from({ length: 1_000 }, (_, index) => index)
    const started = performance.now()
    expect(faultOf(() => evaluateFormula('list.map(a, list.map(b, size(list) + size(list)))', { list })).code).toBe('formula.too_much_work')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  test('formulas above 300 parts, 2,000 characters or deep brackets are refused', () => {
    expect(faultFor(Array.from({ length: 200 }, () => '1').join('+')).code).toBe('formula.too_large')
    expect(faultFor(`"${'a'.repeat(2_001)}"`).code).toBe('formula.too_large')
    expect(faultFor(`${'('.repeat(100)}1${')'.repeat(100)}`).code).toBe('formula.too_large')
  })

  test('texts above 200,000 characters are refused', () => {
    const t = 'a'.repeat(150_000)
    for (const formula of ['t + t', 'replace(t, "a", "bbb")', 'padLeft("", 1000000, "a")', '[t, t].join("")', 'text([t, t])'])
      expect(faultOf(() => evaluateFormula(formula, { t })).code, formula).toBe('formula.text_too_long')
  })
})

describe('functions', () => {
  test.each(FORMULA_FUNCTIONS.map((entry) => [entry.name, entry] as const))(
    '%s does what its example says',
    (_name, { example, signature, words, title }) => {
      expect(evaluateFormula(example.formula, example.scope ?? {})).toEqual(example.result)
      expect(signature && words && title).toBeTruthy()
    },
  )

  test('names are unique', () => {
    expect(new Set(FORMULA_FUNCTIONS.map(({ name }) => name)).size).toBe(FORMULA_FUNCTIONS.length)
  })

  test('days start at local midnight on both sides of a clock change', () => {
    expect(evaluateFormula('startOfDay("2026-03-29T12:00:00Z", "Europe/London")', {})).toBe('2026-03-29T00:00:00.000Z')
    expect(evaluateFormula('startOfDay("2026-03-30T12:00:00Z", "Europe/London")', {})).toBe('2026-03-29T23:00:00.000Z')
    expect(evaluateFormula('startOfDay("2026-10-25T12:00:00Z", "America/New_York")', {})).toBe('2026-10-25T04:00:00.000Z')
    // Midnight does not exist there on that day: clocks went from 00:00 to 01:00.
    expect(evaluateFormula('startOfDay("2018-11-04T12:00:00Z", "America/Sao_Paulo")', {})).toBe('2018-11-04T03:00:00.000Z')
  })

  test('calendar steps keep the day or take the last one of the month', () => {
    expect(evaluateFormula('addTime("2024-02-29", "1 year")', {})).toBe('2025-02-28T00:00:00.000Z')
    expect(evaluateFormula('addTime("2026-03-31T05:06:07Z", "-1 month")', {})).toBe('2026-02-28T05:06:07.000Z')
    expect(evaluateFormula('addTime("2026-03-31", "-2 d")', {})).toBe('2026-03-29T00:00:00.000Z')
  })
})

test('never throws anything but a fault, whatever the text and the values', () => {
  const words = fc.constantFrom(
    'trigger',
    '.',
    '?',
    '(',
    ')',
    '[',
    ']',
    '+',
    '-',
    '==',
    '&&',
    '||',
    '"a"',
    '1',
    'null',
    'map',
    'x',
    ',',
    'fallback',
    'size',
    'true',
    ' ? ',
    ':',
    '{',
    '}',
    'in',
    'name',
    'filter',
    'isEmpty',
    'regex',
    'text',
    'orValue',
    '!',
    '1.5',
    'sort',
  )
  const text = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.array(words, { maxLength: 16 }).map((parts) => parts.join('')),
    fc.constantFrom(
      ...FORMULA_FUNCTIONS.map(({ name }) => `${name}(trigger.a, trigger.b)`),
      ...FORMULA_FUNCTIONS.map(({ name }) => `trigger.a.${name}()`),
    ),
  )
  fc.assert(
    fc.property(text, fc.record({ trigger: fc.jsonValue({ maxDepth: 3 }) }), (formula, values) => {
      try {
        const result = evaluateFormula(formula, JSON.parse(JSON.stringify(values)))
        expect(JSON.parse(JSON.stringify(result))).toEqual(result)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Fault)
        if (thrown instanceof Fault) expect(thrown.facts).toMatchObject({ kind: 'user', hint: expect.any(String) })
      }
    }),
    { numRuns: 2_000 },
  )
})

test('tells which outer paths a formula reads', () => {
  const { names, paths } = compileFormula('find.tags[0].name + trigger.x + [1].map(i, i + find.n)[0] + fallback(a.b, "")')
  expect(names).toEqual(['find', 'trigger', 'a'])
  expect(paths.map(({ path, checked }) => [path.join('/'), checked])).toEqual([
    ['find/tags/0/name', false],
    ['trigger/x', false],
    ['find/n', false],
    ['a/b', true],
  ])
})
