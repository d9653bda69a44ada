import { DOES, type OperationFilter } from './screens/catalogue/find-operations.ts'
import { METRIC_NAMES } from '@couplet/api'
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, retainSearchParams } from '@tanstack/react-router'
import { Gate } from './entry/gate.tsx'
import { type DashboardSearch, TABS } from './screens/dashboards/search.ts'
import { NotFound } from './shell/not-found.tsx'
import { RouteError } from './shell/route-error.tsx'

export type Env = 'sandbox' | 'live'
type RootSearch = {
  env?: Env | undefined
  /** A run shown in a drawer over the page. */
  run?: string | undefined
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined

const root = createRootRoute({
  validateSearch: (search: Record<string, unknown>): RootSearch => {
    const env = search['env']
    return { ...(env === 'sandbox' || env === 'live' ? { env } : {}), run: text(search['run']) }
  },
  search: { middlewares: [retainSearchParams(['env'])] },
  component: Gate,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
})

/** Addresses of links that are seen before the app; the gate shows what belongs to them. */
const setUp = createRoute({ getParentRoute: () => root, path: '/set-up', component: () => <Navigate to="/" replace /> })
const connectLink = createRoute({ getParentRoute: () => root, path: '/connect', component: () => null })
const newPassword = createRoute({ getParentRoute: () => root, path: '/new-password', component: () => null })
const invitation = createRoute({ getParentRoute: () => root, path: '/invitation', component: () => null })
const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./screens/account/account-screen.tsx'), 'AccountScreen'),
})
const people = createRoute({
  getParentRoute: () => root,
  path: '/settings/people',
  component: lazyRouteComponent(() => import('./screens/people/people-screen.tsx'), 'PeopleScreen'),
})
const tokens = createRoute({
  getParentRoute: () => root,
  path: '/settings/tokens',
  component: lazyRouteComponent(() => import('./screens/tokens/tokens-screen.tsx'), 'TokensScreen'),
})
const audit = createRoute({
  getParentRoute: () => root,
  path: '/settings/audit',
  validateSearch: (
    search: Record<string, unknown>,
  ): { family?: string | undefined; person?: string | undefined; object?: string | undefined; days?: string | undefined } => ({
    family: text(search['family']),
    person: text(search['person']),
    object: text(search['object']),
    days: text(search['days']),
  }),
  component: lazyRouteComponent(() => import('./screens/audit/audit-screen.tsx'), 'AuditScreen'),
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/home/home-screen.tsx'), 'HomeScreen'),
})

const flows = createRoute({
  getParentRoute: () => root,
  path: '/flows',
  validateSearch: (search: Record<string, unknown>): { search?: string | undefined; new?: 'template' | 'blank' | 'file' | undefined } => {
    const asked = search['new']
    return { search: text(search['search']), ...(asked === 'template' || asked === 'blank' || asked === 'file' ? { new: asked } : {}) }
  },
  component: lazyRouteComponent(() => import('./screens/flows/flows-screen.tsx'), 'FlowsScreen'),
})
const flow = createRoute({
  getParentRoute: () => root,
  path: '/flows/$flowId',
  validateSearch: (search: Record<string, unknown>): { tab?: string | undefined } => ({ tab: text(search['tab']) }),
  component: lazyRouteComponent(() => import('./screens/flow/flow-screen.tsx'), 'FlowScreen'),
})
const builder = createRoute({
  getParentRoute: () => root,
  path: '/flows/$flowId/edit',
  validateSearch: (search: Record<string, unknown>): { step?: string | undefined; view?: 'map' | undefined; run?: string | undefined } => ({
    step: text(search['step']),
    run: text(search['run']),
    ...(search['view'] === 'map' ? { view: 'map' as const } : {}),
  }),
  component: lazyRouteComponent(() => import('./builder/builder-screen.tsx'), 'BuilderScreen'),
})
const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: (
    search: Record<string, unknown>,
  ): {
    flow?: string | undefined
    state?: string | undefined
    search?: string | undefined
    connection?: string | undefined
    view?: 'needs' | undefined
  } => ({
    flow: text(search['flow']),
    state: text(search['state']),
    search: text(search['search']),
    connection: text(search['connection']),
    ...(search['view'] === 'needs' ? { view: 'needs' as const } : {}),
  }),
  component: lazyRouteComponent(() => import('./screens/runs/runs-screen.tsx'), 'RunsScreen'),
})
const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  validateSearch: (search: Record<string, unknown>): { id?: string | undefined } => ({ id: text(search['id']) }),
  component: lazyRouteComponent(() => import('./screens/log/log-screen.tsx'), 'LogScreen'),
})
const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  validateSearch: (search: Record<string, unknown>): { step?: string | undefined; tab?: string | undefined } => ({
    step: text(search['step']),
    tab: text(search['tab']),
  }),
  component: lazyRouteComponent(() => import('./screens/run/run-screen.tsx'), 'RunScreen'),
})
const wholeNumber = (value: unknown, max: number): number | undefined => {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN
  return Number.isInteger(number) && number >= 0 && number <= max ? number : undefined
}
const isoDay = (value: unknown): string | undefined => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined)
const dashboards = createRoute({
  getParentRoute: () => root,
  path: '/dashboards',
  validateSearch: (search: Record<string, unknown>): DashboardSearch => ({
    tab: TABS.find((tab) => tab === search['tab']),
    location: text(search['location']),
    group: text(search['group']),
    platform: text(search['platform']),
    days: wholeNumber(search['days'], 1_100) || undefined,
    from: isoDay(search['from']),
    to: isoDay(search['to']),
    compare: search['compare'] === 'year' || search['compare'] === 'none' ? search['compare'] : undefined,
    metric: METRIC_NAMES.find((metric) => metric === search['metric']),
    tag: text(search['tag']),
    weekday: wholeNumber(search['weekday'], 6),
    block: wholeNumber(search['block'], 5),
    sort: search['sort'] === 'newest' ? 'newest' : undefined,
  }),
  component: lazyRouteComponent(() => import('./screens/dashboards/dashboards-screen.tsx'), 'DashboardsScreen'),
})
const catalogue = createRoute({
  getParentRoute: () => root,
  path: '/catalogue',
  validateSearch: (search: Record<string, unknown>): OperationFilter => ({
    search: text(search['search']),
    connector: text(search['connector']),
    module: text(search['module']),
    scope: text(search['scope']),
    does: DOES.find((does) => does === search['does']),
  }),
  component: lazyRouteComponent(() => import('./screens/catalogue/catalogue-screen.tsx'), 'CatalogueScreen'),
})
const operation = createRoute({
  getParentRoute: () => root,
  path: '/catalogue/$operation',
  validateSearch: (search: Record<string, unknown>): { version?: number | undefined } => ({
    version: Number(search['version']) > 0 ? Number(search['version']) : undefined,
  }),
  component: lazyRouteComponent(() => import('./screens/catalogue/operation-screen.tsx'), 'OperationScreen'),
})
const importApi = createRoute({
  getParentRoute: () => root,
  path: '/catalogue/import',
  validateSearch: (search: Record<string, unknown>): { onto?: string | undefined } => ({ onto: text(search['onto']) }),
  component: lazyRouteComponent(() => import('./screens/import/import-screen.tsx'), 'ImportScreen'),
})
const glossary = createRoute({
  getParentRoute: () => root,
  path: '/glossary',
  validateSearch: (search: Record<string, unknown>): { search?: string | undefined } => ({ search: text(search['search']) }),
  component: lazyRouteComponent(() => import('./screens/glossary/glossary-screen.tsx'), 'GlossaryScreen'),
})
const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  validateSearch: (search: Record<string, unknown>): { connection?: string | undefined; add?: string | undefined } => ({
    connection: text(search['connection']),
    add: text(search['add']),
  }),
  component: lazyRouteComponent(() => import('./screens/connections/connections-screen.tsx'), 'ConnectionsScreen'),
})
const connectionPage = createRoute({
  getParentRoute: () => root,
  path: '/connections/$connectionId',
  validateSearch: (search: Record<string, unknown>): { test?: boolean | undefined } => (search['test'] === true ? { test: true } : {}),
  component: lazyRouteComponent(() => import('./screens/connections/connection-screen.tsx'), 'ConnectionScreen'),
})
const agencyPage = createRoute({
  getParentRoute: () => root,
  path: '/connections/agencies/$agencyId',
  component: lazyRouteComponent(() => import('./screens/connections/agency-screen.tsx'), 'AgencyScreen'),
})
/** Where vendors send the browser back to after a consent. */
const consentCallback = createRoute({
  getParentRoute: () => root,
  path: '/oauth/callback',
  component: lazyRouteComponent(() => import('./screens/connections/callback-screen.tsx'), 'CallbackScreen'),
})
const tables = createRoute({
  getParentRoute: () => root,
  path: '/tables',
  validateSearch: (search: Record<string, unknown>): { table?: string | undefined } => ({ table: text(search['table']) }),
  component: lazyRouteComponent(() => import('./screens/tables/tables-screen.tsx'), 'TablesScreen'),
})
const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: (search: Record<string, unknown>): { state?: 'open' | 'closed' | undefined } =>
    search['state'] === 'closed' ? { state: 'closed' } : {},
  component: lazyRouteComponent(() => import('./screens/tasks/tasks-screen.tsx'), 'TasksScreen'),
})
const sandbox = createRoute({
  getParentRoute: () => root,
  path: '/sandbox',
  validateSearch: (
    search: Record<string, unknown>,
  ): { vendor?: string | undefined; tab?: string | undefined; collection?: string | undefined } => ({
    vendor: text(search['vendor']),
    tab: text(search['tab']),
    collection: text(search['collection']),
  }),
  component: lazyRouteComponent(() => import('./screens/sandbox/sandbox-screen.tsx'), 'SandboxScreen'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./screens/settings/settings-screen.tsx'), 'SettingsScreen'),
})

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  validateSearch: (search: Record<string, unknown>): { view?: 'ended' | 'alerts' | undefined } =>
    search['view'] === 'ended' || search['view'] === 'alerts' ? { view: search['view'] } : {},
  component: lazyRouteComponent(() => import('./screens/incidents/incidents-screen.tsx'), 'IncidentsScreen'),
})
const incident = createRoute({
  getParentRoute: () => root,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('./screens/incidents/incident-screen.tsx'), 'IncidentScreen'),
})
const alertSettings = createRoute({
  getParentRoute: () => root,
  path: '/settings/alerts',
  component: lazyRouteComponent(() => import('./screens/alerts/alert-settings-screen.tsx'), 'AlertSettingsScreen'),
})

const retention = createRoute({
  getParentRoute: () => root,
  path: '/settings/retention',
  component: lazyRouteComponent(() => import('./screens/settings/retention-screen.tsx'), 'RetentionScreen'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    setUp,
    newPassword,
    invitation,
    account,
    people,
    tokens,
    audit,
    connectLink,
    home,
    flows,
    flow,
    builder,
    runs,
    log,
    run,
    dashboards,
    catalogue,
    operation,
    importApi,
    glossary,
    connections,
    connectionPage,
    agencyPage,
    consentCallback,
    tables,
    tasks,
    sandbox,
    settings,
    alertSettings,
    retention,
    incidents,
    incident,
  ]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
