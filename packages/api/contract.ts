import { appAddresses } from './areas/app-addresses.ts'
import { connectLinks } from './areas/connect-links.ts'
import { log } from './areas/log.ts'
import { oauth } from './areas/oauth.ts'
import { promotion } from './areas/promotion.ts'
import { alerts } from './areas/alerts.ts'
import { account } from './areas/account.ts'
import { audit } from './areas/audit.ts'
import { people, workspace } from './areas/people.ts'
import { tokens } from './areas/tokens.ts'
import { catalogue } from './areas/catalogue.ts'
import { connections } from './areas/connections.ts'
import { deliveries } from './areas/deliveries.ts'
import { eventStream } from './areas/events.ts'
import { flowTests } from './areas/flow-tests.ts'
import { flows } from './areas/flows.ts'
import { imports } from './areas/imports.ts'
import { incidents } from './areas/incidents.ts'
import { proposals } from './areas/proposals.ts'
import { quota } from './areas/quota.ts'
import { reports } from './areas/reports.ts'
import { runs } from './areas/runs.ts'
import { sandbox } from './areas/sandbox.ts'
import { statistics } from './areas/statistics.ts'
import { system } from './areas/system.ts'
import { tables } from './areas/tables.ts'
import { tasks } from './areas/tasks.ts'
import { templates } from './areas/templates.ts'
import type { Endpoint } from './endpoint.ts'

/** The whole API by area: `contract.flows.list`. The server has one handler for each, the client one method. */
export const contract = {
  appAddresses,
  connectLinks,
  oauth,
  promotion,
  flows,
  flowTests,
  runs,
  incidents,
  log,
  alerts,
  proposals,
  quota,
  account,
  people,
  workspace,
  tokens,
  audit,
  connections,
  catalogue,
  imports,
  tables,
  tasks,
  deliveries,
  reports,
  statistics,
  templates,
  sandbox,
  system,
} as const
export type Contract = typeof contract

/** Every endpoint, the stream of events among them. */
export const allEndpoints: readonly Endpoint[] = [
  ...Object.values(contract).flatMap((area): Endpoint[] => Object.values(area)),
  eventStream,
]
