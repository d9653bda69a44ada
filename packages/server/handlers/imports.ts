import type { ImportPreview } from '@couplet/api'
import { userFault, type WorkspaceId } from '@couplet/core'
import type { ImportedApiRow, ImportedOperationRow } from '@couplet/store'
import { compareImports, type Compared, type Known } from '../importer/compare-imports.ts'
import { settle } from '../importer/connector/extended-connector.ts'
import { type ImportedApi, IMPORTED_EFFECTS, ImportedOperation } from '../importer/facts.ts'
import { freeName, slug } from '../importer/operations/names.ts'
import { readApiApart } from '../importer/read-apart.ts'
import { readCurl } from '../importer/read-curl.ts'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import type { Handlers } from './handler.ts'
import { importView } from '../views/import-view.ts'
import { readSource } from './import-source.ts'

type SourceAsked = Parameters<Handlers['imports']['preview']>[0]['body']['source']

const notFound = (id: string) =>
  userFault({ code: 'import.not_found', message: `There is no imported connector "${id}".`, hint: 'Choose one from the list of imports.' })

export function importHandlers(parts: ServerParts): Handlers['imports'] {
  const { engine, imports: shelf } = parts
  const { store, registry } = engine

  const load = async (workspaceId: WorkspaceId, id: string): Promise<ImportedApiRow> => {
    const found = await store.imports.find(workspaceId, id)
    if (!found) throw notFound(id)
    return found
  }
  const knownOf = async (id: string): Promise<Known[]> => (await store.imports.operations(id)).flatMap(readKnown)

  /** A file as read, compared with what was imported before. */
  const read = async (context: RequestContext, asked: { source: SourceAsked; onto?: string | undefined }) => {
    const onto = asked.onto === undefined ? undefined : await load(workspaceOf(context), asked.onto)
    const known = onto ? await knownOf(onto.id) : []
    const source = await readSource(engine.outbound, asked.source, context.signal)
    const knownIds = Object.fromEntries(known.map(({ operation }) => [operation.call, operation.id]))
    const api = await readApiApart(source.text, { baseUrl: source.url, knownIds })
    return { onto, known, source, api, compared: compareImports(known, api.operations) }
  }

  const freeId = async (title: string): Promise<string> => {
    const wanted = slug(title.replace(/\bapi\b/i, '')).slice(0, 30)
    const taken = new Set(registry.connectors.map(({ spec }) => spec.id))
    for (;;) {
      const id = freeName(wanted.length < 2 ? `${wanted}-api` : wanted, taken)
      if (await store.imports.isFree(id)) return id
    }
  }

  /** The declared connector the file is of: one whose hosts the file names. */
  const extendedBy = (api: ImportedApi): ImportPreview['extends'] => {
    const hosts = api.servers.map((server) => new URL(server).hostname)
    const base = registry.connectors.find(({ spec, actions }) => {
      const own = spec.hosts ?? [new URL(spec.origin).hostname]
      return (
        !spec.isBuiltIn && actions.length > 0 && own.some((host) => hosts.some((other) => other === host || other.endsWith(`.${host}`)))
      )
    })
    if (!base) return null
    const { confirmed, corrected, unknown } = settle(base.actions, new Map(api.operations.map(({ call, id }) => [call, id])))
    const titles = (ids: Iterable<string>) => [...ids].map((id) => base.actions.find((action) => action.id === id)?.title ?? id)
    return {
      connector: base.spec.id,
      title: base.spec.title,
      confirmed: titles(confirmed),
      corrected: titles(corrected.keys()),
      unknown: titles(unknown),
    }
  }

  return {
    list: async ({ context }) => {
      const rows = (await store.imports.list()).filter((row) => row.workspaceId === workspaceOf(context))
      return { imports: await Promise.all(rows.map(async (row) => importView(row, currentCount(await store.imports.operations(row.id))))) }
    },
    preview: async ({ body, context }) => {
      const { onto, api, compared } = await read(context, body)
      return {
        title: api.title,
        summary: api.summary,
        version: api.version,
        servers: api.servers,
        signIns: api.signIns.map((signIn) => ({ ...signIn })),
        operations: rowsOf(api.operations, compared),
        leftOut: api.leftOut,
        suggestedId: onto?.id ?? (await freeId(api.title)),
        extends: onto && onto.extends === null ? null : extendedBy(api),
      }
    },
    create: async ({ body, context }) => {
      const { onto, known, source, api, compared } = await read(context, body)
      const extending = onto ? onto.extends : (body.extends ?? null)
      const servers = body.server === undefined ? api.servers : [body.server.replace(/\/+$/, ''), ...api.servers]
      if (api.operations.length === 0)
        throw userFault({
          code: 'import.nothing_usable',
          message: 'The file has no operation Couplet can use.',
          hint: 'The report of the preview says why.',
        })
      if (servers.length === 0)
        throw userFault({
          code: 'import.no_server',
          message: 'The file does not say where the API is.',
          hint: 'Enter the base URL of the API.',
          fields: { server: 'is missing' },
        })
      const id = await idFor(parts, { onto: onto?.id, asked: body.id, extending, suggested: () => freeId(body.title ?? api.title) })
      const signIn = api.signIns[body.signIn] ?? api.signIns[0] ?? { kind: 'none' as const }
      await store.imports.save(
        {
          id,
          workspaceId: workspaceOf(context),
          extends: extending,
          title: body.title ?? onto?.title ?? api.title,
          summary: api.summary === '' ? `The API "${api.title}", imported from its OpenAPI file.` : api.summary,
          servers,
          signIn: JSON.parse(JSON.stringify(signIn)),
          source: {
            name: source.name,
            version: api.version,
            bytes: Buffer.byteLength(source.text),
            leftOut: api.leftOut.map((one) => ({ ...one })),
          },
        },
        changesOf(api.operations, compared, known, body.effects),
      )
      await shelf.reload()
      const row = await load(workspaceOf(context), id)
      return importView(row, currentCount(await store.imports.operations(id)))
    },
    get: async ({ params, context }) => {
      const row = await load(workspaceOf(context), params.import)
      const current = (await knownOf(row.id)).filter(({ isCurrent }) => isCurrent)
      const rows = current.map(({ operation, version, reviewedEffect }): ImportPreview['operations'][number] => ({
        ...rowOf(operation, { change: 'same', version, differences: [] }),
        effect: IMPORTED_EFFECTS.find((effect) => effect === reviewedEffect) ?? operation.effect,
      }))
      return { ...importView(row, rows.length), operations: rows }
    },
    review: async ({ params, body, context }) => {
      const row = await load(workspaceOf(context), params.import)
      await store.imports.review(workspaceOf(context), row.id, body.effects)
      await shelf.reload()
      return { ok: true }
    },
    remove: async ({ params, context }) => {
      const row = await load(workspaceOf(context), params.import)
      const used =
        row.extends === null ? (await store.connections.list(workspaceOf(context))).filter(({ connector }) => connector === row.id) : []
      if (used.length > 0)
        throw userFault({
          code: 'import.in_use',
          message: `There ${used.length === 1 ? 'is a connection' : `are ${used.length} connections`} to ${row.title}: ${used.map(({ name }) => `"${name}"`).join(', ')}.`,
          hint: 'Remove them first; their pages say which flows would stop.',
        })
      await store.imports.remove(workspaceOf(context), row.id)
      await shelf.reload()
      return { ok: true }
    },
    curl: async ({ body, context }) => {
      const step = readCurl(body.command)
      const { hostname: host } = new URL(step.address)
      const known = registry.connectors.find(
        ({ spec }) =>
          !spec.isBuiltIn &&
          !shelf.isForeign(spec.id, workspaceOf(context)) &&
          (spec.hosts ?? [new URL(spec.origin).hostname]).some((own) => own === host || host.endsWith(`.${own}`)),
      )
      const { address: _address, ...shown } = step
      return { ...shown, version: 1, ...(known ? { known: { connector: known.spec.id } } : {}) }
    },
  }
}

const currentCount = (rows: readonly ImportedOperationRow[]): number => rows.filter(({ isCurrent }) => isCurrent).length

const readKnown = ({ facts, version, isCurrent, reviewedEffect }: ImportedOperationRow): Known[] => {
  const operation = ImportedOperation.safeParse(facts)
  return operation.success ? [{ operation: operation.data, version, isCurrent, reviewedEffect }] : []
}

type Row = ImportPreview['operations'][number]

const rowOf = (
  operation: ImportedOperation,
  { change, version, differences }: Pick<Compared, 'change' | 'version' | 'differences'>,
): Row => ({
  id: operation.id,
  call: operation.call,
  title: operation.title,
  group: operation.group,
  effect: operation.effect,
  ...(operation.keyHeader === undefined ? {} : { keyHeader: operation.keyHeader }),
  isList: operation.items !== undefined && operation.itemId !== undefined,
  change,
  version,
  differences: [...differences],
})

function rowsOf(operations: readonly ImportedOperation[], compared: readonly Compared[]): Row[] {
  const byCall = new Map(operations.map((operation) => [operation.call, operation]))
  return compared.map((one): Row => {
    const operation = byCall.get(one.call)
    if (operation) return rowOf(operation, one)
    return {
      id: one.id,
      call: one.call,
      title: one.title,
      group: '',
      effect: 'never',
      isList: false,
      change: one.change,
      version: one.version,
      differences: [],
    }
  })
}

/** What is written: new versions of what changed, words of what did not, and what is in the file no more. */
function changesOf(
  operations: readonly ImportedOperation[],
  compared: readonly Compared[],
  known: readonly Known[],
  effects: Readonly<Record<string, string>>,
): Parameters<ServerParts['engine']['store']['imports']['save']>[1] {
  const byCall = new Map(operations.map((operation) => [operation.call, operation]))
  const reviewed = new Map(
    known.filter(({ reviewedEffect }) => reviewedEffect !== null).map(({ operation, reviewedEffect }) => [operation.call, reviewedEffect]),
  )
  const rows = compared.flatMap((one) => {
    const operation = byCall.get(one.call)
    const facts = operation && JSON.parse(JSON.stringify(operation))
    return operation ? [{ ...one, row: { operationId: one.id, version: one.version, call: one.call, facts } }] : []
  })
  const isKept = ({ version, call }: Compared): boolean =>
    known.some(({ operation, version: own }) => operation.call === call && own === version)
  return {
    added: rows
      .filter((one) => !isKept(one))
      .map(({ row }) => ({ ...row, reviewedEffect: effects[row.call] ?? reviewed.get(row.call) ?? null })),
    kept: rows.filter(isKept).map(({ row }) => row),
    gone: compared.filter(({ change }) => change === 'gone').map(({ id }) => id),
  }
}

async function idFor(
  parts: ServerParts,
  {
    onto,
    asked,
    extending,
    suggested,
  }: { onto: string | undefined; asked: string | undefined; extending: string | null; suggested: () => Promise<string> },
): Promise<string> {
  if (onto !== undefined) return onto
  const { store, registry } = parts.engine
  if (extending !== null) {
    if (!registry.connector(extending))
      throw userFault({
        code: 'connector.not_found',
        message: `There is no connector "${extending}".`,
        hint: 'Choose one from the catalogue.',
      })
    const id = `${extending}-file`
    if (await store.imports.isFree(id)) return id
    throw userFault({
      code: 'import.id_taken',
      message: `A file of ${extending} was imported before.`,
      hint: 'Bring that import up to date instead.',
    })
  }
  if (asked === undefined) return suggested()
  if (registry.connector(asked) || !(await store.imports.isFree(asked)))
    throw userFault({
      code: 'import.id_taken',
      message: `There is a connector "${asked}" already.`,
      hint: 'Choose another id.',
      fields: { id: 'is taken' },
    })
  return asked
}
