import { type ConnectionId, userFault } from '@couplet/core'
import type { StatisticsSource } from '@couplet/connector-sdk'
import { type Connection, SOCIAL_METRICS, type SocialLocation } from '@couplet/store'
import { type RequestContext, type ServerParts, workspaceOf } from '../server-parts.ts'
import { csvText } from '../statistics/csv.ts'
import { POSTS_MIN, tagFigures } from '../statistics/earned.ts'
import { forecastHistory } from '../statistics/forecast.ts'
import { insightsOf, timeFigures } from '../statistics/insights.ts'
import { locationOf } from '../statistics/location-of.ts'
import { loadOverview } from '../statistics/overview.ts'
import { comparedPeriod, readScope } from '../statistics/scope.ts'
import { faultOrNull, iso, isoOrNull } from '../views/common.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, notFound } from './ids.ts'

const EXPORT_ROWS_MAX = 500_000
const EXPORT_PAGE = 5_000
const HISTORY_DAYS_DEFAULT = 90

export function statisticsHandlers(parts: ServerParts): Handlers['statistics'] {
  const { engine } = parts
  const { store } = engine
  const now = () => engine.clock.now()

  /** Connections that have statistics, each with its location when it was ever switched on. */
  const places = async (context: RequestContext): Promise<{ connection: Connection | undefined; place: SocialLocation | undefined }[]> => {
    const workspaceId = workspaceOf(context)
    const [connections, known] = await Promise.all([store.connections.list(workspaceId), store.socialHistory.locations(workspaceId)])
    const placeOf = (connection: Connection) =>
      known.find((place) => place.environment === connection.environment && place.locationId === locationOf(connection))
    const withSource = connections.filter((connection) => engine.registry.connector(connection.connector)?.statistics)
    const of = new Map(withSource.map((connection) => [placeOf(connection)?.id, connection]))
    return [
      ...withSource.filter((connection) => !placeOf(connection)).map((connection) => ({ connection, place: undefined })),
      ...known.map((place) => ({ connection: of.get(place.id), place })),
    ]
  }

  const sourceOf = (connection: Connection): StatisticsSource<never> => {
    const source = engine.registry.connector(connection.connector)?.statistics
    if (!source || locationOf(connection) === undefined)
      throw userFault({
        code: 'statistics.no_source',
        message: `${connection.name} has no statistics to read.`,
        hint: 'Choose a HighLevel connection.',
      })
    return source
  }

  const chosen = async (context: RequestContext, ids: readonly string[]): Promise<Connection[]> => {
    const connections = new Map<ConnectionId, Connection>(
      (await store.connections.list(workspaceOf(context))).map((connection) => [connection.id, connection]),
    )
    return ids.map((id) => {
      const connection = connections.get(connectionIdOf(id))
      if (!connection) throw notFound('connection', id)
      return connection
    })
  }

  return {
    stored: async ({ query, context }) => {
      const figures = await store.statistics.list(workspaceOf(context), {
        ...(query.location === undefined ? {} : { locationId: query.location }),
        ...(query.from === undefined ? {} : { from: query.from }),
        ...(query.to === undefined ? {} : { to: query.to }),
      })
      return { figures: figures.map((figure) => ({ ...figure, readAt: iso(figure.readAt) })) }
    },
    locations: async ({ query, context }) => {
      const found = await places(context)
      const wanted = found.filter(
        ({ connection, place }) => query.environment === undefined || (place ?? connection)?.environment === query.environment,
      )
      const accounts = new Map(
        await Promise.all(
          wanted.flatMap(({ place }) => (place ? [place.id] : [])).map(async (id) => [id, await store.socialHistory.accounts(id)] as const),
        ),
      )
      return {
        locations: wanted.map(({ connection, place }) => ({
          id: place?.id ?? null,
          connectionId: connection?.id ?? place?.connectionId ?? null,
          connectionName: connection?.name ?? null,
          environment: place?.environment ?? connection?.environment ?? 'live',
          locationId: place?.locationId ?? (connection && locationOf(connection)) ?? '',
          name: place?.name ?? connection?.name ?? '',
          zone: place?.zone ?? null,
          group: place?.group ?? null,
          isCollecting: place?.isCollecting ?? false,
          historyDays: place?.historyDays ?? HISTORY_DAYS_DEFAULT,
          historyFrom: place?.historyFrom ?? null,
          generation: place?.generation ?? null,
          nextAt: isoOrNull(place?.nextAt ?? null),
          readAt: isoOrNull(place?.readAt ?? null),
          fault: faultOrNull(place?.fault ?? null),
          accounts: (place ? accounts.get(place.id) : undefined) ?? [],
        })),
      }
    },
    collect: async ({ body, context }) => {
      const workspaceId = workspaceOf(context)
      const ids: number[] = []
      for (const connection of await chosen(context, body.connections)) {
        sourceOf(connection)
        const known = (await store.socialHistory.locations(workspaceId, connection.environment)).find(
          (place) => place.locationId === locationOf(connection),
        )
        if (!known && !body.isOn) continue
        const { id } = await store.socialHistory.putLocation({
          workspaceId,
          environment: connection.environment,
          locationId: locationOf(connection) ?? '',
          connectionId: connection.id,
          ...(known ? {} : { name: connection.name }),
        })
        ids.push(id)
      }
      await store.socialHistory.setCollecting(workspaceId, ids, {
        isOn: body.isOn,
        at: now(),
        ...(body.historyDays === undefined ? {} : { historyDays: body.historyDays }),
      })
      return { ok: true }
    },
    readNow: async ({ body, context }) => {
      await store.socialHistory.readAt(workspaceOf(context), body.locations, now())
      return { ok: true }
    },
    forecast: async ({ query, context }) => {
      const connections = await chosen(
        context,
        query.connections.split(',').filter((id) => id !== ''),
      )
      return forecastHistory(
        parts,
        workspaceOf(context),
        connections.map((connection) => ({ connection, source: sourceOf(connection) })),
        query.historyDays,
      )
    },
    setGroup: async ({ body, context }) => {
      await store.socialHistory.setGroup(workspaceOf(context), body.locations, body.group)
      return { ok: true }
    },
    overview: ({ query, context }) => loadOverview(store, workspaceOf(context), query, now()),
    tags: async ({ query, context }) => {
      const { scope, period } = await readScope(store, workspaceOf(context), query, now())
      const before = comparedPeriod(period, query.compare)
      const [groups, then] = await Promise.all([
        store.socialAnalysis.byTag(scope),
        before ? store.socialAnalysis.byTag({ ...scope, from: before.from, to: before.to }) : null,
      ])
      return { period, minimum: POSTS_MIN, tags: tagFigures(groups, then) }
    },
    insights: async ({ query, context }) => {
      const { scope, period } = await readScope(store, workspaceOf(context), query, now())
      const before = comparedPeriod(period, query.compare)
      const [groups, tags, then] = await Promise.all([
        store.socialAnalysis.byTime(scope),
        store.socialAnalysis.byTag(scope),
        before ? store.socialAnalysis.byTag({ ...scope, from: before.from, to: before.to }) : null,
      ])
      const figures = timeFigures(groups)
      const total = (member: 'posts' | 'settled') => figures.weekdays.reduce((sum, row) => sum + row[member], 0)
      return {
        period,
        minimum: POSTS_MIN,
        posts: total('posts'),
        settled: total('settled'),
        insights: insightsOf(figures, tagFigures(tags, then), total('settled')),
        ...figures,
      }
    },
    posts: async ({ query, context }) => {
      const { scope } = await readScope(store, workspaceOf(context), query, now())
      const { posts, count } = await store.socialAnalysis.posts(scope, query, query)
      return { count, posts: posts.map((post) => ({ ...post, publishedAt: iso(post.publishedAt), readAt: isoOrNull(post.readAt) })) }
    },
    days: async ({ query, context }) => {
      const { scope } = await readScope(store, workspaceOf(context), query, now())
      const rows = await store.socialFigures.rows(scope, { after: readAfter(query.after), limit: query.limit })
      const last = rows.length === query.limit ? rows.at(-1) : undefined
      return {
        days: rows.map(({ id: _id, ...row }) => ({ ...row, readAt: iso(row.readAt) })),
        next: last ? `${last.day}_${last.id}` : null,
      }
    },
    export: async ({ query, context }) => {
      const { scope, period } = await readScope(store, workspaceOf(context), query, now())
      const rows: Awaited<ReturnType<typeof store.socialFigures.rows>> = []
      for (let after: { day: string; id: number } | undefined; rows.length < EXPORT_ROWS_MAX;) {
        const page = await store.socialFigures.rows(scope, { after, limit: EXPORT_PAGE })
        rows.push(...page)
        after = page.at(-1)
        if (page.length < EXPORT_PAGE) break
      }
      const name = `social-figures-${period.from}-to-${period.to}`
      if (query.format === 'json')
        return {
          name: `${name}.json`,
          contentType: 'application/json',
          bytes: JSON.stringify({ period, days: rows.map(({ id: _id, ...row }) => ({ ...row, readAt: iso(row.readAt) })) }),
        }
      const columns = [
        'day',
        'location',
        'location id',
        'platform',
        'account',
        'account id',
        ...SOCIAL_METRICS,
        'estimated',
        'source',
        'read at',
      ]
      return {
        name: `${name}.csv`,
        contentType: 'text/csv; charset=utf-8',
        bytes: csvText(
          columns,
          rows.map((row) => [
            row.day,
            row.locationName,
            row.locationId,
            row.platform,
            row.accountName,
            row.account,
            ...SOCIAL_METRICS.map((metric) => row[metric]),
            row.estimated.join(' '),
            row.source,
            iso(row.readAt),
          ]),
        ),
      }
    },
  }
}

function readAfter(text: string | undefined): { day: string; id: number } | undefined {
  if (text === undefined) return undefined
  const found = /^(\d{4}-\d{2}-\d{2})_(\d{1,9})$/.exec(text)
  if (!found)
    throw userFault({
      code: 'statistics.page',
      message: 'This is not the end of a page.',
      hint: 'Give "after" what "next" of the page before said.',
    })
  return { day: found[1] ?? '', id: Number(found[2]) }
}
