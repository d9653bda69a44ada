import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImportPreview } from '@couplet/api'
import { userFault } from '@couplet/core'
import { Command } from 'commander'
import { clientFor, withUrl } from './api-client.ts'

/** Connectors from OpenAPI files, and HTTP steps from cURL commands. */
export function connectorCommand(): Command {
  const connector = new Command('connector').description('Connectors made from OpenAPI and Swagger files')
  connector.addCommand(
    withUrl(new Command('import'))
      .description('Make a connector from an OpenAPI 3 or Swagger 2 file (JSON or YAML), or bring an earlier import up to date')
      .argument('<file>', 'a file, or an address beginning with https://')
      .option('--onto <id>', 'bring this imported connector up to date; flows keep the versions they have')
      .option('--id <id>', 'id of the new connector')
      .option('--title <title>', 'what it is called')
      .option('--server <address>', 'base URL, when the file names none or another is meant')
      .option('--extends <connector>', 'the file is that of a connector Couplet has (payaca): it settles what was only assumed')
      .option('--dry-run', 'show what would become of it and keep nothing')
      .action(importFile),
  )
  connector.addCommand(withUrl(new Command('list')).description('Imported connectors').action(list))
  connector.addCommand(
    withUrl(new Command('curl'))
      .description('Show a cURL command (from a file, or "-" for standard input) as an HTTP step')
      .argument('<file>')
      .action(curl),
  )
  return connector
}

type Options = { url?: string; onto?: string; id?: string; title?: string; server?: string; extends?: string; dryRun?: true }

async function read(path: string): Promise<string> {
  if (path === '-') {
    const parts: Buffer[] = []
    for await (const part of process.stdin) parts.push(Buffer.from(part))
    return Buffer.concat(parts).toString('utf8')
  }
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw userFault({ code: 'file.not_readable', message: `${path} cannot be read.`, hint: 'Check the name of the file.' }, error)
  }
}

async function importFile(file: string, options: Options): Promise<void> {
  const client = await clientFor(options)
  const source = /^https?:\/\//.test(file) ? { url: file } : { text: await read(file), filename: basename(file) }
  const onto = options.onto === undefined ? {} : { onto: options.onto }
  const preview = await client.imports.preview({ body: { source, ...onto } })
  printPreview(preview)
  if (preview.extends && options.extends === undefined && options.onto === undefined)
    console.log(
      `\nThis looks like the file of ${preview.extends.title}: with --extends ${preview.extends.connector} it settles what was only assumed.`,
    )
  if (options.dryRun) return
  const made = await client.imports.create({
    body: {
      source,
      ...onto,
      ...(options.id === undefined ? {} : { id: options.id }),
      ...(options.title === undefined ? {} : { title: options.title }),
      ...(options.server === undefined ? {} : { server: options.server }),
      ...(options.extends === undefined ? {} : { extends: options.extends }),
    },
  })
  console.log(`\nimported  ${made.id}: ${made.title}, ${made.operationCount} operations`)
}

function printPreview({ title, version, operations, leftOut }: ImportPreview): void {
  console.log(`${title} ${version}`.trim())
  for (const { change, call, title: name, effect, differences } of operations) {
    console.log(`${change.padEnd(8)}  ${effect.padEnd(8)}  ${call}  ${name}`)
    for (const difference of differences) console.log(`          ${difference}`)
  }
  if (leftOut.length > 0) console.log(`\nLeft out or open (${leftOut.length}):`)
  for (const { place, reason } of leftOut) console.log(`  ${place}: ${reason}`)
}

async function list(options: { url?: string }): Promise<void> {
  const { imports } = await (await clientFor(options)).imports.list()
  for (const { id, title, operationCount, importedAt } of imports)
    console.log(`${id.padEnd(24)}  ${String(operationCount).padStart(5)}  ${importedAt}  ${title}`)
  if (imports.length === 0) console.log('None yet. "couplet connector import <file>" makes one.')
}

async function curl(file: string, options: { url?: string }): Promise<void> {
  const { operation, version, title, input, secrets } = await (
    await clientFor(options)
  ).imports.curl({ body: { command: await read(file) } })
  console.log(JSON.stringify({ kind: 'action', id: 'request', title, operation, version, input: mapped(input) }, null, 2))
  for (const { place, name } of secrets)
    console.error(`left out: ${place} ${name}. Secrets belong into a connection: import the API of this host.`)
}

/** Plain values as a flow file has them. */
const mapped = (input: object): object =>
  Object.fromEntries(Object.entries(input).map(([name, value]) => [name, { kind: 'value', value: value as unknown }]))
