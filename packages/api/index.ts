export type { ConnectorView, OperationDetail, OperationSummary, OperationTry, RequestView } from './areas/catalogue.ts'
export type { AlertChannelView, AlertRuleView, AlertView } from './areas/alerts.ts'
export type { AccountView } from './areas/account.ts'
export type { AuditEventView } from './areas/audit.ts'
export type { InvitationView, MemberView } from './areas/people.ts'
export type { TokenView } from './areas/tokens.ts'
export type { ConnectionView } from './areas/connections.ts'
export { eventStream, LiveEvent } from './areas/events.ts'
export type { FlowTest, PinView, RecentFact, StepTest } from './areas/flow-tests.ts'
export type { FlowDetail, FlowReview, FlowSummary } from './areas/flow-shapes.ts'
export type { HeldWriteView } from './areas/held-write.ts'
export type { ImportPreview, ImportView } from './areas/imports.ts'
export type { IncidentView } from './areas/incidents.ts'
export type { LogCall, LogEntry } from './areas/log.ts'
export type { ProposalView } from './areas/proposals.ts'
export type { ForecastView } from './areas/quota.ts'
export type { BrandView, ReportView } from './areas/reports.ts'
export type { ExchangeView, NeedGroup, RunDetail, RunSummary, StepView } from './areas/runs.ts'
export {
  type Earned,
  type Figures,
  type MetricName,
  type Point,
  type PostFigures,
  type SocialNumbers,
  type StatisticsLocation,
  type StatisticsOverview,
  type TagFigures,
} from './areas/statistics.ts'
export { type Client, createClient } from './client.ts'
export { METRIC_NAMES } from './metric-names.ts'
export { createPageClient, type Routes, routesOf } from './page-client.ts'
export { addressOf, type ClientOptions } from './perform.ts'
export { allEndpoints, type Contract, contract } from './contract.ts'
export type { Endpoint, Method } from './endpoint.ts'
export { openApiDocument } from './open-api.ts'
export { type Access, isPermission, type Permission, PERMISSIONS, permissionsOf, type Role, ROLES, ROLES_ALLOWED } from './permissions.ts'
export { FileReply } from './shapes.ts'
export { ProblemDocument, problemOf, statusOf } from './problem-document.ts'
export { faultIn } from './problem-fault.ts'
export type { ConnectLinkView, ConnectPageView } from './areas/connect-links.ts'
export type { AppAddressView } from './areas/app-addresses.ts'
export type { ConnectionDetail } from './areas/connections.ts'
export type { AgencyView, OAuthAppView } from './areas/oauth.ts'
export type { PromotionView } from './areas/promotion.ts'
