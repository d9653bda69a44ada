import { z } from 'zod'

/** Shapes that several areas share. Times are ISO 8601 in UTC; ids are opaque texts with a prefix that tells what they name. */

export const NoParams = z.object({})
export const NoQuery = z.object({})
export const Done = z.object({ ok: z.literal(true) })

export const Instant = z.iso.datetime().meta({ title: 'Time (ISO 8601, UTC)' })
export const Environment = z.enum(['sandbox', 'live'])

/** Any JSON: what a vendor, a step or a person gave. */
export const Data = z.unknown()
/** A JSON object of any content (a flow definition, a JSON Schema). */
export const DataObject = z.looseObject({})

/** A whole number written in a query. */
export const count = (max: number) => z.coerce.number<number | string>().int().min(1).max(max)

export const RunState = z.enum(['queued', 'running', 'waiting', 'parked', 'done', 'skipped', 'failed', 'cancelled'])
export const RunCounts = z.record(RunState, z.int())

/** A fault as screens show it: what happened, why, what to do. */
export const FaultShape = z.object({
  code: z.string(),
  kind: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  fields: z.record(z.string(), z.string()).optional(),
  place: z.string().optional(),
  retryAt: Instant.optional(),
  scope: z.string().optional(),
  traceId: z.string().optional(),
  status: z.int().optional(),
})

/** Something wrong with a flow. `fix` is an edit that mends it. */
export const ProblemShape = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  path: z.array(z.union([z.string(), z.number()])),
  place: z.string(),
  stepId: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
  fix: Data.optional(),
})

export const MarkedFact = z.object({ mark: z.enum(['CONFIRMED', 'REPORTED', 'ASSUMED']), text: z.string() })
export const ConnectionRef = z.object({ id: z.string(), name: z.string(), connector: z.string(), environment: Environment })

/** What an endpoint marked `isFile` answers with. */
export const FileReply = z.object({
  name: z.string(),
  contentType: z.string(),
  bytes: z.union([z.string(), z.custom<Uint8Array>((value) => value instanceof Uint8Array)]),
})
export type FileReply = z.output<typeof FileReply>
