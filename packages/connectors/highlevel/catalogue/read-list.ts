import { z } from 'zod'
import type { HighlevelCall } from '../connection.ts'
import { refuse } from '../refusals.ts'
import type { OperationFacts } from './facts.ts'
import { loadFacts } from './load.ts'
import { firstPage, memberAt, nextPage, type PageValues, typedValues } from './paging.ts'
import { planOf } from './plan.ts'
import { catalogueRequest } from './request.ts'

/** Every list takes pages of this length; larger ones are documented for few. */
const PAGE_SIZE = 50

/** Where a reading of pages stands. `seen` counts the items before. */
const Cursor = z.object({ values: z.record(z.string(), z.unknown()), seen: z.int().min(0) })

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
  const plan = planOf(facts, schemas)
  const style = facts.paging ?? 'single'
  const names = new Set(plan.fields.map(({ member }) => member))
  const bodyMembers = Object.fromEntries(plan.fields.flatMap(({ place, member, schema }) => (place === 'body' ? [[member, schema]] : [])))
  const state = cursor === undefined ? undefined : Cursor.parse(JSON.parse(cursor))
  const asked: PageValues = { ...firstPage(style, names, PAGE_SIZE), ...ask.parameters, ...state?.values }
  const values = known(typedValues(facts, bodyMembers, asked), facts, names)
  const wholeBody = plan.body === 'whole' ? { body: inBody(values, facts) } : {}
  const reply = await http.exchange(catalogueRequest(facts, plan, { ...values, ...wholeBody }, connection))
  const found = memberAt(reply.body, itemsAt)
  const items: readonly unknown[] = Array.isArray(found) ? found : []
  const seen = state?.seen ?? 0
  const next = nextPage(style, { asked, reply: reply.body, items, seen })
  return next === undefined
    ? { items }
    : { items, next: JSON.stringify({ values: { ...state?.values, ...next }, seen: seen + items.length }) }
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** Without what the operation does not declare: it would be refused (REPORTED). An operation whose body is open takes everything. */
const known = (values: PageValues, facts: OperationFacts, names: ReadonlySet<string>): PageValues =>
  facts.body && names.has('')
    ? values
    : Object.fromEntries(Object.entries(values).filter(([name, value]) => isGiven(value) && (names.has(name) || name === 'companyId')))

/** For a body the vendor's files leave open: all that is no parameter. */
const inBody = (values: PageValues, facts: OperationFacts): PageValues =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => isGiven(value) && !facts.parameters.some((parameter) => parameter.name === name)),
  )
