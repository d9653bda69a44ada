export { type BackedUp, backUp } from './backup/back-up.ts'
export { restore, type Restored } from './backup/restore.ts'
export { type Inspection, inspectDatabase } from './inspect.ts'
export { isDatabaseAway } from './database-away.ts'
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, findEmbeddedPostgres, startEmbeddedPostgres } from './embedded/start.ts'
export { migrate, type Migrated, type MigrateOptions } from './migrate.ts'
export {
  type Accepted,
  type ExpectedRun,
  type HeadStart,
  type HeadStarter,
  type Incoming,
  type IncomingDelivery,
  type IncomingFact,
} from './repositories/acceptance.ts'
export type { AlertChannel, AlertChannelInput, AlertChannelKind, ChannelSecret, QuietHours } from './repositories/alert-channels.ts'
export {
  type Alert,
  ALERT_ATTEMPTS_MAX,
  type AlertMessage,
  type AlertPhase,
  type AlertRule,
  type AlertRuleInput,
  type AlertWatch,
  SEND_ALERT,
  type Telling,
} from './repositories/alerts.ts'
export { type AppAddress, isAppToken, type Sighting, type SightingKind } from './repositories/app-addresses.ts'
export type { FailingConnection, Held, HeldRun, Incident } from './repositories/circuits.ts'
export type { ConnectLink } from './repositories/connect-links.ts'
export type { Connection, ConnectionInput, NewToken, OpenedConnection } from './repositories/connections.ts'
export { isDataError } from './repositories/data-error.ts'
export type { Delivery, StoredDelivery } from './repositories/deliveries.ts'
export type { LoggedDeliveries, LoggedDelivery } from './repositories/log.ts'
export type { Bindings, FlowRow, FlowVersion } from './repositories/flows.ts'
export type { Grant, GrantsRepository, GrantTokens, OpenedGrant } from './repositories/grants.ts'
export { type CommitResult, type LoadedRun, PERFORM_RUNS, type RunCommit } from './repositories/journal.ts'
export type { IncidentCause, IncidentNote, IncidentRow, Trouble, UnsortedRun } from './repositories/incidents.ts'
export type { ImportedApiRow, ImportedOperationRow, OperationChanges } from './repositories/imports.ts'
export { jsonText } from './repositories/json-text.ts'
export type { LookupRow, LookupTable } from './repositories/lookup-tables.ts'
export type { Pin, PinSource } from './repositories/pins.ts'
export type { OAuthApp, OpenedOAuthApp } from './repositories/oauth-apps.ts'
export type { OAuthTrip } from './repositories/oauth-trips.ts'
export type { Proposal } from './repositories/proposals.ts'
export type { BucketName, BucketRow } from './repositories/quota.ts'
export type { FlowLife } from './repositories/rhythm.ts'
export type { CalledRun, ResumeCall } from './repositories/resume-calls.ts'
export type { RunDetail, RunFilter, RunsOfFlow, RunSummary } from './repositories/runs.ts'
export type { PostFilter, PostGroup, PostRow, TagGroup, TimeGroup } from './repositories/social-analysis.ts'
export type { Bucket, BucketFigures, DayRow, FigureScope, Numbers, PlaceFigures } from './repositories/social-figures.ts'
export {
  SOCIAL_METRICS,
  type SocialAccount,
  type SocialDay,
  type SocialLocation,
  type SocialMetric,
  type SocialNumbers,
} from './repositories/social-history.ts'
export type { Brand, ReportRow } from './repositories/social-reports.ts'
export type { Reactions, SocialPost } from './repositories/social-posts.ts'
export type { Figure } from './repositories/statistics.ts'
export type { Task } from './repositories/tasks.ts'
export { type HookProof, type KnownItem, POLL_TRIGGER, type TriggerRow } from './repositories/triggers.ts'
export { API_TOKEN_PREFIX, type ApiToken } from './repositories/api-tokens.ts'
export type { AuditEvent, AuditFilter, SecretUseNote, WrittenEvent } from './repositories/audit.ts'
export type { Invitation } from './repositories/invitations.ts'
export type { Member, Membership, Person, Session } from './repositories/people.ts'
export type { Workspace } from './repositories/workspaces.ts'
export { hashOf, newToken } from './secret-token.ts'
export { FIRST_WORKSPACE, openStore, type Store } from './store.ts'
export { followKeyRing, type KeyRing, type KeySource, loadKeyRing, newKeyText } from './vault/key-ring.ts'
export { checkKeys, forgetKeys, type KeyUse, listKeys, rotateKeys } from './vault/rotate-keys.ts'
export type { DeliveryState, Environment, FlowState, Granted, GrantLevel, Role, RunState, TableColumn, TestResult } from './tables.ts'
export { createVault, type Vault } from './vault/vault.ts'
