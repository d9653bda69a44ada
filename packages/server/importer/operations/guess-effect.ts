import type { ImportedEffect } from '../facts.ts'

const ASKS = /^(search|query|find|list|lookup|count|filter|preview|validate|check|calculate|estimate)\b/
const KEY = /^(x-)?idempotency-?key$/i

type Asked = { method: string; path: string; operationId: string; headers: readonly string[] }

/**
 * What a repeat of the call probably does. A guess by the habits of the web; a person may correct it in the review. When in doubt, the careful
 * answer: not sent again without a person.
 */
export function guessEffect({ method, path, operationId, headers }: Asked): { effect: ImportedEffect; keyHeader?: string } {
  if (method === 'GET') return { effect: 'read' }
  const last = path.split('/').findLast((part) => part !== '' && !part.startsWith('{')) ?? ''
  const words = operationId.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
  if (method === 'POST' && (ASKS.test(last.toLowerCase()) || ASKS.test(words))) return { effect: 'read' }
  const keyHeader = headers.find((name) => KEY.test(name))
  if (keyHeader !== undefined) return { effect: 'keyed', keyHeader }
  return { effect: method === 'PUT' || method === 'PATCH' ? 'harmless' : 'never' }
}

/** Why, in words for the operation's page. */
export function becauseOf(effect: 'harmless' | 'never', method: string): string {
  if (effect === 'harmless')
    return 'By the habits of the web it sets whole values, so the same call again leaves the same record. Nobody has tried it.'
  return method === 'DELETE'
    ? 'After a lost answer nobody can tell a record that was just removed from one that never was there.'
    : 'The file names no idempotency key: the same call again may do it a second time.'
}
