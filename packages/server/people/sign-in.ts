import { asId, bug, type Fault, type PersonId, type SessionId, toFault, userFault, type WorkspaceId } from '@couplet/core'
import type { Logger } from '@couplet/engine'
import type { Store } from '@couplet/store'
import { type BetterAuth, IP_HEADER } from './better-auth.ts'

/** What a caller sent that sign-in looks at. */
export type Asking = { headers: Headers; ip: string }
/** Cookies to set, one text each. */
type Cookies = readonly string[]

export type SignedIn = {
  personId: PersonId
  name: string
  email: string
  hasTwoFactor: boolean
  sessionId: SessionId
  chosen: WorkspaceId | undefined
}

/** Everything that needs better-auth, in our words. Faults: `account.wrong_password`, `account.wrong_code`, `account.sign_in_ended`, `account.too_many_tries`. */
export type SignIn = {
  /** Who the cookie belongs to; a session in use for a day is renewed by the cookies. */
  session(asking: Asking): Promise<{ found: SignedIn; cookies: Cookies } | undefined>
  createPerson(input: { email: string; name: string; password: string }): Promise<PersonId>
  withPassword(
    input: { email: string; password: string },
    asking: Asking,
  ): Promise<{ needs: 'nothing' | 'second-factor'; cookies: Cookies }>
  withSecondFactor(
    input: { code: string; kind: 'app' | 'recovery' },
    asking: Asking,
  ): Promise<{ person: { id: PersonId; name: string }; cookies: Cookies }>
  signOut(asking: Asking): Promise<Cookies>
  rename(name: string, asking: Asking): Promise<Cookies>
  changePassword(input: { current: string; password: string }, asking: Asking): Promise<Cookies>
  /** Sets a password without asking for the old one, and ends every session of the person. */
  resetPassword(person: PersonId, password: string): Promise<void>
  endSession(token: string): Promise<void>
  startTwoFactor(password: string, asking: Asking): Promise<{ uri: string; recoveryCodes: string[] }>
  confirmTwoFactor(code: string, asking: Asking): Promise<Cookies>
  stopTwoFactor(password: string, asking: Asking): Promise<Cookies>
}

/** better-auth is loaded when somebody signs in, or shows a cookie: a process that only works never needs it. */
export function createSignIn(options: { store: Store; address(): string; log: Logger }): SignIn {
  let loading: Promise<BetterAuth> | undefined
  const load = async (): Promise<BetterAuth> => {
    const [{ createBetterAuth }, key] = await Promise.all([import('./better-auth.ts'), options.store.signInKey.load()])
    return createBetterAuth({ store: options.store, key, address: options.address(), log: options.log })
  }
  const auth = (): Promise<BetterAuth> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  /** One call of better-auth, its refusal as ours. */
  const ask = async <Answer>(call: (api: BetterAuth['api']) => Promise<Answer>): Promise<Answer> => {
    const { api } = await auth()
    try {
      return await call(api)
    } catch (error) {
      throw ours(error)
    }
  }

  return {
    session: async (asking) => {
      const { headers, response } = await ask((api) => api.getSession({ headers: headersOf(asking), returnHeaders: true }))
      if (!response) return undefined
      const { user, session } = response
      const personId = asId('per', user.id)
      const sessionId = asId('ses', session.id)
      if (!personId || !sessionId) throw bug('A session has an unknown form')
      const found = {
        personId,
        sessionId,
        name: user.name,
        email: user.email,
        hasTwoFactor: user.twoFactorEnabled === true,
        chosen: typeof session.workspaceId === 'string' ? asId('ws', session.workspaceId) : undefined,
      }
      return { found, cookies: headers.getSetCookie() }
    },
    createPerson: async ({ email, name, password }) => {
      const { internalAdapter, password: words } = await (await auth()).$context
      const hash = await words.hash(password)
      const user = await internalAdapter.createUser({ email, name }, { method: 'email-password' })
      await internalAdapter.linkAccount({ userId: user.id, providerId: 'credential', accountId: user.id, password: hash })
      const id = asId('per', user.id)
      if (!id) throw bug('A person has an unknown id')
      return id
    },
    withPassword: async (body, asking) => {
      const { headers, response } = await ask((api) => api.signInEmail({ body, headers: headersOf(asking), returnHeaders: true }))
      const needs = 'twoFactorRedirect' in response ? 'second-factor' : 'nothing'
      return { needs, cookies: headers.getSetCookie() }
    },
    withSecondFactor: async ({ code, kind }, asking) => {
      const given = { body: { code }, headers: headersOf(asking), returnHeaders: true } as const
      const { headers, response } = await ask<{ headers: Headers; response: { user: { id: string; name: string } } }>((api) =>
        kind === 'app' ? api.verifyTOTP(given) : api.verifyBackupCode(given),
      )
      const id = asId('per', response.user.id)
      if (!id) throw bug('A person has an unknown id')
      return { person: { id, name: response.user.name }, cookies: headers.getSetCookie() }
    },
    signOut: async (asking) =>
      (await ask((api) => api.signOut({ headers: headersOf(asking), returnHeaders: true }))).headers.getSetCookie(),
    rename: async (name, asking) =>
      (await ask((api) => api.updateUser({ body: { name }, headers: headersOf(asking), returnHeaders: true }))).headers.getSetCookie(),
    changePassword: async ({ current, password }, asking) => {
      const body = { currentPassword: current, newPassword: password, revokeOtherSessions: true }
      return (await ask((api) => api.changePassword({ body, headers: headersOf(asking), returnHeaders: true }))).headers.getSetCookie()
    },
    resetPassword: async (person, password) => {
      const { internalAdapter, password: words } = await (await auth()).$context
      await internalAdapter.updatePassword(person, await words.hash(password))
      await internalAdapter.deleteUserSessions(person)
    },
    endSession: async (token) => {
      const { internalAdapter } = await (await auth()).$context
      await internalAdapter.deleteSession(token)
    },
    startTwoFactor: async (password, asking) => {
      const answer = await ask((api) => api.enableTwoFactor({ body: { password, method: 'totp' }, headers: headersOf(asking) }))
      if (!('totpURI' in answer)) throw bug('No secret for the authenticator app')
      return { uri: answer.totpURI, recoveryCodes: answer.backupCodes }
    },
    confirmTwoFactor: async (code, asking) =>
      (await ask((api) => api.verifyTOTP({ body: { code }, headers: headersOf(asking), returnHeaders: true }))).headers.getSetCookie(),
    stopTwoFactor: async (password, asking) =>
      (
        await ask((api) => api.disableTwoFactor({ body: { password }, headers: headersOf(asking), returnHeaders: true }))
      ).headers.getSetCookie(),
  }
}

/** What better-auth sees of a request: cookies, the browser's name, and the address as we know it. */
function headersOf({ headers, ip }: Asking): Headers {
  const seen = new Headers({ [IP_HEADER]: ip })
  for (const name of ['cookie', 'user-agent']) {
    const value = headers.get(name)
    if (value !== null) seen.set(name, value)
  }
  return seen
}

const codeOf = (error: unknown): string => {
  const body: unknown = error instanceof Error && 'body' in error ? error.body : undefined
  const code: unknown = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
  return typeof code === 'string' ? code : ''
}

function ours(error: unknown): Fault {
  switch (codeOf(error)) {
    case 'INVALID_EMAIL_OR_PASSWORD':
      return userFault({
        code: 'account.wrong_password',
        message: 'E-mail and password do not belong together.',
        hint: 'Check both. An owner of your workspace, or who runs this Couplet, can make a link for a new password.',
      })
    case 'INVALID_PASSWORD':
      return userFault({
        code: 'account.wrong_password',
        message: 'This is not your password.',
        hint: 'Write the password you sign in with.',
        fields: { password: 'is not right' },
      })
    case 'INVALID_CODE':
    case 'INVALID_BACKUP_CODE':
      return userFault({
        code: 'account.wrong_code',
        message: 'This code is not right, or no longer.',
        hint: 'Write the newest code of your app; check that the clock of your phone is right. A recovery code works once.',
        fields: { code: 'is not right' },
      })
    case 'INVALID_TWO_FACTOR_COOKIE':
    case 'TOTP_NOT_ENABLED':
      return userFault({
        code: 'account.sign_in_ended',
        message: 'This sign-in took too long.',
        hint: 'Begin again with your e-mail and password.',
      })
    case 'TOTP_ALREADY_ENABLED':
      return userFault({
        code: 'account.two_factor_not_possible',
        message: 'Two-factor sign-in is on already.',
        hint: 'Switch it off first to use another app.',
      })
    case 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE':
    case 'ACCOUNT_TEMPORARILY_LOCKED':
      return userFault({
        code: 'account.too_many_tries',
        message: 'Too many wrong codes.',
        hint: 'Wait 15 minutes, then sign in again.',
      })
    default:
      return toFault(error)
  }
}
