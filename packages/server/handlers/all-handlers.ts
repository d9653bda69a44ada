import { appAddressHandlers } from './app-addresses.ts'
import { connectLinkHandlers } from './connect-links.ts'
import { oauthHandlers } from './oauth.ts'
import { promotionHandlers } from './promotion.ts'
import type { ServerParts } from '../server-parts.ts'
import { alertHandlers } from './alerts.ts'
import { accountHandlers } from './account.ts'
import { auditHandlers } from './audit.ts'
import { peopleHandlers, workspaceHandlers } from './people.ts'
import { tokenHandlers } from './tokens.ts'
import { catalogueHandlers } from './catalogue.ts'
import { connectionHandlers } from './connections.ts'
import { flowTestHandlers } from './flow-tests.ts'
import { flowHandlers } from './flows.ts'
import { importHandlers } from './imports.ts'
import type { Handlers } from './handler.ts'
import { incidentHandlers } from './incidents.ts'
import { logHandlers } from './log.ts'
import { listHandlers } from './lists.ts'
import { proposalHandlers } from './proposals.ts'
import { quotaHandlers } from './quota.ts'
import { runHandlers } from './runs.ts'
import { reportHandlers } from './reports.ts'
import { statisticsHandlers } from './statistics.ts'
import { systemHandlers } from './system.ts'
import { tableHandlers } from './tables.ts'

/** Every handler by area and name, as the contract lists them. */
export const allHandlers = (parts: ServerParts): Handlers => ({
  appAddresses: appAddressHandlers(parts),
  connectLinks: connectLinkHandlers(parts),
  oauth: oauthHandlers(parts),
  promotion: promotionHandlers(parts),
  account: accountHandlers(parts),
  people: peopleHandlers(parts),
  workspace: workspaceHandlers(parts),
  tokens: tokenHandlers(parts),
  audit: auditHandlers(parts),
  flows: flowHandlers(parts),
  flowTests: flowTestHandlers(parts),
  runs: runHandlers(parts),
  incidents: incidentHandlers(parts),
  log: logHandlers(parts),
  alerts: alertHandlers(parts),
  proposals: proposalHandlers(parts),
  quota: quotaHandlers(parts),
  connections: connectionHandlers(parts),
  catalogue: catalogueHandlers(parts),
  imports: importHandlers(parts),
  tables: tableHandlers(parts),
  ...listHandlers(parts),
  reports: reportHandlers(parts),
  statistics: statisticsHandlers(parts),
  system: systemHandlers(parts),
})
