/** What the engine tells a monitor. Called in the middle of work: must be quick and must not throw. */
export type Measure = {
  /** One call to a vendor. `outcome`: `ok`, or the kind of its fault. */
  call(connector: string, outcome: string, seconds: number): void
  /** One webhook, from its last byte to the answer. `status`: what was answered. */
  accepted(status: number, seconds: number): void
  poll(connector: string, outcome: 'ok' | 'failed', seconds: number): void
  runEnded(state: string, seconds: number): void
  removed(kind: string, count: number): void
}

export const noMeasure: Measure = {
  call: () => undefined,
  accepted: () => undefined,
  poll: () => undefined,
  runEnded: () => undefined,
  removed: () => undefined,
}
