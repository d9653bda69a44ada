import type { IndexRow } from './facts.ts'
import { moduleOf } from './modules.ts'
import { article, humanised, plural, singular } from './nouns.ts'

type Asked = Pick<IndexRow, 'module' | 'method' | 'path' | 'items'>

/** Last parts of a path that are verbs; `{a}` is the record with its article, `{many}` the records. */
const VERBS: Readonly<Record<string, string>> = {
  search: 'Find {many}',
  list: 'List {many}',
  all: 'List {many}',
  count: 'Count {many}',
  send: 'Send {a}',
  void: 'Void {a}',
  cancel: 'Cancel {a}',
  publish: 'Publish {a}',
  execute: 'Run {a}',
  pause: 'Pause {a}',
  resume: 'Resume {a}',
  duplicate: 'Copy {a}',
  clone: 'Copy {a}',
  purchase: 'Buy {a}',
  available: 'List {many} that can be bought',
  upload: 'Upload a file for {a}',
  upsert: 'Create or change {a}',
  import: 'Import {a}',
  verify: 'Verify {a}',
  like: 'Like {a}',
  default: 'Make {a} the default',
  'bulk-update': 'Change many {many}',
  'record-payment': 'Record a payment for {a}',
}

/** Names too plain to stand alone: they get what they belong to in front. */
const PLAIN = new Set(
  'group template schedule setting settings folder record event notification resource price note status stats review collection page post author category site document form agent'.split(
    ' ',
  ),
)

type Part = { words: string }

/** Literal parts that mean something. The sub-account is where everything is, so it is left out. */
function partsOf({ module, path }: Asked): Part[] {
  const { skip } = moduleOf(module)
  const raw = path.split('/').filter((part) => part !== '')
  return raw.flatMap((part, index) => {
    const next = raw[index + 1] ?? ''
    if (part.startsWith('{') || (index === 0 && module !== 'saas-api') || skip.includes(part)) return []
    if (/^locations?$/.test(part) && next === '{locationId}') return []
    return [{ words: humanised(part) }]
  })
}

/**
 * A title in our words, made from method and path: a verb, and the thing with what it belongs to. `List calendars`, `Create a calendar group`,
 * `Delete a product price`.
 */
export function titleByRule(asked: Asked): string {
  const { one, many } = moduleOf(asked.module)
  const parts = partsOf(asked)
  const lastSegment = asked.path.replace(/\/$/, '').split('/').at(-1) ?? ''
  const verb = lastSegment.startsWith('{') ? undefined : VERBS[lastSegment]
  if (verb !== undefined) return filled(verb, nounOf(parts.slice(0, -1), one), nounsOf(parts.slice(0, -1), one, many))
  const last = parts.at(-1)
  return byMethod(
    asked,
    nounOf(parts, one),
    lastSegment.startsWith('{') ? undefined : nounsOf(parts, one, many),
    last === undefined || plural(last.words) === last.words,
  )
}

const filled = (text: string, one: string, many: string): string => text.replace('{a}', article(one)).replace('{many}', many)

/** `many` is given when no value ends the path: what is there may be a list. */
function byMethod({ method, items }: Asked, one: string, many: string | undefined, isPlural: boolean): string {
  switch (method) {
    case 'GET':
      return many !== undefined && (items !== undefined || isPlural) ? `List ${many}` : `Read ${article(one)}`
    case 'POST':
      return items === undefined ? `Create ${article(one)}` : `List ${many ?? plural(one)}`
    case 'PUT':
    case 'PATCH':
      return `Change ${article(one)}`
    case 'DELETE':
      return `Delete ${article(one)}`
    default:
      return method satisfies never
  }
}

/** The thing itself, with what it belongs to before it when it is plain or lies under a record. */
function chain(parts: readonly Part[], own: string, shape: (words: string) => string): string {
  const last = parts.at(-1)
  if (!last) return shape(own)
  const thing = singular(last.words)
  const before = parts.at(-2)
  const owner = before ? singular(before.words) : PLAIN.has(thing) ? own : undefined
  if (owner?.endsWith(` ${thing}`)) return shape(owner)
  return owner === undefined || owner === thing || thing.startsWith(owner) ? shape(last.words) : `${owner} ${shape(last.words)}`
}

const nounOf = (parts: readonly Part[], own: string): string => chain(parts, own, singular)
const nounsOf = (parts: readonly Part[], own: string, many: string): string => (parts.length === 0 ? many : chain(parts, own, plural))
