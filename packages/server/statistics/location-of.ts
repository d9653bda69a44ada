import type { Connection } from '@couplet/store'

/** The vendor's id of the place a connection is a door to; absent where a connection is none. */
export function locationOf(connection: Pick<Connection, 'facts'>): string | undefined {
  const id = connection.facts['locationId']
  return typeof id === 'string' && id !== '' ? id : undefined
}
