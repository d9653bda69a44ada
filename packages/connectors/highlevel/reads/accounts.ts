import { path } from '@couplet/connector-sdk'
import type { HighlevelCall } from '../connection.ts'
import { AccountsReply } from '../schemas/account.ts'
import { DATED } from '../version-headers.ts'

/** All social accounts and groups of the sub-account; there is no paging (CONFIRMED). */
export const readAccounts = ({ http, connection }: HighlevelCall) =>
  http({ method: 'GET', path: path`/social-media-posting/${connection.locationId}/accounts`, headers: DATED, reply: AccountsReply })
