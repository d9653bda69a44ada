import { canonicalJson } from '../packages/core/index.ts'
import type { ModuleFacts, OperationFacts } from '../packages/connectors/highlevel/catalogue/facts.ts'
import { inlined } from '../packages/connectors/highlevel/catalogue/inline.ts'

/** Operations by id. `parts` names what of an operation is otherwise: `version`, `parameters`, `reply`. */
export type Drift = { added: string[]; removed: string[]; changed: { id: string; parts: string[] }[] }

type Files = ReadonlyMap<string, ModuleFacts>

/** What would change if the catalogue were written anew. Schemas are compared as an operation sees them, wherever they stand. */
export function driftBetween(before: Files, after: Files): Drift {
  const old = operationsOf(before)
  const fresh = operationsOf(after)
  const ids = [...new Set([...old.keys(), ...fresh.keys()])].toSorted()
  return {
    added: ids.filter((id) => !old.has(id)),
    removed: ids.filter((id) => !fresh.has(id)),
    changed: ids.flatMap((id) => {
      const parts = differing(old.get(id), fresh.get(id))
      return parts.length > 0 ? [{ id, parts }] : []
    }),
  }
}

function operationsOf(files: Files): Map<string, Record<string, unknown>> {
  const opened = (operation: OperationFacts, schemas: ModuleFacts['schemas']) => ({
    ...operation,
    ...(operation.body ? { body: { ...operation.body, schema: inlined(operation.body.schema, schemas) } } : {}),
    ...(operation.reply ? { reply: inlined(operation.reply, schemas) } : {}),
    parameters: operation.parameters.map((parameter) => ({ ...parameter, schema: inlined(parameter.schema, schemas) })),
  })
  return new Map(
    [...files.values()].flatMap(({ schemas, operations }) => operations.map((operation) => [operation.id, opened(operation, schemas)])),
  )
}

function differing(old: Record<string, unknown> | undefined, fresh: Record<string, unknown> | undefined): string[] {
  if (!old || !fresh) return []
  const parts = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].toSorted()
  return parts.filter((part) => canonicalJson(old[part]) !== canonicalJson(fresh[part]))
}

/** One line per operation, and how many of each kind. */
export const driftLines = ({ added, removed, changed }: Drift): string[] => [
  ...added.map((id) => `+ ${id}`),
  ...removed.map((id) => `- ${id}`),
  ...changed.map(({ id, parts }) => `~ ${id}: ${parts.join(', ')}`),
  `${added.length} added, ${removed.length} removed, ${changed.length} changed`,
]
