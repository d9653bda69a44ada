import { forecastFor } from '@couplet/engine'
import type { ServerParts } from '../server-parts.ts'
import { openConnection } from './connection-call.ts'
import type { Handlers } from './handler.ts'
import { connectionIdOf, notFound } from './ids.ts'

export function quotaHandlers(parts: ServerParts): Handlers['quota'] {
  return {
    forecast: async ({ query, context }) => {
      const { opened } = await openConnection(parts, context, connectionIdOf(query.connection))
      const forecast = await forecastFor(parts.engine, opened, query.calls)
      if (!forecast) throw notFound('connector', opened.connector)
      return forecast
    },
  }
}
