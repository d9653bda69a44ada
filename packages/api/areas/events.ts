import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { NoParams, NoQuery } from '../shapes.ts'

/** What `GET /api/events` sends: one message `data: {…}` for each. */
export const LiveEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), runId: z.string(), flowId: z.string(), state: z.string() }),
  z.object({ kind: z.literal('poll'), triggerId: z.string(), detail: z.unknown() }),
  /** Figures of a location were read. */
  z.object({ kind: z.literal('statistics'), locationId: z.string() }),
  /** An alert began or ended. */
  z.object({ kind: z.literal('alert') }),
  /** Events were lost (a slow client): load what is shown again. */
  z.object({ kind: z.literal('missed') }),
])
export type LiveEvent = z.output<typeof LiveEvent>

/** Server-sent events; not part of the client, since browsers have `EventSource` for it. */
export const eventStream = endpoint({
  id: 'events.stream',
  method: 'GET',
  path: '/api/events',
  summary: 'What happens, as server-sent events',
  permission: 'runs.read',
  audit: NOTHING_CHANGES,
  params: NoParams,
  query: NoQuery,
  body: undefined,
  reply: LiveEvent,
  errors: [],
})
