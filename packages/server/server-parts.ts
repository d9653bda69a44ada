import type { LiveEvent, Permission } from '@couplet/api'
import type { WorkspaceId } from '@couplet/core'
import type { EngineParts, Ingress } from '@couplet/engine'
import { FIRST_WORKSPACE } from '@couplet/store'
import type { EventHub } from './event-hub.ts'
import type { SandboxView } from './setup/sandbox-setup.ts'
import type { Template } from './setup/templates.ts'

/** What handlers work with. Made once, in main.ts. */
export type ServerParts = {
  engine: EngineParts
  ingress: Ingress
  events: EventHub<LiveEvent>
  templates: readonly Template[]
  sandbox: SandboxView | undefined
  /** Base of public addresses, without a slash at the end. */
  publicAddress(): string
  installation: { startedAt: number; roles: readonly string[]; database: 'embedded' | 'given' }
}

/** Who asks, and what for. */
export type RequestContext = {
  /** Name of the person or program, for the audit log and for journal entries. */
  actor: string
  permissions: ReadonlySet<Permission>
  signal: AbortSignal
}

/** The workspace a request works in. Every handler asks here and nowhere else. */
export const workspaceOf = (_context: RequestContext): WorkspaceId => FIRST_WORKSPACE
