import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IndexRow, ModuleFacts } from '../packages/connectors/highlevel/catalogue/facts.ts'

/** Where the catalogue's data lies in the repository. */
export const DATA = join(import.meta.dirname, '..', 'packages', 'connectors', 'highlevel', 'catalogue', 'data')

export const INDEX = 'index.json'

/** The text of each data file by its name, the index among them. One line per operation, so that a change is seen where it is. */
export function catalogueTexts(files: ReadonlyMap<string, ModuleFacts>): Map<string, string> {
  const texts = new Map<string, string>()
  const rows = [...files.values()].flatMap(({ operations }) => operations.map((operation) => IndexRow.parse(operation)))
  texts.set(
    INDEX,
    `[\n${rows
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((row) => JSON.stringify(row))
      .join(',\n')}\n]\n`,
  )
  for (const [name, { schemas, operations }] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const shared = Object.entries(schemas).map(([schema, facts]) => `${JSON.stringify(schema)}:${JSON.stringify(facts)}`)
    texts.set(
      `${name}.json`,
      `{"schemas":{\n${shared.join(',\n')}\n},"operations":[\n${operations.map((operation) => JSON.stringify(operation)).join(',\n')}\n]}\n`,
    )
  }
  return texts
}

/** The committed data files by name, without the index. */
export function committedCatalogue(): Map<string, ModuleFacts> {
  const names = readdirSync(DATA)
    .filter((file) => file.endsWith('.json') && file !== INDEX)
    .toSorted()
  return new Map(names.map((file) => [file.replace(/\.json$/, ''), ModuleFacts.parse(JSON.parse(readFileSync(join(DATA, file), 'utf8')))]))
}
