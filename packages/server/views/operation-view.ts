import type { OperationDetail, OperationSummary } from '@couplet/api'
import { type AnyOperation, effectClass, operationShape, type Registry } from '@couplet/connector-sdk'
import { formOf } from './trigger-view.ts'

/** An operation for the catalogue's list: no schema is made for it. */
export function operationSummary(registry: Registry, operation: AnyOperation): OperationSummary {
  const wires: OperationSummary['wires'] = []
  if (operation.kind === 'trigger') {
    if (operation.push) wires.push('webhook')
    if (operation.poll) wires.push('poll')
    if (operation.scheduled) wires.push('schedule')
    if (operation.byHand) wires.push('by-hand')
  }
  return {
    id: operation.id,
    version: operation.version,
    kind: operation.kind,
    connector: operation.connector,
    title: operation.title,
    summary: operation.summary,
    group: operation.group,
    effect: operation.kind === 'action' ? effectClass(operation.effect) : 'read',
    scopes: [...operation.scopes],
    wires,
    needsConnection: registry.connector(operation.connector)?.spec.isBuiltIn !== true,
    ...(operation.kind === 'action' && operation.needsOptIn !== undefined ? { needsOptIn: operation.needsOptIn } : {}),
    isDeprecated: operation.deprecated !== undefined,
  }
}

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
    ...operationSummary(registry, operation),
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
