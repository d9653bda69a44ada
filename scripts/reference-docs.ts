import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allEndpoints, PERMISSIONS } from '@couplet/api'
import { createRegistry, shapeLookup } from '@couplet/connector-sdk'
import { connectors } from '@couplet/connectors'
import { isJsonObject, parseJson } from '@couplet/core'
import { FlowDefinition } from '@couplet/flow'
import { mappingTable, mermaidOf } from './template-picture.ts'

/* Writes the two reference pages that are made from code and templates: docs/api.md and docs/users/templates.md. A test compares them. */

const ROOT = join(import.meta.dirname, '..')
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

/** Every endpoint with what it needs, by area; forms of bodies and answers are in the OpenAPI document. */
export function apiReference(): string {
  const areas = new Map<string, string[]>()
  for (const endpoint of allEndpoints) {
    const area = endpoint.id.split('.')[0] ?? endpoint.id
    const errors = endpoint.errors.length === 0 ? '' : endpoint.errors.map((code) => `\`${code}\``).join(' ')
    const line = `| \`${endpoint.method} ${endpoint.path}\` | ${cell(endpoint.summary)} | ${permissionWords(endpoint.permission)} | ${errors} |`
    areas.set(area, [...(areas.get(area) ?? []), line])
  }
  const sections = [...areas].map(([area, lines]) =>
    [`## ${area}`, '', '| Call | Does | Needs | Own errors |', '| --- | --- | --- | --- |', ...lines, ''].join('\n'),
  )
  return [
    '# API',
    '',
    'Made from the contract by `node scripts/reference-docs.ts`; do not edit. The forms of bodies and answers are in the OpenAPI 3.1 document that a running Couplet serves at `/api/openapi.json`.',
    'Errors are problem documents (RFC 9457) with a stable `code`. Programs send an API token: `Authorization: Bearer …`.',
    '',
    ...sections,
    '## Permissions',
    '',
    ...Object.entries(PERMISSIONS).map(([name, words]) => `- \`${name}\`: ${words}`),
    '',
  ].join('\n')
}

const permissionWords = (permission: unknown): string => (typeof permission === 'string' ? `\`${permission}\`` : '')

/** Every ready flow with what it does, its map, its mappings, and what the vendors do not allow. */
export async function templateReference(): Promise<string> {
  const folder = join(ROOT, 'templates')
  const lookup = shapeLookup(createRegistry(connectors))
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const templates = await Promise.all(
    names.map(async (name) => {
      const words = parseJson(await readFile(join(folder, name, 'template.json'), 'utf8'))
      const flow = FlowDefinition.parse(parseJson(await readFile(join(folder, name, 'flow.json'), 'utf8')))
      return { words: isJsonObject(words) ? words : {}, flow }
    }),
  )
  const sections = templates
    .toSorted(
      ({ words: a }, { words: b }) =>
        Number(a['order'] ?? 999) - Number(b['order'] ?? 999) || String(a['id']).localeCompare(String(b['id'])),
    )
    .map(({ words: template, flow }) => {
      const cannot = Array.isArray(template['cannot']) ? template['cannot'].map(String) : []
      return [
        `## ${String(template['title'])}`,
        '',
        String(template['summary']),
        '',
        mermaidOf(flow, lookup),
        '',
        '<details>',
        '<summary>Mappings</summary>',
        '',
        mappingTable(flow, lookup),
        '',
        '</details>',
        '',
        ...(cannot.length === 0 ? [] : ['What it cannot do:', '', ...cannot.map((words) => `- ${words}`), '']),
      ].join('\n')
    })
  return [
    '# Templates',
    '',
    'Made from `templates/` by `node scripts/reference-docs.ts`; do not edit. Each shows its map, where every field gets its value from, and what a vendor does not allow.',
    '',
    ...sections,
  ].join('\n')
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(join(ROOT, 'docs', 'api.md'), apiReference())
  await writeFile(join(ROOT, 'docs', 'users', 'templates.md'), await templateReference())
}
