import { hash } from 'node:crypto'
import type { AnyAction } from '@couplet/connector-sdk'
import type { OpenedConnection } from '@couplet/store'

/** Values that Couplet wrote at a vendor: coming back as an event, they start nothing. */
export type EchoMarks = readonly { connectionId: OpenedConnection['id']; hash: string }[]

/** The marks of what an action has written through this connection. */
export function echoesOf(action: AnyAction, connection: OpenedConnection | undefined, input: unknown, output: unknown): EchoMarks {
  return marksOf(connection, connection && action.leaves?.({ input, connection: connection.facts as never, output }))
}

export const marksOf = (connection: OpenedConnection | undefined, marks: readonly string[] = []): EchoMarks =>
  connection ? marks.map((mark) => ({ connectionId: connection.id, hash: echoHash(mark) })) : []

/** Marks are kept as hashes: they can hold a client's data. */
export const echoHash = (mark: string): string => hash('sha256', mark)
