import { z } from 'zod'

const State = z.looseObject({
  accounts: z.array(z.looseObject({ clientId: z.string() })),
  flipbooks: z.array(z.looseObject({ id: z.string(), clientId: z.string(), sourceUrl: z.string(), createdAt: z.number() })),
  bookshelves: z.array(z.looseObject({ id: z.string(), clientId: z.string(), flipbookIds: z.array(z.string()) })),
  /** Address of a PDF the vendor can fetch; whoever runs the cases serves it and adds it to the state. */
  documentUrl: z.string().optional(),
})

export const UNKNOWN_ID = `${'0'.repeat(40)}.pdf`
/** Nothing listens there. */
export const DEAD_ADDRESS = 'http://127.0.0.1:9/missing.pdf'

/** What cases need of a state: flipbooks and shelves of the first account. */
export function world(state: Record<string, unknown>) {
  const { accounts, flipbooks, bookshelves, documentUrl } = State.parse(state)
  const owner = accounts[0]?.clientId
  const shelf = bookshelves.find((candidate) => candidate.clientId === owner && candidate.flipbookIds.length > 0)
  const own = flipbooks.filter((flipbook) => flipbook.clientId === owner)
  const onShelf = own.find((flipbook) => shelf?.flipbookIds.includes(flipbook.id))
  const offShelf = own.find((flipbook) => !shelf?.flipbookIds.includes(flipbook.id))
  if (!shelf || !onShelf || !offShelf) throw new Error('The cases need an account with a bookshelf, a flipbook on it and one that is not.')
  return { shelf, onShelf, offShelf, documentUrl: documentUrl ?? DEAD_ADDRESS }
}

/** A check of the whole output, which must first be what the operation promises. */
export const whole =
  <O extends z.ZodType>(operation: { output: O }, check: (output: z.output<O>) => boolean) =>
  (output: unknown): boolean =>
    check(operation.output.parse(output))
