import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FlowDefinition, Mapping, Step } from './definition.ts'
import { applyEdit } from './edits.ts'
import { exampleFlow, lookup, operationIds } from './test-support/operations.ts'
import { validateDefinition } from './validate.ts'
import { findStep } from './walk.ts'

const check = (flow: unknown) => validateDefinition(flow, lookup, { operationIds })
const found = (flow: unknown) => check(flow).problems.map(({ code, place }) => `${code} ${place}`)

/** The example with one input of the step `set` (inside the loop) replaced. */
const withInput = (input: string, mapping: Mapping): FlowDefinition =>
  applyEdit(exampleFlow(), { kind: 'set-input', stepId: 'set', input, mapping }).definition
const pill = (...path: [string, ...(string | number)[]]): Mapping => ({ kind: 'pill', path })
const formula = (text: string): Mapping => ({ kind: 'formula', formula: text })
const SET = 'steps[3].steps[0].input'

test('a good flow has no problems', () => {
  expect(check(exampleFlow())).toEqual({ definition: exampleFlow(), problems: [] })
})

describe('the form of a file', () => {
  const broken = (change: (file: FlowDefinition) => unknown) => {
    const file = exampleFlow()
    change(file)
    return check(file).problems[0]
  }

  test.each([
    ['a missing member', (f: FlowDefinition) => Reflect.deleteProperty(f, 'name'), 'flow.missing', 'name', '"name" is missing'],
    ['a mistyped member', (f: FlowDefinition) => Object.assign(f, { stepz: 1 }), 'flow.unknown_member', 'stepz', 'steps'],
    [
      'a mistyped member of a step',
      (f: FlowDefinition) => Object.assign(f.steps[0] ?? {}, { conection: 'x' }),
      'flow.unknown_member',
      'steps[0].conection',
      'connection',
    ],
    [
      'an unknown kind of step',
      (f: FlowDefinition) => Object.assign(f.steps[3] ?? {}, { kind: 'foreach' }),
      'flow.unknown_kind',
      'steps[3].kind',
      'for-each',
    ],
    [
      'an unknown kind of mapping',
      (f: FlowDefinition) => Object.assign(f.steps[0] ?? {}, { input: { id: { kind: 'pil' } } }),
      'flow.unknown_kind',
      'steps[0].input.id.kind',
      'pill',
    ],
    [
      'a text where a number belongs',
      (f: FlowDefinition) => Object.assign(f.steps[2] ?? {}, { version: '1' }),
      'flow.wrong_kind',
      'steps[2].version',
      'must be a number',
    ],
    [
      'a length of time that is none',
      (f: FlowDefinition) => Object.assign(f.trigger, { every: '5 minutes' }),
      'flow.bad_value',
      'trigger.every',
      '5 m',
    ],
    [
      'a reserved step id',
      (f: FlowDefinition) => Object.assign(f.steps[0] ?? {}, { id: 'trigger' }),
      'flow.bad_value',
      'steps[0].id',
      'reserved',
    ],
    [
      'a word of the formula language as step id',
      (f: FlowDefinition) => Object.assign(f.steps[0] ?? {}, { id: 'package' }),
      'flow.bad_value',
      'steps[0].id',
      'reserved',
    ],
    ['a newer format', (f: FlowDefinition) => Object.assign(f, { format: 2 }), 'flow.newer_format', 'format', 'format 2'],
  ])('%s is named at its place', (_name, change, code, place, words) => {
    const problem = broken(change)
    expect(problem).toMatchObject({ severity: 'error', code, place })
    expect(`${problem?.message} ${problem?.hint ?? ''}`).toContain(words)
  })

  test('names that every object has are no names of slots and steps', () => {
    expect(broken((file) => Object.assign(file.slots, { constructor: { connector: 'acme' } }))?.place).toContain('constructor')
    expect(broken((file) => Object.assign(file.steps[0] ?? {}, { id: 'toString' }))?.message).toContain('reserved')
  })

  test('something else than a flow is one problem', () => {
    for (const source of [null, 3, 'flow', [], true]) expect(check(source).problems).toHaveLength(1)
  })

  test('extreme nesting is refused without exhausting the stack', () => {
    let deep: unknown = []
    for (let i = 0; i < 20_000; i++) deep = [deep]
    expect(found({ format: 1, steps: deep })).toEqual(['flow.too_deep '])
  })
})

describe('names in mappings', () => {
  test.each([
    ['a step in a loop seen from outside', 'report', 'title', pill('set', 'id'), 'mapping.unknown_name steps[4].input.title'],
    ['a step in a branch seen from outside', 'report', 'title', pill('ask', 'by'), 'mapping.unknown_name steps[4].input.title'],
    ['a later step', 'book', 'id', pill('report', 'url'), 'mapping.unknown_name steps[0].input.id'],
    ['the step itself', 'report', 'title', pill('report', 'url'), 'mapping.unknown_name steps[4].input.title'],
    ['the item outside of its loop', 'report', 'title', pill('each', 'item', 'name'), 'mapping.unknown_member steps[4].input.title'],
    ['an unknown member in a formula', 'report', 'title', formula('upper(trigger.nmae)'), 'formula.unknown_member steps[4].input.title'],
    [
      'an unknown connection slot',
      'report',
      'title',
      pill('connections', 'gh', 'locationId'),
      'mapping.unknown_member steps[4].input.title',
    ],
  ])('%s is an error', (_name, stepId, input, mapping, expected) => {
    const result = check(applyEdit(exampleFlow(), { kind: 'set-input', stepId, input, mapping }).definition)
    expect(result.problems.map(({ code, place }) => `${code} ${place}`)).toEqual([expected])
    expect(result.problems[0]).toMatchObject({ severity: 'error', stepId, hint: expect.any(String) })
  })

  test('a mistyped member is put right by the fix that comes with the problem', () => {
    for (const mapping of [
      pill('trigger', 'nmae'),
      formula('upper(trigger.nmae)'),
      { kind: 'text', parts: [{ kind: 'pill', path: ['trigger', 'nmae'] }, '!'] } satisfies Mapping,
    ]) {
      const flow = applyEdit(exampleFlow(), { kind: 'set-input', stepId: 'report', input: 'title', mapping }).definition
      const [problem] = check(flow).problems
      expect(problem?.hint).toContain('"name"')
      const fixed = problem?.fix && applyEdit(flow, problem.fix).definition
      expect(check(fixed).problems).toEqual([])
    }
  })

  test('what stands around a step is seen: loop item, index, results, approval, failure, records', () => {
    const steps = (list: Step[]): FlowDefinition => ({
      ...exampleFlow(),
      slots: {
        ghl: { connector: 'highlevel' },
        ...(list.some((step) => step.kind === 'action' && step.connection === 'books') ? { books: { connector: 'heyzine' } } : {}),
      },
      steps: list,
    })
    const report = (id: string, mapping: Mapping): Step => ({
      kind: 'action',
      id,
      operation: 'couplet.report.make',
      version: 1,
      input: { title: mapping },
    })
    const ask: Step = { kind: 'wait', id: 'ask', wait: { kind: 'approval', question: { kind: 'value', value: '?' } } }
    const read: Step = {
      kind: 'action',
      id: 'book',
      operation: 'heyzine.flipbook.get',
      version: 1,
      connection: 'books',
      input: { id: { kind: 'value', value: 'x' } },
    }
    expect(found(steps([ask, report('after', formula('ask.approved ? "yes" : "no"'))]))).toEqual([])
    expect(found(steps([ask, report('after', pill('ask', 'by'))]))).toEqual(['mapping.may_be_empty steps[1].input.title'])
    const call: Step = { kind: 'wait', id: 'signed', wait: { kind: 'webhook', giveUpAfter: '2 d' } }
    const tell = report('invite', pill('run', 'resumeUrls', 'signed'))
    expect(found(steps([tell, call, report('after', formula('signed.timedOut ? "no" : text(signed.body.name)'))]))).toEqual([])
    expect(found(steps([call]))).toEqual(['step.unknown_address steps[0]'])
    expect(found(steps([report('wrong', pill('run', 'resumeUrls', 'other')), tell, call]))).toEqual([
      'mapping.unknown_member steps[0].input.title',
    ])
    const each: Step = { kind: 'for-each', id: 'each', items: { kind: 'value', value: [1] }, steps: [tell, call] }
    expect(found(steps([each]))).toEqual([])
    expect(found(steps([each, report('late', pill('run', 'resumeUrls', 'signed'))]))).toHaveLength(1)
    expect(found(steps([read, report('after', formula('text(fallback(book.pagesById["7"].width, 0))'))]))).toEqual([])
  })
})

describe('types in mappings', () => {
  test.each([
    ['text into number', 'pages', pill('book', 'title'), [`mapping.mismatch ${SET}.pages`]],
    ['number into text is converted', 'title', pill('book', 'pages'), [`mapping.converted ${SET}.title`]],
    [
      'number in a text mapping is silent',
      'title',
      { kind: 'text', parts: ['n ', { kind: 'pill', path: ['book', 'pages'] }] } satisfies Mapping,
      [],
    ],
    ['text into yes or no', 'visible', pill('book', 'title'), [`mapping.mismatch ${SET}.visible`]],
    ['list of objects into list of texts', 'tags', pill('tags', 'tags'), [`mapping.mismatch ${SET}.tags`]],
    ['list of names by formula', 'tags', formula('tags.tags.map(t, t.name)'), []],
    ['list of numbers by formula is converted', 'tags', formula('tags.tags.map(t, t.uses)'), [`mapping.converted ${SET}.tags`]],
    ['optional member into a required field', 'id', pill('book', 'url'), [`mapping.may_be_empty ${SET}.id`]],
    ['optional member into an optional field', 'title', pill('book', 'url'), []],
    ['optional member with fallback', 'id', { kind: 'pill', path: ['book', 'url'], fallback: 'x' } satisfies Mapping, []],
    [
      'nullable member into a required member',
      'look',
      { kind: 'object', fields: { color: pill('trigger', 'color') } } satisfies Mapping,
      [`mapping.may_be_empty ${SET}.look.fields.color`],
    ],
    ['missing member of an object', 'look', { kind: 'object', fields: {} } satisfies Mapping, [`input.missing ${SET}.look`]],
    [
      'unknown member of an object',
      'look',
      { kind: 'object', fields: { color: pill('trigger', 'name'), colour: pill('trigger', 'name') } } satisfies Mapping,
      [`input.unknown ${SET}.look.fields.colour`],
    ],
    ['a constant outside of the choices', 'mode', { kind: 'value', value: 'merg' } satisfies Mapping, [`input.bad_value ${SET}.mode`]],
    ['a constant that is too long', 'title', { kind: 'value', value: 'x'.repeat(21) } satisfies Mapping, [`input.bad_value ${SET}.title`]],
    ['an unknown field', 'colour', { kind: 'value', value: 1 } satisfies Mapping, [`input.unknown ${SET}.colour`]],
    ['adding to a text', 'pages', formula('book.title - 1'), [`formula.wrong_type ${SET}.pages`]],
    ['an optional member in a formula', 'title', formula('upper(book.url)'), [`formula.may_be_absent ${SET}.title`]],
    ['an optional member guarded in a formula', 'title', formula('upper(fallback(book.url, ""))'), []],
    ['a formula that cannot be read', 'title', formula('upper('), [`formula.syntax ${SET}.title`]],
  ])('%s', (_name, input, mapping, expected) => {
    expect(found(withInput(input, mapping))).toEqual(expected)
  })

  test('text into a number field is put right by its fix', () => {
    const flow = withInput('pages', pill('book', 'title'))
    const [problem] = check(flow).problems
    expect(problem?.fix).toEqual({ kind: 'set-input', stepId: 'set', input: 'pages', mapping: formula('number(book.title)') })
  })

  test('a mistyped constant gets a suggestion', () => {
    expect(check(withInput('mode', { kind: 'value', value: 'merg' })).problems[0]?.hint).toContain('"merge"')
  })
})

describe('operations, connections and structure', () => {
  const changed = (change: (flow: FlowDefinition) => void) => {
    const flow = exampleFlow()
    change(flow)
    return check(flow).problems
  }
  const only = (flow: FlowDefinition, index: number) => flow.steps[index] as Step & { kind: 'action' }

  test.each([
    [
      'an unknown operation',
      (f: FlowDefinition) => void (only(f, 4).operation = 'couplet.report.mke'),
      'operation.unknown',
      'couplet.report.make',
    ],
    ['an unknown version', (f: FlowDefinition) => void (only(f, 4).version = 3), 'operation.unknown_version', 'Version 1'],
    [
      'a trigger as a step',
      (f: FlowDefinition) => void (only(f, 4).operation = 'highlevel.social-tag.changed'),
      'operation.wrong_kind',
      'cannot be a step',
    ],
    ['a missing connection', (f: FlowDefinition) => void delete only(f, 2).connection, 'connection.missing', '"ghl"'],
    ['an unknown slot', (f: FlowDefinition) => void (only(f, 2).connection = 'gl'), 'connection.unknown_slot', '"ghl"'],
    ['a slot of another connector', (f: FlowDefinition) => void (only(f, 2).connection = 'books'), 'connection.wrong_connector', '"ghl"'],
    ['a connection nobody needs', (f: FlowDefinition) => void (only(f, 4).connection = 'ghl'), 'connection.not_needed', 'Remove'],
    ['an unused slot', (f: FlowDefinition) => void (f.slots['more'] = { connector: 'payaca' }), 'connection.unused_slot', 'Remove'],
    ['a required input that is missing', (f: FlowDefinition) => void (only(f, 4).input = {}), 'input.missing', 'title'],
    ['a bad setting of the trigger', (f: FlowDefinition) => void (f.trigger.input = { pageSize: 1_000 }), 'input.bad_value', 'at most 100'],
    ['an unknown setting of the trigger', (f: FlowDefinition) => void (f.trigger.input = { size: 1 }), 'input.unknown', 'size'],
    ['a repeated id', (f: FlowDefinition) => void (only(f, 4).id = 'end'), 'step.repeated_id', 'end_2'],
    [
      'steps after a stop',
      (f: FlowDefinition) => void f.steps.unshift({ kind: 'stop', id: 'halt', outcome: 'done' }),
      'step.unreachable',
      'never reached',
    ],
    [
      'ending an item outside of a loop',
      (f: FlowDefinition) => void f.steps.push({ kind: 'stop', id: 'halt', outcome: 'done', ends: 'item' }),
      'step.no_item',
      'no loop',
    ],
    [
      'a loop over something else than a list',
      (f: FlowDefinition) =>
        void Object.assign(f.steps[3] ?? {}, { items: pill('book', 'title'), steps: [{ kind: 'stop', id: 's', outcome: 'done' }] }),
      'mapping.mismatch',
      'a list',
    ],
    [
      'an empty loop',
      (f: FlowDefinition) => void Object.assign(f.steps[3] ?? {}, { steps: [], collect: undefined }),
      'step.empty_loop',
      'nothing',
    ],
    ['a condition that is no condition', (f: FlowDefinition) => void (f.trigger.where = 'trigger.name'), 'formula.not_yes_no', 'yes or no'],
    ['a condition that reads a step', (f: FlowDefinition) => void (f.trigger.where = 'book.id == "x"'), 'formula.unknown_name', 'later'],
    ['an order that reads nothing known', (f: FlowDefinition) => void (f.orderedBy = 'trigger.idd'), 'formula.unknown_member', '"id"'],
  ])('%s', (_name, change, code, words) => {
    const problem = changed(change).find((candidate) => candidate.code === code)
    expect(problem, code).toBeDefined()
    expect(`${problem?.message} ${problem?.hint ?? ''}`).toContain(words)
  })

  test('a step that writes cannot fall back on what it wrote once; one that reads can', () => {
    const falling = (stepId: string) => {
      const step = findStep(exampleFlow(), stepId)?.step
      if (step?.kind !== 'action') throw new Error(`${stepId} is no action`)
      return applyEdit(exampleFlow(), { kind: 'replace-step', stepId, step: { ...step, fallback: { use: 'last-good' } } }).definition
    }
    const [problem] = check(falling('set')).problems
    expect(problem).toMatchObject({
      severity: 'error',
      code: 'step.last_good_of_a_write',
      stepId: 'set',
      place: 'steps[3].steps[0].fallback',
    })
    expect(problem?.fix && check(applyEdit(falling('set'), problem.fix).definition).problems).toEqual([])
    expect(check(falling('tags')).problems).toEqual([])
  })

  test('fixes of connections put them right', () => {
    const flow = exampleFlow()
    delete only(flow, 2).connection
    const [problem] = check(flow).problems
    expect(problem?.fix && check(applyEdit(flow, problem.fix).definition).problems).toEqual([])
  })

  test('nesting and number of steps are bounded', () => {
    let steps: Step[] = [{ kind: 'stop', id: 's0', outcome: 'done' }]
    for (let i = 1; i <= 9; i++) steps = [{ kind: 'branch', id: `s${i}`, branches: [{ title: '', when: 'true', steps }], otherwise: [] }]
    expect(found({ ...exampleFlow(), steps })).toContain(
      'flow.too_deep steps[0].branches[0].steps[0].branches[0].steps[0].branches[0].steps[0].branches[0].steps[0].branches[0].steps[0].branches[0].steps[0].branches[0].steps[0].branches[0].steps[0]',
    )
    const many = (prefix: string): Step[] =>
      Array.from({ length: 160 }, (_, index) => ({ kind: 'wait', id: `${prefix}${index}`, wait: { kind: 'for', duration: '1 s' } }))
    expect(found({ ...exampleFlow(), steps: many('a'), onFailure: many('b') })).toEqual(['flow.too_many_steps steps'])
  })
})

test('never throws, whatever JSON it is given', () => {
  const names = fc.constantFrom(
    'format',
    'name',
    'slots',
    'trigger',
    'steps',
    'kind',
    'id',
    'input',
    'branches',
    'otherwise',
    'items',
    'operation',
    'version',
    'path',
    'when',
  )
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(
        null,
        1,
        true,
        'action',
        'branch',
        'pill',
        'for-each',
        'text',
        'heyzine.flipbook.get',
        'trigger.name',
        '__proto__',
      ),
      fc.string(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(names, tie('value'), { maxKeys: 6 }),
    ),
  })).value
  fc.assert(
    fc.property(json, (source) => check(source).problems.length >= 0),
    { numRuns: 500 },
  )
  // Good flows with one arbitrary part: what the form accepts must not trip the checks behind it.
  const part = fc.oneof(
    json,
    fc.string().map((text) => ({ kind: 'formula', formula: text || '1' })),
    fc
      .array(fc.oneof(fc.string(), fc.nat(9)), { minLength: 1, maxLength: 4 })
      .map((path) => ({ kind: 'pill', path: ['trigger', ...path] })),
  )
  fc.assert(
    fc.property(part, (mapping) => check(withInput('tags', mapping as Mapping)).problems.length >= 0),
    { numRuns: 500 },
  )
})
