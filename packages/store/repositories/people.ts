import type { PersonId, SessionId, WorkspaceId } from '@couplet/core'
import type { Kysely } from 'kysely'
import type { Role, Tables } from '../tables.ts'

export type Person = { id: PersonId; email: string; name: string; hasTwoFactor: boolean; createdAt: number }
export type Member = Person & { role: Role; joinedAt: number; seenAt: number | null }
export type Membership = { workspaceId: WorkspaceId; name: string; timeZone: string; role: Role }
export type Session = {
  id: SessionId
  token: string
  ip: string | null
  userAgent: string | null
  createdAt: number
  updatedAt: number
}

export type PeopleRepository = {
  /** False until the first owner has set Couplet up. */
  isAnyoneKnown(): Promise<boolean>
  find(id: PersonId): Promise<Person | undefined>
  findByEmail(email: string): Promise<Person | undefined>
  /** For a person whom nobody can reach any more: their second factor is forgotten. */
  forgetTwoFactor(id: PersonId): Promise<void>
  /** Workspaces of a person, oldest membership first. */
  memberships(id: PersonId): Promise<Membership[]>
  members(workspaceId: WorkspaceId): Promise<Member[]>
  /** Those who may do everything somewhere, oldest first. */
  owners(): Promise<Person[]>
  join(workspaceId: WorkspaceId, id: PersonId, role: Role): Promise<void>
  /**
   * Changes or ends (`null`) a membership; answers the role before, `undefined` when there is no such member. A workspace
   * without an owner would be out of reach for ever, so the last one stays: answers `'last owner'`.
   */
  setRole(workspaceId: WorkspaceId, id: PersonId, role: Role | null): Promise<Role | 'last owner' | undefined>
  sessions(id: PersonId): Promise<Session[]>
  /** The workspace a session works in next. */
  chooseWorkspace(session: SessionId, workspaceId: WorkspaceId): Promise<void>
}

const PERSON = ['p.id', 'p.email', 'p.name', 'p.two_factor_enabled', 'p.created_at'] as const

type Row = { id: PersonId; email: string; name: string; two_factor_enabled: boolean; created_at: Date }
const toPerson = (row: Row): Person => ({
  id: row.id,
  email: row.email,
  name: row.name,
  hasTwoFactor: row.two_factor_enabled,
  createdAt: row.created_at.getTime(),
})

/** People, their memberships and sessions. Passwords and second factors are better-auth's. */
export function peopleRepository(db: Kysely<Tables>): PeopleRepository {
  return {
    isAnyoneKnown: async () => (await db.selectFrom('people').select('id').limit(1).executeTakeFirst()) !== undefined,
    find: async (id) => {
      const row = await db.selectFrom('people as p').select(PERSON).where('p.id', '=', id).executeTakeFirst()
      return row && toPerson(row)
    },
    findByEmail: async (email) => {
      const row = await db.selectFrom('people as p').select(PERSON).where('p.email', '=', email.toLowerCase()).executeTakeFirst()
      return row && toPerson(row)
    },
    forgetTwoFactor: async (id) => {
      await db.deleteFrom('two_factors').where('person_id', '=', id).execute()
      await db.updateTable('people').set({ two_factor_enabled: false }).where('id', '=', id).execute()
    },
    memberships: async (id) => {
      const rows = await db
        .selectFrom('memberships as m')
        .innerJoin('workspaces as w', 'w.id', 'm.workspace_id')
        .select(['w.id', 'w.name', 'w.time_zone', 'm.role'])
        .where('m.person_id', '=', id)
        .orderBy('m.created_at')
        .orderBy('w.id')
        .execute()
      return rows.map((row) => ({ workspaceId: row.id, name: row.name, timeZone: row.time_zone, role: row.role }))
    },
    members: async (workspaceId) => {
      const rows = await db
        .selectFrom('memberships as m')
        .innerJoin('people as p', 'p.id', 'm.person_id')
        .select([
          ...PERSON,
          'm.role',
          'm.created_at as joined_at',
          (eb) =>
            eb
              .selectFrom('sessions as s')
              .whereRef('s.person_id', '=', 'p.id')
              .select((inner) => inner.fn.max('s.updated_at').as('seen'))
              .as('seen_at'),
        ])
        .where('m.workspace_id', '=', workspaceId)
        .orderBy('p.name')
        .execute()
      return rows.map((row) => ({
        ...toPerson(row),
        role: row.role,
        joinedAt: row.joined_at.getTime(),
        seenAt: row.seen_at?.getTime() ?? null,
      }))
    },
    owners: async () => {
      const rows = await db
        .selectFrom('people as p')
        .innerJoin('memberships as m', 'm.person_id', 'p.id')
        .select(PERSON)
        .where('m.role', '=', 'owner')
        .groupBy(['p.id'])
        .orderBy('p.created_at')
        .execute()
      return rows.map(toPerson)
    },
    join: async (workspaceId, id, role) => {
      await db
        .insertInto('memberships')
        .values({ workspace_id: workspaceId, person_id: id, role })
        .onConflict((conflict) => conflict.columns(['workspace_id', 'person_id']).doNothing())
        .execute()
    },
    setRole: (workspaceId, id, role) =>
      db.transaction().execute(async (transaction) => {
        // All rows of the workspace are locked, so that two owners cannot remove each other at once.
        const rows = await transaction
          .selectFrom('memberships')
          .select(['person_id', 'role'])
          .where('workspace_id', '=', workspaceId)
          .forUpdate()
          .execute()
        const before = rows.find((row) => row.person_id === id)?.role
        if (before === undefined) return undefined
        const owners = rows.filter((row) => row.role === 'owner')
        if (before === 'owner' && role !== 'owner' && owners.length === 1) return 'last owner'
        if (role === null) {
          await transaction.deleteFrom('memberships').where('workspace_id', '=', workspaceId).where('person_id', '=', id).execute()
          await transaction.deleteFrom('api_tokens').where('workspace_id', '=', workspaceId).where('person_id', '=', id).execute()
        } else
          await transaction
            .updateTable('memberships')
            .set({ role })
            .where('workspace_id', '=', workspaceId)
            .where('person_id', '=', id)
            .execute()
        return before
      }),
    sessions: async (id) => {
      const rows = await db
        .selectFrom('sessions')
        .select(['id', 'token', 'ip_address', 'user_agent', 'created_at', 'updated_at'])
        .where('person_id', '=', id)
        .where('expires_at', '>', new Date())
        .orderBy('updated_at', 'desc')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        token: row.token,
        ip: row.ip_address,
        userAgent: row.user_agent,
        createdAt: row.created_at.getTime(),
        updatedAt: row.updated_at.getTime(),
      }))
    },
    chooseWorkspace: async (session, workspaceId) => {
      await db.updateTable('sessions').set({ workspace_id: workspaceId }).where('id', '=', session).execute()
    },
  }
}
