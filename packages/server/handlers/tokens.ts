import { isPermission } from '@couplet/api'
import { asId, type PersonId, userFault } from '@couplet/core'
import type { ApiToken } from '@couplet/store'
import { memberAt } from '../people/caller.ts'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { iso, isoOrNull } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

const DAY_MS = 86_400_000

export function tokenHandlers(parts: ServerParts): Handlers['tokens'] {
  const { store } = parts.engine

  const view = ({ id, name, permissions, ending, createdAt, expiresAt, lastUsedAt }: ApiToken, madeBy: string) => ({
    id,
    name,
    permissions: [...permissions],
    ending,
    madeBy,
    createdAt: iso(createdAt),
    expiresAt: isoOrNull(expiresAt),
    hasEnded: expiresAt !== null && expiresAt < Date.now(),
    lastUsedAt: isoOrNull(lastUsedAt),
  })
  const membersOf = (context: RequestContext) => store.people.members(workspaceOf(context))

  /** A token stands for a person: the one who asks, or for a program on the machine the first owner. */
  const makerOf = async (context: RequestContext): Promise<{ id: PersonId; name: string }> => {
    const { caller } = context
    const members = await membersOf(context)
    const maker =
      caller.kind === 'person' || caller.kind === 'token'
        ? members.find((member) => member.id === caller.personId)
        : members.find((member) => member.role === 'owner')
    if (maker) return maker
    throw userFault({
      code: 'token.no_owner',
      message: 'Nobody has set this workspace up yet.',
      hint: 'Set Couplet up first: couplet owner link',
    })
  }

  return {
    list: async ({ context }) => {
      const [tokens, members] = await Promise.all([store.apiTokens.list(workspaceOf(context)), membersOf(context)])
      return { tokens: tokens.map((token) => view(token, members.find(({ id }) => id === token.personId)?.name ?? 'somebody')) }
    },
    create: async ({ body, context }) => {
      const own = memberAt(context.caller).permissions
      const tooMuch = body.permissions.filter((permission) => isPermission(permission) && !own.has(permission))
      if (tooMuch.length > 0)
        throw userFault({
          code: 'token.too_much',
          message: `You may not give what you may not do yourself: ${tooMuch.join(', ')}.`,
          hint: 'Leave these out.',
          fields: { permissions: 'hold more than your own' },
        })
      const maker = await makerOf(context)
      const { token, ...made } = await store.apiTokens.create({
        workspaceId: workspaceOf(context),
        personId: maker.id,
        name: body.name,
        permissions: [...new Set(body.permissions)],
        expiresAt: body.days === null ? null : Date.now() + body.days * DAY_MS,
      })
      return { ...view(made, maker.name), token }
    },
    remove: async ({ params, context }) => {
      const id = asId('tok', params.token)
      const removed = id && (await store.apiTokens.remove(workspaceOf(context), id))
      if (!removed) throw notFound('token', params.token)
      parts.people.callers.forget()
      return { ok: true }
    },
  }
}
