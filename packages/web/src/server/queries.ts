import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { accountApi, api } from './client.ts'

/** Everything the app reads, by name. Keys begin with the area, so that a live event can refresh one area at once. */

/** Asked once; again when a call is refused for want of a session, or after something was changed. */
export const accountQuery = queryOptions({
  queryKey: ['account'],
  queryFn: ({ signal }) => accountApi.get({ signal }),
  staleTime: Infinity,
})

export const peopleQuery = queryOptions({
  queryKey: ['people', 'members'],
  queryFn: async ({ signal }) => (await api.people.list({ signal })).people,
})
export const invitationsQuery = queryOptions({
  queryKey: ['people', 'invitations'],
  queryFn: ({ signal }) => api.people.invitations({ signal }),
})
export const workspaceQuery = queryOptions({ queryKey: ['workspace'], queryFn: ({ signal }) => api.workspace.get({ signal }) })
export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await api.tokens.list({ signal })).tokens,
})
export const sessionsQuery = queryOptions({
  queryKey: ['account', 'sessions'],
  queryFn: async ({ signal }) => (await accountApi.sessions({ signal })).sessions,
})
export type AuditQuery = { event?: string; person?: string; object?: string; from?: string }
export const auditQuery = (filter: AuditQuery) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) =>
      api.audit.list({ query: { ...filter, limit: PAGE, ...(pageParam ? { before: pageParam } : {}) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
export const logQuery = (id: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['log', id ?? ''],
    queryFn: ({ pageParam, signal }) =>
      api.log.find({ query: { limit: PAGE, ...(id === undefined ? {} : { id }), ...(pageParam ? { before: pageParam } : {}) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  })
export const secretUsesQuery = queryOptions({
  queryKey: ['audit', 'secret-uses'],
  queryFn: async ({ signal }) => (await api.audit.secretUses({ signal })).uses,
})

export const flowsQuery = queryOptions({ queryKey: ['flows'], queryFn: async ({ signal }) => (await api.flows.list({ signal })).flows })
export const flowQuery = (flow: string) =>
  queryOptions({ queryKey: ['flows', flow], queryFn: ({ signal }) => api.flows.get({ params: { flow }, signal }) })
/** Reads at the vendor: asked once for each revision of the draft. */
export const backFillQuery = (flow: string, revision: number) =>
  queryOptions({
    queryKey: ['flows', flow, 'back-fill', revision],
    queryFn: ({ signal }) => api.flows.previewBackFill({ params: { flow }, signal }),
    staleTime: 300_000,
    retry: false,
  })
export const versionsQuery = (flow: string) =>
  queryOptions({
    queryKey: ['flows', flow, 'versions'],
    queryFn: async ({ signal }) => (await api.flows.versions({ params: { flow }, signal })).versions,
  })
export const diffQuery = (flow: string, from?: number, to?: number) =>
  queryOptions({
    queryKey: ['flows', flow, 'diff', from ?? 'published', to ?? 'draft'],
    queryFn: async ({ signal }) =>
      (
        await api.flows.diff({
          params: { flow },
          query: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
          signal,
        })
      ).changes,
  })
export const pinsQuery = (flow: string) =>
  queryOptions({
    queryKey: ['pins', flow],
    queryFn: async ({ signal }) => (await api.flowTests.pins({ params: { flow }, signal })).pins,
  })
export const templatesQuery = queryOptions({
  queryKey: ['templates'],
  queryFn: async ({ signal }) => (await api.templates.list({ signal })).templates,
  staleTime: 300_000,
})

export const templateQuery = (template: string) =>
  queryOptions({
    queryKey: ['templates', template],
    queryFn: ({ signal }) => api.templates.get({ params: { template }, signal }),
    staleTime: 300_000,
  })

export type RunFilter = {
  flow?: string | undefined
  state?: string | undefined
  environment?: 'sandbox' | 'live' | undefined
  search?: string | undefined
  connection?: string | undefined
}
const PAGE = 100
export const runsQuery = (filter: RunFilter) =>
  infiniteQueryOptions({
    queryKey: ['runs', 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const { flow, state, environment, search, connection } = filter
      return api.runs.list({
        query: {
          limit: PAGE,
          ...(flow ? { flow } : {}),
          ...(state ? { state } : {}),
          ...(environment ? { environment } : {}),
          ...(search ? { search } : {}),
          ...(connection ? { connection } : {}),
          ...(pageParam ? { before: pageParam } : {}),
        },
        signal,
      })
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
export const runCountsQuery = (flow?: string) =>
  queryOptions({
    queryKey: ['runs', 'counts', flow ?? ''],
    queryFn: async ({ signal }) => (await api.runs.counts({ query: flow ? { flow } : {}, signal })).counts,
  })
export const needsQuery = ({ flow, environment }: Pick<RunFilter, 'flow' | 'environment'>) =>
  queryOptions({
    queryKey: ['runs', 'list', 'needs', flow ?? '', environment ?? ''],
    queryFn: ({ signal }) => api.runs.needs({ query: { ...(flow ? { flow } : {}), ...(environment ? { environment } : {}) }, signal }),
  })
export const runQuery = (run: string) =>
  queryOptions({ queryKey: ['runs', 'one', run], queryFn: ({ signal }) => api.runs.get({ params: { run }, signal }) })

export const connectionsQuery = queryOptions({
  queryKey: ['connections'],
  queryFn: async ({ signal }) => (await api.connections.list({ signal })).connections,
})
export const connectionQuery = (connection: string) =>
  queryOptions({ queryKey: ['connections', connection], queryFn: ({ signal }) => api.connections.get({ params: { connection }, signal }) })
export const oauthAppsQuery = queryOptions({ queryKey: ['oauth', 'apps'], queryFn: ({ signal }) => api.oauth.apps({ signal }) })
export const connectLinksQuery = queryOptions({
  queryKey: ['connect-links'],
  queryFn: async ({ signal }) => (await api.connectLinks.list({ signal })).links,
})
export const appAddressesQuery = queryOptions({
  queryKey: ['app-addresses'],
  queryFn: async ({ signal }) => (await api.appAddresses.list({ signal })).addresses,
})
export const agenciesQuery = queryOptions({
  queryKey: ['oauth', 'agencies'],
  queryFn: async ({ signal }) => (await api.oauth.agencies({ signal })).agencies,
})
export const connectorsQuery = queryOptions({
  queryKey: ['catalogue', 'connectors'],
  queryFn: async ({ signal }) => (await api.catalogue.connectors({ signal })).connectors,
  staleTime: 600_000,
})
export const operationsQuery = queryOptions({
  queryKey: ['catalogue', 'operations'],
  queryFn: async ({ signal }) => (await api.catalogue.operations({ signal })).operations,
  staleTime: 600_000,
})
export const importsQuery = queryOptions({
  queryKey: ['imports', 'list'],
  queryFn: async ({ signal }) => (await api.imports.list({ signal })).imports,
})
export const operationQuery = (operation: string, version?: number) =>
  queryOptions({
    queryKey: ['catalogue', 'operation', operation, version ?? 'newest'],
    queryFn: ({ signal }) => api.catalogue.operation({ params: { operation }, query: version === undefined ? {} : { version }, signal }),
    staleTime: 600_000,
    retry: false,
  })

export const proposalsQuery = (state?: 'open') =>
  queryOptions({
    queryKey: ['proposals', state ?? 'all'],
    queryFn: async ({ signal }) => (await api.proposals.list({ query: state ? { state } : {}, signal })).proposals,
  })

export const tablesQuery = queryOptions({ queryKey: ['tables'], queryFn: async ({ signal }) => (await api.tables.list({ signal })).tables })
export const rowsQuery = (table: string) =>
  queryOptions({
    queryKey: ['tables', table, 'rows'],
    queryFn: async ({ signal }) => (await api.tables.rows({ params: { table }, query: { limit: 1_000 }, signal })).rows,
  })
export const tasksQuery = (state?: 'open' | 'closed') =>
  queryOptions({
    queryKey: ['tasks', state ?? 'all'],
    queryFn: async ({ signal }) => (await api.tasks.list({ query: state ? { state } : {}, signal })).tasks,
  })
export const deliveriesQuery = (trigger: string) =>
  queryOptions({
    queryKey: ['deliveries', trigger],
    queryFn: async ({ signal }) => (await api.deliveries.list({ query: { trigger, limit: 50 }, signal })).deliveries,
  })
export const incidentsQuery = (state: 'open' | 'ended', environment?: 'sandbox' | 'live') =>
  queryOptions({
    queryKey: ['incidents', 'list', state, environment ?? 'all'],
    queryFn: async ({ signal }) =>
      (await api.incidents.list({ query: { state, ...(environment ? { environment } : {}) }, signal })).incidents,
    refetchInterval: 10_000,
  })
export const incidentQuery = (incident: string) =>
  queryOptions({
    queryKey: ['incidents', 'one', incident],
    queryFn: ({ signal }) => api.incidents.get({ params: { incident }, signal }),
    refetchInterval: 10_000,
  })
export const alertsQuery = queryOptions({
  queryKey: ['alerts', 'list'],
  queryFn: ({ signal }) => api.alerts.list({ signal }),
  refetchInterval: 60_000,
})
export const alertChannelsQuery = queryOptions({
  queryKey: ['alerts', 'channels'],
  queryFn: ({ signal }) => api.alerts.channels({ signal }),
})
export const alertRulesQuery = queryOptions({
  queryKey: ['alerts', 'rules'],
  queryFn: async ({ signal }) => (await api.alerts.rules({ signal })).rules,
})
export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => api.system.get({ signal }),
  refetchInterval: 15_000,
})
export const retentionQuery = queryOptions({ queryKey: ['retention'], queryFn: ({ signal }) => api.system.retention({ signal }) })
export const sandboxQuery = queryOptions({ queryKey: ['sandbox'], queryFn: ({ signal }) => api.sandbox.get({ signal }), staleTime: 60_000 })
