import { z } from 'zod'
import type { Http, HttpRequest } from '../http.ts'
import type { CallFacts } from './call-facts.ts'
import { firstPage, memberAt, nextPage, type PageValues, type PagingStyle, typedValues } from './paging.ts'
import type { Plan } from './plan.ts'
import { callRequest, type Known } from './request.ts'

/** Lists take pages of this length unless they say less; larger ones are documented for few. */
const PAGE_SIZE = 50
/** What an operation calls the length of a page. */
const SIZES = ['limit', 'pageLimit', 'pageSize']

/** Where a reading of pages stands. `seen` counts the items before. */
const Cursor = z.object({ values: z.record(z.string(), z.unknown()), seen: z.int().min(0) })

export type ListAsk = {
  facts: CallFacts & { paging?: PagingStyle | undefined }
  plan: Plan
  /** Where the items are in the answer; empty when the answer itself is the list. */
  itemsAt: string
  /** Values given by hand: they go before those of the paging. */
  parameters: PageValues
  known?: Known
  /** Members besides the fields of the plan that may be sent on. */
  alsoKnown?: readonly string[]
  /** Headers of every call. */
  headers?: Readonly<Record<string, string>>
}

/** One page of a list, and how to ask for the next one. */
export async function listPage(
  http: Http,
  ask: ListAsk,
  cursor: string | undefined,
): Promise<{ items: readonly unknown[]; next?: string }> {
  const { facts, plan } = ask
  const style = facts.paging ?? 'single'
  const names = new Set(plan.fields.map(({ member }) => member))
  const bodyMembers = Object.fromEntries(plan.fields.flatMap(({ place, member, schema }) => (place === 'body' ? [[member, schema]] : [])))
  const state = cursor === undefined ? undefined : Cursor.parse(JSON.parse(cursor))
  const asked: PageValues = { ...firstPage(style, names, pageSizeOf(plan)), ...ask.parameters, ...state?.values }
  const values = declared(typedValues(facts, bodyMembers, asked), facts, new Set([...names, ...(ask.alsoKnown ?? [])]))
  const wholeBody = plan.body === 'whole' ? { body: inBody(values, facts) } : {}
  const request: HttpRequest = callRequest(facts, plan, { ...values, ...wholeBody }, ask.known)
  const reply = await http.exchange({ ...request, headers: { ...request.headers, ...ask.headers } })
  const found = memberAt(reply.body, ask.itemsAt)
  const items: readonly unknown[] = Array.isArray(found) ? found : []
  const seen = state?.seen ?? 0
  const next = nextPage(style, { asked, reply: reply.body, items, seen })
  return next === undefined
    ? { items }
    : { items, next: JSON.stringify({ values: { ...state?.values, ...next }, seen: seen + items.length }) }
}

/** The usual length, or the longest the operation declares. */
function pageSizeOf(plan: Plan): number {
  const most = plan.fields.flatMap(({ member, schema }) =>
    SIZES.includes(member) && typeof schema['maximum'] === 'number' ? [schema['maximum']] : [],
  )
  return Math.min(PAGE_SIZE, ...most)
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null

/** Without what the operation does not declare: it might be refused. An operation whose body is open takes everything. */
const declared = (values: PageValues, facts: CallFacts, names: ReadonlySet<string>): PageValues =>
  facts.body && names.has('')
    ? values
    : Object.fromEntries(Object.entries(values).filter(([name, value]) => isGiven(value) && names.has(name)))

/** For a body the vendor leaves open: all that is no parameter. */
const inBody = (values: PageValues, facts: CallFacts): PageValues =>
  Object.fromEntries(
    Object.entries(values).filter(([name, value]) => isGiven(value) && !facts.parameters.some((parameter) => parameter.name === name)),
  )
