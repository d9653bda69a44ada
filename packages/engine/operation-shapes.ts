import { shapeLookup, type Registry } from '@couplet/connector-sdk'
import type { OperationLookup } from '@couplet/flow'

const lookups = new WeakMap<Registry, OperationLookup>()

/** Operation shapes of an installation, made on first use and shared by the type check and the engine, so that both convert alike. */
export function operationLookup(registry: Registry): OperationLookup {
  let lookup = lookups.get(registry)
  if (!lookup) {
    lookup = shapeLookup(registry)
    lookups.set(registry, lookup)
  }
  return lookup
}
