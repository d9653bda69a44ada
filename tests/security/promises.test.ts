import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

test('every promise of SECURITY.md names tests that are there', () => {
  const rows = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!Attack|---)/.test(line))
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) {
    const named = [...row.matchAll(/`((?:packages|tests)\/[^`]+)`/g)].map(([, path = '']) => path)
    expect(named, row).not.toEqual([])
    for (const path of named) expect(existsSync(join(ROOT, path)), path).toBe(true)
  }
})
