import { isJsonObject } from '@couplet/core'
import { membersOf } from './example.ts'
import type { Schema, ServedModule, ServedOperation } from './facts.ts'
import { opened, type Served } from './load.ts'

type Schemas = ServedModule['schemas']

/** The schema at a path of members: `results.tags`. */
export function schemaAt(schema: Schema, path: string, schemas: Schemas): Schema | undefined {
  let current: Schema | undefined = schema
  for (const name of path === '' ? [] : path.split('.')) current = current && membersOf(current, schemas)[name]
  return current
}

/** What one item of a list looks like. */
export function itemSchemaOf(list: Schema | undefined, schemas: Schemas): Schema | undefined {
  const schema = list && opened(list, schemas)
  const items = schema?.['items']
  if (isJsonObject(items)) return items
  const choices: readonly unknown[] = Array.isArray(schema?.['anyOf']) ? schema['anyOf'] : []
  return choices
    .filter(isJsonObject)
    .map((one) => itemSchemaOf(one, schemas))
    .find((one) => one !== undefined)
}

export const isRecordLike = (schema: Schema, schemas: Schemas): boolean => {
  const members = membersOf(schema, schemas)
  return 'id' in members || '_id' in members
}

/** Where in an answer the record stands: the answer itself, or a member of it, or a member of that. */
export function recordPathOf(reply: Schema, schemas: Schemas, depth = 0): string | undefined {
  if (isRecordLike(reply, schemas)) return ''
  if (depth >= 2) return undefined
  for (const [name, member] of Object.entries(membersOf(reply, schemas))) {
    const inner = Object.keys(membersOf(member, schemas)).length === 0 ? undefined : recordPathOf(member, schemas, depth + 1)
    if (inner !== undefined) return inner === '' ? name : `${name}.${inner}`
  }
  return undefined
}

const RANK: readonly ServedOperation['does'][] = ['list', 'read', 'change', 'create', 'read-only-one', 'change-only-one']

/** What a record of the collection looks like, from the operation of its module that shows it best. */
export function entitySchemaOf({ module }: Served, collection: string): Schema | undefined {
  const { schemas, operations } = module
  const own = operations
    .filter((operation) => operation.collection === collection)
    .toSorted((a, b) => RANK.indexOf(a.does) - RANK.indexOf(b.does))
  for (const operation of own) {
    if (operation.does === 'list') {
      const item = itemSchemaOf(schemaAt(operation.reply, operation.items ?? '', schemas), schemas)
      if (item && Object.keys(membersOf(item, schemas)).length > 0) return item
      continue
    }
    const path = recordPathOf(operation.reply, schemas)
    const found = path === undefined ? undefined : schemaAt(operation.reply, path, schemas)
    if (found) return found
  }
  return own.find(({ body }) => body !== undefined)?.body?.schema ?? own.find(({ does }) => does === 'read-only-one')?.reply
}
