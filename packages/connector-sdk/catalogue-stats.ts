import { isJsonObject } from '@couplet/core'
import { type EffectClass, effectClass } from './effect.ts'
import type { AnyOperation, Registry } from './registry.ts'
import { operationShape } from './shape.ts'

/**
 * Numbers of a part of the catalogue. `effectKnown`: it only reads, or says why a repeat is safe or not. `typed`: the answer is described member by member.
 * `withAssumptions`: something said about it is only assumed, and marked so. `simulated`: a simulator answers it, or there is no vendor to simulate.
 */
export type CatalogueCounts = {
  operations: number
  actions: number
  triggers: number
  reads: number
  writes: number
  effectKnown: number
  typed: number
  /** Of those typed: the vendor describes no answer, or another one than comes; its members are deduced. */
  deduced: number
  withAssumptions: number
  simulated: number
  withChoices: number
}

export type CatalogueStats = {
  total: CatalogueCounts
  byConnector: Readonly<Record<string, CatalogueCounts>>
  /** By connector and heading: `highlevel: Contacts`. */
  byModule: Readonly<Record<string, CatalogueCounts>>
  byEffect: Readonly<Record<EffectClass, number>>
  /** Fields that take an id: how many are picked by name, and those that are not, by name with how often each occurs. */
  identifiers: { withList: number; withoutList: Readonly<Record<string, number>> }
}

const none = (): CatalogueCounts => ({
  operations: 0,
  actions: 0,
  triggers: 0,
  reads: 0,
  writes: 0,
  effectKnown: 0,
  typed: 0,
  deduced: 0,
  withAssumptions: 0,
  simulated: 0,
  withChoices: 0,
})

/**
 * Counts everything an installation offers, lazy actions among them. Makes every operation once, so it is for a command and a page of the docs, not for
 * a request.
 */
export function catalogueStats(registry: Registry, isSimulated: (operation: AnyOperation) => boolean): CatalogueStats {
  const total = none()
  const byConnector: Record<string, CatalogueCounts> = {}
  const byModule: Record<string, CatalogueCounts> = {}
  const byEffect: Record<EffectClass, number> = { read: 0, keyed: 0, harmless: 0, 'after-lookup': 0, never: 0 }
  const identifiers = { withList: 0, withoutList: {} as Record<string, number> }
  for (const { spec, actions, triggers, lazy } of registry.connectors) {
    const lazyOperations = (lazy?.words() ?? []).flatMap(
      ({ kind, id, version }) => (kind === 'action' ? lazy?.action(id, version) : lazy?.trigger?.(id, version)) ?? [],
    )
    for (const operation of [...actions, ...triggers, ...lazyOperations]) {
      const effect = operation.kind === 'action' ? effectClass(operation.effect) : 'read'
      byEffect[effect]++
      const module = (byModule[`${spec.id}: ${operation.group}`] ??= none())
      const ofConnector = (byConnector[spec.id] ??= none())
      countIdentifiers(operation, identifiers)
      for (const counts of [total, ofConnector, module]) count(counts, operation, effect, isSimulated(operation))
    }
  }
  return { total, byConnector, byModule, byEffect, identifiers }
}

function count(counts: CatalogueCounts, operation: AnyOperation, effect: EffectClass, isSimulated: boolean): void {
  const { input, output } = operationShape(operation, false)
  counts.operations++
  counts[operation.kind === 'action' ? 'actions' : 'triggers']++
  counts[effect === 'read' ? 'reads' : 'writes']++
  counts.effectKnown += isEffectKnown(operation) ? 1 : 0
  counts.typed += isTyped(output) ? 1 : 0
  counts.deduced += operation.isOutputDeduced === true ? 1 : 0
  counts.withAssumptions += operation.facts?.some(({ mark }) => mark === 'ASSUMED') === true ? 1 : 0
  counts.simulated += isSimulated ? 1 : 0
  counts.withChoices += JSON.stringify(input).includes('"list":"') ? 1 : 0
}

const IDENTIFIER = /(^ids?|Ids?|_ids?|Key)$/

/** Fields of the form whose name says that they take an id, and whether a list offers it by name. */
function countIdentifiers(operation: AnyOperation, into: { withList: number; withoutList: Record<string, number> }): void {
  const { properties } = operationShape(operation, false).input
  for (const [name, field] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const schema = isJsonObject(field) && isJsonObject(field['items']) ? field['items'] : field
    if (!isJsonObject(schema) || schema['type'] !== 'string' || schema['enum'] !== undefined) continue
    if (typeof schema['list'] === 'string') into.withList++
    else if (IDENTIFIER.test(name)) into.withoutList[name] = (into.withoutList[name] ?? 0) + 1
  }
}

/** Members are named, or it is known that there are none. */
const isTyped = (schema: Readonly<Record<string, unknown>>): boolean =>
  schema['additionalProperties'] === false ||
  [schema['properties'], schema['additionalProperties']].some((part) => isJsonObject(part) && Object.keys(part).length > 0)

const isEffectKnown = (operation: AnyOperation): boolean =>
  operation.kind === 'trigger' || !('because' in operation.effect) || operation.effect.because.trim() !== ''
