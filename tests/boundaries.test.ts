import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ALLOWED_IMPORTS, BOUNDARY_RULES } from './support/boundary-rules.ts'
import { readSource, sourceFiles } from './support/source-files.ts'

const root = join(import.meta.dirname, '..')
const files = sourceFiles(root)
const byPath = new Map(files.map((file) => [file.path, file]))

describe('boundaries between packages', () => {
  test.each(BOUNDARY_RULES.map((rule) => [rule.guarantee, rule] as const))('%s', (_, rule) => {
    expect(files.flatMap((file) => rule.breaches(file, byPath))).toEqual([])
  })

  const violations = BOUNDARY_RULES.flatMap((rule) => rule.caught.map((source) => [rule.guarantee, source, rule] as const))
  test.each(violations)('is noticed when not so: %s ($path)', (_, source, rule) => {
    const file = readSource(source.path, source.text)
    expect(rule.breaches(file, new Map([[file.path, file]]))).not.toEqual([])
  })
})

describe('reading imports', () => {
  test('every package has its row in the table', () => {
    expect(readdirSync(join(root, 'packages')).toSorted()).toEqual(Object.keys(ALLOWED_IMPORTS).toSorted())
  })

  test('sees the files of the server and of the web app', () => {
    expect([...byPath.keys()]).toEqual(expect.arrayContaining(['packages/engine/run/decide.ts', 'packages/web/src/ui/button.tsx']))
  })

  test('sees each way of importing, and knows which are gone when the program runs', () => {
    const text = [
      "import a from 'a'",
      "import type { B } from 'b'",
      'import {\n  c,\n  type D,\n} from "c"',
      "export * from 'd'",
      "import 'e'",
      "const f = await import('f')",
      "const g = require('g')",
      "const h = new Worker(new URL('./h.ts', import.meta.url))",
      "const i = import.meta.resolve('i')",
      "// import 'never'",
      " * import('never')",
    ].join('\n')
    expect(readSource('packages/core/x.ts', text).imports).toEqual([
      { from: 'a', isErased: false },
      { from: 'b', isErased: true },
      { from: 'c', isErased: false },
      { from: 'd', isErased: false },
      { from: 'e', isErased: false },
      { from: 'f', isErased: false },
      { from: 'g', isErased: false },
      { from: './h.ts', isErased: false },
      { from: 'i', isErased: false },
    ])
  })

  test('finds what decide.ts loads through other files', () => {
    const rule = BOUNDARY_RULES.find((candidate) => candidate.guarantee.startsWith('what decides'))
    const decide = readSource('packages/engine/run/decide.ts', "import { next } from './next.ts'\nimport type { Row } from './row.ts'")
    const next = readSource('packages/engine/run/next.ts', "import { createHash } from 'node:crypto'")
    const row = readSource('packages/engine/run/row.ts', "import { readFile } from 'node:fs/promises'")
    const all = new Map([decide, next, row].map((file) => [file.path, file]))
    expect(rule?.breaches(decide, all)).toEqual(['packages/engine/run/next.ts imports node:crypto'])
  })
})
