import type { WorkspaceId } from '@couplet/core'
import { type Connector, createRegistry, type Registry } from '@couplet/connector-sdk'
import type { Store } from '@couplet/store'
import type { Logger } from '@couplet/engine'
import { extendedConnector } from './connector/extended-connector.ts'
import { importedConnector, type KeptApi, type KeptOperation } from './connector/imported-connector.ts'
import { IMPORTED_EFFECTS, ImportedOperation, SignIn } from './facts.ts'

/** The connectors of this process: those it came with, and those that were imported, as they are kept now. */
export type ImportShelf = AsyncDisposable & {
  registry: Registry
  /** Reads what is kept anew; returns when the registry has it. */
  reload(): Promise<void>
  /** Ids of connectors that other workspaces imported: they do not exist for this one. */
  isForeign(connectorId: string, workspaceId: WorkspaceId): boolean
}

/** How often the stamp is compared without having been told: a notice may be lost with its connection. */
const COMPARE_EVERY_MS = 30_000

/** Loads what is kept, and again whenever any process changes it. */
export async function openImportShelf(store: Store, base: readonly Connector[], log: Logger): Promise<ImportShelf> {
  const stopping = new AbortController()
  let registry = createRegistry(base)
  let owners = new Map<string, WorkspaceId>()
  let loaded: string | undefined
  let loading: Promise<void> = Promise.resolve()

  const load = async (): Promise<void> => {
    const stamp = await store.imports.stamp()
    if (stamp === loaded) return
    const rows = await store.imports.list()
    const apis: KeptApi[] = []
    for (const { id, title, summary, servers, signIn } of rows) {
      const parsed = SignIn.safeParse(signIn)
      if (parsed.success) apis.push({ id, title, summary, servers, signIn: parsed.data, operations: await keptOperations(store, id) })
      else log.error({ connector: id }, 'An imported connector cannot be read')
    }
    const extending = new Map(
      rows.flatMap((row) => (row.extends === null ? [] : [[row.extends, apis.find(({ id }) => id === row.id)] as const])),
    )
    const declared = base.map((connector) => {
      const api = extending.get(connector.spec.id)
      return api ? extendedConnector(connector, api) : connector
    })
    const own = apis.filter(({ id }) => rows.some((row) => row.id === id && row.extends === null)).map(importedConnector)
    registry = createRegistry([...declared, ...own])
    owners = new Map(rows.flatMap((row) => (row.extends === null ? [[row.id, row.workspaceId] as const] : [])))
    loaded = stamp
  }
  const reload = (): Promise<void> => (loading = loading.catch(() => undefined).then(load))
  const inBackground = (): void =>
    void reload().catch((error: unknown) => log.warn({ err: error }, 'Imported connectors could not be read; they are tried again'))

  await reload()
  store.imports.watch(inBackground, stopping.signal)
  const timer = setInterval(inBackground, COMPARE_EVERY_MS)
  timer.unref()
  return {
    registry: {
      get connectors() {
        return registry.connectors
      },
      connector: (id) => registry.connector(id),
      action: (id, version) => registry.action(id, version),
      trigger: (id, version) => registry.trigger(id, version),
      ownerOf: (connectorId) => owners.get(connectorId),
    },
    reload,
    isForeign: (connectorId, workspaceId) => (owners.get(connectorId) ?? workspaceId) !== workspaceId,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      clearInterval(timer)
      await loading.catch(() => undefined)
    },
  }
}

/** Every version of every operation, with what a person said of its effect in place of the guess. */
async function keptOperations(store: Store, id: string): Promise<KeptOperation[]> {
  return (await store.imports.operations(id)).flatMap(({ facts, version, isCurrent, reviewedEffect }) => {
    const operation = ImportedOperation.safeParse(facts)
    const effect = IMPORTED_EFFECTS.find((one) => one === reviewedEffect)
    return operation.success ? [{ operation: { ...operation.data, ...(effect ? { effect } : {}) }, version, isCurrent }] : []
  })
}
