import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject } from '../packages/core/index.ts'
import type { ModuleFacts, OperationFacts } from '../packages/connectors/highlevel/catalogue/facts.ts'
import type { Resource, ServedOperation, ServedRow } from '../packages/simulators/highlevel/catalogue/facts.ts'
import { resourceReader } from './highlevel-simulator-resources.ts'

/** Where the simulator's own facts lie in the repository. It shares none with the connector, nor any code. */
export const SERVED = join(import.meta.dirname, '..', 'packages', 'simulators', 'highlevel', 'catalogue', 'data')

type Declared = Pick<ServedOperation, 'status' | 'unknownAs'>

const addressOf = (method: string, path: string): string => `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}').replace(/\/$/, '')}`

/** Which status the vendor declares for success, and for a record nobody knows. */
function declaredStatuses(folder: string): Map<string, Declared> {
  const found = new Map<string, Declared>()
  for (const generation of ['v3', 'v2'])
    for (const file of readdirSync(join(folder, generation)).filter((name) => name.endsWith('.json'))) {
      const document: unknown = JSON.parse(readFileSync(join(folder, generation, file), 'utf8'))
      const paths = isJsonObject(document) && isJsonObject(document['paths']) ? document['paths'] : {}
      for (const [path, item] of Object.entries(paths))
        for (const [method, operation] of Object.entries(isJsonObject(item) ? item : {})) {
          const responses = isJsonObject(operation) && isJsonObject(operation['responses']) ? operation['responses'] : {}
          const statuses = Object.keys(responses)
          const success = statuses.filter((status) => status.startsWith('2')).toSorted()[0]
          found.set(addressOf(method.toUpperCase(), path), {
            status: success === '201' ? 201 : success === '204' ? 204 : 200,
            unknownAs: statuses.includes('404') ? 404 : 400,
          })
        }
    }
  return found
}

/** The text of each data file of the simulator by its name: `index` to find an operation by, one file for each module, and all scopes. */
export function servedTexts(files: ReadonlyMap<string, ModuleFacts>, folder: string): Map<string, string> {
  const statuses = declaredStatuses(folder)
  const all = [...files.values()].flatMap(({ operations }) => operations)
  const resourceOf = resourceReader(all)
  const rows: ServedRow[] = []
  const texts = new Map<string, string>()
  for (const [name, { schemas, operations }] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const served = operations.map((operation): ServedOperation => {
      rows.push({ id: operation.id, method: operation.method, path: operation.path, file: name })
      return servedOperation(operation, resourceOf(operation), statuses.get(addressOf(operation.method, operation.path)))
    })
    texts.set(
      `${name}.json`,
      `{"schemas":{\n${Object.entries(schemas)
        .map(([schema, facts]) => `${JSON.stringify(schema)}:${JSON.stringify(facts)}`)
        .join(',\n')}\n},"operations":[\n${served.map((operation) => JSON.stringify(operation)).join(',\n')}\n]}\n`,
    )
  }
  texts.set('index.json', `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`)
  texts.set('scopes.json', `${JSON.stringify([...new Set(all.flatMap(({ scopes }) => scopes))].toSorted(), null, 1)}\n`)
  return texts
}

function servedOperation(operation: OperationFacts, resource: Resource, declared: Declared | undefined): ServedOperation {
  const { id, method, path, version, scopes, parameters, body, reply, items, paging, isV3 } = operation
  return {
    id,
    method,
    path,
    version,
    ...(isV3 ? { isV3 } : {}),
    scopes,
    status: declared?.status ?? 200,
    unknownAs: declared?.unknownAs ?? 400,
    ...resource,
    ...(items === undefined ? {} : { items }),
    ...(paging === undefined ? {} : { paging }),
    parameters,
    ...(body ? { body } : {}),
    reply: reply ?? {},
  }
}
