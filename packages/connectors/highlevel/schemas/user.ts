import { z } from 'zod'
import { listOf, maybe, maybeNumber, maybeText } from './lenient.ts'

export const User = z
  .object({
    id: z.string().meta({ title: 'User id' }),
    name: z.string().meta({ title: 'Name' }),
    email: z.string().optional().meta({ title: 'E-mail' }),
    phone: z.string().optional().meta({ title: 'Phone' }),
    role: z.string().optional().meta({ title: 'Role' }),
  })
  .meta({ title: 'Person' })
export type User = z.output<typeof User>

const UserItem = z
  .looseObject({
    id: z.string(),
    name: maybeText,
    firstName: maybeText,
    lastName: maybeText,
    email: maybeText,
    phone: maybeText,
    roles: maybe(z.looseObject({ role: maybeText })),
  })
  .transform((item): User => ({
    id: item.id,
    name: item.name ?? ([item.firstName, item.lastName].filter(Boolean).join(' ') || (item.email ?? item.id)),
    email: item.email,
    phone: item.phone,
    role: item.roles?.role,
  }))

export const UsersReply = z.looseObject({ users: listOf(UserItem), count: maybeNumber })

export const userSample: User = { id: 'UsrDana0001', name: 'Dana Whitlock', email: 'dana@example.com', role: 'admin' }
