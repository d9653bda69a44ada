import { isJsonObject } from '@couplet/core'
import type { Mapping } from './definition.ts'
import type { JsonSchema, OperationLookup, OperationShape } from './operation-shape.ts'

/** A lookup table as people made it: its columns say what its rows hold. Any cell may be empty, and rows may hold more. */
export type TableShape = {
  name: string
  columns: readonly { name: string; title: string; type: 'text' | 'number' | 'boolean' | 'list'; list?: string | undefined }[]
}

const CELL: Record<TableShape['columns'][number]['type'], JsonSchema> = {
  text: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  list: { type: 'array', items: { type: 'string' } },
}

/** The row of a table as a schema. `list`: where the choices of a cell come from, as `connector.list`. */
function rowSchema({ columns }: TableShape, { matches, ...words }: JsonSchema): JsonSchema {
  // A list is looked up by one of its items.
  const cellOf = (type: keyof typeof CELL): JsonSchema => (matches === true && type === 'list' ? CELL.text : CELL[type])
  return {
    ...words,
    type: 'object',
    properties: Object.fromEntries(
      columns.map(({ name, title, type, list }) => [
        name,
        {
          ...cellOf(type),
          title,
          ...(list === undefined ? {} : type === 'list' && matches !== true ? { items: { type: 'string', list } } : { list }),
        },
      ]),
    ),
    additionalProperties: {},
  }
}

/** Every part marked `columnsOf` becomes the row of the table that the input of that name gives. */
function fillIn(schema: unknown, tableOf: (input: string) => TableShape | undefined): unknown {
  if (Array.isArray(schema)) return schema.map((part) => fillIn(part, tableOf))
  if (!isJsonObject(schema)) return schema
  const from = schema['columnsOf']
  const table = typeof from === 'string' ? tableOf(from) : undefined
  if (table) {
    const { additionalProperties: _open, propertyNames: _names, columnsOf: _from, ...words } = schema
    return rowSchema(table, words)
  }
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, fillIn(part, tableOf)]))
}

const usesColumns = (shape: OperationShape): boolean => JSON.stringify([shape.input, shape.output]).includes('"columnsOf"')

/**
 * Shapes that know the columns of lookup tables: `shape.given(input)` answers input and output as they are for the table a step names.
 * Only a table that is chosen (a constant) is known; one from data stays open.
 */
export function withTables(lookup: OperationLookup, tables: readonly TableShape[]): OperationLookup {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const kept = new Map<string, OperationShape | undefined>()
  const made = (shape: OperationShape): OperationShape => {
    if (!usesColumns(shape)) return shape
    const filled = new Map<string, { input: JsonSchema; output: JsonSchema }>()
    return {
      ...shape,
      given: (input) => {
        const named = Object.entries(input).flatMap(([name, mapping]) =>
          isTableName(mapping, byName) ? [[name, mapping.value] as const] : [],
        )
        const key = JSON.stringify(named)
        let found = filled.get(key)
        if (!found) {
          const names = new Map(named)
          const tableOf = (name: string) => byName.get(names.get(name) ?? '')
          const [own, output] = [fillIn(shape.input, tableOf), fillIn(shape.output, tableOf)]
          found = { input: isJsonObject(own) ? own : shape.input, output: isJsonObject(output) ? output : shape.output }
          filled.set(key, found)
        }
        return found
      },
    }
  }
  return (id, version) => {
    const key = `${id}@${version}`
    if (!kept.has(key)) {
      const shape = lookup(id, version)
      // What is not loaded yet may come later.
      if (!shape) return undefined
      kept.set(key, made(shape))
    }
    return kept.get(key)
  }
}

const isTableName = (mapping: Mapping, tables: ReadonlyMap<string, TableShape>): mapping is { kind: 'value'; value: string } =>
  mapping.kind === 'value' && typeof mapping.value === 'string' && tables.has(mapping.value)
