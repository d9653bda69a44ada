import type { Host, MailMessage, Registry } from '@couplet/connector-sdk'
import type { Clock, ConnectionId, Json, WorkspaceId } from '@couplet/core'
import type { LoadedRun, Store } from '@couplet/store'
import type { Circuits } from './circuit/circuits.ts'
import type { ConnectionCache } from './connection-cache.ts'
import type { FlowCache } from './flow-cache.ts'
import type { TokenKeeper } from './oauth/token-keeper.ts'
import type { Resumes } from './intake/resumes.ts'
import type { Measure } from './measure.ts'
import type { OutboundClient } from './outbound/outbound-client.ts'
import type { Governor } from './quota/governor.ts'
import type { Batcher } from './read-cache/batcher.ts'
import type { ReadCache } from './read-cache/read-cache.ts'
import type { Lease } from './worker/lease.ts'
import type { RunsInHand } from './worker/runs-in-hand.ts'

/** A named place where a test stops or kills the process. Does nothing in production. */
export type Failpoint = (name: string) => Promise<void> | void

export type Logger = {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** What every part of the engine works with. Made once, at the composition root. */
export type EngineParts = {
  store: Store
  registry: Registry
  clock: Clock
  /** 0..1, for jitter. */
  random(): number
  outbound: OutboundClient
  connections: ConnectionCache
  /** Good tokens for connections made by consent. */
  tokens: TokenKeeper
  flows: FlowCache
  governor: Governor
  circuits: Circuits
  reads: ReadCache
  batcher: Batcher
  /** Whether this process may still act on the runs it holds. */
  lease: Lease
  inHand: RunsInHand
  resumes: Resumes
  /** Couplet's own abilities for one step. */
  hostFor(scope: HostScope): Host
  /** Absent: no mail server is set up. */
  mailer: Mailer | undefined
  failpoint: Failpoint
  measure: Measure
  log: Logger
  /** The secret of a connection is opened for a call; never awaited. */
  noteSecretUse(use: { workspaceId: WorkspaceId; connectionId: ConnectionId; flowId: string }): void
  /** Something changed that a screen may show; never awaited. */
  announce(event: EngineEvent): void
}

/** The operator's mail server. Faults: `mail.*`; `unknown-outcome` when the message may have been taken. */
export type Mailer = {
  /** Who mail is from. */
  from: string
  /** Host and port, for people. */
  server: string
  /** Connects and logs in, sends nothing. */
  check(signal?: AbortSignal): Promise<void>
  /** `refused`: addresses the server did not take, when it took others. */
  send(message: MailMessage, signal?: AbortSignal): Promise<{ messageId: string; refused: readonly string[] }>
}

export type HostScope = {
  run: Pick<LoadedRun, 'id' | 'workspaceId' | 'flowId' | 'environment' | 'connectionId'>
  signal: AbortSignal
  /** Before the host does what cannot be taken back; a throw keeps it from happening. */
  beforeWrite?(): Promise<void>
}

/** Something a screen of this workspace may show. */
export type EngineEvent = { workspaceId: WorkspaceId } & (
  | { kind: 'run'; runId: string; flowId: string; state: string }
  | { kind: 'poll'; triggerId: string; detail: Json }
  | { kind: 'statistics'; locationId: string }
  /** An alert began or ended. */
  | { kind: 'alert' }
)
