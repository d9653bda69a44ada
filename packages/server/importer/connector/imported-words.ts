import type { ActionWords, TriggerWords, VendorFact } from '@couplet/connector-sdk'
import type { ImportedOperation } from '../facts.ts'

const uncapital = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1)

const FROM_FILE: VendorFact = { mark: 'CONFIRMED', text: "Fields, address and answer are as the vendor's own file describes them." }
const GUESSED: VendorFact = {
  mark: 'ASSUMED',
  text: 'Files do not say what a repeat of a call does. This is a guess by verb and name; correct it where the import is reviewed.',
}

/** An imported operation in the words of a list. */
export const actionWords = (connectorId: string, operation: ImportedOperation, version: number): ActionWords => ({
  id: `${connectorId}.${operation.id}`,
  version,
  kind: 'action',
  connector: connectorId,
  title: operation.title,
  summary: operation.summary,
  phrase: `${uncapital(operation.title)} in {connection}`,
  group: operation.group,
  address: operation.call,
  facts: [FROM_FILE, ...(operation.effect === 'read' && operation.method === 'GET' ? [] : [GUESSED])],
  ...(operation.isDeprecated ? { deprecated: { use: `${connectorId}.${operation.id}`, since: 'the vendor says so' } } : {}),
  scopes: [],
  effect: operation.effect,
})

/** The trigger that follows a list; `undefined` when the operation is none, or nothing tells its items apart. */
export const triggerWords = (connectorId: string, operation: ImportedOperation, version: number): TriggerWords | undefined =>
  operation.items === undefined || operation.itemId === undefined
    ? undefined
    : {
        id: `${connectorId}.${operation.id}-items`,
        version,
        kind: 'trigger',
        connector: connectorId,
        title: `New or changed: ${uncapital(operation.title)}`,
        summary: `Reads this list again and again and starts for every item that is new, changed or gone.`,
        phrase: `an item of "${uncapital(operation.title)}" is created, changed or removed in {connection}`,
        group: operation.group,
        address: operation.call,
        facts: [
          FROM_FILE,
          { mark: 'ASSUMED', text: `Items are told apart by "${operation.itemId}".` },
          ...(operation.paging ? [{ mark: 'ASSUMED', text: `Pages go on by "${operation.paging.at}".` } as const] : []),
        ],
        scopes: [],
        wires: ['poll'],
      }
