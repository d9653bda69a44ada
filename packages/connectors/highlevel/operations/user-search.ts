import { z } from 'zod'
import { vendor } from '../connector.ts'
import { refuse } from '../refusals.ts'
import { User, userSample, UsersReply } from '../schemas/user.ts'
import { DATED } from '../version-headers.ts'

export const userSearch = vendor.action({
  id: 'highlevel.user.search',
  version: 1,
  title: 'Find people',
  summary: 'Searches the people of the sub-account, or of the whole agency.',
  phrase: 'find people in {connection}',
  group: 'Sub-account',
  facts: [{ mark: 'CONFIRMED', text: 'HighLevel wants the agency id for this search.' }],
  scopes: ['users.readonly'],
  input: z.object({
    query: z.string().optional().meta({ title: 'Name, e-mail or phone' }),
    companyId: z.string().min(1).optional().meta({ title: 'Agency id', description: 'Empty: the one of the connection.', advanced: true }),
    wholeAgency: z.boolean().default(false).meta({ title: 'In the whole agency', advanced: true }),
    skip: z.int().nonnegative().default(0).meta({ title: 'Skip', advanced: true }),
    limit: z.int().min(1).max(100).default(25).meta({ title: 'Page size', advanced: true }),
  }),
  output: z.object({ users: z.array(User).meta({ title: 'People' }), count: z.number().meta({ title: 'Number in all' }) }),
  samples: [{ users: [userSample], count: 1 }],
  rejects: [{ input: { limit: 0 }, because: 'a page has at least one' }],
  effect: { kind: 'read' },
  cacheFor: '1 m',
  async run({ input, connection, http }) {
    const companyId = input.companyId ?? connection.companyId
    if (companyId === undefined)
      throw refuse({
        code: 'highlevel.company_needed',
        message: 'HighLevel wants the agency id to search people.',
        hint: 'Fill it in here or in the connection, or use "List people", which needs none.',
        fields: { companyId: 'needed' },
      })
    const { users, count } = await http({
      method: 'GET',
      path: '/users/search',
      query: {
        companyId,
        locationId: input.wholeAgency ? undefined : connection.locationId,
        query: input.query,
        skip: String(input.skip),
        limit: String(input.limit),
      },
      headers: DATED,
      reply: UsersReply,
    })
    return { users, count: count ?? users.length }
  },
})
