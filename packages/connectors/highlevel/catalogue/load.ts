import { BoundedMap, jsonBeside } from '@couplet/connector-sdk'
import { z } from 'zod'
import { fileOf, IndexRow, ModuleFacts, type OperationFacts, type Schema } from './facts.ts'

/** Files kept at a time. A flow uses one or two modules; a reader of the whole catalogue goes through them one after another. */
const MODULES_MAX = 6

let index: ReadonlyMap<string, IndexRow> | undefined
const modules = new BoundedMap<string, ModuleFacts>(MODULES_MAX)

const read = (name: string): unknown => jsonBeside(new URL(`./data/${name}.json`, import.meta.url))

/** The rows of all operations by their ids, read on first use: what a list and a search need. */
export function indexRows(): ReadonlyMap<string, IndexRow> {
  index ??= new Map(
    z
      .array(IndexRow)
      .parse(read('index'))
      .map((row) => [row.id, row]),
  )
  return index
}

/** An operation with the schemas its module shares; `undefined` when the catalogue has none of this id. */
export function loadFacts(id: string): { facts: OperationFacts; schemas: Readonly<Record<string, Schema>> } | undefined {
  const row = indexRows().get(id)
  const module = row && loadModule(fileOf(row))
  const facts = module?.operations.find((operation) => operation.id === id)
  return module && facts ? { facts, schemas: module.schemas } : undefined
}

function loadModule(name: string): ModuleFacts {
  const module = modules.get(name) ?? ModuleFacts.parse(read(name))
  modules.set(name, module)
  return module
}
