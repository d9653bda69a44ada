import type { IndexRow } from './facts.ts'
import { indexRows } from './load.ts'

let patterns: readonly { row: IndexRow; variables: number; pattern: RegExp }[] | undefined

/** The permission a call of the catalogue needs, by its method and path; paths with more literal parts go first. Reads the index on first use. */
export function catalogueScopeOf(method: string, path: string): string | undefined {
  patterns ??= [...indexRows().values()]
    .map((row) => ({
      row,
      variables: row.path.split('{').length,
      pattern: new RegExp(
        `^${row.path
          .replace(/\/$/, '')
          .replaceAll(/[.+*?^$()|[\]\\]/g, String.raw`\$&`)
          .replaceAll(/\{[^}]+\}/g, '[^/]+')}/?$`,
      ),
    }))
    .toSorted((a, b) => a.variables - b.variables)
  const bare = path.split('?')[0] ?? path
  return patterns.find((entry) => entry.row.method === method && entry.pattern.test(bare))?.row.scopes[0]
}
