import { listPage, type PageValues } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { refuse } from '../refusals.ts'
import { callFacts, knownOf, planOf } from './call.ts'
import { loadFacts } from './load.ts'

export type ListAsk = { operation: string; parameters: PageValues; itemsAt?: string | undefined }

/** The facts of a list operation. Throws a user fault when the catalogue has none of this id, or it is no list and nobody said where its items are. */
function listOperation(ask: ListAsk): ReturnType<typeof loadFacts> & object & { items: string } {
  const found = loadFacts(ask.operation.replace(/^highlevel\./, ''))
  if (!found || found.facts.effect !== 'read')
    throw refuse({
      code: 'highlevel.unknown_list',
      message: `"${ask.operation}" is no reading operation of HighLevel.`,
      hint: 'Choose one from the list.',
      fields: { operation: 'unknown' },
    })
  const items = ask.itemsAt ?? found.facts.items
  if (items === undefined)
    throw refuse({
      code: 'highlevel.no_list',
      message: 'HighLevel does not say where the items of this answer are.',
      hint: 'Name the member that holds them, for example results.tags.',
      fields: { itemsAt: 'needed for this operation' },
    })
  return { ...found, items }
}

/** One page of a list, and how to ask for the next one. Values given by hand go before those of the paging. */
export async function readListPage(
  { http, connection }: HighlevelCall,
  ask: ListAsk,
  cursor: string | undefined,
): Promise<{ items: readonly unknown[]; next?: string }> {
  const { facts, schemas, items: itemsAt } = listOperation(ask)
  const call = callFacts(facts, schemas)
  const plan = planOf(call)
  // Where the body is left open nothing says that the sub-account belongs into it.
  const parameters = plan.body === 'whole' ? { locationId: connection.locationId, ...ask.parameters } : ask.parameters
  return listPage(
    http,
    {
      facts: { ...call, paging: facts.paging },
      plan,
      itemsAt,
      parameters,
      known: knownOf(ask.parameters, connection),
      alsoKnown: ['companyId'],
      headers: { Version: facts.version },
    },
    cursor,
  )
}
