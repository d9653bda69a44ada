import type { FaultFacts, Json } from '@couplet/core'
import { FlowDefinition, type Mapping, type Step } from '@couplet/flow'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formula, value } from '../test-support/steps.ts'
import { type Decision, decide, type RunFacts } from './decide.ts'
import type { CallEnd, Performance } from './walk.ts'
import type { JournalEntry } from './journal.ts'
import { applyEntry, foldSegments, newProgress, type RunProgress } from './run-progress.ts'

const NOW = 1_800_000_000_000
const FAULT: FaultFacts = { code: 'test.fault', kind: 'rejected', message: 'no' }

const flowOf = (steps: readonly Step[], onFailure?: readonly Step[]): FlowDefinition =>
  FlowDefinition.parse({
    format: 1,
    name: 'F',
    trigger: { operation: 'a.b', version: 1 },
    steps,
    ...(onFailure ? { onFailure } : {}),
  })

const factsOf = (definition: FlowDefinition, more: Partial<RunFacts> = {}): RunFacts => ({
  definition,
  trigger: { n: 3, list: [1, 2, 3] },
  connections: {},
  run: { id: 'run_x', startedAt: '2026-01-01T00:00:00.000Z', environment: 'sandbox', timeZone: 'Europe/London' },
  isCancelRequested: false,
  resumeUrl: (key) => `https://couplet.test/resume/${key}`,
  calls: new Map(),
  ...more,
})

/** How an attempt ends, as the engine would journal it. */
type Outcome = 'done' | 'failed' | 'tolerated' | 'retry' | 'unsure' | 'crash' | 'park' | 'ask'

const entryFor = (performance: Performance, outcome: Outcome, at: number): JournalEntry => {
  const base = { step: performance.key, at }
  switch (outcome) {
    case 'done':
      return { kind: 'done', ...base, output: performance.key }
    case 'failed':
      return { kind: 'failed', ...base, fault: FAULT }
    case 'tolerated':
      return { kind: 'tolerated', ...base, fault: FAULT }
    case 'retry':
      return { kind: 'attempt', ...base, fault: FAULT, retryAt: at + 1_000, isSpent: true, isUnsure: false }
    case 'unsure':
      return { kind: 'attempt', ...base, fault: FAULT, retryAt: at + 1_000, isSpent: true, isUnsure: true }
    // The process dies after the intent: nothing else is ever written of this attempt.
    case 'crash':
      return { kind: 'intent', ...base, effect: 'never', fingerprint: 'f', input: null }
    case 'park':
      return { kind: 'parked', ...base, reason: 'connection', fault: FAULT, isUnsure: true }
    case 'ask':
      return { kind: 'parked', ...base, reason: 'uncertain', fault: FAULT }
    default:
      return outcome satisfies never
  }
}

type Played = {
  journal: JournalEntry[]
  segments: JournalEntry[][]
  end: Decision['end']
  /** Every performance, with what was known of its step before. */
  performed: { key: string; before: string | undefined }[]
  progress: RunProgress
}

const TURNS_MAX = 2_000

/** Plays a run to its end: outcomes come from `draw`; sleeps pass, questions are answered, addresses called, parked steps let go on. */
function play(given: RunFacts, draw: (performance: Performance) => Outcome): Played {
  const calls = new Map<string, CallEnd>(given.calls)
  const facts: RunFacts = { ...given, calls }
  const progress = newProgress()
  const played: Played = { journal: [], segments: [], end: undefined, performed: [], progress }
  let now = NOW
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    const decision = decide(facts, progress, now)
    const segment: JournalEntry[] = [...decision.records]
    for (const entry of segment) applyEntry(progress, entry)
    if (decision.end) segment.push(decision.end)
    else if (decision.performances.length > 0)
      for (const performance of decision.performances) {
        played.performed.push({ key: performance.key, before: progress.steps.get(performance.key)?.status })
        segment.push(entryFor(performance, draw(performance), now))
      }
    else if (decision.records.length === 0) segment.push(...whatPeopleDo(decision, now, calls))
    now = Math.max(now + 1, decision.performances.length === 0 ? (decision.wakeAt ?? 0) : 0)
    for (const entry of segment.slice(decision.records.length)) applyEntry(progress, entry)
    played.journal.push(...segment)
    played.segments.push(segment)
    if (decision.end) return { ...played, end: decision.end }
  }
  throw new Error(`The run neither ends nor rests: ${JSON.stringify(played.journal.slice(-5))}`)
}

function whatPeopleDo(decision: Decision, at: number, calls: Map<string, CallEnd>): JournalEntry[] {
  const [question] = decision.questions
  if (question) return [{ kind: 'woken', step: question.key, at, by: 'ada', output: { approved: true, by: 'ada' } }]
  const [parked] = decision.parked
  if (parked !== undefined) return [{ kind: 'unparked', step: parked, at, how: 'again', by: 'ada' }]
  for (const { key, isOver } of decision.awaited)
    if (isOver) calls.set(key, 'gave-up')
    else if (decision.wakeAt === undefined) calls.set(key, { body: { called: key } })
  if (decision.awaited.length > 0) return []
  if (decision.wakeAt === undefined) throw new Error('The run rests without a reason')
  return []
}

/* Random definitions. Step ids are numbered afterwards, so that each is there once. */

const action: fc.Arbitrary<Step> = fc.constant({ kind: 'action', id: 'x', operation: 'a.b', version: 1, input: {} })
const wait: fc.Arbitrary<Step> = fc.constantFrom<Step>(
  { kind: 'wait', id: 'x', wait: { kind: 'for', duration: '5 m' } },
  { kind: 'wait', id: 'x', wait: { kind: 'until', at: value('2020-01-01T00:00:00Z') } },
  { kind: 'wait', id: 'x', wait: { kind: 'until', at: value('not a time') } },
  { kind: 'wait', id: 'x', wait: { kind: 'until', at: value(8.6e15) } },
  { kind: 'wait', id: 'x', wait: { kind: 'approval', question: value('Go on?') } },
  { kind: 'wait', id: 'x', wait: { kind: 'approval', question: value('Go on?'), giveUpAfter: '1 h' } },
  { kind: 'wait', id: 'x', wait: { kind: 'webhook' } },
  { kind: 'wait', id: 'x', wait: { kind: 'webhook', giveUpAfter: '1 h' } },
)
const stop: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('stop' as const),
  id: fc.constant('x'),
  outcome: fc.constantFrom('done' as const, 'skipped' as const, 'failed' as const),
  ends: fc.constantFrom('run' as const, 'item' as const),
})
const { steps: stepsArbitrary } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: action },
    { weight: 1, arbitrary: wait },
    { weight: 1, arbitrary: stop },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('branch' as const),
        id: fc.constant('x'),
        branches: fc.array(
          fc.record({
            title: fc.constant('B'),
            when: fc.constantFrom('true', 'false', 'trigger.n > 2', 'trigger.absent.member', '1 / 0 > 1', '"no condition"'),
            steps: tie('steps'),
          }),
          { minLength: 1, maxLength: 2 },
        ),
        otherwise: tie('steps'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('for-each' as const),
        id: fc.constant('x'),
        items: fc.constantFrom<Mapping>(value([]), value([1]), value([1, 2, 3]), formula('trigger.list'), value('no list')),
        steps: tie('steps'),
        parallel: fc.constantFrom(1, 2, 5),
        onItemFailure: fc.constantFrom('stop' as const, 'continue' as const),
        collect: fc.constantFrom<Mapping>(value('c'), formula('trigger.n'), formula('1 / 0')),
      }),
    },
  ),
  steps: fc.array(tie('step'), { maxLength: 3, depthIdentifier: 'steps' }),
}))

function numbered(steps: readonly Step[], count = { n: 0 }): Step[] {
  return steps.map((step) => {
    const id = `s${count.n++}`
    if (step.kind === 'branch')
      return {
        ...step,
        id,
        branches: step.branches.map((branch) => ({ ...branch, steps: numbered(branch.steps, count) })),
        otherwise: numbered(step.otherwise, count),
      }
    return step.kind === 'for-each' ? { ...step, id, steps: numbered(step.steps, count) } : { ...step, id }
  })
}

const outcomes = fc.infiniteStream(
  fc.oneof(
    { weight: 10, arbitrary: fc.constant<Outcome>('done') },
    { weight: 4, arbitrary: fc.constantFrom<Outcome>('failed', 'tolerated', 'retry', 'unsure', 'crash', 'park', 'ask') },
  ),
)
const runs = fc.record({ steps: stepsArbitrary, onFailure: fc.option(stepsArbitrary, { nil: undefined }), outcomes }).map((given) => {
  const count = { n: 0 }
  const definition = flowOf(numbered(given.steps, count), given.onFailure && numbered(given.onFailure, count))
  return { definition, draw: () => given.outcomes.next().value ?? 'done', toString: () => JSON.stringify(definition) }
})
const RUNS = { numRuns: 500 }

describe('any flow, whatever its steps meet', () => {
  test('ends, or rests with a reason, and never throws', () => {
    fc.assert(
      fc.property(runs, ({ definition, draw }) => {
        expect(play(factsOf(definition), draw).end).toBeDefined()
      }),
      RUNS,
    )
  })

  test('performs a step again only when its last entry says so', () => {
    fc.assert(
      fc.property(runs, ({ definition, draw }) => {
        for (const { before } of play(factsOf(definition), draw).performed)
          expect([undefined, 'retrying', 'resumed', 'intended']).toContain(before)
      }),
      RUNS,
    )
  })

  test('never takes back what is over: a finished step stays as it is', () => {
    fc.assert(
      fc.property(runs, ({ definition, draw }) => {
        const over = new Map<string, string>()
        const progress = newProgress()
        for (const entry of play(factsOf(definition), draw).journal) {
          applyEntry(progress, entry)
          for (const [key, step] of progress.steps) {
            const known = over.get(key)
            if (known !== undefined) expect(`${key} ${JSON.stringify(step)}`).toBe(`${key} ${known}`)
            else if (['done', 'tolerated', 'failed', 'branched', 'stopped'].includes(step.status)) over.set(key, JSON.stringify(step))
          }
        }
      }),
      RUNS,
    )
  })

  test('chooses each branch and each list once', () => {
    fc.assert(
      fc.property(runs, ({ definition, draw }) => {
        const chosen = play(factsOf(definition), draw).journal.flatMap((entry) =>
          entry.kind === 'branched' || entry.kind === 'items' ? [entry.step] : [],
        )
        expect(new Set(chosen).size).toBe(chosen.length)
      }),
      RUNS,
    )
  })

  test('has the same progress whether its journal is read whole, in pieces, or as it was written', () => {
    fc.assert(
      fc.property(runs, ({ definition, draw }) => {
        const { journal, segments, progress } = play(factsOf(definition), draw)
        expect(foldSegments(segments)).toEqual(progress)
        expect(foldSegments([journal])).toEqual(progress)
        // As stored: what JSON drops must not matter.
        expect(foldSegments(JSON.parse(JSON.stringify(segments)) as unknown[][])).toEqual(progress)
      }),
      RUNS,
    )
  })

  test('decides the same after any crash: from the stored journal as from memory', () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ definition, draw }, cut) => {
        const facts = factsOf(definition)
        const { segments } = play(facts, draw)
        const kept = segments.slice(0, cut % (segments.length + 1))
        const inMemory = newProgress()
        for (const entry of kept.flat()) applyEntry(inMemory, entry)
        expect(decide(facts, foldSegments(JSON.parse(JSON.stringify(kept)) as unknown[][]), NOW + 1)).toEqual(
          decide(facts, inMemory, NOW + 1),
        )
      }),
      RUNS,
    )
  })

  test('does not change the progress it reads', () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ definition, draw }, cut) => {
        const facts = factsOf(definition)
        const { segments } = play(facts, draw)
        const progress = foldSegments(segments.slice(0, cut % (segments.length + 1)))
        const before = structuredClone(progress)
        decide(facts, progress, NOW + 1)
        expect(progress).toEqual(before)
      }),
      RUNS,
    )
  })

  test('ends at once when a person cancels it, wherever it is', () => {
    fc.assert(
      fc.property(runs, fc.nat(), ({ definition, draw }, cut) => {
        const { segments, end } = play(factsOf(definition), draw)
        const kept = segments.slice(0, cut % segments.length)
        const decision = decide(factsOf(definition, { isCancelRequested: true }), foldSegments(kept), NOW + 1)
        expect(decision.end?.state).toBe('cancelled')
        expect(decision.performances).toEqual([])
        expect(end).toBeDefined()
      }),
      RUNS,
    )
  })

  test('does not end while a write of it may have reached the vendor and nobody has said', () => {
    fc.assert(
      fc.property(runs, ({ definition, draw }) => {
        const { progress } = play(factsOf(definition), draw)
        const open = [...progress.steps].filter(
          ([, step]) =>
            step.status === 'intended' ||
            ((step.status === 'retrying' || step.status === 'parked' || step.status === 'resumed') && step.isUnsure),
        )
        expect(open).toEqual([])
      }),
      RUNS,
    )
  })
})

/* Single guarantees. */

const act = (id: string, input: Record<string, Mapping> = {}): Step => ({ kind: 'action', id, operation: 'a.b', version: 1, input })
const each = (id: string, items: Mapping, steps: Step[], more: Partial<Extract<Step, { kind: 'for-each' }>> = {}): Step => ({
  kind: 'for-each',
  id,
  items,
  steps,
  ...more,
})
const outputOf = (progress: RunProgress, key: string): Json => {
  const step = progress.steps.get(key)
  return step?.status === 'done' ? step.output : null
}

describe('a loop', () => {
  test('gives results in the order of its items, in whatever order they end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 }), outcomes, (count, parallel, stream) => {
        const items = Array.from({ length: count }, (_, index) => index)
        const steps = [
          each('round', value(items), [act('one')], { parallel, onItemFailure: 'continue', collect: formula('round.item * 10') }),
          act('after', { got: formula('round.results') }),
        ]
        let seen: Json = null
        play(factsOf(flowOf(steps)), (performance) => {
          if (performance.key === 'after') {
            seen = performance.scope['round'] ?? null
            return 'done'
          }
          const outcome = stream.next().value ?? 'done'
          return outcome === 'failed' ? 'tolerated' : outcome
        })
        expect(seen).toEqual({ count, failed: 0, results: items.map((item) => item * 10) })
      }),
      { numRuns: 200 },
    )
  })

  test('works on no more items at a time than it may', () => {
    const definition = flowOf([each('round', value([1, 2, 3, 4, 5, 6, 7]), [act('a'), act('b')], { parallel: 3 })])
    const progress = newProgress()
    let widest = 0
    for (let turn = 0; turn < 100; turn++) {
      const decision = decide(factsOf(definition), progress, NOW)
      widest = Math.max(widest, decision.performances.length)
      for (const entry of decision.records) applyEntry(progress, entry)
      for (const performance of decision.performances) applyEntry(progress, entryFor(performance, 'done', NOW))
      if (decision.end) break
    }
    expect(widest).toBe(3)
  })

  test('that stops at a failed item begins no other', () => {
    const definition = flowOf([each('round', value([1, 2, 3, 4, 5, 6]), [act('a'), act('b')], { parallel: 2 })])
    const { performed, end } = play(factsOf(definition), ({ key }) => (key === 'round[0]/a' ? 'failed' : 'done'))
    expect(end?.state).toBe('failed')
    expect(performed.map(({ key }) => key)).toEqual(['round[0]/a', 'round[1]/a'])
  })

  test.each([0, 1])('that stops at a failed item first settles the write of another that may have arrived (item %i fails)', (failing) => {
    const other = 1 - failing
    const definition = flowOf([each('round', value([1, 2, 3]), [act('a'), act('b')], { parallel: 2 })])
    const outcome = new Map<string, Outcome[]>([
      [`round[${failing}]/a`, ['failed']],
      [`round[${other}]/a`, ['unsure', 'done']],
    ])
    const { performed, end, progress } = play(factsOf(definition), ({ key }) => outcome.get(key)?.shift() ?? 'done')
    expect(end).toMatchObject({ state: 'failed', fault: FAULT })
    expect(outputOf(progress, `round[${other}]/a`)).toBe(`round[${other}]/a`)
    expect(performed.map(({ key }) => key)).not.toContain(`round[${other}]/b`)
    expect(performed.map(({ key }) => key)).not.toContain('round[2]/a')
  })

  test('that goes on past failed items counts them, and their results are null', () => {
    const steps = [each('round', value([1, 2, 3]), [act('a')], { onItemFailure: 'continue', collect: formula('round.item') }), act('after')]
    let seen: Json = null
    const { end } = play(factsOf(flowOf(steps)), ({ key, scope }) => {
      if (key === 'after') seen = scope['round'] ?? null
      return key === 'round[1]/a' ? 'failed' : 'done'
    })
    expect(end?.state).toBe('done')
    expect(seen).toEqual({ count: 3, failed: 1, results: [1, null, 3] })
  })

  test('of ten thousand items is walked without going over the ended ones again and again', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => index)
    const definition = flowOf([each('round', value(items), [act('a')], { itemsMax: 10_000, parallel: 5 })])
    const progress = newProgress()
    let decisions = 0
    for (; decisions < 5_000; decisions++) {
      const decision = decide(factsOf(definition), progress, NOW)
      for (const entry of decision.records) applyEntry(progress, entry)
      for (const performance of decision.performances) applyEntry(progress, entryFor(performance, 'done', NOW))
      if (decision.end) break
    }
    expect(progress.steps.get('round')).toMatchObject({ firstOpen: 10_000 })
    expect(decisions).toBeLessThan(2_100)
  })

  test('of more items than it may have fails before it begins, and so does one of too much data', () => {
    const many = play(factsOf(flowOf([each('round', value([1, 2, 3]), [act('a')], { itemsMax: 2 })])), () => 'done')
    expect(many.end).toMatchObject({ state: 'failed', fault: { code: 'flow.too_many_items' } })
    const much = play(factsOf(flowOf([each('round', value(['x'.repeat(1_100_000)]), [act('a')])])), () => 'done')
    expect(much.end).toMatchObject({ state: 'failed', fault: { code: 'step.too_large' } })
    expect(much.performed).toEqual([])
  })
})

describe('a stop', () => {
  const stopping = (ends: 'run' | 'item'): Step => ({ kind: 'stop', id: 'halt', outcome: 'skipped', ends, reason: value('Nothing new.') })

  test('inside a loop ends the item, and the loop goes on', () => {
    const { end, performed } = play(
      factsOf(flowOf([each('round', value([1, 2]), [stopping('item'), act('never')]), act('after')])),
      () => 'done',
    )
    expect(end?.state).toBe('done')
    expect(performed.map(({ key }) => key)).toEqual(['after'])
  })

  test('that ends the run ends it with its outcome and reason', () => {
    const { end, performed } = play(
      factsOf(flowOf([each('round', value([1, 2]), [act('a'), stopping('run')]), act('after')])),
      () => 'done',
    )
    expect(end).toMatchObject({ state: 'skipped', summary: 'Nothing new.' })
    expect(performed.map(({ key }) => key)).toEqual(['round[0]/a'])
  })
})

describe('a journal written by a newer release', () => {
  test('is read as far as it is understood: an entry of an unknown kind changes nothing', () => {
    const known: JournalEntry = { kind: 'done', step: 'a', at: 1, output: 'x' }
    const unknown = { kind: 'foretold', step: 'a', at: 2, by: 'tomorrow' }
    expect(foldSegments([[known, unknown]])).toEqual(foldSegments([[known]]))
  })
})

describe('a choice', () => {
  test('stands, even if its formula were to answer otherwise later', () => {
    const branch: Step = {
      kind: 'branch',
      id: 'choose',
      branches: [{ title: 'Many', when: 'trigger.n > 2', steps: [act('many')] }],
      otherwise: [act('few')],
    }
    const definition = flowOf([branch])
    const first = decide(factsOf(definition), newProgress(), NOW)
    expect(first.performances.map(({ key }) => key)).toEqual(['many'])
    const progress = newProgress()
    for (const entry of first.records) applyEntry(progress, entry)
    const later = decide(factsOf(definition, { trigger: { n: 0, list: [] } }), progress, NOW)
    expect(later.performances.map(({ key }) => key)).toEqual(['many'])
  })
})

describe('the on-failure steps', () => {
  test('see what failed and what the flow had got until then', () => {
    const definition = flowOf([act('got'), act('breaks')], [act('tell')])
    const scopes = new Map<string, Performance['scope']>()
    const { end } = play(factsOf(definition), ({ key, scope }) => {
      scopes.set(key, scope)
      return key === 'breaks' ? 'failed' : 'done'
    })
    expect(end).toMatchObject({ state: 'failed', fault: FAULT })
    expect(scopes.get('on-failure/tell')).toMatchObject({
      got: 'got',
      failure: { step: 'breaks', code: 'test.fault', message: 'no', hint: '' },
    })
  })

  test('that fail themselves leave the first fault as the reason', () => {
    const { end } = play(factsOf(flowOf([act('breaks')], [act('tell')])), () => 'failed')
    expect(end).toMatchObject({ state: 'failed', summary: 'Failed at breaks: no' })
  })
})

describe('cancelling', () => {
  test('says which write may have reached the vendor', () => {
    const definition = flowOf([act('pay')])
    const progress = newProgress()
    applyEntry(progress, { kind: 'intent', step: 'pay', at: NOW, effect: 'never', fingerprint: 'f', input: null })
    const { end } = decide(factsOf(definition, { isCancelRequested: true }), progress, NOW)
    expect(end?.summary).toBe('Cancelled by a person. Not known: whether pay reached the vendor before that.')
  })
})

describe('a wait for a call', () => {
  const call: Step = { kind: 'wait', id: 'call', wait: { kind: 'webhook', giveUpAfter: '1 h' } }
  const HOUR = 3_600_000
  const begun = (): RunProgress => foldSegments([[{ kind: 'sleeping', step: 'call', at: NOW, until: NOW + HOUR, forCall: true }]])

  test('is over in time only when it is settled that no call came before', () => {
    const facts = factsOf(flowOf([call]))
    const late = decide(facts, begun(), NOW + HOUR)
    expect(late).toMatchObject({ records: [], end: undefined, awaited: [{ key: 'call', isOver: true }] })
    const gaveUp = decide({ ...facts, calls: new Map([['call', 'gave-up']]) }, begun(), NOW + HOUR)
    expect(gaveUp.records).toMatchObject([{ kind: 'woken', by: 'time', gaveUp: true, output: { timedOut: true, body: null } }])
    const called = decide({ ...facts, calls: new Map([['call', { body: 7 }]]) }, begun(), NOW + HOUR)
    expect(called.records).toMatchObject([{ kind: 'woken', output: { timedOut: false, body: 7 } }])
  })

  test('has an address for each place it stands at, known to the steps before it', () => {
    const tell: Step = { kind: 'action', id: 'tell', operation: 'a.b', version: 1, input: {} }
    const each: Step = { kind: 'for-each', id: 'each', items: value([1, 2]), parallel: 2, steps: [tell, call] }
    const { performances } = decide(factsOf(flowOf([each])), newProgress(), NOW)
    expect(performances.map(({ scope }) => scope['run'])).toMatchObject([
      { id: 'run_x', resumeUrls: { call: 'https://couplet.test/resume/each[0]/call' } },
      { id: 'run_x', resumeUrls: { call: 'https://couplet.test/resume/each[1]/call' } },
    ])
  })
})
