import type { OperationDetail } from '@couplet/api'
import { type FlowDefinition, type OperationLookup, type OperationShape, operationsUsed } from '@couplet/flow'
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { operationQuery } from '../../server/queries.ts'

/** An operation as the flow package needs it. Schemas and samples came as JSON. */
const shapeOf = (operation: OperationDetail): OperationShape => ({
  id: operation.id,
  version: operation.version,
  kind: operation.kind,
  connector: operation.connector,
  title: operation.title,
  phrase: operation.phrase,
  effect: operation.effect === 'read' ? 'read' : 'write',
  needsConnection: operation.needsConnection,
  input: operation.input,
  output: operation.output,
  sample: JSON.parse(JSON.stringify(operation.samples[0] ?? null)),
})

/** Shapes of all operations the flow uses, each loaded once and kept. */
export function useShapes(definition: FlowDefinition): { lookup: OperationLookup; isReady: boolean; error: unknown } {
  const used = useMemo(() => operationsUsed(definition), [definition])
  const { shapes, isReady, error } = useQueries({
    queries: used.map(({ operation, version }) => operationQuery(operation, version)),
    combine: (results) => ({
      shapes: results.flatMap((result) => (result.data ? [result.data] : [])),
      isReady: results.every((result) => !result.isPending),
      error: results.find((result) => result.isError && result.error)?.error,
    }),
  })
  const key = shapes.map(({ id, version }) => `${id}@${version}`).join()
  const lookup = useMemo<OperationLookup>(() => {
    const made = new Map(shapes.map((operation) => [`${operation.id}@${operation.version}`, shapeOf(operation)]))
    return (id, version) => made.get(`${id}@${version}`)
    // The details are kept for the session; which of them there are is what changes.
  }, [key])
  return { lookup, isReady, error }
}
