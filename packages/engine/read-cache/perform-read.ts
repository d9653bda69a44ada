import { durationMs, type Json } from '@couplet/core'
import type { AnyAction } from '@couplet/connector-sdk'
import type { EngineParts } from '../parts.ts'

export type ReadRequest = {
  action: AnyAction
  /** Whose view it is: the connection, or the workspace. */
  source: string
  /** Changes when the source is changed: what was read through the old one is not kept. */
  revision: number
  /** Parsed by the action's own schema. */
  input: unknown
  /** One call to the vendor with an input of the action; answers its parsed output. */
  call: (input: unknown) => Promise<unknown>
  /** The output as it is kept in the journal. */
  toJson: (output: unknown) => Json
}

/** A read, through what the operation declares: kept answers, one call for many, several reads in one call. `note`: how it was saved. */
export async function performRead(
  parts: Pick<EngineParts, 'reads' | 'batcher'>,
  request: ReadRequest,
): Promise<{ output: Json; note?: string }> {
  const { action } = request
  const { cacheFor } = action
  if (cacheFor === undefined) return performBatched(parts, request)
  let note: string | undefined
  const read = await parts.reads.read(
    { source: request.source, operation: action.id, version: action.version, input: [request.revision, request.input] },
    durationMs(cacheFor),
    async () => {
      const made = await performBatched(parts, request)
      note = made.note
      return made.output
    },
  )
  if (read.how === 'kept')
    note = `No call was made: the answer is that of a read ${ageText(read.ageMs)} ago. Answers of this operation are kept for ${cacheFor}.`
  if (read.how === 'shared') note = 'No call was made: an identical read was under way, and its answer served both.'
  return { output: read.output, ...(note === undefined ? {} : { note }) }
}

async function performBatched(parts: Pick<EngineParts, 'batcher'>, request: ReadRequest): Promise<{ output: Json; note?: string }> {
  const { action, input } = request
  const { batch } = action
  if (!batch) return { output: request.toJson(await request.call(input)) }
  const { output, together, isMine } = await parts.batcher.read({
    group: `${request.source} ${request.revision} ${action.id}@${action.version}`,
    input,
    // Methods of the declaration are typed by its own schemas; what they are given here has come through those schemas.
    rule: {
      key: (own) => batch.key(own),
      merge: (inputs) => batch.merge(inputs),
      split: (merged, own) => batch.split(merged, own),
    },
    call: request.call,
    accepts: (merged) => action.input.safeParse(merged).success,
  })
  if (together === 1) return { output: request.toJson(output) }
  const whose = isMine ? 'It was made here' : 'It was made for another of them, and stands in its journal'
  return { output: request.toJson(output), note: `One call answered ${together} reads that came at the same time. ${whose}.` }
}

const ageText = (ms: number): string => (ms < 1_000 ? 'less than a second' : `${Math.round(ms / 1_000)} s`)
