import { parseJson, userFault } from '@couplet/core'
import type { FlowDefinition, Mapping, Pill, Step, TriggerStep } from './definition.ts'

const FILE_CHARS_MAX = 2_000_000

/** Where strict JSON stops: one character after the last place that can still be continued to valid JSON. */
function errorOffset(text: string): number {
  const token = /\s*(?:"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:])/y
  const open: ('{' | '[')[] = []
  let wants: 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma' | 'end' = 'value'
  let offset = 0
  for (;;) {
    token.lastIndex = offset
    const match = token.exec(text)
    const start = offset + (/^\s*/.exec(text.slice(offset, offset + 10_000))?.[0].length ?? 0)
    if (!match) return start
    const part = match[0].trim()
    const isText = part.startsWith('"')
    if (wants === 'end') return start
    if (wants === 'colon') {
      if (part !== ':') return start
      wants = 'value'
    } else if (wants === 'comma') {
      const inner = open.at(-1)
      if (part === ',') wants = inner === '{' ? 'key' : 'value'
      else if ((part === '}' && inner === '{') || (part === ']' && inner === '[')) {
        open.pop()
        wants = open.length === 0 ? 'end' : 'comma'
      } else return start
    } else if (wants === 'key' || wants === 'key or }') {
      if (isText) wants = 'colon'
      else if (part === '}' && wants === 'key or }') {
        open.pop()
        wants = open.length === 0 ? 'end' : 'comma'
      } else return start
    } else if (part === '{' || part === '[') {
      open.push(part)
      wants = part === '{' ? 'key or }' : 'value or ]'
    } else if (part === ']' && wants === 'value or ]') {
      open.pop()
      wants = open.length === 0 ? 'end' : 'comma'
    } else if (isText || /^[-\dtfn]/.test(part)) wants = open.length === 0 ? 'end' : 'comma'
    else return start
    offset = token.lastIndex
  }
}

function syntaxHint(text: string, offset: number): string {
  const before = text.slice(0, offset).trimEnd()
  const next = text[offset]
  if (next === undefined) return 'The file ends too early: a bracket or a quote is not closed.'
  if ((next === '}' || next === ']') && before.endsWith(',')) return 'Remove the comma before it: nothing follows.'
  if (next === "'") return 'Texts stand in double quotes.'
  if (next === '/' || next === '#') return 'JSON has no comments. Use the "note" of a step.'
  if (next === '"' && /["\d\]}el]$/.test(before)) return 'A comma is missing before it.'
  if (next === '"') return 'The text is not closed, or holds a line break: write \\n for one.'
  return 'Names and texts stand in double quotes, members are separated by commas.'
}

/**
 * The text of a flow file as JSON, not yet validated. Throws a user fault `flow.not_json` with line, column and the line itself
 * when it is not JSON. `filename` is only for the message.
 */
export function parseFlowFile(text: string, filename: string): unknown {
  if (text.length > FILE_CHARS_MAX) throw userFault({ code: 'flow.too_large', message: `${filename} is larger than ${FILE_CHARS_MAX / 1_000_000} MB.`, hint: 'A flow file is a few kilobytes; is this the right file?', place: filename })
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const parsed = parseJson(content)
  if (parsed !== undefined) return parsed
  const offset = errorOffset(content)
  const before = content.slice(0, offset).split('\n')
  const line = before.length
  const column = (before.at(-1)?.length ?? 0) + 1
  const whole = content.split('\n')[line - 1]?.trimEnd() ?? ''
  const from = Math.max(0, column - 41)
  const excerpt = whole.slice(from, from + 80)
  throw userFault({
    code: 'flow.not_json',
    message: `${filename} is not valid JSON at line ${line}, column ${column}: ${excerpt.trim() === '' ? 'nothing stands there' : excerpt.trim()}`,
    hint: syntaxHint(content, offset),
    place: `${filename}:${line}:${column}`,
    details: { line, column, excerpt, marker: `${' '.repeat(Math.max(0, column - 1 - from))}^` },
  })
}

type Members = readonly (readonly [string, unknown])[]
/** Members in this order, those without a value left out. */
const ordered = (members: Members): Record<string, unknown> => Object.fromEntries(members.filter(([, value]) => value !== undefined))
const sorted = <Value>(record: Record<string, Value>, print: (value: Value) => unknown): Record<string, unknown> => Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, print(value)]))

const printPill = (pill: Pill) => ordered([['kind', pill.kind], ['path', pill.path], ['fallback', pill.fallback]])

function printMapping(mapping: Mapping): unknown {
  switch (mapping.kind) {
    case 'value':
      return ordered([['kind', mapping.kind], ['value', mapping.value]])
    case 'pill':
      return printPill(mapping)
    case 'text':
      return ordered([['kind', mapping.kind], ['parts', mapping.parts.map((part) => (typeof part === 'string' ? part : printPill(part)))]])
    case 'formula':
      return ordered([['kind', mapping.kind], ['formula', mapping.formula]])
    case 'list':
      return ordered([['kind', mapping.kind], ['items', mapping.items.map(printMapping)]])
    case 'object':
      return ordered([['kind', mapping.kind], ['fields', sorted(mapping.fields, printMapping)]])
    default:
      return mapping satisfies never
  }
}

function printStep(step: Step): Record<string, unknown> {
  const head: Members = [['id', step.id], ['kind', step.kind], ['title', step.title], ['note', step.note]]
  switch (step.kind) {
    case 'action':
      return ordered([...head, ['operation', step.operation], ['version', step.version], ['connection', step.connection], ['input', sorted(step.input, printMapping)], ['attemptsMax', step.attemptsMax], ['continueOn', step.continueOn]])
    case 'branch':
      return ordered([...head, ['branches', step.branches.map((branch) => ordered([['title', branch.title], ['when', branch.when], ['steps', branch.steps.map(printStep)]]))], ['otherwise', step.otherwise.map(printStep)]])
    case 'for-each':
      return ordered([...head, ['items', printMapping(step.items)], ['itemsMax', step.itemsMax], ['parallel', step.parallel], ['onItemFailure', step.onItemFailure], ['steps', step.steps.map(printStep)], ['collect', step.collect && printMapping(step.collect)]])
    case 'wait': {
      const { wait } = step
      if (wait.kind === 'for') return ordered([...head, ['wait', ordered([['kind', wait.kind], ['duration', wait.duration]])]])
      if (wait.kind === 'until') return ordered([...head, ['wait', ordered([['kind', wait.kind], ['at', printMapping(wait.at)]])]])
      return ordered([...head, ['wait', ordered([['kind', wait.kind], ['question', printMapping(wait.question)], ['giveUpAfter', wait.giveUpAfter]])]])
    }
    case 'stop':
      return ordered([...head, ['outcome', step.outcome], ['ends', step.ends], ['reason', step.reason && printMapping(step.reason)]])
    default:
      return step satisfies never
  }
}

const printTrigger = (trigger: TriggerStep) =>
  ordered([['operation', trigger.operation], ['version', trigger.version], ['connection', trigger.connection], ['input', sorted(trigger.input, (value) => value)], ['every', trigger.every], ['firstRun', trigger.firstRun], ['where', trigger.where]])

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
    ['slots', sorted(definition.slots, (slot) => ordered([['connector', slot.connector], ['title', slot.title]]))],
    ['trigger', printTrigger(definition.trigger)],
    ['orderedBy', definition.orderedBy],
    ['steps', definition.steps.map(printStep)],
    ['onFailure', definition.onFailure?.map(printStep)],
  ])
  return `${JSON.stringify(file, undefined, 2)}\n`
}
