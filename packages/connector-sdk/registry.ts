import { BoundedMap, bug } from '@couplet/core'
import type { z } from 'zod'
import type { Action } from './action.ts'
import type { ChoiceList, ConnectorSpec } from './connector.ts'
import type { EffectClass } from './effect.ts'
import type { Trigger, Wire } from './trigger.ts'
import type { StatisticsSource } from './statistics-source.ts'
import type { Words } from './words.ts'

/*
 * Erased forms. An operation is checked against its own types where it is declared; the runtime holds many of different types in
 * one table, and reaches inputs only through the operation's own schemas. `never` in parameter position is what makes the erasure sound
 * for the compiler without `any`.
 */
type Erased = z.ZodType
export type AnyAction = Action<string, never, Erased, Erased> & { kind: 'action'; connector: string }
export type AnyTrigger = Trigger<string, never, Erased, Erased, never> & { kind: 'trigger'; connector: string }
export type AnyOperation = AnyAction | AnyTrigger
export type AnyConnectorSpec = ConnectorSpec<Record<string, string>, z.ZodObject, z.ZodObject>

/** An action as far as a list or a search needs it: no schema is made for it. */
export type ActionWords = Words & { kind: 'action'; connector: string; scopes: readonly string[]; effect: EffectClass }

/** A trigger as far as a list or a search needs it. */
export type TriggerWords = Words & { kind: 'trigger'; connector: string; scopes: readonly string[]; wires: readonly Wire[] }

export type OperationWords = ActionWords | TriggerWords

/**
 * Operations that are too many to be made at start-up: their words when a list asks, one of them whole when it is used. All answer at once; what they
 * have made they may forget and make again, so memory stays bounded however many are used.
 */
export type LazyOperations = {
  /** In the order of the catalogue. Those another operation has taken the place of are left out. */
  words(): readonly OperationWords[]
  action(id: string, version: number): AnyAction | undefined
  trigger?(id: string, version: number): AnyTrigger | undefined
  /** What the newest description of the vendor's API says of an operation that still runs: nothing at all, or something else. */
  standing?(id: string, version: number): 'gone' | 'changed' | undefined
}

/** A connector with everything it offers. */
export type Connector = {
  spec: AnyConnectorSpec
  actions: readonly AnyAction[]
  triggers: readonly AnyTrigger[]
  /** Older versions of operations: a flow that names one still runs, and no list offers them. */
  superseded?: readonly AnyOperation[]
  lists: Readonly<Record<string, ChoiceList<never>>>
  lazy?: LazyOperations
  /** Where social figures come from, for vendors that have them. */
  statistics?: StatisticsSource<never>
}

/** Gathers a connector; throws when two operations share id and version or an id does not begin with the connector's. */
export function connector(parts: {
  spec: unknown
  actions: readonly unknown[]
  triggers: readonly unknown[]
  superseded?: readonly unknown[]
  lists?: Record<string, unknown>
  lazy?: LazyOperations
  statistics?: StatisticsSource<never>
}): Connector {
  const gathered = { lists: {}, ...parts } as Connector
  const seen = new Set<string>()
  for (const operation of [...gathered.actions, ...gathered.triggers, ...(gathered.superseded ?? [])]) {
    const key = `${operation.id}@${operation.version}`
    if (!operation.id.startsWith(`${gathered.spec.id}.`)) throw bug(`Operation ${operation.id} must begin with "${gathered.spec.id}."`)
    if (seen.has(key)) throw bug(`Operation ${key} is declared twice`)
    seen.add(key)
  }
  return gathered
}

export type Registry = {
  connectors: readonly Connector[]
  connector(id: string): Connector | undefined
  action(id: string, version: number): AnyAction | undefined
  trigger(id: string, version: number): AnyTrigger | undefined
  /** The workspace a connector belongs to; `undefined` for those that are everybody's. */
  ownerOf?(connectorId: string): string | undefined
}

const connectorOf = (operationId: string): string => operationId.slice(0, Math.max(0, operationId.indexOf('.')))
const views = new WeakMap<Registry, BoundedMap<string, Registry>>()
const VIEWS_MAX = 500

/** The registry as a workspace sees it: connectors that another one imported do not exist. The same view each time, so that what is kept by it stays. */
export function registryOf(registry: Registry, workspaceId: string): Registry {
  if (registry.ownerOf === undefined) return registry
  const known = views.get(registry) ?? new BoundedMap<string, Registry>(VIEWS_MAX)
  views.set(registry, known)
  const made = known.get(workspaceId)
  if (made) return made
  const isSeen = (connectorId: string): boolean => [undefined, workspaceId].includes(registry.ownerOf?.(connectorId))
  const view: Registry = {
    get connectors() {
      return registry.connectors.filter(({ spec }) => isSeen(spec.id))
    },
    connector: (id) => (isSeen(id) ? registry.connector(id) : undefined),
    action: (id, version) => (isSeen(connectorOf(id)) ? registry.action(id, version) : undefined),
    trigger: (id, version) => (isSeen(connectorOf(id)) ? registry.trigger(id, version) : undefined),
  }
  known.set(workspaceId, view)
  return view
}

/** All connectors of an installation, looked up by id and version. */
export function createRegistry(connectors: readonly Connector[]): Registry {
  const byId = new Map(connectors.map((entry) => [entry.spec.id, entry]))
  const actions = new Map<string, AnyAction>()
  const triggers = new Map<string, AnyTrigger>()
  for (const operation of connectors.flatMap((entry) => [...entry.actions, ...entry.triggers, ...(entry.superseded ?? [])])) {
    const key = `${operation.id}@${operation.version}`
    if (operation.kind === 'action') actions.set(key, operation)
    else triggers.set(key, operation)
  }
  const lazyOf = (id: string): LazyOperations | undefined => byId.get(connectorOf(id))?.lazy
  return {
    connectors,
    connector: (id) => byId.get(id),
    action: (id, version) => actions.get(`${id}@${version}`) ?? lazyOf(id)?.action(id, version),
    trigger: (id, version) => triggers.get(`${id}@${version}`) ?? lazyOf(id)?.trigger?.(id, version),
  }
}
