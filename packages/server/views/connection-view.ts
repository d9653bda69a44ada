import type { ConnectionView } from '@couplet/api'
import type { Registry } from '@couplet/connector-sdk'
import type { Connection } from '@couplet/store'
import { faultOrNull, iso, isoOrNull } from './common.ts'

/** A connection for screens: everything but its secrets. */
export const connectionView = (registry: Registry, connection: Connection): ConnectionView => ({
  id: connection.id,
  connector: connection.connector,
  connectorTitle: registry.connector(connection.connector)?.spec.title ?? connection.connector,
  name: connection.name,
  environment: connection.environment,
  origin: connection.origin,
  facts: { ...connection.facts },
  optedIn: [...connection.optedIn],
  isByConsent: connection.grantId !== null,
  tokenExpiresAt: connection.tokenExpiresAt === null || connection.tokenExpiresAt === 0 ? null : iso(connection.tokenExpiresAt),
  state: connection.state,
  stateFault: faultOrNull(connection.stateFault),
  lastUsedAt: isoOrNull(connection.lastUsedAt),
  createdAt: iso(connection.createdAt),
  updatedAt: iso(connection.updatedAt),
})
