import { isObject } from '@couplet/connector-sdk'
import { readDocument } from './document/read-document.ts'
import type { ImportedApi, LeftOut } from './facts.ts'
import { readOperations } from './operations/read-operations.ts'
import { readSignIns } from './read-sign-ins.ts'

export type ReadOptions = {
  /** Where the file came from: relative servers are meant from there. */
  baseUrl?: string | undefined
  /** Ids of an earlier import, by call: they stay. */
  knownIds?: Readonly<Record<string, string>>
}

const text = (value: unknown): string => (typeof value === 'string' ? value.replaceAll(/\s+/g, ' ').trim() : '')

/**
 * What an OpenAPI 3 or Swagger 2 file says, as far as Couplet can use it, with a report of what it could not. Throws `import.not_readable`,
 * `import.not_openapi`, `import.nothing_usable`. Costs seconds of work for a large file: see `readApiApart`.
 */
export async function readApi(source: string, options: ReadOptions = {}): Promise<ImportedApi> {
  const { document, leftOut } = await readDocument(source)
  const info = isObject(document['info']) ? document['info'] : {}
  const signIns = readSignIns(document)
  const servers = readServers(document, options.baseUrl)
  const keyNames = new Set(
    signIns.signIns.flatMap((signIn) =>
      signIn.kind === 'header' || signIn.kind === 'query' ? [`${signIn.kind} ${signIn.name.toLowerCase()}`] : [],
    ),
  )
  const read = readOperations(document, { knownIds: new Map(Object.entries(options.knownIds ?? {})), keyNames })
  return {
    title: text(info['title']).slice(0, 80) || 'Imported API',
    summary: (text(info['description']).split(/(?<=[.!?])\s/)[0] ?? '').slice(0, 240),
    version: (typeof info['version'] === 'number' ? String(info['version']) : text(info['version'])).slice(0, 40),
    servers: servers.servers,
    signIns: signIns.signIns,
    operations: read.operations,
    leftOut: [...leftOut, ...servers.leftOut, ...signIns.leftOut, ...read.leftOut],
  }
}

/** Absolute base URLs; variables with their defaults put in. */
function readServers(document: Readonly<Record<string, unknown>>, baseUrl: string | undefined): { servers: string[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = []
  const servers = (Array.isArray(document['servers']) ? document['servers'] : []).filter(isObject).flatMap((server) => {
    const variables = isObject(server['variables']) ? server['variables'] : {}
    const filled = text(server['url']).replaceAll(/\{([^}]+)\}/g, (whole, name: string) => {
      const variable = variables[name]
      return isObject(variable) && typeof variable['default'] === 'string' ? variable['default'] : whole
    })
    const url = URL.parse(filled, baseUrl)
    if (url && /^https?:$/.test(url.protocol) && url.username === '' && !filled.includes('{'))
      return [`${url.origin}${url.pathname}`.replace(/\/+$/, '')]
    leftOut.push({ place: `Server ${filled.slice(0, 120)}`, reason: 'It is no complete web address.' })
    return []
  })
  return { servers: [...new Set(servers)].slice(0, 20), leftOut }
}
