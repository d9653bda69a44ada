import { Fault } from '@couplet/core'
import { DatabaseError } from 'pg'

/** Classes of SQLSTATE that say nothing about the statement: connection lost, out of resources, shutting down or starting up. */
const AWAY_CLASSES = new Set(['08', '53', '57', '58'])
/** Chosen as the loser of a deadlock, or overtaken: the same again works. */
const AGAIN_CODES = new Set(['40001', '40P01'])
const SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'])
/** The driver gives these no code. */
const DRIVER_TEXT = /^Connection terminated|not queryable|timeout exceeded when trying to connect|^Cannot use a pool after calling end/

/** True when the database could not be asked, as against an error in what was asked: whoever asked may do so again later. */
export function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || thrown instanceof Fault) return false
  if (thrown instanceof DatabaseError) return AWAY_CLASSES.has(thrown.code?.slice(0, 2) ?? '') || AGAIN_CODES.has(thrown.code ?? '')
  if (thrown instanceof AggregateError) return thrown.errors.some(isDatabaseAway)
  if ('code' in thrown && typeof thrown.code === 'string' && SYSTEM_CODES.has(thrown.code)) return true
  return DRIVER_TEXT.test(thrown.message)
}
