import type { Pill, Scope, StaticScope, ValueType } from '@couplet/flow'
import { readPath } from '@couplet/core'
import { wordsOfName } from '../../schema/read-schema.ts'
import { mayBeEmpty, presentType, shortType } from '../model/types.ts'

/** One value an earlier step gives: where it is, what it is called, its type, a sample. */
export type DataNode = {
  key: string
  path: Pill['path']
  name: string
  type: ValueType
  typeWord: string
  isMaybeEmpty: boolean
  sample: unknown
  children: DataNode[]
}

export type DataSource = { name: string; title: string; number: string; connector: string | undefined; nodes: DataNode[]; whole: DataNode }

const DEPTH_MAX = 6
const CHILDREN_MAX = 120

/** The members of a value as a tree. Lists show the members of their first item, as the formula and for-each see them. */
function nodesOf(type: ValueType, path: Pill['path'], scope: Scope, depth: number): DataNode[] {
  const present = presentType(type)
  if (depth > DEPTH_MAX) return []
  if (present.kind === 'object') {
    const known = [...present.members].map(([key, member]) =>
      nodeOf(key, member.title, member.type, member.optional, [...path, key], scope, depth),
    )
    return (known.length > 0 ? known : sampledNodes(path, scope, depth)).slice(0, CHILDREN_MAX)
  }
  if (present.kind === 'any') return sampledNodes(path, scope, depth)
  return []
}

/** What a schema does not say, the sample may show. */
function sampledNodes(path: Pill['path'], scope: Scope, depth: number): DataNode[] {
  const sample = readPath(scope, path)
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) return []
  return Object.keys(sample).map((key) => nodeOf(key, undefined, { kind: 'any' }, true, [...path, key], scope, depth))
}

function nodeOf(
  key: string,
  title: string | undefined,
  type: ValueType,
  isOptional: boolean,
  path: Pill['path'],
  scope: Scope,
  depth: number,
): DataNode {
  return {
    key: path.join('.'),
    path,
    name: title ?? wordsOfName(key),
    type,
    typeWord: shortType(type),
    isMaybeEmpty: isOptional || mayBeEmpty(type),
    sample: readPath(scope, path),
    children: nodesOf(type, path, scope, depth + 1),
  }
}

type SourceWords = { title: string; number: string; connector: string | undefined }

/** Everything a place of the flow can see, newest step first: what was just done is needed most. */
export function dataSources(visible: StaticScope, scope: Scope, words: (name: string) => SourceWords): DataSource[] {
  const sources = [...visible].map(([name, type]): DataSource => {
    const whole = nodeOf(name, words(name).title, type, false, [name], scope, 0)
    return { name, ...words(name), nodes: whole.children, whole }
  })
  const isOwn = ({ name }: DataSource) => ['run', 'connections', 'outcomes'].includes(name)
  const steps = sources.filter((source) => !isOwn(source))
  return [
    ...steps.toReversed().filter(({ name }) => name !== 'trigger'),
    ...steps.filter(({ name }) => name === 'trigger'),
    ...sources.filter((source) => isOwn(source) && source.nodes.length > 0),
  ]
}

/** All nodes in reading order, for search and completion. */
export function* allNodes(nodes: readonly DataNode[]): Generator<DataNode> {
  for (const node of nodes) {
    yield node
    yield* allNodes(node.children)
  }
}
