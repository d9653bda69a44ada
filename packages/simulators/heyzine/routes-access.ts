import { type Context, Hono } from 'hono'
import { withAccount } from './account.ts'
import { done, planRefusal, refused, unauthorized } from './answers.ts'
import { readBody } from './routes-conversion.ts'
import type { Account, HeyzineContext, Protection } from './state.ts'

const NEEDS_USER = ['user_pass', 'google', 'email_link', 'send_code']
const NEEDS_PASSWORD = ['user_pass', 'pass_only', 'otp']
const BY_EMAIL = ['email_link', 'send_code']

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Password protection (contract 4.4). `name` carries the full id; newer servers take `id` as well (CONFIRMED). */
export function accessRoutes(context: HeyzineContext): Hono {
  const app = new Hono()

  const onProtection = (handle: (c: Context, protection: Protection, body: Record<string, unknown>, account: Account) => Response) =>
    withAccount(context, async (c, account) => {
      const body = await readBody(c)
      const name = text(body['name']) ?? text(body['id'])
      const targets = body['type'] === 'bookshelf' ? context.state.bookshelves : context.state.flipbooks
      if (!name || !targets.some((target) => target.id === name && target.clientId === account.clientId)) return unauthorized(c)
      const known = context.state.protections.find((protection) => protection.name === name)
      const protection = known ?? { name, mode: 'disabled', password: null, textUser: null, textPassword: null, entries: [] }
      const answer = handle(c, protection, body, account)
      if (!known) context.state.protections.push(protection)
      context.touch()
      return answer
    })

  app.post(
    '/access-setup',
    onProtection((c, protection, body) => {
      const { mode } = body
      if (mode !== 'users' && mode !== 'everyone' && mode !== 'disabled') return refused(c, 422, 'The mode is users, everyone or disabled')
      const password = text(body['password'])
      if (mode === 'everyone' && !password) return refused(c, 422, 'A password is required for everyone')
      protection.mode = mode
      protection.password = mode === 'everyone' ? password : null
      protection.textUser = text(body['text_user']) ?? protection.textUser
      protection.textPassword = text(body['text_password']) ?? protection.textPassword
      return done(c, 'Access updated')
    }),
  )
  app.post(
    '/access-add',
    onProtection((c, protection, body, account) => {
      const accessType = text(body['access_type']) ?? ''
      const user = text(body['user'])
      const password = text(body['password'])
      if (![...NEEDS_USER, ...NEEDS_PASSWORD].includes(accessType)) return refused(c, 422, 'Unknown access type')
      if (NEEDS_USER.includes(accessType) && !user) return refused(c, 422, 'The user is missing')
      if (NEEDS_PASSWORD.includes(accessType) && !password) return refused(c, 422, 'The password is missing')
      const refusal = BY_EMAIL.includes(accessType) ? planRefusal(c, context, account, 'premium', 'Access by e-mail') : undefined
      if (refusal) return refusal
      protection.entries = protection.entries.filter((entry) => user === null || entry.user !== user)
      protection.entries.push({ accessType, user, password })
      return done(c, 'Access added')
    }),
  )
  app.post(
    '/access-remove',
    onProtection((c, protection, body) => {
      const user = text(body['user'])
      const password = text(body['password'])
      if (!user && !password) return refused(c, 422, 'Send user or password')
      protection.entries = protection.entries.filter((entry) => (user ? entry.user !== user : entry.password !== password))
      return done(c, 'Access removed')
    }),
  )
  return app
}
