import { execFileSync } from 'node:child_process'
import { stripTypeScriptTypes } from 'node:module'
import { Script } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { curlOf, typescriptOf } from './snippets.ts'

const base = {
  method: 'POST',
  url: 'https://api.example.com/items?q=a%20b&n=1',
  headers: { accept: 'application/json', authorization: 'Bearer <token>' },
}
/** What a shell makes of a command's words. */
const words = (command: string): string[] =>
  execFileSync('sh', ['-c', `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; }; ${command}`])
    .toString()
    .split('\0')
    .slice(0, -1)

describe('snippets', () => {
  test('are one command for a shell, whatever stands in the values', () => {
    const body = { note: 'it\'s $HOME `id` "quoted"\nnext; rm -rf x', list: [1, null] }
    const command = words(curlOf({ ...base, body }))
    expect(command).toContain('Authorization: Bearer <token>')
    expect(JSON.parse(command[command.indexOf('-d') + 1] ?? '')).toEqual(body)
    expect(command).toContain(base.url)
  })
  test('send forms and files as a form', () => {
    const command = words(
      curlOf({ ...base, form: { title: 'A & B' }, files: [{ name: 'file', filename: 'a.png', contentType: 'image/png' }] }),
    )
    expect(command.filter((_word, index) => command[index - 1] === '-F')).toEqual(['title=A & B', 'file=@a.png;type=image/png'])
  })
  test('write a name and a password as cURL takes them', () => {
    expect(words(curlOf({ ...base, headers: { authorization: 'Basic <clientId:clientSecret>' } }))).toContain('<clientId>:<clientSecret>')
  })
  test('are TypeScript that says the same', () => {
    const text = typescriptOf({ ...base, body: { 'first-name': 'Ada', tags: ['a'] } })
    expect(text).toContain('"first-name": "Ada"')
    expect(text).toContain('authorization: "Bearer <token>"')
    expect(typescriptOf({ ...base, headers: { authorization: 'Basic <id:secret>' } })).toContain('btoa("<id>:<secret>")')
    expect(() => new Script(`async () => {\n${stripTypeScriptTypes(text)}\n}`)).not.toThrow()
  })
})
