import type { HighlevelCall } from '../connection.ts'
import { UsersReply } from '../schemas/user.ts'
import { DATED } from '../version-headers.ts'

/** The people of the sub-account. The only list that needs no agency id; deprecated, and gone in v3 (CONFIRMED). */
export const readUsers = async ({ http, connection }: HighlevelCall) =>
  (await http({ method: 'GET', path: '/users/', query: { locationId: connection.locationId }, headers: DATED, reply: UsersReply })).users
