import type { LiveEvent } from '@couplet/api'
import type { WorkspaceId } from '@couplet/core'
import type { EngineParts, Ingress } from '@couplet/engine'
import type { EventHub } from './event-hub.ts'
import { type Caller, memberAt } from './people/caller.ts'
import type { AuditNote } from './people/audit-trail.ts'
import type { People } from './people/people.ts'
import type { ImportShelf } from './importer/import-shelf.ts'
import type { SandboxView } from './setup/sandbox-setup.ts'
import type { ReportParts } from './statistics/make-report.ts'
import type { Template } from './setup/templates.ts'

export type WorkspaceEvent = { workspaceId: WorkspaceId; event: LiveEvent }

/** What handlers work with. Made once, in main.ts. */
export type ServerParts = {
  engine: EngineParts
  ingress: Ingress
  events: EventHub<WorkspaceEvent>
  templates: readonly Template[]
  sandbox: SandboxView | undefined
  /** Base of public addresses, without a slash at the end. */
  publicAddress(): string
  people: People
  imports: ImportShelf
  renderReport: ReportParts['render']
  installation: { startedAt: number; roles: readonly string[]; database: 'embedded' | 'given' }
}

/** Who asks, and what for. */
export type RequestContext = {
  caller: Caller
  /** Name of the person or program, for the audit log and for journal entries. */
  actor: string
  signal: AbortSignal
  /** As they came; for signing in. */
  headers: Headers
  /** What the caller knows the request by. */
  requestId: string
  /** The caller's address. */
  ip: string
  /** What the handler adds to the audit log. */
  note: AuditNote
  /** Headers of the answer besides its usual ones: cookies. */
  answer: Headers
}

/** The workspace a request works in. Every handler asks here and nowhere else. */
export const workspaceOf = (context: Pick<RequestContext, 'caller'>): WorkspaceId => memberAt(context.caller).workspaceId
