import type {
  ArtifactId,
  AuditId,
  ConnectionId,
  ConnectLinkId,
  DeliveryId,
  FaultFacts,
  FlowId,
  GrantId,
  Json,
  JsonObject,
  OAuthAppId,
  InvitationId,
  PersonId,
  ProposalId,
  RunId,
  SessionId,
  TableId,
  TaskId,
  TokenId,
  TriggerId,
  WorkspaceId,
} from '@couplet/core'
import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** The tables of migrations/, as kysely sees them. JSON goes in as text, comes out parsed. */

type Stamp = ColumnType<Date, Date | string | undefined, Date | string>
type NullableStamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
type JsonOf<T extends object | null> = JSONColumnType<T, string | undefined>
type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>

export type Environment = 'sandbox' | 'live'
export type ConnectionState = 'ready' | 'needs-attention'
export type FlowState = 'draft' | 'on' | 'paused' | 'broken'
export type RunState = 'queued' | 'running' | 'waiting' | 'parked' | 'done' | 'skipped' | 'failed' | 'cancelled'
export type DeliveryState = 'accepted' | 'kept' | 'ignored' | 'refused'
export type TableColumn = { name: string; title: string; type: 'text' | 'number' | 'boolean' | 'list'; list?: string }

/** Whether a grant opens one account or an agency with all of its own. */
export type GrantLevel = 'account' | 'agency'
/** What is known of a connection's permissions. `some`: of what is in neither list nothing is known. `at`: epoch ms. */
export type Granted = { known: 'all' | 'some'; has: string[]; lacks: string[]; at: number }
/** The last test of a connection, as its page shows it. */
export type TestResult = { works: boolean; ok: string[]; warnings: string[]; fault: FaultFacts | null; tookMs: number }
export type AgencyAccountRow = { id: string; name: string; address?: string; isInstalled: boolean }

export type WorkspacesTable = {
  id: WorkspaceId
  name: string
  time_zone: Generated<string>
  audit_days: Generated<number>
  created_at: Stamp
}
export type ConnectionsTable = {
  id: ConnectionId
  workspace_id: WorkspaceId
  connector: string
  name: string
  environment: Environment
  origin: string | null
  facts: JsonOf<JsonObject>
  secrets: Buffer
  grant_id: GrantId | null
  token_expires_at: NullableStamp
  granted: NullableJson<Granted>
  tested_at: NullableStamp
  test_result: NullableJson<TestResult>
  opted_in: Generated<string[]>
  state: Generated<ConnectionState>
  state_fault: NullableJson<FaultFacts>
  last_used_at: NullableStamp
  created_at: Stamp
  updated_at: Stamp
}
export type OAuthAppsTable = {
  id: OAuthAppId
  workspace_id: WorkspaceId
  connector: string
  environment: Environment
  name: string
  level: GrantLevel
  client_id: string
  client_secret: Buffer
  authorize_url: string | null
  origin: string | null
  uses_pkce: Generated<boolean>
  scopes: Generated<string[]>
  created_at: Stamp
  updated_at: Stamp
}
export type OAuthTripsTable = {
  state_hash: string
  workspace_id: WorkspaceId
  app_id: OAuthAppId
  binding_hash: string
  verifier: Buffer | null
  redirect_uri: string
  aim: JsonOf<object>
  expires_at: Stamp
}
export type OAuthGrantsTable = {
  id: GrantId
  workspace_id: WorkspaceId
  app_id: OAuthAppId
  level: GrantLevel
  name: string
  facts: JsonOf<Record<string, string>>
  secrets: Buffer
  scopes: Generated<string[]>
  expires_at: Stamp
  revision: Generated<number>
  refreshed_at: Stamp
  retry_at: NullableStamp
  state: Generated<ConnectionState>
  state_fault: NullableJson<FaultFacts>
  accounts: JsonOf<AgencyAccountRow[]>
  accounts_at: NullableStamp
  created_at: Stamp
}
export type ConnectLinksTable = {
  id: ConnectLinkId
  workspace_id: WorkspaceId
  connector: string
  environment: Environment
  app_id: OAuthAppId | null
  name: string
  note: string | null
  origin: string | null
  scopes: Generated<string[]>
  created_by: string
  created_at: Stamp
  expires_at: Stamp
  revoked_at: NullableStamp
  used_at: NullableStamp
  connection_id: ConnectionId | null
}
export type FlowsTable = {
  id: FlowId
  workspace_id: WorkspaceId
  name: string
  state: Generated<FlowState>
  state_fault: NullableJson<FaultFacts>
  environment: Generated<Environment>
  draft: JsonOf<object>
  draft_revision: Generated<number>
  version: number | null
  template: string | null
  created_at: Stamp
  updated_at: Stamp
}
export type FlowVersionsTable = { flow_id: FlowId; version: number; definition: JsonOf<object>; note: string | null; published_at: Stamp }
export type FlowBindingsTable = { flow_id: FlowId; slot: string; connection_id: ConnectionId }
export type TriggersTable = {
  id: TriggerId
  workspace_id: WorkspaceId
  flow_id: FlowId
  connection_id: ConnectionId | null
  operation: string
  operation_version: number
  input: JsonOf<JsonObject>
  is_on: Generated<boolean>
  hook_token: string
  hook_secret: Buffer | null
  every_ms: ColumnType<string | null, number | null, number | null>
  cursor: NullableJson<Json>
  baseline_at: NullableStamp
  scans: Generated<number>
  polled_at: NullableStamp
  next_poll_at: NullableStamp
  poll_fault: NullableJson<FaultFacts>
  poll_failures: Generated<number>
  created_at: Stamp
}
export type DeliveriesTable = {
  id: DeliveryId
  trigger_id: TriggerId
  received_at: Stamp
  topic: string
  state: DeliveryState
  reason: string | null
  headers: JsonOf<Record<string, string>>
  body: Buffer
}
export type RunsTable = {
  id: RunId
  workspace_id: WorkspaceId
  flow_id: FlowId
  version: number
  trigger_id: TriggerId | null
  connection_id: ConnectionId | null
  environment: Environment
  key: string | null
  fact: JsonOf<object>
  state: RunState
  wait: NullableJson<JsonObject>
  fault: NullableJson<FaultFacts>
  summary: string | null
  seq: Generated<number>
  order_key: string | null
  lane: Generated<number>
  wake_at: NullableStamp
  cancel_requested_at: NullableStamp
  replay_of: RunId | null
  replay_from: string | null
  created_at: Stamp
  started_at: NullableStamp
  finished_at: NullableStamp
}
export type JournalTable = { run_id: RunId; seq: number; entries: JsonOf<object[]>; written_at: Stamp }
export type LookupTablesTable = {
  id: TableId
  workspace_id: WorkspaceId
  name: string
  description: string | null
  columns: JsonOf<TableColumn[]>
}
export type LookupRowsTable = { table_id: TableId; key: string; value: JsonOf<JsonObject>; updated_at: Stamp }
export type ArtifactsTable = {
  id: ArtifactId
  workspace_id: WorkspaceId
  name: string
  token: string
  content_type: string
  sha256: string
  bytes: Buffer
  updated_at: Stamp
}
export type ProposalsTable = {
  id: ProposalId
  workspace_id: WorkspaceId
  flow_id: FlowId
  revision: number
  note: string
  proposed_by: string
  proposed_at: Stamp
  state: Generated<'open' | 'approved' | 'declined' | 'replaced'>
  decided_by: string | null
  decided_at: NullableStamp
  reason: string | null
}

type TasksTable = {
  id: TaskId
  workspace_id: WorkspaceId
  key: string
  title: string
  text: string
  link: string | null
  state: Generated<'open' | 'closed'>
  closed_because: string | null
  opened_by_run: string | null
  opened_at: Stamp
  closed_at: NullableStamp
}
export type StatisticsTable = {
  workspace_id: WorkspaceId
  location_id: string
  account: string
  platform: string
  metric: string
  from_day: ColumnType<string, string, string>
  to_day: ColumnType<string, string, string>
  value: number
  source: string
  read_at: Stamp
}
export type WorkersTable = { id: string; started_at: Stamp; seen_at: Stamp; facts: JsonOf<JsonObject> }
export type Role = 'owner' | 'admin' | 'builder' | 'operator' | 'viewer'
export type PeopleTable = {
  id: PersonId
  email: string
  name: string
  email_verified: Generated<boolean>
  image: string | null
  two_factor_enabled: Generated<boolean>
  created_at: Stamp
  updated_at: Stamp
}
export type SessionsTable = {
  id: SessionId
  person_id: PersonId
  token: string
  ip_address: string | null
  user_agent: string | null
  workspace_id: WorkspaceId | null
  expires_at: Stamp
  created_at: Stamp
  updated_at: Stamp
}
export type TwoFactorsTable = { id: string; person_id: PersonId }
export type SignInKeyTable = { id: 'sign-in'; secret: Buffer }
export type MembershipsTable = { workspace_id: WorkspaceId; person_id: PersonId; role: Role; created_at: Stamp }
export type InvitationsTable = {
  id: InvitationId
  workspace_id: WorkspaceId
  email: string
  role: Role
  token_hash: Buffer
  invited_by: PersonId | null
  created_at: Stamp
  expires_at: Stamp
  accepted_at: NullableStamp
}
export type LinkPurpose = 'set-up' | 'password' | 'forgotten'
export type OneTimeLinksTable = {
  token_hash: Buffer
  purpose: LinkPurpose
  person_id: PersonId | null
  created_at: Stamp
  expires_at: Stamp
}
export type ApiTokensTable = {
  id: TokenId
  workspace_id: WorkspaceId
  person_id: PersonId
  name: string
  permissions: string[]
  token_hash: Buffer
  ending: string
  created_at: Stamp
  expires_at: NullableStamp
  last_used_at: NullableStamp
}
export type AuditEventsTable = {
  id: AuditId
  workspace_id: WorkspaceId | null
  at: Stamp
  event: string
  actor_kind: ActorKind
  person_id: PersonId | null
  actor: string
  via: string | null
  ip: string | null
  request_id: string | null
  objects: JsonOf<Record<string, string>>
  before: NullableJson<JsonObject>
  after: NullableJson<JsonObject>
}
export type ActorKind = 'person' | 'token' | 'machine' | 'nobody'
export type SettingsTable = { name: string; value: JSONColumnType<object> }

export type Tables = {
  workspaces: WorkspacesTable
  connections: ConnectionsTable
  oauth_apps: OAuthAppsTable
  oauth_trips: OAuthTripsTable
  oauth_grants: OAuthGrantsTable
  connect_links: ConnectLinksTable
  flows: FlowsTable
  flow_versions: FlowVersionsTable
  flow_bindings: FlowBindingsTable
  triggers: TriggersTable
  deliveries: DeliveriesTable
  runs: RunsTable
  journal: JournalTable
  lookup_tables: LookupTablesTable
  lookup_rows: LookupRowsTable
  artifacts: ArtifactsTable
  tasks: TasksTable
  proposals: ProposalsTable
  statistics: StatisticsTable
  workers: WorkersTable
  settings: SettingsTable
  people: PeopleTable
  sessions: SessionsTable
  two_factors: TwoFactorsTable
  sign_in_key: SignInKeyTable
  memberships: MembershipsTable
  invitations: InvitationsTable
  one_time_links: OneTimeLinksTable
  api_tokens: ApiTokensTable
  audit_events: AuditEventsTable
}
