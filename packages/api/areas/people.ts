import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { Email, LinkToken, Name, NewPassword, Role, TimeZone, WorkspaceView } from '../people-shapes.ts'
import { Done, Instant, NoParams, NoQuery } from '../shapes.ts'

const MemberView = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  hasTwoFactor: z.boolean(),
  joinedAt: Instant,
  /** Last time a session of theirs was renewed; about a day exact. */
  seenAt: Instant.nullable(),
})
export type MemberView = z.output<typeof MemberView>

const InvitationView = z.object({
  id: z.string(),
  email: z.string(),
  role: Role,
  invitedBy: z.string().nullable(),
  createdAt: Instant,
  expiresAt: Instant,
  hasEnded: z.boolean(),
})
export type InvitationView = z.output<typeof InvitationView>

/** The link is shown this once; `isMailed`: it was sent too. */
const InvitationLink = z.object({ id: z.string(), url: z.string(), expiresAt: Instant, isMailed: z.boolean() })

const PersonParams = z.object({ person: z.string() })
const InvitationParams = z.object({ invitation: z.string() })

export const people = {
  list: endpoint({
    id: 'people.list',
    method: 'GET',
    path: '/api/people',
    summary: 'Who is in the workspace, with their roles',
    permission: 'people.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ people: z.array(MemberView) }),
    errors: [],
  }),
  setRole: endpoint({
    id: 'people.setRole',
    method: 'PATCH',
    path: '/api/people/:person',
    summary: 'Gives somebody another role; only owners name and unname owners',
    permission: 'people.write',
    audit: 'person.role_changed',
    params: PersonParams,
    query: NoQuery,
    body: z.strictObject({ role: Role }),
    reply: Done,
    errors: ['person.not_found', 'person.last_owner'],
  }),
  remove: endpoint({
    id: 'people.remove',
    method: 'DELETE',
    path: '/api/people/:person',
    summary: 'Takes somebody out of the workspace, with their API tokens',
    permission: 'people.write',
    audit: 'person.removed',
    params: PersonParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['person.not_found', 'person.last_owner'],
  }),
  invitations: endpoint({
    id: 'people.invitations',
    method: 'GET',
    path: '/api/invitations',
    summary: 'Invitations that nobody has accepted yet',
    permission: 'people.write',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({ invitations: z.array(InvitationView), sendsMail: z.boolean() }),
    errors: [],
  }),
  invite: endpoint({
    id: 'people.invite',
    method: 'POST',
    path: '/api/invitations',
    summary: 'Invites somebody; inviting again makes a new link, and the old one stops working',
    permission: 'people.write',
    audit: 'person.invited',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ email: Email, role: Role }),
    reply: InvitationLink,
    errors: ['person.name_taken'],
  }),
  withdraw: endpoint({
    id: 'people.withdraw',
    method: 'DELETE',
    path: '/api/invitations/:invitation',
    summary: 'Withdraws an invitation',
    permission: 'people.write',
    audit: 'person.invitation_withdrawn',
    params: InvitationParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['invitation.not_found'],
  }),
  lookAtInvitation: endpoint({
    id: 'people.lookAtInvitation',
    method: 'POST',
    path: '/api/invitation/look',
    summary: 'What an invitation is for, by the token of its link',
    permission: 'anyone',
    audit: { none: 'reads only' },
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: LinkToken }),
    reply: z.object({
      workspace: z.string(),
      email: z.string(),
      role: Role,
      /** There is an account with this address: its owner signs in first. */
      isKnown: z.boolean(),
    }),
    errors: ['invitation.not_found', 'account.too_many_tries'],
  }),
  accept: endpoint({
    id: 'people.accept',
    method: 'POST',
    path: '/api/invitation/accept',
    summary: 'Accepts an invitation: a new person gives name and password, somebody with an account is signed in to it',
    permission: 'anyone',
    audit: 'person.joined',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: LinkToken, name: Name.optional(), password: NewPassword.optional() }),
    reply: Done,
    errors: ['invitation.not_found', 'account.sign_in_first', 'account.too_many_tries'],
  }),
} as const

export const workspace = {
  get: endpoint({
    id: 'workspace.get',
    method: 'GET',
    path: '/api/workspace',
    summary: 'The current workspace: name, time zone, and the locations its connections reach',
    permission: 'people.read',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      id: z.string(),
      name: z.string(),
      timeZone: z.string(),
      auditDays: z.int(),
      locations: z.array(z.object({ locationId: z.string(), connection: z.string(), environment: z.string() })),
    }),
    errors: [],
  }),
  update: endpoint({
    id: 'workspace.update',
    method: 'PATCH',
    path: '/api/workspace',
    summary: 'Changes name, time zone, or how many days the audit log is kept',
    permission: 'workspace.write',
    audit: 'workspace.changed',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      name: Name.optional(),
      timeZone: TimeZone.optional(),
      auditDays: z.int().min(30).max(3_650).optional(),
    }),
    reply: Done,
    errors: [],
  }),
  create: endpoint({
    id: 'workspace.create',
    method: 'POST',
    path: '/api/workspaces',
    summary: 'A new workspace, owned by the caller, who must own one already',
    permission: 'own-account',
    audit: 'workspace.created',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ name: Name, timeZone: TimeZone }),
    reply: WorkspaceView,
    errors: [],
  }),
} as const
