import { hash } from 'node:crypto'
import { canonicalJson, Fault, type Json } from '@couplet/core'
import type { AnyTrigger, Call, Fact } from '@couplet/connector-sdk'
import type { KnownItem } from '@couplet/store'
import { storable } from '../run/storable.ts'
import { compareScan } from './compare-scan.ts'

/** What one look at the vendor found. */
export type Look = {
  facts: Fact<unknown>[]
  /** Items whose stored state must change. */
  items: KnownItem[]
  /** Keys to remember without starting anything. */
  silentKeys: string[]
  cursor: Json
  /** Pages that were read. */
  pages: number
  /** There is more than was looked at; only with `stopAfterPages`. */
  isPartial: boolean
}

export type LookOptions = {
  now: number
  cursor: Json
  /** What is known of each item; asked after the vendor has answered. */
  known(): Promise<ReadonlyMap<string, KnownItem>>
  /** The first look: what is there is only remembered, unless the flow wants it all. */
  isBaseline: boolean
  isBackFill: boolean
  /** Looks at so many pages only, for an estimate. Without it the look is complete, or fails. */
  stopAfterPages?: number
}

const PAGES_MAX = 500
/** A back-fill asks as if the flow had been switched on then. */
const LONG_AGO = '2000-01-01T00:00:00.000Z'

/** Reads a polling trigger's pages and says what is new in them. Writes nothing. Throws `poll.endless`, and whatever the vendor answers. */
export function look(operation: AnyTrigger, call: Call<unknown, unknown>, options: LookOptions): Promise<Look> {
  return operation.poll?.mode === 'scan' ? scan(operation, call, options) : feed(operation, call, options)
}

/** A whole list, page by page, against what is known of it. Only a complete scan says that something is gone. */
async function scan(operation: AnyTrigger, call: Call<unknown, unknown>, options: LookOptions): Promise<Look> {
  const { poll: declared } = operation
  if (declared?.mode !== 'scan') throw new Fault({ code: 'couplet.bug', kind: 'bug', message: 'Not a scanning trigger' })
  const items: unknown[] = []
  let at: string | undefined
  const turned = await turnPages(operation, options, undefined, async () => {
    const answer = await declared.page(Object.assign(Object.create(call) as object, { cursor: at }) as never)
    items.push(...answer.items)
    at = answer.next
    return at
  })

  const compared = compareScan({
    known: await options.known(),
    isBaseline: options.isBaseline,
    items: items.map(storableItem).map((item) => ({
      id: declared.id(item as never),
      item,
      hash: hashOf(declared.content(item as never)),
      isRemoved: declared.isRemoved?.(item as never) ?? false,
    })),
  })
  const now = new Date(options.now).toISOString()
  const facts =
    options.isBaseline && !options.isBackFill
      ? []
      : compared.changes.map((change) =>
          declared.fact({
            change: change.change,
            item: change.item as never,
            previous: change.previous as never,
            hash: change.hash,
            revision: change.revision,
            connection: call.connection as never,
            now,
          }),
        )
  return { facts, items: compared.items, silentKeys: [], cursor: options.cursor, ...turned }
}

async function feed(operation: AnyTrigger, call: Call<unknown, unknown>, options: LookOptions): Promise<Look> {
  const { poll: declared } = operation
  if (declared?.mode !== 'feed') throw new Fault({ code: 'couplet.bug', kind: 'bug', message: 'Not a feed trigger' })
  const now = new Date(options.now).toISOString()
  let cursor = typeof options.cursor === 'string' ? options.cursor : declared.start(options.isBackFill ? LONG_AGO : now)
  const facts: Fact<unknown>[] = []
  const turned = await turnPages(operation, options, cursor, async () => {
    const answer = await declared.page(Object.assign(Object.create(call) as object, { cursor, now }) as never)
    facts.push(...answer.facts)
    cursor = answer.cursor
    return answer.more ? cursor : undefined
  })
  // "From now": what the first look finds is remembered, so that it starts nothing later either.
  const isSilent = options.isBaseline && !options.isBackFill
  return { facts: isSilent ? [] : facts, items: [], silentKeys: isSilent ? facts.map((fact) => fact.key) : [], cursor, ...turned }
}

/** `turn` reads a page and answers the cursor of the next one. `isPartial`: it was stopped before the end. */
async function turnPages(
  operation: AnyTrigger,
  { stopAfterPages }: LookOptions,
  first: string | undefined,
  turn: () => Promise<string | undefined>,
): Promise<Pick<Look, 'pages' | 'isPartial'>> {
  const cursors = new Set(first === undefined ? [] : [first])
  for (let page = 1; ; page++) {
    const next = await turn()
    if (next === undefined) return { pages: page, isPartial: false }
    if (page === stopAfterPages) return { pages: page, isPartial: true }
    if (cursors.has(next)) throw tooLong(operation, 'the same page twice')
    if (page === PAGES_MAX) throw tooLong(operation, `more than ${PAGES_MAX} pages`)
    cursors.add(next)
  }
}

/** As the database will give it back, so that the next scan compares like with like. */
const storableItem = (item: unknown): unknown =>
  storable('An item of the vendor', 'It cannot be followed; report it to the vendor, or leave it out by the settings of the trigger.', item)

const tooLong = (operation: AnyTrigger, why: string): Fault =>
  new Fault({
    code: 'poll.endless',
    kind: 'unavailable',
    message: `"${operation.title}": the vendor gave ${why}; the poll was stopped and nothing was taken over.`,
    hint: 'Couplet tries again at the next interval. If it stays so, report it to the vendor.',
  })

const hashOf = (content: unknown): string => hash('sha256', canonicalJson(content)).slice(0, 32)
