import { asId, type ConnectionId, type FlowId, type RunId, type TriggerId, userFault } from '@couplet/core'

const missing = (what: string, id: string) =>
  userFault({
    code: `${what}.not_found`,
    message: `There is no ${what} "${id.slice(0, 60)}".`,
    hint: `It may have been removed. Go back to the list of ${what}s.`,
  })

/** Ids from addresses and bodies. What is no id of this kind names nothing that exists: `*.not_found`. */
export function flowIdOf(text: string): FlowId {
  const id = asId('flow', text)
  if (!id) throw missing('flow', text)
  return id
}

export function runIdOf(text: string): RunId {
  const id = asId('run', text)
  if (!id) throw missing('run', text)
  return id
}

export function connectionIdOf(text: string): ConnectionId {
  const id = asId('con', text)
  if (!id) throw missing('connection', text)
  return id
}

export function triggerIdOf(text: string): TriggerId {
  const id = asId('trg', text)
  if (!id) throw missing('trigger', text)
  return id
}

export const notFound = missing
