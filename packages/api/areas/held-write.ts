import { z } from 'zod'
import { Data } from '../shapes.ts'

/** A write that was kept back: exactly what would leave, without secrets. */
export const HeldWrite = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: Data.optional(),
  }),
  /** Something Couplet itself would do: a row of a table, a task, another flow. */
  z.object({ kind: z.literal('own'), title: z.string(), data: Data }),
])
export type HeldWriteView = z.output<typeof HeldWrite>
