import type { Context } from 'hono'
import { unauthorized, wrongKey } from './answers.ts'
import type { Account, Flipbook, HeyzineContext } from './state.ts'

/** The account of the Bearer key, or the refusal (HTTP 200, code 403). */
export function signIn(c: Context, context: HeyzineContext): Account | Response {
  const key = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  return context.state.accounts.find((account) => account.apiKey === key) ?? wrongKey(c)
}

/** A handler that needs the account of the Bearer key. */
export const withAccount =
  (context: HeyzineContext, handle: (c: Context, account: Account) => Response | Promise<Response>) =>
  (c: Context): Response | Promise<Response> => {
    const account = signIn(c, context)
    return account instanceof Response ? account : handle(c, account)
  }

/** The account's own flipbook by its full id; short ids, addresses and others' ids are "Unauthorized" (CONFIRMED). */
export const ownFlipbook = (c: Context, context: HeyzineContext, account: Account, id: unknown): Flipbook | Response =>
  context.state.flipbooks.find((flipbook) => flipbook.id === id && flipbook.clientId === account.clientId) ?? unauthorized(c)
