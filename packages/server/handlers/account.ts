import { toFault, userFault } from '@couplet/core'
import type { Mailer } from '@couplet/engine'
import { FIRST_WORKSPACE, type Session } from '@couplet/store'
import { writeDown } from '../people/audit-trail.ts'
import { passwordLink, setUpLink } from '../people/links.ts'
import type { Caller } from '../people/caller.ts'
import { signedOut } from '../people/caller.ts'
import type { RequestContext, ServerParts } from '../server-parts.ts'
import { iso } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { notFound } from './ids.ts'

const linkNotValid = () =>
  userFault({
    code: 'account.link_not_valid',
    message: 'This link does not work (any more): each works once, for a limited time, and only the newest.',
    hint: 'Make a new one on the machine Couplet runs on: npm run couplet -- owner link',
  })

const noMail = () =>
  userFault({
    code: 'account.no_mail',
    message: 'This Couplet sends no e-mail.',
    hint: 'Ask an owner of your workspace for a link (People and roles), or who runs this Couplet: couplet owner link --email …',
  })

/** The person of a request that only persons may make. */
function personOf({ caller }: RequestContext): Extract<Caller, { kind: 'person' }> {
  if (caller.kind !== 'person') throw signedOut()
  return caller
}

export function accountHandlers(parts: ServerParts): Handlers['account'] {
  const { people } = parts
  const { store, mailer, log } = parts.engine
  const { signIn, limits, callers } = people

  const setCookies = (context: RequestContext, cookies: readonly string[]): void => {
    for (const cookie of cookies) context.answer.append('set-cookie', cookie)
    callers.forget()
  }
  /** Something a person proves with their password: few tries. */
  const proving = async <Answer>(context: RequestContext, act: () => Promise<Answer>): Promise<Answer> => {
    const { personId } = personOf(context)
    await limits.count('password', personId)
    const answer = await act()
    await limits.forget('password', personId)
    return answer
  }
  const sessionsOf = (context: RequestContext): Promise<Session[]> => store.people.sessions(personOf(context).personId)

  const mailLink = async (by: Mailer, email: string, context: RequestContext): Promise<void> => {
    const person = await store.people.findByEmail(email)
    if (!person) return
    const { url, expiresAt } = await passwordLink(store, parts.publicAddress(), person.id, 'forgotten')
    await by.send({
      to: [person.email],
      subject: 'A new password for Couplet',
      text: `Somebody asked for a new password for your account, ${person.email}.\n\nChoose one with this link. It works once, until ${iso(expiresAt).slice(11, 16)} UTC:\n${url}\n\nIf that was not you, do nothing: your password stays as it is.\n`,
    })
    context.note.person = person
    await writeDown(store, log, 'account.link_mailed', context, {})
  }

  return {
    get: async ({ context }) => {
      const { caller } = context
      if (caller.kind !== 'person')
        return (await store.people.isAnyoneKnown()) ? { state: 'signed-out', sendsMail: mailer !== undefined } : { state: 'set-up' }
      const { personId, name, email, hasTwoFactor, at } = caller
      const memberships = await store.people.memberships(personId)
      const workspaces = memberships.map(({ workspaceId, ...rest }) => ({ id: workspaceId, ...rest }))
      return {
        state: 'signed-in',
        person: { id: personId, name, email, hasTwoFactor },
        workspaces,
        workspace: workspaces.find((workspace) => workspace.id === at?.workspaceId) ?? null,
        permissions: [...(at?.permissions ?? [])],
      }
    },
    setUp: async ({ body, context }) => {
      await limits.count('link', context.ip)
      if (!(await store.oneTimeLinks.spend('set-up', body.token))) throw linkNotValid()
      const { email, name, password } = body
      const person = await signIn.createPerson({ email, name, password })
      await store.workspaces.update(FIRST_WORKSPACE, { name: body.workspaceName, timeZone: body.timeZone })
      await store.people.join(FIRST_WORKSPACE, person, 'owner')
      await store.oneTimeLinks.clear('set-up')
      setCookies(context, (await signIn.withPassword({ email, password }, context)).cookies)
      context.note.person = { id: person, name }
      return { ok: true }
    },
    signIn: async ({ body, context }) => {
      await limits.count('address', context.ip)
      await limits.count('password', body.email)
      const person = await store.people.findByEmail(body.email)
      if (person) context.note.person = person
      const { needs, cookies } = await signIn.withPassword(body, context).catch(async (error: unknown) => {
        if (person) await writeDown(store, log, 'account.sign_in_refused', context, {})
        throw error
      })
      if (needs === 'second-factor') context.note.event = 'account.password_given'
      await limits.forget('password', body.email)
      setCookies(context, cookies)
      return { needs }
    },
    secondFactor: async ({ body, context }) => {
      await limits.count('address', context.ip)
      const { person, cookies } = await signIn.withSecondFactor(body, context)
      context.note.person = person
      setCookies(context, cookies)
      return { ok: true }
    },
    signOut: async ({ context }) => {
      setCookies(context, await signIn.signOut(context))
      return { ok: true }
    },
    forgotten: async ({ body, context }) => {
      if (!mailer) throw noMail()
      await limits.count('link', context.ip)
      await limits.count('mail', body.email)
      // Not waited for: how long the answer takes must not tell whether there is such an account either.
      void mailLink(mailer, body.email, context).catch((error: unknown) =>
        log.warn({ err: toFault(error) }, 'A link for a forgotten password could not be e-mailed'),
      )
      return { ok: true }
    },
    newPassword: async ({ body, context }) => {
      await limits.count('link', context.ip)
      const mailed = await store.oneTimeLinks.spend('forgotten', body.token)
      const spent = mailed ?? (await store.oneTimeLinks.spend('password', body.token))
      const person = spent?.person && (await store.people.find(spent.person))
      if (!person) throw linkNotValid()
      await signIn.resetPassword(person.id, body.password)
      if (!mailed) await store.people.forgetTwoFactor(person.id)
      await limits.forget('password', person.email)
      callers.forget()
      context.note.person = person
      return { email: person.email, isSecondFactorKept: mailed !== undefined && person.hasTwoFactor }
    },
    ownerLink: async ({ body }) => {
      const address = parts.publicAddress()
      const first = await setUpLink(store, address)
      if (first) return { url: first.url, purpose: 'set-up', email: null, expiresAt: iso(first.expiresAt) }
      const person = body.email === undefined ? (await store.people.owners())[0] : await store.people.findByEmail(body.email)
      if (!person) throw notFound('person', body.email ?? 'owner')
      const { url, expiresAt } = await passwordLink(store, address, person.id)
      return { url, purpose: 'password', email: person.email, expiresAt: iso(expiresAt) }
    },
    update: async ({ body, context }) => {
      setCookies(context, await signIn.rename(body.name, context))
      return { ok: true }
    },
    changePassword: async ({ body, context }) => {
      setCookies(context, await proving(context, () => signIn.changePassword(body, context)))
      return { ok: true }
    },
    chooseWorkspace: async ({ body, context }) => {
      const { personId, sessionId } = personOf(context)
      const chosen = (await store.people.memberships(personId)).find((one) => one.workspaceId === body.workspace)
      if (!chosen) throw notFound('workspace', body.workspace)
      await store.people.chooseWorkspace(sessionId, chosen.workspaceId)
      callers.forget()
      return { ok: true }
    },
    startTwoFactor: ({ body, context }) => proving(context, () => signIn.startTwoFactor(body.password, context)),
    confirmTwoFactor: async ({ body, context }) => {
      setCookies(context, await proving(context, () => signIn.confirmTwoFactor(body.code, context)))
      return { ok: true }
    },
    stopTwoFactor: async ({ body, context }) => {
      setCookies(context, await proving(context, () => signIn.stopTwoFactor(body.password, context)))
      return { ok: true }
    },
    sessions: async ({ context }) => {
      const { sessionId } = personOf(context)
      return {
        sessions: (await sessionsOf(context)).map(({ id, ip, userAgent, createdAt, updatedAt }) => ({
          id,
          isCurrent: id === sessionId,
          ip,
          userAgent,
          createdAt: iso(createdAt),
          seenAt: iso(updatedAt),
        })),
      }
    },
    endSession: async ({ params, context }) => {
      const session = (await sessionsOf(context)).find((one) => one.id === params.session)
      if (!session) throw notFound('session', params.session)
      await signIn.endSession(session.token)
      callers.forget()
      return { ok: true }
    },
  }
}
