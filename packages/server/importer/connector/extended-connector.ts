import type { AnyAction, Connector, LazyOperations, VendorFact } from '@couplet/connector-sdk'
import { importedOperations, type KeptApi } from './imported-connector.ts'

/** `PATCH /v1/customers/{id}` and `PATCH /v1/customers/{customerId}` are the same call. */
const plainCall = (call: string): string => call.replaceAll(/\{[^}]*\}/g, '{}').replace(/\/$/, '')
const pathOf = (call: string): string => call.slice(call.indexOf(' ') + 1)

export type Settled = {
  /** Operations of the connector that the file has, verb and path alike. */
  confirmed: ReadonlySet<string>
  /** Operations whose path the file has with another verb: the file's take their place. Own id to that of the file. */
  corrected: ReadonlyMap<string, string>
  /** Operations the file knows nothing of. */
  unknown: ReadonlySet<string>
}

/** What the vendor's own file says about the addresses a connector only assumed. `calls`: verb and path to operation id in the file. */
export function settle(actions: readonly AnyAction[], calls: ReadonlyMap<string, string>): Settled {
  const confirmed = new Set<string>()
  const corrected = new Map<string, string>()
  const unknown = new Set<string>()
  const inFile = new Map([...calls].map(([call, id]) => [plainCall(call), id]))
  for (const { id, address } of actions) {
    if (address === undefined) continue
    const own = plainCall(address)
    const others = [...inFile].filter(([call]) => pathOf(call) === pathOf(own) && isChange(call) && isChange(own))
    if (inFile.has(own)) confirmed.add(id)
    else if (others.length === 1 && others[0]) corrected.set(id, others[0][1])
    else unknown.add(id)
  }
  return { confirmed, corrected, unknown }
}

const isChange = (call: string): boolean => /^(PUT|PATCH) /.test(call)

/** A declared connector with the operations of its vendor's own file beside its own, and what was assumed settled by it. */
export function extendedConnector(base: Connector, api: KeptApi): Connector {
  const lazy = importedOperations(base.spec.id, api.operations)
  const calls = new Map(
    api.operations.filter(({ isCurrent }) => isCurrent).map(({ operation }) => [operation.call, `${base.spec.id}.${operation.id}`]),
  )
  const settled = settle(base.actions, calls)
  const ofOwn = new Set(
    base.actions.flatMap(({ id, address }) => (address !== undefined && settled.confirmed.has(id) ? [plainCall(address)] : [])),
  )
  const own: LazyOperations = base.lazy ?? { words: () => [], action: () => undefined }
  return {
    ...base,
    actions: base.actions.map((action) => settledAction(action, settled, api.title)),
    lazy: {
      // What a finished operation does already is not listed beside it.
      words: () => [
        ...own.words(),
        ...lazy.words().filter(({ kind, address }) => kind === 'trigger' || address === undefined || !ofOwn.has(plainCall(address))),
      ],
      action: (id, version) => own.action(id, version) ?? lazy.action(id, version),
      trigger: (id, version) => own.trigger?.(id, version) ?? lazy.trigger?.(id, version),
      standing: (id, version) => own.standing?.(id, version) ?? lazy.standing?.(id, version),
    },
  }
}

function settledAction(action: AnyAction, { confirmed, corrected, unknown }: Settled, file: string): AnyAction {
  const others = (action.facts ?? []).filter(({ text }) => action.address === undefined || !text.includes(action.address))
  const withFact = (fact: VendorFact, more: Partial<AnyAction> = {}): AnyAction => ({ ...action, facts: [fact, ...others], ...more })
  if (confirmed.has(action.id))
    return withFact({ mark: 'CONFIRMED', text: `${action.address ?? ''} is in the vendor's own file, "${file}".` })
  const use = corrected.get(action.id)
  if (use !== undefined)
    return withFact(
      {
        mark: 'ASSUMED',
        text: `The vendor's own file, "${file}", has this path with another verb than ${action.address ?? ''}. Use the operation of the file.`,
      },
      { deprecated: { use, since: 'the import of the file' } },
    )
  return unknown.has(action.id)
    ? withFact({ mark: 'ASSUMED', text: `${action.address ?? ''} is a guess: the vendor's own file, "${file}", does not have it.` })
    : action
}
