import type { Role } from '@couplet/api'
import { planSchedulesAgain } from '@couplet/engine'
import { asId, type InvitationId, type PersonId, toFault, userFault } from '@couplet/core'
import type { Invitation } from '@couplet/store'
import { memberAt, notPermitted } from '../people/caller.ts'
import { passwordLink } from '../people/links.ts'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { iso, isoOrNull } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

const INVITATION_MS = 7 * 86_400_000

const personIdOf = (text: string): PersonId => {
  const id = asId('per', text)
  if (!id) throw notFound('person', text)
  return id
}
const invitationIdOf = (text: string): InvitationId => {
  const id = asId('inv', text)
  if (!id) throw notFound('invitation', text)
  return id
}

const lastOwner = () =>
  userFault({
    code: 'person.last_owner',
    message: 'This is the only owner: without one nobody could run the workspace.',
    hint: 'Make somebody else an owner first.',
  })

/** Whoever could make owners would be one. */
function checkMayOwn({ caller }: RequestContext, ...roles: readonly (Role | undefined)[]): void {
  if (roles.includes('owner') && memberAt(caller).role !== 'owner')
    throw notPermitted('Only an owner names and unnames owners.', 'Ask an owner of the workspace.')
}

export function peopleHandlers(parts: ServerParts): Handlers['people'] {
  const { people } = parts
  const { store, mailer, log } = parts.engine
  const { signIn, limits, callers } = people

  const memberOf = async (context: RequestContext, id: PersonId) => {
    const member = (await store.people.members(workspaceOf(context))).find((one) => one.id === id)
    if (!member) throw notFound('person', id)
    return member
  }
  const change = async (context: RequestContext, id: PersonId, role: Role | null): Promise<void> => {
    const member = await memberOf(context, id)
    checkMayOwn(context, member.role, role ?? undefined)
    const before = await store.people.setRole(workspaceOf(context), id, role)
    if (before === 'last owner') throw lastOwner()
    if (before === undefined) throw notFound('person', id)
    context.note.objects = { name: member.name }
    callers.forget()
  }
  /** A new password opens every workspace of the person: who makes the link must own them all. No program may: a stolen token would open accounts. */
  const checkMayReset = async ({ caller }: RequestContext, id: PersonId): Promise<void> => {
    if (caller.kind === 'machine') return
    const own =
      caller.kind === 'person'
        ? (await store.people.memberships(caller.personId)).filter(({ role }) => role === 'owner').map(({ workspaceId }) => workspaceId)
        : []
    if ((await store.people.memberships(id)).every(({ workspaceId }) => own.includes(workspaceId))) return
    throw notPermitted(
      'Only somebody who owns every workspace of this person makes a link for a new password.',
      'Who runs this Couplet can make it: couplet owner link --email …',
    )
  }
  /** An invitation that can be accepted, with its workspace. */
  const open = async (token: string, ip: string) => {
    await limits.count('link', ip)
    const invitation = await store.invitations.findByToken(token)
    const found = invitation && (await store.workspaces.find(invitation.workspaceId))
    if (!invitation || !found) throw invitationEnded()
    return { invitation, workspace: found }
  }
  const mail = async (invitation: Invitation, url: string, from: string): Promise<boolean> => {
    if (!mailer) return false
    const name = (await store.workspaces.find(invitation.workspaceId))?.name ?? 'Couplet'
    try {
      await mailer.send({
        to: [invitation.email],
        subject: `Invitation to "${name}" on Couplet`,
        text: `${from} invites you to work in "${name}" on Couplet.\n\nAccept with this link, until ${iso(invitation.expiresAt).slice(0, 10)}:\n${url}\n\nIf you did not expect this, do nothing.\n`,
      })
      return true
    } catch (error) {
      log.warn({ err: toFault(error) }, 'An invitation could not be e-mailed; its link is shown to who made it')
      return false
    }
  }

  return {
    list: async ({ context }) => ({
      people: (await store.people.members(workspaceOf(context))).map(({ createdAt: _createdAt, joinedAt, seenAt, ...member }) => ({
        ...member,
        joinedAt: iso(joinedAt),
        seenAt: isoOrNull(seenAt),
      })),
    }),
    setRole: async ({ params, body, context }) => {
      await change(context, personIdOf(params.person), body.role)
      return { ok: true }
    },
    remove: async ({ params, context }) => {
      await change(context, personIdOf(params.person), null)
      return { ok: true }
    },
    passwordLink: async ({ params, context }) => {
      const { id, name } = await memberOf(context, personIdOf(params.person))
      await checkMayReset(context, id)
      context.note.objects = { name }
      const { url, expiresAt } = await passwordLink(store, parts.publicAddress(), id)
      return { url, expiresAt: iso(expiresAt) }
    },
    invitations: async ({ context }) => {
      const [invitations, members] = await Promise.all([
        store.invitations.list(workspaceOf(context)),
        store.people.members(workspaceOf(context)),
      ])
      return {
        sendsMail: mailer !== undefined,
        invitations: invitations.map(({ id, email, role, invitedBy, createdAt, expiresAt }) => ({
          id,
          email,
          role,
          invitedBy: members.find((member) => member.id === invitedBy)?.name ?? null,
          createdAt: iso(createdAt),
          expiresAt: iso(expiresAt),
          hasEnded: expiresAt < Date.now(),
        })),
      }
    },
    invite: async ({ body, context }) => {
      checkMayOwn(context, body.role)
      const workspaceId = workspaceOf(context)
      if ((await store.people.members(workspaceId)).some((member) => member.email === body.email))
        throw userFault({
          code: 'person.name_taken',
          message: `${body.email} is in this workspace already.`,
          hint: 'Change the role in the list of people.',
          fields: { email: 'is a member already' },
        })
      const invitedBy = context.caller.kind === 'person' || context.caller.kind === 'token' ? context.caller.personId : null
      const invitation = await store.invitations.put({ workspaceId, ...body, invitedBy, expiresAt: Date.now() + INVITATION_MS })
      const url = `${parts.publicAddress()}/invitation#${invitation.token}`
      return { id: invitation.id, url, expiresAt: iso(invitation.expiresAt), isMailed: await mail(invitation, url, context.actor) }
    },
    withdraw: async ({ params, context }) => {
      if (!(await store.invitations.remove(workspaceOf(context), invitationIdOf(params.invitation))))
        throw notFound('invitation', params.invitation)
      return { ok: true }
    },
    lookAtInvitation: async ({ body, context }) => {
      const { invitation, workspace } = await open(body.token, context.ip)
      const { email, role } = invitation
      return { workspace: workspace.name, email, role, isKnown: (await store.people.findByEmail(email)) !== undefined }
    },
    accept: async ({ body, context }) => {
      const { invitation } = await open(body.token, context.ip)
      const { email, workspaceId, role } = invitation
      const known = await store.people.findByEmail(email)
      if (known && (context.caller.kind !== 'person' || context.caller.personId !== known.id)) throw signInFirst(email)
      const { name, password } = body
      if (!known && (name === undefined || password === undefined))
        throw userFault({
          code: 'account.incomplete',
          message: 'A new account needs a name and a password.',
          hint: 'Write both.',
          fields: { ...(name === undefined ? { name: 'is missing' } : {}), ...(password === undefined ? { password: 'is missing' } : {}) },
        })
      if (!(await store.invitations.spend(body.token))) throw invitationEnded()
      const id = known?.id ?? (await signIn.createPerson({ email, name: name ?? '', password: password ?? '' }))
      await store.people.join(workspaceId, id, role)
      context.note.person = { id, name: known?.name ?? name ?? email }
      if (password !== undefined && !known)
        for (const cookie of (await signIn.withPassword({ email, password }, context)).cookies) context.answer.append('set-cookie', cookie)
      if (context.caller.kind === 'person') await store.people.chooseWorkspace(context.caller.sessionId, workspaceId)
      callers.forget()
      return { ok: true }
    },
  }
}

const invitationEnded = () =>
  userFault({
    code: 'invitation.not_found',
    message: 'This invitation does not work (any more).',
    hint: 'It was withdrawn, replaced by a newer one, accepted, or is older than 7 days. Ask for a new one.',
  })

const signInFirst = (email: string) =>
  userFault({
    code: 'account.sign_in_first',
    message: `There is an account for ${email} already.`,
    hint: `Sign in as ${email}, then open the link again.`,
  })

export function workspaceHandlers(parts: ServerParts): Handlers['workspace'] {
  const { store } = parts.engine
  return {
    get: async ({ context }) => {
      const id = workspaceOf(context)
      const [found, connections] = await Promise.all([store.workspaces.find(id), store.connections.list(id)])
      if (!found) throw notFound('workspace', id)
      const locations = connections.flatMap(({ facts, name, environment }) =>
        typeof facts['locationId'] === 'string' ? [{ locationId: facts['locationId'], connection: name, environment }] : [],
      )
      return { ...found, locations }
    },
    update: async ({ body, context }) => {
      const id = workspaceOf(context)
      await store.workspaces.update(id, body)
      if (body.timeZone !== undefined) await planSchedulesAgain(parts.engine, id)
      parts.people.callers.forget()
      return { ok: true }
    },
    create: async ({ body, context }) => {
      const { caller } = context
      const isOwner =
        caller.kind === 'person' && (await store.people.memberships(caller.personId)).some((membership) => membership.role === 'owner')
      if (caller.kind !== 'person' || !isOwner)
        throw notPermitted('Only who owns a workspace makes another.', 'Ask the owner of this Couplet.')
      const made = await store.workspaces.create({ ...body, owner: caller.personId })
      parts.people.callers.forget()
      return { id: made.id, name: made.name, timeZone: made.timeZone, role: 'owner' }
    },
  }
}
