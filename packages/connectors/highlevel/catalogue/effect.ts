import type { IndexRow } from './facts.ts'
import { REVIEWED_EFFECTS } from './reviewed-effects.ts'

type Asked = Pick<IndexRow, 'id' | 'method' | 'path'>
export type CatalogueEffect = { kind: 'read' } | { kind: 'write'; resend: 'harmless' | 'never'; because: string }

/** Last parts of a path that say "do it", not "this is its value": sent twice, it may happen twice. */
const DOES = new Set([
  'send',
  'cancel',
  'void',
  'publish',
  'execute',
  'pause',
  'clone',
  'purchase',
  'record-payment',
  'schedule',
  'updateAndSchedule',
  'connect',
  'disconnect',
  'migration',
  'reset',
  'train',
  'delete-files',
  'invoice',
])

/** Last parts of a path that only ask, though the call is a POST. */
const ASKS = new Set(['search', 'list', 'details', 'filter-by-email', 'statistics', 'validate-slug'])

const lastLiteral = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && !part.startsWith('{'))
    .at(-1) ?? ''

const UPSERT = 'Without an id it makes a new record, and HighLevel takes no idempotency key: the same call again may make another.'
const isUpsert = (id: string): boolean => /[.-]upsert\b/.test(id)

/** Whether a person looked at what a repeat of the operation does. */
export const isReviewed = (id: string): boolean => id in REVIEWED_EFFECTS

const endsInLiteral = (path: string): boolean => !path.replace(/\/$/, '').endsWith('}')

/**
 * What a repeat of the call does: reviewed by hand where it is in the table, else by rule. HighLevel takes no idempotency key anywhere
 * (CONFIRMED), so whatever creates or does something is never sent again without a person.
 */
export function effectOf(row: Asked): CatalogueEffect {
  const reviewed = REVIEWED_EFFECTS[row.id]
  if (reviewed) return reviewed === 'read' ? { kind: 'read' } : { kind: 'write', ...reviewed }
  const last = endsInLiteral(row.path) ? lastLiteral(row.path) : ''
  switch (row.method) {
    case 'GET':
      return { kind: 'read' }
    case 'PUT':
    case 'PATCH':
      if (isUpsert(row.id)) return { kind: 'write', resend: 'never', because: UPSERT }
      return DOES.has(last)
        ? {
            kind: 'write',
            resend: 'never',
            because: 'It does something instead of setting a value, and HighLevel takes no idempotency key.',
          }
        : { kind: 'write', resend: 'harmless', because: 'It sets whole values: the same call again leaves the same record.' }
    case 'DELETE':
      return {
        kind: 'write',
        resend: 'never',
        because: 'After a lost answer nobody can tell a record that was just removed from one that never was there.',
      }
    case 'POST':
      return ASKS.has(last)
        ? { kind: 'read' }
        : { kind: 'write', resend: 'never', because: 'HighLevel takes no idempotency key: the same call again does it a second time.' }
    default:
      return row.method satisfies never
  }
}
