import { Fault } from '@couplet/core'
import type { Connection, ConnectionInput, Store } from '@couplet/store'

const NAMES_TRIED_MAX = 50

/** Creates a connection; when its name is taken, with a number behind it. */
export async function createConnectionNamed(store: Pick<Store, 'connections'>, input: ConnectionInput): Promise<Connection> {
  for (let number = 1; ; number++) {
    try {
      return await store.connections.create({ ...input, name: number === 1 ? input.name : `${input.name} (${number})` })
    } catch (error) {
      const isTaken = error instanceof Fault && error.code === 'connection.name_taken'
      if (!isTaken || number >= NAMES_TRIED_MAX) throw error
    }
  }
}
