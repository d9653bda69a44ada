import { isPermission, permissionsOf, type Role } from '@couplet/api'
import { asId, BoundedMap, userFault, type WorkspaceId } from '@couplet/core'
import { FIRST_WORKSPACE, hashOf, type Store } from '@couplet/store'
import { type Caller, NOBODY, signedOut } from './caller.ts'
import type { LocalToken } from './local-token.ts'
import type { Asking, SignedIn, SignIn } from './sign-in.ts'

/** The header (or, for streams, the query) that says in which workspace a page works. */
export const WORKSPACE_HEADER = 'couplet-workspace'

export type Callers = {
  /** Who asks, and the cookies to send along. Throws `request.signed_out` for a token that is none, `workspace.not_found`. */
  of(asking: Asking & { workspace: string | undefined }): Promise<{ caller: Caller; cookies: readonly string[] }>
  /** Roles, tokens or sessions have changed: nothing remembered is used again. Other processes follow within `KNOWN_MS`. */
  forget(): void
}

/** How long an answer about a cookie or token is used again: a page asks many times a second. */
const KNOWN_MS = 5_000
const KNOWN_MAX = 2_000

type Memberships = readonly { workspaceId: WorkspaceId; role: Role }[]
type Known = { kind: 'person'; found: SignedIn; memberships: Memberships } | { kind: 'token'; caller: Caller } | { kind: 'nobody' }

/** Finds out who asks: by session cookie, API token, or the token of this machine. */
export function createCallers(options: { store: Store; signIn: SignIn; localToken: LocalToken | undefined }): Callers {
  const { store, signIn, localToken } = options
  const nothing = () => new BoundedMap<string, { until: number; known: Known }>(KNOWN_MAX)
  let known = nothing()

  /** Remembers what was found under `key`, unless something was changed meanwhile. */
  const remembered = async <Extra>(
    key: string,
    find: () => Promise<{ known: Known; extra: Extra }>,
  ): Promise<{ known: Known; extra?: Extra }> => {
    const before = known.get(key)
    if (before && before.until > Date.now()) return { known: before.known }
    const asked = known
    const found = await find()
    asked.set(key, { until: Date.now() + KNOWN_MS, known: found.known })
    return found
  }

  const findToken = async (text: string): Promise<Known> => {
    const token = await store.apiTokens.findByToken(text)
    if (!token) return { kind: 'nobody' }
    const role = (await store.people.memberships(token.personId)).find((one) => one.workspaceId === token.workspaceId)?.role
    if (role === undefined) return { kind: 'nobody' }
    await store.apiTokens.touch(token.id)
    // Never more than its maker may do now.
    const ofRole = permissionsOf(role)
    const permissions = new Set(token.permissions.filter(isPermission).filter((permission) => ofRole.has(permission)))
    const at = { workspaceId: token.workspaceId, role, permissions }
    return { kind: 'token', caller: { kind: 'token', tokenId: token.id, personId: token.personId, name: token.name, at } }
  }

  const byBearer = async (text: string, workspace: string | undefined): Promise<Caller> => {
    if (localToken?.matches(text) === true) {
      const workspaceId = workspace === undefined ? FIRST_WORKSPACE : asId('ws', workspace)
      if (!workspaceId || !(await store.workspaces.find(workspaceId))) throw noWorkspace()
      return { kind: 'machine', at: { workspaceId, role: 'owner', permissions: permissionsOf('owner') } }
    }
    const { known: found } = await remembered(`token ${hashOf(text).toString('base64url')}`, async () => ({
      known: await findToken(text),
      extra: undefined,
    }))
    if (found.kind !== 'token') throw signedOut()
    if (workspace !== undefined && found.caller.kind === 'token' && found.caller.at.workspaceId !== workspace) throw noWorkspace()
    return found.caller
  }

  const bySession = async (asking: Asking, cookie: string): Promise<{ known: Known; extra?: readonly string[] }> =>
    remembered(`cookie ${hashOf(cookie).toString('base64url')}`, async () => {
      const session = await signIn.session(asking)
      if (!session) return { known: { kind: 'nobody' }, extra: [] }
      const memberships = await store.people.memberships(session.found.personId)
      return { known: { kind: 'person', found: session.found, memberships }, extra: session.cookies }
    })

  return {
    of: async ({ workspace, ...asking }) => {
      const bearer = /^Bearer (\S+)$/i.exec(asking.headers.get('authorization') ?? '')?.[1]
      if (bearer !== undefined) return { caller: await byBearer(bearer, workspace), cookies: [] }
      const cookie = sessionCookie(asking.headers.get('cookie'))
      if (cookie === undefined) return { caller: NOBODY, cookies: [] }
      const { known: found, extra } = await bySession(asking, cookie)
      if (found.kind !== 'person') return { caller: NOBODY, cookies: extra ?? [] }
      return { caller: personIn(found.found, found.memberships, workspace), cookies: extra ?? [] }
    },
    forget: () => {
      known = nothing()
    },
  }
}

/** The cookie that carries the session, whatever prefix it has behind TLS; the others do not say who somebody is. */
const sessionCookie = (header: string | null): string | undefined =>
  /(?:^|;\s*)((?:__Secure-)?couplet\.session_token=[^;]+)/.exec(header ?? '')?.[1]

function personIn(found: SignedIn, memberships: Memberships, asked: string | undefined): Caller {
  const { chosen, ...person } = found
  const at =
    asked === undefined
      ? (memberships.find((one) => one.workspaceId === chosen) ?? memberships[0])
      : memberships.find((one) => one.workspaceId === asked)
  if (asked !== undefined && !at) throw noWorkspace()
  return { kind: 'person', ...person, at: at && { ...at, permissions: permissionsOf(at.role) } }
}

const noWorkspace = () =>
  userFault({
    code: 'workspace.not_found',
    message: 'There is no such workspace, or you are not a member of it.',
    hint: 'Load the page again to work in one of yours.',
  })
