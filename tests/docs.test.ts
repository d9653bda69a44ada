import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '@couplet/server'
import { expect, test } from 'vitest'
import { apiReference, templateReference } from '../scripts/reference-docs.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (...path: string[]): Promise<string> => readFile(join(ROOT, ...path), 'utf8')

test('every setting Couplet reads is explained to operators, and none that it does not read', async () => {
  const asked = new Set<string>()
  const environment = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_target, name) => {
        asked.add(String(name))
        return undefined
      },
    },
  )
  readConfig(environment)
  const table = (await read('docs', 'operators', 'configure.md')).split('\n').filter((line) => line.startsWith('| `'))
  const explained = table.flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1] ?? ''))
  expect(explained.toSorted()).toEqual([...asked].toSorted())
})

test('the reference pages are those of this code: node scripts/reference-docs.ts', async () => {
  expect(await read('docs', 'api.md')).toBe(apiReference())
  expect(await read('docs', 'users', 'templates.md')).toBe(await templateReference())
})

test('every template is shown with its map and its mappings', async () => {
  const page = await read('docs', 'users', 'templates.md')
  const templates = await readdir(join(ROOT, 'templates'))
  const sections = page.split(/^## /m).slice(1)
  expect(sections).toHaveLength(templates.length)
  expect(sections.filter((section) => !section.includes('```mermaid\nflowchart') || !section.includes('| Step | Field | Value |'))).toEqual(
    [],
  )
})

test('the dashboard and the pages for operators name only metrics that exist', async () => {
  const source = await read('packages', 'server', 'metrics', 'metrics.ts')
  const known = new Set([
    ...[...source.matchAll(/name: '(couplet_\w+)'/g)].map((match) => match[1] ?? ''),
    ...[...source.matchAll(/gauge\(\s*'(\w+)'/g)].map((match) => `couplet_${match[1] ?? ''}`),
  ])
  for (const file of ['grafana-dashboard.json', 'monitor.md'])
    for (const [name] of (await read('docs', 'operators', file)).matchAll(/couplet_\w+/g))
      expect([...known], `${file}: ${name}`).toContain(name.replace(/_(bucket|count|sum)$/, ''))
})

test('links between pages lead somewhere', async () => {
  const pages = (await readdir(join(ROOT, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'))
  for (const page of pages)
    for (const [, target = ''] of (await read('docs', page)).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g))
      await expect(access(join(ROOT, 'docs', page, '..', target)), `${page} -> ${target}`).resolves.toBeUndefined()
})
