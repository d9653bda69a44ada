/** One listener of live events. Its queue is bounded by whoever makes it. */
export type Listener<Event> = { send(event: Event): void; end(): void }

export type EventHub<Event> = {
  publish(event: Event): void
  /** `undefined` when there are as many listeners as allowed. Call the answer to leave. */
  join(listener: Listener<Event>): (() => void) | undefined
  readonly size: number
  /** Ends all listeners; nobody can join any more. */
  close(): void
}

/** Hands events to those who listen at this moment. Nothing is kept: a screen that was away loads anew. */
export function eventHub<Event>(listenersMax: number): EventHub<Event> {
  const listeners = new Set<Listener<Event>>()
  let isClosed = false
  return {
    publish: (event) => {
      for (const listener of listeners) listener.send(event)
    },
    join: (listener) => {
      if (isClosed || listeners.size >= listenersMax) return undefined
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    get size() {
      return listeners.size
    },
    close: () => {
      isClosed = true
      for (const listener of listeners) listener.end()
      listeners.clear()
    },
  }
}
