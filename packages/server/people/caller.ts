import type { Access, Permission, Role } from '@couplet/api'
import { type Fault, type PersonId, type SessionId, type TokenId, userFault, type WorkspaceId } from '@couplet/core'

type InWorkspace = { workspaceId: WorkspaceId; role: Role; permissions: ReadonlySet<Permission> }

/** Who asks. */
export type Caller =
  | { kind: 'nobody' }
  /** Signed in by a cookie; `at` is missing for somebody who is a member of no workspace. */
  | {
      kind: 'person'
      personId: PersonId
      name: string
      email: string
      hasTwoFactor: boolean
      sessionId: SessionId
      at: InWorkspace | undefined
    }
  | { kind: 'token'; tokenId: TokenId; personId: PersonId; name: string; at: InWorkspace }
  /** A program of the user who runs Couplet, on the same machine. */
  | { kind: 'machine'; at: InWorkspace }

export const NOBODY: Caller = { kind: 'nobody' }

/** Name for the audit log and for journals. */
export function actorOf(caller: Caller): string {
  if (caller.kind === 'person') return caller.name
  if (caller.kind === 'token') return `${caller.name} (API token)`
  return caller.kind === 'machine' ? 'the command line' : 'nobody'
}

export const signedOut = (): Fault =>
  userFault({
    code: 'request.signed_out',
    message: 'You are not signed in.',
    hint: 'Sign in on the page, or send an API token (Authorization: Bearer). On the command line set COUPLET_TOKEN.',
  })

export const notPermitted = (message: string, hint: string): Fault => userFault({ code: 'request.not_permitted', message, hint })

/** The workspace a caller works in, and their role there. Throws `request.signed_out` or `request.not_permitted` for those who have none. */
export function memberAt(caller: Caller): InWorkspace {
  if (caller.kind === 'nobody') throw signedOut()
  if (!caller.at) throw notPermitted('You are a member of no workspace.', 'Ask an owner or admin to invite you again.')
  return caller.at
}

/** Throws `request.signed_out` or `request.not_permitted` unless the caller may do this. */
export function checkAccess(caller: Caller, needed: Permission | Access): void {
  if (needed === 'anyone') return
  if (caller.kind === 'nobody') throw signedOut()
  if (needed === 'this-machine') {
    if (caller.kind !== 'machine')
      throw notPermitted('Only programs on the machine Couplet runs on may do this.', 'Run the couplet command there.')
    return
  }
  if (needed === 'own-account') {
    if (caller.kind !== 'person') throw notPermitted('Only a person who is signed in may do this, no program.', 'Sign in on the page.')
    return
  }
  const { role, permissions } = memberAt(caller)
  if (!permissions.has(needed))
    throw notPermitted(
      caller.kind === 'token'
        ? `This API token may not do this: it needs ${needed}.`
        : `Your role (${role}) may not do this: it needs ${needed}.`,
      caller.kind === 'token' ? 'Make a token with this permission.' : 'Ask an owner or admin of the workspace.',
    )
}
