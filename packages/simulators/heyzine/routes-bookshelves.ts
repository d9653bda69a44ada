import { type Context, Hono } from 'hono'
import { ownFlipbook, signIn } from './account.ts'
import { done, listRow, planRefusal, refused, shelfRow, unauthorized } from './answers.ts'
import { readBody } from './routes-conversion.ts'
import { readSocial } from './routes-flipbooks.ts'
import type { Account, Bookshelf, HeyzineContext } from './state.ts'

/**
 * Bookshelves (contract 4.3), Premium only. They are made in the web app. Adding what is there moves it and removing what is
 * not there succeeds (both ASSUMED).
 */
export function bookshelfRoutes(context: HeyzineContext): Hono {
  const app = new Hono()

  const premium = (handle: (c: Context, account: Account) => Response | Promise<Response>) => (c: Context) => {
    const account = signIn(c, context)
    if (account instanceof Response) return account
    return planRefusal(c, context, account, 'premium', 'A bookshelf') ?? handle(c, account)
  }
  const onShelf = (handle: (c: Context, shelf: Bookshelf, body: Record<string, unknown>, account: Account) => Response) =>
    premium(async (c, account) => {
      const body = await readBody(c)
      const shelf = ownShelf(account, body['id'])
      if (!shelf) return unauthorized(c)
      const answer = handle(c, shelf, body, account)
      context.touch()
      return answer
    })
  const ownShelf = (account: Account, id: unknown) =>
    context.state.bookshelves.find((shelf) => shelf.id === id && shelf.clientId === account.clientId)

  app.get(
    '/bookshelf-list',
    premium((c, account) =>
      c.json(context.state.bookshelves.filter((shelf) => shelf.clientId === account.clientId).map((shelf) => shelfRow(c, shelf))),
    ),
  )
  app.get(
    '/bookshelf-flipbooks',
    premium((c, account) => {
      const shelf = ownShelf(account, c.req.query('id'))
      if (!shelf) return unauthorized(c)
      return c.json(
        shelf.flipbookIds.flatMap((id, position) => {
          const flipbook = context.state.flipbooks.find((flipbook) => flipbook.id === id)
          return flipbook ? [{ ...listRow(c, context, flipbook), position }] : []
        }),
      )
    }),
  )
  app.post(
    '/bookshelf-add',
    onShelf((c, shelf, body, account) => {
      const flipbook = ownFlipbook(c, context, account, body['flipbook_id'])
      if (flipbook instanceof Response) return flipbook
      const others = shelf.flipbookIds.filter((id) => id !== flipbook.id)
      const position = Number(body['position'] ?? others.length)
      if (!Number.isInteger(position) || position < 0) return refused(c, 422, 'The position is a whole number from 0')
      shelf.flipbookIds = others.toSpliced(position, 0, flipbook.id)
      return done(c, 'Bookshelf updated')
    }),
  )
  app.post(
    '/bookshelf-remove',
    onShelf((c, shelf, body, account) => {
      const flipbook = ownFlipbook(c, context, account, body['flipbook_id'])
      if (flipbook instanceof Response) return flipbook
      shelf.flipbookIds = shelf.flipbookIds.filter((id) => id !== flipbook.id)
      return done(c, 'Bookshelf updated')
    }),
  )
  app.post(
    '/bookshelf-social',
    onShelf((c, shelf, body) => {
      Object.assign(shelf.social, readSocial(body) ?? {})
      return done(c, 'Bookshelf updated')
    }),
  )
  return app
}
