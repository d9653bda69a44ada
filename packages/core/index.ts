export { BoundedMap, cutText } from './bounded.ts'
export {
  addDays,
  blockOf,
  countDays,
  dayBounds,
  dayOf,
  daysBetween,
  dayStart,
  isZone,
  momentOf,
  mondayOf,
  weekdayAndHour,
} from './calendar.ts'
export { type Clock, movableClock, shiftedClock, systemClock } from './clock.ts'
export { type Duration, durationMs, isDuration } from './duration.ts'
export { platformWords } from './platform-words.ts'
export type { CoursePoint, PlatformFigures, SocialReport } from './social-report.ts'
export { bug, Fault, type FaultFacts, type FaultKind, toFault, userFault } from './fault.ts'
export {
  type AlertChannelId,
  type AlertId,
  type AlertMessageId,
  type AlertRuleId,
  type ArtifactId,
  asId,
  type AuditId,
  type ConnectionId,
  type ConnectLinkId,
  type DeliveryId,
  type FlowId,
  type IncidentId,
  type GrantId,
  type InvitationId,
  newId,
  type OAuthAppId,
  type PersonId,
  type ProposalId,
  type RunId,
  type SessionId,
  type TableId,
  type TaskId,
  timeOfId,
  type TokenId,
  type TriggerId,
  type WorkspaceId,
} from './id.ts'
export { canonicalJson, isJsonObject, type Json, jsonBytes, type JsonObject, parseJson, readPath } from './json.ts'
