import type { OperationDetail, OperationSummary, RequestView } from '@couplet/api'
import {
  type AnyAction,
  type AnyOperation,
  type CatalogueEntry,
  entryOf,
  exampleInput,
  firstRequest,
  operationShape,
  type Registry,
  sampleValue,
} from '@couplet/connector-sdk'
import { requestView } from './request-view.ts'
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
  ...(entry.address === undefined ? {} : { address: entry.address }),
  effect: entry.effect,
  scopes: [...entry.scopes],
  wires: [...entry.wires],
  needsConnection: entry.needsConnection,
  ...(entry.needsOptIn === undefined ? {} : { needsOptIn: entry.needsOptIn }),
  isDeprecated: entry.deprecated !== undefined,
})

/** The first request an action makes with this input, with made-up facts of a connection. */
export async function requestOf(registry: Registry, action: AnyAction, input: unknown): Promise<RequestView | undefined> {
  const spec = registry.connector(action.connector)?.spec
  const facts = spec && sampleValue(formOf(spec.connection))
  const request = spec && (await firstRequest(action, input, facts))
  return request && requestView(spec, request)
}

/** Everything the page of an operation shows. */
export async function operationDetail(
  registry: Registry,
  operation: AnyOperation,
  versions: readonly number[],
  usedBy: OperationDetail['usedBy'],
): Promise<OperationDetail> {
  const spec = registry.connector(operation.connector)?.spec
  const shape = operationShape(operation, spec?.isBuiltIn === true)
  const example = exampleInput(operation, shape.input)
  const exampleRequest =
    operation.kind === 'action' && example ? await requestOf(registry, operation, operation.input.parse(example)) : undefined
  return {
    ...operationSummary(entryOf(operation, spec?.isBuiltIn === true)),
    phrase: operation.phrase,
    facts: [...(operation.facts ?? [])],
    ...(operation.kind === 'action' && 'because' in operation.effect ? { because: operation.effect.because } : {}),
    input: { ...shape.input },
    output: { ...shape.output },
    samples: [...operation.samples],
    ...(example === undefined ? {} : { exampleInput: example }),
    ...(exampleRequest === undefined ? {} : { exampleRequest }),
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
