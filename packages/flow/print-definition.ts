import type { FlowDefinition, Mapping, Pill, Step, TriggerStep } from './definition.ts'

type Members = readonly (readonly [string, unknown])[]
/** Members in this order, those without a value left out. */
const ordered = (members: Members): Record<string, unknown> => Object.fromEntries(members.filter(([, value]) => value !== undefined))
const sorted = <Value>(record: Record<string, Value>, print: (value: Value) => unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, print(value)]),
  )

const printPill = (pill: Pill) =>
  ordered([
    ['kind', pill.kind],
    ['path', pill.path],
    ['fallback', pill.fallback],
  ])

function printMapping(mapping: Mapping): unknown {
  switch (mapping.kind) {
    case 'value':
      return ordered([
        ['kind', mapping.kind],
        ['value', mapping.value],
      ])
    case 'pill':
      return printPill(mapping)
    case 'text':
      return ordered([
        ['kind', mapping.kind],
        ['parts', mapping.parts.map((part) => (typeof part === 'string' ? part : printPill(part)))],
      ])
    case 'formula':
      return ordered([
        ['kind', mapping.kind],
        ['formula', mapping.formula],
      ])
    case 'list':
      return ordered([
        ['kind', mapping.kind],
        ['items', mapping.items.map(printMapping)],
      ])
    case 'object':
      return ordered([
        ['kind', mapping.kind],
        ['fields', sorted(mapping.fields, printMapping)],
      ])
    default:
      return mapping satisfies never
  }
}

function printStep(step: Step): Record<string, unknown> {
  const head: Members = [
    ['id', step.id],
    ['kind', step.kind],
    ['title', step.title],
    ['note', step.note],
  ]
  switch (step.kind) {
    case 'action':
      return ordered([
        ...head,
        ['operation', step.operation],
        ['version', step.version],
        ['connection', step.connection],
        ['connectionWhere', step.connectionWhere && sorted(step.connectionWhere, printMapping)],
        ['input', sorted(step.input, printMapping)],
        ['attemptsMax', step.attemptsMax],
        ['continueOn', step.continueOn],
        ['fallback', step.fallback],
      ])
    case 'branch':
      return ordered([
        ...head,
        [
          'branches',
          step.branches.map((branch) =>
            ordered([
              ['title', branch.title],
              ['when', branch.when],
              ['steps', branch.steps.map(printStep)],
            ]),
          ),
        ],
        ['otherwise', step.otherwise.map(printStep)],
      ])
    case 'for-each':
      return ordered([
        ...head,
        ['items', printMapping(step.items)],
        ['itemsMax', step.itemsMax],
        ['parallel', step.parallel],
        ['onItemFailure', step.onItemFailure],
        ['steps', step.steps.map(printStep)],
        ['collect', step.collect && printMapping(step.collect)],
      ])
    case 'wait': {
      const { wait } = step
      if (wait.kind === 'for')
        return ordered([
          ...head,
          [
            'wait',
            ordered([
              ['kind', wait.kind],
              ['duration', wait.duration],
            ]),
          ],
        ])
      if (wait.kind === 'until')
        return ordered([
          ...head,
          [
            'wait',
            ordered([
              ['kind', wait.kind],
              ['at', printMapping(wait.at)],
            ]),
          ],
        ])
      if (wait.kind === 'webhook')
        return ordered([
          ...head,
          [
            'wait',
            ordered([
              ['kind', wait.kind],
              ['giveUpAfter', wait.giveUpAfter],
              ['sample', wait.sample],
            ]),
          ],
        ])
      return ordered([
        ...head,
        [
          'wait',
          ordered([
            ['kind', wait.kind],
            ['question', printMapping(wait.question)],
            ['giveUpAfter', wait.giveUpAfter],
          ]),
        ],
      ])
    }
    case 'stop':
      return ordered([...head, ['outcome', step.outcome], ['ends', step.ends], ['reason', step.reason && printMapping(step.reason)]])
    default:
      return step satisfies never
  }
}

const printTrigger = (trigger: TriggerStep) =>
  ordered([
    ['operation', trigger.operation],
    ['version', trigger.version],
    ['connection', trigger.connection],
    ['input', sorted(trigger.input, (value) => value)],
    ['every', trigger.every],
    ['firstRun', trigger.firstRun],
    ['where', trigger.where],
  ])

/**
 * A flow as the text of its file: members in a fixed order, inputs and slots by name, two spaces, a line break at the end. The
 * same flow gives the same text however it was edited, so a change in git shows only what changed.
 */
export function printFlowFile(definition: FlowDefinition): string {
  const file = ordered([
    ['$schema', definition.$schema],
    ['format', definition.format],
    ['name', definition.name],
    ['description', definition.description],
    [
      'slots',
      sorted(definition.slots, (slot) =>
        ordered([
          ['connector', slot.connector],
          ['title', slot.title],
        ]),
      ),
    ],
    ['trigger', printTrigger(definition.trigger)],
    ['orderedBy', definition.orderedBy],
    ['steps', definition.steps.map(printStep)],
    ['onFailure', definition.onFailure?.map(printStep)],
  ])
  return `${JSON.stringify(file, undefined, 2)}\n`
}
