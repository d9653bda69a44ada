import type { OperationDetail, OperationSummary } from '@couplet/api'
import { type AnyOperation, type CatalogueEntry, entryOf, operationShape, type Registry } from '@couplet/connector-sdk'
import { formOf } from './trigger-view.ts'

/** An operation for the catalogue's list: no schema is made for it. */
export const operationSummary = (entry: CatalogueEntry): OperationSummary => ({
  id: entry.id,
  version: entry.version,
  kind: entry.kind,
  connector: entry.connector,
  title: entry.title,
  summary: entry.summary,
  group: entry.group,
  effect: entry.effect,
  scopes: [...entry.scopes],
  wires: [...entry.wires],
  needsConnection: entry.needsConnection,
  ...(entry.needsOptIn === undefined ? {} : { needsOptIn: entry.needsOptIn }),
  isDeprecated: entry.deprecated !== undefined,
})

/** Everything the page of an operation shows. */
export function operationDetail(
  registry: Registry,
  operation: AnyOperation,
  versions: readonly number[],
  usedBy: OperationDetail['usedBy'],
): OperationDetail {
  const spec = registry.connector(operation.connector)?.spec
  const shape = operationShape(operation, spec?.isBuiltIn === true)
  return {
    ...operationSummary(entryOf(operation, spec?.isBuiltIn === true)),
    phrase: operation.phrase,
    facts: [...(operation.facts ?? [])],
    ...(operation.kind === 'action' && 'because' in operation.effect ? { because: operation.effect.because } : {}),
    input: { ...shape.input },
    output: { ...shape.output },
    samples: [...operation.samples],
    rejects: operation.kind === 'action' ? [...(operation.rejects ?? [])] : [],
    ...(operation.kind === 'trigger' && operation.byHand ? { pick: formOf(operation.byHand.pick) } : {}),
    ...(operation.kind === 'trigger' && operation.poll ? { pollEvery: operation.poll.every } : {}),
    ...(operation.kind === 'trigger' && operation.push ? { topics: [...operation.push.topics] } : {}),
    ...(operation.deprecated ? { deprecated: operation.deprecated } : {}),
    versions: [...versions],
    limits: Object.entries(spec?.limits ?? {}).map(([name, limit]) => ({
      name,
      max: limit.max,
      per: limit.per,
      facts: [...(limit.facts ?? [])],
    })),
    usedBy,
  }
}
