import { bug, systemClock } from '@couplet/core'
import type { Call } from './call.ts'
import type { Http, HttpRequest } from './http.ts'
import type { AnyAction } from './registry.ts'

class Caught extends Error {
  readonly request: HttpRequest
  constructor(request: HttpRequest) {
    super('caught')
    this.request = request
  }
}

/** Every request stops the action, which is how it is shown without being sent. */
const caught = (request: HttpRequest): Promise<never> => Promise.reject(new Caught(request))
const CATCHING: Http = Object.assign(caught, { exchange: caught })

/**
 * The first request an action makes, without sending anything. `undefined` when it makes none, or fails before. Input as the action's schema gives
 * it; connection facts as far as known.
 */
export async function firstRequest(action: AnyAction, input: unknown, connection: unknown): Promise<HttpRequest | undefined> {
  const call: Omit<Call<unknown, unknown>, 'host'> = {
    input,
    connection,
    http: CATCHING,
    signal: AbortSignal.timeout(1_000),
    clock: systemClock,
    log: () => undefined,
    again: () => {
      throw bug('A request was to be shown, nothing waits')
    },
    effectKey: 'example',
  }
  try {
    // An action that works on Couplet's own data finds no host here and fails: it makes no request to show.
    await action.run(call as never)
    return undefined
  } catch (thrown) {
    return thrown instanceof Caught ? thrown.request : undefined
  }
}
