import type { Clock, Json } from '@couplet/core'
import type { Host } from './host.ts'
import type { Http } from './http.ts'

/** What `run` is given. There is no way from here to a secret, the file system, or a host the connection does not name. */
export type Call<Input, Connection> = {
  input: Input
  /** Facts of the connection that are not secret (a location id, a client id). */
  connection: Connection
  http: Http
  signal: AbortSignal
  clock: Clock
  /** Adds a line to the step's log; values are redacted before they are kept. */
  log(message: string, fields?: Record<string, Json>): void
  /**
   * Ends this attempt as "not ready yet": the run sleeps durably, holds no worker, and the step is performed again after
   * `afterMs`. Once `giveUpAfterMs` has passed since the first attempt the step fails with `because`.
   */
  again(wait: { afterMs: number; giveUpAfterMs: number; because: string }): never
  /** Couplet's own abilities (tables, artifacts …), for the built-in connector. */
  host: Host
  /** Stable for this step of this run however often it is performed: what a vendor's idempotency key is made of. */
  effectKey: string
  /** In a look-up: epoch ms by Couplet's clock, before which nothing of this write had left. What the vendor made earlier is another one's. */
  sentFrom?: number | undefined
}
