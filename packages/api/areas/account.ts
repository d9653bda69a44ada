import { z } from 'zod'
import { endpoint, NOTHING_CHANGES } from '../endpoint.ts'
import { ROLES } from '../permissions.ts'
import { Done, Instant, NoParams, NoQuery } from '../shapes.ts'

const Role = z.enum(Object.keys(ROLES) as [keyof typeof ROLES])
const Email = z.email('Write an e-mail address').max(200).toLowerCase()
/** Length is what makes a password hard to guess; rules about its letters only make it hard to remember. */
const NewPassword = z.string().min(10, 'Use at least 10 characters').max(200)
const GivenPassword = z.string().min(1, 'Write your password').max(200)
const Name = z.string().trim().min(1, 'Write a name').max(100)
const LinkToken = z.string().min(20).max(100)
const TimeZone = z.string().refine((zone) => isTimeZone(zone), 'is not a time zone, such as Europe/London')

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const WorkspaceView = z.object({ id: z.string(), name: z.string(), timeZone: z.string(), role: Role })
const PersonView = z.object({ id: z.string(), name: z.string(), email: z.string(), hasTwoFactor: z.boolean() })

/** Who looks at the page, and what they may do here. */
export const AccountView = z.discriminatedUnion('state', [
  /** Nobody has set this Couplet up yet. */
  z.object({ state: z.literal('set-up') }),
  z.object({ state: z.literal('signed-out') }),
  z.object({
    state: z.literal('signed-in'),
    person: PersonView,
    workspaces: z.array(WorkspaceView),
    /** Null: the person is a member of no workspace any more. */
    workspace: WorkspaceView.nullable(),
    permissions: z.array(z.string()),
  }),
])
export type AccountView = z.output<typeof AccountView>

const SIGN_IN_FAILS = ['account.wrong_password', 'account.too_many_tries']

export const account = {
  get: endpoint({
    id: 'account.get',
    method: 'GET',
    path: '/api/account',
    summary: 'Who is signed in, their workspaces, and what they may do in the current one',
    permission: 'anyone',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: AccountView,
    errors: [],
  }),
  setUp: endpoint({
    id: 'account.setUp',
    method: 'POST',
    path: '/api/account/set-up',
    summary: 'Makes the first owner, by the link that was printed at the first start',
    permission: 'anyone',
    audit: 'account.set_up',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({
      token: LinkToken,
      email: Email,
      name: Name,
      password: NewPassword,
      workspaceName: Name,
      timeZone: TimeZone,
    }),
    reply: Done,
    errors: ['account.link_not_valid', 'account.too_many_tries'],
  }),
  signIn: endpoint({
    id: 'account.signIn',
    method: 'POST',
    path: '/api/account/sign-in',
    summary: 'Signs in by e-mail and password; the session is a cookie',
    permission: 'anyone',
    audit: 'account.signed_in',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ email: Email, password: GivenPassword }),
    reply: z.object({ needs: z.enum(['nothing', 'second-factor']) }),
    errors: SIGN_IN_FAILS,
  }),
  secondFactor: endpoint({
    id: 'account.secondFactor',
    method: 'POST',
    path: '/api/account/sign-in/second-factor',
    summary: 'The second step of signing in: a code of the authenticator app, or a recovery code',
    permission: 'anyone',
    audit: 'account.signed_in',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ code: z.string().trim().min(4).max(40), kind: z.enum(['app', 'recovery']).default('app') }),
    reply: Done,
    errors: ['account.wrong_code', 'account.too_many_tries', 'account.sign_in_ended'],
  }),
  signOut: endpoint({
    id: 'account.signOut',
    method: 'POST',
    path: '/api/account/sign-out',
    summary: 'Ends the session',
    permission: 'own-account',
    audit: 'account.signed_out',
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: [],
  }),
  newPassword: endpoint({
    id: 'account.newPassword',
    method: 'POST',
    path: '/api/account/new-password',
    summary: 'Sets a new password by a link that works once; ends all sessions and forgets the second factor',
    permission: 'anyone',
    audit: 'account.password_reset',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ token: LinkToken, password: NewPassword }),
    reply: z.object({ email: z.string() }),
    errors: ['account.link_not_valid', 'account.too_many_tries'],
  }),
  ownerLink: endpoint({
    id: 'account.ownerLink',
    method: 'POST',
    path: '/api/account/owner-link',
    summary: 'A link for a new password, or for set-up while there is no owner; only for programs on the machine itself',
    permission: 'this-machine',
    audit: 'account.link_made',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ email: Email.optional() }),
    reply: z.object({ url: z.string(), purpose: z.enum(['set-up', 'password']), email: z.string().nullable(), expiresAt: Instant }),
    errors: ['person.not_found'],
  }),
  update: endpoint({
    id: 'account.update',
    method: 'PATCH',
    path: '/api/account',
    summary: 'Changes the name of the person signed in',
    permission: 'own-account',
    audit: 'account.changed',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ name: Name }),
    reply: Done,
    errors: [],
  }),
  changePassword: endpoint({
    id: 'account.changePassword',
    method: 'POST',
    path: '/api/account/password',
    summary: 'Changes the password; other sessions end',
    permission: 'own-account',
    audit: 'account.password_changed',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ current: GivenPassword, password: NewPassword }),
    reply: Done,
    errors: SIGN_IN_FAILS,
  }),
  chooseWorkspace: endpoint({
    id: 'account.chooseWorkspace',
    method: 'POST',
    path: '/api/account/workspace',
    summary: 'Works in another workspace from now on',
    permission: 'own-account',
    audit: { none: 'changes only what the person sees' },
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ workspace: z.string() }),
    reply: Done,
    errors: ['workspace.not_found'],
  }),
  startTwoFactor: endpoint({
    id: 'account.startTwoFactor',
    method: 'POST',
    path: '/api/account/two-factor',
    summary: 'A new secret for an authenticator app, and recovery codes; asked for only once a code of it has been given',
    permission: 'own-account',
    audit: 'account.two_factor_prepared',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ password: GivenPassword }),
    reply: z.object({ uri: z.string(), recoveryCodes: z.array(z.string()) }),
    errors: SIGN_IN_FAILS,
  }),
  confirmTwoFactor: endpoint({
    id: 'account.confirmTwoFactor',
    method: 'POST',
    path: '/api/account/two-factor/confirm',
    summary: 'Switches the second factor on, by a first code of the app',
    permission: 'own-account',
    audit: 'account.two_factor_on',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ code: z.string().trim().min(4).max(40) }),
    reply: Done,
    errors: ['account.wrong_code', 'account.too_many_tries'],
  }),
  stopTwoFactor: endpoint({
    id: 'account.stopTwoFactor',
    method: 'POST',
    path: '/api/account/two-factor/stop',
    summary: 'Switches the second factor off',
    permission: 'own-account',
    audit: 'account.two_factor_off',
    params: NoParams,
    query: NoQuery,
    body: z.strictObject({ password: GivenPassword }),
    reply: Done,
    errors: SIGN_IN_FAILS,
  }),
  sessions: endpoint({
    id: 'account.sessions',
    method: 'GET',
    path: '/api/account/sessions',
    summary: 'Where the person is signed in',
    permission: 'own-account',
    audit: NOTHING_CHANGES,
    params: NoParams,
    query: NoQuery,
    body: undefined,
    reply: z.object({
      sessions: z.array(
        z.object({
          id: z.string(),
          isCurrent: z.boolean(),
          ip: z.string().nullable(),
          userAgent: z.string().nullable(),
          createdAt: Instant,
          seenAt: Instant,
        }),
      ),
    }),
    errors: [],
  }),
  endSession: endpoint({
    id: 'account.endSession',
    method: 'DELETE',
    path: '/api/account/sessions/:session',
    summary: 'Ends a session of the person signed in',
    permission: 'own-account',
    audit: 'account.session_ended',
    params: z.object({ session: z.string() }),
    query: NoQuery,
    body: undefined,
    reply: Done,
    errors: ['session.not_found'],
  }),
} as const
