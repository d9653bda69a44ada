import { z } from 'zod'
import { vendor } from '../connector.ts'
import { readUsers } from '../reads/users.ts'
import { User, userSample } from '../schemas/user.ts'

export const userList = vendor.action({
  id: 'highlevel.user.list',
  version: 1,
  title: 'List people',
  summary: 'Reads the people who work in the sub-account.',
  phrase: 'list the people of {connection}',
  group: 'Sub-account',
  facts: [
    {
      mark: 'CONFIRMED',
      text: 'HighLevel calls this list deprecated and has removed it from v3, but it is the only one that needs no agency id.',
    },
  ],
  scopes: ['users.readonly'],
  input: z.object({}),
  output: z.object({ users: z.array(User).meta({ title: 'People' }) }),
  samples: [{ users: [userSample] }],
  effect: { kind: 'read' },
  cacheFor: '5 m',
  run: async (call) => ({ users: await readUsers(call) }),
})
