import { type FaultFacts, isJsonObject, type Json, userFault } from '@couplet/core'
import { jsonText } from '@couplet/store'
import { STEP_BYTES_MAX, STEP_DEPTH_MAX } from './limits.ts'

/**
 * A value exactly as the journal will give it back: JSON, `undefined` members dropped, characters the database cannot keep replaced. Throws
 * the user faults `step.too_large` and `step.too_deep`; `what` names the value for people ("What this step gave").
 */
export function storable(what: string, hint: string, value: unknown): Json {
  if (isDeeperThan(value, STEP_DEPTH_MAX))
    throw userFault({ code: 'step.too_deep', message: `${what} is nested deeper than ${STEP_DEPTH_MAX} levels.`, hint })
  const text = jsonText(value)
  const bytes = Buffer.byteLength(text)
  if (bytes > STEP_BYTES_MAX)
    throw userFault({
      code: 'step.too_large',
      message: `${what} is ${megabytes(bytes)} MB of data; a step may have ${megabytes(STEP_BYTES_MAX)} MB.`,
      hint,
    })
  return JSON.parse(text) as Json
}

/** Stops at `max`, so its own recursion is bounded. */
function isDeeperThan(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (max === 0) return true
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return inner.some((item) => isDeeperThan(item, max - 1))
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)

const MESSAGE_CHARS_MAX = 4_000
const DETAILS_CHARS_MAX = 16_000

/** A fault that fits into a journal entry, whatever a vendor wrote into its answer. */
export function boundedFault(facts: FaultFacts): FaultFacts {
  const details = facts.details === undefined ? undefined : boundedDetails(facts.details)
  const cut = (text: string): string => (text.length > MESSAGE_CHARS_MAX ? `${text.slice(0, MESSAGE_CHARS_MAX)}…` : text)
  return {
    ...facts,
    message: cut(facts.message),
    ...(facts.hint === undefined ? {} : { hint: cut(facts.hint) }),
    ...(details === undefined ? {} : { details }),
  }
}

function boundedDetails(details: Record<string, unknown>): Record<string, unknown> {
  const isTooMuch = isDeeperThan(details, STEP_DEPTH_MAX) || jsonText(details).length > DETAILS_CHARS_MAX
  return isTooMuch && isJsonObject(details) ? { cut: `details of more than ${DETAILS_CHARS_MAX} characters` } : details
}
