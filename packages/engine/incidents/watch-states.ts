import type { FlowId } from '@couplet/core'
import type { IncidentCause, IncidentNote, Trouble } from '@couplet/store'
import type { EngineParts } from '../parts.ts'
import { REOPEN_MS } from './sort-failures.ts'

/** Polls may fail now and then; after so many in a row somebody should know. */
const POLL_FAILURES_MIN = 3

/** States of connections, circuits, polls and flows that are wrong by themselves, whether runs failed or not. */
export async function watchStates({ store, clock }: Pick<EngineParts, 'store' | 'clock'>): Promise<void> {
  const now = clock.now()
  const [connections, vendors, polls, flows] = await Promise.all([
    store.incidents.connectionsInTrouble(),
    store.incidents.vendorsDown(),
    store.incidents.pollsInTrouble(POLL_FAILURES_MIN),
    store.incidents.flowsBroken(),
  ])
  const put = async (trouble: readonly Trouble[], describe: (one: Trouble) => Pick<IncidentNote, 'cause' | 'causeKey'>): Promise<void> => {
    for (const note of together(trouble, describe)) await store.incidents.note(note, REOPEN_MS)
  }

  await put(connections, (one) =>
    one.fault.kind === 'scope-missing'
      ? keyed(one, 'scope', one.connector ?? '', one.fault.scope ?? one.fault.code)
      : keyed(one, 'connection', one.connector ?? '', one.fault.code),
  )
  await put(vendors, (one) => keyed(one, 'vendor-down', one.connector ?? ''))
  await put(polls, (one) =>
    one.fault.kind === 'auth-expired'
      ? keyed(one, 'connection', one.connector ?? '', one.fault.code)
      : keyed(one, 'poll', one.connector ?? '', one.fault.code),
  )
  await put(flows, (one) => keyed(one, 'flow-broken', one.flowId ?? ''))

  await store.incidents.endOthers(
    'vendor-down',
    keysOf(vendors, (one) => keyed(one, 'vendor-down', one.connector ?? '')),
    now,
  )
  await store.incidents.endOthers(
    'poll',
    keysOf(polls, (one) => keyed(one, 'poll', one.connector ?? '', one.fault.code)),
    now,
  )
  await store.incidents.endOthers(
    'flow-broken',
    keysOf(flows, (one) => keyed(one, 'flow-broken', one.flowId ?? '')),
    now,
  )
}

type Described = Pick<IncidentNote, 'cause' | 'causeKey'>

const keyed = (one: Trouble, cause: IncidentCause, ...parts: readonly string[]): Described => ({
  cause,
  causeKey: [one.environment, cause, ...parts].join('/'),
})

const keysOf = (trouble: readonly Trouble[], describe: (one: Trouble) => Described): string[] => [
  ...new Set(trouble.map((one) => describe(one).causeKey)),
]

/** One note for all that has the same cause. Its time is that of the newest member: states that last add nothing new. */
function together(trouble: readonly Trouble[], describe: (one: Trouble) => Described): IncidentNote[] {
  const groups = new Map<string, Trouble[]>()
  for (const one of trouble) {
    const key = `${one.workspaceId} ${describe(one).causeKey}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const newest = group.reduce((a, b) => (b.since > a.since ? b : a))
    const flows = new Set(group.flatMap(({ flowId }): FlowId[] => (flowId ? [flowId] : [])))
    return {
      ...describe(newest),
      workspaceId: newest.workspaceId,
      environment: newest.environment,
      ...(newest.connector === null ? {} : { connector: newest.connector }),
      ...(flows.size === 1 ? { flowId: [...flows][0] } : {}),
      fault: newest.fault,
      since: Math.min(...group.map(({ since }) => since)),
      at: newest.since,
      connections: group.flatMap(({ connectionId }) => connectionId ?? []),
    }
  })
}
